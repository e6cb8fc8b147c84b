//! One row and its cells.

use leptos::{ev::MouseEvent, html, prelude::*};
use wasm_bindgen::JsCast;

use super::{
    column::{CellKind, Column},
    header::skeleton_width,
    source::TableRow,
    view::{CellEdit, TableContext},
    window::{ROW_H, RowWindow},
};
use crate::ui::{
    Skeleton,
    dom::{classes, ignore, query_all},
    editor::{Attempts, Edited},
    num::count_f64,
    passing,
};

/// The row at a place of the window, one after the other: skeletons until it is loaded. It stays in the document while
/// rows scroll past, which is faster than a new one for each, and nothing is left behind of those that were here:
/// what is made for one of them reads only what is made for the place, by [`passing`].
#[component]
pub(super) fn RowView(place: usize, table: TableContext, window: Memo<RowWindow>, scaled: Memo<bool>) -> impl IntoView {
    let state = table.state;
    let is_edited = move |index: usize| state.editing.with(|now| now.as_ref().is_some_and(|(at, _)| *at == index));
    // Who scrolls away from a cell that is being edited leaves it, which saves: its row stays until that is done.
    let index = Memo::new(move |before: Option<&usize>| match before.copied() {
        Some(before) if is_edited(before) => before,
        before => window.get().row_at(place).or(before).unwrap_or_default(),
    });
    // Rows keep their place on the page while others come and go, so that only new ones are painted.
    let top = move || {
        let above = count_f64(index.get()) - if scaled.get() { count_f64(window.get().first) } else { 0.0 };
        format!("{}px", above * ROW_H)
    };
    let row = Memo::new_with_compare(
        move |before: Option<&Option<TableRow>>| {
            let index = index.get();
            let edited = || before.cloned().flatten().filter(|_| is_edited(index));
            table.source.with_value(|source| (source.row)(index)).or_else(edited)
        },
        |old, new| match (old.and_then(Option::as_ref), new.and_then(Option::as_ref)) {
            (Some(old), Some(new)) => !old.same(new),
            (None, None) => old.is_none(),
            _ => true,
        },
    );
    let id = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.id.clone())));
    let selected = Memo::new(move |_| {
        id.with(|id| id.as_ref().is_some_and(|id| state.selected.with(|selected| selected.contains(id))))
    });
    let opened = Memo::new(move |_| id.with(|id| id.is_some() && state.open.with(|open| open == id)));
    // The visible column the keyboard is on, if this is its row.
    let active = Memo::new(move |_| {
        let (at, column) = state.active.get();
        (at == index.get()).then_some(column)
    });
    // Key of the column that is being edited, if this is its row.
    let editing = Memo::new(move |_| {
        let index = index.get();
        state.editing.with(|now| now.as_ref().filter(|(at, _)| *at == index).map(|(_, key)| key.clone()))
    });
    // A row that flies past is left empty until scrolling slows down; once drawn it stays drawn.
    let seen = Memo::new(move |before: Option<&Option<usize>>| {
        let index = Some(index.get());
        if before == Some(&index) || !table.flying.get() { index } else { None }
    });
    let drawn = Memo::new(move |_| seen.get().is_some());
    let loaded = Memo::new(move |_| drawn.get() && id.with(Option::is_some));
    let check = move || loaded.get().then(|| view! { <CheckBox index row selected table /> });
    let cells = move || {
        if !drawn.get() {
            return ().into_any();
        }
        let columns = table.columns();
        match row.get() {
            Some(row) => {
                let last_sticky = columns.iter().rposition(|column| column.sticky);
                let cell = |(at, column)| cell(editing, at, column, last_sticky == Some(at), &row, table);
                columns.iter().enumerate().map(cell).collect_view().into_any()
            }
            None => skeletons(index.get_untracked(), &columns),
        }
    };
    let node = NodeRef::<html::Div>::new();
    mark_active_cell(node, active, row, drawn, table);
    view! {
        <div
            class="vt-row"
            role="row"
            id=table.row_id(place)
            node_ref=node
            style:top=top
            aria-rowindex=move || index.get() + 2
            aria-selected=move || if selected.get() { "true" } else { "false" }
            data-open=move || opened.get().then_some("true")
            data-link=move || row.with(|row| row.as_ref().and_then(|row| row.href.as_ref()).map(|_| "true"))
            on:click=move |ev| on_row_click(&ev, index.get_untracked(), row, table)
            on:auxclick=move |ev| {
                if ev.button() == 1 && !in_control(&ev) {
                    ev.prevent_default();
                    row.with_untracked(|row| row.as_ref().and_then(TableRow::address).map(open_tab));
                }
            }
            on:mousedown=move |ev| {
                // The middle button would start to scroll the page.
                if ev.button() == 1 {
                    ev.prevent_default();
                }
            }
            on:dblclick=move |ev| {
                if let Some(at) = column_of(&ev) {
                    table.edit(index.get_untracked(), at);
                }
            }
        >
            <div class="vt-cell vt-check vt-sticky" role="gridcell" style="left:0">
                {check}
            </div>
            {cells}
        </div>
    }
}

/// A row that is on its way.
fn skeletons(index: usize, columns: &[Column]) -> AnyView {
    let bars = columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let width = format!("{}%", skeleton_width(index, at, column.kind));
            view! {
                <div class=cell_class(column, false) role="gridcell" data-col=at style=sticky_style(at, column)>
                    <Skeleton width=width />
                </div>
            }
        })
        .collect_view();
    bars.into_any()
}

/// Marks the cell that the keyboard is on and gives it the id that `aria-activedescendant` names. One effect for the
/// row and not one per cell: rows are made by the hundred while scrolling.
fn mark_active_cell(
    node: NodeRef<html::Div>,
    active: Memo<Option<usize>>,
    row: Memo<Option<TableRow>>,
    drawn: Memo<bool>,
    table: TableContext,
) {
    Effect::new(move |before: Option<Option<usize>>| {
        let now = active.get();
        if before.flatten().is_none() && now.is_none() {
            return now;
        }
        // Each of them draws the cells anew.
        drawn.track();
        row.track();
        table.columns();
        request_animation_frame(move || {
            let Some(Some(row)) = node.try_get_untracked() else { return };
            for old in query_all(&row, "[data-active]") {
                ignore(old.remove_attribute("data-active"));
                ignore(old.remove_attribute("id"));
            }
            let Some(Some(at)) = active.try_get_untracked() else { return };
            if let Some(cell) = query_all(&row, &format!("[data-col='{at}']")).first() {
                ignore(cell.set_attribute("data-active", "true"));
                cell.set_id(&table.active_id());
            }
        });
        now
    });
}

fn cell_class(column: &Column, last_sticky: bool) -> String {
    classes(&[
        "vt-cell",
        column.align_class(),
        if column.kind == CellKind::Number { "vt-number" } else { "" },
        if column.sticky { "vt-sticky" } else { "" },
        if last_sticky { "vt-sticky-last" } else { "" },
    ])
}

fn sticky_style(at: usize, column: &Column) -> Option<String> {
    column.sticky.then(|| format!("left:var(--s{at})"))
}

#[component]
fn CheckBox(
    index: Memo<usize>,
    row: Memo<Option<TableRow>>,
    selected: Memo<bool>,
    table: TableContext,
) -> impl IntoView {
    let label = passing(move |_| row.with(|row| row.as_ref().map(|row| format!("Select {}", row.name))));
    let checked = passing(move |_| selected.get());
    view! {
        <input
            class="check-box"
            type="checkbox"
            tabindex="-1"
            aria-label=move || label.get()
            prop:checked=move || checked.get()
            on:click=move |ev| {
                ev.stop_propagation();
                let (index, row) = (index.get_untracked(), row.get_untracked());
                if ev.shift_key() {
                    table.source.with_value(|source| table.state.select_to(index, source));
                } else if let Some(row) = row {
                    table.state.toggle(index, &row.id);
                }
            }
        />
    }
}

/// `editing` is the key of the column that is being edited in this row.
fn cell(
    editing: Memo<Option<String>>,
    at: usize,
    column: &Column,
    last_sticky: bool,
    row: &TableRow,
    table: TableContext,
) -> AnyView {
    let state = table.state;
    let key = column.key.clone();
    let class = cell_class(column, last_sticky);
    let style = sticky_style(at, column);
    let role = if column.kind == CellKind::Title { "rowheader" } else { "gridcell" };
    let draw = {
        let (row, key, kind) = (row.clone(), column.key.clone(), column.kind);
        move || {
            let content = (row.cell)(&key);
            match (kind, row.href.clone()) {
                (CellKind::Title, Some(href)) => {
                    view! { <a class="vt-title" href=href tabindex="-1">{content}</a> }.into_any()
                }
                (CellKind::Title, None) => view! { <span class="vt-title">{content}</span> }.into_any(),
                _ => content,
            }
        }
    };
    let Some(editor) = column.editor.clone().filter(|_| (row.raw)(&key).is_some()) else {
        return view! {
            <div class=class role=role data-col=at style=style>
                {draw()}
            </div>
        }
        .into_any();
    };
    let editing = {
        let key = key.clone();
        passing(move |_| editing.with(|now| now.as_ref() == Some(&key)))
    };
    let label = format!("{} of {}", column.title, row.name);
    let (row_id, raw) = (row.id.clone(), row.raw.clone());
    view! {
        <div class=class role=role data-col=at data-editable="" style=style
            data-editing=move || editing.get().then_some("true")>
            {move || {
                if !editing.get() {
                    return draw().into_any();
                }
                let (row_id, key) = (row_id.clone(), key.clone());
                let before = raw(&key).unwrap_or_default();
                view! {
                    <Attempts editor=editor.clone() before=before label=label.clone()
                        on_save=move |edited: Edited| {
                            let saved = table.save(CellEdit { row: row_id.clone(), column: key.clone(), edited });
                            if let (Err(_), Some((row, _))) = (&saved, state.editing.get_untracked()) {
                                // What is wrong stands at the cell.
                                table.go(row, at);
                            }
                            saved
                        }
                        on_close=move |by_key: bool| {
                            state.editing.set(None);
                            if by_key {
                                table.focus();
                            }
                        } />
                }
                .into_any()
            }}
        </div>
    }
    .into_any()
}

fn target_element(ev: &MouseEvent) -> Option<web_sys::Element> {
    ev.target()?.dyn_into().ok()
}

/// Whether the event is for a link, button or field inside the row.
fn in_control(ev: &MouseEvent) -> bool {
    target_element(ev)
        .and_then(|target| {
            target.closest("a,button,input,select,textarea,label,[role=option],[popover]").ok().flatten()
        })
        .is_some()
}

/// Index of the visible column under the event.
fn column_of(ev: &MouseEvent) -> Option<usize> {
    target_element(ev)?.closest("[data-col]").ok()??.get_attribute("data-col")?.parse().ok()
}

fn on_row_click(ev: &MouseEvent, index: usize, row: Memo<Option<TableRow>>, table: TableContext) {
    if ev.default_prevented() {
        return;
    }
    let column = column_of(ev);
    table.state.active.set((index, column.unwrap_or_else(|| table.state.active.get_untracked().1)));
    let Some(row) = row.get_untracked() else { return };
    if in_control(ev) {
        // The name is a real link; a plain click on it opens as the page wants (side panel).
        let on_title = target_element(ev).and_then(|t| t.closest("a.vt-title").ok().flatten()).is_some();
        if on_title && !(ev.ctrl_key() || ev.meta_key() || ev.shift_key()) {
            ev.prevent_default();
            table.open(&row);
        }
        return;
    }
    let editable = target_element(ev).and_then(|t| t.closest("[data-editable]").ok().flatten()).is_some();
    if editable {
        // A first click only goes there; a second one edits.
        return;
    }
    if ev.ctrl_key() || ev.meta_key() {
        row.address().map(open_tab);
    } else {
        table.open(&row);
    }
}

/// Opens an address in a new tab.
pub(super) fn open_tab(href: &str) {
    ignore(window().open_with_url_and_target(href, "_blank"));
}
