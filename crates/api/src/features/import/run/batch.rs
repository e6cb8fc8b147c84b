//! The rows of a batch: found, made or changed, in waves.

use super::Import;
use super::item::{Importable, Item, Outcome};
use super::tally::Tally;
use super::update;
use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use crate::records::bulk::batch::Batch;
pub(super) use crate::records::bulk::batch::apply;
use crate::records::bulk::{self, New};
use domain::draft::Mode;
use domain::error::ErrorCode;
use domain::import::plan::{ImportMode, OnDuplicate};
use domain::import::row::Key;
use std::collections::HashSet;
use std::marker::PhantomData;
use uuid::Uuid;

/// Stores the rows of a batch and says of each what became of it.
pub(super) struct Rows<'a, R> {
    import: &'a Import<'a>,
    tally: &'a mut Tally,
    record: PhantomData<fn() -> R>,
}

impl<'a, R> Rows<'a, R> {
    /// Rows of `import`; what else there is to tell goes into `tally`.
    pub fn new(import: &'a Import<'a>, tally: &'a mut Tally) -> Self {
        Self { import, tally, record: PhantomData }
    }
}

impl<R: Importable> Batch for Rows<'_, R> {
    type Item = Item;

    async fn together(&mut self, tx: &TenantTx, items: &mut [Item]) -> ApiResult<()> {
        let mut after = self.tally.clone();
        waves::<R>(tx, self.import, items, &mut after).await?;
        *self.tally = after;
        Ok(())
    }

    fn refuse(&self, item: &mut Item, error: &ApiError) {
        match error.fields() {
            [] if *error.code() == ErrorCode::Internal => item.refuse("", "internal", "The row could not be stored."),
            [] => item.refuse("", error.code().as_str(), error.detail()),
            fields => item.refuse_fields(fields),
        }
    }
}

/// Rows about the same record come one after the other: each wave holds every key once.
async fn waves<R: Importable>(
    tx: &TenantTx,
    import: &Import<'_>,
    items: &mut [Item],
    tally: &mut Tally,
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
        one_wave::<R>(tx, import, wave, tally).await?;
    }
}

async fn one_wave<R: Importable>(
    tx: &TenantTx,
    import: &Import<'_>,
    wave: Vec<&mut Item>,
    tally: &mut Tally,
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
            (ImportMode::CreateNew, OnDuplicate::Create) if R::SPEC.import.twins => creates.push(item),
            (ImportMode::CreateNew, OnDuplicate::Create) => {
                item.refuse("", "duplicate", "A record with this key exists already.");
            }
            // Two rows about one record: the second waits for the next wave.
            _ if updates.iter().any(|(id, _)| *id == found.id) => {}
            _ => updates.push((found.id, item)),
        }
    }
    creates.retain_mut(|item| check_new::<R>(tx, item));
    let mut updates = update::load::<R>(tx, options.mode, updates).await?;
    let mut linked: Vec<&mut Item> = creates.iter_mut().map(|item| &mut **item).collect();
    linked.extend(updates.iter_mut().map(|(_, item)| &mut **item));
    R::link(tx, import, &mut linked, tally).await?;
    drop(linked);
    create::<R>(tx, import, creates, tally).await?;
    update::apply::<R>(tx, options.mode, updates, tally).await
}

/// Whether a row can become a new record; otherwise it is refused.
fn check_new<R: Importable>(tx: &TenantTx, item: &mut Item) -> bool {
    match item.row.draft(tx.schema(R::TYPE), Mode::Create) {
        Ok(_) => true,
        Err(fields) => {
            item.refuse_fields(&fields);
            false
        }
    }
}

async fn create<R: Importable>(
    tx: &TenantTx,
    import: &Import<'_>,
    items: Vec<&mut Item>,
    tally: &mut Tally,
) -> ApiResult<()> {
    let mut rows = Vec::with_capacity(items.len());
    let mut made = Vec::with_capacity(items.len());
    for item in items {
        match item.row.draft(tx.schema(R::TYPE), Mode::Create) {
            Ok(draft) => {
                rows.push(New { id: Uuid::now_v7(), draft, related: std::mem::take(&mut item.related) });
                made.push(item);
            }
            Err(fields) => item.refuse_fields(&fields),
        }
    }
    bulk::create::<R>(tx, &mut rows, &import.details).await?;
    for (item, row) in made.into_iter().zip(rows) {
        item.outcome = Outcome::Created;
        tally.made(R::TYPE, row.id, item.number);
    }
    Ok(())
}
