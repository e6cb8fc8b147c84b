//! Leaving a page with something unsaved asks first.

use crate::ui::dom::{Listener, ignore, later};
use crate::ui::{ConfirmDialog, FormState};
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_navigate};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, MouseEvent};

/// Where the person was going when they were asked.
#[derive(Clone)]
enum Going {
    /// To an address of this app.
    To(String),
    /// Back in the history.
    Back,
}

/// The forms of the page that may have something unsaved.
#[derive(Clone, Copy)]
pub(crate) struct Leaving {
    forms: StoredValue<Vec<(u32, FormState)>>,
    next: StoredValue<u32>,
    going: StoredValue<Option<Going>>,
    /// Path and query of the page shown, as the router has them.
    here: StoredValue<Option<(Memo<String>, Memo<String>)>>,
    asking: RwSignal<bool>,
}

impl Leaving {
    fn new() -> Self {
        Self {
            forms: StoredValue::default(),
            next: StoredValue::new(0),
            going: StoredValue::new(None),
            here: StoredValue::new(None),
            asking: RwSignal::new(false),
        }
    }

    /// Puts it in context. Once, above the router: of the listeners for Back the browser calls the oldest first.
    pub fn provide() {
        let leaving = Self::new();
        provide_context(leaving);
        let on_back = Listener::new(window().into(), "popstate", false, move |ev| leaving.on_back(&ev));
        let on_back = StoredValue::new_local(on_back);
        on_cleanup(move || on_back.dispose());
    }

    /// The browser has gone back already when it says so. The page stays, so its address comes back on top.
    fn on_back(self, ev: &Event) {
        let Some((path, query)) = self.here.get_value().filter(|_| self.has_unsaved()) else { return };
        ev.stop_immediate_propagation();
        let query = query.get_untracked();
        let mark = if query.is_empty() { "" } else { "?" };
        let here = format!("{}{mark}{query}", path.get_untracked());
        if let Ok(history) = window().history() {
            ignore(history.push_state_with_url(&JsValue::NULL, "", Some(&here)));
        }
        self.ask(Going::Back);
    }

    /// The one in context; outside of the app one that nobody asks.
    pub fn current() -> Self {
        use_context::<Self>().unwrap_or_else(Self::new)
    }

    /// Asks before a form with something unsaved is left, until the current owner goes away.
    pub fn watch(self, form: FormState) {
        let number = self.next.get_value();
        self.next.set_value(number.wrapping_add(1));
        self.forms.update_value(|forms| forms.push((number, form)));
        on_cleanup(move || {
            ignore(self.forms.try_update_value(|forms| forms.retain(|(other, _)| *other != number)));
        });
    }

    fn has_unsaved(self) -> bool {
        untrack(|| self.forms.with_value(|forms| forms.iter().any(|(_, form)| form.is_dirty())))
    }

    /// Whether the person may go to this address at once; otherwise they are asked.
    pub fn may_go(self, href: &str) -> bool {
        if !self.has_unsaved() {
            return true;
        }
        self.ask(Going::To(href.to_owned()));
        false
    }

    fn ask(self, going: Going) {
        self.going.set_value(Some(going));
        // After the handler that asks: opening changes what it belongs to.
        later(move || ignore(self.asking.try_set(true)));
    }
}

/// The question, and what leads to it: links, Back, closing the tab. Once, in the frame.
#[component]
pub(super) fn LeaveDialog() -> impl IntoView {
    let leaving = Leaving::current();
    // Before the router, which listens further out.
    let on_click = Listener::new(document().into(), "click", true, move |ev| {
        if let Some(href) = own_link(&ev).filter(|href| !leaving.may_go(href)) {
            drop(href);
            ev.prevent_default();
            ev.stop_propagation();
        }
    });
    let on_unload = Listener::new(window().into(), "beforeunload", false, move |ev| {
        if leaving.has_unsaved() {
            ev.prevent_default();
        }
    });
    let location = use_location();
    leaving.here.set_value(Some((location.pathname, location.search)));
    let listeners = StoredValue::new_local(Some((on_click, on_unload)));
    on_cleanup(move || ignore(listeners.try_update_value(Option::take)));
    let navigate = use_navigate();
    let leave = move |()| {
        leaving.asking.set(false);
        leaving.forms.with_value(|forms| forms.iter().for_each(|(_, form)| form.discard_draft()));
        leaving.forms.set_value(Vec::new());
        match leaving.going.try_update_value(Option::take).flatten() {
            Some(Going::To(href)) => navigate(&href, Default::default()),
            Some(Going::Back) => ignore(window().history().and_then(|history| history.back())),
            None => {}
        }
    };
    view! {
        <ConfirmDialog open=leaving.asking title="Leave without saving?" confirm="Leave" danger=true
            text="This page has changes that are not saved." on_confirm=leave />
    }
}

/// The address of the link of this app that a plain click follows.
fn own_link(ev: &Event) -> Option<String> {
    let click = ev.dyn_ref::<MouseEvent>()?;
    if click.button() != 0 || click.ctrl_key() || click.meta_key() || click.shift_key() || click.alt_key() {
        return None;
    }
    let link = ev.target()?.dyn_into::<Element>().ok()?.closest("a[href]").ok().flatten()?;
    link.get_attribute("href").filter(|href| href.starts_with('/') && !link.has_attribute("target"))
}
