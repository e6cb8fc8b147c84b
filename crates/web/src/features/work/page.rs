//! Pages about one piece of work: its id in the address, the right to see it, and what is shown until it is there.

use crate::data::{Def, Load, use_query, use_session};
use crate::features::failed::failed;
use crate::shell::{NoAccess, NotFound};
use crate::ui::Skeleton;
use domain::permission::Permission;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use std::sync::Arc;
use uuid::Uuid;

/// Who sees such pages, and how others are told.
pub struct Seen {
    /// The permission that it takes.
    pub by: Permission,
    /// What others are told.
    pub otherwise: &'static str,
    /// What is said when it cannot be loaded.
    pub failed: &'static str,
}

/// The page of the work that the address names, drawn once it is there; it then follows what becomes of it.
pub fn of_address<T>(seen: Seen, def: fn(Uuid) -> Def<T>, draw: fn(Memo<Arc<T>>) -> AnyView) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let params = use_params_map();
    let session = use_session();
    let id = Memo::new(move |_| params.read().get("id").and_then(|id| Uuid::try_parse(&id).ok()));
    move || match id.get() {
        None => view! { <NotFound /> }.into_any(),
        Some(_) if !session.can(seen.by) => view! { <NoAccess text=seen.otherwise /> }.into_any(),
        Some(id) => found(def(id), seen.failed, draw).into_any(),
    }
}

fn found<T>(def: Def<T>, title: &'static str, draw: fn(Memo<Arc<T>>) -> AnyView) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let query = use_query(move || Some(def.clone()));
    // What of the answer decides which page is drawn: news of work under way do not draw it anew.
    let shown = Memo::new(move |_| match query.state() {
        Load::Loading => None,
        Load::Failed(fail) => Some(Err(fail)),
        Load::Ready(_) => Some(Ok(())),
    });
    move || {
        match shown.get() {
        None => view! {
            <div class="page import" aria-busy="true"><Skeleton width="320px" height="28px" /><Skeleton height="160px" /></div>
        }
        .into_any(),
        Some(Err(fail)) if fail.is_not_found() => view! { <NotFound /> }.into_any(),
        Some(Err(fail)) => {
            view! { <div class="page-state">{failed(title, &fail, move || query.refetch())}</div> }.into_any()
        }
        Some(Ok(())) => match query.data_untracked() {
            Some(first) => draw(Memo::new(move |before: Option<&Arc<T>>| {
                query.data().or_else(|| before.cloned()).unwrap_or_else(|| first.clone())
            })),
            None => ().into_any(),
        },
    }
    }
}
