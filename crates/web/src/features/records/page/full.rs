//! A record on a page of its own.

use super::{RecordHeader, RecordProperties, RecordTimeline, failure, shown};
use crate::api::Row;
use crate::data::{Query, queries, use_query};
use crate::features::records::href::list_page;
use crate::features::records::look::{look, page_look};
use crate::shell::{NotFound, use_page};
use crate::ui::Skeleton;
use domain::catalog::RecordType;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map};
use uuid::Uuid;

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
                <section class="rec-right" aria-label="Related">{(page_look(record).related)(shown)}</section>
            </div>
        </article>
    })
}
