//! The rows of a table on pages.

use super::Faces;
use super::face::Face;
use super::fit::{Fit, GAP};
use super::table::Table;
use super::wrap::{is_shortened, wrap};
use num_traits::ToPrimitive;
use std::borrow::Cow;
use std::ops::Range;

/// From one line to the next, in ems.
pub const LEADING: f32 = 1.32;
/// From the top of a line to the foot of its letters, in ems.
pub const BASELINE: f32 = 1.02;
/// Space above and below the texts of a row, in ems.
pub const PADDING: f32 = 0.38;
/// The most lines of a cell.
const LINES: usize = 3;
/// What a rounded sum of widths may be off, in ems.
const SLACK: f32 = 0.01;

/// The lines of a cell.
pub type Lines<'t> = Vec<Cow<'t, str>>;

/// A row in lines.
#[derive(Debug)]
pub struct Row<'t> {
    /// The cells, as [`Fit::panels`] has them.
    pub panels: Vec<Vec<Lines<'t>>>,
    /// Its height, in points.
    pub height: f32,
}

impl Row<'_> {
    /// The height of a row whose cells have so many lines, in points.
    pub fn height_of(lines: usize, size: f32) -> f32 {
        (lines.to_f32().unwrap_or(1.0) * LEADING + 2.0 * PADDING) * size
    }
}

/// The rows of a table in lines.
#[derive(Debug)]
pub struct Flow<'t> {
    /// What stands over the columns.
    pub header: Row<'t>,
    /// The records.
    pub rows: Vec<Row<'t>>,
}

impl<'t> Flow<'t> {
    /// Breaks the texts of a table into lines.
    pub fn of(table: &'t Table, fit: &Fit, faces: &mut Faces) -> Self {
        let heading = |at: usize| table.columns.get(at).map_or("", |heading| heading.text.as_str());
        let header = row(fit, &mut faces.semibold, heading);
        let text = |texts: &'t [String], at: usize| texts.get(at).map_or("", String::as_str);
        let rows = table.rows.iter().map(|texts| row(fit, &mut faces.regular, |at| text(texts, at)));
        Self { header, rows: rows.collect() }
    }

    /// Whether some text is shown in part only.
    pub fn is_shortened(&self) -> bool {
        self.rows.iter().flat_map(|row| row.panels.iter().flatten()).any(|lines| is_shortened(lines))
    }

    /// Which rows stand on which page, where the first page has less room than the others, in points.
    pub fn pages(&self, first: f32, others: f32) -> Vec<Range<usize>> {
        let mut pages = Vec::new();
        let (mut from, mut left) = (0, first - self.header.height);
        for (at, row) in self.rows.iter().enumerate() {
            if row.height > left && at > from {
                pages.push(from..at);
                (from, left) = (at, others - self.header.height);
            }
            left -= row.height;
        }
        pages.push(from..self.rows.len());
        pages
    }

    /// How much room rows and their header take, in points.
    pub fn height(&self, rows: Range<usize>) -> f32 {
        let rows = self.rows.get(rows).unwrap_or_default();
        self.header.height + rows.iter().map(|row| row.height).sum::<f32>()
    }
}

fn row<'t>(fit: &Fit, face: &mut Face, text: impl Fn(usize) -> &'t str) -> Row<'t> {
    let mut most = 1;
    let mut panels = Vec::with_capacity(fit.panels.len());
    for panel in &fit.panels {
        let mut cells = Vec::with_capacity(panel.len());
        for placed in panel {
            let lines = wrap(face, text(placed.column), placed.width / fit.size - GAP + SLACK, LINES);
            most = most.max(lines.len());
            cells.push(lines);
        }
        panels.push(cells);
    }
    Row { panels, height: Row::height_of(most, fit.size) }
}
