//! Checked values as bound parameters.

use domain::catalog::{Field, Kind};
use domain::value::Value;
use sea_orm::Value as Sql;
use sea_orm::sea_query::ArrayType;

/// The value as a parameter of the field's column type; cleared values are typed nulls.
pub fn to_sql(field: &Field, value: &Value) -> Sql {
    match value {
        Value::Null => null(field),
        Value::Text(text) => text.as_str().into(),
        Value::Int(n) => (*n).into(),
        Value::Number(n) => (*n).into(),
        Value::Bool(b) => (*b).into(),
        Value::Date(d) => (*d).into(),
        Value::Instant(t) => (*t).into(),
        Value::Id(id) => (*id).into(),
        Value::Texts(texts) => texts_array(texts),
        Value::Ids(ids) => ids_array(ids),
        Value::Json(json) => json.clone().into(),
    }
}

/// A text array.
pub fn texts_array(texts: &[String]) -> Sql {
    Sql::Array(ArrayType::String, Some(Box::new(texts.iter().map(|t| t.as_str().into()).collect())))
}

/// A uuid array.
pub fn ids_array(ids: &[uuid::Uuid]) -> Sql {
    Sql::Array(ArrayType::Uuid, Some(Box::new(ids.iter().map(|id| (*id).into()).collect())))
}

/// The null of the field's column type: PostgreSQL does not take a text null for a date.
fn null(field: &Field) -> Sql {
    match field.kind {
        Kind::Text { .. }
        | Kind::LongText
        | Kind::Email
        | Kind::Phone
        | Kind::Url
        | Kind::Currency
        | Kind::Select(_)
        | Kind::TimeZone => None::<String>.into(),
        Kind::Number => None::<f64>.into(),
        Kind::Integer { .. } | Kind::Money { .. } => None::<i64>.into(),
        Kind::Date => None::<chrono::NaiveDate>.into(),
        Kind::DateTime => None::<chrono::DateTime<chrono::Utc>>.into(),
        Kind::Boolean => None::<bool>.into(),
        Kind::Record(_) | Kind::User | Kind::Pipeline | Kind::Stage => None::<uuid::Uuid>.into(),
        Kind::Tags | Kind::Names | Kind::MultiSelect(_) => texts_array(&[]),
        Kind::Users => ids_array(&[]),
        Kind::Address | Kind::Object | Kind::LineItems => None::<serde_json::Value>.into(),
    }
}
