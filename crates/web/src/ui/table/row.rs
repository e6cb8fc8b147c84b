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
};

/// The row at an index: skeletons until it is loaded.
#[component]
pub(super) fn RowView(index: usize, table: TableContext, window: Memo<RowWindow>, scaled: Memo<bool>) -> impl IntoView {
    let state = table.state;
    // Rows keep their place while others come and go, so that only new ones are painted.
    let top = move || {
        let above = if scaled.get() { index.saturating_sub(window.get().first) } else { index };
        format!("{}px", count_f64(above) * ROW_H)
    };
    let row = Memo::new_with_compare(
        move |_| table.source.with_value(|source| (source.row)(index)),
        |old: Option<&Option<TableRow>>, new: Option<&Option<TableRow>>| match (
            old.and_then(Option::as_ref),
            new.and_then(Option::as_ref),
        ) {
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
        (at == index).then_some(column)
    });
    // A row that flies past is left empty until scrolling slows down; once drawn it stays drawn.
    let drawn = Memo::new(move |before| before == Some(&true) || !table.flying.get());
    let cells = move || {
        if !drawn.get() {
            return ().into_any();
        }
        let columns = table.columns();
        match row.get() {
            Some(row) => {
                let last_sticky = columns.iter().rposition(|column| column.sticky);
                let check = view! { <CheckCell index row=row.clone() selected table /> };
                let cells = columns
                    .iter()
                    .enumerate()
                    .map(|(at, column)| cell(index, at, column, last_sticky == Some(at), &row, table))
                    .collect_view();
                view! { {check} {cells} }.into_any()
            }
            None => skeletons(index, &columns),
        }
    };
    let node = NodeRef::<html::Div>::new();
    mark_active_cell(node, active, row, table);
    view! {
        <div
            class="vt-row"
            role="row"
            node_ref=node
            style:top=top
            aria-rowindex=index + 2
            aria-selected=move || if selected.get() { "true" } else { "false" }
            data-open=move || opened.get().then_some("true")
            data-link=move || row.with(|row| row.as_ref().and_then(|row| row.href.as_ref()).map(|_| "true"))
            on:click=move |ev| on_row_click(&ev, index, row, table)
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
                    table.edit(index, at);
                }
            }
        >
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
    view! {
        <div class="vt-cell vt-check vt-sticky" role="gridcell" style="left:0"></div>
        {bars}
    }
    .into_any()
}

/// Marks the cell that the keyboard is on and gives it the id that `aria-activedescendant` names. One effect for the
/// row and not one per cell: rows are made by the hundred while scrolling.
fn mark_active_cell(
    node: NodeRef<html::Div>,
    active: Memo<Option<usize>>,
    row: Memo<Option<TableRow>>,
    table: TableContext,
) {
    Effect::new(move |before: Option<Option<usize>>| {
        let now = active.get();
        if before.flatten().is_none() && now.is_none() {
            return now;
        }
        // Either of them draws the cells anew.
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
fn CheckCell(index: usize, row: TableRow, selected: Memo<bool>, table: TableContext) -> impl IntoView {
    let id = row.id.clone();
    view! {
        <div class="vt-cell vt-check vt-sticky" role="gridcell" style="left:0">
            <input
                class="check-box"
                type="checkbox"
                tabindex="-1"
                aria-label=format!("Select {}", row.name)
                prop:checked=move || selected.get()
                on:click=move |ev| {
                    ev.stop_propagation();
                    if ev.shift_key() {
                        table.source.with_value(|source| table.state.select_to(index, source));
                    } else {
                        table.state.toggle(index, &id);
                    }
                }
            />
        </div>
    }
}

fn cell(index: usize, at: usize, column: &Column, last_sticky: bool, row: &TableRow, table: TableContext) -> AnyView {
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
        Memo::new(move |_| state.editing.with(|now| now.as_ref().is_some_and(|(i, k)| *i == index && *k == key)))
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
                            table.save(CellEdit { row: row_id.clone(), column: key.clone(), edited })
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
