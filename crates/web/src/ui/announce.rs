//! Words for screen readers only, and links past the navigation.

use leptos::prelude::*;

use super::dom::{ignore, later};

/// Says things through two live regions that are always on the page. In context under the whole app.
#[derive(Clone, Copy)]
pub struct Announcer {
    polite: RwSignal<String>,
    assertive: RwSignal<String>,
}

impl Announcer {
    pub(super) fn provide() -> Self {
        let announcer = Self { polite: RwSignal::new(String::new()), assertive: RwSignal::new(String::new()) };
        provide_context(announcer);
        announcer
    }

    /// The announcer in context; one that says nothing outside of the app's root.
    pub fn current() -> Self {
        use_context::<Self>()
            .unwrap_or_else(|| Self { polite: RwSignal::new(String::new()), assertive: RwSignal::new(String::new()) })
    }

    /// Says it when the reader is silent: results, counts, "Saved".
    pub fn polite(self, text: impl Into<String>) {
        Self::say(self.polite, text.into());
    }

    /// Says it at once: a card that moved, an error.
    pub fn assertive(self, text: impl Into<String>) {
        Self::say(self.assertive, text.into());
    }

    /// The same sentence twice is read twice only if the region was empty in between.
    fn say(region: RwSignal<String>, text: String) {
        ignore(region.try_set(String::new()));
        later(move || ignore(region.try_set(text)));
    }
}

/// The two live regions. Rendered once, by `UiRoot`.
#[component]
pub(super) fn LiveRegions(announcer: Announcer) -> impl IntoView {
    view! {
        <div class="sr-only-kit" role="status" aria-live="polite">{move || announcer.polite.get()}</div>
        <div class="sr-only-kit" role="alert" aria-live="assertive">{move || announcer.assertive.get()}</div>
    }
}

/// Text for screen readers only.
#[component]
pub fn VisuallyHidden(
    /// The text.
    children: Children,
) -> impl IntoView {
    view! { <span class="sr-only-kit">{children()}</span> }
}

/// The first thing on a page: jumps over the navigation to the element with this id.
#[component]
pub fn SkipLink(
    /// Id of the main area; it needs `tabindex="-1"`.
    #[prop(into)]
    target: String,
) -> impl IntoView {
    let id = target.clone();
    view! {
        <a class="skip-link" href=format!("#{target}") on:click=move |ev| {
            // The router would take the hash for a navigation.
            ev.prevent_default();
            super::dom::focus_id(&id);
        }>"Skip to content"</a>
    }
}
