//! The sidebar, and its drawer on phones.

use super::nav::{self, NavItem};
use super::page::PageState;
use crate::api;
use crate::data::{queries, use_notices, use_query, use_session};
use crate::features::records::address::view_href;
use crate::ui::{
    Avatar, Drawer, Each, Icon, IconButton, IconName, Kbd, Menu, MenuHeading, MenuItem, MenuSeparator, Side,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};
use uuid::Uuid;

/// The sidebar.
#[component]
pub(super) fn Sidebar(collapsed: RwSignal<bool>) -> impl IntoView {
    let toggle_label =
        Signal::derive(move || if collapsed.get() { "Expand sidebar" } else { "Collapse sidebar" }.to_owned());
    view! {
        <aside class="sidebar" aria-label="Sidebar">
            <div class="sidebar-head"><OrgSwitch /></div>
            <NavLinks />
            <div class="sidebar-foot">
                <IconButton icon=IconName::PanelLeft label=toggle_label keys="["
                    on_click=move |_| collapsed.update(|c| *c = !*c) />
            </div>
        </aside>
    }
}

/// The same on phones.
#[component]
pub(super) fn SidebarDrawer(open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Drawer open=open title="Rapport" side=Side::Start>
            <div class="sidebar-drawer">
                <OrgSwitch />
                <NavLinks />
            </div>
        </Drawer>
    }
}

#[component]
fn NavLinks() -> impl IntoView {
    let (path, page) = (use_location().pathname, PageState::current());
    let here = Memo::new(move |_| path.with(|path| nav::entry_of(path, page.above().as_deref())));
    view! {
        <nav class="nav" aria-label="Main">
            {nav::GROUPS.iter().map(|group| view! {
                <ul class="nav-group">
                    {group.iter().map(|item| view! { <NavLink item=*item here /> }).collect_view()}
                </ul>
            }).collect_view()}
            <ul class="nav-group"><NavLink item=nav::SETTINGS here /></ul>
            <FavoriteViews />
        </nav>
    }
}

/// The saved views that the person keeps at hand.
#[component]
fn FavoriteViews() -> impl IntoView {
    let views = use_query(|| Some(queries::views()));
    let favorites = Memo::new(move |_| {
        let all = views.data().map(|page| page.data.clone()).unwrap_or_default();
        all.into_iter().filter(|view| view.is_favorite).collect::<Vec<_>>()
    });
    let map = use_query_map();
    let open = Memo::new(move |_| map.with(|map| map.get("view")));
    view! {
        <Show when=move || favorites.with(|all| !all.is_empty())>
            <p class="nav-heading" aria-hidden="true">"Views"</p>
            <ul class="nav-group" aria-label="Views">
                <Each each=move || favorites.get() key=|view| (view.id, view.version) let:view>
                    {
                        let id = view.id.to_string();
                        view! {
                            <li>
                                <a href=view_href(&view) class="nav-link" data-nav=view.name.clone()
                                    aria-current=move || (open.get().as_deref() == Some(id.as_str())).then_some("page")>
                                    <Icon name=nav::icon_of(view.entity) />
                                    <span class="nav-label">{view.name.clone()}</span>
                                </a>
                            </li>
                        }
                    }
                </Each>
            </ul>
        </Show>
    }
}

#[component]
fn NavLink(item: NavItem, here: Memo<Option<&'static str>>) -> impl IntoView {
    let session = use_session();
    let allowed = Memo::new(move |_| item.is_allowed(&session));
    view! {
        <Show when=move || allowed.get()>
            <li>
                <a href=item.path class="nav-link" data-nav=item.label
                    aria-current=move || (here.get() == Some(item.path)).then_some("page")>
                    <Icon name=item.icon />
                    <span class="nav-label">{item.label}</span>
                    {item.keys.map(|keys| view! { <span class="nav-keys"><Kbd keys=keys /></span> })}
                </a>
            </li>
        </Show>
    }
}

/// The organization's name; with several, a menu that switches.
#[component]
fn OrgSwitch() -> impl IntoView {
    let session = use_session();
    let me = Memo::new(move |_| session.me());
    let name = move || me.get().map(|me| me.organization.name.clone()).unwrap_or_default();
    let mark = move || {
        me.get().map(|me| {
            let (name, id) = (me.organization.name.clone(), me.organization.id.to_string());
            view! { <Avatar name=name seed=id square=true /> }
        })
    };
    let several = Memo::new(move |_| me.get().is_some_and(|me| me.memberships.len() > 1));
    let switch = switch_organization();
    let switch = StoredValue::new(switch);
    move || {
        if !several.get() {
            return view! {
                <div class="org" data-nav=name>{mark}<span class="org-name">{name}</span></div>
            }
            .into_any();
        }
        let trigger = move || {
            view! {
                <span class="org">{mark}<span class="org-name">{name}</span><Icon name=IconName::ChevronsUpDown /></span>
            }
        };
        let label = Signal::derive(move || format!("{}: switch organization", name()));
        let active = move || me.get().map(|me| me.organization.id);
        view! {
            <Menu label=label trigger=trigger>
                <MenuHeading label="Organizations" />
                {move || me.get().map(|me| me.memberships.clone()).unwrap_or_default().into_iter().map(|membership| {
                    let id = membership.org_id;
                    view! {
                        <MenuItem checked=Signal::derive(move || active() == Some(id))
                            on_select=move |()| switch.with_value(|switch| switch(id))>
                            {membership.name}
                        </MenuItem>
                    }
                }).collect_view()}
                <MenuSeparator />
                <MenuItem href="/settings/organization" icon=IconName::Settings>"Organization settings"</MenuItem>
            </Menu>
        }
        .into_any()
    }
}

/// Makes another organization the active one and goes to its dashboard.
fn switch_organization() -> impl Fn(Uuid) + Send + Sync + 'static {
    let (session, notices, navigate) = (use_session(), use_notices(), use_navigate());
    move |id| {
        if session.me_untracked().is_some_and(|me| me.organization.id == id) {
            return;
        }
        let (session, notices, navigate) = (session.clone(), notices.clone(), navigate.clone());
        spawn_local(async move {
            match api::auth::switch_organization(id).await {
                Ok(me) => {
                    // The page shown belongs to the organization left.
                    navigate("/", Default::default());
                    session.enter(me);
                }
                Err(fail) => notices.failed("The organization was not switched", &fail),
            }
        });
    }
}
