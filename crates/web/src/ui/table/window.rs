//! Which rows are on the screen. Browsers cap the height of an element, so that beyond [`MAX_SPACER`] the scroll bar
//! is a scale model of the table: one pixel of it is more than one pixel of rows.

use crate::ui::num::{count_f64, trunc_usize};

/// Height of a row and of the header; `--row-h` in tokens.css.
pub(super) const ROW_H: f64 = 36.0;
/// Tallest spacer, in px.
const MAX_SPACER: f64 = 10_000_000.0;
/// Rows drawn beyond each edge of the view.
const OVERSCAN: usize = 8;

/// The rows to draw.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct RowWindow {
    /// Index of the first row.
    pub first: usize,
    /// One past the last row.
    pub end: usize,
    /// Where the first row stands in the spacer, in px; above it (negative) near the top of a scaled table.
    pub offset: f64,
}

impl RowWindow {
    /// How many rows are drawn.
    pub(super) fn len(self) -> usize {
        self.end.saturating_sub(self.first)
    }

    /// The row that is drawn at one of [`Self::len`] places. While the window moves, only those places get another row
    /// whose own has left it.
    pub(super) fn row_at(self, place: usize) -> Option<usize> {
        let turned = self.turned();
        let after = |turned: usize| if place < turned { place + self.len() - turned } else { place - turned };
        (place < self.len()).then(|| self.first + after(turned))
    }

    /// The place of the first row.
    pub(super) fn turned(self) -> usize {
        self.first.checked_rem(self.len()).unwrap_or(0)
    }
}

/// Height of the spacer for this many rows.
pub(super) fn spacer_height(total: usize) -> f64 {
    (count_f64(total) * ROW_H).min(MAX_SPACER)
}

/// Whether the spacer is capped, so that a row's place on it changes while scrolling.
pub(super) fn is_scaled(total: usize) -> bool {
    count_f64(total) * ROW_H > MAX_SPACER
}

/// Pixels of rows per pixel of scrolling: 1, or more where the spacer is capped.
fn ratio(total: usize, view: f64) -> f64 {
    let real = (spacer_height(total) + ROW_H - view).max(0.0);
    let wanted = (count_f64(total) * ROW_H + ROW_H - view).max(0.0);
    if real > 0.0 { (wanted / real).max(1.0) } else { 1.0 }
}

/// How high the view is with the header, in px.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct View {
    /// Now.
    pub height: f64,
    /// At most, ever. By this are rows drawn and scrolled, so that they stay where they are when the view gets lower.
    pub tallest: f64,
}

impl View {
    /// The place in px of rows that stands at its top when it is scrolled to `scroll`.
    fn top(self, total: usize, scroll: f64) -> f64 {
        let last = (count_f64(total) * ROW_H + ROW_H - self.height).max(0.0);
        (scroll.max(0.0) * ratio(total, self.tallest)).min(last)
    }
}

/// The rows to draw when the view is scrolled to `scroll`.
pub(super) fn window_at(total: usize, scroll: f64, view: View) -> RowWindow {
    let top = view.top(total, scroll);
    // As many rows wherever it stands: so the places of rows stay the same ones.
    let drawn = (trunc_usize((view.tallest / ROW_H).ceil()) + 2 * OVERSCAN).min(total);
    let first = trunc_usize(top / ROW_H).saturating_sub(OVERSCAN).min(total - drawn);
    let end = first + drawn;
    RowWindow { first, end, offset: scroll.max(0.0) - (top - count_f64(first) * ROW_H) }
}

/// Where to scroll so that the row is in view; `None` if it already is.
pub(super) fn scroll_to(total: usize, scroll: f64, view: View, row: usize) -> Option<f64> {
    let (now, area) = (view.top(total, scroll), view.height - ROW_H);
    let (top, bottom) = (count_f64(row) * ROW_H, count_f64(row + 1) * ROW_H);
    let wanted = if top < now {
        top
    } else if bottom > now + area {
        bottom - area
    } else {
        return None;
    };
    Some(wanted / ratio(total, view.tallest))
}
