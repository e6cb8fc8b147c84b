//! Bulk work: one change to many records, as a background job.

mod apply;
mod routes;
mod run;
mod snapshot;
mod store;

pub use routes::routes;
pub use run::BulkRun;
pub use store::WAITING;

use crate::db::TenantTx;
use crate::error::ApiResult;
use domain::bulk::{BulkAction, BulkJob, StartBulk};
use domain::catalog::RecordType;
use domain::permission::{Access, Permission};
use uuid::Uuid;

/// Deleting many records for good needs the right to do so with one as well, as a single request asks for it.
fn may_delete(tx: &TenantTx) -> ApiResult<Access> {
    tx.require(Permission::BulkDelete)?;
    tx.require(Permission::RecordHardDelete)
}

/// Begins the undo of an import.
///
/// # Errors
/// 403 for who may not delete what it has made; 409 where it has begun already.
pub async fn undo_import(tx: &TenantTx, entity: RecordType, import: Uuid) -> ApiResult<BulkJob> {
    may_delete(tx)?;
    let input = StartBulk::of(BulkAction::UndoImport);
    store::begin(tx, entity, &input, Some(store::Undoes::Import(import))).await
}
