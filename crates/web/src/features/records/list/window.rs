//! The rows of a list of any length: two pages at a time, the ones on the screen.
//!
//! A page has more rows than fit on a screen, so the visible rows lie on at most two pages, one with an even and one
//! with an odd number. Each has its query; what was seen before comes from the cache, and so does the page that
//! scrolling comes to next. Every page is asked for by itself: by its number, or far down by a cursor ([`Far`]).

use super::far::{Far, use_far};
use crate::api::records::ListParams;
use crate::api::{ApiFail, Row};
use crate::data::{Cache, Query, queries, use_cache, use_query};
use crate::ui::dom::ignore;
use domain::catalog::RecordType;
use domain::page::{MAX_OFFSET, Page, Pagination};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cmp::Ordering;
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

/// The rows' number on one page.
pub(super) const PAGE: u32 = 100;
/// How many pages of one list stay in memory, the ones seen last.
const KEPT: usize = 60;

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

    /// Where this page ends.
    fn end(&self, page: u64) -> Option<End> {
        let after = first_of(page)? + self.rows.len();
        Some(End { after, goes_on: self.pagination.next_cursor.is_some(), is_empty: self.rows.is_empty() })
    }
}

/// Where a page ends.
#[derive(Clone, Copy)]
struct End {
    /// The index after its last row.
    after: usize,
    /// Whether the list goes on there.
    goes_on: bool,
    /// Whether it has no rows at all: the list ended before it.
    is_empty: bool,
}

/// The rows on the screen and around.
#[derive(Clone, Copy)]
pub struct Window {
    record: RecordType,
    slots: [Slot; 2],
    far: Far,
    seen: StoredValue<Seen>,
    cache: StoredValue<Cache>,
    /// How many rows the list has, and whether that is exact.
    pub total: Memo<Option<(i64, bool)>>,
    /// How many rows can be scrolled to.
    pub reachable: Memo<Option<usize>>,
    /// Why nothing can be shown.
    pub failed: Memo<Option<ApiFail>>,
}

/// What was on the screen.
#[derive(Debug, Default)]
struct Seen {
    /// The first row.
    first: usize,
    /// The page that scrolling comes to next.
    next: Option<u64>,
    /// The pages in memory, those seen last at the end.
    kept: VecDeque<ListParams>,
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
    let far = use_far(record, params);
    let seen = StoredValue::new(Seen::default());
    let slot = |first: Option<u64>| {
        let page = RwSignal::new(first);
        let fetched = use_query(move || Some(queries::list(record, far.page(page.get()?)?)));
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
            even.page.set(Some(0));
            odd.page.set(None);
            seen.update_value(|seen| seen.next = None);
        },
        false,
    );
    Effect::new(move |_| {
        let numbered = i64::try_from(MAX_OFFSET).unwrap_or(i64::MAX);
        if slots.iter().any(|slot| slot.fetched.data().is_some_and(|page| page.pagination.total > numbered)) {
            far.is_long();
        }
    });
    // After a jump neither page is there yet: the list stays as long as it was, or the jump would end at its top.
    let total = Memo::new(move |before: Option<&Option<(i64, bool)>>| {
        let loaded = slots.iter().find_map(|slot| {
            slot.shown
                .with(|shown| shown.as_ref().map(|(_, rows)| (rows.pagination.total, rows.pagination.total_exact)))
        });
        let known = loaded.or(before.copied().flatten());
        known.map(|(rows, exact)| if exact { (rows, exact) } else { far.total().map_or((rows, exact), |n| (n, true)) })
    });
    // A page at the end shows where that is, whatever was said: so no row stays blank, and none is out of reach.
    let reachable = Memo::new(move |_| {
        let (total, _) = total.get()?;
        let mut reach = usize::try_from(far.reach(total)).ok()?;
        let ends = slots.map(|slot| slot.shown.with(|shown| shown.as_ref().and_then(|(page, rows)| rows.end(*page))));
        for end in ends.into_iter().flatten().filter(|end| end.goes_on) {
            reach = reach.max(end.after + 1);
        }
        let last = ends.into_iter().flatten().filter(|end| !end.goes_on).min_by_key(|end| end.after);
        Some(match last {
            Some(last) if last.is_empty => reach.min(last.after),
            Some(last) => last.after,
            None => reach,
        })
    });
    let failed = Memo::new(move |_| {
        let empty = slots.iter().all(|slot| slot.shown.with(Option::is_none));
        slots.iter().find_map(|slot| slot.failed.get()).filter(|_| empty)
    });
    let cache = StoredValue::new(use_cache());
    Window { record, slots, far, seen, cache, total, reachable, failed }
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

    /// Loads the rows of a range, and what comes next where the table is scrolled on.
    pub fn ensure(self, range: Range<usize>) {
        let first = self.seen.with_value(|seen| seen.first);
        let ends = [Some(range.start), range.end.checked_sub(1)].map(|row| row.and_then(place).map(|(page, _)| page));
        for page in ends.into_iter().flatten() {
            let slot = self.slots.get(usize::from(page % 2 == 1));
            if let Some(slot) = slot
                && slot.page.get_untracked() != Some(page)
            {
                slot.page.set(Some(page));
                self.far.freshen(page);
                self.keep(page);
            }
        }
        let [top, bottom] = ends;
        let next = match range.start.cmp(&first) {
            Ordering::Less => top.and_then(|page| page.checked_sub(1)),
            Ordering::Equal => None,
            Ordering::Greater => bottom.map(|page| page + 1),
        };
        self.seen.update_value(|seen| seen.first = range.start);
        // A jump does not tell where it goes on.
        if usize::try_from(PAGE).is_ok_and(|page| range.start.abs_diff(first) < page)
            && let Some(next) = next
        {
            self.fetch_ahead(next);
        }
    }

    /// Fetches a page before it is on the screen.
    fn fetch_ahead(self, page: u64) {
        let is_known = self.seen.with_value(|seen| seen.next == Some(page));
        let exists = self.reachable.get_untracked().zip(first_of(page)).is_some_and(|(rows, first)| first < rows);
        if is_known || !exists {
            return;
        }
        self.seen.update_value(|seen| seen.next = Some(page));
        let (record, cache) = (self.record, self.cache.get_value());
        if let Some(wanted) = self.keep(page) {
            spawn_local(async move { ignore(cache.fetch(queries::list(record, wanted)).await) });
        }
    }

    /// Makes this page one of those in memory, in the place of the one that was not seen for longest.
    fn keep(self, page: u64) -> Option<ListParams> {
        let wanted = untrack(|| self.far.page(page))?;
        let gone = self.seen.try_update_value(|seen| {
            seen.kept.retain(|kept| *kept != wanted);
            seen.kept.push_back(wanted.clone());
            if seen.kept.len() > KEPT { seen.kept.pop_front() } else { None }
        });
        if let Some(gone) = gone.flatten() {
            self.cache.with_value(|cache| cache.forget(&queries::list(self.record, gone)));
        }
        Some(wanted)
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

    /// The rows that may be loaded, all others are not.
    pub fn spans(self) -> Vec<Range<usize>> {
        let spans = self.slots.map(|slot| {
            let (page, rows) =
                slot.shown.with_untracked(|shown| shown.as_ref().map(|(p, rows)| (*p, rows.rows.len())))?;
            let first = first_of(page)?;
            Some(first..first + rows)
        });
        spans.into_iter().flatten().collect()
    }

    /// Fetches again.
    pub fn refetch(self) {
        for slot in self.slots {
            slot.fetched.refetch();
        }
        self.far.refetch();
    }

    /// Whether the list ends before its last row, because what leads beyond could not be fetched. Tracked.
    pub fn is_cut_off(self) -> bool {
        self.far.is_cut_off()
    }
}

/// The page of a row and its place there.
fn place(index: usize) -> Option<(u64, usize)> {
    let size = usize::try_from(PAGE).ok()?;
    Some((u64::try_from(index / size).ok()?, index % size))
}

/// The index of a page's first row.
fn first_of(page: u64) -> Option<usize> {
    usize::try_from(page.checked_mul(u64::from(PAGE))?).ok()
}
