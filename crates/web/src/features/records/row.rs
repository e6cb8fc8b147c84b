//! A record of any type, as the catalogue sees it: values by field name.

use crate::api::records::typed;
use crate::data::schema;
use domain::catalog::{Field, Kind, RecordRef, RecordType, Schema, member};
use domain::records::Record;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};
use uuid::Uuid;

/// A record whose type is known at run time only. Cheap to clone.
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
    json: Arc<Map<String, Json>>,
}

impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && (Arc::ptr_eq(&self.json, &other.json) || self.json == other.json)
    }
}

impl Row {
    /// The same record without its static type.
    pub fn of<R: Record>(record: &R) -> Self {
        let json = match serde_json::to_value(record) {
            Ok(Json::Object(map)) => map,
            // Records are plain structs, which always serialise to an object.
            _ => Map::new(),
        };
        Self {
            record: R::TYPE,
            id: record.id(),
            version: record.version(),
            title: record.title().to_owned(),
            json: Arc::new(json),
        }
    }

    /// A record as it stands in an answer; `None` where that lacks what every record has.
    pub fn from_json(record: RecordType, json: &Json) -> Option<Self> {
        let map = json.as_object()?.clone();
        let id = Uuid::try_parse(map.get("id")?.as_str()?).ok()?;
        let version = i32::try_from(map.get("version")?.as_i64()?).ok()?;
        let title = map.get(record.spec().title)?.as_str()?.to_owned();
        Some(Self { record, id, version, title, json: Arc::new(map) })
    }

    /// The record with its static type again.
    pub fn typed<R: Record>(&self) -> Option<R> {
        typed(&self.to_json())
    }

    /// As in an answer.
    pub fn to_json(&self) -> Json {
        Json::Object(Map::clone(&self.json))
    }

    /// Its type, as the organization has it.
    pub fn schema(&self) -> Schema {
        schema(self.record)
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

    /// The record that a field refers to. Answers carry its name beside its id.
    pub fn reference(&self, field: &Field) -> Option<RecordRef> {
        let id = self.id_in(field.name)?;
        Some(RecordRef { id, name: self.text(&name_beside(field)).unwrap_or_default().to_owned() })
    }

    /// The address of its page.
    pub fn href(&self) -> String {
        href(self.record, self.id)
    }
}

/// Name and address of the list of a record type.
pub fn list_page(record: RecordType) -> (&'static str, &'static str) {
    static PATHS: LazyLock<BTreeMap<RecordType, String>> =
        LazyLock::new(|| RecordType::ALL.iter().map(|record| (*record, format!("/{}", record.spec().table))).collect());
    (record.spec().label_plural, PATHS.get(&record).map_or("/", String::as_str))
}

/// The address of a record's page.
pub fn href(record: RecordType, id: Uuid) -> String {
    format!("/{}/{id}", record.spec().table)
}

/// The member of an answer that names what a reference points to: `company_id` is named by `company_name`.
pub fn name_beside(field: &Field) -> String {
    format!("{}_name", field.name.strip_suffix("_id").unwrap_or(field.name))
}

/// Whether the field's value is an id that answers name beside it.
pub const fn is_named(field: &Field) -> bool {
    matches!(field.kind, Kind::Record(_) | Kind::Stage)
}
