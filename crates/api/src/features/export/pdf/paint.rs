//! Drawing the document: what stands above the table, its pages, what stands below.

use super::Faces;
use super::fit::{Fit, Placed};
use super::flow::{BASELINE, Flow, LEADING};
use super::grid::{Grid, Place};
use super::head::Head;
use super::ink::{BLACK, GREY, write};
use super::table::Table;
use super::tags::{Tags, content, decoration};
use super::wrap::wrap;
use crate::error::{ApiError, ApiResult};
use krilla::Document;
use krilla::geom::Point;
use krilla::page::PageSettings;
use krilla::surface::Surface;
use krilla::tagging::ArtifactType;
use num_traits::ToPrimitive;

/// A4 on its side, in points.
const PAGE: (f32, f32) = (841.89, 595.28);
/// Left and right of what is drawn.
pub const SIDE: f32 = 36.0;
const TOP: f32 = 36.0;
/// Where rows end, from the top.
const END: f32 = PAGE.1 - 42.0;
/// Where the foot of a page stands, from the top.
const FOOT: f32 = PAGE.1 - 24.0;
/// The width between the margins.
pub const WIDTH: f32 = PAGE.0 - 2.0 * SIDE;

const TITLE_SIZE: f32 = 18.0;
const TEXT_SIZE: f32 = 9.0;
/// Between title and paragraphs.
const AIR: f32 = 2.5;
const FOOT_SIZE: f32 = 7.5;
/// From what stands above or below the table to the table.
const DISTANCE: f32 = 10.0;
/// The most lines of a paragraph.
const LINES: usize = 5;

/// A document in the making.
pub struct Painter<'a> {
    head: &'a Head,
    table: &'a Table,
    fit: &'a Fit,
    flow: &'a Flow<'a>,
    faces: Faces,
    tags: Tags,
}

impl<'a> Painter<'a> {
    /// Begins.
    pub fn new(head: &'a Head, table: &'a Table, fit: &'a Fit, flow: &'a Flow<'a>, faces: Faces) -> Self {
        Self { head, table, fit, flow, faces, tags: Tags::new() }
    }

    /// Draws everything.
    ///
    /// # Errors
    /// The typeface cannot be embedded.
    pub fn finish(mut self) -> ApiResult<Vec<u8>> {
        let (above, below) = (self.above(), self.below());
        let first_top = self.above_height(&above);
        let pages = self.flow.pages(END - first_top, END - TOP);
        let panels = self.fit.panels.len();
        let last = pages.last().cloned().unwrap_or_default();
        let last_top = if pages.len() * panels == 1 { first_top } else { TOP };
        let below_height = if below.is_empty() { 0.0 } else { self.height(&below) + DISTANCE };
        let fits = last_top + self.flow.height(last) + below_height <= END;
        let total = pages.len() * panels + usize::from(!fits);

        let mut document = Document::new();
        document.set_metadata(self.head.metadata());
        let mut number = 0;
        for rows in pages {
            self.tags.open(rows.len());
            for panel in 0..panels {
                number += 1;
                let place = Place { rows: rows.clone(), panel, is_first: rows.start == 0 };
                self.page(&mut document, (number, total), self.foot(panel), |painter, surface| {
                    let mut y = if number == 1 { painter.draw_above(surface, &above) } else { TOP };
                    let mut grid = Grid { surface, faces: &mut painter.faces, tags: &mut painter.tags };
                    y = grid.draw(painter.fit, painter.flow, &place, y);
                    if panel + 1 == panels {
                        painter.tags.close();
                    }
                    if number == total {
                        painter.draw_below(surface, &below, y + DISTANCE);
                    }
                })?;
            }
        }
        if !fits {
            let draw = |painter: &mut Self, surface: &mut Surface<'_>| painter.draw_below(surface, &below, TOP);
            self.page(&mut document, (total, total), self.head.foot(), draw)?;
        }
        document.set_tag_tree(self.tags.finish());
        document.finish().map_err(|error| ApiError::internal(anyhow::anyhow!("the document cannot be made: {error}")))
    }

    /// Draws a page with its foot.
    fn page(
        &mut self,
        document: &mut Document,
        (number, total): (usize, usize),
        foot: String,
        draw: impl FnOnce(&mut Self, &mut Surface<'_>),
    ) -> ApiResult<()> {
        let size = PageSettings::from_wh(PAGE.0, PAGE.1);
        let mut page = document.start_page_with(size.ok_or_else(|| ApiError::internal(anyhow::anyhow!("no page")))?);
        let mut surface = page.surface();
        draw(self, &mut surface);
        decoration(&mut surface, ArtifactType::Footer, |surface| {
            let face = &mut self.faces.regular;
            let counted = format!("Page {number} of {total}");
            let right = SIDE + WIDTH - face.width(&counted) * FOOT_SIZE;
            write(surface, face, &foot, Point::from_xy(SIDE, FOOT), FOOT_SIZE, GREY);
            write(surface, face, &counted, Point::from_xy(right, FOOT), FOOT_SIZE, GREY);
        });
        surface.finish();
        page.finish();
        Ok(())
    }

    /// What stands at the foot of a page with these columns.
    fn foot(&self, panel: usize) -> String {
        let mut foot = self.head.foot();
        // The first column comes again.
        let further = |panel: &Vec<Placed>| panel.len().saturating_sub(1);
        if let [before @ .., this] = self.fit.panels.get(..=panel).unwrap_or_default()
            && self.fit.panels.len() > 1
        {
            let before = before.iter().map(further).sum::<usize>();
            let from = if panel == 0 { 1 } else { before + 2 };
            let (to, all) = (before + further(this) + 1, self.table.columns.len());
            foot.push_str(&format!(" · Columns {from}–{to} of {all}"));
        }
        foot
    }

    /// The paragraphs between title and table.
    fn above(&self) -> Vec<String> {
        let mut texts = self.head.lines.clone();
        let first = self.table.columns.first().map_or("", |heading| heading.text.as_str());
        if self.fit.panels.len() > 1 {
            texts.push(format!(
                "The {} columns take {} pages side by side, each of which begins with {first}.",
                self.table.columns.len(),
                self.fit.panels.len()
            ));
        }
        texts
    }

    /// The paragraphs after the table: what it does not show.
    fn below(&self) -> Vec<String> {
        let mut texts = Vec::new();
        if !self.table.left_out.is_empty() {
            texts
                .push(format!("Left out, because they are empty in every record: {}.", self.table.left_out.join(", ")));
        }
        if self.flow.is_shortened() {
            texts.push("Texts that end in … go on; a CSV or Excel export has all of them.".to_owned());
        }
        if self.faces.regular.lacks || self.faces.semibold.lacks {
            texts
                .push("□ stands for a letter that this document cannot show; a CSV or Excel export has it.".to_owned());
        }
        texts
    }

    /// Where the table begins on the first page.
    fn above_height(&mut self, texts: &[String]) -> f32 {
        let title = self.title().len();
        TOP + lines_height(title, TITLE_SIZE) + AIR + self.height(texts) + DISTANCE
    }

    fn title(&mut self) -> Vec<String> {
        let lines = wrap(&mut self.faces.semibold, &self.head.title, WIDTH / TITLE_SIZE, 2);
        lines.into_iter().map(std::borrow::Cow::into_owned).collect()
    }

    /// The height of paragraphs.
    fn height(&mut self, texts: &[String]) -> f32 {
        let face = &mut self.faces.regular;
        texts.iter().map(|text| lines_height(wrap(face, text, WIDTH / TEXT_SIZE, LINES).len(), TEXT_SIZE)).sum()
    }

    /// Draws title and paragraphs and says where the table begins.
    fn draw_above(&mut self, surface: &mut Surface<'_>, texts: &[String]) -> f32 {
        let title = self.title();
        let drawn = content(surface, |surface| {
            for (line, y) in title.iter().zip(lines_from(TOP, TITLE_SIZE)) {
                write(surface, &mut self.faces.semibold, line, Point::from_xy(SIDE, y), TITLE_SIZE, BLACK);
            }
        });
        self.tags.title(&self.head.title, drawn);
        self.paragraphs(surface, texts, TOP + lines_height(title.len(), TITLE_SIZE) + AIR) + DISTANCE
    }

    /// Ends the table and draws what stands below it.
    fn draw_below(&mut self, surface: &mut Surface<'_>, texts: &[String], y: f32) {
        if !self.table.rows.is_empty() {
            self.tags.end_table();
        }
        self.paragraphs(surface, texts, y);
    }

    /// Draws paragraphs and says where they end.
    fn paragraphs(&mut self, surface: &mut Surface<'_>, texts: &[String], mut y: f32) -> f32 {
        for text in texts {
            let face = &mut self.faces.regular;
            let lines = wrap(face, text, WIDTH / TEXT_SIZE, LINES);
            let drawn = content(surface, |surface| {
                for (line, y) in lines.iter().zip(lines_from(y, TEXT_SIZE)) {
                    write(surface, face, line, Point::from_xy(SIDE, y), TEXT_SIZE, GREY);
                }
            });
            self.tags.paragraph(drawn);
            y += lines_height(lines.len(), TEXT_SIZE);
        }
        y
    }
}

/// How much room lines take.
fn lines_height(lines: usize, size: f32) -> f32 {
    lines.to_f32().unwrap_or(0.0) * size * LEADING
}

/// The feet of lines below `top`.
pub fn lines_from(top: f32, size: f32) -> impl Iterator<Item = f32> {
    std::iter::successors(Some(top + size * BASELINE), move |y| Some(y + size * LEADING))
}
