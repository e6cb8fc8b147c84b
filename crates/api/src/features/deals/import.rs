//! Deals: found by number; stage, probability and place in the column follow from the pipeline.

use super::bulk as deals;
use super::figures;
use super::happenings::verb_of;
use super::rules::Rules;
use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use crate::features::companies::import as companies;
use crate::features::contacts::import as contacts;
use crate::features::import::run::Import;
use crate::features::import::run::item::{Existing, Importable, Item};
use crate::features::import::run::matching::{distinct, find};
use crate::features::import::run::tally::Tally;
use crate::records::bulk::{Bulk, New};
use domain::catalog::RecordType;
use domain::deals::{Deal, DealStatus};
use domain::draft::Draft;
use domain::events::NewEvent;
use domain::import::plan::ImportMode;
use domain::import::row::Key;
use domain::import::{NO_CLOSE_DATE, Row};
use domain::value::Value;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

/// Archived deals keep their number.
const BY_NUMBER: &str = "SELECT deal_number, id, name, NULL::text, deleted_at IS NOT NULL FROM deals \
     WHERE org_id = $1 AND deal_number = ANY($2)";

impl Bulk for Deal {
    async fn prepare_new(tx: &TenantTx, rows: &mut [New]) -> ApiResult<()> {
        let rules = Rules::load(tx).await?;
        let mut drafts: Vec<Draft> = rows.iter().map(|row| row.draft.clone()).collect();
        let results = deals::prepare(tx, &rules, &mut drafts).await?;
        results.into_iter().collect::<Result<(), _>>().map_err(ApiError::invalid)?;
        for (row, draft) in rows.iter_mut().zip(drafts) {
            row.draft = draft;
        }
        Ok(())
    }

    async fn link_new(tx: &TenantTx, rows: &[New]) -> ApiResult<()> {
        let rows: Vec<(Uuid, &Draft)> = rows.iter().map(|row| (row.id, &row.draft)).collect();
        deals::write_links(tx, &rows).await
    }

    /// A deal that comes in closed has been won, lost or abandoned, as one that is made so by hand.
    fn events_new(row: &New, title: &str) -> Vec<NewEvent> {
        let status = row.draft.get("status").and_then(Value::as_text).and_then(DealStatus::parse);
        let Some(status) = status.filter(|status| *status != DealStatus::Open) else { return Vec::new() };
        let members = ["amount_minor", "currency", "closed_date", "won_reason", "lost_reason"].into_iter();
        let given = members.filter_map(|name| Some((name.to_owned(), row.draft.get(name)?.to_json())));
        let details: Map<String, Json> = given.filter(|(_, value)| !value.is_null()).collect();
        let event = NewEvent::record(RecordType::Deal, verb_of(status), row.id, title).version(1);
        let linked = row.related.iter().fold(event, |event, (record, id, name)| event.related(*record, *id, name));
        vec![linked.details(Json::Object(details))]
    }
}

impl Importable for Deal {
    async fn existing(tx: &TenantTx, _import: &Import<'_>, rows: &[&Row]) -> ApiResult<Vec<Option<Existing>>> {
        let number = |row: &Row| match row.keys(RecordType::Deal).into_iter().next() {
            Some(Key::Number(number)) => Some(number),
            _ => None,
        };
        let numbers: Vec<Option<String>> = rows.iter().map(|row| number(row)).collect();
        let found = find(tx, BY_NUMBER, distinct(numbers.iter().flatten().cloned())).await?;
        let hit = |n: &Option<String>| n.as_ref().and_then(|n| found.get(n));
        Ok(numbers.iter().map(|n| hit(n).map(|h| Existing { id: h.id, archived: h.archived })).collect())
    }

    fn fit(row: &mut Row, current: &Self, mode: ImportMode) {
        companies::keep_link(row, current.company_id, mode);
        if let Some(line) = &row.line {
            let amount = row.input.get("amount_minor").and_then(Json::as_i64);
            row.input.insert("products".to_owned(), json!(line.over(&current.products, amount)));
            figures::amount_from_lines(&mut row.input, Some(current));
        }
        fit_closing(row, current, mode);
    }

    async fn link(tx: &TenantTx, import: &Import<'_>, items: &mut [&mut Item], tally: &mut Tally) -> ApiResult<()> {
        companies::link(tx, import, items, tally).await?;
        let texts = items.iter().filter_map(|item| item.row.contact.clone()).collect();
        let known = contacts::named(tx, texts).await?;
        for item in items.iter_mut() {
            let Some(text) = item.row.contact.clone() else { continue };
            let key = if text.contains('@') { text.to_lowercase() } else { text.clone() };
            match known.get(&key) {
                Some(hit) => item.link("primary_contact_id", RecordType::Contact, hit.id, &hit.name),
                None => {
                    let message = format!(
                        "There is no contact “{}”; the link is left out.",
                        domain::import::value::shorten(&text)
                    );
                    item.warn("primary_contact_id", "unknown_contact", message);
                }
            }
        }
        // The stages of the file belong to the pipeline that was chosen for it.
        if let Some(pipeline) = import.context.pipeline_id {
            for item in items.iter_mut().filter(|item| item.row.input.contains_key("stage_id")) {
                item.row.input.insert("pipeline_id".to_owned(), json!(pipeline));
            }
            for item in items {
                item.row.defaults.insert("pipeline_id".to_owned(), json!(pipeline));
            }
        }
        Ok(())
    }
}

/// DEAL-04: a deal has a closing date from the row that ends it, and keeps it; one that is only filled up keeps its stage
/// and its status, and with them its date or the lack of one.
fn fit_closing(row: &mut Row, current: &Deal, mode: ImportMode) {
    let status = row.input.get("status").and_then(Json::as_str).and_then(DealStatus::parse);
    let ends = status.is_some_and(|status| status != DealStatus::Open && status != current.status);
    match row.defaults.get("closed_date").cloned() {
        Some(date) if ends && mode == ImportMode::UpdateAndCreate => {
            row.input.entry("closed_date").or_insert(date);
        }
        _ => row.warnings.retain(|note| note.code != NO_CLOSE_DATE),
    }
    if mode == ImportMode::CreateNew && current.stage_id.is_some() {
        row.input.remove("closed_date");
    }
}
