//! Presets: the exports of other products, recognised by their headers.
//!
//! A preset knows which columns of such a file feed which field, which hold ids that mean something to the other
//! product only, and which say nothing to us. Headers are compared without case, blanks and punctuation, so that
//! `FirstName` and `First Name` are the same; `#` stands for a number (`Phone # - Value`). What people added to the
//! export is guessed as in any other file. Nothing says the order of dates or the decimal separator: all these
//! products write them as their user's settings tell, so the contents decide, as everywhere.

use super::{squash, template};
use crate::catalog::RecordType;

mod google;
mod hubspot;
mod outlook;
mod pipedrive;
mod salesforce;
mod thunderbird;

/// What is known of one product's exports of one type of record.
#[derive(Debug)]
pub struct Preset {
    /// The product, as people call it.
    pub product: &'static str,
    /// The type of record that the preset maps to.
    pub record: RecordType,
    /// Headers that tell the product.
    marks: &'static [&'static str],
    /// How many of them a file must have.
    enough: usize,
    /// Headers that the product never writes, but others with similar exports do.
    foreign: &'static [&'static str],
    /// The headers that feed each target, in the order in which they are asked. A header under two targets feeds the
    /// first one that its contents do not contradict.
    feeds: &'static [(&'static str, &'static [&'static str])],
    /// Targets that are put together from several columns, if all of these are there.
    composed: &'static [(&'static str, &'static str)],
    /// Columns of phone numbers, and the columns that name the kind of each number.
    kinds: &'static [(&'static str, &'static [&'static str])],
    /// Ids of the other product.
    ids: &'static [&'static str],
    /// Headers that are known to say nothing to us, though they might look as if.
    left_out: &'static [&'static str],
}

/// All presets; of two that fit equally well the first one counts.
static PRESETS: &[&Preset] = &[
    &hubspot::CONTACTS,
    &hubspot::COMPANIES,
    &hubspot::DEALS,
    &pipedrive::PEOPLE,
    &pipedrive::ORGANIZATIONS,
    &pipedrive::DEALS,
    &salesforce::CONTACTS,
    &salesforce::ACCOUNTS,
    &salesforce::OPPORTUNITIES,
    &google::CONTACTS,
    &outlook::CONTACTS,
    &outlook::COMPANIES,
    &thunderbird::CONTACTS,
    &thunderbird::COMPANIES,
];

/// The preset whose product wrote these headers (those of [`super::clean_headers`]), if one did.
pub fn recognise(record: RecordType, headers: &[String]) -> Option<&'static Preset> {
    let squashed: Vec<String> = headers.iter().map(|h| squash(h)).collect();
    let has = |pattern: &&str| {
        let pattern = Pattern::new(pattern);
        squashed.iter().any(|header| pattern.number(header).is_some())
    };
    let fits = |preset: &&&Preset| preset.record == record && !preset.foreign.iter().any(has);
    let marks = |preset: &Preset| preset.marks.iter().filter(|mark| has(mark)).count();
    let found = PRESETS.iter().filter(fits).map(|preset| (marks(preset), *preset));
    // `max_by_key` takes the last of equals.
    found.filter(|(marks, preset)| *marks >= preset.enough).rev().max_by_key(|(marks, _)| *marks).map(|(_, p)| p)
}

/// What a preset knows of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It feeds the first of these targets that its contents allow; beside each its place among the target's columns.
    Feeds(Vec<(&'static str, Place)>),
    /// It is not imported.
    LeftOut,
    /// The preset does not know it.
    Unknown,
}

/// The place of a column among those that feed a target: by the preset's order, then by the header's number.
pub(super) type Place = (usize, u32);

impl Preset {
    /// What the column with this header means.
    pub(super) fn meaning(&self, header: &str) -> Meaning {
        let squashed = squash(header);
        let place = |headers: &[&str]| {
            let mut numbers = headers.iter().enumerate().map(|(at, h)| (at, Pattern::new(h).number(&squashed)));
            numbers.find_map(|(at, number)| Some((at, number?)))
        };
        let feeds: Vec<_> = self.feeds.iter().filter_map(|(target, h)| Some((*target, place(h)?))).collect();
        if !feeds.is_empty() {
            return Meaning::Feeds(feeds);
        }
        let is_part = |(_, text): &(&str, &str)| template::columns_of(text).any(|column| squash(column) == squashed);
        let is_kind = self.kinds.iter().any(|(_, kinds)| place(kinds).is_some());
        let known = is_kind || place(self.ids).is_some() || place(self.left_out).is_some();
        if known || self.composed.iter().any(is_part) { Meaning::LeftOut } else { Meaning::Unknown }
    }

    /// The columns that hold ids of the other product.
    pub(super) fn id_columns(&self, headers: &[String]) -> Vec<String> {
        let is_id = |header: &String| {
            let squashed = squash(header);
            self.ids.iter().any(|id| Pattern::new(id).number(&squashed).is_some())
        };
        headers.iter().filter(|header| is_id(header)).cloned().collect()
    }

    /// Columns of phone numbers with the columns that name the kind of each, as the file calls them.
    pub(super) fn kind_columns(&self, headers: &[String]) -> Vec<(String, String)> {
        let numbered = |pattern: &str| -> Vec<(u32, &String)> {
            let pattern = Pattern::new(pattern);
            headers.iter().filter_map(|header| Some((pattern.number(&squash(header))?, header))).collect()
        };
        let mut out = Vec::new();
        for (value, kinds) in self.kinds {
            let kinds: Vec<_> = kinds.iter().flat_map(|kind| numbered(kind)).collect();
            for (number, column) in numbered(value) {
                let kind = kinds.iter().find(|(n, _)| *n == number);
                out.extend(kind.map(|(_, kind)| (column.clone(), (*kind).clone())));
            }
        }
        out
    }

    /// The templates that the file has all columns for, with the headers as the file writes them.
    pub(super) fn templates(&self, headers: &[String]) -> Vec<(&'static str, String)> {
        let header = |column: &str| headers.iter().find(|h| squash(h) == squash(column)).cloned();
        self.composed.iter().filter_map(|(target, text)| Some((*target, template::renamed(text, header)?))).collect()
    }
}

/// A header, perhaps with a number in it.
struct Pattern {
    before: String,
    after: Option<String>,
}

impl Pattern {
    fn new(header: &str) -> Self {
        match header.split_once('#') {
            Some((before, after)) => Self { before: squash(before), after: Some(squash(after)) },
            None => Self { before: squash(header), after: None },
        }
    }

    /// The number of a header that fits (0 where the pattern has none).
    fn number(&self, squashed: &str) -> Option<u32> {
        match &self.after {
            None => (self.before == squashed).then_some(0),
            Some(after) => squashed.strip_prefix(&self.before)?.strip_suffix(after.as_str())?.parse().ok(),
        }
    }
}

#[cfg(test)]
mod soundness;
#[cfg(test)]
mod tests;
