//! The events of deals: a change of stage is `deal.moved`, an ending `deal.won`, `deal.lost` or `deal.abandoned`,
//! a new beginning `deal.reopened`, whatever way led there; what else changed is `deal.updated`.

use crate::db::{TenantTx, statement};
use crate::error::ApiResult;
use crate::records::values::ids_array;
use domain::catalog::RecordType;
use domain::deals::{Deal, DealStatus};
use domain::events::{Change, NewEvent, Related};
use domain::records::Record;
use sea_orm::ConnectionTrait;
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use uuid::Uuid;

/// Changes that a move tells.
const MOVING: &[&str] = &["pipeline_id", "stage_id", "probability"];
/// Changes that an ending tells.
const ENDING: &[&str] = &["status", "closed_date", "won_reason", "lost_reason", "lost_to_competitor", "close_notes"];

/// The events of a change: moves and endings taken out of the main event, with company and contacts concerned.
///
/// # Errors
/// The database cannot be reached.
pub async fn of_change(
    tx: &TenantTx,
    mut main: NewEvent,
    before: Option<&Deal>,
    after: &Deal,
) -> ApiResult<Vec<NewEvent>> {
    let moved = before.filter(|old| old.stage_id != after.stage_id);
    let old_status = before.map_or(DealStatus::Open, |old| old.status);
    let ending = (old_status != after.status).then(|| verb_of(after.status));
    if before.is_some() && moved.is_none() && ending.is_none() {
        return Ok(vec![main]);
    }
    let related = related(tx, &[after.id]).await?.remove(&after.id).unwrap_or_default();
    let about = |verb: &str| {
        let mut event = NewEvent::record(RecordType::Deal, verb, after.id, after.title()).version(after.version);
        event.payload.related.clone_from(&related);
        event
    };
    let mut events = Vec::new();
    if let Some(old) = moved {
        let changes = take(&mut main, MOVING);
        events.push(about("moved").changes(changes).details(stages(old, after)));
    }
    if let Some(verb) = ending {
        let changes = if before.is_some() { take(&mut main, ENDING) } else { Vec::new() };
        events.push(about(verb).changes(changes).details(ending_details(after)));
    }
    if before.is_none() {
        main.payload.related = related;
        events.insert(0, main);
    } else if !main.payload.changes.is_empty() {
        events.insert(0, main);
    }
    Ok(events)
}

/// The verb of the event that tells of this status.
pub const fn verb_of(status: DealStatus) -> &'static str {
    match status {
        DealStatus::Open => "reopened",
        DealStatus::Won => "won",
        DealStatus::Lost => "lost",
        DealStatus::Abandoned => "abandoned",
    }
}

/// Particulars of `deal.moved`: the stages left and entered, by name and id.
pub fn stages(before: &Deal, after: &Deal) -> Json {
    json!({
        "from_stage": before.stage_name,
        "from_stage_id": before.stage_id,
        "to_stage": after.stage_name,
        "to_stage_id": after.stage_id,
    })
}

/// Particulars of an ending: how it ended and what was at stake.
pub fn ending_details(deal: &Deal) -> Json {
    let mut details = json!({ "amount_minor": deal.amount_minor, "currency": deal.currency });
    let reasons = match deal.status {
        DealStatus::Open => return details,
        DealStatus::Won => vec![("won_reason", json!(deal.won_reason))],
        DealStatus::Lost => vec![
            ("lost_reason", json!(deal.lost_reason)),
            ("lost_to_competitor", json!(deal.lost_to_competitor)),
            ("close_notes", json!(deal.close_notes)),
        ],
        DealStatus::Abandoned => vec![("close_notes", json!(deal.close_notes))],
    };
    let reasons = reasons.into_iter().chain([("closed_date", json!(deal.closed_date))]);
    if let Some(members) = details.as_object_mut() {
        members.extend(reasons.filter(|(_, v)| !v.is_null()).map(|(k, v)| (k.to_owned(), v)));
    }
    details
}

/// Takes the changes of these fields out of an event.
fn take(event: &mut NewEvent, fields: &[&str]) -> Vec<Change> {
    let changes = std::mem::take(&mut event.payload.changes);
    let (taken, rest) = changes.into_iter().partition(|change| fields.contains(&change.field.as_str()));
    event.payload.changes = rest;
    taken
}

/// Whom the events of these deals also concern (DEAL-13): the main company, the primary contact, linked contacts.
///
/// # Errors
/// The database cannot be reached.
pub async fn related(tx: &TenantTx, deals: &[Uuid]) -> ApiResult<HashMap<Uuid, Vec<Related>>> {
    let sql = "SELECT d.id, 'company', c.id, c.name FROM deals d \
           JOIN companies c ON c.org_id = d.org_id AND c.id = d.company_id WHERE d.org_id = $1 AND d.id = ANY($2) \
         UNION SELECT d.id, 'contact', c.id, c.name FROM deals d \
           JOIN contacts c ON c.org_id = d.org_id AND c.id = d.primary_contact_id WHERE d.org_id = $1 AND d.id = ANY($2) \
         UNION SELECT l.deal_id, 'contact', c.id, c.name FROM deal_contacts l \
           JOIN contacts c ON c.org_id = l.org_id AND c.id = l.contact_id WHERE l.org_id = $1 AND l.deal_id = ANY($2) \
         ORDER BY 1, 2, 4, 3";
    let rows = tx.conn().query_all_raw(statement(sql, [tx.org_id().into(), ids_array(deals)])).await?;
    let mut found: HashMap<Uuid, Vec<Related>> = HashMap::new();
    for row in &rows {
        let deal: Uuid = row.try_get_by_index(0)?;
        let related =
            Related { entity: row.try_get_by_index(1)?, id: row.try_get_by_index(2)?, name: row.try_get_by_index(3)? };
        found.entry(deal).or_default().push(related);
    }
    Ok(found)
}
