//! How records of one type belong to records of another, as filters go along it.

use super::RecordType;

/// A way from a record to others.
#[derive(Debug, PartialEq, Eq)]
pub struct Relation {
    /// Its name in filters: `company` in `company.industry`, `deals` in `{"field": "deals", "op": "none"}`.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// The type of the records that it leads to.
    pub record: RecordType,
    /// Whether it leads to any number of records.
    pub many: bool,
}

const fn one(name: &'static str, label: &'static str, record: RecordType) -> Relation {
    Relation { name, label, record, many: false }
}

const fn many(name: &'static str, label: &'static str, record: RecordType) -> Relation {
    Relation { name, label, record, many: true }
}

impl RecordType {
    /// The ways from records of this type. A way to one record is that of the reference field `<name>_id`.
    pub const fn relations(self) -> &'static [Relation] {
        match self {
            Self::Company => {
                const { &[many("contacts", "Contacts", Self::Contact), many("deals", "Deals", Self::Deal)] }
            }
            Self::Contact => const { &[one("company", "Company", Self::Company), many("deals", "Deals", Self::Deal)] },
            Self::Deal => {
                const {
                    &[
                        one("company", "Company", Self::Company),
                        one("primary_contact", "Primary contact", Self::Contact),
                        many("contacts", "Contacts", Self::Contact),
                    ]
                }
            }
        }
    }
}
