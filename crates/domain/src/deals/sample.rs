//! A deal for tests.

use super::Deal;
use serde_json::{Map, Value as Json, json};

/// An open deal over 1,000 cents with the members of `changes` in place of its own.
pub(super) fn deal(changes: Json) -> Deal {
    let mut members: Map<String, Json> = serde_json::from_value(json!({
        "id": "00000000-0000-0000-0000-000000000001", "deal_number": "D-1", "name": "Deal", "stage_order": "a",
        "pipeline_id": "00000000-0000-0000-0000-000000000009",
        "stage_id": "00000000-0000-0000-0000-000000000064", "stage_entered_at": "2026-11-21T00:00:00Z",
        "days_in_stage": 0, "status": "open", "probability": 50, "amount_minor": 1_000, "currency": "USD",
        "discount_minor": 0, "tax_minor": 0, "total_minor": 1_000, "team_members": [], "competitors": [], "tags": [],
        "custom_fields": {}, "created_at": "2026-11-21T00:00:00Z", "updated_at": "2026-11-21T00:00:00Z", "version": 1,
    }))
    .unwrap();
    members.extend(serde_json::from_value::<Map<_, _>>(changes).unwrap());
    serde_json::from_value(members.into()).unwrap()
}
