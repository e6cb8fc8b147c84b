//! The audit log.

use super::client::Call;
use super::error::ApiResult;
use domain::audit::AuditEntry;
use domain::page::Page;

/// Entries, newest first.
pub async fn list(params: Vec<(String, String)>) -> ApiResult<Page<AuditEntry>> {
    Call::get("/audit-log").params(params).json().await
}

/// The address of the file with all of them.
pub fn file_href(params: Vec<(String, String)>) -> String {
    Call::get("/audit-log/export").params(params).url()
}
