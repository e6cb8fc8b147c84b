//! Reordering rows by pointer: the row follows while the order changes under it.

use crate::ui::dom::{Listener, query_all};
use leptos::prelude::*;
use uuid::Uuid;
use wasm_bindgen::JsCast;

/// A list whose order is being changed.
#[derive(Clone, Copy)]
pub(super) struct Drag {
    /// The row that is held.
    pub held: RwSignal<Option<Uuid>>,
    /// The order while it differs from the stored one.
    order: RwSignal<Option<Vec<Uuid>>>,
    listeners: StoredValue<Vec<Listener>, LocalStorage>,
    list: NodeRef<leptos::html::Ol>,
    commit: Callback<Vec<Uuid>>,
}

impl Drag {
    /// For the rows (`li[data-id]`) of `list`; `commit` gets a changed order.
    pub fn new(
        list: NodeRef<leptos::html::Ol>,
        order: RwSignal<Option<Vec<Uuid>>>,
        commit: Callback<Vec<Uuid>>,
    ) -> Self {
        Self { held: RwSignal::new(None), order, listeners: StoredValue::new_local(Vec::new()), list, commit }
    }

    /// Takes hold of a row. The window listens, because rows move in the document and lose the pointer then.
    pub fn start(self, id: Uuid, present: Vec<Uuid>) {
        self.held.set(Some(id));
        let before = present.clone();
        self.order.set(Some(present));
        let window = || -> web_sys::EventTarget { window().into() };
        let listeners = vec![
            Listener::new(window(), "pointermove", true, move |ev| {
                if let Some(ev) = ev.dyn_ref::<web_sys::PointerEvent>() {
                    self.over(id, f64::from(ev.client_y()));
                }
            }),
            Listener::new(window(), "pointerup", true, move |_| self.finish(&before)),
            Listener::new(window(), "pointercancel", true, move |_| self.cancel()),
            Listener::new(window(), "keydown", true, move |ev| {
                if ev.dyn_ref::<web_sys::KeyboardEvent>().is_some_and(|ev| ev.key() == "Escape") {
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
            Some(order) if order != before => self.commit.run(order),
            _ => self.order.set(None),
        }
    }

    fn cancel(self) {
        self.order.set(None);
        self.release();
    }

    fn release(self) {
        self.held.set(None);
        // One of the listeners is running: they go when it has returned.
        let listeners = self.listeners.try_update_value(std::mem::take);
        crate::ui::dom::later(move || drop(listeners));
    }
}

/// Moves one id to a place, if it is not there.
pub(super) fn move_to(order: &mut Vec<Uuid>, id: Uuid, place: usize) {
    let Some(from) = order.iter().position(|other| *other == id) else { return };
    if from != place && place < order.len() {
        order.remove(from);
        order.insert(place, id);
    }
}
