//! The organization's own fields.

use super::client::Call;
use super::error::ApiResult;
use domain::fields::{FieldDefinition, FieldDefinitionInput, FieldOrder, FieldUsage};
use domain::page::Page;
use uuid::Uuid;

/// Those that were deleted. The others come with the session.
pub async fn deleted() -> ApiResult<Page<FieldDefinition>> {
    Call::get("/field-definitions").param("deleted", true).json().await
}

/// Defines a field.
pub async fn create(input: &FieldDefinitionInput) -> ApiResult<FieldDefinition> {
    Call::post("/field-definitions").body(input).json().await
}

/// Changes a definition.
pub async fn update(id: Uuid, version: i32, input: &FieldDefinitionInput) -> ApiResult<FieldDefinition> {
    Call::put(format!("/field-definitions/{id}")).if_match(version).body(input).json().await
}

/// Puts the fields of a record type in a new order.
pub async fn reorder(order: &FieldOrder) -> ApiResult<Page<FieldDefinition>> {
    Call::put("/field-definitions/reorder").body(order).json().await
}

/// Deletes a field; its values are kept.
pub async fn delete(id: Uuid) -> ApiResult<()> {
    Call::delete(format!("/field-definitions/{id}")).done().await
}

/// Brings a deleted field back, with its values.
pub async fn restore(id: Uuid) -> ApiResult<FieldDefinition> {
    Call::post(format!("/field-definitions/{id}/restore")).json().await
}

/// How many records have a value.
pub async fn usage(id: Uuid) -> ApiResult<FieldUsage> {
    Call::get(format!("/field-definitions/{id}/usage")).json().await
}
