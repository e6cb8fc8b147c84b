//! The pipeline that an organization begins with.

use crate::db::{TenantTx, statement};
use crate::error::ApiResult;
use crate::events::emit;
use domain::events::{NewEvent, verb};
use domain::pipelines::{DEFAULT_PIPELINE, DEFAULT_STAGES, StageSeed};
use sea_orm::ConnectionTrait;
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// PIPELINE-02: makes the default pipeline with its stages; returns its id.
///
/// # Errors
/// The organization already has a default pipeline, or the database cannot be reached.
pub async fn seed_default_pipeline(tx: &TenantTx) -> ApiResult<Uuid> {
    let pipeline_id = Uuid::now_v7();
    let sql = "INSERT INTO pipelines (org_id, id, name, is_default, created_by) VALUES ($1, $2, $3, true, $4)";
    let values = [tx.org_id().into(), pipeline_id.into(), DEFAULT_PIPELINE.into(), tx.user_id().into()];
    tx.conn().execute_raw(statement(sql, values)).await?;
    insert_stages(tx, pipeline_id, &DEFAULT_STAGES).await?;
    emit(tx, NewEvent::new("pipeline", verb::CREATED, pipeline_id, DEFAULT_PIPELINE)).await?;
    Ok(pipeline_id)
}

/// Gives a new pipeline its stages, in this order.
///
/// # Errors
/// The database cannot be reached.
pub async fn insert_stages(tx: &TenantTx, pipeline_id: Uuid, stages: &[StageSeed]) -> ApiResult<()> {
    let rows: Vec<Json> = stages
        .iter()
        .enumerate()
        .map(|(position, stage)| {
            json!({
                "id": Uuid::now_v7(),
                "name": stage.name,
                "position": position,
                "probability": stage.probability,
                "color": stage.color,
                "is_closed_won": stage.is_closed_won,
                "is_closed_lost": stage.is_closed_lost,
            })
        })
        .collect();
    let sql = "INSERT INTO pipeline_stages \
                   (org_id, id, pipeline_id, name, position, probability, color, is_closed_won, is_closed_lost) \
               SELECT $1, s.id, $2, s.name, s.position, s.probability, s.color, s.is_closed_won, s.is_closed_lost \
               FROM jsonb_to_recordset($3) AS s (id uuid, name text, position integer, probability integer, \
                   color text, is_closed_won boolean, is_closed_lost boolean)";
    let values = [tx.org_id().into(), pipeline_id.into(), Json::Array(rows).into()];
    tx.conn().execute_raw(statement(sql, values)).await?;
    Ok(())
}
