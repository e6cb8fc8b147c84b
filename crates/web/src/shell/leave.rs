//! Leaving a page with something unsaved asks first.

use crate::ui::dom::{Listener, ignore, later};
use crate::ui::{ConfirmDialog, FormState};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, MouseEvent};

/// The forms of the page that may have something unsaved.
#[derive(Clone, Copy)]
pub(crate) struct Leaving {
    forms: StoredValue<Vec<(u32, FormState)>>,
    next: StoredValue<u32>,
    going: StoredValue<Option<String>>,
    asking: RwSignal<bool>,
}

impl Leaving {
    fn new() -> Self {
        Self {
            forms: StoredValue::default(),
            next: StoredValue::new(0),
            going: StoredValue::new(None),
            asking: RwSignal::new(false),
        }
    }

    pub(super) fn provide() {
        provide_context(Self::new());
    }

    /// The one in context; outside of the shell one that nobody asks.
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
        self.going.set_value(Some(href.to_owned()));
        // After the handler that asks: opening changes what it belongs to.
        later(move || ignore(self.asking.try_set(true)));
        false
    }
}

/// The question, and the links that lead to it. Once, in the frame.
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
    let listeners = StoredValue::new_local(Some((on_click, on_unload)));
    on_cleanup(move || ignore(listeners.try_update_value(Option::take)));
    let navigate = use_navigate();
    let leave = move |()| {
        leaving.asking.set(false);
        leaving.forms.with_value(|forms| forms.iter().for_each(|(_, form)| form.discard_draft()));
        leaving.forms.set_value(Vec::new());
        if let Some(href) = leaving.going.try_update_value(Option::take).flatten() {
            navigate(&href, Default::default());
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
