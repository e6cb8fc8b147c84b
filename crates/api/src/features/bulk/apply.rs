//! What is done to the records of a batch.

use super::store::{Back, Item, Job};
use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use crate::records::bulk::batch::Batch;
use crate::records::bulk::changes;
use crate::records::read::For;
use crate::records::{Stored, bulk, references, referrers};
use domain::bulk::{BulkAction, BulkOutcome};
use domain::catalog::Field;
use domain::draft::{Draft, Mode};
use domain::error::ErrorCode;
use domain::tags;
use serde_json::{Map, Value as Json, json};
use std::collections::{HashMap, HashSet};
use std::marker::PhantomData;
use uuid::Uuid;

/// Does a job's work on records and says of each what became of it.
pub struct Work<'a, R> {
    job: &'a Job,
    record: PhantomData<fn() -> R>,
}

impl<'a, R> Work<'a, R> {
    /// The work of a job.
    pub fn of(job: &'a Job) -> Self {
        Self { job, record: PhantomData }
    }
}

/// What is done to a record.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Step {
    Fields,
    Archive,
    Restore,
    Delete,
}

/// A job that takes another back does the opposite.
fn step(job: &Job, item: &Item) -> Step {
    let back = job.shown.undoes.is_some();
    match job.shown.action {
        BulkAction::UndoImport if matches!(item.back, Some(Back::Made(_))) => Step::Delete,
        BulkAction::Update | BulkAction::AddTags | BulkAction::RemoveTags | BulkAction::UndoImport => Step::Fields,
        BulkAction::Archive if back => Step::Restore,
        BulkAction::Restore if back => Step::Archive,
        BulkAction::Archive => Step::Archive,
        BulkAction::Restore => Step::Restore,
        BulkAction::Delete => Step::Delete,
    }
}

impl<R: Stored> Batch for Work<'_, R> {
    type Item = Item;

    async fn together(&mut self, tx: &TenantTx, items: &mut [Item]) -> ApiResult<()> {
        let ids: Vec<Uuid> = items.iter().map(|item| item.record_id).collect();
        let mut records = bulk::load::<R>(tx, &ids, For::Update).await?;
        let in_use = self.made_and_in_use(tx, items).await?;
        let mut ready: HashMap<Step, Vec<(&mut Item, R)>> = HashMap::new();
        for item in items {
            let step = step(self.job, item);
            match records.remove(&item.record_id) {
                Some(current) => {
                    item.name = current.title().to_owned();
                    match refusal(tx, step, item, &current, in_use.contains(&item.record_id))? {
                        Some(reason) => item.refuse(reason),
                        None => ready.entry(step).or_default().push((item, current)),
                    }
                }
                None if step == Step::Delete => item.outcome = BulkOutcome::Unchanged,
                None => item.refuse("It has been deleted meanwhile."),
            }
        }
        for (step, ready) in ready {
            match step {
                Step::Fields => fields::<R>(tx, self.job, ready).await?,
                Step::Archive | Step::Restore | Step::Delete => states::<R>(tx, step, ready).await?,
            }
        }
        Ok(())
    }

    fn refuse(&self, item: &mut Item, error: &ApiError) {
        item.refuse(match error.code() {
            ErrorCode::Internal => "The record could not be changed.".to_owned(),
            _ => error.fields().first().map_or_else(|| error.detail().to_owned(), |field| field.message.clone()),
        });
    }
}

impl<R: Stored> Work<'_, R> {
    /// Of the records that an import has made: those that something was linked to since.
    async fn made_and_in_use(&self, tx: &TenantTx, items: &[Item]) -> ApiResult<HashSet<Uuid>> {
        let made = items.iter().filter(|item| matches!(item.back, Some(Back::Made(_))));
        let made: Vec<Uuid> = made.map(|item| item.record_id).collect();
        referrers::in_use::<R>(tx, &made).await
    }
}

/// Why a record is left alone, if it is.
fn refusal<R: Stored>(
    tx: &TenantTx,
    step: Step,
    item: &Item,
    current: &R,
    in_use: bool,
) -> ApiResult<Option<&'static str>> {
    let permissions = R::TYPE.permissions();
    let needed = match step {
        Step::Fields => permissions.update,
        Step::Archive | Step::Restore | Step::Delete => permissions.delete,
    };
    if step == Step::Delete {
        super::may_delete(tx)?;
    }
    let may = current.allows(tx.require(needed)?, tx.user_id().unwrap_or_default());
    Ok(match item.back {
        _ if !may => Some("You can only change your own."),
        Some(Back::Made(version)) if version != current.version() => {
            Some("It has been changed since the import, and stays.")
        }
        Some(Back::Made(_)) if in_use => Some("Other records are linked to it, so it stays."),
        _ if step == Step::Fields && current.deleted_at().is_some() => Some("It is in the archive. Restore it first."),
        _ => None,
    })
}

/// Archives, restores or deletes, as single requests do.
async fn states<R: Stored>(tx: &TenantTx, step: Step, ready: Vec<(&mut Item, R)>) -> ApiResult<()> {
    let (mut items, mut records) = (Vec::with_capacity(ready.len()), Vec::with_capacity(ready.len()));
    for (item, current) in ready {
        let archived = current.deleted_at().is_some();
        if (step == Step::Archive && archived) || (step == Step::Restore && !archived) {
            item.outcome = BulkOutcome::Unchanged;
        } else {
            items.push(item);
            records.push(current);
        }
    }
    match step {
        Step::Archive => bulk::archive(tx, &records).await.map(drop)?,
        Step::Restore => bulk::restore(tx, &records).await.map(drop)?,
        Step::Delete | Step::Fields => bulk::delete(tx, &records).await?,
    }
    for item in items {
        item.outcome = BulkOutcome::Changed;
    }
    Ok(())
}

/// Changes fields or tags.
async fn fields<R: Stored>(tx: &TenantTx, job: &Job, ready: Vec<(&mut Item, R)>) -> ApiResult<()> {
    let mut drafts = Vec::with_capacity(ready.len());
    let mut items = HashMap::with_capacity(ready.len());
    // The same ids in every record's input are looked up once.
    let mut looked_up: HashSet<String> = HashSet::new();
    for (item, current) in ready {
        let mut input = input_of(tx, job, item, &current)?;
        if input.is_empty() {
            item.outcome = if item.reason.is_some() { BulkOutcome::Refused } else { BulkOutcome::Unchanged };
            continue;
        }
        R::normalise_input(tx, &mut input, Some(&current)).await?;
        let draft = Draft::parse(tx.schema(R::TYPE), Mode::Update, &input).map_err(ApiError::invalid)?;
        if looked_up.insert(Json::Object(input).to_string()) {
            references::check(tx, &draft).await?;
        }
        item.outcome = BulkOutcome::Unchanged;
        items.insert(item.record_id, item);
        drafts.push((current, draft));
    }
    for updated in bulk::update::<R>(tx, drafts).await? {
        let Some(item) = items.get_mut(&updated.after.id()) else { continue };
        item.outcome = BulkOutcome::Changed;
        item.changes = Some(changes::between(tx, &updated.before, &updated.after)?);
    }
    Ok(())
}

/// What is sent to the record, as in a change of it alone.
fn input_of<R: Stored>(tx: &TenantTx, job: &Job, item: &mut Item, current: &R) -> ApiResult<Map<String, Json>> {
    if let Some(Back::Changed(done)) = &item.back {
        let back = changes::back(tx, done, current)?;
        item.reason = kept(&back.kept);
        return Ok(back.input);
    }
    let present = current.tags();
    let named = |name: &String| job.input.tags.iter().any(|tag| tags::norm(tag) == tags::norm(name));
    let tags: Vec<String> = match job.shown.action {
        BulkAction::AddTags => {
            let has = |tag: &&String| !present.iter().any(|name| tags::norm(name) == tags::norm(tag));
            present.iter().chain(job.input.tags.iter().filter(has)).cloned().collect()
        }
        BulkAction::RemoveTags => present.iter().filter(|name| !named(name)).cloned().collect(),
        _ => return Ok(job.input.fields.clone()),
    };
    Ok(Map::from_iter([("tags".to_owned(), json!(tags))]))
}

/// Says which fields are left alone because somebody has changed them since.
fn kept(fields: &[&'static Field]) -> Option<String> {
    let labels: Vec<&str> = fields.iter().map(|field| field.label).collect();
    (!labels.is_empty()).then(|| format!("Changed since, and left as it is: {}.", labels.join(", ")))
}
