//! Search answers, and the fuzzy matcher of the command palette.

use crate::catalog::RecordType;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Hits per type unless said otherwise (SEARCH-01).
pub const DEFAULT_PER_TYPE: u32 = 5;
/// The most hits per type.
pub const MAX_PER_TYPE: u32 = 50;

/// One record found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "db", derive(sea_orm::FromQueryResult))]
pub struct SearchHit {
    /// Type of the record.
    pub entity_type: RecordType,
    /// Id.
    pub entity_id: Uuid,
    /// What people call it.
    pub title: String,
    /// Email, domain, company: what tells it from its namesakes.
    pub subtitle: String,
    /// How well it fits; larger is better.
    pub score: f32,
}

/// The hits of one record type, best first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SearchGroup {
    /// Type of the records.
    pub entity_type: RecordType,
    /// The hits.
    pub hits: Vec<SearchHit>,
}

/// The answer of a search: groups in the order of their best hits.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SearchResults {
    /// The groups that have hits.
    pub groups: Vec<SearchGroup>,
}

/// How well `text` fits what was typed; `None` where the letters do not occur in this order. Larger is better:
/// beginnings of words and unbroken runs count more, long texts less.
pub fn fuzzy_score(typed: &str, text: &str) -> Option<i32> {
    let needle: Vec<char> = typed.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let hay: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    let mut score = 0;
    let mut at = 0;
    let mut run = 0;
    for wanted in &needle {
        let found = hay.iter().enumerate().skip(at).find(|(_, c)| *c == wanted).map(|(i, _)| i)?;
        let word_start = found == 0 || hay.get(found - 1).is_some_and(|c| !c.is_alphanumeric());
        run = if found == at && at > 0 { run + 1 } else { 0 };
        score += 10 + if word_start { 8 } else { 0 } + run * 5;
        at = found + 1;
    }
    let spare = hay.len().saturating_sub(needle.len()).min(50);
    Some(score - i32::try_from(spare).unwrap_or(50))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SEARCH-02: the palette finds commands by beginnings and fragments, the nearest first.
    #[test]
    fn fuzzy() {
        assert!(fuzzy_score("newc", "New company") > fuzzy_score("newc", "Renew contract"));
        assert!(fuzzy_score("nc", "New company").is_some());
        assert!(fuzzy_score("xyz", "New company").is_none());
        assert!(fuzzy_score("", "Settings").is_some());
    }
}
