//! Values in the sentences of a timeline: labels instead of codes, names instead of ids.

use super::Change;
use super::describe::Story;
use crate::catalog::{Kind, Schemas};
use crate::written;
use chrono::DateTime;
use serde_json::Value as Json;
use std::collections::HashMap;
use uuid::Uuid;

/// The most characters of one value in a sentence.
const SHORT: usize = 80;

/// What stands behind the ids in events.
#[derive(Debug, Clone, Default)]
pub struct Lookup {
    /// Names of records, members, pipelines and stages.
    pub names: HashMap<Uuid, String>,
    /// Currencies of the records whose amounts changed.
    pub currencies: HashMap<Uuid, String>,
    /// The fields of the records.
    pub schemas: Schemas,
}

impl Lookup {
    /// The name of what an id stands for.
    pub fn name(&self, id: &Json) -> Option<String> {
        let id = Uuid::parse_str(id.as_str()?).ok()?;
        self.names.get(&id).map(|name| short(name))
    }
}

/// The ids that a change of a field of this kind needs names for.
pub fn ids_in(kind: Kind, change: &Change) -> Vec<Uuid> {
    match kind {
        Kind::Record(_) | Kind::User | Kind::Users | Kind::Pipeline | Kind::Stage => {
            [&change.old, &change.new].into_iter().flat_map(ids).collect()
        }
        _ => Vec::new(),
    }
}

fn ids(value: &Json) -> Vec<Uuid> {
    match value {
        Json::String(text) => Uuid::parse_str(text).ok().into_iter().collect(),
        Json::Array(items) => items.iter().flat_map(ids).collect(),
        _ => Vec::new(),
    }
}

/// Whether nothing is there.
pub(super) fn is_absent(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
        Json::Bool(_) | Json::Number(_) => false,
    }
}

/// A field's value in a sentence; `None` where there is none, or where it is too much for a sentence.
pub(super) fn value(story: &Story<'_>, field: &str, value: &Json, new: bool) -> Option<String> {
    if is_absent(value) {
        return None;
    }
    let Some(field) = story.field(field) else { return plain(value) };
    match field.kind {
        Kind::LongText | Kind::Address | Kind::Object | Kind::LineItems => None,
        Kind::Select(_) => Some(field.label_of(value.as_str()?).to_owned()),
        Kind::MultiSelect(_) => {
            let labels: Vec<_> = value.as_array()?.iter().filter_map(Json::as_str).map(|v| field.label_of(v)).collect();
            Some(short(&labels.join(", ")))
        }
        Kind::Money { .. } => Some(written::money(value.as_i64()?, currency(story, new).as_deref())),
        Kind::Date => Some(date(value.as_str()?)),
        Kind::DateTime => Some(instant(value.as_str()?)),
        Kind::Record(_) | Kind::User | Kind::Pipeline | Kind::Stage => story.lookup.name(value),
        Kind::Users => {
            let names: Vec<_> = value.as_array()?.iter().map(|id| story.lookup.name(id)).collect::<Option<_>>()?;
            Some(short(&names.join(", ")))
        }
        _ => plain(value),
    }
}

fn plain(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(short(text)),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        Json::Array(items) => {
            let texts: Vec<_> = items.iter().map(Json::as_str).collect::<Option<_>>()?;
            Some(short(&texts.join(", ")))
        }
        Json::Null | Json::Object(_) => None,
    }
}

/// The currency before or after the change; the record's where it did not change.
fn currency(story: &Story<'_>, new: bool) -> Option<String> {
    let changed = story.payload.changes.iter().find(|c| c.field == "currency");
    let changed = changed.and_then(|c| if new { c.new.as_str() } else { c.old.as_str() }).map(str::to_owned);
    changed.or_else(|| story.lookup.currencies.get(&story.entity_id?).cloned())
}

fn date(text: &str) -> String {
    text.parse().map_or_else(|_e| short(text), written::day)
}

fn instant(text: &str) -> String {
    DateTime::parse_from_rfc3339(text)
        .map_or_else(|_e| short(text), |at| format!("{} UTC", written::moment(at.naive_utc())))
}

/// One line of at most 80 characters.
pub(super) fn short(text: &str) -> String {
    let mut line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > SHORT {
        line = line.chars().take(SHORT - 1).collect();
        line.push('…');
    }
    line
}
