//! How deals end and begin again: win, lose, abandon, reopen (DEAL-14 to -16).

use super::moves::{concerning, live, take_particulars};
use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use crate::features::pipelines::repo;
use crate::records::write;
use domain::catalog::RecordType;
use domain::deals::close::{ReopenDeal, reopening_stage, status_in};
use domain::deals::{Deal, DealStatus};
use domain::draft::{Draft, Mode};
use domain::error::ErrorCode;
use domain::permission::Permission;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

/// Ends an open deal. Winning and losing move it to the pipeline's stage for that, if it has one; abandoning leaves
/// it where it is.
///
/// # Errors
/// 404, 403, 412; 409 for a deal that is not open; 422.
pub async fn close(
    tx: &TenantTx,
    id: Uuid,
    expected: Option<i32>,
    status: DealStatus,
    mut body: Map<String, Json>,
) -> ApiResult<Deal> {
    if let (Some(notes), false) = (body.remove("notes"), body.contains_key("close_notes")) {
        body.insert("close_notes".to_owned(), notes);
    }
    let particulars = take_particulars(&mut body);
    if let Some(name) = body.keys().next() {
        let shown: String = name.chars().take(60).collect();
        return Err(ApiError::field(&shown, "unknown_field", format!("There is no member called {shown} here.")));
    }
    let permission = if status == DealStatus::Won { Permission::DealWin } else { Permission::DealLose };
    let current: Deal = write::for_change(tx, id, expected, permission).await?;
    live(&current)?;
    if current.status != DealStatus::Open {
        let sentence = format!("This deal is already {}. Reopen it first.", current.status);
        return Err(ApiError::new(ErrorCode::Conflict, sentence));
    }
    let mut members = concerning(&particulars, status);
    members.insert("status".to_owned(), json!(status));
    let draft = Draft::parse(tx.schema(RecordType::Deal), Mode::Update, &members).map_err(ApiError::invalid)?;
    write::apply(tx, current, draft).await
}

/// Opens a closed deal again: in the stage named, else where it was abandoned, else in the pipeline's last stage that
/// does not close. Reasons given at the end are kept.
///
/// # Errors
/// 404, 403, 412; 409 for an open deal; 422 for a stage that closes or belongs to another pipeline.
pub async fn reopen(tx: &TenantTx, id: Uuid, expected: Option<i32>, input: &ReopenDeal) -> ApiResult<Deal> {
    let current: Deal = write::for_change(tx, id, expected, Permission::DealStageChange).await?;
    live(&current)?;
    if current.status == DealStatus::Open {
        return Err(ApiError::new(ErrorCode::Conflict, "This deal is open."));
    }
    let mut members = Map::from_iter([("status".to_owned(), json!(DealStatus::Open))]);
    if let Some(pipeline) = current.pipeline_id {
        let stages = repo::one(tx, pipeline).await?.stages;
        let stage = match input.stage_id {
            Some(named) => {
                let stage = stages.iter().find(|s| s.id == named);
                let stage = stage.ok_or_else(|| {
                    ApiError::field("stage_id", "other_pipeline", "There is no such stage in the deal's pipeline.")
                })?;
                if status_in(stage) != DealStatus::Open {
                    return Err(ApiError::field("stage_id", "closes", "This stage closes deals; name an open one."));
                }
                Some(stage)
            }
            None if current.status == DealStatus::Abandoned => None,
            None => Some(reopening_stage(&stages).ok_or_else(|| {
                ApiError::new(ErrorCode::Conflict, "The pipeline has no open stage to put the deal in.")
            })?),
        };
        if let Some(stage) = stage {
            members.insert("stage_id".to_owned(), json!(stage.id));
        }
    } else if input.stage_id.is_some() {
        return Err(ApiError::field("stage_id", "no_pipeline", "The deal has no pipeline; give it one first."));
    }
    let draft = Draft::parse(tx.schema(RecordType::Deal), Mode::Update, &members).map_err(ApiError::invalid)?;
    write::apply(tx, current, draft).await
}
