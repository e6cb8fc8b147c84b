//! That the tables are right, that nothing else is taken for an export, and that no file breaks a guess.

use super::tests::{normalize, stored};
use super::*;
use crate::auth::OrgSettings;
use crate::import::guess::guess;
use crate::import::plan::{FieldSource, Source};
use crate::import::target::target;
use crate::import::{Lookups, Reader, clean_headers};
use std::collections::BTreeSet;

/// The tables name targets that exist and every header once, and no header is both fed and left out.
#[test]
fn the_tables_are_sound() {
    for preset in PRESETS {
        let name = format!("{} {}", preset.product, preset.record);
        assert!((1..=preset.marks.len()).contains(&preset.enough), "{name}");
        for (key, _) in
            preset.feeds.iter().map(|(key, _)| (key, ())).chain(preset.composed.iter().map(|(key, _)| (key, ())))
        {
            assert!(target(preset.record.standard(), key).is_some(), "{name}: {key}");
        }
        let unique = |headers: &[&str], what: &str| {
            let all: BTreeSet<String> =
                headers.iter().map(|h| Pattern::new(h)).map(|p| format!("{}#{:?}", p.before, p.after)).collect();
            assert_eq!(all.len(), headers.len(), "{name}: a header stands twice in {what}");
            all
        };
        for (key, headers) in preset.feeds {
            unique(headers, key);
        }
        let (ids, left_out) = (unique(preset.ids, "ids"), unique(preset.left_out, "left_out"));
        unique(preset.marks, "marks");
        let fed: Vec<&str> = preset.feeds.iter().flat_map(|(_, headers)| headers.iter().copied()).collect();
        for header in fed {
            let squashed = squash(header);
            assert!(!left_out.contains(&format!("{squashed}#None")), "{name}: {header} is fed and left out");
        }
        assert!(ids.is_disjoint(&left_out), "{name}");
        for (target, text) in preset.composed {
            assert!(template::columns_of(text).count() > 1, "{name}: {target}");
        }
    }
}

fn headers(line: &str) -> Vec<String> {
    line.split(',').map(str::to_owned).collect()
}

/// IMPORT-03: nobody is told that a file comes from a product which it does not come from.
#[test]
fn other_files_are_not_recognised() {
    for line in [
        include_str!("../../../../../e2e/data/accounts.csv").lines().next().unwrap(),
        include_str!("../../../../../e2e/data/sales_pipeline.csv").lines().next().unwrap(),
        include_str!("../../../../../e2e/data/contacts.csv").lines().next().unwrap(),
        "First Name,Last Name,Email,Phone,Mobile Phone,Company,Job Title,Notes",
        "name,email,phone",
        // Zoho.
        "Record Id,Contact Owner,Lead Source,First Name,Last Name,Account Name,Email,Title,Mailing Street,Mailing City",
        "Record Id,Deal Owner,Deal Name,Stage,Closing Date,Account Name,Amount,Pipeline,Created Time",
        "Last Name,First Name,Mobile Phone,Primary Email,Secondary Email",
        "",
    ] {
        for record in RecordType::ALL {
            assert!(recognise(*record, &headers(line)).is_none(), "{record}: {line}");
        }
    }
    // Some columns of an export are enough.
    for (record, line, product) in [
        (RecordType::Contact, "Record ID,First Name,Last Name,Email,Phone,Lifecycle Stage", "HubSpot"),
        (RecordType::Deal, "DEAL - TITLE,Deal - Stage,Deal - Drip Name 1", "Pipedrive"),
        (RecordType::Contact, "Name,E-mail 1 - Value,Phone 1 - Value", "Google Contacts"),
    ] {
        assert_eq!(recognise(record, &headers(line)).map(|p| p.product), Some(product), "{line}");
    }
}

/// Headers of all presets, as files may have them.
fn known_headers() -> impl proptest::strategy::Strategy<Value = String> {
    use proptest::strategy::Strategy;
    let patterns = PRESETS.iter().flat_map(|p| {
        let fed = p.feeds.iter().flat_map(|(_, headers)| headers.iter());
        fed.chain(p.marks).chain(p.ids).chain(p.left_out).copied()
    });
    let patterns: Vec<&str> = patterns.collect();
    (proptest::sample::select(patterns), 1..4_u32).prop_map(|(pattern, n)| pattern.replace('#', &n.to_string()))
}

proptest::proptest! {
    /// IMPORT-02: whatever the headers and cells, no guess panics, feeds a field twice, takes a column for two fields or
    /// makes a plan that its own reader refuses.
    #[test]
    fn no_column_is_mapped_twice(
        raw in proptest::collection::vec(proptest::prop_oneof![3 => known_headers(), 1 => "\\PC{0,12}"], 0..30),
        cell in "\\PC{0,20}|[a-z]{1,5}@[a-z]{1,5}\\.com|[0-9/.,$€-]{0,12}|Work|ja",
    ) {
        let headers = clean_headers(&raw);
        let rows = vec![vec![cell; headers.len()]; 2];
        for record in RecordType::ALL {
            let plan = guess(record.standard(), &headers, &rows, &OrgSettings::default());
            let mut fields = BTreeSet::new();
            let mut columns = BTreeSet::new();
            for FieldSource { field, source } in &plan.mapping {
                proptest::prop_assert!(fields.insert(field), "{field} twice");
                if let Source::Columns(fed) = source {
                    for column in fed {
                        proptest::prop_assert!(headers.contains(column), "{column}");
                        proptest::prop_assert!(columns.insert(column), "{column} twice");
                    }
                }
            }
            if !plan.mapping.is_empty() {
                let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
                let lookups = Lookups { schema: plan.entity.standard(), stages: &[], members: &[], normalize_phone: &normalize, today };
                let reader = Reader::new(&plan, &headers, lookups);
                proptest::prop_assert!(reader.is_ok(), "{:?}", reader.err());
                let Ok(reader) = reader else { continue };
                for row in &rows {
                    let _ = stored(*record, &reader.row(&row.iter().map(String::as_str).collect::<Vec<_>>()));
                }
            }
        }
    }
}
