//! The frame around every page of a signed-in person: sidebar, top bar, main area.
//!
//! A page begins with [`PageHeader`], or calls [`use_page`] where it has a heading of its own: that names the
//! document, fills the breadcrumb and takes the focus after a change of route. New pages get an entry in [`nav`], those of
//! record types in their looks.

mod leave;
mod nav;
mod page;
mod sidebar;
mod topbar;

pub(crate) use leave::Leaving;
pub(crate) use nav::{NavItem, icon_of, item, settings_pages};
pub use page::{NoAccess, NotFound, PageHeader, Starting, login_path, use_page};

use crate::api::records::Fields;
use crate::data::{Session, use_session};
use crate::dialogs::opened_by;
use crate::features::records::{ConflictDialog, CreateDialogs};
use crate::keyboard::{Action, Shortcuts};
use crate::parts::fetch_ahead;
use crate::ui::dom::{storage_get, storage_set};
use crate::ui::{IconName, SkipLink, Theme};
use domain::catalog::RecordType;
use leave::LeaveDialog;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::Outlet;
use leptos_router::hooks::{use_location, use_navigate};
use page::PageState;
use sidebar::{Sidebar, SidebarDrawer};
use std::time::Duration;
use topbar::TopBar;

/// Where the browser keeps whether the sidebar is collapsed.
const COLLAPSED_KEY: &str = "rapport.sidebar";

/// Id of the main area, where the skip link leads.
const MAIN_ID: &str = "main";

/// A record that is to be made.
#[derive(Clone, PartialEq)]
pub struct ToMake {
    /// Its type.
    pub record: RecordType,
    /// The record that it is made for has values for it, and stays on the screen; without them, the new one opens.
    pub given: Option<Fields>,
}

/// Making a record from anywhere: the `+` in the top bar, the palette, a page's own button.
///
/// The dialog belongs to the record pages: it calls [`Creating::offer`] once for the types it can make, and opens
/// when [`Creating::wanted`] is set.
#[derive(Clone, Copy)]
pub struct Creating {
    wanted: RwSignal<Option<ToMake>>,
    offered: RwSignal<Vec<RecordType>>,
    session: StoredValue<Session>,
}

impl Creating {
    fn provide() -> Self {
        let creating = Self::new();
        provide_context(creating);
        creating
    }

    fn new() -> Self {
        let session = StoredValue::new(use_session());
        Self { wanted: RwSignal::new(None), offered: RwSignal::default(), session }
    }

    /// The one in context; outside of the shell one that nobody answers.
    pub fn current() -> Self {
        use_context::<Self>().unwrap_or_else(Self::new)
    }

    /// Says which types can be made, until the current owner goes away.
    pub fn offer(self, types: &[RecordType]) {
        self.offered.set(types.to_vec());
        on_cleanup(move || drop(self.offered.try_set(Vec::new())));
    }

    /// Opens the dialog for a type.
    pub fn open(self, record: RecordType) {
        self.wanted.set(Some(ToMake { record, given: None }));
    }

    /// Opens it with values from the record that the new one is made for.
    pub fn open_with(self, record: RecordType, given: Fields) {
        self.wanted.set(Some(ToMake { record, given: Some(given) }));
    }

    /// What is to be made, both ways: the dialog sets it back to `None`.
    pub fn wanted(self) -> RwSignal<Option<ToMake>> {
        self.wanted
    }

    /// The types that can be made and that this person may make. Tracked.
    pub fn available(self) -> Vec<RecordType> {
        let Some(session) = self.session.try_get_value() else { return Vec::new() };
        self.offered.get().into_iter().filter(|record| session.can(record.permissions().create)).collect()
    }
}

/// The frame.
#[component]
pub fn Shell() -> impl IntoView {
    let collapsed = RwSignal::new(storage_get(COLLAPSED_KEY).is_some());
    let drawer = RwSignal::new(false);
    Effect::watch(
        move || collapsed.get(),
        |collapsed, _, _| storage_set(COLLAPSED_KEY, collapsed.then_some("collapsed")),
        false,
    );
    PageState::provide();
    Creating::provide();
    let palette = RwSignal::new(false);
    register_actions(collapsed, palette);
    // After the first page has fetched what it shows.
    set_timeout(|| spawn_local(fetch_ahead()), Duration::from_secs(1));

    let path = use_location().pathname;
    Effect::watch(move || path.get(), move |_, _, _| drawer.set(false), false);

    view! {
        <SkipLink target=MAIN_ID />
        <div class="shell" class:shell-collapsed=move || collapsed.get()>
            <Sidebar collapsed />
            <div class="shell-page">
                <TopBar drawer palette />
                <main class="shell-main" id=MAIN_ID tabindex="-1">
                    <Outlet />
                </main>
            </div>
        </div>
        <SidebarDrawer open=drawer />
        {opened_by(palette, Box::new(move |dialogs| (dialogs.palette)(palette)))}
        <CreateDialogs />
        <ConflictDialog />
        <LeaveDialog />
    }
}

/// What can be done from everywhere.
fn register_actions(collapsed: RwSignal<bool>, palette: RwSignal<bool>) {
    let shortcuts = Shortcuts::current();
    let global =
        |id: &'static str, title: &str, run: Box<dyn Fn() + Send + Sync>| Action::new(id, title, run).group("General");
    shortcuts.register(
        global("palette", "Search and commands", Box::new(move || palette.update(|open| *open = !*open)))
            .keys("mod+k")
            .in_inputs()
            .keys_only(),
    );
    shortcuts.register(
        global("sidebar", "Collapse or expand the sidebar", Box::new(move || collapsed.update(|c| *c = !*c)))
            .keys("[")
            .icon(IconName::PanelLeft),
    );
    let theme = Theme::current();
    shortcuts.register(
        global("theme", "Switch between light and dark", Box::new(move || theme.toggle()))
            .icon(IconName::Moon)
            .keywords("theme colours appearance"),
    );
    let sign_out = topbar::sign_out();
    shortcuts.register(global("sign-out", "Sign out", Box::new(sign_out)).icon(IconName::LogOut).keywords("log out"));

    let session = use_session();
    let leaving = Leaving::current();
    for item in nav::all() {
        let (navigate, allowed) = (use_navigate(), session.clone());
        let go = Action::new(format!("go.{}", item.path), format!("Go to {}", item.label), move || {
            if leaving.may_go(item.path) {
                navigate(item.path, Default::default());
            }
        })
        .group("Navigation")
        .icon(item.icon)
        .keywords(item.keywords)
        .enabled(Signal::derive(move || item.is_allowed(&allowed)));
        shortcuts.register(match item.keys {
            Some(keys) => go.keys(keys),
            None => go,
        });
    }
    let creating = Creating::current();
    for record in RecordType::ALL.iter().copied() {
        let spec = record.spec();
        shortcuts.register(
            Action::new(format!("{}.new", record.as_str()), format!("New {}", spec.label.to_lowercase()), move || {
                creating.open(record)
            })
            .group("Create")
            .icon(icon_of(record))
            .enabled(Signal::derive(move || creating.available().contains(&record))),
        );
    }
}
