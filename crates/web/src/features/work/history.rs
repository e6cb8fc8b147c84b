//! All background work, newest first.

use super::line::Line;
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
    let href = |page: u64| if page <= 1 { HISTORY.to_owned() } else { format!("{HISTORY}?page={page}") };
    view! {
        <div class="page import">
            <PageHeader title="Background work" text="Imports, exports, and changes of many records at once." />
            {move || match query.state() {
                Load::Loading => view! { <Card><Skeleton height="160px" /></Card> }.into_any(),
                Load::Failed(fail) => {
                    failed("The list could not be loaded", &fail, move || query.refetch()).into_any()
                }
                Load::Ready(found) if found.data.is_empty() => view! {
                    <Card>
                        <EmptyState icon=IconName::History title="Nothing yet"
                            text="What you import, export or change in bulk is listed here, with its result." />
                    </Card>
                }
                .into_any(),
                Load::Ready(found) => {
                    let pages = found.pagination.pages;
                    let now = page.get();
                    let line = |item: &WorkItem| {
                        let by = item.created_by.map(|id| directory.member_name(id)).unwrap_or_default();
                        view! { <li><Line item=item.clone() by /></li> }
                    };
                    let lines = found.data.iter().map(line).collect_view();
                    view! {
                        <Card flush=true><ul class="work-list">{lines}</ul></Card>
                        <div class="import-files">
                            {(now > 1).then(|| view! { <Button href=href(now - 1)>"Newer"</Button> })}
                            {(now < u64::try_from(pages).unwrap_or(0)).then(|| view! {
                                <Button href=href(now + 1)>"Older"</Button>
                            })}
                        </div>
                    }
                    .into_any()
                }
            }}
        </div>
    }
}
