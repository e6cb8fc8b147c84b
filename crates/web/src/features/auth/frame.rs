//! The page around a sign-in form.

use crate::shell::use_page;
use crate::ui::ThemeSwitch;
use leptos::prelude::*;

/// A card in the middle of the page: mark, heading, form, and a way elsewhere.
#[component]
pub(super) fn AuthFrame(
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    /// A sentence under it.
    #[prop(optional, into)]
    text: MaybeProp<String>,
    /// The form.
    children: Children,
) -> impl IntoView {
    let heading = use_page(title, Vec::new());
    view! {
        <main class="auth">
            <div class="auth-box">
                <p class="auth-brand"><img src="/favicon.svg" alt="" width="24" height="24" /><span>"Rapport"</span></p>
                <h1 tabindex="-1" node_ref=heading>{move || title.get()}</h1>
                {move || text.get().map(|text| view! { <p class="auth-text">{text}</p> })}
                {children()}
            </div>
            <div class="auth-foot"><ThemeSwitch /></div>
        </main>
    }
}
