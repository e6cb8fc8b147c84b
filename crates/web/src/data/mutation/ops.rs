//! The pending operations, and how they are folded over what is read.

use crate::api::Row;
use crate::api::records::Fields;
use crate::data::query::Cached;
use domain::deals::Deal;
use domain::deals::board::Board;
use domain::page::Page;
use leptos::prelude::*;
use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

/// Applies an operation to a value of whatever type it understands; tells whether it changed anything.
pub(super) type Apply = Arc<dyn Fn(&mut dyn Any) -> bool + Send + Sync>;

#[derive(Clone)]
struct Op {
    number: u64,
    id: Uuid,
    apply: Apply,
}

/// The pending operations, in order.
#[derive(Clone, Default)]
pub struct Ops {
    list: ArcRwSignal<Vec<Op>>,
    last: Arc<AtomicU64>,
}

impl Ops {
    pub(super) fn push(&self, id: Uuid, apply: Apply) -> u64 {
        let number = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        self.list.update(|list| list.push(Op { number, id, apply }));
        number
    }

    pub(super) fn remove(&self, number: u64) {
        self.list.update(|list| list.retain(|op| op.number != number));
    }

    pub(super) fn concerns(&self, id: Uuid) -> bool {
        self.list.with(|list| list.iter().any(|op| op.id == id))
    }

    /// The truth with the pending operations on top; the same pointer where they do not concern it.
    pub fn fold<T: Cached>(&self, base: Arc<T>) -> Arc<T> {
        self.list.with(|list| {
            if list.is_empty() {
                return base.clone();
            }
            let mut value = T::clone(&base);
            let mut changed = false;
            for op in list {
                changed |= (op.apply)(&mut value);
            }
            if changed { Arc::new(value) } else { base.clone() }
        })
    }
}

/// Sets members of a record wherever a value shows it: the record itself, rows of a page, cards of a board.
pub fn show(value: &mut dyn Any, id: Uuid, members: &Fields) -> bool {
    visit(value, id, &|row| row.set(members))
}

/// Writes an answer of the server over what is older.
pub(super) fn absorb(value: &mut dyn Any, fresh: &Row) -> bool {
    visit(value, fresh.id, &|row| {
        let newer = row.version <= fresh.version && *row != *fresh;
        if newer {
            fresh.clone_into(row);
        }
        newer
    })
}

/// Runs `change` over a record in a value.
fn visit(value: &mut dyn Any, id: Uuid, change: &dyn Fn(&mut Row) -> bool) -> bool {
    if let Some(row) = value.downcast_mut::<Row>() {
        return row.id == id && change(row);
    }
    // Every place is visited, also after the first change: what moved between two fetches may be there twice.
    if let Some(page) = value.downcast_mut::<Page<Row>>() {
        let rows = page.data.iter_mut().filter(|row| row.id == id);
        return rows.map(change).filter(|changed| *changed).count() > 0;
    }
    let Some(board) = value.downcast_mut::<Board>() else { return false };
    let cards = board.columns.iter_mut().flat_map(|column| &mut column.cards).filter(|card| card.id == id);
    cards.map(|card| change_card(card, change)).filter(|changed| *changed).count() > 0
}

/// Cards are typed, because their sums are computed. What does not fit the type is left for the server to refuse.
fn change_card(card: &mut Deal, change: &dyn Fn(&mut Row) -> bool) -> bool {
    let changed = Row::of_deal(card).and_then(|mut row| if change(&mut row) { row.typed() } else { None });
    if let Some(changed) = changed {
        *card = changed;
        return true;
    }
    false
}

/// Takes a record out of lists and boards.
pub(super) fn take_out(value: &mut dyn Any, id: Uuid) -> bool {
    if let Some(page) = value.downcast_mut::<Page<Row>>() {
        let before = page.data.len();
        page.data.retain(|row| row.id != id);
        let gone = before.saturating_sub(page.data.len());
        page.pagination.total = page.pagination.total.saturating_sub(i64::try_from(gone).unwrap_or(0));
        return gone > 0;
    }
    let Some(board) = value.downcast_mut::<Board>() else { return false };
    board.columns.iter_mut().fold(false, |changed, column| {
        let before = column.cards.len();
        column.cards.retain(|card| card.id != id);
        let gone = column.cards.len() < before;
        column.count -= i64::from(gone);
        gone || changed
    })
}
