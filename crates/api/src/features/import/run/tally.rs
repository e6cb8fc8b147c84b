//! What a batch adds up to beside the outcomes of its rows.

use crate::records::bulk::changes::{Changes, joined};
use domain::catalog::RecordType;
use domain::import::job::ImportSummary;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What the import did to a record, for its undo.
#[derive(Debug, Clone)]
pub(crate) struct RecordChange {
    /// Its type.
    pub entity: RecordType,
    /// The first row about it.
    pub row: u64,
    /// Whether it is new.
    pub created: bool,
    /// Its version now.
    pub version: i32,
    /// What its fields held before and after, where it was there before.
    pub changes: Changes,
}

/// Summary and records of a batch.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    /// Of the import so far.
    pub summary: ImportSummary,
    /// Records of this batch.
    pub records: BTreeMap<Uuid, RecordChange>,
}

impl Tally {
    /// Begins a batch.
    pub fn after(summary: &ImportSummary) -> Self {
        Self { summary: summary.clone(), records: BTreeMap::new() }
    }

    /// Notes a new record.
    pub fn made(&mut self, entity: RecordType, id: Uuid, row: u64) {
        let change = RecordChange { entity, row, created: true, version: 1, changes: Changes::new() };
        self.records.insert(id, change);
    }

    /// Notes a change.
    pub fn changed(&mut self, entity: RecordType, id: Uuid, row: u64, version: i32, changes: Changes) {
        let first = RecordChange { entity, row, created: false, version, changes: Changes::new() };
        let known = self.records.entry(id).or_insert(first);
        known.version = version;
        if !known.created {
            known.changes = joined(std::mem::take(&mut known.changes), changes);
        }
    }
}
