//! Breaking texts into lines.

use super::face::Face;
use std::borrow::Cow;

/// What ends a text that is longer than its place.
const ELLIPSIS: char = '…';

/// A text in lines of at most `width` ems, at most `most` of them; what does not fit ends in an ellipsis.
pub fn wrap<'t>(face: &mut Face, text: &'t str, width: f32, most: usize) -> Vec<Cow<'t, str>> {
    if text.is_empty() {
        return Vec::new();
    }
    if face.width(text) <= width {
        return vec![Cow::Borrowed(text)];
    }
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if lines.len() + 1 == most {
            lines.push(shortened(face, rest, width));
            break;
        }
        let (line, after) = first_line(face, rest, width);
        lines.push(Cow::Borrowed(line));
        rest = after;
    }
    lines
}

/// Whether lines show less than their text.
pub fn is_shortened(lines: &[Cow<'_, str>]) -> bool {
    lines.last().is_some_and(|line| matches!(line, Cow::Owned(_)))
}

/// The first line of a text, and what comes after it.
fn first_line<'t>(face: &mut Face, text: &'t str, width: f32) -> (&'t str, &'t str) {
    let mut end = 0;
    for (at, _) in text.match_indices(' ').chain([(text.len(), "")]) {
        match text.get(..at) {
            Some(line) if face.width(line) <= width => end = at,
            _ => break,
        }
    }
    if end == 0 {
        end = broken(face, text, width);
    }
    let (line, after) = text.split_at_checked(end).unwrap_or((text, ""));
    (line, after.trim_start_matches(' '))
}

/// Where a word wider than a line is broken: after a sign that joins words, if there is one in the second half, else
/// anywhere. At least one letter stays.
fn broken(face: &mut Face, text: &str, width: f32) -> usize {
    let word = text.split(' ').next().unwrap_or(text);
    let fits = match longest(face, word, width, "") {
        0 => face.breaks(word).first().copied().unwrap_or(word.len()),
        fits => fits,
    };
    let head = word.get(..fits).unwrap_or_default();
    let joint = head.rfind(['-', '/', '.', '@', '_', ',', '=', '&', '?']).map(|at| at + 1);
    joint.filter(|at| *at * 2 > fits).unwrap_or(fits)
}

/// As much of a text as fits with an ellipsis; all of it where it fits.
fn shortened<'t>(face: &mut Face, text: &'t str, width: f32) -> Cow<'t, str> {
    if face.width(text) <= width {
        return Cow::Borrowed(text);
    }
    let end = longest(face, text, width, "…");
    let (head, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    // Between two words, unless much would be lost.
    let gap = head.rfind(' ').filter(|gap| !rest.starts_with(' ') && gap * 3 > end * 2).unwrap_or(end);
    let mut line = text.get(..gap).unwrap_or_default().trim_end_matches([' ', ',', ';', '.']).to_owned();
    line.push(ELLIPSIS);
    Cow::Owned(line)
}

/// How many bytes of a text fit with what follows them.
fn longest(face: &mut Face, text: &str, width: f32, then: &str) -> usize {
    let ends = face.breaks(text);
    let fit = ends.partition_point(|end| {
        let head = text.get(..*end).unwrap_or_default();
        face.width(&format!("{head}{then}")) <= width
    });
    fit.checked_sub(1).and_then(|last| ends.get(last)).copied().unwrap_or(0)
}
