//! Layout: what fits where.

use super::super::cell::Cell;
use super::super::run::Sheet;
use super::face::Face;
use super::fit::{Fit, GAP};
use super::flow::Flow;
use super::table::{Heading, Table};
use super::wrap::{is_shortened, wrap};
use super::{Faces, Head, PdfSheet, paint};
use domain::catalog::RecordType;
use domain::export::columns;
use proptest::prelude::*;

fn faces() -> Faces {
    Faces { regular: Face::regular().unwrap(), semibold: Face::semibold().unwrap() }
}

/// A table of three records, the second of which has these texts.
fn table(texts: &[(&str, bool)]) -> Table {
    let heading = |(n, (_, is_whole)): (usize, &(&str, bool))| Heading {
        text: format!("Column {n}"),
        at_end: *is_whole,
        is_whole: *is_whole,
    };
    let short = || texts.iter().map(|_| "1".to_owned()).collect::<Vec<_>>();
    let long = texts.iter().map(|(text, _)| (*text).to_owned()).collect();
    let columns = texts.iter().enumerate().map(heading).collect();
    Table { columns, rows: vec![short(), long, short()], left_out: Vec::new() }
}

/// EXPORT-03: lines are as wide as they may be, between words where there are some, with an ellipsis at the end.
#[test]
fn lines() {
    let mut face = Face::regular().unwrap();
    let width = face.width("wants an offer");
    let lines = wrap(&mut face, "wants an offer for three lenses and the mount", width, 9);
    assert_eq!(lines, ["wants an offer", "for three", "lenses and", "the mount"]);
    let lines = wrap(&mut face, "wants an offer for three lenses and the mount", width, 2);
    assert!(is_shortened(&lines) && lines.len() == 2 && lines[1].ends_with('…'), "{lines:?}");
    assert!(!is_shortened(&wrap(&mut face, "wants an offer", width, 1)));
    assert_eq!(wrap(&mut face, "", width, 3), Vec::<String>::new());
    let accents = "e\u{323}\u{301}".repeat(30);
    let accents = wrap(&mut face, &accents, width, 9);
    assert!(accents.len() > 1 && accents.iter().all(|line| line.starts_with('e')), "{accents:?}");
    let address = wrap(&mut face, "ada.lovelace@analytical-engines.example", width, 9);
    assert_eq!(address.concat(), "ada.lovelace@analytical-engines.example");
    assert!(address[1].ends_with('-'), "{address:?}");
}

/// EXPORT-03: type becomes smaller before columns go on on further pages, and every page is filled but not more.
#[test]
fn columns_on_pages() {
    let text = "Wants an offer for three lenses and the mount";
    let mut sizes = Vec::new();
    for count in [2, 8, 12, 30] {
        let table = table(&vec![(text, false); count]);
        let mut faces = faces();
        let fit = Fit::of(&table, &mut faces, paint::WIDTH);
        for panel in &fit.panels {
            let width: f32 = panel.iter().map(|placed| placed.width).sum();
            assert!(width <= paint::WIDTH + 0.1, "{count}: {width}");
            assert_eq!(panel[0].column, 0, "{count}: each page begins with the first column");
        }
        let mut shown: Vec<usize> = fit.panels.iter().flatten().map(|placed| placed.column).collect();
        shown.sort_unstable();
        shown.dedup();
        assert_eq!(shown, (0..count).collect::<Vec<_>>());
        sizes.push((fit.panels.len(), fit.size));
    }
    assert_eq!(sizes[0], (1, 9.0));
    assert!(sizes[1].0 == 1 && sizes[1].1 >= sizes[2].1 && sizes[2].1 >= 7.0, "{sizes:?}");
    assert!(sizes[3].0 > 1 && sizes[3].1 >= 7.0, "{sizes:?}");
}

/// EXPORT-03: numbers and dates are never broken.
#[test]
fn whole_texts() {
    let money = "92,233,720,368,547,758.07 USD";
    let table = table(&[("Wants an offer for three lenses and the mount", false); 6].map(|_| (money, true)));
    let mut faces = faces();
    let fit = Fit::of(&table, &mut faces, paint::WIDTH);
    for placed in fit.panels.iter().flatten() {
        assert!((placed.width / fit.size) - GAP + 0.01 >= faces.regular.width(money), "{placed:?}");
    }
    let flow = Flow::of(&table, &fit, &mut faces);
    assert!(!flow.is_shortened());
    assert!(flow.rows[1].panels.iter().flatten().all(|lines| lines.len() <= 1));
}

/// EXPORT-03: pages take as many rows as they have room for, and every row once.
#[test]
fn rows_on_pages() {
    let mut table = table(&[("Wants an offer", false)]);
    table.rows = (0..100).map(|n| vec![n.to_string()]).collect();
    let mut faces = faces();
    let fit = Fit::of(&table, &mut faces, paint::WIDTH);
    let flow = Flow::of(&table, &fit, &mut faces);
    let pages = flow.pages(200.0, 500.0);
    assert_eq!((pages[0].start, pages.last().unwrap().end), (0, 100));
    for (at, page) in pages.iter().enumerate() {
        let room = if at == 0 { 200.0 } else { 500.0 };
        assert!(flow.height(page.clone()) <= room, "{page:?}");
        if let Some(next) = pages.get(at + 1) {
            assert_eq!(page.end, next.start);
            assert!(flow.height(page.start..page.end + 1) > room, "{page:?} has room for more");
        }
    }
    // A row that is higher than the page stands on one of its own.
    assert_eq!(flow.pages(1.0, 1.0).len(), 100);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// EXPORT-03: no text is too strange for a document.
    #[test]
    fn any_text(texts in prop::collection::vec("\\PC{0,60}|.{0,60}", 4)) {
        let columns: Vec<_> = columns(RecordType::Company.standard()).into_iter().take(texts.len()).collect();
        let head = Head::sample(&texts[0]);
        let mut sheet = Box::new(PdfSheet::begin(tempfile::tempfile().unwrap(), head, columns, false));
        sheet.row(&texts.iter().cloned().map(Cell::Text).collect::<Vec<_>>()).unwrap();
        prop_assert!(sheet.finish().unwrap().metadata().unwrap().len() > 1_000);
    }
}
