//! Rows whose record exists: only what differs is written, through the same rules as any other change.

use super::item::{Importable, Item, Outcome};
use super::tally::Tally;
use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use crate::records::bulk::{self, Updated, changes};
use crate::records::read::For;
use crate::records::write;
use domain::catalog::Kind;
use domain::draft::{Draft, Mode};
use domain::import::plan::ImportMode;
use domain::tags;
use domain::value::Value;
use serde_json::Value as Json;
use std::collections::HashMap;
use uuid::Uuid;

/// The records of rows, locked for the change, each with its row, which is fitted to it.
///
/// # Errors
/// The database cannot be reached.
pub(super) async fn load<'i, R: Importable>(
    tx: &TenantTx,
    mode: ImportMode,
    found: Vec<(Uuid, &'i mut Item)>,
) -> ApiResult<Vec<(R, &'i mut Item)>> {
    let ids: Vec<Uuid> = found.iter().map(|(id, _)| *id).collect();
    let mut records = bulk::load::<R>(tx, &ids, For::Update).await?;
    let mut updates = Vec::with_capacity(found.len());
    for (id, item) in found {
        let Some(current) = records.remove(&id) else {
            item.refuse("", "not_found", "The record of this row has just been deleted.");
            continue;
        };
        R::fit(&mut item.row, &current, mode);
        updates.push((current, item));
    }
    Ok(updates)
}

/// Updates records by their rows.
///
/// # Errors
/// A rule or a constraint refuses a row.
pub(super) async fn apply<R: Importable>(
    tx: &TenantTx,
    mode: ImportMode,
    updates: Vec<(R, &mut Item)>,
    tally: &mut Tally,
) -> ApiResult<()> {
    let mut drafts = Vec::with_capacity(updates.len());
    let mut numbers = HashMap::with_capacity(updates.len());
    for (current, item) in updates {
        let mut draft = match item.row.draft(tx.schema(R::TYPE), Mode::Update) {
            Ok(draft) => draft,
            Err(fields) => {
                item.refuse_fields(&fields);
                continue;
            }
        };
        let before = serde_json::to_value(&current).map_err(ApiError::internal)?;
        keep_differences::<R>(tx, item, &mut draft, &before, mode);
        item.outcome = if draft.is_empty() { Outcome::Unchanged } else { Outcome::Updated };
        if item.outcome == Outcome::Updated {
            numbers.insert(current.id(), item.number);
            drafts.push((current, draft));
        }
    }
    for Updated { before, after } in bulk::update::<R>(tx, drafts).await? {
        let (id, changes) = (after.id(), changes::between(tx, &before, &after)?);
        let number = numbers.get(&id).copied().unwrap_or_default();
        tally.changed(R::TYPE, id, number, after.version(), changes);
    }
    Ok(())
}

/// Takes out of the draft what the record has already and, where records are only filled up, what it has otherwise, and
/// amounts that are in another currency than its own, which stays.
fn keep_differences<R: Importable>(tx: &TenantTx, item: &mut Item, draft: &mut Draft, before: &Json, mode: ImportMode) {
    let foreign = match mode {
        ImportMode::UpdateAndCreate => None,
        ImportMode::CreateNew => other_currency(draft, before),
    };
    let names: Vec<&'static str> = draft.values().map(|(field, _)| field.name).collect();
    for name in names {
        let Some(field) = tx.schema(R::TYPE).field(name) else { continue };
        let Some(value) = draft.get(name).cloned() else { continue };
        let old = field.of(before);
        let differs = match field.kind {
            // Tags of the file join those of the record.
            Kind::Tags => {
                let joined = union(old, &value);
                draft.set(name, joined.clone());
                write::differs(old, &joined)
            }
            // The row names some parts; the others stay.
            Kind::Address => {
                let whole = laid_over(old, &value);
                draft.set(name, whole.clone());
                write::differs(old, &whole)
            }
            Kind::LineItems => !same_lines(old, &value.to_json()),
            _ => write::differs(old, &write::displayed(tx, field, &value)),
        };
        let is_free = match mode {
            ImportMode::UpdateAndCreate => true,
            ImportMode::CreateNew => is_empty(old),
        };
        let why = foreign.as_ref().filter(|_| matches!(field.kind, Kind::Money { .. } | Kind::LineItems));
        if let (true, Some(why)) = (differs && is_free, why) {
            item.warn(name, "other_currency", format!("{} is left out: {why}", field.label));
            item.told = true;
        }
        if !(differs && is_free) || why.is_some() {
            draft.remove(name);
        }
    }
}

/// That the amounts of a draft are in another currency than those of the record, in words; `None` where they are not.
fn other_currency(draft: &Draft, before: &Json) -> Option<String> {
    let (file, own) = (draft.get("currency")?.as_text()?, before.get("currency")?.as_str()?);
    (file != own).then(|| format!("the file's amounts are in {file}, those of this record in {own}."))
}

/// An address with the parts of another one in place of its own.
fn laid_over(old: &Json, new: &Value) -> Value {
    let mut parts = old.as_object().cloned().unwrap_or_default();
    if let Value::Json(Json::Object(more)) = new {
        parts.extend(more.clone());
    }
    if parts.is_empty() { Value::Null } else { Value::Json(Json::Object(parts)) }
}

fn union(old: &Json, new: &Value) -> Value {
    let mut names: Vec<String> = serde_json::from_value(old.clone()).unwrap_or_default();
    if let Value::Texts(more) = new {
        for name in more {
            if !names.iter().any(|known| tags::norm(known) == tags::norm(name)) {
                names.push(name.clone());
            }
        }
    }
    Value::Texts(names)
}

/// Whether two lists of product lines say the same, whatever their ids.
fn same_lines(a: &Json, b: &Json) -> bool {
    let bare = |lines: &Json| -> Vec<Vec<Json>> {
        let lines = lines.as_array().cloned().unwrap_or_default();
        let part = |line: &Json, name: &str| line.get(name).cloned().unwrap_or_default();
        lines.iter().map(|line| ["name", "quantity", "price_minor"].map(|n| part(line, n)).to_vec()).collect()
    };
    bare(a) == bare(b)
}

fn is_empty(json: &Json) -> bool {
    match json {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
        _ => false,
    }
}
