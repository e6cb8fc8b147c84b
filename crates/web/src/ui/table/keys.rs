//! The keyboard in the table.

use leptos::{ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;

use super::{row::open_tab, source::TableRow, view::TableContext};
use crate::{
    keyboard::{Action, Shortcuts},
    ui::dom::is_typing_target,
};

/// Handles a key pressed somewhere in the table.
pub(super) fn on_key(ev: &KeyboardEvent, table: TableContext) {
    if ev.default_prevented() || is_typing_target(ev.target()) {
        return;
    }
    let state = table.state;
    let (row, column) = state.active.get_untracked();
    let on_grid = ev.target().as_ref() == ev.current_target().as_ref();
    let jump = ev.ctrl_key() || ev.meta_key();
    let key = ev.key();
    match key.as_str() {
        "ArrowDown" | "ArrowUp" if ev.shift_key() => {
            table.source.with_value(|source| {
                state.select_to(row, source);
                table.go(if key == "ArrowDown" { row.saturating_add(1) } else { row.saturating_sub(1) }, column);
                state.select_to(state.active.get_untracked().0, source);
            });
        }
        "ArrowDown" => table.go(row.saturating_add(1), column),
        "ArrowUp" => table.go(row.saturating_sub(1), column),
        // The same keys are registered for the page; handled here they act on this table where a page has two.
        "j" if on_grid && !jump => table.go(row.saturating_add(1), column),
        "k" if on_grid && !jump => table.go(row.saturating_sub(1), column),
        "x" if on_grid && !jump => toggle(table),
        "ArrowRight" => table.go(row, column.saturating_add(1)),
        "ArrowLeft" => table.go(row, column.saturating_sub(1)),
        "PageDown" => table.go(row.saturating_add(table.page()), column),
        "PageUp" => table.go(row.saturating_sub(table.page()), column),
        "Home" if jump => table.go(0, 0),
        "End" if jump => table.go(usize::MAX, usize::MAX),
        "Home" => table.go(row, 0),
        "End" => table.go(row, usize::MAX),
        "a" if jump => table.select_loaded(),
        // Buttons in the header take these keys themselves.
        _ if !on_grid => return,
        "Enter" if jump => {
            if let Some(row) = table.active_row() {
                row.address().map(open_tab);
            }
        }
        "Enter" => {
            if !table.edit(row, column)
                && let Some(row) = table.active_row()
            {
                table.open(&row);
            }
        }
        "F2" => {
            table.edit(row, column);
        }
        " " => toggle(table),
        "Escape" if !state.selected.with_untracked(std::collections::HashSet::is_empty) => state.clear_selection(),
        _ => return,
    }
    ev.prevent_default();
}

fn toggle(table: TableContext) {
    if let Some(row) = table.active_row() {
        table.state.toggle(table.state.active.get_untracked().0, row.id());
    }
}

/// Registers the keys that work anywhere on the page, and so appear in the help.
pub(super) fn register(table: TableContext) {
    let state = table.state;
    let shortcuts = Shortcuts::current();
    let step = move |by: isize| {
        move || {
            let (row, column) = state.active.get_untracked();
            // The first key press only shows where the keyboard is.
            if table.focus() {
                table.go(row.saturating_add_signed(by), column);
            } else {
                table.go(row, column);
            }
        }
    };
    let add = |id: &str, title: &str, keys: &[&'static str], run: Box<dyn Fn() + Send + Sync>| {
        let mut action = Action::new(id, title, run).group("Table").keys_only();
        action.keys = keys.to_vec();
        shortcuts.register(action);
    };
    add("table.next", "Next row", &["j", "down"], Box::new(step(1)));
    add("table.previous", "Previous row", &["k", "up"], Box::new(step(-1)));
    add(
        "table.open",
        "Open or edit",
        &["enter"],
        Box::new(move || {
            if let Some(row) = table.active_row().filter(|_| is_in_grid()) {
                table.open(&row);
            }
        }),
    );
    add("table.select", "Select row", &["x"], Box::new(move || toggle(table)));
    add(
        "table.edit",
        "Edit cell",
        &["e"],
        Box::new(move || {
            let (row, column) = state.active.get_untracked();
            if !table.edit(row, column) {
                table.edit_first(row);
            }
        }),
    );
}

fn is_in_grid() -> bool {
    document()
        .active_element()
        .and_then(|element| element.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|element| element.matches("[role=grid]").unwrap_or(false))
}

impl TableContext {
    /// The row the keyboard is on, if it is loaded.
    pub(super) fn active_row(self) -> Option<TableRow> {
        let (row, _) = self.state.active.get_untracked();
        untrack(|| self.source.with_value(|source| (source.row)(row)))
    }
}
