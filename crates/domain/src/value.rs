//! A field's value, whatever its kind, after it was checked.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use num_traits::ToPrimitive;
use serde::Deserialize;
use serde_json::Value as Json;
use uuid::Uuid;

/// Tells null from absence when an input is read: a member that is there is `Some`, whatever its value.
///
/// # Errors
/// The value is of another type.
pub fn given<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(value: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(value).map(Some)
}

/// A checked value of a record field.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// The field is cleared.
    Null,
    /// Text, email, phone, URL, currency, select.
    Text(String),
    /// Integer or money in minor units.
    Int(i64),
    /// A number with decimals.
    Number(f64),
    /// Yes or no.
    Bool(bool),
    /// A day without time.
    Date(NaiveDate),
    /// An instant.
    Instant(DateTime<Utc>),
    /// A reference to another record or to a member.
    Id(Uuid),
    /// Tags, competitors: names in order, without doubles.
    Texts(Vec<String>),
    /// References to several members.
    Ids(Vec<Uuid>),
    /// Address, social profiles and other objects; line items.
    Json(Json),
}

impl Value {
    /// The value as it stands in API answers.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Text(text) => Json::from(text.as_str()),
            Self::Int(n) => Json::from(*n),
            Self::Number(n) => number(*n),
            Self::Bool(b) => Json::from(*b),
            Self::Date(d) => Json::from(d.to_string()),
            Self::Instant(t) => Json::from(t.to_rfc3339_opts(SecondsFormat::Micros, true)),
            Self::Id(id) => Json::from(id.to_string()),
            Self::Texts(texts) => Json::from(texts.clone()),
            Self::Ids(ids) => ids.iter().map(|id| Json::from(id.to_string())).collect(),
            Self::Json(json) => json.clone(),
        }
    }

    /// Whether the field is cleared.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text of a text value.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The number of an integer or money value.
    pub fn as_int(&self) -> Option<i64> {
        if let Self::Int(n) = self { Some(*n) } else { None }
    }

    /// The id of a reference.
    pub fn as_id(&self) -> Option<Uuid> {
        if let Self::Id(id) = self { Some(*id) } else { None }
    }

    /// The day of a date value.
    pub fn as_date(&self) -> Option<NaiveDate> {
        if let Self::Date(date) = self { Some(*date) } else { None }
    }
}

/// A number as JSON has it: whole ones without a point, so that it compares equal to what comes back from a database.
fn number(n: f64) -> Json {
    match n.to_i64().filter(|_| n.fract() == 0.0) {
        Some(whole) => Json::from(whole),
        None => Json::from(n),
    }
}
