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
use domain::import::plan::{ImportMode, Options};
use domain::tags;
use domain::value::Value;
use serde_json::Value as Json;
use std::collections::HashMap;
use uuid::Uuid;

/// Updates records by their rows.
///
/// # Errors
/// A rule or a constraint refuses a row.
pub(super) async fn apply<R: Importable>(
    tx: &TenantTx,
    options: &Options,
    updates: Vec<(Uuid, &mut Item)>,
    tally: &mut Tally,
) -> ApiResult<()> {
    let ids: Vec<Uuid> = updates.iter().map(|(id, _)| *id).collect();
    let mut records = bulk::load::<R>(tx, &ids, For::Update).await?;
    let mut drafts = Vec::with_capacity(updates.len());
    let mut numbers = HashMap::with_capacity(updates.len());
    for (id, item) in updates {
        let mut draft = match item.row.draft(tx.schema(R::TYPE), Mode::Update) {
            Ok(draft) => draft,
            Err(fields) => {
                item.refuse_fields(&fields);
                continue;
            }
        };
        let Some(current) = records.remove(&id) else {
            item.refuse("", "not_found", "The record of this row has just been deleted.");
            continue;
        };
        let before = serde_json::to_value(&current).map_err(ApiError::internal)?;
        keep_differences::<R>(tx, &mut draft, &before, options.mode);
        item.outcome = if draft.is_empty() { Outcome::Unchanged } else { Outcome::Updated };
        if item.outcome == Outcome::Updated {
            numbers.insert(id, item.number);
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

/// Takes out of the draft what the record has already and, where records are only filled up, what it has otherwise.
fn keep_differences<R: Importable>(tx: &TenantTx, draft: &mut Draft, before: &Json, mode: ImportMode) {
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
            Kind::LineItems => !same_lines(old, &value.to_json()),
            _ => write::differs(old, &write::displayed(tx, field, &value)),
        };
        let is_free = match mode {
            ImportMode::UpdateAndCreate => true,
            ImportMode::CreateNew => is_empty(old),
        };
        if !(differs && is_free) {
            draft.remove(name);
        }
    }
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
