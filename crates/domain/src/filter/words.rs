//! Filters as people read them: `Industry is any of Retail, Fishing and Amount is at least 1,000.00 USD`.

use super::{Condition, Filter, Op, Span, Subject, Unit, Within};
use crate::catalog::{Field, Kind, Schema};
use crate::written;
use chrono::DateTime;
use serde_json::Value as Json;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The most values of a list that are named.
const NAMED: usize = 8;

impl Op {
    /// The operator in words that fit the kind.
    pub const fn words(self, kind: Kind) -> &'static str {
        match (kind, self) {
            (Kind::Date | Kind::DateTime, Self::Gte) => "is on or after",
            (Kind::Date | Kind::DateTime, Self::Lte) => "is on or before",
            (Kind::Date | Kind::DateTime, Self::Gt) => "is after",
            (Kind::Date | Kind::DateTime, Self::Lt) => "is before",
            (Kind::Date | Kind::DateTime, Self::Within) => "is",
            _ => self.label(),
        }
    }
}

impl Within {
    /// `today`, `last month`, `in the next 7 days`.
    pub fn words(self) -> String {
        let counted = |n: u32| match n {
            1 => self.unit.as_str().to_owned(),
            _ => format!("{n} {}", self.unit.label()),
        };
        match (self.span, self.unit) {
            (Span::This, Unit::Day) => "today".to_owned(),
            (Span::Previous, Unit::Day) => "yesterday".to_owned(),
            (Span::Following, Unit::Day) => "tomorrow".to_owned(),
            (Span::Last(n), _) => format!("in the last {}", counted(n)),
            (Span::Next(n), _) => format!("in the next {}", counted(n)),
            (Span::Previous, unit) => format!("last {unit}"),
            (Span::This, unit) => format!("this {unit}"),
            (Span::Following, unit) => format!("next {unit}"),
        }
    }
}

/// What filters in words need to know.
#[derive(Clone, Copy, Debug)]
pub struct Naming<'a> {
    /// Names of members, records, pipelines and stages.
    pub names: &'a HashMap<Uuid, String>,
    /// The currency that amounts are compared in.
    pub currency: &'a str,
}

impl Filter {
    /// The ids in its values, which [`Naming`] should have names for.
    pub fn ids(&self) -> BTreeSet<Uuid> {
        match self {
            Self::And { and: parts } | Self::Or { or: parts } => parts.iter().flat_map(Self::ids).collect(),
            Self::Condition(Condition { op: Op::HasAny | Op::HasNone, value, .. }) => {
                serde_json::from_value(value.clone()).map(|inner: Self| inner.ids()).unwrap_or_default()
            }
            Self::Condition(Condition { value, .. }) => {
                let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
                values.iter().filter_map(|json| Uuid::try_parse(json.as_str()?).ok()).collect()
            }
        }
    }

    /// In words; empty where it lets everything through.
    pub fn words(&self, schema: Schema, naming: Naming<'_>) -> String {
        match self {
            Self::And { and: parts } => joined(parts, " and ", schema, naming),
            Self::Or { or: parts } => joined(parts, " or ", schema, naming),
            Self::Condition(condition) => condition_words(condition, schema, naming),
        }
    }
}

fn joined(parts: &[Filter], word: &str, schema: Schema, naming: Naming<'_>) -> String {
    let several = |part: &Filter| match part {
        Filter::And { and: parts } | Filter::Or { or: parts } => parts.len() > 1,
        Filter::Condition(_) => false,
    };
    let texts = parts.iter().map(|part| (several(part), part.words(schema, naming)));
    let texts = texts.filter(|(_, text)| !text.is_empty());
    let texts = texts.map(|(several, text)| if several { format!("({text})") } else { text });
    texts.collect::<Vec<_>>().join(word)
}

fn condition_words(condition: &Condition, schema: Schema, naming: Naming<'_>) -> String {
    let Some(subject) = Subject::of(schema, &condition.field) else { return String::new() };
    let (label, field) = match subject {
        Subject::Own(field) | Subject::Along(_, field) => (subject.label(), field),
        Subject::Many(relation) => {
            let with = if condition.op == Op::HasNone { "without" } else { "with" };
            let inner: Option<Filter> = serde_json::from_value(condition.value.clone()).ok();
            let inner = inner.map(|inner| inner.words(schema.related(relation.record), naming)).unwrap_or_default();
            let of = if inner.is_empty() { String::new() } else { format!(" where {inner}") };
            return format!("{with} {}{of}", relation.label.to_lowercase());
        }
    };
    let one = |json: &Json| value_words(field, json, naming);
    let values = condition.value.as_array().map(Vec::as_slice);
    let (op, value) = match (condition.op, values) {
        (Op::Empty | Op::NotEmpty, _) => (condition.op, String::new()),
        (Op::Within, _) => (Op::Within, Within::parse(&condition.value).map(Within::words).unwrap_or_default()),
        (Op::Between, Some([low, high])) => (Op::Between, format!("{} and {}", one(low), one(high))),
        // One of one is that one.
        (Op::In, Some([only])) => (Op::Eq, one(only)),
        (Op::Nin, Some([only])) => (Op::Ne, one(only)),
        (op, Some(values)) => {
            let mut named: Vec<String> = values.iter().take(NAMED).map(one).collect();
            let more = values.len().saturating_sub(NAMED);
            named.extend((more > 0).then(|| format!("{more} more")));
            (op, named.join(", "))
        }
        (op, None) => (op, one(&condition.value)),
    };
    format!("{label} {} {value}", op.words(field.kind)).trim_end().to_owned()
}

/// One value that a field is compared with.
fn value_words(field: &Field, json: &Json, naming: Naming<'_>) -> String {
    let text = || json.as_str().map_or_else(|| json.to_string(), str::to_owned);
    match field.kind {
        _ if json.is_null() => "empty".to_owned(),
        Kind::Money { .. } => json.as_i64().map_or_else(text, |minor| written::money(minor, Some(naming.currency))),
        Kind::Integer { .. } | Kind::Number => written::number(&json.to_string()),
        Kind::Date | Kind::DateTime => {
            let text = text();
            let moment = || DateTime::parse_from_rfc3339(&text).ok().map(|at| written::moment(at.naive_utc()) + " UTC");
            text.parse().ok().map(written::day).or_else(moment).unwrap_or(text)
        }
        Kind::Boolean => if json == &Json::Bool(true) { "yes" } else { "no" }.to_owned(),
        Kind::Select(_) | Kind::MultiSelect(_) => field.label_of(&text()).to_owned(),
        Kind::Record(_) | Kind::User | Kind::Users | Kind::Pipeline | Kind::Stage => {
            let id = json.as_str().and_then(|text| Uuid::try_parse(text).ok());
            let name = id.and_then(|id| naming.names.get(&id));
            name.cloned().unwrap_or_else(|| "one that is gone".to_owned())
        }
        Kind::Text { .. } | Kind::LongText | Kind::Email | Kind::Phone | Kind::Url | Kind::TimeZone => {
            format!("“{}”", text())
        }
        _ => text(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::RecordType;
    use serde_json::json;

    /// EXPORT-03: a filter reads as a sentence.
    #[test]
    fn sentences() {
        let ada = Uuid::from_u128(7);
        let names = HashMap::from([(ada, "Ada".to_owned())]);
        let words = |json: Json| {
            let filter: Filter = serde_json::from_value(json).unwrap();
            filter.words(RecordType::Deal.standard(), Naming { names: &names, currency: "EUR" })
        };
        for (json, expected) in [
            (json!({"and": []}), ""),
            (json!({"field": "name", "op": "contains", "value": "crane"}), "Name contains “crane”"),
            (
                json!({"and": [{"field": "status", "op": "in", "value": ["open"]},
                    {"or": [{"field": "amount_minor", "op": "gte", "value": 123_450},
                        {"field": "probability", "op": "between", "value": [10, 2_000]}]}]}),
                "Status is Open and (Amount is at least 1,234.50 EUR or Probability is between 10 and 2,000)",
            ),
            (
                json!({"field": "owner_id", "op": "in", "value": [ada, Uuid::nil()]}),
                "Owner is any of Ada, one that is gone",
            ),
            (
                json!({"field": "created_at", "op": "within", "value": {"last": 7, "unit": "day"}}),
                "Created is in the last 7 days",
            ),
            (
                json!({"field": "expected_close_date", "op": "lt", "value": "2027-03-01"}),
                "Expected close is before 1 Mar 2027",
            ),
            (json!({"field": "company.industry", "op": "empty"}), "Company: Industry is empty"),
            (json!({"field": "contacts", "op": "none"}), "without contacts"),
            (
                json!({"field": "contacts", "op": "any", "value": {"field": "owner_id", "op": "eq", "value": ada}}),
                "with contacts where Owner is Ada",
            ),
            (
                json!({"field": "tags", "op": "nin", "value": (0..10).map(|n| n.to_string()).collect::<Vec<_>>()}),
                "Tags is none of 0, 1, 2, 3, 4, 5, 6, 7, 2 more",
            ),
            (json!({"field": "gone", "op": "eq", "value": 1}), ""),
        ] {
            assert_eq!(words(json.clone()), expected, "{json}");
        }
        let nested = json!({"and": [{"field": "contacts", "op": "any", "value": {"field": "owner_id", "op": "eq", "value": ada}}]});
        assert_eq!(serde_json::from_value::<Filter>(nested).unwrap().ids(), BTreeSet::from([ada]));
    }

    #[test]
    fn spans() {
        for (json, expected) in [
            (json!("today"), "today"),
            (json!("yesterday"), "yesterday"),
            (json!("this_week"), "this week"),
            (json!("last_quarter"), "last quarter"),
            (json!("next_year"), "next year"),
            (json!({"next": 1, "unit": "week"}), "in the next week"),
            (json!({"last": 90, "unit": "day"}), "in the last 90 days"),
        ] {
            assert_eq!(Within::parse(&json).unwrap().words(), expected);
        }
    }
}
