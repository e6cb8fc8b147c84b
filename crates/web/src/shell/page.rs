//! What every page has: a heading, a name, a place; and the pages for when there is none.

use crate::data::{Phase, use_session};
use crate::ui::{Button, EmptyState, ErrorState, IconName, Spinner};
use leptos::children::ViewFnOnce;
use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

type Crumbs = Vec<(String, String)>;

/// What the frame knows of the page inside.
#[derive(Clone, Copy)]
pub(super) struct PageState {
    crumbs: RwSignal<Crumbs>,
    /// Whether the person has moved between pages: the first one must not take the focus.
    moved: StoredValue<bool>,
}

impl PageState {
    pub(super) fn provide() {
        let state = Self { crumbs: RwSignal::default(), moved: StoredValue::new(false) };
        let path = use_location().pathname;
        Effect::watch(move || path.get(), move |_, _, _| state.moved.set_value(true), false);
        provide_context(state);
    }

    pub(super) fn current() -> Self {
        use_context::<Self>().unwrap_or_else(|| Self { crumbs: RwSignal::default(), moved: StoredValue::new(false) })
    }

    /// The address of the outermost page above. Tracked.
    pub(super) fn above(self) -> Option<String> {
        self.crumbs.with(|crumbs| crumbs.first().map(|(_, href)| href.clone()).filter(|href| !href.is_empty()))
    }

    pub(super) fn crumbs(self) -> RwSignal<Crumbs> {
        self.crumbs
    }
}

/// Names the page: document title and breadcrumb. `parents` are label and address of the pages above. Bind the
/// result to the `<h1 tabindex="-1">`: it gets the focus after a change of route.
pub fn use_page(title: impl Into<Signal<String>>, parents: Vec<(&'static str, &'static str)>) -> NodeRef<html::H1> {
    let title: Signal<String> = title.into();
    let state = PageState::current();
    Effect::new(move |_| {
        let title = title.get();
        document().set_title(&if title.is_empty() { "Rapport".to_owned() } else { format!("{title} · Rapport") });
        let above = parents.iter().map(|(label, href)| ((*label).to_owned(), (*href).to_owned()));
        state.crumbs.set(above.chain([(title, String::new())]).collect());
    });
    let heading = NodeRef::<html::H1>::new();
    let done = StoredValue::new(false);
    Effect::new(move |_| {
        if let Some(heading) = heading.get()
            && !done.get_value()
        {
            done.set_value(true);
            if state.moved.get_value() {
                request_animation_frame(move || drop(heading.focus()));
            }
        }
    });
    heading
}

/// The heading of a page, with its buttons.
#[component]
pub fn PageHeader(
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    /// Label and address of the pages above.
    #[prop(optional)]
    parents: Vec<(&'static str, &'static str)>,
    /// A sentence under it.
    #[prop(optional, into)]
    text: Option<&'static str>,
    /// Buttons.
    #[prop(optional, into)]
    actions: Option<ViewFnOnce>,
) -> impl IntoView {
    let heading = use_page(title, parents);
    view! {
        <div class="page-header">
            <div class="page-header-text">
                <h1 tabindex="-1" node_ref=heading>{move || title.get()}</h1>
                {text.map(|text| view! { <p>{text}</p> })}
            </div>
            {actions.map(|actions| view! { <div class="page-header-actions">{actions.run()}</div> })}
        </div>
    }
}

/// While it is not known who is signed in.
#[component]
pub fn Starting() -> impl IntoView {
    let session = use_session();
    move || match session.phase() {
        Phase::Unreachable(fail) => {
            let session = session.clone();
            view! {
                <main class="starting">
                    <ErrorState title="Rapport cannot be reached" text=fail.message().to_owned()
                        on_retry=move |()| session.check() />
                </main>
            }
            .into_any()
        }
        _ => view! {
            <main class="starting" aria-busy="true"><Spinner /><span class="sr-only-kit">"Loading"</span></main>
        }
        .into_any(),
    }
}

/// The sign-in page, which leads back to where the person wanted to go.
pub fn login_path() -> String {
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    let query = location.search().unwrap_or_default();
    if path == "/" || path == "/login" || path.is_empty() {
        return "/login".to_owned();
    }
    format!("/login?next={}", crate::api::client::encode(&format!("{path}{query}")))
}

/// No such page or record.
#[component]
pub fn NotFound() -> impl IntoView {
    let heading = use_page("Page not found", Vec::new());
    view! {
        <div class="page-state">
            <h1 class="sr-only-kit" tabindex="-1" node_ref=heading>"Page not found"</h1>
            <EmptyState icon=IconName::Search title="There is nothing here"
                text="The address may be mistyped, or what it led to was deleted.">
                <Button href="/">"Go to the dashboard"</Button>
            </EmptyState>
        </div>
    }
}

/// A page that this person may not open.
#[component]
pub fn NoAccess(
    /// What it is ("Members are managed by administrators.").
    #[prop(into)]
    text: String,
) -> impl IntoView {
    let heading = use_page("No access", Vec::new());
    view! {
        <div class="page-state">
            <h1 class="sr-only-kit" tabindex="-1" node_ref=heading>"No access"</h1>
            <EmptyState icon=IconName::Lock title="You do not have access to this page" text=text>
                <Button href="/">"Go to the dashboard"</Button>
            </EmptyState>
        </div>
    }
}
