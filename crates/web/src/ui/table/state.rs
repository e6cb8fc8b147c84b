//! What the page and the table share.

use std::collections::HashSet;

use leptos::prelude::*;

use super::{
    column::{Column, SortKey},
    source::TableSource,
};

/// Columns, order, selection and position of one table. The page makes it, reads it, and keeps what it wants of it
/// in the address or in a saved view.
#[derive(Clone, Copy)]
pub struct TableState {
    /// Every column, shown or hidden, in order.
    pub columns: RwSignal<Vec<Column>>,
    /// The order of rows; the page loads rows anew when it changes.
    pub sort: RwSignal<Vec<SortKey>>,
    /// Ids of the selected rows.
    pub selected: RwSignal<HashSet<String>>,
    /// Index of the row and of the visible column that the keyboard is on.
    pub active: RwSignal<(usize, usize)>,
    /// Id of the row that is open in the side panel.
    pub open: RwSignal<Option<String>>,
    /// The cell that is being edited: index of the row, key of the column.
    pub(super) editing: RwSignal<Option<(usize, String)>>,
    /// Where a range of selected rows begins.
    pub(super) anchor: StoredValue<Option<usize>>,
}

impl TableState {
    /// A table with these columns, unsorted, nothing selected.
    pub fn new(columns: Vec<Column>) -> Self {
        Self {
            columns: RwSignal::new(columns),
            sort: RwSignal::new(Vec::new()),
            selected: RwSignal::new(HashSet::new()),
            active: RwSignal::new((0, 0)),
            open: RwSignal::new(None),
            editing: RwSignal::new(None),
            anchor: StoredValue::new(None),
        }
    }

    /// How many rows are selected.
    pub fn selected_count(self) -> Signal<usize> {
        Signal::derive(move || self.selected.with(HashSet::len))
    }

    /// Whether a cell is being edited. Tracked.
    pub fn is_editing(self) -> bool {
        self.editing.with(Option::is_some)
    }

    /// Selects nothing.
    pub fn clear_selection(self) {
        if !self.selected.with_untracked(HashSet::is_empty) {
            self.selected.update(HashSet::clear);
        }
        self.anchor.set_value(None);
    }

    /// The visible columns, sticky ones first. Tracked.
    pub fn visible_columns(self) -> Vec<Column> {
        self.columns.with(|columns| {
            let (mut sticky, rest): (Vec<_>, Vec<_>) =
                columns.iter().filter(|column| column.visible).cloned().partition(|column| column.sticky);
            sticky.extend(rest);
            sticky
        })
    }

    /// Selects or lets go of one row; it becomes the start of the next range.
    pub(super) fn toggle(self, index: usize, id: &str) {
        self.anchor.set_value(Some(index));
        self.selected.update(|selected| {
            if !selected.remove(id) {
                selected.insert(id.to_owned());
            }
        });
    }

    /// Selects every loaded row from the last toggled one to this.
    pub(super) fn select_to(self, index: usize, source: &TableSource) {
        let from = self.anchor.get_value().unwrap_or(index);
        if self.anchor.get_value().is_none() {
            self.anchor.set_value(Some(index));
        }
        let ids = source.loaded(&(from.min(index)..from.max(index) + 1));
        self.selected.update(|selected| selected.extend(ids));
    }
}
