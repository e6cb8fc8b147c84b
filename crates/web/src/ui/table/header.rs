//! The header: sorting, resizing, select all.

use leptos::{html, prelude::*};

use super::{
    column::{CellKind, Column, WIDTHS, sort_after_click},
    state::TableState,
};
use crate::ui::{
    Icon, IconName, IconSize,
    dom::{classes, ignore},
};

/// One heading.
#[component]
pub(super) fn Head(column: Column, index: usize, last_sticky: bool, state: TableState) -> impl IntoView {
    let class = classes(&[
        "vt-head",
        column.align_class(),
        if column.sticky { "vt-sticky" } else { "" },
        if last_sticky { "vt-sticky-last" } else { "" },
    ]);
    let key = StoredValue::new(column.key.clone());
    // Position in the order (from 1) and direction.
    let sorted = Memo::new(move |_| {
        state.sort.with(|sort| {
            sort.iter()
                .position(|k| key.with_value(|key| k.column == *key))
                .and_then(|at| sort.get(at).map(|k| (at, k.descending)))
        })
    });
    let several = Memo::new(move |_| state.sort.with(Vec::len) > 1);
    // ARIA allows the attribute on one heading at a time: the first in the order.
    let aria_sort = move || match sorted.get() {
        Some((0, false)) => Some("ascending"),
        Some((0, true)) => Some("descending"),
        _ => None,
    };
    let arrow = move || {
        sorted.get().map(|(at, descending)| {
            view! {
                <Icon name=if descending { IconName::ArrowDown } else { IconName::ArrowUp } size=IconSize::Sm />
                {several.get().then(|| view! { <span class="vt-sort-order">{at + 1}</span> })}
            }
        })
    };
    let title = column.title.clone();
    let label = if column.sortable {
        view! {
            <button class="vt-sort" type="button" on:click=move |ev| {
                let next = state.sort.with_untracked(|sort| key.with_value(|key| sort_after_click(sort, key, ev.shift_key())));
                state.sort.set(next);
            }>
                <span>{column.title.clone()}</span>
                {arrow}
            </button>
        }
        .into_any()
    } else {
        view! { <span class="vt-head-label"><span>{column.title.clone()}</span></span> }.into_any()
    };
    view! {
        <div
            class=class
            role="columnheader"
            aria-sort=aria_sort
            style=column.sticky.then(|| format!("left:var(--s{index})"))
        >
            {label}
            <Resizer column=key title state />
        </div>
    }
}

/// The edge that makes a column wider or narrower: drag it, or use the arrow keys on it.
#[component]
fn Resizer(column: StoredValue<String>, title: String, state: TableState) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    // Where the drag began: pointer position and width.
    let start = RwSignal::new(None::<(i32, u32)>);
    let width = Memo::new(move |_| {
        state
            .columns
            .with(|columns| columns.iter().find(|c| column.with_value(|key| c.key == *key)).map_or(0, |c| c.width))
    });
    let set_width = move |to: i64| {
        let to = u32::try_from(to).unwrap_or(0).clamp(*WIDTHS.start(), *WIDTHS.end());
        state.columns.update(|columns| {
            if let Some(found) = columns.iter_mut().find(|c| column.with_value(|key| c.key == *key)) {
                found.width = to;
            }
        });
    };
    view! {
        <div
            class="vt-resize"
            role="separator"
            aria-orientation="vertical"
            aria-label=format!("Width of {title}")
            aria-valuenow=move || width.get()
            aria-valuemin=*WIDTHS.start()
            aria-valuemax=*WIDTHS.end()
            tabindex="0"
            node_ref=node
            data-dragging=move || start.get().map(|_| "")
            on:pointerdown=move |ev| {
                ev.prevent_default();
                if let Some(edge) = node.get_untracked() {
                    ignore(edge.set_pointer_capture(ev.pointer_id()));
                }
                start.set(Some((ev.client_x(), width.get_untracked())));
            }
            on:pointermove=move |ev| {
                if let Some((x, from)) = start.get_untracked() {
                    set_width(i64::from(from) + i64::from(ev.client_x() - x));
                }
            }
            on:pointerup=move |_| start.set(None)
            on:pointercancel=move |_| start.set(None)
            on:keydown=move |ev| {
                let step = match ev.key().as_str() {
                    "ArrowLeft" => -16,
                    "ArrowRight" => 16,
                    _ => return,
                };
                ev.prevent_default();
                ev.stop_propagation();
                set_width(i64::from(width.get_untracked()) + step);
            }
        ></div>
    }
}

/// CSS of the whole table: the grid's columns (the first holds the check boxes) and where sticky ones stop.
pub(super) fn layout_css(columns: &[Column]) -> String {
    let mut css = String::from("--cols:40px");
    for column in columns {
        css.push_str(&format!(" {}px", column.width));
    }
    // The last column takes what is left, so that the lines reach the edge.
    css.push_str(" minmax(0,1fr)");
    let mut left = 40;
    for (i, column) in columns.iter().enumerate().take_while(|(_, column)| column.sticky) {
        css.push_str(&format!(";--s{i}:{left}px"));
        left += column.width;
    }
    css
}

/// How wide the grey bar of a loading cell is, in per cent: uneven, so that it looks like text.
pub(super) fn skeleton_width(row: usize, column: usize, kind: CellKind) -> i64 {
    let spread = i64::try_from((row * 7 + column * 13) % 5).unwrap_or(0);
    match kind {
        CellKind::Title => 55 + spread * 8,
        CellKind::Text => 35 + spread * 9,
        CellKind::Number => 30 + spread * 5,
    }
}
