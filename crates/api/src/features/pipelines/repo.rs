//! Reading pipelines with their stages.

use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use domain::pipelines::{Pipeline, Stage};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

const PIPELINE: &str =
    "SELECT id, name, description, is_default, is_active, created_at, updated_at, version FROM pipelines";
const STAGE: &str = "SELECT id, pipeline_id, name, position, probability, color, is_closed_won, is_closed_lost, \
     days_in_stage, created_at, updated_at, version FROM pipeline_stages";

/// All pipelines, the default one first, each with its stages in order.
///
/// # Errors
/// The database cannot be reached.
pub async fn all(tx: &TenantTx) -> ApiResult<Vec<Pipeline>> {
    let sql = format!("{PIPELINE} WHERE org_id = $1 ORDER BY is_default DESC, name, id");
    let rows = tx.conn().query_all_raw(statement(&sql, [tx.org_id().into()])).await?;
    let mut pipelines = rows.iter().map(|row| Pipeline::from_query_result(row, "")).collect::<Result<Vec<_>, _>>()?;
    let sql = format!("{STAGE} WHERE org_id = $1 ORDER BY pipeline_id, position");
    for row in tx.conn().query_all_raw(statement(&sql, [tx.org_id().into()])).await? {
        let stage = Stage::from_query_result(&row, "")?;
        if let Some(pipeline) = pipelines.iter_mut().find(|p| p.id == stage.pipeline_id) {
            pipeline.stages.push(stage);
        }
    }
    Ok(pipelines)
}

/// One pipeline with its stages in order.
///
/// # Errors
/// 404 where it does not exist in this organization.
pub async fn one(tx: &TenantTx, id: Uuid) -> ApiResult<Pipeline> {
    let sql = format!("{PIPELINE} WHERE org_id = $1 AND id = $2");
    let row = tx.conn().query_one_raw(statement(&sql, [tx.org_id().into(), id.into()])).await?;
    let row = row.ok_or_else(|| ApiError::not_found("pipeline"))?;
    let mut pipeline = Pipeline::from_query_result(&row, "")?;
    let sql = format!("{STAGE} WHERE org_id = $1 AND pipeline_id = $2 ORDER BY position");
    let rows = tx.conn().query_all_raw(statement(&sql, [tx.org_id().into(), id.into()])).await?;
    pipeline.stages = rows.iter().map(|row| Stage::from_query_result(row, "")).collect::<Result<_, _>>()?;
    Ok(pipeline)
}

/// The pipeline named, or the default one.
///
/// # Errors
/// 404 where it does not exist, or where there is no pipeline at all.
pub async fn named_or_default(tx: &TenantTx, id: Option<Uuid>) -> ApiResult<Pipeline> {
    if let Some(id) = id {
        return one(tx, id).await;
    }
    let all = all(tx).await?;
    default_of(&all).cloned().ok_or_else(|| ApiError::not_found("pipeline"))
}

/// The default pipeline; where none is marked, the first active one.
pub fn default_of(all: &[Pipeline]) -> Option<&Pipeline> {
    all.iter().find(|p| p.is_default).or_else(|| all.iter().find(|p| p.is_active))
}
