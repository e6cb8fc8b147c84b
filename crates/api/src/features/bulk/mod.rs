//! Bulk work: one change to many records, as a background job.

mod apply;
mod routes;
mod run;
mod snapshot;
mod store;

pub use routes::routes;
pub use run::BulkRun;
