//! Settings: profile, organization, members, pipelines, tags.

mod hue_picker;
mod members;
mod organization;
mod pipelines;
pub(crate) mod places;
mod profile;
mod tags;

pub use members::MembersPage;
pub use organization::OrganizationPage;
pub use pipelines::PipelinesPage;
pub use profile::ProfilePage;
pub use tags::TagsPage;

use crate::api::ApiFail;
use crate::data::query::Cached;
use crate::data::{Query, use_session};
use crate::shell::settings_pages;
use crate::ui::{ErrorState, Icon, Skeleton};
use leptos::prelude::*;
use leptos_router::components::{A, Outlet};

/// The list of settings beside the open one. Shows only what this person may open.
#[component]
pub fn SettingsLayout() -> impl IntoView {
    let session = use_session();
    let links = settings_pages().iter().map(|item| {
        let session = session.clone();
        let allowed = Memo::new(move |_| item.is_allowed(&session));
        view! {
            <Show when=move || allowed.get()>
                <li>
                    <A href=item.path attr:class="nav-link">
                        <Icon name=item.icon />
                        <span class="nav-label">{item.label}</span>
                    </A>
                </li>
            </Show>
        }
    });
    view! {
        <div class="settings">
            <nav class="settings-nav" aria-label="Settings"><ul>{links.collect_view()}</ul></nav>
            <div class="settings-page"><Outlet /></div>
        </div>
    }
}

/// The page above all settings pages, for the breadcrumb.
const PARENT: (&str, &str) = ("Settings", "/settings");

/// Rows that are on their way.
fn loading_rows(count: usize) -> AnyView {
    view! {
        <div class="flex flex-col gap-4 p-4" aria-busy="true">
            {(0..count).map(|n| view! { <Skeleton width=format!("{}%", 70 - n * 10 % 30) height="20px" /> }).collect_view()}
        </div>
    }
    .into_any()
}

/// A list that could not be loaded, with Retry.
fn failed<T: Cached>(title: &'static str, fail: &ApiFail, query: Query<T>) -> AnyView {
    view! {
        <ErrorState title=title text=fail.message().to_owned() request_id=fail.request_id().to_owned()
            on_retry=move |()| query.refetch() />
    }
    .into_any()
}
