//! Work on many records that goes on in the background: imports, bulk work, exports.
//!
//! - [`button`]: the button in the top bar, with the latest of it.
//! - [`history`]: `/work`, all of it.
//! - [`bulk`]: `/work/<id>`, bulk work under way and what became of its records.

mod bulk;
mod button;
mod follow;
mod history;
mod line;
mod page;

pub use bulk::BulkPage;
pub use button::WorkButton;
pub use follow::until;
pub use history::HistoryPage;
pub use page::{Seen, of_address};

use crate::api;
use crate::data::{Cache, Def, Key};
use domain::bulk::{BulkAction, BulkJob, BulkOutcome, BulkResult};
use domain::catalog::RecordType;
use domain::page::Page;
use domain::work::WorkItem;
use uuid::Uuid;

/// The address of the list of all background work.
pub const HISTORY: &str = "/work";

/// The address of bulk work.
pub fn bulk_href(id: Uuid) -> String {
    format!("{HISTORY}/{id}")
}

/// Has everything that shows background work read it anew.
pub fn refresh(cache: &Cache) {
    for key in ["work", "imports", "bulk"] {
        cache.invalidate(&[key]);
    }
}

/// A page of all background work.
fn list(limit: u32, page: u64) -> Def<Page<WorkItem>> {
    Def::new(Key::new(["work", &limit.to_string(), &page.to_string()]), move || api::work::list(limit, page))
}

/// Bulk work.
fn one(id: Uuid) -> Def<BulkJob> {
    Def::new(Key::new(["bulk", &id.to_string()]), move || api::bulk::job(id))
}

/// The records that were left alone.
fn refused(id: Uuid) -> Def<Page<BulkResult>> {
    Def::new(Key::new(["bulk", &id.to_string(), "refused"]), move || api::bulk::results(id, BulkOutcome::Refused))
}

/// "Add tags to contacts", "Undo: archive deals".
fn title(action: BulkAction, is_undo: bool, record: RecordType) -> String {
    let plural = record.spec().label_plural.to_lowercase();
    let what = match action {
        BulkAction::Update => format!("Edit {plural}"),
        BulkAction::AddTags => format!("Add tags to {plural}"),
        BulkAction::RemoveTags => format!("Take tags off {plural}"),
        BulkAction::Archive => format!("Archive {plural}"),
        BulkAction::Restore => format!("Restore {plural}"),
        BulkAction::Delete => format!("Delete {plural} for good"),
        BulkAction::UndoImport => format!("Undo the import of {plural}"),
    };
    if is_undo { format!("Undo: {}", what.to_lowercase()) } else { what }
}

/// What was done to records, in the past.
pub const fn done(job: &BulkJob) -> &'static str {
    done_by(job.action, job.undoes.is_some())
}

const fn done_by(action: BulkAction, is_undo: bool) -> &'static str {
    match (action, is_undo) {
        (BulkAction::Archive, false) | (BulkAction::Restore, true) => "archived",
        (BulkAction::Restore, false) | (BulkAction::Archive, true) => "restored",
        (BulkAction::Delete, _) => "deleted",
        (BulkAction::UndoImport, _) | (_, true) => "put back",
        (_, false) => "changed",
    }
}
