//! Tags: free names on records, kept in one catalogue per organization.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The longest tag, in characters.
pub const TAG_MAX: usize = 50;

crate::choices! {
    /// Which records a tag is for.
    TagCategory {
        Company = "company" "Companies",
        Lead = "lead" "Leads",
        Deal = "deal" "Deals",
        General = "general" "Everything else",
    }
}

/// One entry of the tag catalogue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "db", derive(sea_orm::FromQueryResult))]
pub struct Tag {
    /// Id.
    pub id: Uuid,
    /// The tag as people read it; unique with the category in the organization, ignoring case.
    pub name: String,
    /// One of the twelve palette colours, `c1` to `c12`; empty: chosen by the name.
    pub color: Option<String>,
    /// Which records it is for.
    pub category: TagCategory,
    /// How many records carry it, archived ones included.
    pub usage_count: i64,
    /// When it was first used.
    pub created_at: DateTime<Utc>,
}

/// Creates or changes a tag of the catalogue.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TagInput {
    /// The tag's name, at most 50 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Palette colour `c1` to `c12`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// Which records it is for; fixed once created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<TagCategory>,
}

/// Adds tags to a record or removes them from it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TagNames {
    /// The tags' names; unknown ones join the catalogue.
    pub tags: Vec<String>,
}

/// The form in which tags are compared: trimmed, inner blanks single, lower case.
pub fn norm(name: &str) -> String {
    clean(name).to_lowercase()
}

/// The form in which a tag is stored: trimmed, inner blanks single.
pub fn clean(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The palette colour of a tag that was given none: steady for the same name.
pub fn color_of(name: &str) -> u8 {
    let hash = norm(name).bytes().fold(17_u32, |h, b| h.wrapping_mul(31).wrapping_add(u32::from(b)));
    u8::try_from(hash % 12).unwrap_or(0) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// TAG-02: a tag typed with other blanks or case is the same tag.
    #[test]
    fn tags_compare_without_case_and_blanks() {
        assert_eq!(norm("  Key   Account "), norm("key account"));
        assert_eq!(color_of("VIP"), color_of("vip"));
        assert!((1..=12).contains(&color_of("anything")));
    }
}
