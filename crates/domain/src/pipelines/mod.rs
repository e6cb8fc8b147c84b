//! Pipelines and their stages.

use crate::error::FieldError;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The most stages in a pipeline.
pub const MAX_STAGES: usize = 50;
/// The longest name of a pipeline or stage, in characters.
pub const NAME_MAX: usize = 100;

/// A pipeline with its stages in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "db", derive(sea_orm::FromQueryResult))]
pub struct Pipeline {
    /// Id.
    pub id: Uuid,
    /// Name, unique in the organization.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Where deals go that name no pipeline.
    pub is_default: bool,
    /// Whether new deals may go there.
    pub is_active: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Number of the version, for `If-Match`.
    pub version: i32,
    /// Its stages, in order.
    #[cfg_attr(feature = "db", sea_orm(skip))]
    #[serde(default)]
    pub stages: Vec<Stage>,
}

/// A stage of a pipeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "db", derive(sea_orm::FromQueryResult))]
pub struct Stage {
    /// Id.
    pub id: Uuid,
    /// The pipeline it belongs to.
    pub pipeline_id: Uuid,
    /// Name, unique in the pipeline.
    pub name: String,
    /// Place from 0, unique in the pipeline.
    pub position: i32,
    /// Probability of winning, in percent.
    pub probability: i32,
    /// Colour, `#rrggbb`.
    pub color: String,
    /// Entering it wins a deal.
    pub is_closed_won: bool,
    /// Entering it loses a deal.
    pub is_closed_lost: bool,
    /// Days after which a deal has been here too long.
    pub days_in_stage: Option<i32>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Number of the version, for `If-Match`.
    pub version: i32,
}

/// Makes or changes a pipeline. Absent members stay as they are.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct PipelineInput {
    /// Name, 1 to 100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is for, at most 500 characters; empty clears.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Make it the default pipeline; the present default then is not any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_default: Option<bool>,
    /// Whether new deals may go there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
}

/// Makes or changes a stage. Absent members stay as they are.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct StageInput {
    /// Name, 1 to 100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Place from 0; at the end of the open stages unless given. Only on creation: `reorder` changes it later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<i32>,
    /// Probability of winning, 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<i32>,
    /// Colour, `#rrggbb`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// Entering it wins a deal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_closed_won: Option<bool>,
    /// Entering it loses a deal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_closed_lost: Option<bool>,
    /// Days after which a deal has been here too long; 0 clears.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_in_stage: Option<i32>,
}

/// A new order of a pipeline's stages.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct ReorderStages {
    /// Every stage of the pipeline, once, in the new order.
    #[cfg_attr(feature = "validate", validate(length(max = 200)))]
    pub stage_ids: Vec<Uuid>,
}

impl PipelineInput {
    /// Checks the members sent.
    pub fn check(&self) -> Vec<FieldError> {
        let mut errors = check_name(self.name.as_deref());
        if self.description.as_ref().is_some_and(|d| d.chars().count() > 500) {
            errors.push(FieldError::new("description", "too_long", "The description can have at most 500 characters."));
        }
        if self.description.as_deref().is_some_and(|d| d.contains(is_no_text)) {
            errors.push(FieldError::new("description", "characters", "The description has control characters."));
        }
        errors
    }
}

impl StageInput {
    /// Checks the members sent.
    pub fn check(&self) -> Vec<FieldError> {
        let mut errors = check_name(self.name.as_deref());
        if self.probability.is_some_and(|p| !(0..=100).contains(&p)) {
            errors.push(FieldError::new("probability", "range", "The probability must be 0 to 100 percent."));
        }
        if self.color.as_deref().is_some_and(|c| !is_color(c)) {
            errors.push(FieldError::new("color", "color", "The colour must look like #4f46e5."));
        }
        if self.days_in_stage.is_some_and(|d| !(0..=10_000).contains(&d)) {
            errors.push(FieldError::new("days_in_stage", "range", "The limit must be 0 to 10,000 days."));
        }
        if self.is_closed_won == Some(true) && self.is_closed_lost == Some(true) {
            errors.push(FieldError::new("is_closed_lost", "conflict", "A stage cannot both win and lose deals."));
        }
        errors
    }
}

fn check_name(name: Option<&str>) -> Vec<FieldError> {
    match name.map(|n| n.trim().chars().count()) {
        Some(0) => vec![FieldError::new("name", "required", "The name is required.")],
        Some(n) if n > NAME_MAX => {
            vec![FieldError::new("name", "too_long", format!("The name can have at most {NAME_MAX} characters."))]
        }
        _ if name.is_some_and(|name| name.contains(is_no_text)) => {
            vec![FieldError::new("name", "characters", "The name has control characters.")]
        }
        _ => Vec::new(),
    }
}

/// Characters that no text of ours has.
fn is_no_text(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
}

fn is_color(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.chars().all(|c| c.is_ascii_hexdigit()))
}

/// A stage of a new pipeline.
#[derive(Clone, Copy, Debug)]
pub struct StageSeed {
    /// Name.
    pub name: &'static str,
    /// Probability of winning, in percent.
    pub probability: i32,
    /// Colour.
    pub color: &'static str,
    /// Wins deals.
    pub is_closed_won: bool,
    /// Loses deals.
    pub is_closed_lost: bool,
}

const fn seed(name: &'static str, probability: i32, color: &'static str) -> StageSeed {
    StageSeed { name, probability, color, is_closed_won: false, is_closed_lost: false }
}

/// PIPELINE-02: the stages that every new pipeline begins with.
pub const DEFAULT_STAGES: [StageSeed; 6] = [
    seed("Prospecting", 25, "#64748b"),
    seed("Qualification", 50, "#3b82f6"),
    seed("Proposal", 75, "#8b5cf6"),
    seed("Negotiation", 90, "#f59e0b"),
    StageSeed { is_closed_won: true, ..seed("Closed won", 100, "#16a34a") },
    StageSeed { is_closed_lost: true, ..seed("Closed lost", 0, "#dc2626") },
];

/// Name of the pipeline that every organization begins with.
pub const DEFAULT_PIPELINE: &str = "Sales";

/// How stage names are compared: without case, blanks, hyphens and underscores (`closed_won` is "Closed won").
pub fn norm_stage(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, ' ' | '_' | '-')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
pub(crate) fn default_stages() -> Vec<Stage> {
    let at = DateTime::<Utc>::UNIX_EPOCH;
    DEFAULT_STAGES
        .iter()
        .zip(0..)
        .map(|(seed, position)| Stage {
            id: Uuid::from_u128(u128::try_from(position).unwrap_or(0) + 1),
            pipeline_id: Uuid::nil(),
            name: seed.name.to_owned(),
            position,
            probability: seed.probability,
            color: seed.color.to_owned(),
            is_closed_won: seed.is_closed_won,
            is_closed_lost: seed.is_closed_lost,
            days_in_stage: None,
            created_at: at,
            updated_at: at,
            version: 1,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PIPELINE-02: the seeded stages and their probabilities.
    #[test]
    fn default_probabilities() {
        let seeded: Vec<_> = DEFAULT_STAGES.iter().map(|s| (norm_stage(s.name), s.probability)).collect();
        let expected = [
            ("prospecting", 25),
            ("qualification", 50),
            ("proposal", 75),
            ("negotiation", 90),
            ("closedwon", 100),
            ("closedlost", 0),
        ];
        assert_eq!(seeded, expected.map(|(n, p)| (n.to_owned(), p)));
        assert_eq!(norm_stage("closed_won"), norm_stage("Closed won"));
    }

    /// PIPELINE-04: limits of a stage's members.
    #[test]
    fn stage_limits() {
        let bad = StageInput {
            name: Some(" ".into()),
            probability: Some(101),
            color: Some("red".into()),
            is_closed_won: Some(true),
            is_closed_lost: Some(true),
            days_in_stage: Some(-1),
            ..StageInput::default()
        };
        let fields: Vec<_> = bad.check().iter().map(|e| e.field().to_owned()).collect();
        assert_eq!(fields, ["name", "probability", "color", "days_in_stage", "is_closed_lost"]);
    }
}
