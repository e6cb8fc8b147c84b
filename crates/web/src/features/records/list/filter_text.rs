//! Conditions as people read them.

use crate::features::records::lookup::Lookup;
use crate::features::records::value;
use crate::ui::format;
use domain::catalog::{Field, Kind};
use domain::filter::{Condition, Op, Within};
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

/// Spans offered for dates: the value, and its words.
pub fn spans() -> Vec<(String, String)> {
    let named = [
        "today",
        "yesterday",
        "tomorrow",
        "this_week",
        "last_week",
        "next_week",
        "this_month",
        "last_month",
        "next_month",
        "this_quarter",
        "last_quarter",
        "next_quarter",
        "this_year",
        "last_year",
    ];
    let counted = [("last", 7), ("last", 30), ("last", 90), ("next", 7), ("next", 30), ("next", 90)];
    let counted = counted.map(|(which, days)| json!({which: days, "unit": "day"}));
    let all = named.map(Json::from).into_iter().chain(counted);
    all.map(|span| (span.to_string(), span_text(&span))).collect()
}

/// A span in words.
fn span_text(json: &Json) -> String {
    Within::parse(json).map_or_else(|_unknown| json.to_string(), Within::words)
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
