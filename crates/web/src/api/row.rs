//! A record of any type, as answers carry it: values by field name.

use super::records::Fields;
use domain::catalog::{Field, Kind, RecordRef, RecordType, Uses, member};
use domain::deals::Deal;
use domain::records::Whose;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use std::borrow::Cow;
use std::sync::Arc;
use uuid::Uuid;

/// A record. Its type is a value, so that what is done with records is compiled once. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its type.
    pub record: RecordType,
    /// Its id.
    pub id: Uuid,
    /// Number of the present version.
    pub version: i32,
    /// What people call it.
    pub title: String,
    json: Arc<Fields>,
}

impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && (Arc::ptr_eq(&self.json, &other.json) || self.json == other.json)
    }
}

impl Row {
    /// A record as it stands in an answer; `None` where that lacks what every record has.
    pub fn from_json(record: RecordType, json: Json) -> Option<Self> {
        let Json::Object(map) = json else { return None };
        let id = Uuid::try_parse(map.get("id")?.as_str()?).ok()?;
        let version = i32::try_from(map.get("version")?.as_i64()?).ok()?;
        let title = map.get(record.spec().title)?.as_str()?.to_owned();
        Some(Self { record, id, version, title, json: Arc::new(map) })
    }

    /// A card of the board.
    pub fn of_deal(deal: &Deal) -> Option<Self> {
        Self::from_json(RecordType::Deal, serde_json::to_value(deal).ok()?)
    }

    /// The record as its typed struct, which is read anew each time.
    pub fn typed<T: DeserializeOwned>(&self) -> Option<T> {
        // By way of text, as in `records::typed`.
        serde_json::from_str(&serde_json::to_string(&*self.json).ok()?).ok()
    }

    /// As in an answer.
    pub fn to_json(&self) -> Json {
        Json::Object(Fields::clone(&self.json))
    }

    /// The value of a field; null where it has none.
    pub fn get(&self, name: &str) -> &Json {
        member::get(&self.json, name)
    }

    /// The text of a field.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).as_str().filter(|text| !text.is_empty())
    }

    /// The id in a field.
    pub fn id_in(&self, name: &str) -> Option<Uuid> {
        self.text(name).and_then(|text| Uuid::try_parse(text).ok())
    }

    /// When it was archived, if it was.
    pub fn archived_at(&self) -> Option<&str> {
        self.text("deleted_at")
    }

    /// The currency of its amounts.
    pub fn currency(&self) -> &str {
        self.text("currency").unwrap_or("USD")
    }

    /// Whose it is.
    pub fn whose(&self) -> Whose<'_> {
        let team = self.record.team().and_then(|name| self.get(name).as_array()).into_iter().flatten();
        let team = team.filter_map(|id| Uuid::try_parse(id.as_str()?).ok()).collect();
        Whose { owner: self.id_in("owner_id"), creator: self.id_in("created_by"), team: Cow::Owned(team) }
    }

    /// The record that a field refers to. Answers carry its name beside its id.
    pub fn reference(&self, field: &Field) -> Option<RecordRef> {
        let id = self.id_in(field.name)?;
        Some(RecordRef { id, name: self.text(&name_beside(field)).unwrap_or_default().to_owned() })
    }

    /// Sets members by their names; tells whether that changed anything. Where a field that is never empty is cleared
    /// it stays as it is: the server says what it holds then.
    pub fn set(&mut self, members: &Fields) -> bool {
        let spec = self.record.spec();
        let filled = |name: &str| spec.standard.iter().any(|field| field.name == name && field.uses.has(Uses::FILLED));
        let changes = |(name, value): &(&String, &Json)| self.get(name) != *value && !(value.is_null() && filled(name));
        let mut changed = members.iter().filter(changes).peekable();
        if changed.peek().is_none() {
            return false;
        }
        let mut json = Fields::clone(&self.json);
        changed.for_each(|(name, value)| member::set(&mut json, name, value.clone()));
        if let Some(title) = json.get(spec.title).and_then(Json::as_str) {
            title.clone_into(&mut self.title);
        }
        self.json = Arc::new(json);
        true
    }
}

/// The member of an answer that names what a reference points to: `company_id` is named by `company_name`.
pub fn name_beside(field: &Field) -> String {
    format!("{}_name", field.name.strip_suffix("_id").unwrap_or(field.name))
}

/// Whether the field's value is an id that answers name beside it.
pub const fn is_named(field: &Field) -> bool {
    matches!(field.kind, Kind::Record(_) | Kind::Stage)
}
