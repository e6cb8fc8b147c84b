//! Changes that show at once and are confirmed, or rolled back alone, when the server has answered.
//!
//! What is on the screen is `fold(base, pending)`. `base` is the cache: only answers of the server go there. A
//! [`Change`] in flight is an operation of [`Ops`], folded over whatever is read. Success writes the answer into the
//! base and takes the operation off in the same tick; failure only takes it off. So two changes in flight never
//! restore each other's past, and a refetch in between does no harm.

mod change;
mod conflict;
mod ops;
mod queue;

pub use change::Change;
pub use conflict::{Conflict, part};
pub use ops::{Ops, show};

use super::notice::{Notice, Notices};
use super::query::Cache;
use super::{live, queries};
use crate::api::records::{self, Fields};
use crate::api::{ApiFail, ApiResult, Row};
use domain::catalog::RecordType;
use domain::deals::board::Board;
use domain::page::Page;
use leptos::prelude::*;
use std::any::Any;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, RwLock};
use uuid::Uuid;

/// How things are changed, in context.
#[derive(Clone)]
pub struct Mutations {
    cache: Cache,
    notices: Notices,
    conflict: ArcRwSignal<Option<Conflict>>,
    /// Conflicts that wait until the one before is decided.
    further: Arc<RwLock<VecDeque<Conflict>>>,
    /// The newest version that the server has told of records changed here.
    versions: Arc<RwLock<HashMap<Uuid, i32>>>,
}

/// How things are changed.
pub fn use_mutations() -> Mutations {
    super::from_context(|| Mutations::new(super::use_cache(), super::use_notices()))
}

impl Mutations {
    pub(super) fn new(cache: Cache, notices: Notices) -> Self {
        Self { cache, notices, conflict: ArcRwSignal::new(None), further: Arc::default(), versions: Arc::default() }
    }

    /// A save that met a newer version; the person decides field by field, then calls [`Mutations::decided`].
    pub fn conflict(&self) -> ArcRwSignal<Option<Conflict>> {
        self.conflict.clone()
    }

    /// Whether changes of this record are on their way.
    pub fn is_pending(&self, id: Uuid) -> bool {
        self.cache.ops.concerns(id)
    }

    /// Makes a record. Waits for the answer: forms show its field errors.
    pub async fn create(&self, record: RecordType, fields: &Fields) -> ApiResult<Row> {
        let fresh = records::create(record, fields).await?;
        self.cache.set(&queries::one(record, fresh.id), fresh.clone());
        self.touched(record.as_str(), None);
        Ok(fresh)
    }

    /// Saves fields of a record. Waits for the answer: forms show its field errors.
    pub async fn save(&self, row: &Row, fields: &Fields) -> ApiResult<Row> {
        let fresh = records::update(row.record, row.id, row.version, fields).await?;
        self.absorb(&fresh);
        self.touched(row.record.as_str(), Some(row.id));
        Ok(fresh)
    }

    /// Deletes a record for good. Waits for the answer.
    pub async fn delete(&self, record: RecordType, id: Uuid) -> ApiResult<()> {
        records::delete_forever(record, id).await?;
        self.touched(record.as_str(), None);
        Ok(())
    }

    /// Changes fields of a record, at once wherever it is shown. `beside` is shown with them until the answer is there:
    /// names that go with changed ids.
    pub fn update(&self, row: &Row, fields: Fields, beside: Fields) {
        self.run(Change::update(row, fields, beside));
    }

    /// Archives a record; the toast brings it back.
    pub fn archive(&self, row: &Row) {
        self.run(Change::archive(row));
    }

    /// Brings a record back from the archive.
    pub fn restore(&self, row: &Row) {
        self.run(Change::restore(row));
    }

    /// Runs a change.
    pub fn run(&self, change: Change) {
        let op = self.cache.ops.push(change.id, change.apply.clone());
        let mutations = self.clone();
        queue::after_earlier(change.id, Box::pin(async move { mutations.carry_out(change, op).await }));
    }

    /// Begins a request of a record when the earlier ones have ended.
    pub fn in_turn(id: Uuid, request: impl Future<Output = ()> + 'static) {
        queue::after_earlier(id, Box::pin(request));
    }

    async fn carry_out(self, change: Change, op: u64) {
        let version = self.version_of(change.id).max(change.version);
        let outcome = (change.request)(version).await;
        match &outcome {
            Ok(fresh) => self.confirmed(&change, op, fresh.as_ref()),
            Err(fail) => self.refused(&change, op, fail),
        }
        if let Some(settled) = &change.settled {
            settled(&outcome);
        }
    }

    fn confirmed(&self, change: &Change, op: u64, fresh: Option<&Row>) {
        self.change_base(change.record, &|value| (change.apply)(value));
        if let Some(fresh) = fresh {
            self.note_version(fresh);
            self.absorb(fresh);
        }
        self.cache.ops.remove(op);
        if !self.cache.is_live() || fresh.is_none() {
            self.touched(change.record.as_str(), Some(change.id));
        }
        if let Some((text, undo)) = &change.undo {
            let (undo, mutations, fresh) = (undo.clone(), self.clone(), fresh.cloned());
            self.notices.show(Notice::done(text.clone()).action("Undo", move || {
                if let Some(back) = undo(fresh.as_ref()) {
                    mutations.run(back);
                }
            }));
        }
    }

    fn refused(&self, change: &Change, op: u64, fail: &ApiFail) {
        self.cache.ops.remove(op);
        let current = fail.current().filter(|_| fail.is_stale()).cloned();
        if let Some(current) = current.and_then(|json| Row::from_json(change.record, json)) {
            self.note_version(&current);
            self.absorb(&current);
            if let Some((fields, began)) = &change.saved {
                let (mine, rest) = part(fields, began, &current);
                if mine.is_empty() {
                    // Somebody changed other fields: both changes can stand.
                    let (version, saved) = (current.version, Some((rest, current)));
                    return self.run(Change { version, saved, ..change.clone() });
                }
                return self.ask(Conflict { mine, rest, current });
            }
        }
        let notice = Notice::failed(format!("{} did not work", change.what), fail);
        let (mutations, again) = (self.clone(), change.clone());
        self.notices.show(notice.action("Retry", move || mutations.run(again.clone())));
    }

    /// Asks the person which fields shall stand.
    pub fn ask(&self, conflict: Conflict) {
        if self.conflict.with_untracked(Option::is_none) {
            self.conflict.set(Some(conflict));
        } else if let Ok(mut further) = self.further.write() {
            further.push_back(conflict);
        }
    }

    /// The person has decided: on to the next conflict, if there is one.
    pub fn decided(&self) {
        let next = self.further.write().ok().and_then(|mut further| further.pop_front());
        self.conflict.set(next);
    }

    /// Writes an answer of the server into the cache, wherever this record is.
    pub fn absorb(&self, fresh: &Row) {
        self.change_base(fresh.record, &|value| ops::absorb(value, fresh));
    }

    /// Changes the cached truth in every form in which records of this type are kept.
    fn change_base(&self, record: RecordType, change: &dyn Fn(&mut dyn Any) -> bool) {
        self.cache.update_where::<Row>(|_| true, |row| change(row));
        self.cache.update_where::<Page<Row>>(|_| true, |page| change(page));
        // Boards hold deals: changes of other types have nothing to do there.
        if record == RecordType::Deal {
            self.cache.update_where::<Board>(|_| true, |board| change(board));
        }
    }

    /// Fetches again what a change of this thing touches, as if the server had told of it.
    pub fn touched(&self, entity: &str, id: Option<Uuid>) {
        self.cache.invalidate_where(|key| live::touches(key, entity, id));
    }

    fn version_of(&self, id: Uuid) -> i32 {
        self.versions.read().ok().and_then(|known| known.get(&id).copied()).unwrap_or(0)
    }

    fn note_version(&self, fresh: &Row) {
        if let Ok(mut known) = self.versions.write() {
            let newest = known.entry(fresh.id).or_default();
            *newest = (*newest).max(fresh.version);
        }
    }
}
