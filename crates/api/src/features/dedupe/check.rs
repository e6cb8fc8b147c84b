//! Possible duplicates of a record that is being typed: met under the same keys as by the search, and told by the same
//! score.

use super::compared::{Compared, see};
use super::scan::{self, is_worth_a_look};
use super::store;
use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::records::phone;
use domain::catalog::{Kind, RecordType};
use domain::companies::Company;
use domain::contacts::Contact;
use domain::dedupe::{CheckInput, Checked, Likeness, Lookalike, Profile, TOLD, compare, keys};
use sea_orm::ConnectionTrait;
use serde_json::{Map, Value as Json};
use std::collections::HashMap;
use uuid::Uuid;

/// The most records that are compared: those that share most, and rarest, keys with the draft.
const COMPARED: i64 = 100;

/// Compares a draft with the records there are.
///
/// # Errors
/// 403; 422 for records that are not compared, and for fields that they do not have.
pub async fn check(tx: &TenantTx, input: &CheckInput) -> ApiResult<Checked> {
    scan::check(input.record)?;
    let permissions = input.record.permissions();
    tx.require(permissions.view)?;
    tx.require(permissions.create)?;
    let errors = input.check(tx.schema(input.record));
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    // Keys follow single changes at once, and what came otherwise with the search: once a day where people type.
    if store::is_due(tx, input.record).await? {
        scan::begin(tx, input.record).await?;
    }
    let company = company_of(tx, &input.fields).await?;
    let Some(draft) = Profile::of_draft(input.record, &written(tx, input), &company) else {
        return Ok(Checked::default());
    };
    match input.record {
        RecordType::Company => like::<Company>(tx, &draft).await,
        _ => like::<Contact>(tx, &draft).await,
    }
}

async fn like<R: Compared>(tx: &TenantTx, draft: &Profile) -> ApiResult<Checked> {
    let keys = keys(draft);
    if keys.is_empty() {
        return Ok(Checked::default());
    }
    let met: HashMap<Uuid, bool> = store::under(tx, R::TYPE, &keys, COMPARED).await?.into_iter().collect();
    let ids: Vec<Uuid> = met.keys().copied().collect();
    let mut candidates = Vec::new();
    see::<R>(tx, &ids, |seen| {
        let alone = met.get(&seen.id).copied().unwrap_or(false);
        let likeness = compare(draft, &seen.profile).filter(|likeness| is_worth_a_look(likeness, alone));
        candidates.extend(likeness.map(|Likeness { score, reasons }| Lookalike {
            id: seen.id,
            title: seen.title,
            subtitle: seen.beside,
            score,
            reasons,
        }));
    })
    .await?;
    candidates.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.title.cmp(&b.title)).then(a.id.cmp(&b.id)));
    candidates.truncate(TOLD);
    Ok(Checked { candidates })
}

/// The fields with phone numbers as records have them, with the organization's country code.
fn written(tx: &TenantTx, input: &CheckInput) -> Map<String, Json> {
    let mut fields = input.fields.clone();
    for field in tx.schema(input.record).standard.iter().filter(|field| matches!(field.kind, Kind::Phone)) {
        if let Some(value) = fields.get_mut(field.name)
            && let Some(phone) = value.as_str().and_then(|text| phone::parse(text, &tx.settings().phone_region))
        {
            *value = Json::from(phone.display);
        }
    }
    fields
}

/// The name of the company that a draft refers to; empty where it refers to none.
async fn company_of(tx: &TenantTx, fields: &Map<String, Json>) -> ApiResult<String> {
    let Some(id) = fields.get("company_id").and_then(Json::as_str).and_then(|id| id.parse::<Uuid>().ok()) else {
        return Ok(String::new());
    };
    let sql = "SELECT name FROM companies WHERE org_id = $1 AND id = $2";
    let row = tx.conn().query_one_raw(statement(sql, [tx.org_id().into(), id.into()])).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default())
}
