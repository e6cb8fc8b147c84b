//! The top bar: where I am, search, create, who I am.

use super::Creating;
use super::nav;
use super::page::PageState;
use crate::data::{use_live, use_notices, use_session};
use crate::features::work::WorkButton;
use crate::keyboard::Shortcuts;
use crate::ui::{
    Avatar, Breadcrumb, ButtonVariant, Icon, IconButton, IconName, Kbd, Menu, MenuHeading, MenuItem, MenuSeparator,
    Theme, ThemeChoice,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

/// The top bar.
#[component]
pub(super) fn TopBar(drawer: RwSignal<bool>, palette: RwSignal<bool>) -> impl IntoView {
    let page = PageState::current();
    view! {
        <header class="topbar">
            <span class="topbar-menu">
                <IconButton icon=IconName::Menu label="Open navigation" on_click=move |_| drawer.set(true) />
            </span>
            <div class="topbar-crumbs"><Breadcrumb items=page.crumbs() /></div>
            <button type="button" class="topbar-search" on:click=move |_| palette.set(true)
                aria-label="Search and commands" aria-keyshortcuts="Control+K Meta+K">
                <Icon name=IconName::Search />
                <span class="topbar-search-text">"Search or run a command"</span>
                <span class="topbar-search-keys"><Kbd keys="mod+k" /></span>
            </button>
            <div class="topbar-end">
                <Offline />
                <WorkButton />
                <CreateMenu />
                <UserMenu />
            </div>
        </header>
    }
}

/// Says that live updates are interrupted, once that lasts.
#[component]
fn Offline() -> impl IntoView {
    let live = use_live();
    let lasting = RwSignal::new(false);
    let timer = StoredValue::new(0_u32);
    let online = live.clone();
    Effect::new(move |_| {
        let up = online.is_online();
        let run = timer.get_value().wrapping_add(1);
        timer.set_value(run);
        if up {
            lasting.set(false);
            return;
        }
        set_timeout(
            move || {
                if timer.try_get_value() == Some(run) {
                    lasting.try_set(true);
                }
            },
            std::time::Duration::from_secs(5),
        );
    });
    view! {
        <span role="status">
            <Show when=move || lasting.get()>
                <span class="topbar-offline"
                    data-tip="Changes by others are not shown until the connection is back. Your own work is not affected.">
                    <span class="topbar-offline-dot"></span>
                    <span>"Reconnecting…"</span>
                </span>
            </Show>
        </span>
    }
}

/// The `+`.
#[component]
fn CreateMenu() -> impl IntoView {
    let creating = Creating::current();
    let types = Memo::new(move |_| creating.available());
    view! {
        <Show when=move || types.with(|types| !types.is_empty())>
            <Menu label="Create" icon=IconName::Plus variant=ButtonVariant::Primary>
                {move || types.get().into_iter().map(|record| view! {
                    <MenuItem icon=nav::icon_of(record) on_select=move |()| creating.open(record)>
                        {format!("New {}", record.spec().label.to_lowercase())}
                    </MenuItem>
                }).collect_view()}
            </Menu>
        </Show>
    }
}

/// Who is signed in.
#[component]
fn UserMenu() -> impl IntoView {
    let session = use_session();
    let user = Memo::new(move |_| session.me().map(|me| me.user.clone()));
    let label = Signal::derive(move || match user.get() {
        Some(user) => format!("{}: your account", user.name),
        None => "Your account".to_owned(),
    });
    let trigger = move || {
        view! {
            {move || user.get().map(|user| view! {
                <Avatar name=user.name seed=user.id.to_string() src=user.avatar_url />
            })}
        }
    };
    let (theme, shortcuts) = (Theme::current(), Shortcuts::current());
    let sign_out = StoredValue::new(sign_out());
    let help = move || {
        let help = shortcuts.available(true).into_iter().find(|action| action.keys.contains(&"?"));
        if let Some(action) = help {
            action.run.run(());
        }
    };
    let choose = move |choice: ThemeChoice, label: &'static str, icon: IconName| {
        view! {
            <MenuItem icon=icon checked=Signal::derive(move || theme.choice() == choice)
                on_select=move |()| theme.choose(choice)>
                {label}
            </MenuItem>
        }
    };
    view! {
        <span class="user-menu">
            <Menu label=label trigger=trigger>
                {move || user.get().map(|user| view! {
                    <div class="user-menu-head" role="presentation">
                        <strong>{user.name}</strong>
                        <span>{user.email}</span>
                    </div>
                })}
                <MenuSeparator />
                <MenuItem href="/settings/profile" icon=IconName::User>"Profile"</MenuItem>
                <MenuItem icon=IconName::CircleHelp keys="?" on_select=move |()| help()>"Keyboard shortcuts"</MenuItem>
                <MenuSeparator />
                <MenuHeading label="Theme" />
                {choose(ThemeChoice::System, "System", IconName::Monitor)}
                {choose(ThemeChoice::Light, "Light", IconName::Sun)}
                {choose(ThemeChoice::Dark, "Dark", IconName::Moon)}
                <MenuSeparator />
                <MenuItem icon=IconName::LogOut on_select=move |()| sign_out.with_value(|sign_out| sign_out())>
                    "Sign out"
                </MenuItem>
            </Menu>
        </span>
    }
}

/// Signs out and shows the sign-in page.
pub(super) fn sign_out() -> impl Fn() + Send + Sync + 'static {
    let (session, notices, navigate) = (use_session(), use_notices(), use_navigate());
    move || {
        let (session, notices, navigate) = (session.clone(), notices.clone(), navigate.clone());
        spawn_local(async move {
            match session.sign_out().await {
                Ok(()) => navigate("/login", Default::default()),
                Err(fail) => notices.failed("You are still signed in", &fail),
            }
        });
    }
}
