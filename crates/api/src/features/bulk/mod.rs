//! Bulk work: one change to many records, as a background job.

mod apply;
mod routes;
mod run;
mod snapshot;
mod store;

pub use routes::routes;
pub use run::BulkRun;

use crate::db::TenantTx;
use crate::error::ApiResult;
use domain::bulk::{BulkAction, BulkJob, StartBulk};
use domain::catalog::RecordType;
use uuid::Uuid;

/// Begins the undo of an import.
///
/// # Errors
/// 409 where it has begun already.
pub async fn undo_import(tx: &TenantTx, entity: RecordType, import: Uuid) -> ApiResult<BulkJob> {
    let input = StartBulk::of(BulkAction::UndoImport);
    store::begin(tx, entity, &input, Some(store::Undoes::Import(import))).await
}
