//! Small helpers around the browser: ids, deferral, listeners, focus.

use std::{cell::Cell, rc::Rc};

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};

thread_local! {
    static NEXT_ID: Cell<u32> = const { Cell::new(1) };
}

/// An element id that no other element has, such as `field-12`.
pub fn unique_id(prefix: &str) -> String {
    let n = NEXT_ID.with(|next| next.replace(next.get().wrapping_add(1)));
    format!("{prefix}-{n}")
}

/// Joins class names, leaving out empty ones.
pub fn classes(parts: &[&str]) -> String {
    let mut out = String::new();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(part);
    }
    out
}

/// Takes a result that does not matter, such as that of a signal which may be gone by now.
pub fn ignore<T>(_result: T) {}

/// The time in ms, from the page's beginning.
pub fn now() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// Runs `f` on the next tick. Closing a dialog or a menu from one of its own event handlers must wait
/// until that handler has returned, because closing drops the handler.
pub fn later(f: impl FnOnce() + 'static) {
    set_timeout(f, std::time::Duration::ZERO);
}

/// Runs `f` on the next tick, or when the mouse button that is down is up again. What happens when a field is left must
/// not move the page under the press that left it: the click would miss what it was meant for.
///
/// A finger is up already when a field loses the focus to it, and the mouse events that stand for the tap come all
/// together: so it is the mouse's release that is waited for, not the pointer's.
pub fn after_press(f: impl FnOnce() + 'static) {
    let pressed = document().query_selector(":active").ok().flatten().is_some();
    if !pressed {
        return later(f);
    }
    let waiting = Rc::new(Cell::new(Some(f)));
    let options = web_sys::AddEventListenerOptions::new();
    options.set_once(true);
    options.set_capture(true);
    // A press that becomes a drag ends with the drag.
    for event in ["mouseup", "dragend"] {
        let waiting = Rc::clone(&waiting);
        let run = Closure::once_into_js(move || {
            if let Some(f) = waiting.take() {
                later(f);
            }
        });
        let run = run.unchecked_ref();
        ignore(document().add_event_listener_with_callback_and_add_event_listener_options(event, run, &options));
    }
}

/// Gives the keyboard focus to the element with this id, if there is one.
pub fn focus_id(id: &str) {
    if let Some(element) = html_element(id) {
        // Focus cannot fail on an element that exists; a refused focus is no error either.
        ignore(element.focus());
    }
}

/// The element with this id as an HTML element.
pub fn html_element(id: &str) -> Option<web_sys::HtmlElement> {
    document().get_element_by_id(id).and_then(|e| e.dyn_into().ok())
}

/// Scrolls what is around the element as little as needed to show it.
pub fn scroll_to(element: &web_sys::Element) {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    options.set_inline(web_sys::ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// The element that has the keyboard focus.
pub fn active_element() -> Option<web_sys::HtmlElement> {
    document().active_element().and_then(|e| e.dyn_into().ok())
}

/// Elements under `root` that match the selector, in document order.
pub fn query_all(root: &web_sys::Element, selector: &str) -> Vec<web_sys::HtmlElement> {
    let Ok(list) = root.query_selector_all(selector) else {
        return Vec::new();
    };
    (0..list.length()).filter_map(|i| list.item(i)).filter_map(|node| node.dyn_into().ok()).collect()
}

/// True if keys pressed in this element are text: an input, a text area, a select or editable content.
pub fn is_typing_target(target: Option<web_sys::EventTarget>) -> bool {
    let Some(element) = target.and_then(|t| t.dyn_into::<web_sys::HtmlElement>().ok()) else {
        return false;
    };
    if element.is_content_editable() {
        return true;
    }
    match element.tag_name().as_str() {
        "TEXTAREA" | "SELECT" => true,
        "INPUT" => {
            let kind = element.get_attribute("type").unwrap_or_default();
            !matches!(kind.as_str(), "checkbox" | "radio" | "button" | "submit" | "range")
        }
        _ => false,
    }
}

/// True while the system asks for less motion.
pub fn reduced_motion() -> bool {
    matches!(window().match_media("(prefers-reduced-motion: reduce)"), Ok(Some(query)) if query.matches())
}

/// A listener that is removed when dropped. Unlike Leptos' own it can listen in the capture phase,
/// which is the only way to hear inner containers scroll.
pub struct Listener {
    target: web_sys::EventTarget,
    event: &'static str,
    capture: bool,
    closure: Closure<dyn FnMut(web_sys::Event)>,
}

impl Listener {
    /// Starts to listen for `event` on `target`.
    pub fn new(
        target: web_sys::EventTarget,
        event: &'static str,
        capture: bool,
        handler: impl FnMut(web_sys::Event) + 'static,
    ) -> Self {
        let closure: Closure<dyn FnMut(web_sys::Event)> = Closure::new(handler);
        ignore(target.add_event_listener_with_callback_and_bool(event, closure.as_ref().unchecked_ref(), capture));
        Self { target, event, capture, closure }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        ignore(self.target.remove_event_listener_with_callback_and_bool(
            self.event,
            self.closure.as_ref().unchecked_ref(),
            self.capture,
        ));
    }
}

/// Reads a string from the browser's local storage; `None` if it is missing or storage is blocked.
pub fn storage_get(key: &str) -> Option<String> {
    window().local_storage().ok().flatten()?.get_item(key).ok().flatten()
}

/// Writes (or with `None` removes) a string in local storage. A full or blocked storage is not an error:
/// what is kept there is a convenience.
pub fn storage_set(key: &str, value: Option<&str>) {
    if let Ok(Some(storage)) = window().local_storage() {
        ignore(match value {
            Some(value) => storage.set_item(key, value),
            None => storage.remove_item(key),
        });
    }
}
