//! One batch: all records together where possible, one by one where a rule or a constraint refuses one of them.

use super::store::{Item, Job};
use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use crate::records::read::For;
use crate::records::{Stored, bulk, references, write};
use domain::bulk::{BulkAction, BulkOutcome};
use domain::catalog::RecordSpec;
use domain::draft::{Draft, Mode};
use domain::error::ErrorCode;
use domain::tags;
use sea_orm::ConnectionTrait;
use serde_json::{Map, Value as Json, json};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Does the job's work on a batch and says of each record what became of it.
///
/// # Errors
/// The database cannot be reached. A record that is refused is no error.
pub async fn batch<R: Stored>(tx: &TenantTx, job: &Job, items: &mut [Item]) -> ApiResult<()> {
    let before = items.to_vec();
    let Err(error) = attempt::<R>(tx, job, items).await? else { return Ok(()) };
    tracing::debug!(%error, "bulk work goes record by record");
    items.clone_from_slice(&before);
    for item in items {
        let alone = std::slice::from_mut(item);
        if let Err(error) = attempt::<R>(tx, job, alone).await? {
            let reason = match error.code() {
                ErrorCode::Internal => {
                    error.log("bulk");
                    "The record could not be changed.".to_owned()
                }
                _ => error.fields().first().map_or_else(|| error.detail().to_owned(), |field| field.message.clone()),
            };
            item.refuse(reason);
        }
    }
    Ok(())
}

/// Runs in a savepoint; the inner error is one that the records themselves have caused.
async fn attempt<R: Stored>(tx: &TenantTx, job: &Job, items: &mut [Item]) -> ApiResult<Result<(), ApiError>> {
    tx.conn().execute_unprepared("SAVEPOINT bulk_records").await?;
    match Box::pin(together::<R>(tx, job, items)).await {
        Ok(()) => {
            tx.conn().execute_unprepared("RELEASE SAVEPOINT bulk_records").await?;
            Ok(Ok(()))
        }
        Err(error) if *error.code() == ErrorCode::Unavailable => Err(error),
        Err(error) => {
            tx.conn().execute_unprepared("ROLLBACK TO SAVEPOINT bulk_records").await?;
            Ok(Err(error))
        }
    }
}

async fn together<R: Stored>(tx: &TenantTx, job: &Job, items: &mut [Item]) -> ApiResult<()> {
    let ids: Vec<Uuid> = items.iter().map(|item| item.record_id).collect();
    let mut records = bulk::load::<R>(tx, &ids, For::Update).await?;
    let permissions = R::TYPE.permissions();
    let step = step(job);
    let needed = match step {
        Step::Fields => permissions.update,
        Step::Archive | Step::Restore | Step::Delete => permissions.delete,
    };
    let (access, user) = (tx.require(needed)?, tx.user_id().unwrap_or_default());
    let mut ready = Vec::with_capacity(items.len());
    for item in items.iter_mut() {
        let Some(current) = records.remove(&item.record_id) else {
            item.refuse("It has been deleted meanwhile.");
            continue;
        };
        item.name = current.title().to_owned();
        if !current.allows(access, user) {
            item.refuse("You can only change your own.");
        } else if item.back.as_ref().is_some_and(|(_, version)| *version != current.version()) {
            item.refuse("It has been changed since, and stays as it is.");
        } else {
            ready.push((item, current));
        }
    }
    match step {
        Step::Fields => fields::<R>(tx, job, ready).await,
        Step::Archive | Step::Restore | Step::Delete => states::<R>(tx, step, ready).await,
    }
}

/// What is done to a record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Fields,
    Archive,
    Restore,
    Delete,
}

/// A job that takes another back does the opposite.
fn step(job: &Job) -> Step {
    let back = job.shown.undoes.is_some();
    match job.shown.action {
        BulkAction::Update | BulkAction::AddTags | BulkAction::RemoveTags => Step::Fields,
        BulkAction::Archive if back => Step::Restore,
        BulkAction::Restore if back => Step::Archive,
        BulkAction::Archive => Step::Archive,
        BulkAction::Restore => Step::Restore,
        BulkAction::Delete => Step::Delete,
    }
}

/// Archives, restores or deletes, as single requests do.
async fn states<R: Stored>(tx: &TenantTx, step: Step, ready: Vec<(&mut Item, R)>) -> ApiResult<()> {
    for (item, current) in ready {
        let (id, archived) = (item.record_id, current.deleted_at().is_some());
        let done = match step {
            Step::Archive if archived => false,
            Step::Restore if !archived => false,
            Step::Archive => write::archive::<R>(tx, id, None).await.map(|()| true)?,
            Step::Restore => write::restore::<R>(tx, id, None).await.map(|_| true)?,
            Step::Delete | Step::Fields => write::delete::<R>(tx, id, None).await.map(|()| true)?,
        };
        item.outcome = if done { BulkOutcome::Changed } else { BulkOutcome::Unchanged };
        if done && step != Step::Delete {
            item.before = Some(Map::new());
            item.version_after = Some(current.version().saturating_add(1));
        }
    }
    Ok(())
}

/// Changes fields or tags.
async fn fields<R: Stored>(tx: &TenantTx, job: &Job, ready: Vec<(&mut Item, R)>) -> ApiResult<()> {
    let mut changes = Vec::with_capacity(ready.len());
    let mut waiting: Vec<(&mut Item, Json, i32)> = Vec::with_capacity(ready.len());
    // The same ids in every record's input are looked up once.
    let mut looked_up: HashSet<String> = HashSet::new();
    for (item, current) in ready {
        if current.deleted_at().is_some() {
            item.refuse("It is in the archive. Restore it first.");
            continue;
        }
        let mut input = input_of(job, item, current.tags());
        R::normalise_input(tx, &mut input, Some(&current)).await?;
        let draft = Draft::parse(R::spec(), Mode::Update, &input).map_err(ApiError::invalid)?;
        if looked_up.insert(json!(input).to_string()) {
            references::check(tx, &draft).await?;
        }
        let before = serde_json::to_value(&current).map_err(ApiError::internal)?;
        waiting.push((item, before, current.version()));
        changes.push((current, draft));
    }
    bulk::update::<R>(tx, changes).await?;
    let ids: Vec<Uuid> = waiting.iter().map(|(item, ..)| item.record_id).collect();
    let after = bulk::load::<R>(tx, &ids, For::Reading).await?;
    for (item, before, version) in waiting {
        told::<R>(item, &before, version, &after)?;
    }
    Ok(())
}

/// Says what became of a record.
fn told<R: Stored>(item: &mut Item, before: &Json, version: i32, after: &HashMap<Uuid, R>) -> ApiResult<()> {
    let Some(now) = after.get(&item.record_id) else { return Ok(()) };
    if now.version() == version {
        item.outcome = BulkOutcome::Unchanged;
        return Ok(());
    }
    let fresh = serde_json::to_value(now).map_err(ApiError::internal)?;
    item.outcome = BulkOutcome::Changed;
    item.before = Some(changed_members(R::spec(), before, &fresh));
    item.version_after = Some(now.version());
    Ok(())
}

/// What the writable fields held that hold something else now: also those that followed from the change.
fn changed_members(spec: &'static RecordSpec, before: &Json, after: &Json) -> Map<String, Json> {
    let of = |json: &Json, name: &str| json.get(name).cloned().unwrap_or(Json::Null);
    let changed = spec.writable().filter(|field| of(before, field.name) != of(after, field.name));
    changed.map(|field| (field.name.to_owned(), of(before, field.name))).collect()
}

/// What is sent to the record, as in a change of it alone.
fn input_of(job: &Job, item: &Item, present: &[String]) -> Map<String, Json> {
    if let Some((before, _)) = &item.back {
        return before.clone();
    }
    let named = |name: &String| job.input.tags.iter().any(|tag| tags::norm(tag) == tags::norm(name));
    let tags: Vec<String> = match job.shown.action {
        BulkAction::AddTags => {
            let has = |tag: &&String| !present.iter().any(|name| tags::norm(name) == tags::norm(tag));
            present.iter().chain(job.input.tags.iter().filter(has)).cloned().collect()
        }
        BulkAction::RemoveTags => present.iter().filter(|name| !named(name)).cloned().collect(),
        _ => return job.input.fields.clone(),
    };
    Map::from_iter([("tags".to_owned(), json!(tags))])
}
