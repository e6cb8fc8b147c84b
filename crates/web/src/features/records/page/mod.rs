//! A record on a page of its own, or beside the list or board it was opened from. Both come out of a part of their own
//! ([`crate::parts::records`]).

mod conflict;
mod full;
mod header;
mod panel;
mod properties;
mod timeline;

pub use conflict::ConflictDialog;
pub use header::RecordHeader;
pub use properties::{BlockEdit, Done, RecordProperties, block};
pub use timeline::RecordTimeline;

use super::address::Address;
use super::look::Shown;
use super::lookup::Lookup;
use crate::api::{ApiFail, Row};
use crate::data::{Query, queries, use_query, use_session};
use crate::features::failed::failed;
use crate::palette::remember;
use crate::parts;
use domain::catalog::RecordType;
use full::RecordPage;
use leptos::prelude::*;
use panel::{Beside, panel};

/// The parameter of the address that names the open tab of a side panel.
pub const TAB: &str = "tab";

/// What draws records. Only the way into their part may name [`RECORDS`].
pub(crate) struct RecordViews {
    /// On a page of its own.
    pub page: fn(RecordType) -> AnyView,
    /// Beside a list or the board.
    panel: fn(Beside) -> AnyView,
}

/// Both.
pub(crate) static RECORDS: RecordViews =
    RecordViews { page: |record| view! { <RecordPage record /> }.into_any(), panel };

fn failure(record: RecordType, fail: &ApiFail, found: Query<Row>) -> AnyView {
    failed(format!("The {} could not be loaded", record.label().to_lowercase()), fail, move || found.refetch())
}

/// What the parts of a record need. `found` has been there once.
fn shown(record: RecordType, found: Query<Row>) -> Option<Shown> {
    // A signal and not a memo: the parts read it beside memos made of it, and an effect that does so misses changes
    // (see `Query`). While it is fetched again under another name the last one stays.
    let (row, set_row) = signal(Row::clone(&*found.data_untracked()?));
    Effect::new(move |_| {
        if let Some(now) = found.data().filter(|now| row.with_untracked(|row| *row != **now)) {
            set_row.set(Row::clone(&now));
        }
    });
    let session = use_session();
    row.with_untracked(remember);
    let may_edit = Memo::new(move |_| row.with(|row| row.archived_at().is_none() && session.may_update(row)));
    Some(Shown { row, lookup: Lookup::new(record), may_edit })
}

/// The record that the address names in `open`, beside the list or board.
#[component]
pub fn RecordPanel(
    /// The type.
    record: RecordType,
    /// The address.
    address: Address,
    /// Goes to the next (1) or previous (-1) record of the list.
    #[prop(optional, into)]
    on_step: Option<Callback<isize>>,
) -> impl IntoView {
    let open = address.aspect(|state| state.open);
    let found = use_query(move || open.get().map(|id| queries::one(record, id)));
    let is_open = Memo::new(move |_| open.get().is_some());
    let beside = Beside { record, address, open, found, on_step };
    let close = Callback::new(move |()| address.open(None));
    move || {
        is_open.get().then(|| {
            let draw = Box::new(move |views: &'static RecordViews| (views.panel)(beside));
            parts::drawn(parts::records, Signal::stored(true), close, draw)
        })
    }
}
