//! Names of people.

use super::text::{self, Alike, alike};
use super::{nicknames, weights};

/// Words that are no part of a name.
const TITLES: &str = "mr mrs ms miss mx dr prof professor sir dame rev herr frau hr fr dipl ing mag monsieur madame mme senor \
    senora phd md mba msc bsc esq";

/// One part of a name, folded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The words without the blanks between them.
    pub whole: String,
    /// How `whole` sounds.
    pub sound: String,
    words: Vec<String>,
    /// Rows of [`nicknames`] that the first word stands in.
    pub nicknames: &'static [u16],
}

impl Part {
    fn new(text: &str) -> Self {
        let mut words: Vec<String> = text::words(&text::fold(text)).collect();
        let is_title = |word: &String| TITLES.split(' ').any(|title| title == word);
        if !words.iter().all(is_title) {
            words.retain(|word| !is_title(word));
        }
        let nicknames = words.first().map(|word| nicknames::rows_of(word)).unwrap_or_default();
        let whole = words.concat();
        Self { sound: text::sound(&whole), whole, words, nicknames }
    }

    /// The only letter of an abbreviated name. Not so in scripts whose letters are words.
    fn initial(&self) -> Option<char> {
        let mut letters = self.whole.chars();
        letters.next().filter(|c| c.is_lowercase() && letters.next().is_none())
    }

    fn begins_with(&self, shorter: &Self) -> bool {
        shorter.words.len() < self.words.len() && shorter.words.iter().zip(&self.words).all(|(a, b)| a == b)
    }

    fn contains(&self, shorter: &Self) -> bool {
        shorter.words.len() < self.words.len() && shorter.words.iter().all(|word| self.words.contains(word))
    }
}

/// A person's name, folded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonName {
    /// First names.
    pub first: Part,
    /// Last name; empty where it is not known.
    pub last: Part,
}

impl PersonName {
    /// From the two parts of a record. A whole name in the first part is parted; an email address is no name: imports
    /// put it there when they have no other.
    pub fn new(first: &str, last: &str) -> Self {
        let (first, last) = (first.trim(), last.trim());
        if first.contains('@') {
            return Self { first: Part::default(), last: Part::new(last) };
        }
        if !last.is_empty() {
            return Self { first: Part::new(first), last: Part::new(last) };
        }
        if let Some((family, given)) = first.split_once(',') {
            return Self { first: Part::new(given), last: Part::new(family) };
        }
        let whole = Part::new(first);
        let (first, last) = crate::contacts::split_name(&whole.words.join(" "));
        Self { first: Part::new(&first), last: Part::new(&last) }
    }
}

/// How two parts compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// One is not known.
    Missing,
    /// Two names.
    Different,
    /// Two names that share letters.
    Faint,
    /// A name and its first letter.
    Initial,
    /// Likely one name, written in two ways.
    Like,
    /// A name and its diminutive.
    Nickname,
    /// Equal.
    Same,
}

impl Outcome {
    /// Whether the parts may well be one name.
    pub fn agrees(self) -> bool {
        matches!(self, Self::Initial | Self::Like | Self::Nickname | Self::Same)
    }
}

/// How two names compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Names {
    /// First names, or the one with the other's last name where they are swapped.
    pub first: Outcome,
    /// Last names, or as above.
    pub last: Outcome,
    /// The first name of one is the last name of the other.
    pub swapped: bool,
    /// Evidence in tenths of a bit.
    pub weight: i32,
}

/// Compares two names.
pub fn compare(a: &PersonName, b: &PersonName) -> Names {
    let (first, last) = (first(&a.first, &b.first), last(&a.last, &b.last));
    let weight = weigh_first(first) + weigh_last(last);
    let straight = Names { first, last, swapped: false, weight };
    if first.agrees() || last == Outcome::Same {
        return straight;
    }
    crosswise(a, b).filter(|swapped| swapped.weight > straight.weight).unwrap_or(straight)
}

fn crosswise(a: &PersonName, b: &PersonName) -> Option<Names> {
    let cross = |first: &Part, last: &Part| {
        if first.whole.is_empty() || last.whole.is_empty() {
            return None;
        }
        match alike(&first.whole, &last.whole) {
            Alike::Same => Some(Outcome::Same),
            Alike::Much => Some(Outcome::Like),
            Alike::Faintly | Alike::No => None,
        }
    };
    let (one, other) = (cross(&a.first, &b.last)?, cross(&b.first, &a.last)?);
    let weight = match (one, other) {
        (Outcome::Same, Outcome::Same) => weights::FIRST_SAME + weights::LAST_SAME,
        (Outcome::Same, _) | (_, Outcome::Same) => weights::FIRST_SAME + weights::LAST_LIKE,
        _ => weights::FIRST_LIKE + weights::LAST_LIKE,
    };
    Some(Names { first: one, last: other, swapped: true, weight: weight + weights::NAMES_SWAPPED })
}

fn first(a: &Part, b: &Part) -> Outcome {
    match early(a, b) {
        Some(outcome) => outcome,
        None if a.nicknames.iter().any(|row| b.nicknames.contains(row)) => Outcome::Nickname,
        None if a.begins_with(b) || b.begins_with(a) => Outcome::Like,
        None => late(a, b),
    }
}

fn last(a: &Part, b: &Part) -> Outcome {
    match early(a, b) {
        Some(outcome) => outcome,
        None if a.contains(b) || b.contains(a) => Outcome::Like,
        None => late(a, b),
    }
}

fn early(a: &Part, b: &Part) -> Option<Outcome> {
    if a.whole.is_empty() || b.whole.is_empty() {
        return Some(Outcome::Missing);
    }
    if a.whole == b.whole {
        return Some(Outcome::Same);
    }
    let of = |initial: char, other: &Part| {
        if other.whole.starts_with(initial) { Outcome::Initial } else { Outcome::Different }
    };
    match (a.initial(), b.initial()) {
        (Some(initial), _) => Some(of(initial, b)),
        (_, Some(initial)) => Some(of(initial, a)),
        _ => None,
    }
}

fn late(a: &Part, b: &Part) -> Outcome {
    match alike(&a.whole, &b.whole) {
        Alike::Same => Outcome::Same,
        Alike::Much => Outcome::Like,
        Alike::Faintly if a.sound == b.sound => Outcome::Like,
        Alike::Faintly => Outcome::Faint,
        Alike::No => Outcome::Different,
    }
}

fn weigh_first(outcome: Outcome) -> i32 {
    match outcome {
        Outcome::Missing => 0,
        Outcome::Different => weights::FIRST_DIFFERENT,
        Outcome::Faint => weights::FIRST_FAINT,
        Outcome::Initial => weights::FIRST_INITIAL,
        Outcome::Like => weights::FIRST_LIKE,
        Outcome::Nickname => weights::FIRST_NICKNAME,
        Outcome::Same => weights::FIRST_SAME,
    }
}

fn weigh_last(outcome: Outcome) -> i32 {
    match outcome {
        Outcome::Missing => 0,
        Outcome::Different => weights::LAST_DIFFERENT,
        Outcome::Faint => weights::LAST_FAINT,
        Outcome::Initial => weights::LAST_INITIAL,
        Outcome::Like | Outcome::Nickname => weights::LAST_LIKE,
        Outcome::Same => weights::LAST_SAME,
    }
}

#[cfg(test)]
mod tests;
