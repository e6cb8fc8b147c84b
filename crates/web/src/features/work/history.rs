//! All background work, newest first.

use super::line::Lines;
use super::{HISTORY, list};
use crate::data::{Load, use_directory, use_query};
use crate::features::failed::failed;
use crate::features::paging::{Pager, page_asked};
use crate::shell::PageHeader;
use crate::ui::{Card, EmptyState, IconName, Skeleton};
use domain::work::WorkItem;
use leptos::prelude::*;

/// Pieces of work on a page.
const LIMIT: u32 = 50;

/// The page.
#[component]
pub fn HistoryPage() -> impl IntoView {
    let page = page_asked();
    let query = use_query(move || Some(list(LIMIT, page.get())));
    let directory = use_directory();
    let by = move |item: WorkItem| item.created_by.map(|id| directory.member_name(id)).unwrap_or_default();
    let items = Memo::new(move |_| query.data().map(|found| found.data.clone()).unwrap_or_default());
    let any = Memo::new(move |_| items.with(|items| !items.is_empty()));
    let href = |page: u64| if page <= 1 { HISTORY.to_owned() } else { format!("{HISTORY}?page={page}") };
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
                    <Pager pagination=Signal::derive(move || query.data().map(|found| found.pagination.clone())) href />
                }
                .into_any()
            } else {
                none.into_any()
            }}
        </div>
    }
}
