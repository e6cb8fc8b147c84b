//! Holding a filter against the fields of its records.

use super::{Checked, MAX_CONDITIONS, MAX_DEPTH, MAX_VALUES, Op, Operand, Related, Subject, Test, Within};
use crate::catalog::{Field, Kind, Relation, Schema};
use crate::draft;
use crate::error::{FieldError, code};
use crate::value::Value;
use serde_json::Value as Json;

/// Checks a filter against the record type's fields; problems carry JSON pointers into the filter.
pub fn check(schema: Schema, filter: &Json) -> Result<Checked, Vec<FieldError>> {
    let mut walk = Walk { schema, conditions: 0, errors: Vec::new() };
    let checked = walk.group(filter, "", 1);
    match checked {
        Some(checked) if walk.errors.is_empty() => Ok(checked),
        _ => Err(walk.errors),
    }
}

struct Walk {
    schema: Schema,
    conditions: usize,
    errors: Vec<FieldError>,
}

impl Walk {
    fn fail<T>(&mut self, path: &str, code: &str, message: String) -> Option<T> {
        self.errors.push(FieldError { path: path.to_owned(), code: code.to_owned(), message });
        None
    }

    fn group(&mut self, json: &Json, path: &str, depth: usize) -> Option<Checked> {
        if depth > MAX_DEPTH {
            return self.fail(path, "too_deep", format!("Filters can be nested at most {MAX_DEPTH} deep."));
        }
        let Some(object) = json.as_object() else {
            return self.fail(path, "filter", "A filter is an object with and, or, or field, op and value.".into());
        };
        for key in ["and", "or"] {
            let Some(parts) = object.get(key) else { continue };
            if object.len() != 1 {
                return self.fail(path, "filter", format!("A group has only the member {key}."));
            }
            let Some(parts) = parts.as_array() else {
                return self.fail(&format!("{path}/{key}"), "list", format!("{key} must be a list of filters."));
            };
            let mut checked = Vec::with_capacity(parts.len().min(MAX_CONDITIONS));
            for (at, part) in parts.iter().enumerate() {
                checked.extend(self.group(part, &format!("{path}/{key}/{at}"), depth + 1));
                if self.conditions > MAX_CONDITIONS {
                    return None;
                }
            }
            return Some(if key == "and" { Checked::And(checked) } else { Checked::Or(checked) });
        }
        self.condition(object, path, depth)
    }

    fn condition(&mut self, object: &serde_json::Map<String, Json>, path: &str, depth: usize) -> Option<Checked> {
        self.conditions += 1;
        if self.conditions > MAX_CONDITIONS {
            let message = format!("A filter can have at most {MAX_CONDITIONS} conditions.");
            return self.fail(path, "too_many", message);
        }
        if let Some(extra) = object.keys().find(|k| !["field", "op", "value"].contains(&k.as_str())) {
            let extra: String = extra.chars().take(60).collect();
            return self.fail(path, "unknown_field", format!("A condition has no member called {extra}."));
        }
        let name = object.get("field").and_then(Json::as_str).unwrap_or_default();
        let field = match Subject::of(self.schema, name) {
            Some(Subject::Own(field)) => field,
            Some(Subject::Along(relation, field)) => return self.along(relation, field, object, path, depth),
            Some(Subject::Many(relation)) => return self.many(relation, object, path, depth),
            None => {
                let shown: String = name.chars().take(60).collect();
                return self.fail(
                    &format!("{path}/field"),
                    "unknown_field",
                    format!("{} cannot be filtered by {shown:?}.", self.schema.label_plural),
                );
            }
        };
        let Some(op) =
            object.get("op").and_then(Json::as_str).and_then(Op::parse).filter(|op| field.kind.ops().contains(op))
        else {
            let ops: Vec<_> = field.kind.ops().iter().map(|op| op.as_str()).collect();
            return self.fail(
                &format!("{path}/op"),
                "op",
                format!("{} can be compared with {}.", field.label, ops.join(", ")),
            );
        };
        let value = object.get("value").unwrap_or(&Json::Null);
        match operand(field, op, value) {
            Ok(operand) => Some(Checked::Test(Test { field, operand })),
            Err((code, message)) => self.fail(&format!("{path}/value"), &code, message),
        }
    }
}

/// Filters along relations.
impl Walk {
    /// Any number of records: there is one that passes, or none.
    fn many(
        &mut self,
        relation: &'static Relation,
        object: &serde_json::Map<String, Json>,
        path: &str,
        depth: usize,
    ) -> Option<Checked> {
        let none = match object.get("op").and_then(Json::as_str).and_then(Op::parse) {
            Some(Op::HasAny) => false,
            Some(Op::HasNone) => true,
            _ => {
                let message = format!("{} can be compared with any, none.", relation.label);
                return self.fail(&format!("{path}/op"), "op", message);
            }
        };
        let filter = match object.get("value") {
            None | Some(Json::Null) => Checked::ALL,
            Some(json) => self.of(relation, |walk| walk.group(json, &format!("{path}/value"), depth + 1))?,
        };
        Some(Checked::Related(Related { relation, none, filter: Box::new(filter) }))
    }

    /// The field of one record. What is not so, is also not so where there is no such record.
    fn along(
        &mut self,
        relation: &'static Relation,
        field: &'static Field,
        object: &serde_json::Map<String, Json>,
        path: &str,
        depth: usize,
    ) -> Option<Checked> {
        if depth >= MAX_DEPTH {
            return self.fail(path, "too_deep", format!("Filters can be nested at most {MAX_DEPTH} deep."));
        }
        let mut inner = object.clone();
        inner.insert("field".to_owned(), Json::from(field.name));
        // It counts as the one condition that it is.
        self.conditions -= 1;
        let mut checked = self.of(relation, |walk| walk.condition(&inner, path, depth + 1))?;
        let none = if let Checked::Test(test) = &mut checked { test.turn() } else { false };
        Some(Checked::Related(Related { relation, none, filter: Box::new(checked) }))
    }

    fn of<T>(&mut self, relation: &Relation, check: impl FnOnce(&mut Self) -> T) -> T {
        let here = self.schema;
        self.schema = here.related(relation.record);
        let checked = check(self);
        self.schema = here;
        checked
    }
}

impl Test {
    /// Turns a comparison that also holds for nothing into its opposite, and says whether it was one.
    fn turn(&mut self) -> bool {
        let null = |values: &[Value]| values.iter().any(Value::is_null);
        let turned = match &self.operand {
            Operand::Empty | Operand::Eq(Value::Null) => Operand::NotEmpty,
            Operand::Ne(value) if !value.is_null() => Operand::Eq(value.clone()),
            Operand::Nin(values) if !null(values) => Operand::In(values.clone()),
            Operand::In(values) if null(values) => Operand::Nin(values.clone()),
            _ => return false,
        };
        self.operand = turned;
        true
    }
}

/// Code and sentence of what is wrong with a condition's value.
type Refusal = (String, String);

fn refuse<T>(code: &str, message: String) -> Result<T, Refusal> {
    Err((code.to_owned(), message))
}

/// Gives a condition's value its type.
fn operand(field: &'static Field, op: Op, json: &Json) -> Result<Operand, Refusal> {
    let one = |json: &Json| scalar(field, json);
    let some = |json: &Json| match scalar(field, json)? {
        Value::Null => refuse("required", format!("{} needs a value to compare with.", field.label)),
        value => Ok(value),
    };
    let text = |json: &Json| match json.as_str().map(str::trim) {
        Some(text) if !text.is_empty() && text.chars().count() <= 255 && !text.contains('\0') => Ok(text.to_owned()),
        _ => refuse("text", "This comparison needs a text of 1 to 255 characters.".to_owned()),
    };
    Ok(match op {
        Op::Eq => Operand::Eq(one(json)?),
        Op::Ne => Operand::Ne(one(json)?),
        Op::In => Operand::In(many(json, one)?),
        Op::Nin => Operand::Nin(many(json, one)?),
        Op::Lt => Operand::Lt(some(json)?),
        Op::Lte => Operand::Lte(some(json)?),
        Op::Gt => Operand::Gt(some(json)?),
        Op::Gte => Operand::Gte(some(json)?),
        Op::Between => match json.as_array().map(Vec::as_slice) {
            Some([low, high]) => Operand::Between(some(low)?, some(high)?),
            _ => return refuse("list", "between needs a list of two values.".to_owned()),
        },
        Op::Contains => Operand::Contains(text(json)?),
        Op::StartsWith => Operand::StartsWith(text(json)?),
        Op::Empty => Operand::Empty,
        Op::NotEmpty => Operand::NotEmpty,
        Op::Within => Operand::Within(Within::parse(json).or_else(|message| refuse("within", message))?),
        // No field has these: they compare with records that a relation leads to.
        Op::HasAny | Op::HasNone => return refuse("op", format!("{} leads to no other records.", field.label)),
    })
}

fn many(json: &Json, one: impl Fn(&Json) -> Result<Value, Refusal>) -> Result<Vec<Value>, Refusal> {
    match json.as_array() {
        Some(items) if items.len() <= MAX_VALUES => items.iter().map(one).collect(),
        _ => refuse("list", format!("This comparison needs a list of at most {MAX_VALUES} values.")),
    }
}

/// One value of the field's kind. Lists (tags, members) compare with one of their entries; texts are taken as they
/// are, because a filter for half an email address is not a mistake.
fn scalar(field: &'static Field, json: &Json) -> Result<Value, Refusal> {
    let first = |errors: Vec<FieldError>| errors.into_iter().next().map(|e| (e.code, e.message)).unwrap_or_default();
    match field.kind {
        Kind::Text { .. } | Kind::Email | Kind::Phone | Kind::Url | Kind::TimeZone => match json {
            Json::Null => Ok(Value::Null),
            Json::String(text) if text.chars().count() <= 500 && !text.contains('\0') => {
                Ok(Value::Text(text.trim().to_owned()))
            }
            _ => refuse("text", format!("{} is compared with text.", field.label)),
        },
        Kind::Tags | Kind::Users | Kind::MultiSelect(_) => {
            match draft::check(field, &Json::Array(vec![json.clone()])).map_err(first)? {
                Value::Texts(names) => Ok(names.into_iter().next().map_or(Value::Null, Value::Text)),
                Value::Ids(ids) => Ok(ids.into_iter().next().map_or(Value::Null, Value::Id)),
                _ => Ok(Value::Null),
            }
        }
        Kind::DateTime => instant_or_day(field, json),
        _ => draft::check(field, json).map_err(first),
    }
}

/// Instants may be compared with a whole day: `2026-11-21`.
fn instant_or_day(field: &'static Field, json: &Json) -> Result<Value, Refusal> {
    let day = json.as_str().and_then(|t| chrono::NaiveDate::parse_from_str(t.trim(), "%Y-%m-%d").ok());
    match (day, draft::check(field, json)) {
        (Some(day), _) => Ok(Value::Date(day)),
        (None, Ok(value)) => Ok(value),
        (None, Err(_)) => refuse(code::DATE, format!("{} is compared with a date or a date and time.", field.label)),
    }
}
