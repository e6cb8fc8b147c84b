//! Saved views.

use super::client::Call;
use super::error::ApiResult;
use super::records::ListParams;
use domain::catalog::RecordType;
use domain::page::Page;
use domain::views::{SavedView, SavedViewInput, ViewMarks};
use serde_json::Value as Json;
use uuid::Uuid;

/// The views of all lists that the person sees.
pub async fn list() -> ApiResult<Page<SavedView>> {
    Call::get("/saved-views").json().await
}

/// Saves a new view.
pub async fn create(input: &SavedViewInput) -> ApiResult<SavedView> {
    Call::post("/saved-views").body(input).json().await
}

/// Changes a view.
pub async fn update(id: Uuid, version: i32, input: &SavedViewInput) -> ApiResult<SavedView> {
    Call::put(format!("/saved-views/{id}")).if_match(version).body(input).json().await
}

/// Sets what the person does with a view.
pub async fn mark(id: Uuid, marks: ViewMarks) -> ApiResult<SavedView> {
    Call::put(format!("/saved-views/{id}/marks")).body(&marks).json().await
}

/// Deletes a view.
pub async fn delete(id: Uuid) -> ApiResult<()> {
    Call::delete(format!("/saved-views/{id}")).done().await
}

/// How many records a list has, and whether that was counted.
pub async fn count(record: RecordType, params: &ListParams) -> ApiResult<(i64, bool)> {
    let params = ListParams { limit: Some(1), ..params.clone() };
    let call = Call::get(format!("/{}", record.spec().table)).params(params.to_query()).param("fields", "id");
    let page: Page<Json> = call.json().await?;
    Ok((page.pagination.total, page.pagination.total_exact))
}
