//! When the rows on the screen are loaded.

use std::{ops::Range, time::Duration};

use leptos::prelude::*;

use super::window::RowWindow;
use crate::ui::dom::ignore;

/// How long rows that fly past must rest before they are loaded.
const SETTLE: Duration = Duration::from_millis(60);

/// Says that rows fly past, until the table rests at `to` or moves on more slowly.
pub(super) fn fly(flying: RwSignal<bool>, scroll: RwSignal<f64>, to: f64) {
    flying.set(true);
    set_timeout(
        move || {
            if scroll.try_get_untracked().is_some_and(|now| (now - to).abs() < 1.0) {
                ignore(flying.try_set(false));
            }
        },
        SETTLE,
    );
}

/// Tells the page which rows are on the screen: at once, or where rows fly past when they rest.
pub(super) fn load_shown(window: Memo<RowWindow>, flying: RwSignal<bool>, ensure: Callback<Range<usize>>) {
    Effect::new(move |before: Option<RowWindow>| {
        let now = window.get();
        let rows_changed = before.is_none_or(|b| b.first != now.first || b.end != now.end);
        if rows_changed && now.end > now.first {
            let load = move || untrack(|| ignore(ensure.try_run(now.first..now.end)));
            let load_if_still = move || {
                if window.try_get_untracked().is_some_and(|w| w.first == now.first && w.end == now.end) {
                    load();
                }
            };
            match before {
                None => set_timeout(load_if_still, Duration::ZERO),
                Some(_) if flying.get_untracked() => set_timeout(load_if_still, SETTLE),
                Some(_) => load(),
            }
        }
        now
    });
}
