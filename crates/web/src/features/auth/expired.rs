//! The sign-in dialog over the page when the session has ended.

use super::login::LoginForm;
use crate::api;
use crate::data::{Phase, Session, use_session};
use crate::ui::{Button, ButtonVariant, Modal};
use domain::auth::Me;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

/// Id of the heading.
const TITLE_ID: &str = "session-expired";

/// Opens when an answer says that the session is over. Nothing on the page is lost: after signing in, changes that
/// wait are sent and what is shown is fetched again.
#[component]
pub fn SessionExpired() -> impl IntoView {
    let session = use_session();
    let open = RwSignal::new(false);
    let lapsed = {
        let session = session.clone();
        Memo::new(move |_| session.phase() == Phase::Expired)
    };
    Effect::new(move |_| open.set(lapsed.get()));
    let navigate = use_navigate();
    let leave = {
        let session = session.clone();
        move || {
            session.forget();
            navigate("/login", Default::default());
        }
    };
    let leave = StoredValue::new(leave);
    // Signing in leads to the first organization of the person; the page may show another one.
    let back = {
        let session = session.clone();
        move |me: Me| {
            let before = session.org_id().filter(|id| me.memberships.iter().any(|other| other.org_id == *id));
            let Some(org) = before.filter(|id| *id != me.organization.id) else { return session.enter(me) };
            let session = session.clone();
            spawn_local(async move { session.enter(api::auth::switch_organization(org).await.unwrap_or(me)) });
        }
    };
    let back = StoredValue::new(back);
    let session = StoredValue::new(session);
    view! {
        <Modal open=open class="dialog dialog-sm" labelled_by=TITLE_ID may_close=move |()| !lapsed.get_untracked()>
            <div class="dialog-head"><h2 id=TITLE_ID>"Please sign in again"</h2></div>
            <div class="dialog-body">
            <p class="pb-3 text-sm text-muted">
                "Your session has ended. Sign in to carry on where you are; nothing on this page is lost."
            </p>
            {move || {
                let email = session.with_value(Session::me_untracked).map(|me| me.user.email.clone()).unwrap_or_default();
                view! { <LoginForm email=email on_done=move |me: Me| back.with_value(|back| back(me)) /> }
            }}
            <div class="pt-2 text-center">
                <Button variant=ButtonVariant::Ghost on_click=move |_| leave.with_value(|leave| leave())>
                    "Sign in as somebody else"
                </Button>
            </div>
            </div>
        </Modal>
    }
}
