//! The table itself.

use std::sync::Arc;

use leptos::{html, prelude::*};
use leptos_router::hooks::use_navigate;
use wasm_bindgen::{JsCast, closure::Closure};

use super::{
    column::Column,
    header::{Head, layout_css},
    keys,
    loading::{fly, load_shown},
    row::RowView,
    source::{TableRow, TableSource},
    state::TableState,
    window::{ROW_H, RowWindow, View, is_scaled, scroll_to, spacer_height, window_at},
};
use crate::ui::Each;
use crate::ui::{
    dom::{ignore, unique_id},
    editor::Edited,
    num::{count_f64, trunc_i64, trunc_usize},
};

/// A cell the user changed. The page shows the new value at once and saves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellEdit {
    /// Id of the row.
    pub row: String,
    /// Key of the column.
    pub column: String,
    /// The text before and after.
    pub edited: Edited,
}

/// What the parts of one table share.
#[derive(Clone, Copy)]
pub(super) struct TableContext {
    pub state: TableState,
    pub source: StoredValue<TableSource>,
    id: StoredValue<String>,
    /// The visible columns; changes when columns come, go or move, not when they are resized.
    visible: Memo<Arc<Vec<Column>>>,
    /// Scrolling so fast that rows cannot be read.
    pub flying: RwSignal<bool>,
    grid: NodeRef<html::Div>,
    view: RwSignal<View>,
    on_open: Callback<TableRow>,
    on_edit: Callback<CellEdit, Result<(), String>>,
}

impl TableContext {
    /// The visible columns, tracked only by which they are and in what order.
    pub(super) fn columns(self) -> Arc<Vec<Column>> {
        self.visible.get()
    }

    /// Id of the cell that the keyboard is on.
    pub(super) fn active_id(self) -> String {
        self.id.get_value()
    }

    /// Id of the row that is drawn at a place.
    pub(super) fn row_id(self, place: usize) -> String {
        self.id.with_value(|id| format!("{id}-{place}"))
    }

    fn column_count(self) -> usize {
        self.visible.with_untracked(|columns| columns.len())
    }

    fn total(self) -> usize {
        self.source.with_value(|source| source.total.get_untracked()).unwrap_or(0)
    }

    /// Rows in one view, for Page Up and Page Down.
    pub(super) fn page(self) -> usize {
        trunc_usize(self.view.get_untracked().height / ROW_H).saturating_sub(2).max(1)
    }

    /// Moves the keyboard to a cell and brings its row into view.
    pub(super) fn go(self, row: usize, column: usize) {
        let total = self.total();
        if total == 0 {
            return;
        }
        let row = row.min(total - 1);
        let column = column.min(self.column_count().saturating_sub(1));
        self.state.active.set((row, column));
        let Some(grid) = self.grid.get_untracked() else { return };
        self.bring_into_view(&grid, row);
        request_animation_frame(move || scroll_sideways(&grid, row, column));
    }

    fn bring_into_view(self, grid: &web_sys::HtmlDivElement, row: usize) {
        if let Some(to) = scroll_to(self.total(), f64::from(grid.scroll_top()), self.view.get_untracked(), row) {
            grid.set_scroll_top(i32::try_from(trunc_i64(to.round())).unwrap_or(i32::MAX));
        }
    }

    /// Keeps the row that the keyboard is on in view where the view gets lower.
    fn follow_height(self) {
        Effect::watch(
            move || self.view.get(),
            move |now, before, _| {
                let Some(grid) = self.grid.get_untracked() else { return };
                let (row, _) = self.state.active.get_untracked();
                let (total, scroll) = (self.total(), f64::from(grid.scroll_top()));
                let was_seen = before.is_some_and(|before| scroll_to(total, scroll, *before, row).is_none());
                if was_seen && row < total && scroll_to(total, scroll, *now, row).is_some() {
                    self.bring_into_view(&grid, row);
                }
            },
            false,
        );
    }

    /// Gives the table the keyboard focus; says whether it had it already.
    pub(super) fn focus(self) -> bool {
        let Some(Some(grid)) = self.grid.try_get_untracked() else { return false };
        let had = document().active_element().as_ref() == Some(grid.unchecked_ref());
        if !had {
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            ignore(grid.focus_with_options(&options));
        }
        had
    }

    /// Takes the keyboard from a link, box or editor of a row that scrolls away: in its place there would be another
    /// row's. An editor saves when it is left.
    fn keep_focus(self, grid: &web_sys::HtmlDivElement, next: RowWindow) {
        let focused = document().active_element();
        let row = focused.and_then(|focused| focused.closest(".vt-row").ok().flatten());
        let stays = |row: &web_sys::Element| {
            let index = row.get_attribute("aria-rowindex").and_then(|index| index.parse::<usize>().ok());
            index.is_some_and(|index| (next.first + 2..next.end + 2).contains(&index))
        };
        if row.is_some_and(|row| grid.contains(Some(&row)) && !stays(&row)) {
            self.focus();
        }
    }

    /// Starts to edit a cell; `false` if it cannot be edited.
    pub(super) fn edit(self, row: usize, column: usize) -> bool {
        let Some(column) = self.visible.with_untracked(|columns| columns.get(column).cloned()) else { return false };
        let loaded = untrack(|| self.source.with_value(|source| (source.row)(row)));
        let can = column.editor.is_some() && loaded.is_some_and(|loaded| (loaded.raw)(&column.key).is_some());
        if can {
            self.state.editing.set(Some((row, column.key)));
        }
        can
    }

    /// Starts to edit the first cell of a row that can be edited.
    pub(super) fn edit_first(self, row: usize) {
        let count = self.column_count();
        if let Some(column) = (0..count).find(|column| self.edit(row, *column)) {
            self.state.active.set((row, column));
        }
    }

    pub(super) fn open(self, row: &TableRow) {
        self.on_open.run(row.clone());
    }

    pub(super) fn save(self, edit: CellEdit) -> Result<(), String> {
        self.on_edit.run(edit)
    }

    /// Selects every row that is loaded.
    pub(super) fn select_loaded(self) {
        let total = self.total();
        let ids = self.source.with_value(|source| source.loaded(&(0..total)));
        self.state.selected.update(|selected| selected.extend(ids));
    }
}

/// Brings a cell out from under the sticky columns and the right edge.
fn scroll_sideways(grid: &web_sys::HtmlDivElement, row: usize, column: usize) {
    let selector = format!("[aria-rowindex='{}'] [data-col='{column}']", row + 2);
    let Ok(Some(cell)) = grid.query_selector(&selector) else { return };
    if cell.class_list().contains("vt-sticky") {
        return;
    }
    let frame = grid.get_bounding_client_rect();
    let rect = cell.get_bounding_client_rect();
    let stuck = grid.query_selector(".vt-header .vt-sticky-last").ok().flatten();
    let left_edge = stuck.map_or(frame.left(), |stuck| stuck.get_bounding_client_rect().right());
    let by = if rect.left() < left_edge {
        rect.left() - left_edge
    } else if rect.right() > frame.right() {
        (rect.right() - frame.right()).min(rect.left() - left_edge)
    } else {
        return;
    };
    let to = f64::from(grid.scroll_left()) + by;
    grid.set_scroll_left(i32::try_from(trunc_i64(to.round())).unwrap_or(0));
}

/// A table of any length. Fill its container's height: the table scrolls, the page does not.
#[component]
pub fn DataTable(
    /// Columns, order, selection.
    state: TableState,
    /// The rows.
    source: TableSource,
    /// What the rows are ("Companies").
    #[prop(into)]
    label: String,
    /// Shown instead of rows when there are none.
    #[prop(into)]
    empty: ViewFn,
    /// Opens a row (click, Enter); goes to its address if not given.
    #[prop(optional, into)]
    on_open: Option<Callback<TableRow>>,
    /// A cell was changed. What is wrong with the text is shown at the cell, which stays open.
    #[prop(optional, into)]
    on_edit: Option<Callback<CellEdit, Result<(), String>>>,
) -> impl IntoView {
    let navigate = use_navigate();
    let total = source.total;
    let ensure = source.ensure;
    let table = TableContext {
        state,
        source: StoredValue::new(source),
        id: StoredValue::new(unique_id("table")),
        visible: Memo::new_with_compare(move |_| Arc::new(state.visible_columns()), |old, new| !same_columns(old, new)),
        flying: RwSignal::new(false),
        grid: NodeRef::new(),
        view: RwSignal::new(View { height: 600.0, tallest: 600.0 }),
        on_open: on_open.unwrap_or_else(|| {
            Callback::new(move |row: TableRow| {
                if let Some(href) = row.address() {
                    navigate(href, leptos_router::NavigateOptions::default());
                }
            })
        }),
        on_edit: on_edit.unwrap_or_else(|| Callback::new(|_| Ok(()))),
    };
    keys::register(table);
    let scroll = RwSignal::new(0.0_f64);
    let scrolled_x = RwSignal::new(false);
    observe_height(table.grid, table.view);
    table.follow_height();

    // Until the number of rows is known, as many skeletons as fit.
    let rows = Memo::new(move |_| match total.get() {
        Some(total) => total,
        None => trunc_usize((table.view.get().height / ROW_H).ceil()),
    });
    let scaled = Memo::new(move |_| is_scaled(rows.get()));
    let window = Memo::new(move |_| window_at(rows.get(), scroll.get(), table.view.get()));
    load_shown(window, table.flying, ensure);

    let grid_css = Memo::new(move |_| layout_css(&state.visible_columns()));
    let is_empty = Memo::new(move |_| total.get() == Some(0));
    // All or some: judged by the rows on the screen, because most others are not loaded.
    let all_state = Memo::new(move |_| {
        if state.selected.with(std::collections::HashSet::is_empty) {
            return (false, false);
        }
        let RowWindow { first, end, .. } = window.get();
        let all = (first..end).all(|index| {
            let row = table.source.with_value(|source| (source.row)(index));
            row.is_none_or(|row| state.selected.with(|selected| selected.contains(&row.id)))
        });
        (all, !all)
    });
    let active_id = move || {
        let (row, _) = state.active.get();
        let RowWindow { first, end, .. } = window.get();
        (first..end).contains(&row).then(|| table.active_id())
    };
    let places = Memo::new(move |_| window.get().len());
    // Rows stand in the document at their places; read aloud they are in their order.
    let in_order = move || {
        let window = window.get();
        let turned = window.turned();
        (turned > 0).then(|| {
            let places = (turned..window.len()).chain(0..turned);
            places.map(|place| table.row_id(place)).collect::<Vec<_>>().join(" ")
        })
    };
    let heads = move || {
        let columns = table.columns();
        let last = columns.iter().rposition(|column| column.sticky);
        columns
            .iter()
            .cloned()
            .enumerate()
            .map(|(index, column)| view! { <Head column index last_sticky=last == Some(index) state /> })
            .collect_view()
    };
    view! {
        <div class="vt" style=move || grid_css.get() data-scrolled-x=move || scrolled_x.get().then_some("true")>
            <div
                class="vt-scroll"
                role="grid"
                tabindex="0"
                aria-label=label
                aria-multiselectable="true"
                aria-rowcount=move || total.get().map_or_else(|| "-1".to_owned(), |total| (total + 1).to_string())
                aria-busy=move || total.get().is_none().then_some("true")
                aria-activedescendant=active_id
                node_ref=table.grid
                on:scroll=move |_| {
                    if let Some(grid) = table.grid.get_untracked() {
                        let to = f64::from(grid.scroll_top());
                        let view = table.view.get_untracked();
                        let next = window_at(rows.get_untracked(), to, view);
                        table.keep_focus(&grid, next);
                        if count_f64(window.get_untracked().first.abs_diff(next.first)) * ROW_H > view.height {
                            fly(table.flying, scroll, to);
                        } else if table.flying.get_untracked() {
                            table.flying.set(false);
                        }
                        scroll.set(to);
                        let moved = grid.scroll_left() > 0;
                        if scrolled_x.get_untracked() != moved {
                            scrolled_x.set(moved);
                        }
                    }
                }
                on:keydown=move |ev| keys::on_key(&ev, table)
            >
                <div class="vt-inner" role="presentation">
                    <div class="vt-top" role="rowgroup">
                        <div class="vt-header" role="row" aria-rowindex="1">
                            <div class="vt-head vt-check vt-sticky" role="columnheader" style="left:0">
                                <input class="check-box" type="checkbox" aria-label="Select all loaded rows"
                                    prop:checked=move || all_state.get().0
                                    prop:indeterminate=move || all_state.get().1
                                    on:change=move |ev| {
                                        if event_target_checked(&ev) { table.select_loaded() } else { state.clear_selection() }
                                    } />
                            </div>
                            {heads}
                            <div class="vt-head" role="presentation"></div>
                        </div>
                    </div>
                    <div role="presentation" style:height=move || format!("{}px", spacer_height(rows.get())) class="relative">
                        <div class="vt-window" role="rowgroup"
                            style:top=move || scaled.get().then(|| format!("{}px", window.get().offset))
                            aria-owns=in_order>
                            <Each each=move || 0..places.get() key=|place| *place let:place>
                                <RowView place table window scaled />
                            </Each>
                        </div>
                    </div>
                </div>
            </div>
            <Show when=move || is_empty.get()>
                <div class="vt-empty">{empty.run()}</div>
            </Show>
        </div>
    }
}

/// Whether the same columns are visible in the same order, and are edited alike; widths do not matter to rows.
fn same_columns(old: Option<&Arc<Vec<Column>>>, new: Option<&Arc<Vec<Column>>>) -> bool {
    match (old, new) {
        (Some(old), Some(new)) => {
            old.len() == new.len()
                && old
                    .iter()
                    .zip(new.iter())
                    .all(|(old, new)| old.key == new.key && old.title == new.title && old.has_choices_of(new))
        }
        _ => false,
    }
}

/// Keeps `view` at the element's height.
fn observe_height(node: NodeRef<html::Div>, view: RwSignal<View>) {
    let observer = StoredValue::new_local(None::<(web_sys::ResizeObserver, Closure<dyn FnMut()>)>);
    Effect::new(move |_| {
        let Some(element) = node.get() else { return };
        let watched = element.clone();
        let measure = Closure::<dyn FnMut()>::new(move || {
            let now = count_f64(usize::try_from(watched.client_height()).unwrap_or(0));
            if let Some(before) = view.try_get_untracked().filter(|before| (before.height - now).abs() >= 1.0) {
                view.set(View { height: now, tallest: before.tallest.max(now) });
            }
        });
        if let Ok(observed) = web_sys::ResizeObserver::new(measure.as_ref().unchecked_ref()) {
            observed.observe(&element);
            observer.set_value(Some((observed, measure)));
        }
    });
    on_cleanup(move || {
        if let Some(Some((observed, _))) = observer.try_update_value(Option::take) {
            observed.disconnect();
        }
    });
}
