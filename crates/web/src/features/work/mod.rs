//! Work on many records that goes on in the background.
//!
//! - [`bulk`]: `/work/<id>`, bulk work under way and what became of its records.

mod bulk;

pub use bulk::BulkPage;

use crate::api;
use crate::data::{Def, Key};
use domain::bulk::{BulkAction, BulkJob, BulkOutcome, BulkResult};
use domain::page::Page;
use uuid::Uuid;

/// The address of bulk work.
pub fn bulk_href(id: Uuid) -> String {
    format!("/work/{id}")
}

/// Bulk work.
fn one(id: Uuid) -> Def<BulkJob> {
    Def::new(Key::new(["bulk", &id.to_string()]), move || api::bulk::job(id))
}

/// The records that were left alone.
fn refused(id: Uuid) -> Def<Page<BulkResult>> {
    Def::new(Key::new(["bulk", &id.to_string(), "refused"]), move || api::bulk::results(id, BulkOutcome::Refused))
}

/// What was done to records, in the past.
pub const fn done(job: &BulkJob) -> &'static str {
    match (job.action, job.undoes.is_some()) {
        (BulkAction::Archive, false) | (BulkAction::Restore, true) => "archived",
        (BulkAction::Restore, false) | (BulkAction::Archive, true) => "restored",
        (BulkAction::Delete, _) => "deleted",
        (BulkAction::UndoImport, _) | (_, true) => "put back",
        (_, false) => "changed",
    }
}
