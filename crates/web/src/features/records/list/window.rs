//! The rows of a list of any length: two pages at a time, the ones on the screen.
//!
//! A page has more rows than fit on a screen, so the visible rows lie on at most two pages, one with an even and one
//! with an odd number. Each has its query; what was seen before comes from the cache. Numbered pages reach to the
//! offset that the API allows; beyond it each page opens the way to the next by its cursor, and the list grows.

use crate::api::records::ListParams;
use crate::api::{ApiFail, Row};
use crate::data::{Query, queries, use_query};
use domain::catalog::RecordType;
use domain::page::{MAX_OFFSET, Page, Pagination};
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// The rows' number on one page.
const PAGE: u32 = 100;
/// The number of numbered pages.
const NUMBERED: u64 = MAX_OFFSET / 100;
const _: () = assert!(PAGE == 100, "NUMBERED counts pages of PAGE rows");

/// The rows of one page of a list.
#[derive(Clone, Debug, PartialEq)]
struct Rows {
    /// The rows. One that did not change keeps its pointer.
    rows: Vec<Arc<Row>>,
    pagination: Pagination,
}

impl Rows {
    fn new(page: &Page<Row>, before: Option<&Self>) -> Self {
        let kept = |(at, row): (usize, &Row)| {
            let old = before.and_then(|before| before.rows.get(at)).filter(|old| ***old == *row);
            old.cloned().unwrap_or_else(|| Arc::new(row.clone()))
        };
        Self { rows: page.data.iter().enumerate().map(kept).collect(), pagination: page.pagination.clone() }
    }
}

/// The rows on the screen and around.
#[derive(Clone, Copy)]
pub struct Window {
    slots: [Slot; 2],
    cursors: RwSignal<BTreeMap<u64, String>>,
    /// How many rows the list has, and whether that is exact.
    pub total: Memo<Option<(i64, bool)>>,
    /// How many rows can be scrolled to.
    pub reachable: Memo<Option<usize>>,
    /// Why nothing can be shown.
    pub failed: Memo<Option<ApiFail>>,
}

#[derive(Clone, Copy)]
struct Slot {
    page: RwSignal<Option<u64>>,
    fetched: Query<Page<Row>>,
    failed: Memo<Option<ApiFail>>,
    /// The rows with their page; those of the filter before stay until the new ones are there.
    shown: Memo<Option<(u64, Rows)>>,
}

/// The window on a list with these parameters. While it is `held`, what others do to the list is not shown: a cell is
/// being edited, and its row must not move away from under it.
pub fn use_window(record: RecordType, params: Memo<ListParams>, held: Memo<bool>) -> Window {
    let cursors = RwSignal::new(BTreeMap::<u64, String>::new());
    let slot = |first: Option<u64>| {
        let page = RwSignal::new(first);
        let fetched = use_query(move || {
            page.get()
                .and_then(|page| of_page(&params.get(), page, cursors))
                .map(|wanted| queries::list(record, wanted))
        });
        let rows = Memo::new(move |before: Option<&Option<Rows>>| {
            fetched.data().map(|page| Rows::new(&page, before.and_then(Option::as_ref)))
        });
        let failed = fetched.failure();
        let shown = Memo::new(move |before: Option<&Option<(u64, Rows)>>| {
            let of_before = |page: u64| before.cloned().flatten().filter(|(old, _)| *old == page);
            match (page.get(), rows.get()) {
                (Some(page), Some(rows)) => of_before(page).filter(|_| held.get()).or(Some((page, rows))),
                (Some(page), None) => of_before(page).filter(|_| failed.get().is_none()),
                (None, _) => None,
            }
        });
        Slot { page, fetched, failed, shown }
    };
    let slots = [slot(Some(0)), slot(None)];
    let [even, odd] = slots;
    Effect::watch(
        move || params.get(),
        move |_, _, _| {
            cursors.set(BTreeMap::new());
            even.page.set(Some(0));
            odd.page.set(None);
        },
        false,
    );
    for slot in slots {
        Effect::new(move |_| {
            let next = slot.shown.with(|shown| {
                let (page, rows) = shown.as_ref()?;
                Some((page + 1, rows.pagination.next_cursor.clone()?))
            });
            if let Some((page, cursor)) = next
                && page >= NUMBERED
                && cursors.with_untracked(|known| !known.contains_key(&page))
            {
                cursors.update(|known| drop(known.insert(page, cursor)));
            }
        });
    }
    // After a jump neither page is there yet: the list stays as long as it was, or the jump would end at its top.
    let total = Memo::new(move |before: Option<&Option<(i64, bool)>>| {
        let loaded = slots.iter().find_map(|slot| {
            slot.shown
                .with(|shown| shown.as_ref().map(|(_, rows)| (rows.pagination.total, rows.pagination.total_exact)))
        });
        loaded.or(before.copied().flatten())
    });
    let reachable = Memo::new(move |_| {
        let (total, _) = total.get()?;
        let last = cursors.with(|known| known.keys().next_back().map_or(NUMBERED, |page| page + 1));
        let reach = i64::try_from(last.saturating_mul(u64::from(PAGE))).unwrap_or(i64::MAX);
        usize::try_from(total.min(reach)).ok()
    });
    let failed = Memo::new(move |_| {
        let empty = slots.iter().all(|slot| slot.shown.with(Option::is_none));
        slots.iter().find_map(|slot| slot.failed.get()).filter(|_| empty)
    });
    Window { slots, cursors, total, reachable, failed }
}

fn of_page(params: &ListParams, page: u64, cursors: RwSignal<BTreeMap<u64, String>>) -> Option<ListParams> {
    let mut params = ListParams { limit: Some(PAGE), ..params.clone() };
    if page < NUMBERED {
        params.page = Some(page + 1);
    } else {
        params.cursor = Some(cursors.with(|known| known.get(&page).cloned())?);
    }
    Some(params)
}

impl Window {
    /// The row at an index, if it is there. Tracked.
    pub fn row(self, index: usize) -> Option<Arc<Row>> {
        let (page, at) = place(index)?;
        self.slots.iter().find_map(|slot| {
            slot.shown.with(|shown| {
                let (of, rows) = shown.as_ref()?;
                (*of == page).then(|| rows.rows.get(at).cloned())?
            })
        })
    }

    /// Loads the rows of a range.
    pub fn ensure(self, range: Range<usize>) {
        let ends = [Some(range.start), range.end.checked_sub(1)];
        for (page, _) in ends.into_iter().flatten().filter_map(place) {
            let slot = self.slots.get(usize::from(page % 2 == 1));
            if let Some(slot) = slot
                && slot.page.get_untracked() != Some(page)
            {
                slot.page.set(Some(page));
            }
        }
    }

    /// The loaded rows with these ids.
    pub fn loaded(self, wanted: impl Fn(&str) -> bool) -> Vec<Arc<Row>> {
        let mut found = Vec::new();
        for slot in self.slots {
            slot.shown.with_untracked(|shown| {
                let rows = shown.iter().flat_map(|(_, rows)| &rows.rows);
                found.extend(rows.filter(|row| wanted(&row.id.to_string())).cloned());
            });
        }
        found
    }

    /// Fetches again.
    pub fn refetch(self) {
        for slot in self.slots {
            slot.fetched.refetch();
        }
    }

    /// How far the list reaches beyond what can be jumped to.
    pub fn grows(self) -> bool {
        let reachable = self.reachable.get().and_then(|n| i64::try_from(n).ok());
        self.cursors.track();
        matches!((self.total.get(), reachable), (Some((total, _)), Some(reach)) if total > reach)
    }
}

/// The page of a row and its place there.
fn place(index: usize) -> Option<(u64, usize)> {
    let size = usize::try_from(PAGE).ok()?;
    Some((u64::try_from(index / size).ok()?, index % size))
}
