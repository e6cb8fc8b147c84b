//! Conditions on phone numbers: they compare as numbers, whatever their punctuation (CONTACT-06).

use super::phone;
use super::select::column;
use super::write::shadow_column;
use domain::catalog::Field;
use domain::filter::Operand;
use domain::value::Value;
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use std::slice::from_ref;

/// What stands between the digits of a number.
const PUNCTUATION: &str = " +-./()";

/// The condition that a comparison with a phone number stands for. Numbers without a country code are those of the
/// region. `as_text` is the same comparison with the number as it is written.
pub fn compare(field: &Field, operand: &Operand, region: &str, as_text: impl Fn() -> SimpleExpr) -> SimpleExpr {
    let Some(e164) = shadow_column(field).map(|name| column(&name)) else { return as_text() };
    let any_of = |values: &[Value]| any_of(field, e164.clone(), values, region);
    // Of what could not be read there is no number: it is none of them.
    let none_of = |values: &[Value]| Expr::cust_with_exprs("($1) IS NOT TRUE", [any_of(values)]);
    let part = |begins: bool, text: &str| {
        let patterns = patterns(begins, text, region).into_iter();
        patterns.fold(as_text(), |any, pattern| any.or(e164.clone().like(pattern)))
    };
    match operand {
        Operand::Eq(value) => any_of(from_ref(value)),
        Operand::Ne(value) => none_of(from_ref(value)),
        Operand::In(values) => any_of(values),
        Operand::Nin(values) => none_of(values),
        Operand::Contains(text) => part(false, text),
        Operand::StartsWith(text) => part(true, text),
        _ => as_text(),
    }
}

/// One of the numbers, or of the texts that are none; null stands for no number at all.
fn any_of(field: &Field, e164: Expr, values: &[Value], region: &str) -> SimpleExpr {
    let (mut numbers, mut texts) = (Vec::new(), Vec::new());
    for text in values.iter().filter_map(Value::as_text) {
        match phone::parse(text, region) {
            Some(phone) => numbers.push(phone.e164),
            None => texts.push(text.to_owned()),
        }
    }
    let written = column(field.column());
    let listed = |column: Expr, of: Vec<String>| (!of.is_empty()).then(|| column.is_in(of));
    let null = values.iter().any(Value::is_null).then(|| written.clone().is_null());
    let any = [listed(e164, numbers), listed(written, texts), null].into_iter().flatten().reduce(ExprTrait::or);
    any.unwrap_or_else(|| Expr::val(false))
}

/// How numbers look in which a text stands, or which begin with it: its digits, and where it is a whole number as
/// people of the region write it, that one. None where it has more than digits and punctuation.
fn patterns(begins: bool, text: &str, region: &str) -> Vec<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() || text.chars().any(|c| !c.is_ascii_digit() && !PUNCTUATION.contains(c)) {
        return Vec::new();
    }
    let before = if begins || text.starts_with('+') { '+' } else { '%' };
    let whole = phone::parse(text, region).map(|phone| phone.e164);
    [Some(format!("{before}{digits}")), whole].into_iter().flatten().map(|start| format!("{start}%")).collect()
}
