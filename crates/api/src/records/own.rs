//! The organization's own fields in statements. Values stand in `custom_fields` of the record; conditions and orders go
//! by `custom_values`, which holds them typed and indexed.

use super::filter_sql::{Local, escape_like};
use super::select::T;
use domain::catalog::{Field, Kind, RecordSpec};
use domain::filter::{Operand, Range};
use domain::value::Value;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, JoinType, SelectStatement, SimpleExpr};

/// The rows of values in a condition.
const V: &str = "v";

/// How `custom_values` calls a field: `companies.fleet_size`.
pub fn stored_name(spec: &RecordSpec, field: &Field) -> String {
    format!("{}.{}", spec.table, field.custom_key().unwrap_or(field.name))
}

/// The column of `custom_values` that holds values of this kind.
const fn value_column(field: &Field) -> &'static str {
    match field.kind {
        Kind::Number => "number_value",
        _ => "text_value",
    }
}

/// The value in a condition on the rows of values.
fn value(field: &Field) -> Expr {
    joined(field, V)
}

/// A checked value as `custom_values` holds it.
pub fn bound(value: &Value) -> sea_orm::Value {
    match value {
        Value::Number(n) => (*n).into(),
        Value::Bool(yes) => yes.to_string().into(),
        Value::Date(day) => day.to_string().into(),
        Value::Text(text) => text.as_str().into(),
        _ => None::<String>.into(),
    }
}

/// The condition that a comparison with an own field stands for.
pub fn compare(spec: &RecordSpec, field: &Field, operand: &Operand, local: Local<'_>) -> SimpleExpr {
    let col = || value(field);
    let any = || exists(spec, field, None);
    let has = |test: SimpleExpr| exists(spec, field, Some(test));
    let is = |one: &Value| match one {
        Value::Null => any().not(),
        // What nobody has said yes to is a no.
        Value::Bool(false) => has(col().eq("true")).not(),
        one => has(col().eq(bound(one))),
    };
    let one_of = |values: &[Value]| {
        let given: Vec<_> = values.iter().filter(|one| !one.is_null()).map(bound).collect();
        let listed = if given.is_empty() { Expr::val(false) } else { has(col().is_in(given)) };
        if values.iter().any(Value::is_null) { listed.or(any().not()) } else { listed }
    };
    match operand {
        Operand::Empty => any().not(),
        Operand::NotEmpty => any(),
        Operand::Eq(one) => is(one),
        Operand::Ne(one) => is(one).not(),
        Operand::In(values) => one_of(values),
        Operand::Nin(values) => one_of(values).not(),
        Operand::Lt(one) => has(col().lt(bound(one))),
        Operand::Lte(one) => has(col().lte(bound(one))),
        Operand::Gt(one) => has(col().gt(bound(one))),
        Operand::Gte(one) => has(col().gte(bound(one))),
        Operand::Between(low, high) => has(col().gte(bound(low)).and(col().lte(bound(high)))),
        Operand::Within(within) => match within.range(local.date) {
            Some(Range { first, last }) => has(col().gte(first.to_string()).and(col().lte(last.to_string()))),
            None => Expr::val(false),
        },
        Operand::Contains(text) => like(field, &format!("%{}%", escape_like(text))),
        Operand::StartsWith(text) => like(field, &format!("{}%", escape_like(text))),
    }
}

/// Whether the record has a value that passes the test; any value without one.
fn exists(spec: &RecordSpec, field: &Field, test: Option<SimpleExpr>) -> SimpleExpr {
    const FROM: &str =
        "EXISTS (SELECT 1 FROM custom_values v WHERE v.org_id = t.org_id AND v.record_id = t.id AND v.field = $1";
    let name = Expr::val(stored_name(spec, field));
    match test {
        None => Expr::cust_with_exprs(format!("{FROM})"), [name]),
        Some(test) => Expr::cust_with_exprs(format!("{FROM} AND $2)"), [name, test]),
    }
}

/// Parts of texts are looked for in the whole text, which the index holds the beginning of.
fn like(field: &Field, pattern: &str) -> SimpleExpr {
    let key = Expr::val(field.custom_key().unwrap_or_default());
    Expr::cust_with_exprs("(t.custom_fields ->> $1) ILIKE $2", [key, Expr::val(pattern)])
}

/// Joins the values of an own field to a list, as `alias`. With an inner join only records that have one are left.
pub fn join(select: &mut SelectStatement, join: JoinType, spec: &RecordSpec, field: &Field, alias: &str) {
    let of = |name: &str| Expr::col((Alias::new(alias), Alias::new(name)));
    let record = |name: &str| Expr::col((Alias::new(T), Alias::new(name)));
    let on = of("org_id")
        .eq(record("org_id"))
        .and(of("record_id").eq(record("id")))
        .and(of("field").eq(stored_name(spec, field)))
        .and(of("n").eq(1_i16))
        // Says to the planner which of the two indexes has the order.
        .and(of(value_column(field)).is_not_null());
    select.join_as(join, Alias::new("custom_values"), Alias::new(alias), on);
}

/// The value of a joined own field.
pub fn joined(field: &Field, alias: &str) -> Expr {
    Expr::col((Alias::new(alias), Alias::new(value_column(field))))
}

/// Whether a record lacks a value.
pub fn lacks(spec: &RecordSpec, field: &Field) -> SimpleExpr {
    exists(spec, field, None).not()
}
