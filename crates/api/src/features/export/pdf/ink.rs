//! Colours, and what is drawn with them.

use super::face::Face;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;

/// A colour.
#[derive(Debug, Clone, Copy)]
pub struct Ink(u8, u8, u8);

/// What is read first.
pub const BLACK: Ink = Ink(17, 24, 39);
/// What is read.
pub const DARK: Ink = Ink(55, 65, 81);
/// What stands beside it.
pub const GREY: Ink = Ink(90, 98, 112);
/// The ground of headers.
pub const PALE: Ink = Ink(243, 244, 246);
/// Between rows.
pub const RULE: Ink = Ink(224, 227, 232);
/// Under headers.
pub const STRONG_RULE: Ink = Ink(156, 163, 175);

impl Ink {
    fn fill(self) -> Fill {
        let Self(red, green, blue) = self;
        Fill { paint: rgb::Color::new(red, green, blue).into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
    }
}

/// Writes a line that begins at `at`.
pub fn write(surface: &mut Surface<'_>, face: &mut Face, text: &str, at: Point, size: f32, ink: Ink) {
    let line = face.line(text);
    surface.set_fill(Some(ink.fill()));
    surface.draw_glyphs(at, &line.signs, face.font.clone(), text, size, false);
}

/// Fills rectangles.
pub fn fill(surface: &mut Surface<'_>, boxes: impl IntoIterator<Item = Rect>, ink: Ink) {
    let mut path = PathBuilder::new();
    boxes.into_iter().for_each(|rect| path.push_rect(rect));
    if let Some(path) = path.finish() {
        surface.set_fill(Some(ink.fill()));
        surface.draw_path(&path);
    }
}
