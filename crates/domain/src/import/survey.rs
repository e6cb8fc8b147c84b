//! What a whole file holds: counts, and the texts that stand for something else.

use super::norm;
use super::plan::{Match, ValueMatch};
use super::preview::{Counts, DistinctValue};
use super::reader::Reader;
use super::resolve;
use super::row::Row;
use super::target::target;
use crate::catalog::Kind;
use std::collections::BTreeMap;

/// The most different texts per field that are listed; a field with more is hardly meant.
pub const MAX_DISTINCT: usize = 500;

/// Collects over the rows of a file.
#[derive(Debug, Default)]
pub struct Survey {
    counts: Counts,
    seen: BTreeMap<(String, String), DistinctValue>,
    per_field: BTreeMap<String, usize>,
}

impl Survey {
    /// Takes a row in.
    pub fn add(&mut self, reader: &Reader<'_>, row: &Row) {
        if row.blank {
            self.counts.blank += 1;
            return;
        }
        self.counts.rows += 1;
        let refused = !row.errors.is_empty() || !row.missing(reader.schema()).is_empty();
        self.counts.with_errors += u64::from(refused);
        self.counts.with_warnings += u64::from(!row.warnings.is_empty());
        for value in &row.looked_up {
            let key = (value.field.clone(), norm(&value.text));
            if let Some(known) = self.seen.get_mut(&key) {
                known.count += 1;
                continue;
            }
            let listed = self.per_field.entry(value.field.clone()).or_default();
            if *listed >= MAX_DISTINCT {
                continue;
            }
            *listed += 1;
            let suggestion = value.to.clone().unwrap_or_else(|| suggest(reader, &value.field, &value.text));
            let distinct = DistinctValue {
                field: value.field.clone(),
                text: value.text.clone(),
                count: 1,
                known: value.to.is_some(),
                suggestion,
            };
            self.seen.insert(key, distinct);
        }
    }

    /// The counts.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The texts, by field, the most frequent first.
    pub fn values(self) -> Vec<DistinctValue> {
        let mut values: Vec<DistinctValue> = self.seen.into_values().collect();
        values.sort_by(|a, b| a.field.cmp(&b.field).then(b.count.cmp(&a.count)).then(a.text.cmp(&b.text)));
        values
    }
}

/// The decisions that accept every proposal, as a first plan takes them.
pub fn accept_suggestions(values: &[DistinctValue]) -> Vec<ValueMatch> {
    let unknown = values.iter().filter(|v| !v.known);
    unknown.map(|v| ValueMatch { field: v.field.clone(), text: v.text.clone(), to: v.suggestion.clone() }).collect()
}

fn suggest(reader: &Reader<'_>, field: &str, text: &str) -> Match {
    let lookups = reader.lookups();
    match target(reader.schema(), field).map(|t| t.field.kind) {
        Some(Kind::Stage) => resolve::suggest_stage(text, lookups.stages),
        Some(Kind::User) => resolve::suggest_member(text, lookups.members),
        Some(Kind::Select(choices) | Kind::MultiSelect(choices)) => resolve::suggest_choice(text, choices),
        _ => Match::Empty,
    }
}
