use super::*;
use crate::import::{squash, synonyms, target::target};
use std::collections::BTreeMap;

/// IMPORT-02: no header means two fields of one record, in no two languages, English included; all fields exist.
#[test]
fn the_tables_are_sound() {
    for record in RecordType::ALL.iter().copied() {
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for (word, names) in TABLES.into_iter().flatten() {
            let Some(key) = word.target(record) else { continue };
            assert!(target(record, key).is_some(), "{record}: {key}");
            for name in *names {
                assert_eq!(*seen.entry(form(name)).or_insert(key), key, "{record}: {name} means two fields");
                let english = synonyms::target_of(record, &squash(name));
                assert!(english.is_none_or(|other| other == key), "{record}: {name} means {english:?} in English");
            }
        }
    }
}

/// IMPORT-02: no language names a word twice, and every language has the words that nearly every file has.
#[test]
fn every_language_has_the_core() {
    for (at, table) in TABLES.iter().enumerate() {
        let mut all: Vec<String> = table.iter().flat_map(|(_, names)| names.iter().map(|n| form(n))).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count, "table {at}");
        for record in RecordType::ALL {
            let core: &[&str] = match record {
                RecordType::Contact => {
                    &["first_name", "last_name", "email", "phone", "mobile_phone", "company_id", "birthday"]
                }
                RecordType::Company => {
                    &["name", "billing_address.street", "billing_address.zip", "billing_address.city", "website"]
                }
                RecordType::Deal => &["name", "amount_minor", "stage_id", "expected_close_date", "owner_id"],
            };
            for key in core {
                assert!(table.iter().any(|(word, _)| word.target(*record) == Some(key)), "table {at}: {record} {key}");
            }
        }
    }
}

/// IMPORT-02: accents, case, hyphens and numbers at the end do not matter.
#[test]
fn spellings() {
    let contact = |header: &str| target_of(RecordType::Contact, &squash(header));
    for (header, key) in [
        ("Telefon 2", "phone"),
        ("TÉLÉPHONE PORTABLE", "mobile_phone"),
        ("Telephone portable", "mobile_phone"),
        ("E-Mail-Adresse", "email"),
        ("imie", "first_name"),
        ("Data de nascimento", "birthday"),
        ("Cognome", "last_name"),
        ("Ansprechpartner", "name"),
    ] {
        assert_eq!(contact(header), Some(key), "{header}");
    }
    for header in ["", "2", "Straße", "xyz"] {
        assert_eq!(contact(header), None, "{header}");
    }
    assert_eq!(target_of(RecordType::Company, &squash("Strasse")), Some("billing_address.street"));
}
