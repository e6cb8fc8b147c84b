//! Which columns are shown, and in what order.

use leptos::prelude::*;

use super::{
    column::{CellKind, Column},
    state::TableState,
};
use crate::ui::Each;
use crate::ui::{ButtonVariant, Checkbox, ControlSize, IconButton, IconName, Placement, Popover};

/// A button that opens the list of columns: tick to show, arrows to move.
#[component]
pub fn ColumnChooser(
    /// The table.
    state: TableState,
) -> impl IntoView {
    let keys = Memo::new(move |_| {
        state.columns.with(|columns| columns.iter().map(|column| column.key.clone()).collect::<Vec<_>>())
    });
    view! {
        <Popover label="Columns" icon=IconName::Columns3 text="Columns" variant=ButtonVariant::Ghost
            placement=Placement::BottomEnd flush=true>
            <ul class="vt-columns" aria-label="Columns">
                <Each each=move || keys.get() key=Clone::clone let:key>
                    <ChooserRow key_of=key state />
                </Each>
            </ul>
        </Popover>
    }
}

#[component]
fn ChooserRow(key_of: String, state: TableState) -> impl IntoView {
    let key = StoredValue::new(key_of);
    let is_mine = move |column: &Column| key.with_value(|key| column.key == *key);
    let Some(column) = state.columns.with_untracked(|columns| columns.iter().find(|c| is_mine(c)).cloned()) else {
        return ().into_any();
    };
    let shown = RwSignal::new(column.visible);
    let place = Memo::new(move |_| state.columns.with(|columns| columns.iter().position(is_mine).unwrap_or(0)));
    let count = Memo::new(move |_| state.columns.with(Vec::len));
    let shift = move |by: isize| {
        state.columns.update(|columns| {
            if let Some(at) = columns.iter().position(is_mine) {
                let to = at.saturating_add_signed(by);
                if to < columns.len() {
                    columns.swap(at, to);
                }
            }
        });
    };
    let title = column.title.clone();
    view! {
        <li class="vt-columns-row">
            <Checkbox checked=shown label=title.clone() disabled=column.kind == CellKind::Title
                on_change=move |on| state.columns.update(|columns| {
                    if let Some(column) = columns.iter_mut().find(|c| is_mine(c)) {
                        column.visible = on;
                    }
                }) />
            <IconButton icon=IconName::ArrowUp label=format!("Move {title} up") size=ControlSize::Xs
                disabled=Signal::derive(move || place.get() == 0) on_click=move |_| shift(-1) />
            <IconButton icon=IconName::ArrowDown label=format!("Move {title} down") size=ControlSize::Xs
                disabled=Signal::derive(move || place.get() + 1 >= count.get()) on_click=move |_| shift(1) />
        </li>
    }
    .into_any()
}
