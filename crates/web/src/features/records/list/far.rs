//! Rows beyond the numbered pages of a list, which cursors all along it lead to.

use super::window::PAGE;
use crate::api::records::ListParams;
use crate::data::{Query, queries, use_query};
use crate::ui::dom::now;
use domain::catalog::RecordType;
use domain::page::{ListCursors, MAX_OFFSET};
use leptos::prelude::*;

/// The number of numbered pages.
const NUMBERED: u64 = MAX_OFFSET / 100;
const _: () = assert!(PAGE == 100, "NUMBERED counts pages of PAGE rows");
/// Cursors are fetched again after this time, in ms: where rows came or went, others are at their places by then.
const FRESH: f64 = 60_000.0;

/// The cursors of a list that has more rows than numbered pages show.
#[derive(Clone, Copy)]
pub(super) struct Far {
    params: Memo<ListParams>,
    /// The list that is known to be that long.
    long: RwSignal<Option<ListParams>>,
    cursors: Query<ListCursors>,
    failed: Memo<bool>,
    asked: StoredValue<f64>,
}

/// What leads to the far rows of the list with these parameters.
pub(super) fn use_far(record: RecordType, params: Memo<ListParams>) -> Far {
    let long = RwSignal::new(None::<ListParams>);
    let cursors = use_query(move || {
        let long = long.get().filter(|long| params.with(|params| params == long))?;
        Some(queries::cursors(record, long))
    });
    let failure = cursors.failure();
    let failed = Memo::new(move |_| failure.with(Option::is_some));
    Far { params, long, cursors, failed, asked: StoredValue::new(0.0) }
}

impl Far {
    /// The list has more rows than numbered pages show.
    pub(super) fn is_long(self) {
        let params = self.params.get_untracked();
        if self.long.with_untracked(|long| long.as_ref() != Some(&params)) {
            self.asked.set_value(now());
            self.long.set(Some(params));
        }
    }

    /// What a page is asked for with; `None` while it is not known how it can be come to. Tracked.
    pub(super) fn page(self, number: u64) -> Option<ListParams> {
        let mut wanted = ListParams { limit: Some(PAGE), ..self.params.get() };
        if number < NUMBERED {
            wanted.page = Some(number + 1);
        } else {
            let cursors = self.cursors.data()?;
            let (cursor, skip) = cursors.to(number.saturating_mul(u64::from(PAGE)))?;
            wanted.cursor = Some(cursor.to_owned());
            wanted.skip = Some(skip).filter(|skip| *skip > 0);
        }
        Some(wanted)
    }

    /// How many rows the list had when its cursors were read. Tracked.
    pub(super) fn total(self) -> Option<i64> {
        self.cursors.data().map(|cursors| cursors.total)
    }

    /// How many of the `total` rows can be come to. Tracked.
    pub(super) fn reach(self, total: i64) -> i64 {
        let numbered = i64::try_from(MAX_OFFSET).unwrap_or(i64::MAX);
        match self.total() {
            _ if total <= numbered => total,
            Some(counted) => counted,
            None if self.failed.get() => numbered,
            None => total,
        }
    }

    /// Whether the far rows cannot be come to. Tracked.
    pub(super) fn is_cut_off(self) -> bool {
        self.failed.get()
    }

    /// Fetches cursors again that are no longer fresh, before a far page is shown.
    pub(super) fn freshen(self, number: u64) {
        if number >= NUMBERED && now() - self.asked.get_value() > FRESH {
            self.refetch();
        }
    }

    /// Fetches again.
    pub(super) fn refetch(self) {
        self.asked.set_value(now());
        self.cursors.refetch();
    }
}
