//! A record on a page of its own, or beside the list or board it was opened from.

mod conflict;
mod header;
mod properties;
mod timeline;

pub use conflict::ConflictDialog;
pub use header::RecordHeader;
pub use properties::{BlockEdit, RecordProperties, block};
pub use timeline::RecordTimeline;

use super::address::Address;
use super::href::{href, list_page};
use super::look::{Shown, look};
use super::lookup::Lookup;
use crate::api::{ApiFail, Row};
use crate::data::{Query, queries, use_query, use_session};
use crate::features::failed::failed;
use crate::keyboard::{Action, Shortcuts};
use crate::palette::remember;
use crate::shell::{NotFound, use_page};
use crate::ui::{EmptyState, IconButton, IconName, SidePanel, Skeleton, Tab, Tabs};
use domain::catalog::RecordType;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map};
use uuid::Uuid;

/// The parameter of the address that names the open tab of a side panel.
pub const TAB: &str = "tab";
/// The tabs of a side panel; the first is open where the address names none.
const PANEL_TABS: [(&str, &str); 3] = [("details", "Details"), ("timeline", "Timeline"), ("related", "Related")];

/// `/companies/:id` and its like.
#[component]
pub fn RecordPage(
    /// The type.
    record: RecordType,
) -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|text| Uuid::try_parse(&text).ok())));
    move || match id.get() {
        Some(id) => view! { <Loaded record id /> }.into_any(),
        None => view! { <NotFound /> }.into_any(),
    }
}

/// One record, once it is there.
#[component]
fn Loaded(record: RecordType, id: Uuid) -> impl IntoView {
    let found = use_query(move || Some(queries::one(record, id)));
    let there = Memo::new(move |_| found.data().is_some());
    let failed = found.failure();
    move || match (there.get(), failed.get()) {
        (true, _) => view! { <Page record found /> }.into_any(),
        (false, Some(fail)) if fail.is_not_found() => view! { <NotFound /> }.into_any(),
        (false, Some(fail)) => view! { <div class="page-state">{failure(record, &fail, found)}</div> }.into_any(),
        (false, None) => view! { <Waiting record /> }.into_any(),
    }
}

fn failure(record: RecordType, fail: &ApiFail, found: Query<Row>) -> AnyView {
    failed(format!("The {} could not be loaded", record.label().to_lowercase()), fail, move || found.refetch())
}

/// The page before its record is there, in the same places.
#[component]
fn Waiting(record: RecordType) -> impl IntoView {
    use_page(record.label(), vec![list_page(record)]);
    let lines = |count: i32| {
        let line = |n| view! { <p class="rec-wait-line"><Skeleton width=if n % 2 == 0 { "60%" } else { "80%" } /></p> };
        (0..count).map(line).collect_view()
    };
    view! {
        <div class="rec-page" aria-busy="true">
            <div class="rec-head"><div class="rec-head-top">
                <Skeleton width="36px" height="36px" />
                <div class="rec-head-text">
                    <p class="rec-wait-line"><Skeleton width="240px" height="20px" /></p>
                    <p class="rec-facts"><Skeleton width="320px" /></p>
                </div>
            </div></div>
            <div class="rec-columns">
                <div class="rec-left">{lines(14)}</div>
                <div class="rec-centre">{lines(6)}</div>
                <div class="rec-right">{lines(4)}</div>
            </div>
        </div>
    }
}

fn waiting() -> AnyView {
    view! {
        <div class="rec-wait" aria-busy="true">
            <Skeleton width="240px" height="28px" />
            {(0..8).map(|n| view! { <Skeleton width=if n % 2 == 0 { "60%" } else { "80%" } /> }).collect_view()}
        </div>
    }
    .into_any()
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

#[component]
fn Page(record: RecordType, found: Query<Row>) -> impl IntoView {
    let (spec, look) = (record.spec(), look(record));
    let shown = shown(record, found)?;
    let title = Signal::derive(move || shown.row.with(|row| row.title.clone()));
    let heading = use_page(title, vec![list_page(record)]);
    let navigate = use_navigate();
    let id = shown.row.with_untracked(|row| row.id);
    Some(view! {
        <article class="rec-page">
            <RecordHeader shown look heading=heading
                on_gone=move |()| navigate(&format!("/{}", spec.table), Default::default()) />
            <div class="rec-columns">
                <section class="rec-left" aria-label="Properties"><RecordProperties shown look /></section>
                <section class="rec-centre" aria-label="Timeline">
                    <h2 class="rec-heading">"Timeline"</h2>
                    <RecordTimeline record id lookup=shown.lookup />
                </section>
                <section class="rec-right" aria-label="Related">{(look.related)(shown)}</section>
            </div>
        </article>
    })
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
    move || is_open.get().then(|| view! { <Panel record address open found on_step /> })
}

#[component]
fn Panel(
    record: RecordType,
    address: Address,
    open: Memo<Option<Uuid>>,
    found: Query<Row>,
    on_step: Option<Callback<isize>>,
) -> impl IntoView {
    // Of the record that the address names, not of the one before.
    let there = Memo::new(move |_| found.data().map(|row| row.id).filter(|id| open.get() == Some(*id)));
    let failed = found.failure();
    let body = move || match (there.get(), failed.get()) {
        (Some(id), _) => {
            view! { <PanelBody record address found id on_gone=Callback::new(move |()| address.open(None)) /> }
                .into_any()
        }
        (None, Some(fail)) if fail.is_not_found() => view! {
            <EmptyState icon=IconName::Search title="Not found" text="It was deleted, or it is not yours to see." />
        }
        .into_any(),
        (None, Some(fail)) => failure(record, &fail, found),
        (None, None) => waiting(),
    };
    let full = move || {
        open.get().map(|id| {
            view! {
                <IconButton icon=IconName::ArrowUpRight label="Open full page" href=href(record, id) />
            }
        })
    };
    if let Some(step) = on_step {
        let shortcuts = Shortcuts::current();
        for (id, title, keys, by) in
            [("panel.next", "Next record", "j", 1), ("panel.previous", "Previous record", "k", -1)]
        {
            shortcuts.register(Action::new(id, title, move || step.run(by)).keys(keys).keys_only().group("Record"));
        }
    }
    let steps = on_step.map(|step| {
        view! {
            <IconButton icon=IconName::ChevronUp label="Previous record" keys="k" on_click=move |_| step.run(-1) />
            <IconButton icon=IconName::ChevronDown label="Next record" keys="j" on_click=move |_| step.run(1) />
        }
    });
    view! {
        <SidePanel title=record.label() on_close=move |()| address.open(None)
            actions=move || view! { {steps} {full} }>
            {body}
        </SidePanel>
    }
}

#[component]
fn PanelBody(
    record: RecordType,
    address: Address,
    found: Query<Row>,
    id: Uuid,
    on_gone: Callback<()>,
) -> impl IntoView {
    let look = look(record);
    let shown = shown(record, found)?;
    let tab = Signal::derive(move || {
        let named = address.get().param(TAB).map(str::to_owned);
        named.filter(|name| PANEL_TABS.iter().any(|(key, _)| key == name)).unwrap_or_else(|| "details".to_owned())
    });
    let tabs = Signal::stored(PANEL_TABS.map(|(key, label)| Tab::new(key, label)).to_vec());
    let go = move |key: String| address.replace(|state| state.set_param(TAB, (key != "details").then_some(key)));
    Some(view! {
        <div class="rec-panel">
            <RecordHeader shown look on_gone />
            <div>
                <Tabs tabs=tabs active=tab label=record.label() on_change=go>
                    {move || match tab.get().as_str() {
                        "timeline" => view! { <RecordTimeline record id lookup=shown.lookup /> }.into_any(),
                        "related" => (look.related)(shown),
                        _ => view! { <RecordProperties shown look /> }.into_any(),
                    }}
                </Tabs>
            </div>
        </div>
    })
}
