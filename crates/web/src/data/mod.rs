//! What the pages know and how they change it. Pages use this module, never `api` for reading.
//!
//! # Reading
//! ```ignore
//! let companies = use_query(move || Some(queries::list(RecordType::Company, params.get())));
//! view! { {move || match companies.state() {
//!     Load::Loading => skeleton(),
//!     Load::Failed(fail) => error_panel(fail, move || companies.refetch()),
//!     Load::Ready(page) => rows(&page.data),          // page: Arc<Page<Row>>
//! }} }
//! ```
//! - [`query`]: the cache. A [`Def`] says what to fetch and under which [`Key`]; [`use_query`] keeps a [`Query`] of
//!   it in a component. What is cached shows at once and is fetched again quietly when it is stale; a failed refetch
//!   keeps the data. `query.keeping()` holds the rows of the filter before until the new ones are there.
//! - [`queries`]: the definitions. Keys are hierarchical and begin with the plural of the thing:
//!   `["deals", "list", <query string>]`, `["deals", "one", <id>]`, `["deals", "one", <id>, "timeline"]`,
//!   `["deals", "board", <pipeline>, <query string>]`. Further features add their own definitions beside their views.
//! - [`live`]: the WebSocket. A change told by the server invalidates the queries it touches ([`live::touches`]):
//!   pages need not do anything. `use_live().changes()` is there for pages that want to mark what moved.
//! - [`directory`]: members, pipelines and stages by id, always at hand: `use_directory().member_name(id)`.
//! - [`colors`]: `stage_hue`, `tag_hue`: stored colours as the twelve of the palette.
//! - [`session`]: who is signed in and what they may do: `use_session().can(Permission::DealCreate)`,
//!   `session.may_update(&row)`.
//! - [`schema`]: a record type with the organization's own fields, from anywhere: `schema(RecordType::Deal).field(name)`.
//!
//! # Changing
//! ```ignore
//! let mutations = use_mutations();
//! mutations.update(&row, fields, beside);              // optimistic everywhere, If-Match, rollback, 412 → conflict
//! mutations.archive(&row);                             // optimistic, with Undo in the toast
//! mutations.run(Change::new(&row, "Move deal", apply, request).undo(…)); // anything else: board moves, win, tags
//! let saved = mutations.create(RecordType::Company, &fields).await?;   // forms wait for the answer and show its fields[]
//! ```
//! - [`mutation`]: the screen is `fold(base, pending)`: the cached truth with the pending operations on top. A refused
//!   operation is taken off that list, so that it can never undo another one; the person gets a toast with Retry.
//!   Operations on one record are sent one after the other, each with the version the one before answered with.
//!   A stale save (412) appears in `mutations.conflicts()`; the dialog for it belongs to the record pages.
//! - [`notice`]: toasts, without knowing the component: `use_notices().error(&fail)`.

pub mod colors;
pub mod directory;
pub mod live;
pub mod mutation;
pub mod notice;
pub mod queries;
pub mod query;
mod schema;
pub mod session;

pub use directory::{Directory, use_directory};
pub use live::{Live, use_live};
pub use mutation::{Change, Conflict, Mutations, use_mutations};
pub use notice::{Notices, Tone, use_notices};
pub use query::{Cache, Def, Key, Load, Query, use_cache, use_query};
pub use schema::schema;
pub use session::{Phase, Session, use_session};

use leptos::prelude::*;
use std::cell::RefCell;

/// Makes everything of this module available to the components below. Called once, at the top of the app.
pub fn provide_data() {
    ROOT.set(Owner::current());
    let notices = Notices::default();
    provide_context(notices.clone());
    let cache = Cache::new();
    provide_context(cache.clone());
    let session = Session::new(cache.clone());
    provide_context(session.clone());
    provide_context(Mutations::new(cache.clone(), notices));
    provide_context(Live::start(cache, session.clone()));
    provide_context(Directory::new(&session));
    session.check();
}

thread_local! {
    /// The owner that has the contexts: listeners and timers run without one.
    static ROOT: RefCell<Option<Owner>> = const { RefCell::new(None) };
}

/// A context that [`provide_data`] has provided. Outside of the app (a bug) it falls back to an inert one.
fn from_context<T: Clone + Send + Sync + 'static>(inert: impl FnOnce() -> T) -> T {
    let at_root = || ROOT.with_borrow(|root| root.as_ref().and_then(|root| root.with(use_context::<T>)));
    use_context::<T>().or_else(at_root).unwrap_or_else(inert)
}
