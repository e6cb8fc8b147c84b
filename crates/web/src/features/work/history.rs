//! All background work, newest first.

use super::line::Lines;
use super::{HISTORY, list};
use crate::data::{Load, use_directory, use_query};
use crate::features::failed::failed;
use crate::shell::PageHeader;
use crate::ui::{Button, Card, EmptyState, IconName, Skeleton};
use domain::work::WorkItem;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Pieces of work on a page.
const LIMIT: u32 = 50;

/// The page.
#[component]
pub fn HistoryPage() -> impl IntoView {
    let params = use_query_map();
    let page =
        Memo::new(move |_| params.read().get("page").and_then(|text| text.parse::<u64>().ok()).unwrap_or(1).max(1));
    let query = use_query(move || Some(list(LIMIT, page.get())));
    let directory = use_directory();
    let by = move |item: WorkItem| item.created_by.map(|id| directory.member_name(id)).unwrap_or_default();
    let items = Memo::new(move |_| query.data().map(|found| found.data.clone()).unwrap_or_default());
    let pages =
        Memo::new(move |_| query.data().and_then(|found| found.pagination.pages.try_into().ok()).unwrap_or(0_u64));
    let any = Memo::new(move |_| items.with(|items| !items.is_empty()));
    let href = |page: u64| if page <= 1 { HISTORY.to_owned() } else { format!("{HISTORY}?page={page}") };
    let turn = move || {
        let now = page.get();
        view! {
            {(now > 1).then(|| view! { <Button href=href(now - 1)>"Newer"</Button> })}
            {(now < pages.get()).then(|| view! { <Button href=href(now + 1)>"Older"</Button> })}
        }
    };
    let none = move || match query.state() {
        Load::Loading => view! { <Card><Skeleton height="160px" /></Card> }.into_any(),
        Load::Failed(fail) => failed("The list could not be loaded", &fail, move || query.refetch()).into_any(),
        Load::Ready(_) => view! {
            <Card>
                <EmptyState icon=IconName::History title="Nothing yet"
                    text="What you import, export or change in bulk is listed here, with its result." />
            </Card>
        }
        .into_any(),
    };
    view! {
        <div class="page import">
            <PageHeader title="Background work" text="Imports, exports, and changes of many records at once." />
            {move || if any.get() {
                view! {
                    <Card flush=true><Lines items by /></Card>
                    <div class="import-files">{turn}</div>
                }
                .into_any()
            } else {
                none.into_any()
            }}
        </div>
    }
}
