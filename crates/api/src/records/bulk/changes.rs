//! What a change did to the fields of a record, and taking it back.

use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use crate::records::Stored;
use domain::catalog::{Field, Kind, member};
use domain::deals::products;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// What a field held, and what it held afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Was {
    /// Before.
    pub old: Json,
    /// After.
    pub new: Json,
}

/// Fields by name.
pub type Changes = BTreeMap<String, Was>;

/// The writable fields that differ: also those that followed from the change.
///
/// # Errors
/// The record cannot be written as JSON.
pub fn between<R: Stored>(tx: &TenantTx, before: &R, after: &R) -> ApiResult<Changes> {
    let (before, after) = (members(before)?, members(after)?);
    let changed = tx.schema(R::TYPE).writable().filter_map(|field| {
        let (old, new) = (held(&before, field).clone(), held(&after, field).clone());
        (old != new).then(|| (field.name.to_owned(), Was { old, new }))
    });
    Ok(changed.collect())
}

/// Two changes of one record, one after the other, as one.
pub fn joined(mut first: Changes, second: Changes) -> Changes {
    for (name, was) in second {
        match first.get_mut(&name) {
            Some(known) => known.new = was.new,
            None => {
                first.insert(name, was);
            }
        }
    }
    first
}

/// Taking changes back.
#[derive(Debug, Default)]
pub struct Back {
    /// The input that gives fields back what they held.
    pub input: Map<String, Json>,
    /// Fields that hold something else meanwhile, and stay.
    pub kept: Vec<&'static Field>,
}

/// What takes changes back: each field that still holds what it was changed to.
///
/// # Errors
/// The record cannot be written as JSON.
pub fn back<R: Stored>(tx: &TenantTx, changes: &Changes, current: &R) -> ApiResult<Back> {
    let current = members(current)?;
    let mut back = Back::default();
    for (name, was) in changes {
        let Some(field) = tx.schema(R::TYPE).field(name) else { continue };
        match held(&current, field) {
            // Tags of other people come and go beside.
            now if matches!(field.kind, Kind::Tags) => {
                back.input.insert(name.clone(), tags_back(was, now));
            }
            now if is_same(field, now, &was.new) => {
                back.input.insert(name.clone(), was.old.clone());
            }
            now if is_same(field, now, &was.old) => {}
            _ => back.kept.push(field),
        }
    }
    Ok(back)
}

/// Lines are the same whatever members a line had when they were written down.
fn is_same(field: &Field, a: &Json, b: &Json) -> bool {
    match field.kind {
        Kind::LineItems => products::of(a) == products::of(b),
        _ => a == b,
    }
}

/// The tags held now, without those that the change has added, with those that it has taken off.
fn tags_back(was: &Was, held: &Json) -> Json {
    let list = |json: &Json| serde_json::from_value::<Vec<String>>(json.clone()).unwrap_or_default();
    let (old, new) = (list(&was.old), list(&was.new));
    let mut tags = list(held);
    tags.retain(|tag| old.contains(tag) || !new.contains(tag));
    tags.extend(old.into_iter().filter(|tag| !new.contains(tag)));
    tags.sort_unstable();
    tags.dedup();
    Json::from(tags)
}

fn members<R: Stored>(record: &R) -> ApiResult<Map<String, Json>> {
    match serde_json::to_value(record).map_err(ApiError::internal)? {
        Json::Object(members) => Ok(members),
        _ => Err(ApiError::internal(anyhow::anyhow!("a record is an object"))),
    }
}

fn held<'a>(members: &'a Map<String, Json>, field: &Field) -> &'a Json {
    member::get(members, field.name)
}
