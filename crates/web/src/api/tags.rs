//! The tag catalogue.

use super::client::Call;
use super::error::ApiResult;
use domain::page::{MAX_LIMIT, Page};
use domain::tags::{Tag, TagCategory, TagInput};
use uuid::Uuid;

/// Tags of a category (of all without one) whose names contain `search`.
pub async fn list(category: Option<TagCategory>, search: &str) -> ApiResult<Page<Tag>> {
    let mut call = Call::get("/tags").param("limit", MAX_LIMIT);
    if let Some(category) = category {
        call = call.param("category", category);
    }
    if !search.trim().is_empty() {
        call = call.param("search", search.trim());
    }
    call.json().await
}

/// Makes a tag.
pub async fn create(input: &TagInput) -> ApiResult<Tag> {
    Call::post("/tags").body(input).json().await
}

/// Renames or recolours a tag.
pub async fn update(id: Uuid, input: &TagInput) -> ApiResult<Tag> {
    Call::put(format!("/tags/{id}")).body(input).json().await
}

/// Deletes a tag from the catalogue and from all records.
pub async fn delete(id: Uuid) -> ApiResult<()> {
    Call::delete(format!("/tags/{id}")).done().await
}
