//! Providers and routes.

use leptos::prelude::*;
use leptos_router::{
    components::{Route, Router, Routes},
    path,
};

use crate::{
    features::gallery::Gallery,
    ui::{Button, EmptyState, IconName, UiRoot},
};

/// The app.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <UiRoot>
            <Router>
                <Routes fallback=NotFound>
                    <Route path=path!("/dev/ui") view=Gallery />
                </Routes>
            </Router>
        </UiRoot>
    }
}

#[component]
fn NotFound() -> impl IntoView {
    view! {
        <main>
            <EmptyState icon=IconName::Search title="Page not found"
                text="The address may be mistyped, or the record may have been deleted.">
                <Button href="/">"Go to the start page"</Button>
            </EmptyState>
        </main>
    }
}
