//! `/dev/ui`: every component of the kit in every state, for looking at and for the accessibility checks.

mod controls;
mod overlays;
mod pieces;
mod tables;

use leptos::prelude::*;

use crate::ui::{SkipLink, ThemeSwitch};

/// The page.
#[component]
pub fn Gallery() -> impl IntoView {
    view! {
        <SkipLink target="main" />
        <div class="h-full overflow-y-auto">
            <header class="sticky top-0 z-30 flex h-12 items-center justify-between gap-4 border-b border-border bg-bg px-6">
                <strong>"Component kit"</strong>
                <ThemeSwitch />
            </header>
            <main id="main" tabindex="-1" class="mx-auto flex max-w-[1120px] flex-col gap-10 p-6">
                <h1 tabindex="-1">"Component kit"</h1>
                <controls::Controls />
                <tables::Tables />
                <pieces::Pieces />
                <overlays::Overlays />
            </main>
        </div>
    }
}

/// A titled part of the gallery.
#[component]
fn Part(
    /// The heading.
    title: &'static str,
    /// The specimens.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="flex flex-col gap-4">
            <h2 class="border-b border-border pb-2">{title}</h2>
            {children()}
        </section>
    }
}

/// Specimens in a row.
#[component]
fn Row(children: Children) -> impl IntoView {
    view! { <div class="flex flex-wrap items-center gap-3">{children()}</div> }
}
