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

impl Relation {
    /// The way to the one record that the reference field `<name>_id` names.
    pub const fn one(name: &'static str, label: &'static str, record: RecordType) -> Self {
        Self { name, label, record, many: false }
    }

    /// The way to any number of records: those that refer to this one, are referred to, or are linked with it.
    pub const fn many(name: &'static str, label: &'static str, record: RecordType) -> Self {
        Self { name, label, record, many: true }
    }
}
