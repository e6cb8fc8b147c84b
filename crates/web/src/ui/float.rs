//! Placing things that float beside what opened them.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

use super::{
    dom::{Listener, html_element, ignore},
    num::int_f64,
};

/// On which side of its trigger something floats. It flips where there is no room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Placement {
    /// Under it, left edges aligned.
    #[default]
    BottomStart,
    /// Under it, right edges aligned.
    BottomEnd,
    /// Above it, centred (tooltips).
    Top,
}

/// Distance from the edges of the window, in px.
const MARGIN: f64 = 8.0;

/// Sets `left` and `top` of `floating`, which is `position: fixed`, beside `anchor` and inside the window.
pub(super) fn place(anchor: &web_sys::Element, floating: &web_sys::HtmlElement, placement: Placement, gap: f64) {
    let Some(root) = document().document_element() else { return };
    let (view_w, view_h) = (f64::from(root.client_width()), f64::from(root.client_height()));
    let (w, h) = (f64::from(floating.offset_width()), f64::from(floating.offset_height()));
    let rect = anchor.get_bounding_client_rect();
    let below = rect.bottom() + gap;
    let above = rect.top() - gap - h;
    let fits_below = below + h <= view_h - MARGIN;
    let (left, top) = match placement {
        Placement::BottomStart | Placement::BottomEnd => {
            let left = if placement == Placement::BottomStart { rect.left() } else { rect.right() - w };
            (left, if fits_below || above < MARGIN { below } else { above })
        }
        Placement::Top => (rect.left() + (rect.width() - w) / 2.0, if above >= MARGIN { above } else { below }),
    };
    let clamp = |value: f64, size: f64, view: f64| value.min(view - MARGIN - size).max(MARGIN);
    let style = floating.style();
    ignore(style.set_property("left", &format!("{}px", clamp(left, w, view_w).round())));
    ignore(style.set_property("top", &format!("{}px", clamp(top, h, view_h).round())));
}

/// How a floating element closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dismiss {
    /// By Escape and clicks elsewhere; the browser gives the focus back.
    Light,
    /// Only by its owner: the focus stays in the input that opened it.
    Manual,
}

/// An element in the top layer beside an anchor. Its content exists only while it is open.
/// With `Dismiss::Light` the trigger carries `popovertarget=<id>`, and `open` follows the browser.
#[component]
pub(super) fn Floating(
    /// Id of this element.
    id: String,
    /// Id of the element it stands beside.
    anchor_id: String,
    /// Open or closed, both ways.
    open: RwSignal<bool>,
    /// Where.
    #[prop(optional)]
    placement: Placement,
    /// How it closes.
    dismiss: Dismiss,
    /// As wide as the anchor at least.
    #[prop(optional)]
    match_width: bool,
    /// Class beside `popover`.
    #[prop(optional)]
    class: &'static str,
    /// ARIA role.
    #[prop(optional, into)]
    role: Option<&'static str>,
    /// Accessible name.
    #[prop(optional, into)]
    label: MaybeProp<String>,
    /// Called when it is open, filled and placed: move the focus here.
    #[prop(optional, into)]
    on_open: Option<Callback<web_sys::HtmlElement>>,
    /// The content.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let listeners = StoredValue::new_local(Vec::<Listener>::new());
    on_cleanup(move || ignore(listeners.try_update_value(Vec::clear)));
    let anchor = StoredValue::new(anchor_id);
    let move_there = move || {
        if let (Some(Some(floating)), Some(Some(anchor))) =
            (node.try_get_untracked(), anchor.try_with_value(|id| html_element(id)))
        {
            if match_width {
                let width = format!("{}px", int_f64(i64::from(anchor.offset_width())));
                ignore(HtmlStyle::of(&floating).set_property("min-width", &width));
            }
            place(&anchor, floating.unchecked_ref(), placement, 4.0);
        }
    };

    Effect::new(move |_| {
        let is_open = open.get();
        let Some(element) = node.get() else { return };
        let shown = element.matches(":popover-open").unwrap_or(false);
        if !is_open {
            listeners.update_value(Vec::clear);
            if shown {
                ignore(element.hide_popover());
            }
            return;
        }
        if !shown {
            ignore(element.show_popover());
        }
        listeners.set_value(vec![
            Listener::new(window().into(), "resize", false, move |_| move_there()),
            Listener::new(document().into(), "scroll", true, move |_| move_there()),
        ]);
        request_animation_frame(move || {
            move_there();
            if let (Some(call), Some(Some(element))) = (on_open, node.try_get_untracked()) {
                ignore(call.try_run(element.unchecked_into()));
            }
        });
    });

    view! {
        <div
            id=id
            class=format!("popover {class}")
            popover=if dismiss == Dismiss::Light { "auto" } else { "manual" }
            node_ref=node
            role=role
            aria-label=move || label.get()
            on:beforetoggle=move |ev| {
                if is_opening(&ev) {
                    open.set(true);
                }
            }
            on:toggle=move |ev| {
                if !is_opening(&ev) {
                    ignore(open.try_set(false));
                }
            }
        >
            <Show when=move || open.get()>{children()}</Show>
        </div>
    }
}

fn is_opening(ev: &web_sys::Event) -> bool {
    ev.unchecked_ref::<web_sys::ToggleEvent>().new_state() == "open"
}

/// The style of an element, whatever its static type.
struct HtmlStyle;

impl HtmlStyle {
    fn of(element: &web_sys::Element) -> web_sys::CssStyleDeclaration {
        element.unchecked_ref::<web_sys::HtmlElement>().style()
    }
}
