//! Exports.

use super::client::{BASE, Call};
use super::error::ApiResult;
use domain::catalog::RecordType;
use domain::export::{ExportJob, StartExport};
use uuid::Uuid;

/// Begins.
pub async fn start(record: RecordType, input: &StartExport) -> ApiResult<ExportJob> {
    Call::post(format!("/exports/{}", record.spec().table)).body(input).json().await
}

/// How far it is.
pub async fn get(id: Uuid) -> ApiResult<ExportJob> {
    Call::get(format!("/exports/files/{id}")).json().await
}

/// The address of the file.
pub fn file_href(id: Uuid) -> String {
    format!("{BASE}/exports/files/{id}/content")
}
