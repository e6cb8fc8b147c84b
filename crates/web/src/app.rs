//! Providers and routes.

use domain::catalog::RecordType;
use leptos::prelude::*;
use leptos::tachys::view::iterators::StaticVec;
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute};
use leptos_router::components::{ParentRoute, ProtectedParentRoute, Redirect, Route, Router, Routes};
use leptos_router::{NestedRoute, ParamSegment, StaticSegment, path};

use crate::data::{Tone, provide_data, use_notices, use_session};
use crate::features::auth::{InvitePage, LoginPage, RegisterPage, SessionExpired};
use crate::features::dashboard::DashboardPage;
use crate::features::records::ListPage;
use crate::features::settings::SettingsLayout;
use crate::parts::{Import, Part, Settings, board, gallery, import, record_page, settings};
use crate::shell::{Leaving, NotFound, Shell, Starting, login_path};
use crate::ui::{Toast, Toasts, UiRoot};

/// The app.
#[component]
pub fn App() -> impl IntoView {
    provide_data();
    Leaving::provide();
    view! {
        <UiRoot>
            <Router>
                <NoticesToToasts />
                <Pages />
                <SessionExpired />
            </Router>
        </UiRoot>
    }
}

/// Every page. Those below the guard are drawn inside the [`Shell`].
#[component]
fn Pages() -> impl IntoView {
    let session = use_session();
    // A memo, because the guard draws its view anew whenever the condition is told.
    let signed_in = Memo::new(move |_| session.status());
    view! {
        <Routes fallback=Lost>
            <Route path=path!("/login") view=LoginPage />
            <Route path=path!("/register") view=RegisterPage />
            <Route path=path!("/invite/:token") view=InvitePage />
            <Route path=path!("/dev/ui") view=Part(gallery) />
            <ProtectedParentRoute
                path=path!("")
                view=Shell
                condition=move || signed_in.get()
                redirect_path=login_path
                fallback=Starting
            >
                <Route path=path!("") view=DashboardPage />
                <RecordRoutes />
                <Route path=path!("pipeline") view=Part(board) />
                <Route path=path!("import/:entity") view=Part(|| import(Import::Upload)) />
                <Route path=path!("import/:entity/:file") view=Part(|| import(Import::Wizard)) />
                <Route path=path!("imports/:id") view=Part(|| import(Import::Job)) />
                <Route path=path!("work") view=Part(|| import(Import::History)) />
                <Route path=path!("work/:id") view=Part(|| import(Import::Bulk)) />
                <ParentRoute path=path!("settings") view=SettingsLayout>
                    <Route path=path!("") view=|| view! { <Redirect path="/settings/profile" /> } />
                    <Route path=path!("profile") view=Part(|| settings(Settings::Profile)) />
                    <Route path=path!("organization") view=Part(|| settings(Settings::Organization)) />
                    <Route path=path!("members") view=Part(|| settings(Settings::Members)) />
                    <Route path=path!("pipelines") view=Part(|| settings(Settings::Pipelines)) />
                    <Route path=path!("custom-fields") view=Part(|| settings(Settings::Fields)) />
                    <Route path=path!("duplicates") view=Part(|| settings(Settings::Duplicates)) />
                    <Route path=path!("audit-log") view=Part(|| settings(Settings::Audit)) />
                    <Route path=path!("tags") view=Part(|| settings(Settings::Tags)) />
                </ParentRoute>
                <Route path=path!("pipeline/config") view=|| view! { <Redirect path="/settings/pipelines" /> } />
                <Route path=path!("*any") view=NotFound />
            </ProtectedParentRoute>
        </Routes>
    }
}

/// List and page of every record type: `/companies`, `/companies/<id>`.
#[component(transparent)]
fn RecordRoutes() -> AnyNestedRoute {
    let routes = RecordType::ALL.iter().copied().flat_map(|record| {
        let table = StaticSegment(record.spec().table);
        let list = NestedRoute::new(table, move || view! { <ListPage record /> });
        let page = NestedRoute::new((table, ParamSegment("id")), Part(move || record_page(record)));
        [list.into_any_nested_route(), page.into_any_nested_route()]
    });
    StaticVec::from(routes.collect::<Vec<_>>()).into_any_nested_route()
}

/// An address that no route knows at all.
#[component]
fn Lost() -> impl IntoView {
    view! { <main><NotFound /></main> }
}

/// Shows what the data layer has to say.
#[component]
fn NoticesToToasts() -> impl IntoView {
    let toasts = Toasts::current();
    use_notices().connect(move |notice| {
        let mut toast = match notice.tone {
            Tone::Done => Toast::success(notice.title),
            Tone::Failed => Toast::error(notice.title),
        };
        if !notice.text.is_empty() {
            toast = toast.detail(notice.text);
        }
        if let Some(action) = notice.action {
            toast = toast.action(action.label, move || (action.run)());
        }
        toasts.show(toast.request_id(notice.request_id));
    });
}
