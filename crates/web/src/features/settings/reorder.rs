//! Reordering the rows of a list: by pointer, where the row follows while the order changes under it, and by the arrow
//! keys on its handle.

use crate::ui::dom::{Listener, focus_id, later, query_all};
use crate::ui::{Announcer, Icon, IconName};
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html;
use leptos::prelude::*;
use uuid::Uuid;
use wasm_bindgen::JsCast;

/// A list whose order can be changed. Its rows are the `li[data-id]` of `list`, each with a [`Grip`].
#[derive(Clone, Copy)]
pub(super) struct Reorder {
    /// The list.
    pub list: NodeRef<html::Ol>,
    /// The order while it differs from the stored one.
    order: RwSignal<Option<Vec<Uuid>>>,
    held: RwSignal<Option<Uuid>>,
    listeners: StoredValue<Vec<Listener>, LocalStorage>,
    stored: Callback<(), Vec<Uuid>>,
    commit: Callback<(Self, Vec<Uuid>)>,
    announcer: Announcer,
}

impl Reorder {
    /// `stored` tells the order that is stored; `commit` gets a changed one, and says by [`Reorder::settle`] when that
    /// is stored, or will not be.
    pub fn new(
        stored: impl Fn() -> Vec<Uuid> + Send + Sync + 'static,
        commit: impl Fn(Self, Vec<Uuid>) + Send + Sync + 'static,
    ) -> Self {
        Self {
            list: NodeRef::new(),
            order: RwSignal::new(None),
            held: RwSignal::new(None),
            listeners: StoredValue::new_local(Vec::new()),
            stored: Callback::new(move |()| stored()),
            commit: Callback::new(move |(list, order)| commit(list, order)),
            announcer: Announcer::current(),
        }
    }

    /// Rows in the order that is shown. Tracked.
    pub fn sorted<T>(self, mut rows: Vec<T>, id: impl Fn(&T) -> Uuid) -> Vec<T> {
        if let Some(order) = self.order.get() {
            rows.sort_by_key(|row| order.iter().position(|other| *other == id(row)));
        }
        rows
    }

    /// Whether this row is held. Tracked.
    pub fn is_held(self, id: Uuid) -> bool {
        self.held.get() == Some(id)
    }

    /// From now on the stored order counts.
    pub fn settle(self) {
        self.order.try_set(None);
    }

    fn present(self) -> Vec<Uuid> {
        untrack(|| self.order.get().unwrap_or_else(|| self.stored.run(())))
    }

    fn store(self, order: Vec<Uuid>) {
        self.order.set(Some(order.clone()));
        self.commit.run((self, order));
    }

    /// One place up or down.
    fn shift(self, id: Uuid, down: bool) {
        let mut order = self.present();
        let Some(at) = order.iter().position(|other| *other == id) else { return };
        let place = if down { at + 1 } else { at.saturating_sub(1) };
        if place == at || place >= order.len() {
            return;
        }
        move_to(&mut order, id, place);
        self.announcer.assertive(format!("Moved to place {} of {}", place + 1, order.len()));
        self.store(order);
        later(move || focus_id(&grip_id(id)));
    }

    /// Takes hold of a row. The window listens, because rows move in the document and lose the pointer then.
    fn grab(self, id: Uuid) {
        let before = self.present();
        self.held.set(Some(id));
        self.order.set(Some(before.clone()));
        let window = || -> web_sys::EventTarget { window().into() };
        let listeners = vec![
            Listener::new(window(), "pointermove", true, move |ev| {
                if let Some(ev) = ev.dyn_ref::<PointerEvent>() {
                    self.over(id, f64::from(ev.client_y()));
                }
            }),
            Listener::new(window(), "pointerup", true, move |_| self.finish(&before)),
            Listener::new(window(), "pointercancel", true, move |_| self.cancel()),
            Listener::new(window(), "keydown", true, move |ev| {
                if ev.dyn_ref::<KeyboardEvent>().is_some_and(|ev| ev.key() == "Escape") {
                    // A dialog around the list stays open.
                    ev.prevent_default();
                    ev.stop_propagation();
                    self.cancel();
                }
            }),
        ];
        self.listeners.set_value(listeners);
    }

    /// The row goes where the pointer is.
    fn over(self, id: Uuid, y: f64) {
        let Some(list) = self.list.get_untracked() else { return };
        let rows = query_all(&list, "li[data-id]");
        let place = rows.iter().position(|row| y < row.get_bounding_client_rect().bottom());
        let place = place.unwrap_or(rows.len().saturating_sub(1));
        self.order.update(|order| {
            if let Some(order) = order {
                move_to(order, id, place);
            }
        });
    }

    fn finish(self, before: &[Uuid]) {
        let order = self.order.get_untracked();
        self.release();
        match order {
            Some(order) if order != before => self.commit.run((self, order)),
            _ => self.settle(),
        }
    }

    fn cancel(self) {
        self.settle();
        self.release();
    }

    fn release(self) {
        self.held.try_set(None);
        // One of the listeners is running: they go when it has returned.
        let listeners = self.listeners.try_update_value(std::mem::take);
        later(move || drop(listeners));
    }
}

/// Moves one id to a place, if it is not there.
fn move_to(order: &mut Vec<Uuid>, id: Uuid, place: usize) {
    let Some(from) = order.iter().position(|other| *other == id) else { return };
    if from != place && place < order.len() {
        order.remove(from);
        order.insert(place, id);
    }
}

/// The id of the handle of a row.
fn grip_id(row: Uuid) -> String {
    format!("grip-{row}")
}

/// The handle of a row.
#[component]
pub(super) fn Grip(
    /// The list.
    reorder: Reorder,
    /// The row.
    id: Uuid,
    /// What it moves ("Move Qualification").
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let on_key = move |ev: KeyboardEvent| {
        let down = match ev.key().as_str() {
            "ArrowDown" => true,
            "ArrowUp" => false,
            _ => return,
        };
        ev.prevent_default();
        reorder.shift(id, down);
    };
    let on_press = move |ev: PointerEvent| {
        if ev.button() == 0 {
            ev.prevent_default();
            if let Some(grip) = ev.current_target().and_then(|t| t.dyn_into::<web_sys::HtmlElement>().ok()) {
                drop(grip.focus());
            }
            reorder.grab(id);
        }
    };
    view! {
        <button type="button" class="grip" id=grip_id(id) aria-label=move || label.get()
            data-tip="Drag, or press ↑ and ↓" on:pointerdown=on_press on:keydown=on_key>
            <Icon name=IconName::GripVertical />
        </button>
    }
}
