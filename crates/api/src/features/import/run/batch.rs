//! One batch: all rows together where possible, one by one where a row breaks a rule that only the database sees.

use super::Import;
use super::item::{Importable, Item, Outcome};
use super::update;
use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use crate::records::bulk::{self, New};
use domain::draft::Mode;
use domain::error::ErrorCode;
use domain::import::job::ImportSummary;
use domain::import::plan::{ImportMode, OnDuplicate};
use domain::import::row::Key;
use sea_orm::ConnectionTrait;
use std::collections::HashSet;
use uuid::Uuid;

/// Stores the rows of a batch and says of each what became of it.
///
/// # Errors
/// The database cannot be reached. A bad row is no error: it is refused, and its neighbours are stored.
pub(super) async fn apply<R: Importable>(
    tx: &TenantTx,
    import: &Import<'_>,
    items: &mut [Item],
    summary: &mut ImportSummary,
) -> ApiResult<()> {
    let before = items.to_vec();
    let Err(error) = attempt::<R>(tx, import, items, summary).await? else { return Ok(()) };
    tracing::debug!(%error, "a batch is imported row by row");
    items.clone_from_slice(&before);
    for item in items {
        let alone = std::slice::from_mut(item);
        if let Err(error) = attempt::<R>(tx, import, alone, summary).await? {
            if *error.code() == ErrorCode::Internal {
                error.log("import");
            }
            refuse(item, &error);
        }
    }
    Ok(())
}

/// Runs in a savepoint; the inner error is one that the rows themselves have caused.
async fn attempt<R: Importable>(
    tx: &TenantTx,
    import: &Import<'_>,
    items: &mut [Item],
    summary: &mut ImportSummary,
) -> ApiResult<Result<(), ApiError>> {
    tx.conn().execute_unprepared("SAVEPOINT import_rows").await?;
    let mut after = summary.clone();
    match Box::pin(waves::<R>(tx, import, items, &mut after)).await {
        Ok(()) => {
            tx.conn().execute_unprepared("RELEASE SAVEPOINT import_rows").await?;
            *summary = after;
            Ok(Ok(()))
        }
        Err(error) if *error.code() == ErrorCode::Unavailable => Err(error),
        Err(error) => {
            tx.conn().execute_unprepared("ROLLBACK TO SAVEPOINT import_rows").await?;
            Ok(Err(error))
        }
    }
}

fn refuse(item: &mut Item, error: &ApiError) {
    match error.fields() {
        [] if *error.code() == ErrorCode::Internal => {
            item.refuse("", "internal", "The row could not be stored.");
        }
        [] => item.refuse("", error.code().as_str(), error.detail()),
        fields => item.refuse_fields(fields),
    }
}

/// Rows about the same record come one after the other: each wave holds every key once.
async fn waves<R: Importable>(
    tx: &TenantTx,
    import: &Import<'_>,
    items: &mut [Item],
    summary: &mut ImportSummary,
) -> ApiResult<()> {
    loop {
        let mut taken: HashSet<Key> = HashSet::new();
        let mut wave: Vec<&mut Item> = Vec::new();
        for item in items.iter_mut().filter(|i| i.outcome == Outcome::Waiting) {
            let keys = item.row.keys(R::TYPE);
            let is_first = keys.iter().all(|key| !taken.contains(key));
            // A row that waits holds back those after it that share one of its keys.
            taken.extend(keys);
            if is_first {
                wave.push(item);
            }
        }
        if wave.is_empty() {
            return Ok(());
        }
        one_wave::<R>(tx, import, wave, summary).await?;
    }
}

async fn one_wave<R: Importable>(
    tx: &TenantTx,
    import: &Import<'_>,
    wave: Vec<&mut Item>,
    summary: &mut ImportSummary,
) -> ApiResult<()> {
    let options = &import.plan.options;
    let rows: Vec<_> = wave.iter().map(|item| &item.row).collect();
    let existing = R::existing(tx, import, &rows).await?;
    let mut creates: Vec<&mut Item> = Vec::new();
    let mut updates: Vec<(Uuid, &mut Item)> = Vec::new();
    for (item, found) in wave.into_iter().zip(existing) {
        let Some(found) = found else {
            creates.push(item);
            continue;
        };
        match (options.mode, options.on_duplicate) {
            _ if found.archived => {
                item.refuse("", "archived", "A record with this key is in the archive. Restore it first.");
            }
            (ImportMode::CreateNew, OnDuplicate::Skip) => item.outcome = Outcome::Unchanged,
            (ImportMode::CreateNew, OnDuplicate::Create) if R::TWINS => creates.push(item),
            (ImportMode::CreateNew, OnDuplicate::Create) => {
                item.refuse("", "duplicate", "A record with this key exists already.");
            }
            // Two rows about one record: the second waits for the next wave.
            _ if updates.iter().any(|(id, _)| *id == found.id) => {}
            _ => updates.push((found.id, item)),
        }
    }
    creates.retain_mut(|item| check_new::<R>(item));
    let mut linked: Vec<&mut Item> = creates.iter_mut().map(|item| &mut **item).collect();
    linked.extend(updates.iter_mut().map(|(_, item)| &mut **item));
    R::link(tx, import, &mut linked, summary).await?;
    drop(linked);
    create::<R>(tx, import, creates).await?;
    update::apply::<R>(tx, options, updates).await
}

/// Whether a row can become a new record; otherwise it is refused.
fn check_new<R: Importable>(item: &mut Item) -> bool {
    match item.row.draft(R::TYPE, Mode::Create) {
        Ok(_) => true,
        Err(fields) => {
            item.refuse_fields(&fields);
            false
        }
    }
}

async fn create<R: Importable>(tx: &TenantTx, import: &Import<'_>, items: Vec<&mut Item>) -> ApiResult<()> {
    let mut rows = Vec::with_capacity(items.len());
    let mut made = Vec::with_capacity(items.len());
    for item in items {
        match item.row.draft(R::TYPE, Mode::Create) {
            Ok(draft) => {
                rows.push(New { id: Uuid::now_v7(), draft, related: std::mem::take(&mut item.related) });
                made.push(item);
            }
            Err(fields) => item.refuse_fields(&fields),
        }
    }
    bulk::create::<R>(tx, &mut rows, &import.details).await?;
    for item in made {
        item.outcome = Outcome::Created;
    }
    Ok(())
}
