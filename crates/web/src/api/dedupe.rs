//! Possible duplicates, and merging.

use super::client::Call;
use super::error::ApiResult;
use domain::catalog::RecordType;
use domain::dedupe::{Candidate, CheckInput, Checked, MergeInput, Merged, Scan, ScanInput};
use domain::page::Page;
use uuid::Uuid;

/// Searches what is new or has changed.
pub async fn scan(record: RecordType) -> ApiResult<Scan> {
    Call::post("/dedupe/scan").body(&ScanInput { record }).json().await
}

/// How the search stands.
pub async fn scanned(record: RecordType) -> ApiResult<Scan> {
    Call::get("/dedupe/scan").param("record", record).json().await
}

/// What a record that is being typed may double.
pub async fn check(input: &CheckInput) -> ApiResult<Checked> {
    Call::post("/dedupe/check").body(input).json().await
}

/// Pairs to review, the likeliest first.
pub async fn candidates(record: RecordType, page: u64) -> ApiResult<Page<Candidate>> {
    Call::get("/dedupe/candidates").param("record", record).param("limit", 20).param("page", page).json().await
}

/// Says that a pair is not the same.
pub async fn dismiss(id: Uuid) -> ApiResult<()> {
    Call::post(format!("/dedupe/candidates/{id}/dismiss")).done().await
}

/// Takes a dismissed pair up again.
pub async fn reopen(id: Uuid) -> ApiResult<()> {
    Call::post(format!("/dedupe/candidates/{id}/reopen")).done().await
}

/// Merges.
pub async fn merge(input: &MergeInput) -> ApiResult<Merged> {
    Call::post("/dedupe/merge").body(input).json().await
}

/// Takes a merge back.
pub async fn undo(id: Uuid) -> ApiResult<()> {
    Call::post(format!("/dedupe/merges/{id}/undo")).done().await
}
