use super::*;
use crate::auth::OrgSettings;
use crate::import::guess::guess;
use crate::import::plan::Source;
use crate::import::{squash, synonyms, target::target};
use std::collections::BTreeMap;

/// IMPORT-02: no header means two fields of one record, in no two languages, English included; all fields exist.
#[test]
fn the_tables_are_sound() {
    for record in RecordType::ALL.iter().copied() {
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for (word, names) in TABLES.into_iter().flatten() {
            let Some(key) = word.target(record) else { continue };
            assert!(target(record.standard(), key).is_some(), "{record}: {key}");
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
                _ => &["name"],
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

fn guessed(record: RecordType, csv: &str) -> BTreeMap<String, String> {
    let mut rows = csv.lines().map(|line| line.split(';').map(str::to_owned).collect::<Vec<_>>());
    let headers = rows.next().unwrap();
    let plan = guess(record.standard(), &headers, &rows.collect::<Vec<_>>(), &OrgSettings::default());
    let columns = plan.mapping.into_iter().filter_map(|m| match m.source {
        Source::Columns(columns) => Some((m.field, columns.join("+"))),
        Source::Template(_) | Source::Constant(_) => None,
    });
    columns.collect()
}

/// IMPORT-02: files of contacts in each language are mapped at once, though one word may mean two things.
#[test]
fn contacts_in_every_language() {
    for (csv, expected) in [
        (
            "Name;Vorname;Firma;E-Mail;Telefon;Mobil;Geburtsdatum\nLovelace;Ada;ACME;ada@x.org;030 1234567;0171 1234567;10.12.1815",
            &[
                ("last_name", "Name"),
                ("first_name", "Vorname"),
                ("company_id", "Firma"),
                ("mobile_phone", "Mobil"),
                ("birthday", "Geburtsdatum"),
            ][..],
        ),
        (
            "Nom;Prénom;Société;Courriel;Téléphone\nLovelace;Ada;ACME;ada@x.org;01 23 45 67 89",
            &[
                ("last_name", "Nom"),
                ("first_name", "Prénom"),
                ("company_id", "Société"),
                ("email", "Courriel"),
                ("phone", "Téléphone"),
            ],
        ),
        ("Nom;Fonction\nAda Lovelace;Analyste", &[("name", "Nom"), ("job_title", "Fonction")]),
        (
            "Nombre;Apellidos;Empresa;Correo electrónico;Móvil\nAda;Lovelace;ACME;ada@x.org;600 123 456",
            &[
                ("first_name", "Nombre"),
                ("last_name", "Apellidos"),
                ("email", "Correo electrónico"),
                ("mobile_phone", "Móvil"),
            ],
        ),
        ("Nombre;Teléfono\nAda Lovelace;600 123 456", &[("name", "Nombre"), ("phone", "Teléfono")]),
        (
            "Nome;Sobrenome;Celular;Cargo\nAda;Lovelace;11 91234 5678;Analista",
            &[("first_name", "Nome"), ("last_name", "Sobrenome"), ("mobile_phone", "Celular"), ("job_title", "Cargo")],
        ),
        (
            "Nome;Cognome;Azienda;Cellulare\nAda;Lovelace;ACME;333 1234567",
            &[("first_name", "Nome"), ("last_name", "Cognome"), ("company_id", "Azienda")],
        ),
        (
            "Voornaam;Achternaam;Bedrijf;E-mailadres;Functie\nAda;Lovelace;ACME;ada@x.org;Analist",
            &[
                ("first_name", "Voornaam"),
                ("last_name", "Achternaam"),
                ("company_id", "Bedrijf"),
                ("job_title", "Functie"),
            ],
        ),
        (
            "Imię;Nazwisko;Firma;Telefon;Stanowisko\nAda;Lovelace;ACME;601 234 567;Analityk",
            &[("first_name", "Imię"), ("last_name", "Nazwisko"), ("phone", "Telefon"), ("job_title", "Stanowisko")],
        ),
        // In English a name beside a first name may be the whole one.
        ("Name;First name\nAda Lovelace;Ada", &[("name", "Name"), ("first_name", "First name")]),
    ] {
        let found = guessed(RecordType::Contact, csv);
        for (field, column) in expected {
            assert_eq!(found.get(*field).map(String::as_str), Some(*column), "{csv}: {field} in {found:?}");
        }
    }
}

/// IMPORT-02: the same for companies and deals.
#[test]
fn companies_and_deals() {
    let found =
        guessed(RecordType::Company, "Firma;Straße;PLZ;Ort;Land;Branche;Mitarbeiter\nACME;Weg 1;10115;Berlin;DE;IT;12");
    let keys: Vec<&str> = found.keys().map(String::as_str).collect();
    let address = ["billing_address.city", "billing_address.country", "billing_address.street", "billing_address.zip"];
    assert_eq!(keys, [&address[..], &["employee_count", "industry", "name"]].concat());
    let csv = "Opportunité;Société;Montant;Étape;Date de clôture;Propriétaire\nMoteur;ACME;1 234,50 €;Prospection;31/12/2026;Ada";
    let found = guessed(RecordType::Deal, csv);
    let keys: Vec<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(keys, ["amount_minor", "company_id", "expected_close_date", "name", "owner_id", "stage_id"]);
}
