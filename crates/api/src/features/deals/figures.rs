//! The figures of a deal: amount, discount, tax, lines.

use domain::deals::{Deal, LineTotals, products};
use domain::draft::Draft;
use domain::error::FieldError;
use domain::money;
use domain::value::Value;
use serde_json::{Map, Value as Json};

/// DEAL-06: lines make the amount where none is given. It follows them from then on, until somebody gives the deal another
/// one: that stays. An empty list takes the lines away and leaves the amount.
pub fn amount_from_lines(input: &mut Map<String, Json>, current: Option<&Deal>) {
    if input.contains_key("amount_minor") || current.is_some_and(|deal| !follows_lines(deal)) {
        return;
    }
    let Some(Ok(lines)) = input.get("products").map(products::check) else { return };
    let lines = products::of(&lines.to_json());
    if let (Some(totals), false) = (LineTotals::of(&lines), lines.is_empty()) {
        input.insert("amount_minor".to_owned(), totals.total_minor.into());
    }
}

/// Whether the amount is what the lines come to, or none at all.
fn follows_lines(deal: &Deal) -> bool {
    deal.amount_minor == 0
        || !deal.products.is_empty()
            && LineTotals::of(&deal.products).is_some_and(|totals| totals.total_minor == deal.amount_minor)
}

/// DEAL-05: the total is amount less discount plus tax; it is never negative and never leaves the range of 64 bits.
pub fn check(draft: &Draft, current: Option<&Deal>) -> Vec<FieldError> {
    let sent = |name: &str| draft.get(name).and_then(Value::as_int);
    let amount = sent("amount_minor").unwrap_or(current.map_or(0, |c| c.amount_minor));
    let discount = sent("discount_minor").unwrap_or(current.map_or(0, |c| c.discount_minor));
    let tax = sent("tax_minor").unwrap_or(current.map_or(0, |c| c.tax_minor));
    let changed = |name: &str, old: Option<i64>| sent(name).is_some_and(|new| Some(new) != old);
    let mut errors = Vec::new();
    if products::in_draft(draft).is_some_and(|lines| LineTotals::of(&lines).is_none()) {
        errors.push(FieldError::new("products", "too_large", "The lines add up to more than an amount can be."));
    }
    if discount > amount {
        let at = if changed("discount_minor", current.map(|c| c.discount_minor)) {
            "discount_minor"
        } else {
            "amount_minor"
        };
        errors.push(FieldError::new(at, "discount", "The discount cannot be larger than the amount."));
    } else if money::total(amount, discount, tax).is_none() {
        let at = if changed("tax_minor", current.map(|c| c.tax_minor)) { "tax_minor" } else { "amount_minor" };
        errors.push(FieldError::new(at, "too_large", "Amount less discount plus tax is too large."));
    }
    errors
}
