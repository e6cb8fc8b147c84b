//! Stored colours and the palette of twelve: stages keep `#rrggbb`, tags `c1` to `c12`.

use crate::ui::Hue;

/// What is stored for each of the twelve, in their order.
const HEX: [&str; 12] = [
    "#64748b", "#dc2626", "#ea580c", "#f59e0b", "#65a30d", "#16a34a", "#0d9488", "#0ea5e9", "#3b82f6", "#8b5cf6",
    "#c026d3", "#e11d48",
];

/// The palette colour nearest to a stage's colour, so that stages look right in both themes.
pub fn stage_hue(color: &str) -> Hue {
    let Some(wanted) = rgb(color) else { return Hue::new(1) };
    let distance =
        |hex: &str| rgb(hex).map_or(i32::MAX, |other| wanted.iter().zip(other).map(|(a, b)| (a - b) * (a - b)).sum());
    let nearest = Hue::all().zip(HEX).min_by_key(|(_, hex)| distance(hex));
    nearest.map_or(Hue::new(1), |(hue, _)| hue)
}

/// What is stored for a stage of this colour.
pub fn stage_color(hue: Hue) -> String {
    HEX.get(usize::from(hue.number().saturating_sub(1))).copied().unwrap_or("#64748b").to_owned()
}

/// A tag's colour: the one it was given, or one that follows from its name.
pub fn tag_hue(name: &str, color: Option<&str>) -> Hue {
    let given = color.and_then(|color| color.strip_prefix('c')).and_then(|number| number.parse().ok());
    Hue::new(given.unwrap_or_else(|| domain::tags::color_of(name)))
}

/// What is stored for a tag of this colour.
pub fn tag_color(hue: Hue) -> String {
    format!("c{}", hue.number())
}

fn rgb(color: &str) -> Option<[i32; 3]> {
    let hex = color.strip_prefix('#')?;
    let part = |at: usize| i32::from_str_radix(hex.get(at..at + 2)?, 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}
