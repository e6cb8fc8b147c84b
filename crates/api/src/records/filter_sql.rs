//! Checked filters as SQL conditions with bound values.

use super::select::column;
use super::values::{texts_array, to_sql};
use super::{own, phone_filter, relation};
use chrono::{DateTime, Days, LocalResult, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;
use domain::catalog::{Field, Kind, RecordSpec};
use domain::filter::{Checked, Operand, Range, Test};
use domain::value::Value;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, SimpleExpr};

/// What dates and phone numbers are read by.
#[derive(Debug, Clone, Copy)]
pub struct Local<'a> {
    /// The day in the organization's time zone.
    pub date: NaiveDate,
    /// That time zone.
    pub zone: Tz,
    /// The country of phone numbers without a country code.
    pub region: &'a str,
}

/// The condition that a filter stands for.
pub fn condition(spec: &RecordSpec, filter: &Checked, local: Local<'_>) -> Condition {
    match filter {
        Checked::And(parts) => parts.iter().fold(Condition::all(), |all, part| all.add(condition(spec, part, local))),
        Checked::Or(parts) if parts.is_empty() => Condition::all().add(Expr::val(false)),
        Checked::Or(parts) => parts.iter().fold(Condition::any(), |any, part| any.add(condition(spec, part, local))),
        Checked::Test(test) => Condition::all().add(compare(spec, test, local)),
        Checked::Related(related) => Condition::all().add(relation::compare(spec, related, local)),
    }
}

fn compare(spec: &RecordSpec, test: &Test, local: Local<'_>) -> SimpleExpr {
    let field = test.field;
    if field.custom_key().is_some() {
        return own::compare(spec, field, &test.operand, local);
    }
    match field.kind {
        Kind::Tags => linked(&test.operand, &TagLink(spec)),
        Kind::Users => linked(&test.operand, &TeamLink),
        Kind::DateTime => instants(field, &test.operand, local),
        Kind::Phone => phone_filter::compare(field, &test.operand, local.region, || plain(field, &test.operand, local)),
        _ => plain(field, &test.operand, local),
    }
}

/// Emails compare without case, through the normalised column that the index is on.
pub(super) fn comparable(field: &Field) -> Expr {
    match field.kind {
        Kind::Email => column(&format!("{}_norm", field.column())),
        _ => column(field.column()),
    }
}

/// A value as its column is compared with.
pub(super) fn bound(field: &Field, value: &Value) -> sea_orm::Value {
    match (field.kind, value) {
        (Kind::Email, Value::Text(text)) => text.to_lowercase().into(),
        _ => to_sql(field, value),
    }
}

fn plain(field: &Field, operand: &Operand, local: Local<'_>) -> SimpleExpr {
    let col = || comparable(field);
    let val = |value: &Value| bound(field, value);
    match operand {
        Operand::Eq(Value::Null) | Operand::Empty => empty(field),
        Operand::Ne(Value::Null) | Operand::NotEmpty => empty(field).not(),
        Operand::Eq(value) => col().eq(val(value)),
        Operand::Ne(value) => col().is_null().or(col().ne(val(value))),
        Operand::In(values) => any_of(field, values),
        Operand::Nin(values) => {
            let nulls_too = values.iter().all(|v| !v.is_null());
            let none = any_of(field, values).not();
            if nulls_too { col().is_null().or(none) } else { none.and(col().is_not_null()) }
        }
        Operand::Lt(value) => col().lt(val(value)),
        Operand::Lte(value) => col().lte(val(value)),
        Operand::Gt(value) => col().gt(val(value)),
        Operand::Gte(value) => col().gte(val(value)),
        Operand::Between(low, high) => col().gte(val(low)).and(col().lte(val(high))),
        Operand::Contains(text) => ilike(field, &format!("%{}%", escape_like(text))),
        Operand::StartsWith(text) => ilike(field, &format!("{}%", escape_like(text))),
        Operand::Within(within) => match within.range(local.date) {
            Some(Range { first, last }) => col().gte(first).and(col().lte(last)),
            None => Expr::val(false),
        },
    }
}

fn empty(field: &Field) -> SimpleExpr {
    let null = column(field.column()).is_null();
    match field.kind {
        Kind::Text { .. } => null.or(column(field.column()).eq("")),
        _ => null,
    }
}

/// `IN` whose list may contain null.
fn any_of(field: &Field, values: &[Value]) -> SimpleExpr {
    let with_null = values.iter().any(Value::is_null);
    let values: Vec<_> = values.iter().filter(|v| !v.is_null()).map(|v| bound(field, v)).collect();
    let listed = if values.is_empty() { Expr::val(false) } else { comparable(field).is_in(values) };
    if with_null { listed.or(column(field.column()).is_null()) } else { listed }
}

fn ilike(field: &Field, pattern: &str) -> SimpleExpr {
    Expr::cust_with_exprs("$1 ILIKE $2", [column(field.column()), Expr::val(pattern)])
}

/// Text as a LIKE pattern in which nothing is special.
pub fn escape_like(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '%' | '_') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Instants compared with whole days: a day is the time from its beginning to the next one's, in the organization's
/// time zone.
fn instants(field: &Field, operand: &Operand, local: Local<'_>) -> SimpleExpr {
    let col = || column(field.column());
    let start = |value: &Value| match value {
        Value::Date(day) => day_start(*day, local.zone),
        Value::Instant(at) => *at,
        _ => DateTime::<Utc>::MIN_UTC,
    };
    // The first instant after the value: of the next day, or the instant itself.
    let end = |value: &Value| match value {
        Value::Date(day) => day_start(day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX), local.zone),
        other => start(other),
    };
    let until = |value: &Value| match value {
        Value::Date(_) => col().lt(end(value)),
        _ => col().lte(start(value)),
    };
    let same = |value: &Value| col().gte(start(value)).and(until(value));
    match operand {
        Operand::Eq(Value::Null) | Operand::Empty => col().is_null(),
        Operand::Ne(Value::Null) | Operand::NotEmpty => col().is_not_null(),
        Operand::Eq(value) => same(value),
        Operand::Ne(value) => col().is_null().or(same(value).not()),
        Operand::Lt(value) => col().lt(start(value)),
        Operand::Lte(value) => until(value),
        Operand::Gt(Value::Date(day)) => col().gte(end(&Value::Date(*day))),
        Operand::Gt(value) => col().gt(start(value)),
        Operand::Gte(value) => col().gte(start(value)),
        Operand::Between(low, high) => col().gte(start(low)).and(until(high)),
        Operand::Within(within) => match within.range(local.date) {
            Some(range) => same_days(field, range, local.zone),
            None => Expr::val(false),
        },
        Operand::In(_) | Operand::Nin(_) | Operand::Contains(_) | Operand::StartsWith(_) => Expr::val(false),
    }
}

fn same_days(field: &Field, range: Range, zone: Tz) -> SimpleExpr {
    let after = range.last.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
    column(field.column()).gte(day_start(range.first, zone)).and(column(field.column()).lt(day_start(after, zone)))
}

/// When a day begins. Where clocks jump over midnight, it begins with the first instant that exists.
pub fn day_start(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(chrono::NaiveTime::MIN);
    let local = match zone.from_local_datetime(&midnight) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at),
        LocalResult::None => zone.from_local_datetime(&(midnight + chrono::Duration::hours(1))).earliest(),
    };
    local.map_or_else(|| midnight.and_utc(), |at| at.with_timezone(&Utc))
}

/// A list value kept as rows of a link table.
trait Link {
    /// `EXISTS (…)` for rows of this record, with an optional array of values as `$1`.
    fn exists(&self, values: Option<&[Value]>) -> SimpleExpr;
}

struct TagLink<'a>(&'a RecordSpec);

impl Link for TagLink<'_> {
    fn exists(&self, values: Option<&[Value]>) -> SimpleExpr {
        let from = format!(
            "EXISTS (SELECT 1 FROM {} l JOIN tags g ON g.org_id = l.org_id AND g.id = l.tag_id \
             WHERE l.org_id = t.org_id AND l.record_id = t.id",
            self.0.tag_table()
        );
        match values {
            None => Expr::cust(format!("{from})")),
            Some(values) => {
                let names: Vec<_> = values.iter().filter_map(Value::as_text).map(domain::tags::norm).collect();
                let test = "AND g.name_norm = ANY($1))";
                Expr::cust_with_values(format!("{from} {test}"), [texts_array(&names)])
            }
        }
    }
}

struct TeamLink;

impl Link for TeamLink {
    fn exists(&self, values: Option<&[Value]>) -> SimpleExpr {
        let from = "EXISTS (SELECT 1 FROM deal_members l WHERE l.org_id = t.org_id AND l.deal_id = t.id";
        match values {
            None => Expr::cust(format!("{from})")),
            Some(values) => {
                let ids: Vec<_> = values.iter().filter_map(Value::as_id).collect();
                Expr::cust_with_values(format!("{from} AND l.user_id = ANY($1))"), [super::values::ids_array(&ids)])
            }
        }
    }
}

fn linked(operand: &Operand, link: &dyn Link) -> SimpleExpr {
    match operand {
        Operand::Eq(Value::Null) | Operand::Empty => link.exists(None).not(),
        Operand::Ne(Value::Null) | Operand::NotEmpty => link.exists(None),
        Operand::Eq(value) => link.exists(Some(std::slice::from_ref(value))),
        Operand::Ne(value) => link.exists(Some(std::slice::from_ref(value))).not(),
        Operand::In(values) => link.exists(Some(values)),
        Operand::Nin(values) => link.exists(Some(values)).not(),
        _ => Expr::val(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SECURITY-01: wildcards in a filter's text mean themselves.
    #[test]
    fn like_patterns_are_escaped() {
        assert_eq!(escape_like(r"50%_\"), r"50\%\_\\");
    }

    /// A day begins at midnight of the organization's time zone, also where clocks change.
    #[test]
    fn days_begin_at_local_midnight() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        assert_eq!(day_start(day, chrono_tz::Europe::Berlin).to_rfc3339(), "2026-11-20T23:00:00+00:00");
        let no_midnight = NaiveDate::from_ymd_opt(2018, 11, 4).unwrap();
        assert_eq!(day_start(no_midnight, chrono_tz::America::Sao_Paulo).to_rfc3339(), "2018-11-04T03:00:00+00:00");
    }
}
