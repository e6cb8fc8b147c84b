//! Making, changing and deleting pipelines.
//!
//! One pipeline is the default: the first one made, until another is made the default. The default pipeline is
//! active and is deleted last, so that deals always have somewhere to go while there is any pipeline.

use super::repo;
use super::seed::insert_stages;
use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::events::{emit, emit_all};
use domain::catalog::RecordType;
use domain::error::ErrorCode;
use domain::events::{Change, NewEvent, verb};
use domain::pipelines::{DEFAULT_STAGES, Pipeline, PipelineInput};
use domain::value::Value;
use sea_orm::ConnectionTrait;
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// The most pipelines of an organization: all of them come with every page that shows one.
const MAX_PIPELINES: usize = 100;
/// Events written at a time.
const BATCH: usize = 500;

/// Makes changes to an organization's pipelines wait for each other, so that rules about all of them hold.
///
/// # Errors
/// The database cannot be reached.
pub async fn lock(tx: &TenantTx) -> ApiResult<()> {
    let sql = "SELECT pg_advisory_xact_lock(hashtextextended('pipelines:' || $1::text, 0))";
    tx.conn().query_one_raw(statement(sql, [tx.org_id().into()])).await?;
    Ok(())
}

/// A pipeline for a change: the others wait, and `expected` is the present version.
///
/// # Errors
/// 404; 412 with the pipeline as it is.
pub async fn for_change(tx: &TenantTx, id: Uuid, expected: Option<i32>) -> ApiResult<Pipeline> {
    lock(tx).await?;
    let pipeline = repo::one(tx, id).await?;
    if expected.is_some_and(|version| version != pipeline.version) {
        return Err(ApiError::stale(serde_json::to_value(&pipeline).map_err(ApiError::internal)?));
    }
    Ok(pipeline)
}

/// Makes a pipeline with the default stages. The first one is the default.
///
/// # Errors
/// 422; 409 for a name that is taken.
pub async fn create(tx: &TenantTx, input: &PipelineInput) -> ApiResult<Pipeline> {
    check(input)?;
    let Some(name) = input.name.as_deref().map(clean).filter(|name| !name.is_empty()) else {
        return Err(ApiError::field("name", "required", "The name is required."));
    };
    lock(tx).await?;
    let all = repo::all(tx).await?;
    if all.len() >= MAX_PIPELINES {
        let sentence = format!("An organization can have at most {MAX_PIPELINES} pipelines.");
        return Err(ApiError::new(ErrorCode::Conflict, sentence));
    }
    unique_name(&all, None, &name)?;
    let is_default = input.is_default.unwrap_or(false) || !all.iter().any(|p| p.is_default);
    let is_active = input.is_active.unwrap_or(true);
    if is_default && !is_active {
        return Err(ApiError::field("is_active", "default", "The default pipeline must be active."));
    }
    let mut events = Vec::new();
    if is_default {
        events.extend(release_default(tx, &all).await?);
    }
    let id = Uuid::now_v7();
    let sql = "INSERT INTO pipelines (org_id, id, name, description, is_default, is_active, created_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        tx.org_id().into(),
        id.into(),
        name.as_str().into(),
        description(input).into(),
        is_default.into(),
        is_active.into(),
        tx.user_id().into(),
    ];
    tx.conn().execute_raw(statement(sql, values)).await?;
    insert_stages(tx, id, &DEFAULT_STAGES).await?;
    let pipeline = repo::one(tx, id).await?;
    events.push(event(verb::CREATED, &pipeline));
    emit_all(tx, events).await?;
    Ok(pipeline)
}

/// Changes the members sent.
///
/// # Errors
/// 404, 412, 422; 409 for a name that is taken, and for a default pipeline that would be none or inactive.
pub async fn update(tx: &TenantTx, id: Uuid, expected: Option<i32>, input: &PipelineInput) -> ApiResult<Pipeline> {
    check(input)?;
    let old = for_change(tx, id, expected).await?;
    let all = repo::all(tx).await?;
    let name = input.name.as_deref().map_or_else(|| old.name.clone(), clean);
    unique_name(&all, Some(id), &name)?;
    let note = if input.description.is_some() { description(input) } else { old.description.clone() };
    let is_default = input.is_default.unwrap_or(old.is_default);
    let is_active = input.is_active.unwrap_or(old.is_active);
    let refused = |field: &str, sentence: &'static str| {
        let error = domain::error::FieldError::new(field, "default", sentence);
        ApiError::new(ErrorCode::Conflict, sentence).with_field(error)
    };
    if old.is_default && !is_default {
        return Err(refused("is_default", "Make another pipeline the default one instead."));
    }
    if is_default && !is_active {
        return Err(refused("is_active", "The default pipeline must be active. Make another one the default first."));
    }
    let text = |value: &Option<String>| value.clone().map_or(Value::Null, Value::Text);
    let changes: Vec<Change> = [
        Change::between("name", &json!(old.name), &Value::Text(name.clone())),
        Change::between("description", &json!(old.description), &text(&note)),
        Change::between("is_default", &json!(old.is_default), &Value::Bool(is_default)),
        Change::between("is_active", &json!(old.is_active), &Value::Bool(is_active)),
    ]
    .into_iter()
    .flatten()
    .collect();
    if changes.is_empty() {
        return Ok(old);
    }
    let mut events = Vec::new();
    if is_default && !old.is_default {
        events.extend(release_default(tx, &all).await?);
    }
    let sql = "UPDATE pipelines SET name = $3, description = $4, is_default = $5, is_active = $6, \
         version = version + 1, updated_at = now() WHERE org_id = $1 AND id = $2";
    let values = [tx.org_id().into(), id.into(), name.into(), note.into(), is_default.into(), is_active.into()];
    tx.conn().execute_raw(statement(sql, values)).await?;
    let pipeline = repo::one(tx, id).await?;
    events.push(event(verb::UPDATED, &pipeline).changes(changes));
    emit_all(tx, events).await?;
    Ok(pipeline)
}

/// Deletes a pipeline with its stages. Its deals stay, without pipeline and stage, if `unlink` says so (PIPELINE-03).
///
/// # Errors
/// 404, 412; 409 while it has deals and they are not to be unlinked, and for the default one while there are others; 403
/// where the database's rules keep it.
pub async fn delete(tx: &TenantTx, id: Uuid, expected: Option<i32>, unlink: bool) -> ApiResult<()> {
    let pipeline = for_change(tx, id, expected).await?;
    if pipeline.is_default && repo::all(tx).await?.len() > 1 {
        let sentence = "This is the default pipeline. Make another one the default before you delete it.";
        return Err(ApiError::new(ErrorCode::Conflict, sentence));
    }
    let sql = "SELECT count(*) FROM deals WHERE org_id = $1 AND pipeline_id = $2";
    let row = tx.conn().query_one_raw(statement(sql, [tx.org_id().into(), id.into()])).await?;
    let count: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0);
    if count > 0 && !unlink {
        let deals = deals_are(count);
        let sentence = format!(
            "{deals} in this pipeline (archived ones counted). Delete it with on_deals=unlink to keep them without a pipeline."
        );
        return Err(ApiError::new(ErrorCode::Conflict, sentence));
    }
    let sql = "UPDATE deals d SET pipeline_id = NULL, stage_id = NULL, version = d.version + 1, updated_at = now() \
         FROM pipeline_stages s WHERE d.org_id = $1 AND d.pipeline_id = $2 AND s.org_id = d.org_id AND s.id = d.stage_id \
         RETURNING d.id, d.name, d.version, s.id, s.name";
    let rows = tx.conn().query_all_raw(statement(sql, [tx.org_id().into(), id.into()])).await?;
    let mut events = Vec::with_capacity(rows.len().min(BATCH));
    for row in &rows {
        let (deal, title, version): (Uuid, String, i32) =
            (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        let (stage, stage_name): (Uuid, String) = (row.try_get_by_index(3)?, row.try_get_by_index(4)?);
        let gone = |field: &str, old: Uuid| Change { field: field.to_owned(), old: json!(old), new: Json::Null };
        let details = json!({ "pipeline_deleted": pipeline.name, "from_stage": stage_name, "from_stage_id": stage });
        let event = NewEvent::record(RecordType::Deal, verb::UPDATED, deal, &title).version(version);
        events.push(event.changes(vec![gone("pipeline_id", id), gone("stage_id", stage)]).details(details));
        if events.len() == BATCH {
            emit_all(tx, std::mem::take(&mut events)).await?;
        }
    }
    emit_all(tx, events).await?;
    delete_one(tx, "DELETE FROM pipelines WHERE org_id = $1 AND id = $2", id).await?;
    emit(tx, event(verb::DELETED, &pipeline).details(json!({ "unlinked_deals": rows.len() }))).await
}

/// Deletes the row `$2` of the organization `$1`. The database keeps it, without an error of its own, from everybody but
/// owners and admins (TENANCY-04), whatever exceptions a member has.
///
/// # Errors
/// 403 where the row is kept.
pub async fn delete_one(tx: &TenantTx, sql: &'static str, id: Uuid) -> ApiResult<()> {
    match tx.conn().execute_raw(statement(sql, [tx.org_id().into(), id.into()])).await?.rows_affected() {
        1 => Ok(()),
        _ => Err(ApiError::forbidden()),
    }
}

/// How many deals stand in the way, as a sentence begins.
pub fn deals_are(count: i64) -> String {
    if count == 1 { "1 deal is".to_owned() } else { format!("{count} deals are") }
}

/// An event about a pipeline.
pub fn event(verb: &str, pipeline: &Pipeline) -> NewEvent {
    NewEvent::new("pipeline", verb, pipeline.id, &pipeline.name).version(pipeline.version)
}

fn check(input: &PipelineInput) -> ApiResult<()> {
    let errors = input.check();
    if errors.is_empty() { Ok(()) } else { Err(ApiError::invalid(errors)) }
}

/// A name as it is stored: trimmed, inner blanks single.
pub fn clean(name: &str) -> String {
    domain::tags::clean(name)
}

fn description(input: &PipelineInput) -> Option<String> {
    input.description.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn unique_name(all: &[Pipeline], own: Option<Uuid>, name: &str) -> ApiResult<()> {
    let taken = all.iter().any(|p| Some(p.id) != own && p.name.to_lowercase() == name.to_lowercase());
    if !taken {
        return Ok(());
    }
    let sentence = "Another pipeline already has this name.";
    let error = domain::error::FieldError::new("name", "duplicate", sentence);
    Err(ApiError::new(ErrorCode::Duplicate, sentence).with_field(error))
}

/// The present default pipeline steps back.
async fn release_default(tx: &TenantTx, all: &[Pipeline]) -> ApiResult<Option<NewEvent>> {
    let Some(old) = all.iter().find(|p| p.is_default) else { return Ok(None) };
    let sql = "UPDATE pipelines SET is_default = false, version = version + 1, updated_at = now() \
         WHERE org_id = $1 AND id = $2";
    tx.conn().execute_raw(statement(sql, [tx.org_id().into(), old.id.into()])).await?;
    let change = Change { field: "is_default".to_owned(), old: json!(true), new: json!(false) };
    let after = Pipeline { version: old.version + 1, ..old.clone() };
    Ok(Some(event(verb::UPDATED, &after).changes(vec![change])))
}
