//! Who is signed in, and what they may do.

use super::query::Cache;
use super::schema::know;
use crate::api::{self, ApiFail, ApiResult, Row};
use crate::ui::dom::later;
use domain::auth::{Me, OrgSettings, Organization, SessionInfo};
use domain::fields::FieldDefinition;
use domain::permission::{Access, Permission, Role};
use domain::records::Whose;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::reactive::graph::Observer;
use leptos::task::spawn_local;
use std::sync::Arc;
use uuid::Uuid;

/// How often a waiting change looks whether the person is back, in milliseconds.
const LOOK_AGAIN: u32 = 100;

/// Where the session stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Phase {
    /// Not known yet.
    Checking,
    /// The server could not tell: it was not reached.
    Unreachable(ApiFail),
    /// Nobody is signed in.
    SignedOut,
    /// Somebody is signed in.
    SignedIn,
    /// Somebody was: the page stays, with a sign-in dialog over it.
    Expired,
}

/// The session, in context.
#[derive(Clone)]
pub struct Session {
    me: ArcRwSignal<Option<Arc<Me>>>,
    phase: ArcRwSignal<Phase>,
    cache: Cache,
    /// Where the stream of changes stood before anything was fetched.
    began_at: ArcStoredValue<Option<String>>,
    /// The person is signing out: that the session ends is no news.
    leaving: ArcStoredValue<bool>,
}

/// The session.
pub fn use_session() -> Session {
    super::from_context(|| Session::new(super::use_cache()))
}

impl Session {
    pub(super) fn new(cache: Cache) -> Self {
        let session = Self {
            me: ArcRwSignal::new(None),
            phase: ArcRwSignal::new(Phase::Checking),
            cache,
            began_at: ArcStoredValue::new(None),
            leaving: ArcStoredValue::new(false),
        };
        let on_lapse = session.clone();
        api::client::on_signed_out(move || {
            on_lapse.lapse();
            let session = on_lapse.clone();
            Box::pin(async move { session.is_renewed().await })
        });
        session
    }

    /// Asks the server who is signed in.
    pub fn check(&self) {
        let session = self.clone();
        spawn_local(async move {
            match api::auth::session().await {
                Ok(SessionInfo { me: Some(me), position }) => {
                    if session.me.with_untracked(Option::is_none) {
                        session.began_at.set_value(position);
                    }
                    session.enter(me);
                }
                Ok(SessionInfo { me: None, .. }) => session.lapse(),
                Err(fail) if session.me.with_untracked(Option::is_none) => session.phase.set(Phase::Unreachable(fail)),
                // Already signed in: calls will tell if it matters.
                Err(_) => {}
            }
        });
    }

    /// Takes over the answer of a sign-in, registration, switch or profile change.
    pub fn enter(&self, me: Me) {
        let whose = |me: &Me| (me.user.id, me.organization.id);
        let before = self.me.with_untracked(|old| old.as_deref().map(whose));
        let was_expired = self.phase.with_untracked(|phase| *phase == Phase::Expired);
        if before != Some(whose(&me)) {
            self.cache.clear();
        }
        know(&me.fields);
        if self.me.with_untracked(|old| old.as_deref() != Some(&me)) {
            self.me.set(Some(Arc::new(me)));
        }
        if self.phase.with_untracked(|phase| *phase != Phase::SignedIn) {
            self.phase.set(Phase::SignedIn);
        }
        if was_expired {
            self.cache.invalidate_all();
        }
    }

    /// Whether everything fetched so far is from this position of the stream of changes on. Can be asked once.
    pub(super) fn began_at(&self, position: &str) -> bool {
        self.began_at.try_update_value(Option::take).flatten().as_deref() == Some(position)
    }

    /// The active organization was changed.
    pub fn set_organization(&self, organization: Organization) {
        self.me.update(|me| {
            if let Some(me) = me {
                let mut changed = Me::clone(me);
                for membership in &mut changed.memberships {
                    if membership.org_id == organization.id {
                        organization.name.clone_into(&mut membership.name);
                    }
                }
                changed.organization = organization;
                *me = Arc::new(changed);
            }
        });
    }

    /// The organization's own fields, those of all record types, in the order of forms.
    pub fn fields(&self) -> Vec<FieldDefinition> {
        self.read(|me| me.as_ref().map(|me| me.fields.clone()).unwrap_or_default())
    }

    /// The organization's own fields were changed.
    pub fn change_fields(&self, change: impl FnOnce(&mut Vec<FieldDefinition>)) {
        self.me.update(|me| {
            if let Some(me) = me {
                let mut changed = Me::clone(me);
                change(&mut changed.fields);
                know(&changed.fields);
                *me = Arc::new(changed);
            }
        });
    }

    /// An answer said that nobody is signed in.
    fn lapse(&self) {
        if self.leaving.get_value() {
            return;
        }
        let next = if self.me.with_untracked(Option::is_some) { Phase::Expired } else { Phase::SignedOut };
        if self.phase.with_untracked(|phase| *phase != next) {
            self.phase.set(next);
        }
    }

    /// Signs out. The person is out on this screen even where the server was not reached; then the failure says so.
    pub async fn sign_out(&self) -> ApiResult<()> {
        self.leaving.set_value(true);
        let outcome = api::auth::logout().await;
        self.leaving.set_value(false);
        if outcome.as_ref().is_err_and(|fail| !fail.is_unauthenticated()) {
            return outcome;
        }
        self.forget();
        Ok(())
    }

    /// Forgets who was signed in and everything they saw.
    pub fn forget(&self) {
        self.me.set(None);
        self.phase.set(Phase::SignedOut);
        // Once the pages are gone: what is in use would be fetched again, as nobody.
        let cache = self.cache.clone();
        later(move || cache.clear());
    }

    /// Waits while the sign-in dialog is open. False when the person signed out instead, or somebody else signed in.
    async fn is_renewed(&self) -> bool {
        let whose = || self.me_untracked().map(|me| (me.user.id, me.organization.id));
        let before = whose();
        loop {
            match self.phase.get_untracked() {
                Phase::SignedIn => return whose() == before,
                Phase::Expired => TimeoutFuture::new(LOOK_AGAIN).await,
                Phase::Checking | Phase::Unreachable(_) | Phase::SignedOut => return false,
            }
        }
    }

    /// Where it stands.
    pub fn phase(&self) -> Phase {
        self.phase.get()
    }

    /// For the route guard: `None` until it is known; stays true while a lapsed session is renewed.
    pub fn status(&self) -> Option<bool> {
        match self.phase.get() {
            Phase::Checking | Phase::Unreachable(_) => None,
            Phase::SignedOut => Some(false),
            Phase::SignedIn | Phase::Expired => Some(true),
        }
    }

    /// Reads who is signed in. In the body of a component, where nothing subscribes, that is no mistake: pages are
    /// drawn anew for another person.
    fn read<U>(&self, f: impl FnOnce(&Option<Arc<Me>>) -> U) -> U {
        if Observer::get().is_some() { self.me.with(f) } else { self.me.with_untracked(f) }
    }

    /// Who is signed in.
    pub fn me(&self) -> Option<Arc<Me>> {
        self.read(Clone::clone)
    }

    /// The same without subscribing.
    pub fn me_untracked(&self) -> Option<Arc<Me>> {
        self.me.get_untracked()
    }

    /// The person's id.
    pub fn user_id(&self) -> Option<Uuid> {
        self.read(|me| me.as_ref().map(|me| me.user.id))
    }

    /// The active organization's id.
    pub fn org_id(&self) -> Option<Uuid> {
        self.read(|me| me.as_ref().map(|me| me.organization.id))
    }

    /// The role in the active organization.
    pub fn role(&self) -> Option<Role> {
        self.read(|me| me.as_ref().map(|me| me.role))
    }

    /// The active organization's settings.
    pub fn settings(&self) -> OrgSettings {
        self.read(|me| me.as_ref().map(|me| me.organization.settings.clone()).unwrap_or_default())
    }

    /// How far a permission reaches.
    pub fn access(&self, permission: Permission) -> Access {
        self.read(|me| me.as_ref().map_or(Access::No, |me| me.access(permission)))
    }

    /// Whether a permission is given at all.
    pub fn can(&self, permission: Permission) -> bool {
        self.access(permission) != Access::No
    }

    /// Whether this person may delete many records for good: only who may delete one. Tracked.
    pub fn may_delete_many(&self) -> bool {
        self.can(Permission::BulkDelete) && self.can(Permission::RecordHardDelete)
    }

    /// Whether a permission reaches a record.
    pub fn may(&self, permission: Permission, whose: &Whose<'_>) -> bool {
        self.user_id().is_some_and(|user| whose.allows(self.access(permission), user))
    }

    /// Whether this person may change this record.
    pub fn may_update(&self, row: &Row) -> bool {
        self.may(row.record.permissions().update, &row.whose())
    }

    /// Whether this person may archive this record.
    pub fn may_delete(&self, row: &Row) -> bool {
        self.may(row.record.permissions().delete, &row.whose())
    }
}
