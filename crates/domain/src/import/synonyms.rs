//! Other names that files give to our fields, beside the catalogue's names, labels and aliases.

use super::spec::Names;
use crate::catalog::RecordType;

/// The target that a header means, by the header in lower-case letters and digits only.
pub fn target_of(record: RecordType, squashed: &str) -> Option<&'static str> {
    let hit = |names: Names| names.iter().find(|(_, names)| names.contains(&squashed)).map(|(target, _)| *target);
    hit(record.spec().import.names).or_else(|| hit(COMMON))
}

/// Names of fields that most record types have.
const COMMON: Names = &[
    (
        "owner_id",
        &[
            "owner",
            "ownername",
            "owneremail",
            "sales",
            "salesagent",
            "salesrep",
            "salesperson",
            "salesrepresentative",
            "rep",
            "agent",
            "assignedto",
            "assignee",
            "accountowner",
            "contactowner",
            "dealowner",
            "opportunityowner",
            "responsible",
            "user",
        ],
    ),
    ("tags", &["tag", "labels", "label", "keywords"]),
    ("notes", &["note", "description", "comments", "comment", "remarks", "background", "about", "bio"]),
    ("currency", &["currencycode", "curr"]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::target::target;

    /// The tables name targets that exist, in the form in which headers are compared, and each name once.
    #[test]
    fn the_tables_are_sound() {
        for record in RecordType::ALL.iter().copied() {
            let mut seen = std::collections::BTreeSet::new();
            for (key, names) in record.spec().import.names {
                assert!(target(record.standard(), key).is_some(), "{record}: {key}");
                for name in *names {
                    assert!(seen.insert(*name), "{record}: {name} twice");
                    assert_eq!(*name, crate::import::squash(name), "{record}");
                }
            }
            let composed = record.spec().import.composed_of.iter();
            assert!(composed.into_iter().all(|key| target(record.standard(), key).is_some()), "{record}");
        }
        for (key, _) in COMMON {
            assert!(RecordType::ALL.iter().any(|record| target(record.standard(), key).is_some()), "{key}");
        }
    }
}
