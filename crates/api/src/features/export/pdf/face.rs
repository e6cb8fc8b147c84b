//! The typeface: texts as glyphs with their widths, in ems.

use crate::error::{ApiError, ApiResult};
use harfrust::{Feature, FontRef, ShapeOptions, ShapePlan, ShapePlanKey, Shaper, ShaperData, Tag, UnicodeBuffer};
use krilla::surface::Location;
use krilla::text::{Font, Glyph, GlyphId};
use num_traits::ToPrimitive;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::LazyLock;

/// Stands for what the typeface has no letter for.
pub const MISSING: &str = "□";
/// Words kept as they were shaped: those of a document are few and come again and again.
const KEPT_WORDS: usize = 20_000;

static REGULAR: LazyLock<Option<Source>> =
    LazyLock::new(|| Source::read(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/fonts/Inter-Regular.ttf"))));
static SEMIBOLD: LazyLock<Option<Source>> =
    LazyLock::new(|| Source::read(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/fonts/Inter-SemiBold.ttf"))));

/// A file of the typeface, read once.
struct Source {
    bytes: &'static [u8],
    font: FontRef<'static>,
    data: ShaperData,
}

impl Source {
    fn read(bytes: &'static [u8]) -> Option<Self> {
        let font = FontRef::new(bytes).ok()?;
        let data = ShaperData::new(&font);
        Some(Self { bytes, font, data })
    }
}

/// A glyph in its place.
#[derive(Debug, Clone)]
pub struct Sign {
    id: GlyphId,
    /// The part of the text that it shows, in bytes.
    at: Range<usize>,
    advance: f32,
    offset: (f32, f32),
}

impl Glyph for Sign {
    fn glyph_id(&self) -> GlyphId {
        self.id
    }

    fn text_range(&self) -> Range<usize> {
        self.at.clone()
    }

    fn x_advance(&self, size: f32) -> f32 {
        self.advance * size
    }

    fn x_offset(&self, size: f32) -> f32 {
        self.offset.0 * size
    }

    fn y_offset(&self, size: f32) -> f32 {
        self.offset.1 * size
    }

    fn y_advance(&self, _size: f32) -> f32 {
        0.0
    }

    fn location(&self) -> Option<Location> {
        None
    }
}

/// Glyphs side by side.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// The glyphs.
    pub signs: Vec<Sign>,
    /// Their width.
    pub width: f32,
}

/// One weight of the typeface, for one document.
pub struct Face {
    /// As it is embedded.
    pub font: Font,
    /// Whether something was written that the typeface has no letters for.
    pub lacks: bool,
    shaper: Shaper<'static>,
    figures: [Feature; 1],
    plans: Vec<ShapePlan>,
    words: HashMap<Box<str>, Rc<Line>>,
    space: Rc<Line>,
    missing: Rc<Line>,
}

impl Face {
    /// For what is read.
    ///
    /// # Errors
    /// The build has no such typeface.
    pub fn regular() -> ApiResult<Self> {
        Self::of(REGULAR.as_ref()).ok_or_else(no_face)
    }

    /// For what heads something.
    ///
    /// # Errors
    /// The build has no such typeface.
    pub fn semibold() -> ApiResult<Self> {
        Self::of(SEMIBOLD.as_ref()).ok_or_else(no_face)
    }

    fn of(source: Option<&'static Source>) -> Option<Self> {
        let source = source?;
        let mut face = Self {
            font: Font::new(source.bytes.into(), 0)?,
            lacks: false,
            shaper: source.data.shaper(&source.font).build(),
            // Of one width, so that they stand under each other.
            figures: [Feature::new(Tag::new(b"tnum"), 1, ..)],
            plans: Vec::new(),
            words: HashMap::new(),
            space: Rc::default(),
            missing: Rc::default(),
        };
        (face.space, face.missing) = (face.word(" "), face.word(MISSING));
        Some(face)
    }

    /// How wide a line with this text is.
    pub fn width(&mut self, text: &str) -> f32 {
        let words: f32 = text.split(' ').map(|word| self.word(word).width).sum();
        let gaps = text.bytes().filter(|byte| *byte == b' ').count();
        words + self.space.width * gaps.to_f32().unwrap_or(0.0)
    }

    /// A line with this text.
    pub fn line(&mut self, text: &str) -> Line {
        let mut line = Line::default();
        let mut at = 0;
        for (n, word) in text.split(' ').enumerate() {
            if n > 0 {
                line.append(&self.space, at);
                at += 1;
            }
            line.append(&self.word(word), at);
            at += word.len();
        }
        line
    }

    /// Where a text can be broken without tearing a letter from its accents, in bytes; its end is the last.
    pub fn breaks(&mut self, text: &str) -> Vec<usize> {
        let mut breaks: Vec<usize> = self.line(text).signs.iter().map(|sign| sign.at.end).collect();
        breaks.sort_unstable();
        breaks.dedup();
        breaks
    }

    fn word(&mut self, text: &str) -> Rc<Line> {
        if let Some(known) = self.words.get(text) {
            return Rc::clone(known);
        }
        let word = Rc::new(self.shape(text));
        if self.words.len() >= KEPT_WORDS {
            self.words.clear();
        }
        self.words.insert(text.into(), Rc::clone(&word));
        word
    }

    fn shape(&mut self, text: &str) -> Line {
        if text.is_empty() {
            return Line::default();
        }
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        let (script, direction) = (Some(buffer.script()), buffer.direction());
        // Beside letters they would stand apart.
        let features = if text.chars().any(char::is_alphabetic) { &[] } else { self.figures.as_slice() };
        let key = ShapePlanKey::new(script, direction).features(features);
        if !self.plans.iter().any(|plan| key.matches(plan)) {
            self.plans.push(ShapePlan::new(&self.shaper, direction, script, None, features));
        }
        let plan = self.plans.iter().find(|plan| key.matches(plan));
        let shaped = self.shaper.shape(buffer, ShapeOptions::new().plan(plan).features(features));

        let places = shaped.glyph_infos().iter().map(|info| usize::try_from(info.cluster).unwrap_or(0));
        let mut starts: Vec<usize> = places.clone().chain([text.len()]).collect();
        starts.sort_unstable();
        starts.dedup();
        let em = self.font.units_per_em();
        let ems = |units: i32| units.to_f32().unwrap_or(0.0) / em;
        let mut line = Line::default();
        for ((info, position), start) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()).zip(places) {
            // To where the next part of the text begins, whichever way it runs.
            let end = starts.iter().copied().find(|next| *next > start).unwrap_or(text.len());
            let sign = match (info.glyph_id, self.missing.signs.first()) {
                (0, Some(missing)) => {
                    self.lacks = true;
                    Sign { at: start..end, ..missing.clone() }
                }
                (id, _) => Sign {
                    id: GlyphId::new(id),
                    at: start..end,
                    advance: ems(position.x_advance),
                    offset: (ems(position.x_offset), ems(position.y_offset)),
                },
            };
            line.width += sign.advance;
            line.signs.push(sign);
        }
        line
    }
}

impl Line {
    /// Adds what shows the text from `at` on.
    fn append(&mut self, other: &Self, at: usize) {
        let moved = |sign: &Sign| Sign { at: sign.at.start + at..sign.at.end + at, ..sign.clone() };
        self.signs.extend(other.signs.iter().map(moved));
        self.width += other.width;
    }
}

fn no_face() -> ApiError {
    ApiError::internal(anyhow::anyhow!("the typeface of documents cannot be read"))
}
