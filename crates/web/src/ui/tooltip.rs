//! Tooltips. One element serves the whole app: anything with `data-tip` has a tooltip, and `data-keys` adds the
//! keys of the same action. Shown on hover after a moment and on keyboard focus at once; Escape hides it.

use std::time::Duration;

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

use super::{
    dom::{Listener, ignore},
    float::{Placement, place},
    marks::Kbd,
};

const DELAY: Duration = Duration::from_millis(450);

#[derive(Clone, PartialEq, Eq)]
struct Tip {
    text: String,
    keys: Option<String>,
}

fn tip_element(ev: &web_sys::Event) -> Option<web_sys::Element> {
    ev.target()?.dyn_into::<web_sys::Element>().ok()?.closest("[data-tip]").ok()?
}

/// The one tooltip. Rendered once, by `UiRoot`.
#[component]
pub(super) fn TooltipHost() -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let tip = RwSignal::new(None::<Tip>);
    // The element whose tooltip is shown or about to be.
    let target = StoredValue::new_local(None::<web_sys::Element>);

    let hide = move || {
        ignore(target.try_set_value(None));
        if tip.try_with_untracked(Option::is_some) == Some(true) {
            tip.set(None);
            if let Some(element) = node.get_untracked() {
                ignore(element.hide_popover());
            }
        }
    };
    let show = move |element: &web_sys::Element| {
        let still_wanted = target.try_with_value(|now| now.as_ref() == Some(element)).unwrap_or(false);
        let opened = element.get_attribute("aria-expanded").as_deref() == Some("true");
        let Some(text) = element.get_attribute("data-tip").filter(|text| !text.is_empty()) else { return };
        if !still_wanted || opened || !element.is_connected() {
            return;
        }
        tip.set(Some(Tip { text, keys: element.get_attribute("data-keys") }));
        let element = element.clone();
        request_animation_frame(move || {
            // It may have been hidden again before this frame.
            let wanted = tip.try_with_untracked(Option::is_some) == Some(true);
            if let Some(Some(host)) = node.try_get_untracked().filter(|_| wanted) {
                ignore(host.hide_popover());
                ignore(host.show_popover());
                place(&element, host.unchecked_ref(), Placement::Top, 6.0);
            }
        });
    };

    let doc: web_sys::EventTarget = document().into();
    let on =
        |event: &'static str, handler: Box<dyn Fn(web_sys::Event)>| Listener::new(doc.clone(), event, true, handler);
    let listeners = vec![
        on(
            "pointerover",
            Box::new(move |ev| {
                // Touch has no hover; a long press is the system's.
                if ev.unchecked_ref::<web_sys::PointerEvent>().pointer_type() == "touch" {
                    return;
                }
                let Some(element) = tip_element(&ev) else { return hide() };
                if target.with_value(|now| now.as_ref() == Some(&element)) {
                    return;
                }
                hide();
                target.set_value(Some(element.clone()));
                set_timeout(move || show(&element), DELAY);
            }),
        ),
        on("pointerdown", Box::new(move |_| hide())),
        on(
            "focusin",
            Box::new(move |ev| {
                let Some(element) = tip_element(&ev) else { return hide() };
                if element.matches(":focus-visible").unwrap_or(false) {
                    target.set_value(Some(element.clone()));
                    show(&element);
                }
            }),
        ),
        on("focusout", Box::new(move |_| hide())),
        on("scroll", Box::new(move |_| hide())),
        on(
            "keydown",
            Box::new(move |ev| {
                if ev.unchecked_ref::<web_sys::KeyboardEvent>().key() == "Escape" {
                    hide();
                }
            }),
        ),
    ];
    let listeners = StoredValue::new_local(listeners);
    on_cleanup(move || ignore(listeners.try_update_value(Vec::clear)));

    view! {
        <div class="tooltip" popover="manual" role="tooltip" node_ref=node>
            {move || tip.get().map(|tip| view! {
                <span>{tip.text}</span>
                {tip.keys.map(|keys| view! { <Kbd keys=keys /> })}
            })}
        </div>
    }
}

/// Puts a tooltip on anything. Buttons of the kit have their own (`tip`); use this for text and marks.
#[component]
pub fn Tooltip(
    /// The text.
    #[prop(into)]
    text: Signal<String>,
    /// What it explains.
    children: Children,
) -> impl IntoView {
    view! { <span data-tip=move || text.get()>{children()}</span> }
}
