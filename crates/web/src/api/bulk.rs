//! Bulk work.

use super::client::Call;
use super::error::ApiResult;
use domain::bulk::{BulkJob, BulkOutcome, BulkResult, StartBulk};
use domain::catalog::RecordType;
use domain::page::Page;
use uuid::Uuid;

/// Begins.
pub async fn start(record: RecordType, input: &StartBulk) -> ApiResult<BulkJob> {
    Call::post(format!("/bulk/{}", record.spec().table)).body(input).json().await
}

/// How far it is.
pub async fn job(id: Uuid) -> ApiResult<BulkJob> {
    Call::get(format!("/bulk/jobs/{id}")).json().await
}

/// The records of one outcome.
pub async fn results(id: Uuid, outcome: BulkOutcome) -> ApiResult<Page<BulkResult>> {
    Call::get(format!("/bulk/jobs/{id}/results")).param("outcome", outcome).json().await
}

/// Stops it; what was changed stays so.
pub async fn cancel(id: Uuid) -> ApiResult<BulkJob> {
    Call::post(format!("/bulk/jobs/{id}/cancel")).json().await
}

/// Takes it back.
pub async fn undo(id: Uuid) -> ApiResult<BulkJob> {
    Call::post(format!("/bulk/jobs/{id}/undo")).json().await
}
