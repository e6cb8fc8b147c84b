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
pub use conflict::{Conflict, part, value_of};
pub use ops::{Ops, visit};

use super::notice::{Notice, Notices};
use super::query::{Cache, Cached};
use super::{live, queries};
use crate::api::records::{self, Fields};
use crate::api::{ApiFail, ApiResult};
use domain::page::Page;
use domain::records::Record;
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
    pub async fn create<R: Record + Cached>(&self, fields: &Fields) -> ApiResult<R> {
        let fresh = records::create::<R>(fields).await?;
        self.cache.set(&queries::one::<R>(fresh.id()), fresh.clone());
        self.touched(R::TYPE.as_str(), None);
        Ok(fresh)
    }

    /// Changes fields of a record, at once wherever it is shown.
    pub fn update<R: Record + Cached>(&self, record: &R, fields: Fields) {
        self.run(Change::update(record, fields, Fields::new()));
    }

    /// The same, also showing `beside` until the answer is there: names that go with changed ids.
    pub fn update_showing<R: Record + Cached>(&self, record: &R, fields: Fields, beside: Fields) {
        self.run(Change::update(record, fields, beside));
    }

    /// Archives a record; the toast brings it back.
    pub fn archive<R: Record + Cached>(&self, record: &R) {
        self.run(Change::archive(record));
    }

    /// Brings a record back from the archive.
    pub fn restore<R: Record + Cached>(&self, record: &R) {
        self.run(Change::restore(record));
    }

    /// Runs a change.
    pub fn run<R: Record + Cached>(&self, change: Change<R>) {
        let op = self.cache.ops.push(change.id, change.apply.clone());
        let mutations = self.clone();
        queue::after_earlier(change.id, Box::pin(async move { mutations.carry_out(change, op).await }));
    }

    /// Begins a request of a record when the earlier ones have ended.
    pub fn in_turn(id: Uuid, request: impl Future<Output = ()> + 'static) {
        queue::after_earlier(id, Box::pin(request));
    }

    async fn carry_out<R: Record + Cached>(self, change: Change<R>, op: u64) {
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

    fn confirmed<R: Record + Cached>(&self, change: &Change<R>, op: u64, fresh: Option<&R>) {
        self.change_base::<R>(&|value| (change.apply)(value));
        if let Some(fresh) = fresh {
            self.note_version(fresh);
            self.absorb(fresh);
        }
        self.cache.ops.remove(op);
        if !self.cache.is_live() || fresh.is_none() {
            self.touched(R::TYPE.as_str(), Some(change.id));
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

    fn refused<R: Record + Cached>(&self, change: &Change<R>, op: u64, fail: &ApiFail) {
        self.cache.ops.remove(op);
        let current = fail.current().and_then(records::typed::<R>);
        if let Some(current) = current.filter(|_| fail.is_stale()) {
            self.note_version(&current);
            self.absorb(&current);
            if let Some((fields, began)) = &change.saved {
                let now = serde_json::to_value(&current).unwrap_or_default();
                let (mine, rest) = part(fields, began, &now);
                if mine.is_empty() {
                    // Somebody changed other fields: both changes can stand.
                    let saved = Some((rest, now));
                    return self.run(Change { version: current.version(), saved, ..change.clone() });
                }
                let (mutations, title) = (self.clone(), current.title().to_owned());
                let save = Arc::new(move |fields| mutations.update(&current, fields));
                self.ask(Conflict { record: R::TYPE, id: change.id, title, mine, rest, current: now, save });
                return;
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
    pub fn absorb<R: Record + Cached>(&self, fresh: &R) {
        let newer = |shown: &mut R| {
            let changed = shown.id() == fresh.id() && shown.version() <= fresh.version() && *shown != *fresh;
            if changed {
                fresh.clone_into(shown);
            }
            changed
        };
        self.change_base::<R>(&|value| visit::<R>(value, &newer));
    }

    /// Changes the cached truth in every form in which records of this type are kept.
    fn change_base<R: Record + Cached>(&self, change: &dyn Fn(&mut dyn Any) -> bool) {
        self.cache.update_where::<R>(|_| true, |value| change(value));
        self.cache.update_where::<Page<R>>(|_| true, |value| change(value));
        ops::update_boards::<R>(&self.cache, change);
    }

    /// Fetches again what a change of this thing touches, as if the server had told of it.
    pub fn touched(&self, entity: &str, id: Option<Uuid>) {
        self.cache.invalidate_where(|key| live::touches(key, entity, id));
    }

    fn version_of(&self, id: Uuid) -> i32 {
        self.versions.read().ok().and_then(|known| known.get(&id).copied()).unwrap_or(0)
    }

    fn note_version<R: Record>(&self, fresh: &R) {
        if let Ok(mut known) = self.versions.write() {
            let newest = known.entry(fresh.id()).or_default();
            *newest = (*newest).max(fresh.version());
        }
    }
}
