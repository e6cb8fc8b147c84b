//! A row on its way, and what a record type does for its rows.

use super::Import;
use super::tally::Tally;
use crate::db::TenantTx;
use crate::error::ApiResult;
use crate::records::bulk::Bulk;
use domain::catalog::RecordType;
use domain::error::FieldError;
use domain::import::Row;
use domain::import::plan::ImportMode;
use domain::import::row::Note;
use std::future::{Future, ready};
use uuid::Uuid;

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Not decided yet.
    Waiting,
    /// A new record.
    Created,
    /// An existing record changed.
    Updated,
    /// Nothing to do: the row is empty, or its record exists and is to stay, or is the same already.
    Unchanged,
    /// Refused, and why.
    Refused(Vec<Note>),
}

/// A row of a batch.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    /// Number of the row in the file.
    pub number: u64,
    /// The row.
    pub row: Row,
    /// What became of it.
    pub outcome: Outcome,
    /// Records that it was linked to, by type, id and name.
    pub related: Vec<(RecordType, Uuid, String)>,
    /// Whether its remarks are told even where nothing of it was stored.
    pub told: bool,
}

impl Item {
    /// A row that was read.
    pub fn new(number: u64, row: Row) -> Self {
        let outcome = if row.blank {
            Outcome::Unchanged
        } else if row.errors.is_empty() {
            Outcome::Waiting
        } else {
            Outcome::Refused(row.errors.clone())
        };
        Self { number, row, outcome, related: Vec::new(), told: false }
    }

    /// Refuses the row for one reason.
    pub fn refuse(&mut self, field: &str, code: &str, message: impl Into<String>) {
        self.outcome = Outcome::Refused(vec![note(field, code, message)]);
    }

    /// Refuses the row for what its fields are.
    pub fn refuse_fields(&mut self, fields: &[FieldError]) {
        self.outcome = Outcome::Refused(fields.iter().map(|f| note(f.field(), &f.code, f.message.clone())).collect());
    }

    /// Keeps a remark.
    pub fn warn(&mut self, field: &str, code: &str, message: impl Into<String>) {
        self.row.warnings.push(note(field, code, message));
    }

    /// Puts the id of a linked record in.
    pub fn link(&mut self, field: &str, record: RecordType, id: Uuid, name: &str) {
        self.row.input.insert(field.to_owned(), id.to_string().into());
        self.related.push((record, id, name.to_owned()));
    }
}

fn note(field: &str, code: &str, message: impl Into<String>) -> Note {
    Note { field: field.to_owned(), column: String::new(), code: code.to_owned(), message: message.into() }
}

/// A record that a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Existing {
    /// Its id.
    pub id: Uuid,
    /// Whether it is in the archive: then it is neither changed nor made again.
    pub archived: bool,
}

/// What a record type does for its rows.
pub(crate) trait Importable: Bulk {
    /// The existing record of each row, with one statement per kind of key.
    fn existing(
        tx: &TenantTx,
        import: &Import<'_>,
        rows: &[&Row],
    ) -> impl Future<Output = ApiResult<Vec<Option<Existing>>>> + Send;

    /// Fits a row to the record that it is about, before it is linked: what the row leaves open is as the record has it.
    fn fit(_row: &mut Row, _current: &Self, _mode: ImportMode) {}

    /// Links the rows to other records, which are made where needed.
    fn link(
        _tx: &TenantTx,
        _import: &Import<'_>,
        _items: &mut [&mut Item],
        _tally: &mut Tally,
    ) -> impl Future<Output = ApiResult<()>> + Send {
        ready(Ok(()))
    }
}
