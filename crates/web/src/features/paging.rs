//! Numbered pages of what is listed newest first.

use crate::ui::Button;
use domain::page::{MAX_OFFSET, Pagination};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The page that the address asks for, from 1. Tracked by what reads it.
pub(crate) fn page_asked() -> Memo<u64> {
    let params = use_query_map();
    Memo::new(move |_| params.read().get("page").and_then(|text| text.parse::<u64>().ok()).unwrap_or(1).max(1))
}

/// Links to newer and older pages; nothing where there are none.
#[component]
pub(crate) fn Pager(
    /// Where the shown page stands.
    #[prop(into)]
    pagination: Signal<Option<Pagination>>,
    /// The address of a page.
    #[prop(into)]
    href: Callback<u64, String>,
) -> impl IntoView {
    move || {
        let pagination = pagination.get()?;
        let now = pagination.page?;
        let older =
            now < u64::try_from(pagination.pages).unwrap_or(0) && (now + 1) * u64::from(pagination.limit) <= MAX_OFFSET;
        (now > 1 || older).then(|| {
            view! {
                <nav class="pager" aria-label="Pages">
                    {(now > 1).then(|| view! { <Button href=href.run(now - 1)>"Newer"</Button> })}
                    {older.then(|| view! { <Button href=href.run(now + 1)>"Older"</Button> })}
                </nav>
            }
        })
    }
}
