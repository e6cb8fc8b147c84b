//! The cache of what was fetched. The only file that knows leptos-fetch.
//!
//! All queries share one scope of the library: its keys carry how to fetch ([`Keyed`]), its values are shared pointers
//! to any type ([`Entry`]). So the library is compiled once, and a prefix of keys can be invalidated or changed
//! whatever the types behind it are.

mod used;

pub use used::{Load, Query, use_query};

use super::mutation::Ops;
use crate::api::{ApiFail, ApiResult};
use leptos::prelude::*;
use leptos_fetch::{QueryClient, QueryOptions};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
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
    /// How often something was written from here, by key.
    static WRITTEN: RefCell<HashMap<Key, u64>> = RefCell::default();
}

fn times_written(key: &Key) -> u64 {
    WRITTEN.with_borrow(|times| times.get(key).copied().unwrap_or(0))
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

/// The one scope: fetches, and keeps the data of before where the failure may pass. What was saved while the answer was
/// on its way may be missing in it: then it is fetched again, so that nothing that is shown goes back to what it was.
async fn load(keyed: Keyed) -> Entry {
    let (mut before, mut answer);
    loop {
        let written = times_written(&keyed.key);
        before = CLIENT.get().and_then(|client| client.get_cached_query(load, &keyed)).and_then(|entry| entry.data);
        answer = (keyed.fetch)(before.clone()).await;
        if times_written(&keyed.key) == written {
            break;
        }
    }
    match answer {
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
        self.write(def.keyed(), Some(Arc::new(value)));
    }

    /// Lets go of a value. Whoever uses it next fetches it.
    pub fn forget<T: Cached>(&self, def: &Def<T>) {
        let keyed = def.keyed();
        if self.entry(&keyed).is_some() {
            // The library removes single values only after a time of its own.
            self.write(keyed, None);
            self.invalidate_where(|key| *key == def.key);
        }
    }

    /// Changes every cached `T` whose key the predicate takes; `change` tells whether it did anything.
    pub fn update_where<T: Cached>(&self, wanted: impl Fn(&Key) -> bool, change: impl Fn(&mut T) -> bool) {
        for keyed in self.keys(wanted) {
            let cached = self.entry(&keyed).and_then(|entry| entry.data?.downcast::<T>().ok());
            let Some(cached) = cached else { continue };
            let mut value = T::clone(&cached);
            if change(&mut value) {
                self.write(keyed, Some(Arc::new(value)));
            }
        }
    }

    fn write(&self, keyed: Keyed, data: Option<Shared>) {
        WRITTEN.with_borrow_mut(|times| *times.entry(keyed.key.clone()).or_default() += 1);
        let entry = Entry { key: keyed.key.clone(), data, error: None };
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
