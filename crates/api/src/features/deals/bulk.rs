//! Many deals at once, for imports: the same rules as for single deals, with a handful of statements per batch.
//!
//! The steps of a batch, in one transaction:
//! 1. [`Rules::load`] once;
//! 2. per row [`normalise`] the input, then `Draft::parse` it with `Mode::Create`;
//! 3. [`prepare`] all drafts of the batch: one result per draft; those that fail are left out of what follows;
//! 4. `records::write::insert_many` with the drafts that are right (at most 1,500 a time: PostgreSQL binds 65,535 values);
//! 5. [`write_links`] for lines and team; tags and events are the caller's, as for every record type.
//!
//! Changes of existing deals go through `records::write::apply`, one by one.

use super::rules::{self, Rules};
use super::{lines, numbers};
use crate::db::{TenantTx, statement};
use crate::error::ApiResult;
use domain::deals::products;
use domain::draft::Draft;
use domain::error::FieldError;
use domain::value::Value;
use sea_orm::ConnectionTrait;
use serde_json::{Map, Value as Json, json};
use std::collections::HashSet;
use uuid::Uuid;

/// Rewrites an input before it is parsed: a stage by name becomes its id, lines make the amount where there is none.
///
/// # Errors
/// The pipeline has no stage of this name.
pub fn normalise(rules: &Rules, input: &mut Map<String, Json>) -> Result<(), FieldError> {
    super::figures::amount_from_lines(input, None);
    rules.name_stage(input, None)
}

/// Completes the drafts of new deals: stage, status, probability, place in the column, number. One result per draft.
/// Permissions are the caller's to check: a stage that closes wins or loses the deal.
///
/// # Errors
/// 409 when a stage is changed at the same moment; the database cannot be reached.
pub async fn prepare(
    tx: &TenantTx,
    rules: &Rules,
    drafts: &mut [Draft],
) -> ApiResult<Vec<Result<(), Vec<FieldError>>>> {
    let results: Vec<_> =
        drafts.iter_mut().enumerate().map(|(place, draft)| rules.settle(draft, None, place)).collect();
    let good = || results.iter().map(Result::is_ok);
    let stages: Vec<Uuid> =
        drafts.iter().zip(good()).filter(|(_, ok)| *ok).filter_map(|(d, _)| d.get("stage_id")?.as_id()).collect();
    rules::hold_stages(tx, rules, &stages).await?;
    let taken: HashSet<String> =
        drafts.iter().filter_map(|d| d.get("deal_number")?.as_text()).map(str::to_owned).collect();
    let nameless = drafts.iter_mut().zip(good()).filter(|(d, ok)| *ok && is_unnumbered(d)).map(|(d, _)| d);
    let nameless: Vec<_> = nameless.collect();
    let numbers = numbers::reserve(tx, nameless.len(), &taken).await?;
    for (draft, number) in nameless.into_iter().zip(numbers) {
        draft.set("deal_number", Value::Text(number));
    }
    Ok(results)
}

fn is_unnumbered(draft: &Draft) -> bool {
    draft.get("deal_number").is_none_or(Value::is_null)
}

/// Makes the lines and team of each draft those of its deal: what the draft does not name stays as it is.
///
/// # Errors
/// The database cannot be reached.
pub async fn write_links(tx: &TenantTx, rows: &[(Uuid, &Draft)]) -> ApiResult<()> {
    let with = |name: &'static str| rows.iter().filter(move |(_, draft)| draft.get(name).is_some());
    let mut rows = Vec::new();
    for (deal, draft) in with("products") {
        for (position, line) in products::in_draft(draft).unwrap_or_default().into_iter().enumerate() {
            rows.push(json!(lines::Row { deal_id: *deal, position, line }));
        }
    }
    let deals: Vec<Uuid> = with("products").map(|(id, _)| *id).collect();
    replace(tx, "deal_products", lines::INSERT, &deals, rows).await?;
    let mut members = Vec::new();
    for (deal, draft) in with("team_members") {
        let Some(Value::Ids(ids)) = draft.get("team_members") else { continue };
        members.extend(ids.iter().map(|user| json!({ "deal_id": deal, "user_id": user })));
    }
    let deals: Vec<Uuid> = with("team_members").map(|(id, _)| *id).collect();
    let insert = "INSERT INTO deal_members (org_id, deal_id, user_id) \
         SELECT $1, m.deal_id, m.user_id FROM jsonb_to_recordset($2) AS m (deal_id uuid, user_id uuid)";
    replace(tx, "deal_members", insert, &deals, members).await
}

async fn replace(tx: &TenantTx, table: &str, insert: &str, deals: &[Uuid], rows: Vec<Json>) -> ApiResult<()> {
    if deals.is_empty() {
        return Ok(());
    }
    let delete = format!("DELETE FROM {table} WHERE org_id = $1 AND deal_id = ANY($2)");
    let values = [tx.org_id().into(), crate::records::values::ids_array(deals)];
    tx.conn().execute_raw(statement(&delete, values)).await?;
    if rows.is_empty() {
        return Ok(());
    }
    tx.conn().execute_raw(statement(insert, [tx.org_id().into(), Json::Array(rows).into()])).await?;
    Ok(())
}
