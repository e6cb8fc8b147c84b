//! The cache of what was fetched. The only file that knows leptos-fetch.
//!
//! All queries share one scope of the library: its keys carry how to fetch ([`Keyed`]), its values are shared pointers
//! to any type ([`Entry`]). So the library is compiled once, and a prefix of keys can be invalidated or changed
//! whatever the types behind it are.

use super::mutation::Ops;
use crate::api::{ApiFail, ApiResult};
use leptos::prelude::*;
use leptos_fetch::{QueryClient, QueryOptions};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// What was fetched is fetched again on its next use after this time. Live updates come earlier.
const STALE: Duration = Duration::from_secs(60);
/// What nobody uses is forgotten after this time.
const FORGET: Duration = Duration::from_secs(15 * 60);

/// The name of a query, from general to special: `["deals", "one", "<id>"]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Key(Vec<String>);

impl Key {
    /// A key of these parts.
    pub fn new<S: ToString>(parts: impl IntoIterator<Item = S>) -> Self {
        Self(parts.into_iter().map(|part| part.to_string()).collect())
    }

    /// The parts.
    pub fn parts(&self) -> &[String] {
        &self.0
    }

    /// Whether it begins with these parts.
    pub fn starts_with(&self, prefix: &[&str]) -> bool {
        self.0.len() >= prefix.len() && self.0.iter().zip(prefix).all(|(part, wanted)| part == wanted)
    }
}

/// What can be kept in the cache: plain data that can be compared and shared.
pub trait Cached: Clone + PartialEq + Send + Sync + 'static {}
impl<T: Clone + PartialEq + Send + Sync + 'static> Cached for T {}

type Shared = Arc<dyn Any + Send + Sync>;
type Pending = Pin<Box<dyn Future<Output = ApiResult<Shared>>>>;
type Fetch = Arc<dyn Fn(Option<Shared>) -> Pending + Send + Sync>;

/// What to fetch, and under which name it is kept.
pub struct Def<T> {
    key: Key,
    fetch: Fetch,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Def<T> {
    fn clone(&self) -> Self {
        Self { key: self.key.clone(), fetch: self.fetch.clone(), of: PhantomData }
    }
}

impl<T: Cached> Def<T> {
    /// `fetch` is called whenever the data is needed and missing or stale. Two definitions with the same key must
    /// fetch the same thing.
    pub fn new<F>(key: Key, fetch: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ApiResult<T>> + 'static,
    {
        let fetch: Fetch = Arc::new(move |before| {
            let answer = fetch();
            Box::pin(async move {
                let fresh = answer.await?;
                // The same data keeps its pointer, so that nothing is drawn again.
                if let Some(old) = before.filter(|old| old.downcast_ref::<T>() == Some(&fresh)) {
                    return Ok(old);
                }
                let fresh: Shared = Arc::new(fresh);
                Ok(fresh)
            })
        });
        Self { key, fetch, of: PhantomData }
    }

    fn keyed(&self) -> Keyed {
        Keyed { key: self.key.clone(), fetch: self.fetch.clone() }
    }
}

#[derive(Clone)]
struct Keyed {
    key: Key,
    fetch: Fetch,
}

impl PartialEq for Keyed {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Hash for Keyed {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

/// What is known of a query.
#[derive(Clone)]
struct Entry {
    key: Key,
    data: Option<Shared>,
    error: Option<ApiFail>,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        let same = match (&self.data, &other.data) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        same && self.key == other.key && self.error == other.error
    }
}

thread_local! {
    static CLIENT: Cell<Option<QueryClient>> = const { Cell::new(None) };
}

/// An owner without a parent. Making one also makes it the current one, which would hide the contexts of the app
/// from everything that comes after: so the present one is put back.
fn detached_owner() -> Owner {
    let present = Owner::current();
    let detached = Owner::new_root(None);
    if let Some(present) = present {
        present.set();
    }
    detached
}

/// The one scope: fetches, and keeps the data of before where the failure may pass.
async fn load(keyed: Keyed) -> Entry {
    let before = CLIENT.get().and_then(|client| client.get_cached_query(load, &keyed)).and_then(|entry| entry.data);
    match (keyed.fetch)(before.clone()).await {
        Ok(data) => Entry { key: keyed.key, data: Some(data), error: None },
        Err(fail) => {
            let data = before.filter(|_| fail.is_retryable() || fail.is_unauthenticated());
            Entry { key: keyed.key, data, error: Some(fail) }
        }
    }
}

/// The cache, in context.
#[derive(Clone)]
pub struct Cache {
    client: QueryClient,
    /// Grows whenever data was put in from here, so that readers see it in the same tick.
    epoch: ArcRwSignal<u64>,
    /// Pending changes, folded over what is read.
    pub(super) ops: Ops,
    /// Whether the server tells of changes: then nobody else has to.
    live: ArcRwSignal<bool>,
    /// Resources are read under this owner: a `Suspense` or a protected route above must not take them for its own
    /// and replace the page by its fallback.
    detached: Owner,
}

impl Cache {
    pub(super) fn new() -> Self {
        let options = QueryOptions::new().with_stale_time(STALE).with_gc_time(FORGET);
        let client = QueryClient::new().with_options(options);
        CLIENT.set(Some(client));
        Self {
            client,
            epoch: ArcRwSignal::new(0),
            ops: Ops::default(),
            live: ArcRwSignal::new(false),
            detached: detached_owner(),
        }
    }

    /// Whether the live connection stands.
    pub fn is_live(&self) -> bool {
        self.live.get_untracked()
    }

    pub(super) fn live_signal(&self) -> ArcRwSignal<bool> {
        self.live.clone()
    }

    /// Fetches again what is shown and marks the rest stale, where the predicate holds.
    pub fn invalidate_where(&self, touched: impl Fn(&Key) -> bool) {
        self.client.invalidate_queries_with_predicate(load, |keyed: &Keyed| touched(&keyed.key));
    }

    /// The same for keys that begin with these parts.
    pub fn invalidate(&self, prefix: &[&str]) {
        self.invalidate_where(|key| key.starts_with(prefix));
    }

    /// The same for everything.
    pub fn invalidate_all(&self) {
        self.invalidate_where(|_| true);
    }

    /// Forgets everything: another organization or nobody is signed in.
    pub fn clear(&self) {
        self.client.clear();
        self.bump();
    }

    /// Fetches, or takes what is cached and not stale.
    pub async fn fetch<T: Cached>(&self, def: Def<T>) -> ApiResult<Arc<T>> {
        let entry = self.client.fetch_query_local(load, def.keyed()).await;
        let data = entry.data.and_then(|data| data.downcast::<T>().ok());
        match (data, entry.error) {
            (Some(data), _) => Ok(data),
            (None, Some(fail)) => Err(fail),
            (None, None) => Err(ApiFail::unreadable("", &"another type was expected")),
        }
    }

    /// What is cached, stale or not.
    pub fn peek<T: Cached>(&self, def: &Def<T>) -> Option<Arc<T>> {
        self.entry(&def.keyed())?.data?.downcast::<T>().ok()
    }

    /// Puts a value in.
    pub fn set<T: Cached>(&self, def: &Def<T>, value: T) {
        self.put(def.keyed(), Arc::new(value));
    }

    /// Lets go of a value. Whoever uses it next fetches it.
    pub fn forget<T: Cached>(&self, def: &Def<T>) {
        let keyed = def.keyed();
        if self.entry(&keyed).is_some() {
            // The library removes single values only after a time of its own.
            let empty = Entry { key: keyed.key.clone(), data: None, error: None };
            self.client.set_query_local(load, keyed, empty);
            self.invalidate_where(|key| *key == def.key);
            self.bump();
        }
    }

    /// Changes every cached `T` whose key the predicate takes; `change` tells whether it did anything.
    pub fn update_where<T: Cached>(&self, wanted: impl Fn(&Key) -> bool, change: impl Fn(&mut T) -> bool) {
        for keyed in self.keys(wanted) {
            let cached = self.entry(&keyed).and_then(|entry| entry.data?.downcast::<T>().ok());
            let Some(cached) = cached else { continue };
            let mut value = T::clone(&cached);
            if change(&mut value) {
                self.put(keyed, Arc::new(value));
            }
        }
    }

    fn put(&self, keyed: Keyed, data: Shared) {
        let entry = Entry { key: keyed.key.clone(), data: Some(data), error: None };
        self.client.set_query_local(load, keyed, entry);
        self.bump();
    }

    fn bump(&self) {
        self.epoch.update(|n| *n = n.wrapping_add(1));
    }

    fn entry(&self, keyed: &Keyed) -> Option<Entry> {
        self.client.get_cached_query(load, keyed)
    }

    /// The cached keys: the library shows them to predicates of invalidation only.
    fn keys(&self, wanted: impl Fn(&Key) -> bool) -> Vec<Keyed> {
        let found = RefCell::new(Vec::new());
        self.client.invalidate_queries_with_predicate(load, |keyed: &Keyed| {
            if wanted(&keyed.key) {
                found.borrow_mut().push(keyed.clone());
            }
            false
        });
        found.into_inner()
    }
}

/// The cache.
pub fn use_cache() -> Cache {
    super::from_context(Cache::new)
}

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

/// A pointer that is compared as a pointer.
#[derive(Debug)]
struct Ptr<T>(Option<Arc<T>>);

impl<T> Clone for Ptr<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> PartialEq for Ptr<T> {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        }
    }
}

/// A query in use by a component. Copy it into closures freely; it lives as long as the component.
pub struct Query<T: Cached> {
    entry: Memo<Option<Entry>>,
    data: Memo<Ptr<T>>,
    /// Of `data` and `error`: an effect that reads a memo and also one that this is made of misses changes of the
    /// latter alone.
    state: Memo<Load<T>>,
    fetching: Signal<bool>,
    cache: StoredValue<Cache>,
}

impl<T: Cached> Clone for Query<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Cached> Copy for Query<T> {}

impl<T: Cached> Query<T> {
    /// The data with the pending changes applied; `None` until it was fetched for the first time.
    pub fn data(&self) -> Option<Arc<T>> {
        self.data.try_get().and_then(|ptr| ptr.0)
    }

    /// The same without subscribing.
    pub fn data_untracked(&self) -> Option<Arc<T>> {
        self.data.try_get_untracked().and_then(|ptr| ptr.0)
    }

    /// Where it stands. A lapsed session counts as loading: the sign-in dialog is over the page and fetches again.
    pub fn state(&self) -> Load<T> {
        self.state.try_get().unwrap_or(Load::Loading)
    }

    /// Why there is nothing to show, if that is so.
    pub fn failure(&self) -> Memo<Option<ApiFail>> {
        let query = *self;
        Memo::new(move |_| match query.state() {
            Load::Failed(fail) => Some(fail),
            Load::Loading | Load::Ready(_) => None,
        })
    }

    /// Whether a fetch is under way, quiet or not.
    pub fn is_fetching(&self) -> bool {
        self.fetching.try_get().unwrap_or(false)
    }

    /// Fetches again.
    pub fn refetch(&self) {
        let key = self.entry.try_get_untracked().flatten().map(|entry| entry.key);
        if let (Some(key), Some(cache)) = (key, self.cache.try_get_value()) {
            cache.invalidate_where(|other| *other == key);
        }
    }

    /// The data, or that of the key before until there is new data: for lists whose filter changes.
    pub fn keeping(&self) -> Signal<Option<Arc<T>>> {
        let query = *self;
        let kept = Memo::new(move |before: Option<&Ptr<T>>| match query.state() {
            Load::Ready(data) => Ptr(Some(data)),
            Load::Loading => before.cloned().unwrap_or(Ptr(None)),
            Load::Failed(_) => Ptr(None),
        });
        Signal::derive(move || kept.get().0)
    }
}

/// Uses a query in a component. `def` is reactive; `None` fetches nothing.
pub fn use_query<T: Cached>(def: impl Fn() -> Option<Def<T>> + Send + Sync + 'static) -> Query<T> {
    let cache = use_cache();
    let keyed = Memo::new(move |_| def().map(|def| def.keyed()));
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
        move |_| {
            let Some(entry) = entry.get() else { return Ptr(None) };
            let base = entry.data.and_then(|data| data.downcast::<T>().ok());
            Ptr(base.map(|base| ops.fold(base)))
        }
    });
    let error = Memo::new(move |_| entry.with(|entry| entry.as_ref().and_then(|entry| entry.error.clone())));
    let state = Memo::new_with_compare(
        move |_| match (data.get().0, error.get()) {
            (Some(data), _) => Load::Ready(data),
            (None, Some(fail)) if !fail.is_unauthenticated() => Load::Failed(fail),
            (None, _) => Load::Loading,
        },
        |before: Option<&Load<T>>, now: Option<&Load<T>>| match (before, now) {
            (Some(Load::Ready(before)), Some(Load::Ready(now))) => !Arc::ptr_eq(before, now),
            (Some(Load::Failed(before)), Some(Load::Failed(now))) => before != now,
            (Some(Load::Loading), Some(Load::Loading)) => false,
            _ => true,
        },
    );
    Query { entry, data, state, fetching, cache: StoredValue::new(cache) }
}
