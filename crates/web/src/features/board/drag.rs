//! Dragging cards by mouse, pen and touch.
//!
//! A mouse drags after a few pixels, a finger after holding still for a moment, so that it can scroll. The pointer is
//! captured, near an edge the board scrolls by itself, Escape gives up.

use crate::ui::dom::{Listener, ignore, now, query_all};
use crate::ui::num::trunc_i64;
use leptos::html;
use leptos::prelude::*;
use std::time::Duration;
use uuid::Uuid;
use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};

/// How far a mouse must move before it drags, in px.
const SLACK: f64 = 5.0;
/// How long a finger must hold still before it drags.
const HOLD: Duration = Duration::from_millis(260);
/// How near an edge the board scrolls, in px, and how fast, in px per millisecond.
const EDGE: f64 = 56.0;
const SPEED: f64 = 0.72;
/// The longest time between two frames that counts, in ms: after a pause the board does not leap.
const FRAME: f64 = 50.0;

/// Where a card would land.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The stage.
    pub stage: Uuid,
    /// The card that would follow.
    pub before: Option<Uuid>,
    /// The card that would precede.
    pub after: Option<Uuid>,
}

/// A card under way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flight {
    /// The card.
    pub id: Uuid,
    /// Where its top left corner is on the screen, in px.
    pub left: f64,
    /// The same from the top.
    pub top: f64,
    /// Its width, in px.
    pub width: f64,
}

/// A press that may become a drag.
#[derive(Clone, Copy)]
struct Press {
    id: Uuid,
    pointer: i32,
    from: (f64, f64),
    /// From the pointer to the card's corner.
    grip: (f64, f64),
    width: f64,
    number: u32,
}

/// Dragging on one board. Copy it freely.
#[derive(Clone, Copy)]
pub struct Drag {
    /// The card under way.
    pub flight: RwSignal<Option<Flight>>,
    /// Where it would land.
    pub target: RwSignal<Option<Target>>,
    press: StoredValue<Option<Press>>,
    pointer_at: StoredValue<(f64, f64)>,
    presses: StoredValue<u32>,
    /// A click that ends a drag opens nothing.
    swallow: StoredValue<bool>,
    board: NodeRef<html::Div>,
    may_drag: Callback<Uuid, bool>,
    on_drop: Callback<(Uuid, Target)>,
}

impl Drag {
    /// Dragging on `board`. `may_drag` is asked when it begins; `on_drop` gets where it ended.
    pub fn new(board: NodeRef<html::Div>, may_drag: Callback<Uuid, bool>, on_drop: Callback<(Uuid, Target)>) -> Self {
        let drag = Self {
            flight: RwSignal::new(None),
            target: RwSignal::new(None),
            press: StoredValue::new(None),
            pointer_at: StoredValue::new((0.0, 0.0)),
            presses: StoredValue::new(0),
            swallow: StoredValue::new(false),
            board,
            may_drag,
            on_drop,
        };
        let escape = window_event_listener(leptos::ev::keydown, move |ev| {
            if ev.key() == "Escape" && drag.flight.get_untracked().is_some() {
                ev.prevent_default();
                ev.stop_propagation();
                drag.stop();
            }
        });
        on_cleanup(move || escape.remove());
        // A finger that drags must not scroll; this can only be said in a listener that is not passive.
        let listener = StoredValue::new_local(None::<Listener>);
        Effect::new(move |_| {
            if let Some(node) = board.get() {
                listener.set_value(Some(Listener::new(node.into(), "touchmove", false, move |ev| {
                    if drag.flight.try_get_untracked().flatten().is_some() {
                        ev.prevent_default();
                    }
                })));
            }
        });
        on_cleanup(move || ignore(listener.try_update_value(Option::take)));
        drag
    }

    /// A press on a card.
    pub fn down(self, ev: &PointerEvent) {
        if ev.button() != 0 || !ev.is_primary() {
            return;
        }
        let Some((card, id)) = card_of(ev.target()) else { return };
        let rect = card.get_bounding_client_rect();
        let from = (f64::from(ev.client_x()), f64::from(ev.client_y()));
        let number = self.presses.get_value().wrapping_add(1);
        self.presses.set_value(number);
        self.swallow.set_value(false);
        self.pointer_at.set_value(from);
        let grip = (rect.left() - from.0, rect.top() - from.1);
        let press = Press { id, pointer: ev.pointer_id(), from, grip, width: rect.width(), number };
        self.press.set_value(Some(press));
        if ev.pointer_type() != "mouse" {
            set_timeout(
                move || {
                    let still = self.press.try_get_value().flatten().filter(|press| press.number == number);
                    if let Some(press) = still {
                        self.begin(press);
                    }
                },
                HOLD,
            );
        }
    }

    /// The pointer moved.
    pub fn moved(self, ev: &PointerEvent) {
        let Some(press) = self.press.get_value().filter(|press| press.pointer == ev.pointer_id()) else { return };
        let at = (f64::from(ev.client_x()), f64::from(ev.client_y()));
        self.pointer_at.set_value(at);
        if self.flight.get_untracked().is_none() {
            let far = (at.0 - press.from.0).hypot(at.1 - press.from.1) > SLACK;
            match (far, ev.pointer_type() == "mouse") {
                (true, true) => self.begin(press),
                // A finger that moves before it has held still scrolls.
                (true, false) => self.press.set_value(None),
                (false, _) => {}
            }
            return;
        }
        ev.prevent_default();
        self.follow(press, at);
    }

    /// The pointer was released.
    pub fn up(self, ev: &PointerEvent) {
        let Some(press) = self.press.get_value().filter(|press| press.pointer == ev.pointer_id()) else { return };
        let target = self.target.get_untracked();
        let dragged = self.flight.get_untracked().is_some();
        self.stop();
        if dragged {
            self.swallow.set_value(true);
            if let Some(target) = target {
                self.on_drop.run((press.id, target));
            }
        }
    }

    /// Whether this click only ended a drag.
    pub fn swallows_click(self) -> bool {
        let swallow = self.swallow.get_value();
        self.swallow.set_value(false);
        swallow
    }

    /// Gives up.
    pub fn stop(self) {
        self.press.set_value(None);
        if self.flight.get_untracked().is_some() {
            self.flight.set(None);
        }
        if self.target.get_untracked().is_some() {
            self.target.set(None);
        }
    }

    fn begin(self, press: Press) {
        if !self.may_drag.run(press.id) {
            self.press.set_value(None);
            return;
        }
        if let Some(board) = self.board.get_untracked() {
            ignore(board.set_pointer_capture(press.pointer));
        }
        self.follow(press, self.pointer_at.get_value());
        self.scroll_at_edges(now());
    }

    fn follow(self, press: Press, at: (f64, f64)) {
        let flight = Flight { id: press.id, left: at.0 + press.grip.0, top: at.1 + press.grip.1, width: press.width };
        self.flight.set(Some(flight));
        let target = target_at(at, press.id);
        if self.target.get_untracked() != target {
            self.target.set(target);
        }
    }

    /// Scrolls by itself while the pointer is near an edge, as far as fits the time since the last frame.
    fn scroll_at_edges(self, last: f64) {
        request_animation_frame(move || {
            let Some(press) = self.press.try_get_value().flatten() else { return };
            if self.flight.try_get_untracked().flatten().is_none() {
                return;
            }
            let at = self.pointer_at.get_value();
            let frame = now();
            let step = (frame - last).clamp(0.0, FRAME) * SPEED;
            let mut moved = false;
            if let Some(Some(board)) = self.board.try_get_untracked() {
                let rect = board.get_bounding_client_rect();
                let by = toward(at.0, rect.left(), rect.right(), step);
                if by != 0 {
                    board.set_scroll_left(board.scroll_left() + by);
                    moved = true;
                }
            }
            if let Some(list) = element_at(at).and_then(|e| e.closest("[data-cards]").ok().flatten()) {
                let rect = list.get_bounding_client_rect();
                let by = toward(at.1, rect.top(), rect.bottom(), step);
                if by != 0 {
                    list.set_scroll_top(list.scroll_top() + by);
                    moved = true;
                }
            }
            if moved {
                self.follow(press, at);
            }
            self.scroll_at_edges(frame);
        });
    }
}

/// How far to scroll for a pointer at `at`: `step` px towards the edge that is near, at least one.
fn toward(at: f64, low: f64, high: f64, step: f64) -> i32 {
    let by = i32::try_from(trunc_i64(step)).unwrap_or(0).max(1);
    if at < low + EDGE {
        -by
    } else if at > high - EDGE {
        by
    } else {
        0
    }
}

fn element_at(at: (f64, f64)) -> Option<Element> {
    let as_f32 = |value: f64| value.to_string().parse::<f32>().unwrap_or(0.0);
    document().element_from_point(as_f32(at.0), as_f32(at.1))
}

/// The card that an event is for, unless it is for something to press inside of it.
fn card_of(target: Option<web_sys::EventTarget>) -> Option<(Element, Uuid)> {
    let element: Element = target?.dyn_into().ok()?;
    if element.closest("button,input,select").ok().flatten().is_some() {
        return None;
    }
    let card = element.closest("[data-card]").ok().flatten()?;
    let id = id_of(&card, "data-card")?;
    Some((card, id))
}

fn id_of(element: &Element, name: &str) -> Option<Uuid> {
    Uuid::try_parse(&element.get_attribute(name)?).ok()
}

/// Where a card would land that is dropped here.
fn target_at(at: (f64, f64), dragged: Uuid) -> Option<Target> {
    let column = element_at(at)?.closest("[data-stage]").ok()??;
    let stage = id_of(&column, "data-stage")?;
    let others = query_all(&column, &format!("[data-card]:not([data-card='{dragged}'])"));
    // They stand one below the other, so that a few measured ones tell the place among hundreds.
    let above = others.partition_point(|card| {
        let rect = card.get_bounding_client_rect();
        rect.top() + rect.height() / 2.0 <= at.1
    });
    let id_at = |index: usize| others.get(index).and_then(|card| id_of(card, "data-card"));
    let (before, after) = (id_at(above), above.checked_sub(1).and_then(id_at));
    Some(Target { stage, before, after })
}
