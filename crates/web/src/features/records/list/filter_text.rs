//! Conditions as people read them.

use crate::features::records::lookup::Lookup;
use crate::features::records::value;
use crate::ui::format;
use domain::catalog::{Field, Kind};
use domain::filter::{Condition, Op, Span, Unit, Within};
use serde_json::{Value as Json, json};

/// The operators offered for a field, the likeliest first. Choices are always "any of", which one of them is too.
pub fn ops(field: &Field) -> Vec<Op> {
    let wanted: &[Op] = match field.kind {
        Kind::Date | Kind::DateTime => &[Op::Within, Op::Between, Op::Gte, Op::Lte, Op::Eq, Op::Empty, Op::NotEmpty],
        Kind::Number | Kind::Integer { .. } | Kind::Money { .. } => {
            &[Op::Gte, Op::Lte, Op::Between, Op::Eq, Op::Ne, Op::Empty, Op::NotEmpty]
        }
        Kind::Boolean => &[Op::Eq],
        _ if is_choice(field) => &[Op::In, Op::Nin, Op::Empty, Op::NotEmpty],
        _ => &[Op::Contains, Op::StartsWith, Op::Eq, Op::Ne, Op::Empty, Op::NotEmpty],
    };
    let allowed = field.kind.ops();
    wanted.iter().copied().filter(|op| allowed.contains(op)).collect()
}

/// Whether values are chosen rather than typed.
pub const fn is_choice(field: &Field) -> bool {
    matches!(
        field.kind,
        Kind::Select(_)
            | Kind::MultiSelect(_)
            | Kind::Currency
            | Kind::Record(_)
            | Kind::User
            | Kind::Users
            | Kind::Pipeline
            | Kind::Stage
            | Kind::Tags
    )
}

/// An operator in words that fit the kind.
pub const fn op_label(field: &Field, op: Op) -> &'static str {
    match (field.kind, op) {
        (Kind::Date | Kind::DateTime, Op::Gte) => "is on or after",
        (Kind::Date | Kind::DateTime, Op::Lte) => "is on or before",
        (Kind::Date | Kind::DateTime, Op::Within) => "is",
        _ => op.label(),
    }
}

/// Spans offered for dates.
pub fn spans() -> Vec<(String, &'static str)> {
    let named = [
        ("today", "today"),
        ("yesterday", "yesterday"),
        ("tomorrow", "tomorrow"),
        ("this_week", "this week"),
        ("last_week", "last week"),
        ("next_week", "next week"),
        ("this_month", "this month"),
        ("last_month", "last month"),
        ("next_month", "next month"),
        ("this_quarter", "this quarter"),
        ("last_quarter", "last quarter"),
        ("next_quarter", "next quarter"),
        ("this_year", "this year"),
        ("last_year", "last year"),
    ];
    let mut all: Vec<(String, &'static str)> = named.map(|(v, l)| (json!(v).to_string(), l)).into();
    let counted = [
        (json!({"last": 7, "unit": "day"}), "in the last 7 days"),
        (json!({"last": 30, "unit": "day"}), "in the last 30 days"),
        (json!({"last": 90, "unit": "day"}), "in the last 90 days"),
        (json!({"next": 7, "unit": "day"}), "in the next 7 days"),
        (json!({"next": 30, "unit": "day"}), "in the next 30 days"),
        (json!({"next": 90, "unit": "day"}), "in the next 90 days"),
    ];
    all.extend(counted.map(|(v, l)| (v.to_string(), l)));
    all
}

/// A span in words.
fn span_text(json: &Json) -> String {
    let wanted = json.to_string();
    let known = spans().into_iter().find(|(value, _)| *value == wanted);
    if let Some((_, label)) = known {
        return label.to_owned();
    }
    let Ok(within) = Within::parse(json) else { return json.to_string() };
    let unit = |unit: Unit| unit.label();
    match within.span {
        Span::Last(n) => format!("in the last {n} {}", unit(within.unit)),
        Span::Next(n) => format!("in the next {n} {}", unit(within.unit)),
        Span::Previous => format!("last {}", within.unit.as_str()),
        Span::This => format!("this {}", within.unit.as_str()),
        Span::Following => format!("next {}", within.unit.as_str()),
    }
}

/// The value of a condition in words. `named` tells the names of referenced records by id.
pub fn value_text(
    field: &'static Field,
    condition: &Condition,
    currency: &str,
    lookup: Lookup,
    named: impl Fn(&str) -> Option<String>,
) -> String {
    let one = |json: &Json| match field.kind {
        Kind::Tags | Kind::Text { .. } => json.as_str().unwrap_or_default().to_owned(),
        Kind::Users => value::id(json).map(|id| lookup.member(id)).unwrap_or_default(),
        Kind::DateTime => value::day(json).map_or_else(|| json.to_string(), format::date),
        Kind::Record(_) => {
            let name = json.as_str().and_then(&named);
            value::text(field, json, currency, name.as_deref(), lookup)
        }
        Kind::MultiSelect(_) => field.label_of(json.as_str().unwrap_or_default()).to_owned(),
        _ => value::text(field, json, currency, None, lookup),
    };
    match condition.op {
        Op::Empty | Op::NotEmpty => String::new(),
        Op::Within => span_text(&condition.value),
        Op::Between => {
            let ends: Vec<String> = condition.value.as_array().into_iter().flatten().map(one).collect();
            ends.join(" and ")
        }
        _ => match condition.value.as_array() {
            Some(items) if items.len() > 3 => format!("{} values", items.len()),
            Some(items) => items.iter().map(one).collect::<Vec<_>>().join(", "),
            None => one(&condition.value),
        },
    }
}
