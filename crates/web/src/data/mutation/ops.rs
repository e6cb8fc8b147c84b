//! The pending operations, and how they are folded over what is read.

use crate::data::query::{Cache, Cached};
use domain::deals::board::Board;
use domain::page::Page;
use domain::records::Record;
use leptos::prelude::*;
use std::any::{Any, TypeId};
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

/// Runs `change` over the records of type `R` in a value: the record itself, rows of a page, cards of a board.
pub fn visit<R: Record>(value: &mut dyn Any, change: &dyn Fn(&mut R) -> bool) -> bool {
    if let Some(record) = value.downcast_mut::<R>() {
        return change(record);
    }
    if let Some(page) = value.downcast_mut::<Page<R>>() {
        // Every row is visited, also after the first change.
        return page.data.iter_mut().filter_map(|row| change(row).then_some(())).count() > 0;
    }
    if let Some(board) = value.downcast_mut::<Board>() {
        let cards = board.columns.iter_mut().flat_map(|column| column.cards.iter_mut());
        return cards.fold(false, |changed, card| {
            let card: &mut dyn Any = card;
            card.downcast_mut::<R>().is_some_and(change) || changed
        });
    }
    false
}

/// Takes a record out of lists and boards.
pub(super) fn take_out<R: Record>(value: &mut dyn Any, id: Uuid) -> bool {
    if let Some(page) = value.downcast_mut::<Page<R>>() {
        let before = page.data.len();
        page.data.retain(|row| row.id() != id);
        let gone = before.saturating_sub(page.data.len());
        page.pagination.total = page.pagination.total.saturating_sub(i64::try_from(gone).unwrap_or(0));
        return gone > 0;
    }
    if TypeId::of::<R>() != TypeId::of::<domain::deals::Deal>() {
        return false;
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

/// Boards hold deals: changes of other types have nothing to do there.
pub(super) fn update_boards<R: Record>(cache: &Cache, change: &dyn Fn(&mut dyn Any) -> bool) {
    if TypeId::of::<R>() == TypeId::of::<domain::deals::Deal>() {
        cache.update_where::<Board>(|_| true, |board| change(board));
    }
}
