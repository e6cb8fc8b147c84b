//! Adding, changing, ordering and deleting stages.
//!
//! Two rules hold whatever happens: a pipeline keeps at least one open stage, at most one that wins and at most one
//! that loses; and no deal contradicts its stage (DEAL-04). A stage with deals of another status is therefore not
//! turned into a closing one: its deals are moved first.

use super::{repo, service};
use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::events::emit;
use crate::features::deals::transfer;
use crate::records::values::ids_array;
use domain::deals::DealStatus;
use domain::deals::close::status_in;
use domain::error::{ErrorCode, FieldError};
use domain::events::{Change, NewEvent, verb};
use domain::permission::Permission;
use domain::pipelines::{MAX_STAGES, Pipeline, Stage, StageInput, norm_stage};
use domain::value::Value;
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

/// Colour of a stage that is given none.
const COLOR: &str = "#6b7280";

/// Adds a stage: at `position`, else after the open stages.
///
/// # Errors
/// 404, 412, 422; 409 for a name or flag that another stage has.
pub async fn add(tx: &TenantTx, pipeline: Uuid, expected: Option<i32>, input: &StageInput) -> ApiResult<Pipeline> {
    let old = service::for_change(tx, pipeline, expected).await?;
    let Some(name) = input.name.as_deref().map(service::clean).filter(|name| !name.is_empty()) else {
        return Err(ApiError::field("name", "required", "The name is required."));
    };
    check(input, &old, None)?;
    if old.stages.len() >= MAX_STAGES {
        let sentence = format!("A pipeline can have at most {MAX_STAGES} stages.");
        return Err(ApiError::new(ErrorCode::Conflict, sentence));
    }
    let count = i32::try_from(old.stages.len()).map_err(ApiError::internal)?;
    let after_open = || old.stages.iter().find(|s| status_in(s) != DealStatus::Open).map_or(count, |s| s.position);
    let position = match input.position {
        Some(position) if (0..=count).contains(&position) => position,
        Some(_) => {
            let sentence = format!("The position must be 0 to {count}.");
            return Err(ApiError::field("position", "range", sentence));
        }
        None => after_open(),
    };
    let sql =
        "UPDATE pipeline_stages SET position = position + 1 WHERE org_id = $1 AND pipeline_id = $2 AND position >= $3";
    tx.conn().execute_raw(statement(sql, [tx.org_id().into(), pipeline.into(), position.into()])).await?;
    let id = Uuid::now_v7();
    let sql = "INSERT INTO pipeline_stages (org_id, id, pipeline_id, name, position, probability, color, \
         is_closed_won, is_closed_lost, days_in_stage) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let values = [
        tx.org_id().into(),
        id.into(),
        pipeline.into(),
        name.as_str().into(),
        position.into(),
        input.probability.unwrap_or(0).into(),
        input.color.as_deref().unwrap_or(COLOR).to_lowercase().into(),
        input.is_closed_won.unwrap_or(false).into(),
        input.is_closed_lost.unwrap_or(false).into(),
        input.days_in_stage.filter(|days| *days > 0).into(),
    ];
    tx.conn().execute_raw(statement(sql, values)).await?;
    let after = touched(tx, pipeline).await?;
    emit(tx, event(verb::CREATED, &after, id, &name)).await?;
    Ok(after)
}

/// Changes the members sent of a stage. `expected` is the stage's version.
///
/// # Errors
/// 404, 412, 422; 409 for a name or flag that another stage has, for a flag that deals in the stage contradict, and
/// for a pipeline that would have no open stage.
pub async fn update(
    tx: &TenantTx,
    pipeline: Uuid,
    id: Uuid,
    expected: Option<i32>,
    input: &StageInput,
) -> ApiResult<Pipeline> {
    let errors = input.check();
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    let before = service::for_change(tx, pipeline, None).await?;
    let old = stage_of(&before, id, expected)?;
    if input.position.is_some_and(|position| position != old.position) {
        return Err(ApiError::field(
            "position",
            "reorder",
            "The order is changed for all stages together, by reorder.",
        ));
    }
    let new = Stage {
        name: input.name.as_deref().map_or_else(|| old.name.clone(), service::clean),
        probability: input.probability.unwrap_or(old.probability),
        color: input.color.as_deref().unwrap_or(&old.color).to_lowercase(),
        is_closed_won: input.is_closed_won.unwrap_or(old.is_closed_won),
        is_closed_lost: input.is_closed_lost.unwrap_or(old.is_closed_lost),
        days_in_stage: input.days_in_stage.map_or(old.days_in_stage, |days| Some(days).filter(|d| *d > 0)),
        ..old.clone()
    };
    check(&as_input(&new), &before, Some(id))?;
    let changes = changes(old, &new);
    if changes.is_empty() {
        return Ok(before);
    }
    let sql = "UPDATE pipeline_stages SET name = $3, probability = $4, color = $5, is_closed_won = $6, \
         is_closed_lost = $7, days_in_stage = $8, version = version + 1, updated_at = now() WHERE org_id = $1 AND id = $2";
    let values = [
        tx.org_id().into(),
        id.into(),
        new.name.as_str().into(),
        new.probability.into(),
        new.color.as_str().into(),
        new.is_closed_won.into(),
        new.is_closed_lost.into(),
        new.days_in_stage.into(),
    ];
    tx.conn().execute_raw(statement(sql, values)).await?;
    // After the write, which waits for deals that are just entering the stage.
    let meaning = status_in(&new);
    if meaning != DealStatus::Open && meaning != status_in(old) {
        let sql = "SELECT count(*) FROM deals WHERE org_id = $1 AND stage_id = $2 AND status <> $3";
        let values = [tx.org_id().into(), id.into(), meaning.as_str().into()];
        let row = tx.conn().query_one_raw(statement(sql, values)).await?;
        let count: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0);
        if count > 0 {
            let deals = service::deals_are(count);
            let sentence = format!(
                "{deals} in this stage and not {meaning} (archived ones counted). Move them to another stage first."
            );
            return Err(ApiError::new(ErrorCode::Conflict, sentence));
        }
    }
    let after = touched(tx, pipeline).await?;
    emit(tx, event(verb::UPDATED, &after, id, &new.name).changes(changes)).await?;
    Ok(after)
}

/// Puts the stages in a new order.
///
/// # Errors
/// 404, 412; 422 unless every stage of the pipeline is named once.
pub async fn reorder(tx: &TenantTx, pipeline: Uuid, expected: Option<i32>, ids: &[Uuid]) -> ApiResult<Pipeline> {
    let before = service::for_change(tx, pipeline, expected).await?;
    let old: Vec<Uuid> = before.stages.iter().map(|s| s.id).collect();
    let sorted = |ids: &[Uuid]| {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids
    };
    if sorted(ids) != sorted(&old) {
        return Err(ApiError::field("stage_ids", "stages", "Name every stage of the pipeline once."));
    }
    if ids == old {
        return Ok(before);
    }
    let sql = "UPDATE pipeline_stages s SET position = x.place - 1, updated_at = now() \
         FROM unnest($3) WITH ORDINALITY AS x (id, place) WHERE s.org_id = $1 AND s.pipeline_id = $2 AND s.id = x.id";
    tx.conn().execute_raw(statement(sql, [tx.org_id().into(), pipeline.into(), ids_array(ids)])).await?;
    let after = touched(tx, pipeline).await?;
    let order: Vec<_> = after.stages.iter().map(|s| s.name.as_str()).collect();
    let event = NewEvent::new("stage", "reordered", pipeline, &after.name).details(json!({ "order": order }));
    emit(tx, event).await?;
    Ok(after)
}

/// Deletes a stage. Deals in it move to `target` in the same transaction (PIPELINE-05).
///
/// # Errors
/// 404, 412; 409 when it holds deals and no target is named, or when no open stage would be left; 422 for a target
/// that is not another stage of the same pipeline; 403 where the database's rules keep it.
pub async fn delete(
    tx: &TenantTx,
    pipeline: Uuid,
    id: Uuid,
    expected: Option<i32>,
    target: Option<Uuid>,
) -> ApiResult<Pipeline> {
    let before = service::for_change(tx, pipeline, None).await?;
    let stage = stage_of(&before, id, expected)?;
    let target = match target {
        None => None,
        Some(named) => Some(before.stages.iter().find(|s| s.id == named && s.id != id).ok_or_else(|| {
            let sentence = "The deals must go to another stage of the same pipeline.";
            ApiError::parameter("move_to_stage_id", "stage", sentence)
        })?),
    };
    if !before.stages.iter().any(|s| s.id != id && status_in(s) == DealStatus::Open) {
        return Err(ApiError::new(ErrorCode::Conflict, "A pipeline needs at least one open stage."));
    }
    match target.map(status_in) {
        Some(DealStatus::Won) => {
            tx.require(Permission::DealWin)?;
        }
        Some(DealStatus::Lost) => {
            tx.require(Permission::DealLose)?;
        }
        _ => {}
    }
    let mut moved = 0;
    if let Some(target) = target {
        moved += transfer::all(tx, stage, target).await?;
    }
    // From here on nothing enters the stage; what entered it meanwhile is moved as well.
    let sql = "SELECT 1 FROM pipeline_stages WHERE org_id = $1 AND id = $2 FOR UPDATE";
    tx.conn().query_one_raw(statement(sql, [tx.org_id().into(), id.into()])).await?;
    match target {
        Some(target) => moved += transfer::all(tx, stage, target).await?,
        None => refuse_deals(tx, id).await?,
    }
    let sql = "DELETE FROM pipeline_stages WHERE org_id = $1 AND id = $2";
    service::delete_one(tx, sql, id).await?;
    let sql =
        "UPDATE pipeline_stages SET position = position - 1 WHERE org_id = $1 AND pipeline_id = $2 AND position > $3";
    tx.conn().execute_raw(statement(sql, [tx.org_id().into(), pipeline.into(), stage.position.into()])).await?;
    let after = touched(tx, pipeline).await?;
    let mut event = event(verb::DELETED, &after, id, &stage.name);
    if let (Some(target), Some(details)) = (target, event.payload.details.as_object_mut()) {
        details.insert("moved_deals".to_owned(), json!(moved));
        details.insert("moved_to".to_owned(), json!(target.name));
    }
    emit(tx, event).await?;
    Ok(after)
}

async fn refuse_deals(tx: &TenantTx, stage: Uuid) -> ApiResult<()> {
    let sql = "SELECT count(*) FROM deals WHERE org_id = $1 AND stage_id = $2";
    let row = tx.conn().query_one_raw(statement(sql, [tx.org_id().into(), stage.into()])).await?;
    let count: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0);
    if count == 0 {
        return Ok(());
    }
    let deals = service::deals_are(count);
    let sentence =
        format!("{deals} in this stage (archived ones counted). Name the stage that receives them: move_to_stage_id.");
    Err(ApiError::new(ErrorCode::Conflict, sentence))
}

/// The stage to be changed, in the version expected.
fn stage_of(pipeline: &Pipeline, id: Uuid, expected: Option<i32>) -> ApiResult<&Stage> {
    let stage = pipeline.stages.iter().find(|s| s.id == id).ok_or_else(|| ApiError::not_found("stage"))?;
    if expected.is_some_and(|version| version != stage.version) {
        return Err(ApiError::stale(serde_json::to_value(stage).map_err(ApiError::internal)?));
    }
    Ok(stage)
}

/// Checks the members of a stage, also against the other stages of its pipeline.
fn check(input: &StageInput, pipeline: &Pipeline, own: Option<Uuid>) -> ApiResult<()> {
    let errors = input.check();
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    let mut others = pipeline.stages.iter().filter(|s| Some(s.id) != own);
    let taken = |field: &str, sentence: &'static str| {
        Err(ApiError::new(ErrorCode::Duplicate, sentence).with_field(FieldError::new(field, "duplicate", sentence)))
    };
    // Stages are also called by name, so names that compare equal would be two for one.
    let norm = input.name.as_deref().map(norm_stage);
    if norm.is_some_and(|norm| others.clone().any(|s| norm_stage(&s.name) == norm)) {
        return taken("name", "Another stage of this pipeline already has this name.");
    }
    if input.is_closed_won == Some(true) && others.clone().any(|s| s.is_closed_won) {
        return taken("is_closed_won", "Another stage of this pipeline already wins deals.");
    }
    if input.is_closed_lost == Some(true) && others.clone().any(|s| s.is_closed_lost) {
        return taken("is_closed_lost", "Another stage of this pipeline already loses deals.");
    }
    let closes = input.is_closed_won == Some(true) || input.is_closed_lost == Some(true);
    if closes && !others.any(|s| status_in(s) == DealStatus::Open) {
        return Err(ApiError::new(ErrorCode::Conflict, "A pipeline needs at least one open stage."));
    }
    Ok(())
}

fn as_input(stage: &Stage) -> StageInput {
    StageInput {
        name: Some(stage.name.clone()),
        position: None,
        probability: Some(stage.probability),
        color: Some(stage.color.clone()),
        is_closed_won: Some(stage.is_closed_won),
        is_closed_lost: Some(stage.is_closed_lost),
        days_in_stage: Some(stage.days_in_stage.unwrap_or(0)),
    }
}

fn changes(old: &Stage, new: &Stage) -> Vec<Change> {
    let days = new.days_in_stage.map_or(Value::Null, |days| Value::Int(i64::from(days)));
    [
        Change::between("name", &json!(old.name), &Value::Text(new.name.clone())),
        Change::between("probability", &json!(old.probability), &Value::Int(i64::from(new.probability))),
        Change::between("color", &json!(old.color), &Value::Text(new.color.clone())),
        Change::between("is_closed_won", &json!(old.is_closed_won), &Value::Bool(new.is_closed_won)),
        Change::between("is_closed_lost", &json!(old.is_closed_lost), &Value::Bool(new.is_closed_lost)),
        Change::between("days_in_stage", &json!(old.days_in_stage), &days),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The pipeline with a new version, which every change of a stage gives it.
async fn touched(tx: &TenantTx, pipeline: Uuid) -> ApiResult<Pipeline> {
    let sql = "UPDATE pipelines SET version = version + 1, updated_at = now() WHERE org_id = $1 AND id = $2";
    tx.conn().execute_raw(statement(sql, [tx.org_id().into(), pipeline.into()])).await?;
    repo::one(tx, pipeline).await
}

/// `stage.<verb>`, with the pipeline in the particulars.
fn event(verb: &str, pipeline: &Pipeline, stage: Uuid, name: &str) -> NewEvent {
    let details = json!({ "pipeline": pipeline.name, "pipeline_id": pipeline.id });
    NewEvent::new("stage", verb, stage, name).details(details)
}
