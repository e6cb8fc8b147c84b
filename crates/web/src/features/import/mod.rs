//! Importing a file: choose it, map its columns, decide about unknown values, preview, start; then the job.
//!
//! - [`upload`]: `/import/deals`, where a file is chosen.
//! - [`wizard`]: `/import/deals/<file>?step=…`, the steps up to the start. [`state`] is what they share: the plan, kept
//!   as a draft, and the server's preview of it. [`columns`], [`composed`], [`options`], [`values`], [`preview`] are
//!   the parts of the steps; [`mappings`] stands above them.
//! - [`job`]: `/imports/<id>`, progress and result.

mod columns;
mod composed;
mod job;
mod mappings;
mod options;
mod preview;
mod state;
mod steps;
mod upload;
mod values;
mod wizard;

pub use job::JobPage;
pub use upload::UploadPage;
pub use wizard::WizardPage;

use crate::api;
use crate::data::{Def, Key};
use domain::auth::Invitation;
use domain::catalog::RecordType;
use domain::import::job::ImportJob;
use domain::import::preview::Preview;
use domain::import::saved::SavedMapping;
use domain::page::Page;
use uuid::Uuid;

/// One import.
fn one(id: Uuid) -> Def<ImportJob> {
    Def::new(Key::new(["imports", "one", &id.to_string()]), move || api::import::get(id))
}

/// The first preview of an uploaded file.
fn first_preview(file: Uuid) -> Def<Preview> {
    Def::new(Key::new(["import-files", &file.to_string()]), move || api::import::first_preview(file))
}

/// First part of the key of saved mappings in the cache.
const MAPPINGS: &str = "import-mappings";

/// The saved mappings for such records that the person sees.
fn saved_mappings(record: RecordType) -> Def<Page<SavedMapping>> {
    Def::new(Key::new([MAPPINGS, record.spec().table]), move || api::mappings::list(record))
}

/// The invitations that starting an import has made. The server tells their links only then, so they are put here.
fn invitations(id: Uuid) -> Def<Vec<Invitation>> {
    Def::new(Key::new(["import-invitations", &id.to_string()]), || async { Ok(Vec::new()) })
}

/// The address where the import of such records begins.
fn begin_href(record: RecordType) -> String {
    format!("/import/{}", record.spec().table)
}

/// The address of an import.
fn job_href(id: Uuid) -> String {
    format!("/imports/{id}")
}

/// The plural in a sentence: `deals`.
fn plural(record: RecordType) -> String {
    record.spec().label_plural.to_lowercase()
}

/// A count with the right form of the record's name: `1 deal`, `8,800 deals`.
fn counted(record: RecordType, count: i64) -> String {
    crate::ui::format::count(count, &record.spec().label.to_lowercase(), &plural(record))
}
