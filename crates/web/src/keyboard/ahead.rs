//! Keys that are pressed for a dialog before it has the focus. It may have to be fetched first, and opens a moment later
//! in any case: what is typed until then is meant for its field, and neither lost nor taken for shortcuts.

use crate::ui::dom::{Listener, active_element, ignore, is_typing_target};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventTarget, HtmlInputElement, HtmlTextAreaElement, KeyboardEvent};

/// What is typed ahead. One for the app.
#[derive(Clone, Copy)]
pub(super) struct Ahead(StoredValue<Option<Waiting>, LocalStorage>);

struct Waiting {
    /// Where the focus was. When it goes elsewhere, be it to the dialog or not, the waiting is over.
    from: Option<Element>,
    typed: String,
    give_up: Callback<()>,
}

impl Ahead {
    pub(super) fn new() -> Self {
        Self(StoredValue::new_local(None))
    }

    /// Listens, before any element does, until the current owner goes away.
    pub(super) fn listen(self) {
        let keys = Listener::new(window().into(), "keydown", true, move |ev| self.on_key(&ev));
        let focus = Listener::new(window().into(), "focusin", true, move |ev| self.on_focus(&ev));
        let listeners = StoredValue::new_local(Some([keys, focus]));
        on_cleanup(move || listeners.set_value(None));
    }

    /// A dialog is going to take the focus. With Escape the person gives up waiting for it.
    pub(super) fn begin(self, give_up: Callback<()>) {
        ignore(self.0.try_update_value(|waiting| match waiting {
            Some(waiting) => waiting.give_up = give_up,
            None => *waiting = Some(Waiting { from: active_element().map(Into::into), typed: String::new(), give_up }),
        }));
    }

    /// It will not come.
    pub(super) fn end(self) {
        ignore(self.0.try_set_value(None));
    }

    fn on_key(self, ev: &Event) {
        let Some(ev) = ev.dyn_ref::<KeyboardEvent>() else { return };
        let mut given_up = None;
        let taken = self.0.try_update_value(|waiting| {
            let at =
                waiting.as_mut().filter(|_| !ev.is_composing() && !ev.ctrl_key() && !ev.meta_key() && !ev.alt_key())?;
            match ev.key().as_str() {
                "Escape" => given_up = waiting.take().map(|waiting| waiting.give_up),
                "Backspace" => ignore(at.typed.pop()),
                // What had the focus before must not act upon it.
                "Enter" => {}
                key if key.chars().nth(1).is_none() => at.typed.push_str(key),
                _ => return None,
            }
            Some(())
        });
        if taken.flatten().is_some() {
            ev.prevent_default();
            ev.stop_propagation();
        }
        if let Some(give_up) = given_up {
            ignore(give_up.try_run(()));
        }
    }

    fn on_focus(self, ev: &Event) {
        let to = ev.target().and_then(|target| target.dyn_into::<Element>().ok());
        let typed = self
            .0
            .try_update_value(|waiting| waiting.take_if(|waiting| waiting.from != to).map(|waiting| waiting.typed));
        if let Some(typed) = typed.flatten().filter(|typed| !typed.is_empty()) {
            // The dialog's first focus may be followed at once by that of its field.
            spawn_local(async move { write(&typed) });
        }
    }
}

/// Puts text into the field that has the focus, as if it was typed.
fn write(text: &str) {
    let Some(field) = active_element().filter(|element| is_typing_target(Some(EventTarget::from(element.clone()))))
    else {
        return;
    };
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        input.set_value(&format!("{}{text}", input.value()));
    } else if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
        area.set_value(&format!("{}{text}", area.value()));
    }
    let options = web_sys::EventInit::new();
    options.set_bubbles(true);
    if let Ok(input) = Event::new_with_event_init_dict("input", &options) {
        ignore(field.dispatch_event(&input));
    }
}
