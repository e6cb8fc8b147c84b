//! Settings: profile, organization, members, pipelines, own fields, tags, duplicates, the audit log.

mod audit;
mod duplicates;
mod fields;
mod hue_picker;
mod members;
mod organization;
mod pipelines;
mod profile;
mod reorder;
mod tags;

pub use audit::AuditPage;
pub use duplicates::DuplicatesPage;
pub use fields::FieldsPage;
pub use members::MembersPage;
pub use organization::OrganizationPage;
pub(crate) use pipelines::PipelineDialog;
pub use pipelines::PipelinesPage;
pub use profile::ProfilePage;
pub use tags::TagsPage;

use crate::data::use_session;
use crate::shell::{Leaving, settings_pages};
use crate::ui::dom::scroll_to;
use crate::ui::{Button, ButtonVariant, Card, FormError, FormState, Icon, Skeleton};
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos_router::components::{A, Outlet};
use leptos_router::hooks::use_location;

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
    let nav = NodeRef::<html::Nav>::new();
    let path = use_location().pathname;
    // On a phone the list is a strip that is wider than the screen.
    Effect::new(move |_| {
        path.track();
        request_animation_frame(move || {
            let here = nav.try_get_untracked().flatten().and_then(|nav| nav.query_selector("[aria-current]").ok()?);
            if let Some(here) = here {
                scroll_to(&here);
            }
        });
    });
    view! {
        <div class="settings">
            <nav class="settings-nav" aria-label="Settings" node_ref=nav><ul>{links.collect_view()}</ul></nav>
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

/// A form on a page of its own: asks before it is left, and is saved by its button.
#[component]
fn SettingsForm(
    /// The form.
    form: FormState,
    /// Checks and sends it.
    #[prop(into)]
    on_save: Callback<()>,
    /// The fields.
    children: Children,
) -> impl IntoView {
    Leaving::current().watch(form);
    let save = move |ev: SubmitEvent| {
        ev.prevent_default();
        if !form.saving().get_untracked() {
            on_save.run(());
        }
    };
    view! {
        <Card>
            <form class="settings-form" on:submit=save novalidate>
                {children()}
                <FormError form=form />
                <div class="settings-form-foot">
                    <Button variant=ButtonVariant::Primary submit=true loading=form.saving()
                        disabled=Signal::derive(move || !form.is_dirty())>"Save"</Button>
                </div>
            </form>
        </Card>
    }
}
