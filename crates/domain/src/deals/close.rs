//! How deals end: won, lost or abandoned, and how they are reopened.

use super::{DealStatus, LostReason};
use crate::pipelines::Stage;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The particulars of an ending. Each way of closing reads the members that concern it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CloseDeal {
    /// The day it closed; today unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_date: Option<NaiveDate>,
    /// Why it was won, at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub won_reason: Option<String>,
    /// Why it was lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost_reason: Option<LostReason>,
    /// Which competitor won it, at most 255 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost_to_competitor: Option<String>,
    /// The reason for abandoning, notes at loss. Also called `notes`.
    #[serde(default, alias = "notes", skip_serializing_if = "Option::is_none")]
    pub close_notes: Option<String>,
}

/// Reopens a closed deal.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReopenDeal {
    /// The stage to put it in; by default the last stage that does not close.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage_id: Option<Uuid>,
}

/// The status that entering `stage` gives a deal (DEAL-04): closed-won wins, closed-lost loses, any other is open.
pub fn status_in(stage: &Stage) -> DealStatus {
    match (stage.is_closed_won, stage.is_closed_lost) {
        (true, _) => DealStatus::Won,
        (_, true) => DealStatus::Lost,
        _ => DealStatus::Open,
    }
}

/// The stage that winning or losing moves a deal to: the pipeline's flagged stage, if it has one.
pub fn closing_stage(stages: &[Stage], status: DealStatus) -> Option<&Stage> {
    stages.iter().find(|stage| match status {
        DealStatus::Won => stage.is_closed_won,
        DealStatus::Lost => stage.is_closed_lost,
        DealStatus::Open | DealStatus::Abandoned => false,
    })
}

/// The stage that reopening moves a deal to unless another is named: the last one that does not close.
pub fn reopening_stage(stages: &[Stage]) -> Option<&Stage> {
    stages.iter().filter(|s| status_in(s) == DealStatus::Open).max_by_key(|s| s.position)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipelines::default_stages;

    /// DEAL-04, PIPELINE-02: the seeded stages decide the status.
    #[test]
    fn stages_decide_the_status() {
        let stages = default_stages();
        let status: Vec<_> = stages.iter().map(status_in).collect();
        use DealStatus::{Lost, Open, Won};
        assert_eq!(status, [Open, Open, Open, Open, Won, Lost]);
        assert_eq!(closing_stage(&stages, Won).map(|s| s.name.as_str()), Some("Closed won"));
        assert_eq!(closing_stage(&stages, DealStatus::Abandoned), None);
        assert_eq!(reopening_stage(&stages).map(|s| s.name.as_str()), Some("Negotiation"));
    }
}
