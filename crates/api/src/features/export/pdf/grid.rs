//! Drawing the rows of a page.

use super::Faces;
use super::face::Face;
use super::fit::{Fit, GAP, Placed};
use super::flow::{Flow, Lines, PADDING, Row};
use super::ink::{BLACK, DARK, Ink, PALE, RULE, STRONG_RULE, fill, write};
use super::paint::{SIDE, lines_from};
use super::tags::{Tags, content, decoration};
use krilla::geom::{Point, Rect};
use krilla::surface::Surface;
use krilla::tagging::ArtifactType;
use std::ops::Range;

/// What a page shows of the table.
pub struct Place {
    /// Which rows.
    pub rows: Range<usize>,
    /// Which columns, as [`Fit::panels`] has them.
    pub panel: usize,
    /// Whether the table begins here.
    pub is_first: bool,
}

/// A page whose rows are drawn.
pub struct Grid<'g, 's> {
    /// The page.
    pub surface: &'g mut Surface<'s>,
    /// What is written with.
    pub faces: &'g mut Faces,
    /// What has been drawn.
    pub tags: &'g mut Tags,
}

impl Grid<'_, '_> {
    /// Draws rows under their header and says where they end.
    pub fn draw(&mut self, fit: &Fit, flow: &Flow<'_>, place: &Place, top: f32) -> f32 {
        let rows = flow.rows.get(place.rows.clone()).unwrap_or_default();
        let Some(columns) = fit.panels.get(place.panel).filter(|_| !rows.is_empty()) else { return top };
        let width = columns.iter().map(|placed| placed.width).sum::<f32>();
        let rule = |y: f32, height: f32| Rect::from_xywh(SIDE, y - height, width, height);
        let mut y = top + flow.header.height;
        decoration(self.surface, ArtifactType::Layout, |surface| {
            fill(surface, Rect::from_xywh(SIDE, top, width, flow.header.height), PALE);
            fill(surface, rule(y, 0.75), STRONG_RULE);
        });
        self.header(&flow.header, columns, place, top, fit.size);
        let mut rules = Vec::with_capacity(rows.len());
        for (at, row) in rows.iter().enumerate() {
            self.row((at, row), columns, place.panel, y, fit.size);
            y += row.height;
            rules.extend(rule(y, 0.5));
        }
        decoration(self.surface, ArtifactType::Layout, |surface| fill(surface, rules, RULE));
        y
    }

    fn header(&mut self, row: &Row<'_>, columns: &[Placed], place: &Place, top: f32, size: f32) {
        let Self { surface, faces, tags } = self;
        for (n, (placed, lines, left)) in cells(row, columns, place.panel).enumerate() {
            // At the foot of the header where others have more lines.
            let spare = row.height - Row::height_of(lines.len(), size);
            let draw = |surface: &mut Surface<'_>| {
                cell(surface, &mut faces.semibold, (placed, lines), (left, top + spare), size, BLACK);
            };
            match place.is_first && !is_repeated(n, place.panel) {
                true => tags.heading(content(surface, draw)),
                false => decoration(surface, ArtifactType::PaginationOther, draw),
            }
        }
    }

    fn row(&mut self, (at, row): (usize, &Row<'_>), columns: &[Placed], panel: usize, top: f32, size: f32) {
        let Self { surface, faces, tags } = self;
        for (n, (placed, lines, left)) in cells(row, columns, panel).enumerate() {
            let ink = if n == 0 { BLACK } else { DARK };
            let draw = |surface: &mut Surface<'_>| {
                cell(surface, &mut faces.regular, (placed, lines), (left, top), size, ink);
            };
            match (is_repeated(n, panel), lines.is_empty()) {
                (true, true) => {}
                (true, false) => decoration(surface, ArtifactType::PaginationOther, draw),
                (false, true) => tags.cell(at, n == 0, None),
                (false, false) => tags.cell(at, n == 0, Some(content(surface, draw))),
            }
        }
    }
}

/// Whether a cell is the record's name on a page that goes on with further columns.
fn is_repeated(place: usize, panel: usize) -> bool {
    place == 0 && panel > 0
}

/// The cells of a row on a page, each with where it begins.
fn cells<'r>(
    row: &'r Row<'r>,
    columns: &'r [Placed],
    panel: usize,
) -> impl Iterator<Item = (&'r Placed, &'r Lines<'r>, f32)> {
    let lines = row.panels.get(panel).into_iter().flatten();
    columns.iter().zip(lines).scan(SIDE, |left, (placed, lines)| {
        let here = *left;
        *left += placed.width;
        Some((placed, lines, here))
    })
}

/// Writes the lines of a cell whose corner is at `left`, `top`.
fn cell(
    surface: &mut Surface<'_>,
    face: &mut Face,
    (placed, lines): (&Placed, &Lines<'_>),
    (left, top): (f32, f32),
    size: f32,
    ink: Ink,
) {
    for (line, y) in lines.iter().zip(lines_from(top + PADDING * size, size)) {
        let x = match placed.at_end {
            true => left + placed.width - (face.width(line) + GAP / 2.0) * size,
            false => left + GAP / 2.0 * size,
        };
        write(surface, face, line, Point::from_xy(x, y), size, ink);
    }
}
