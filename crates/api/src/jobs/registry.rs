//! All kinds of jobs.

use super::task::Task;
use crate::features::import::run::ImportFile;
use graphile_worker::WorkerOptions;

/// Adds every kind of job to the engine: one `define_job::<Task<…>>()` each.
pub(super) fn register(options: WorkerOptions) -> WorkerOptions {
    options.define_job::<Task<ImportFile>>()
}
