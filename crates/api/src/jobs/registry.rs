//! All kinds of jobs, and what comes by the clock.

use super::chore::daily;
use super::task::Task;
use crate::features::bulk::BulkRun;
use crate::features::dedupe::DedupeScan;
use crate::features::export::{ExportExpiry, ExportRun};
use crate::features::fields::FieldDocuments;
use crate::features::import::run::ImportFile;
use crate::housekeeping::Housekeeping;
use graphile_worker::WorkerOptions;

/// Adds every kind of job to the engine: one `define_job::<Task<…>>()` each, and the chores.
pub(super) fn register(options: WorkerOptions) -> WorkerOptions {
    let options = options
        .define_job::<Task<ImportFile>>()
        .define_job::<Task<BulkRun>>()
        .define_job::<Task<ExportRun>>()
        .define_job::<Task<ExportExpiry>>()
        .define_job::<Task<DedupeScan>>()
        .define_job::<Task<FieldDocuments>>();
    daily::<Housekeeping>(options)
}
