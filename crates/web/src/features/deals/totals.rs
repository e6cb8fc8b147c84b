//! Sums of deals, by currency.

use crate::ui::format;
use domain::deals::board::{Board, Total};

/// The sums of all columns.
pub fn of(board: &Board) -> Vec<Total> {
    let mut all: Vec<Total> = Vec::new();
    for total in board.columns.iter().flat_map(|column| &column.totals) {
        match all.iter_mut().find(|known| known.currency == total.currency) {
            Some(known) => {
                known.count += total.count;
                known.amount_minor = known.amount_minor.saturating_add(total.amount_minor);
                known.weighted_minor = known.weighted_minor.saturating_add(total.weighted_minor);
            }
            None => all.push(total.clone()),
        }
    }
    all.sort_by_key(|total| std::cmp::Reverse(total.amount_minor));
    all
}

/// Amounts in words: "$1.2M + €300K"; zero in the fallback currency where there are none.
pub fn text(totals: &[Total], of: impl Fn(&Total) -> i64, fallback: &str) -> String {
    if totals.is_empty() {
        return format::money_compact(0, fallback);
    }
    let parts: Vec<String> = totals.iter().map(|total| format::money_compact(of(total), &total.currency)).collect();
    parts.join(" + ")
}

/// The same in full, for hovering.
pub fn exact(totals: &[Total], of: impl Fn(&Total) -> i64) -> String {
    totals.iter().map(|total| format::money(of(total), &total.currency)).collect::<Vec<_>>().join(" + ")
}
