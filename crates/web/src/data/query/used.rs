//! Queries in use by components.

use super::{Cache, Cached, Def, Entry, Keyed, Shared, load, use_cache};
use crate::api::ApiFail;
use crate::data::mutation::Ops;
use leptos::prelude::*;
use std::marker::PhantomData;
use std::sync::Arc;

/// Where a query stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Load<T> {
    /// Nothing to show yet.
    Loading,
    /// The data; a quiet refetch may be under way.
    Ready(Arc<T>),
    /// Nothing to show, and this is why.
    Failed(ApiFail),
}

/// A pointer to data of any type that is compared as a pointer.
#[derive(Clone)]
struct Ptr(Option<Shared>);

impl PartialEq for Ptr {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        }
    }
}

/// Where a query of any type stands.
#[derive(Clone)]
enum Stand {
    Loading,
    Ready(Ptr),
    Failed(ApiFail),
}

impl PartialEq for Stand {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Loading, Self::Loading) => true,
            (Self::Ready(a), Self::Ready(b)) => a == b,
            (Self::Failed(a), Self::Failed(b)) => a == b,
            _ => false,
        }
    }
}

/// A query in use by a component. Copy it into closures freely; it lives as long as the component.
pub struct Query<T: Cached> {
    used: Used,
    of: PhantomData<fn() -> T>,
}

/// What a query in use consists of. Not generic, as all that is made for it: that is compiled once and not once for
/// each type of data.
#[derive(Clone, Copy)]
struct Used {
    entry: Memo<Option<Entry>>,
    data: Memo<Ptr>,
    /// Of `data` and the failure: an effect that reads a memo and also one that this is made of misses changes of the
    /// latter alone.
    stand: Memo<Stand>,
    fetching: Signal<bool>,
    cache: StoredValue<Cache>,
}

impl<T: Cached> Clone for Query<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Cached> Copy for Query<T> {}

fn typed<T: Cached>(data: Option<Shared>) -> Option<Arc<T>> {
    data.and_then(|data| data.downcast::<T>().ok())
}

impl<T: Cached> Query<T> {
    /// The data with the pending changes applied; `None` until it was fetched for the first time.
    pub fn data(&self) -> Option<Arc<T>> {
        typed(self.used.data.try_get().and_then(|ptr| ptr.0))
    }

    /// The same without subscribing.
    pub fn data_untracked(&self) -> Option<Arc<T>> {
        typed(self.used.data.try_get_untracked().and_then(|ptr| ptr.0))
    }

    /// Where it stands. A lapsed session counts as loading: the sign-in dialog is over the page and fetches again.
    pub fn state(&self) -> Load<T> {
        match self.used.stand.try_get().unwrap_or(Stand::Loading) {
            Stand::Ready(data) => typed(data.0).map_or(Load::Loading, Load::Ready),
            Stand::Failed(fail) => Load::Failed(fail),
            Stand::Loading => Load::Loading,
        }
    }

    /// Why there is nothing to show, if that is so.
    pub fn failure(&self) -> Memo<Option<ApiFail>> {
        self.used.failure()
    }

    /// Whether a fetch is under way, quiet or not.
    pub fn is_fetching(&self) -> bool {
        self.used.fetching.try_get().unwrap_or(false)
    }

    /// Fetches again.
    pub fn refetch(&self) {
        self.used.refetch();
    }

    /// The data, or that of the key before until there is new data: for lists whose filter changes.
    pub fn keeping(&self) -> Signal<Option<Arc<T>>> {
        let kept = self.used.keeping();
        Signal::derive(move || typed(kept.get().0))
    }
}

impl Used {
    fn failure(self) -> Memo<Option<ApiFail>> {
        Memo::new(move |_| match self.stand.try_get() {
            Some(Stand::Failed(fail)) => Some(fail),
            _ => None,
        })
    }

    fn refetch(self) {
        let key = self.entry.try_get_untracked().flatten().map(|entry| entry.key);
        if let (Some(key), Some(cache)) = (key, self.cache.try_get_value()) {
            cache.invalidate_where(|other| *other == key);
        }
    }

    fn keeping(self) -> Memo<Ptr> {
        Memo::new(move |before: Option<&Ptr>| match self.stand.try_get().unwrap_or(Stand::Loading) {
            Stand::Ready(data) => data,
            Stand::Loading => before.cloned().unwrap_or(Ptr(None)),
            Stand::Failed(_) => Ptr(None),
        })
    }
}

/// Uses a query in a component. `def` is reactive; `None` fetches nothing.
pub fn use_query<T: Cached>(def: impl Fn() -> Option<Def<T>> + Send + Sync + 'static) -> Query<T> {
    // Of another type it would be no data of this query.
    let fold = |ops: &Ops, data: Shared| -> Option<Shared> {
        let folded: Arc<T> = ops.fold(data.downcast::<T>().ok()?);
        Some(folded)
    };
    Query { used: used(Box::new(move || def().map(|def| def.keyed())), fold), of: PhantomData }
}

/// `fold` applies the pending changes to the data.
fn used(keyed: Box<dyn Fn() -> Option<Keyed> + Send + Sync>, fold: fn(&Ops, Shared) -> Option<Shared>) -> Used {
    let cache = use_cache();
    let keyed = Memo::new(move |_| keyed());
    let client = cache.client;

    // A failure is not kept: whoever comes back to the page tries again.
    let failed = keyed.get_untracked().filter(|k| cache.entry(k).is_some_and(|e| e.error.is_some()));
    if let Some(failed) = failed {
        cache.invalidate_where(|key| *key == failed.key);
    }

    let resource = client.local_resource(load, move || keyed.get());
    let fetching = client.subscribe_is_fetching_local(load, move || keyed.get());
    // Nothing but this memo reads the resource. A memo with more sources, one of which may have changed, asks each of
    // them whether it did. A resource that is due to run answers yes and takes that for the run: it never fetches.
    let fetched = Memo::new({
        let cache = cache.clone();
        move |_| cache.detached.with(|| resource.get()).flatten()
    });
    let entry = Memo::new({
        let cache = cache.clone();
        move |_| {
            cache.epoch.track();
            let fetched = fetched.get();
            let keyed = keyed.get()?;
            cache.entry(&keyed).or_else(|| fetched.filter(|entry| entry.key == keyed.key))
        }
    });
    let data = Memo::new({
        let ops = cache.ops.clone();
        move |_| Ptr(entry.get().and_then(|entry| fold(&ops, entry.data?)))
    });
    let error = Memo::new(move |_| entry.with(|entry| entry.as_ref().and_then(|entry| entry.error.clone())));
    let stand = Memo::new(move |_| match (data.get(), error.get()) {
        (data @ Ptr(Some(_)), _) => Stand::Ready(data),
        (_, Some(fail)) if !fail.is_unauthenticated() => Stand::Failed(fail),
        _ => Stand::Loading,
    });
    Used { entry, data, stand, fetching, cache: StoredValue::new(cache) }
}
