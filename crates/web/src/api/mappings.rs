//! Saved mappings of imports.

use super::client::Call;
use super::error::ApiResult;
use domain::catalog::RecordType;
use domain::import::saved::{SavedMapping, SavedMappingInput};
use domain::page::Page;
use uuid::Uuid;

/// The mappings for such records that the person sees, without their plans.
pub async fn list(record: RecordType) -> ApiResult<Page<SavedMapping>> {
    Call::get("/import/mappings").param("entity", record.spec().table).json().await
}

/// Saves a new mapping.
pub async fn create(input: &SavedMappingInput) -> ApiResult<SavedMapping> {
    Call::post("/import/mappings").body(input).json().await
}

/// Changes a mapping.
pub async fn update(id: Uuid, version: i32, input: &SavedMappingInput) -> ApiResult<SavedMapping> {
    Call::put(format!("/import/mappings/{id}")).if_match(version).body(input).json().await
}

/// Deletes a mapping.
pub async fn delete(id: Uuid) -> ApiResult<()> {
    Call::delete(format!("/import/mappings/{id}")).done().await
}
