//! Background work of all kinds.

use super::client::Call;
use super::error::ApiResult;
use domain::page::Page;
use domain::work::WorkItem;

/// The latest work.
pub async fn list(limit: u32, page: u64) -> ApiResult<Page<WorkItem>> {
    Call::get("/work").param("limit", limit).param("page", page).json().await
}
