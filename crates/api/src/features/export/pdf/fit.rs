//! How the columns of a table fit the page.
//!
//! Every column gets what its longest text needs, up to [`WIDEST`]. Where that is more than the page has, texts are
//! broken into lines, and the type becomes smaller, down to [`SMALLEST`]. Where even that is not enough, the columns
//! go on on further pages, each of which begins with the first column, so that every page can be read by itself.

use super::Faces;
use super::table::{Heading, Table};

/// Sizes of the type, in points, the first that fits.
const SIZES: [f32; 5] = [9.0, 8.5, 8.0, 7.5, SMALLEST];
/// The smallest size, in points: print that is smaller is hard to read.
const SMALLEST: f32 = 7.0;
/// The size where the columns go on on further pages.
const SIZE_OF_MANY: f32 = 8.0;
/// What a column is given at most for the sake of one line, in ems.
const WIDEST: f32 = 26.0;
/// What a column whose texts are broken has at least, in ems; less where its texts are shorter.
const NARROWEST: f32 = 7.0;
/// The same for the first column, which says what the row is about.
const NARROWEST_FIRST: f32 = 12.0;
/// Texts are not broken to save less than this, in ems.
const SAVING: f32 = 2.0;
/// Words up to this width are not broken, in ems.
const WORD: f32 = 11.0;
/// How much of the way from its least width to the wanted one a column should have come, before smaller type is tried.
const EASE: f32 = 0.5;
/// How much wider than wanted a column becomes where there is room.
const STRETCH: f32 = 1.5;
/// Space beside the texts of a column, both sides together, in ems.
pub const GAP: f32 = 1.3;

/// A column in its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placed {
    /// Which column.
    pub column: usize,
    /// Whether its texts end under each other.
    pub at_end: bool,
    /// Its width with the space beside its texts, in points.
    pub width: f32,
}

/// How a table fits pages.
#[derive(Debug)]
pub struct Fit {
    /// Size of the type, in points.
    pub size: f32,
    /// The columns of a page; those of several that belong side by side.
    pub panels: Vec<Vec<Placed>>,
}

/// What a column needs, in ems.
#[derive(Debug, Clone, Copy)]
struct Need {
    at_end: bool,
    least: f32,
    wanted: f32,
}

impl Need {
    fn eased(self) -> f32 {
        self.least + (self.wanted - self.least) * EASE
    }
}

impl Fit {
    /// Of a table on pages with this width, in points.
    pub fn of(table: &Table, faces: &mut Faces, page: f32) -> Self {
        let texts = |at: usize| table.rows.iter().filter_map(move |row| row.get(at)).map(String::as_str);
        let headings = table.columns.iter().enumerate();
        let needs: Vec<Need> = headings.map(|(at, heading)| need(heading, at == 0, texts(at), faces)).collect();
        let fits = |size: &f32| {
            let width: f32 =
                needs.iter().map(|need| if *size > SMALLEST { need.eased() } else { need.least } + GAP).sum();
            width * size <= page
        };
        let all: Vec<usize> = (0..needs.len()).collect();
        match SIZES.into_iter().find(|size| fits(size)) {
            Some(size) => Self { size, panels: vec![placed(&needs, &all, page, size)] },
            None => {
                let size = SIZE_OF_MANY;
                let panels = panels(&needs, page / size);
                Self { size, panels: panels.iter().map(|panel| placed(&needs, panel, page, size)).collect() }
            }
        }
    }
}

fn need<'t>(heading: &Heading, is_first: bool, texts: impl Iterator<Item = &'t str>, faces: &mut Faces) -> Need {
    let Faces { regular, semibold } = faces;
    let mut widest = 0.0_f32;
    let mut word = 0.0_f32;
    for text in texts {
        widest = widest.max(regular.width(text));
        if !heading.is_whole {
            let words = text.split(' ').map(|part| regular.width(part));
            word = words.fold(word, f32::max);
        }
    }
    let head_word = heading.text.split(' ').map(|part| semibold.width(part)).fold(0.0, f32::max).min(WORD);
    let head = semibold.width(&heading.text).min(NARROWEST * 1.5);
    let (least, wanted) = if heading.is_whole {
        (widest, widest)
    } else {
        let wanted = widest.min(WIDEST);
        let least = wanted.min(if is_first { NARROWEST_FIRST } else { word.clamp(NARROWEST, WORD) });
        (if wanted - least < SAVING { wanted } else { least }, wanted)
    };
    let least = least.max(head_word);
    Need { at_end: heading.at_end, least, wanted: wanted.max(head).max(least) }
}

/// Which columns stand on which of the pages that belong side by side; the first column on each of them. `room` is in
/// ems.
fn panels(needs: &[Need], room: f32) -> Vec<Vec<usize>> {
    let first = needs.first().map_or(0.0, |need| need.eased() + GAP);
    let mut panels = vec![vec![0]];
    let mut used = first;
    for (column, need) in needs.iter().enumerate().skip(1) {
        let width = need.eased() + GAP;
        if let Some(panel) = panels.last_mut()
            && (used + width <= room || panel.len() == 1)
        {
            panel.push(column);
            used += width;
        } else {
            panels.push(vec![0, column]);
            used = first + width;
        }
    }
    panels
}

/// The widths of columns that share a page.
fn placed(needs: &[Need], columns: &[usize], page: f32, size: f32) -> Vec<Placed> {
    let chosen: Vec<(usize, Need)> =
        columns.iter().filter_map(|column| Some((*column, *needs.get(*column)?))).collect();
    let total = |width: fn(&Need) -> f32| chosen.iter().map(|(_, need)| width(need) + GAP).sum::<f32>() * size;
    let (least, wanted) = (total(|need| need.least), total(|need| need.wanted));
    // Where there is room, all become wider alike; else each comes as far from its least width to the wanted one as the
    // others.
    let stretch = (page / wanted).clamp(1.0, STRETCH);
    let share = if wanted > least { ((page - least) / (wanted - least)).clamp(0.0, 1.0) } else { 1.0 };
    let width = |need: &Need| (need.least + (need.wanted - need.least) * share + GAP) * size * stretch;
    chosen.iter().map(|(column, need)| Placed { column: *column, at_end: need.at_end, width: width(need) }).collect()
}
