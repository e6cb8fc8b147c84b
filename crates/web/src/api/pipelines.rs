//! Pipelines and their stages.

use super::client::Call;
use super::error::ApiResult;
use domain::page::{MAX_LIMIT, Page};
use domain::pipelines::{Pipeline, PipelineInput, ReorderStages, StageInput};
use uuid::Uuid;

/// All pipelines with their stages.
pub async fn list() -> ApiResult<Page<Pipeline>> {
    Call::get("/pipelines").param("limit", MAX_LIMIT).json().await
}

/// Makes a pipeline with the default stages.
pub async fn create(input: &PipelineInput) -> ApiResult<Pipeline> {
    Call::post("/pipelines").body(input).json().await
}

/// Changes a pipeline.
pub async fn update(id: Uuid, version: i32, input: &PipelineInput) -> ApiResult<Pipeline> {
    Call::put(format!("/pipelines/{id}")).if_match(version).body(input).json().await
}

/// Deletes a pipeline. One with deals is refused unless they may be left without a pipeline (`unlink`).
pub async fn delete(id: Uuid, unlink: bool) -> ApiResult<()> {
    let call = Call::delete(format!("/pipelines/{id}"));
    if unlink { call.param("on_deals", "unlink") } else { call }.done().await
}

/// Adds a stage.
pub async fn add_stage(pipeline: Uuid, input: &StageInput) -> ApiResult<Pipeline> {
    Call::post(format!("/pipelines/{pipeline}/stages")).body(input).json().await
}

/// Changes a stage.
pub async fn update_stage(pipeline: Uuid, stage: Uuid, version: i32, input: &StageInput) -> ApiResult<Pipeline> {
    Call::put(format!("/pipelines/{pipeline}/stages/{stage}")).if_match(version).body(input).json().await
}

/// Deletes a stage. One with deals is refused unless another stage takes them.
pub async fn delete_stage(pipeline: Uuid, stage: Uuid, move_to: Option<Uuid>) -> ApiResult<Pipeline> {
    let call = Call::delete(format!("/pipelines/{pipeline}/stages/{stage}"));
    match move_to {
        Some(target) => call.param("move_to_stage_id", target),
        None => call,
    }
    .json()
    .await
}

/// Puts the stages in a new order.
pub async fn reorder(pipeline: Uuid, stage_ids: Vec<Uuid>) -> ApiResult<Pipeline> {
    Call::put(format!("/pipelines/{pipeline}/stages/reorder")).body(&ReorderStages { stage_ids }).json().await
}
