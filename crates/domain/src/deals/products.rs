//! Line items of a deal.

use crate::draft::{Draft, one_line};
use crate::error::{FieldError, code};
use crate::value::Value;
use num_traits::ToPrimitive;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

/// The most line items on a deal.
pub const MAX_LINES: usize = 100;
/// The largest quantity.
pub const MAX_QUANTITY: f64 = 1_000_000_000.0;
/// The longest unit, in characters.
pub const UNIT_MAX: usize = 50;

/// A line item. Inputs leave out `id` and what is computed; the order is the order sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "db", derive(sea_orm::FromQueryResult))]
pub struct DealProduct {
    /// Id of the line.
    #[serde(default)]
    pub id: Uuid,
    /// The product that it was taken from; null for a line without one. Name, unit and price are the line's own.
    #[serde(default)]
    pub product_id: Option<Uuid>,
    /// What is sold.
    pub name: String,
    /// What one is: an hour, a piece.
    #[serde(default)]
    pub unit: Option<String>,
    /// How many; up to three decimals.
    pub quantity: f64,
    /// Price of one, in minor units of the deal's currency.
    pub price_minor: i64,
    /// Taken off the price, in percent: 0 to 100 with up to two decimals.
    #[serde(default)]
    pub discount_percent: f64,
    /// Tax on what is left, in percent: 0 to 100 with up to two decimals.
    #[serde(default)]
    pub tax_percent: f64,
    /// Quantity times price less the discount. Computed.
    #[serde(default)]
    pub total_minor: i64,
    /// The tax on it. Computed.
    #[serde(default)]
    pub tax_minor: i64,
}

/// What lines come to, in minor units of the deal's currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LineTotals {
    /// Quantities times prices.
    pub subtotal_minor: i64,
    /// The discounts.
    pub discount_minor: i64,
    /// The tax on what is left.
    pub tax_minor: i64,
    /// Subtotal less discount plus tax.
    pub total_minor: i64,
}

impl LineTotals {
    /// Those of one line; each figure is rounded half up to a minor unit. `None` beyond the range of exact integers.
    pub fn of_line(line: &DealProduct) -> Option<Self> {
        let price = i128::from(line.price_minor);
        let subtotal = rounded(i128::from(scaled(line.quantity, 1_000.0)?).checked_mul(price)?, 1_000)?;
        let discount = percent_of(subtotal, line.discount_percent)?;
        let net = subtotal.checked_sub(discount)?;
        let tax = percent_of(net, line.tax_percent)?;
        Some(Self {
            subtotal_minor: subtotal,
            discount_minor: discount,
            tax_minor: tax,
            total_minor: net.checked_add(tax)?,
        })
    }

    /// The sums over lines, which are rounded one by one.
    pub fn of(lines: &[DealProduct]) -> Option<Self> {
        lines.iter().try_fold(Self::default(), |sum, line| sum.plus(Self::of_line(line)?))
    }

    /// Both together.
    pub fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            subtotal_minor: self.subtotal_minor.checked_add(other.subtotal_minor)?,
            discount_minor: self.discount_minor.checked_add(other.discount_minor)?,
            tax_minor: self.tax_minor.checked_add(other.tax_minor)?,
            total_minor: self.total_minor.checked_add(other.total_minor)?,
        })
    }
}

/// A share of an amount, rounded half up.
fn percent_of(amount: i64, percent: f64) -> Option<i64> {
    rounded(i128::from(amount).checked_mul(i128::from(scaled(percent, 100.0)?))?, 10_000)
}

/// A number with few decimals as a whole number.
fn scaled(number: f64, by: f64) -> Option<i64> {
    (number * by).round().to_i64()
}

/// A quotient, rounded half up.
fn rounded(dividend: i128, divisor: i128) -> Option<i64> {
    i64::try_from((dividend + divisor / 2).div_euclid(divisor)).ok()
}

/// Whether a number is a percentage as lines have it.
pub fn is_percent(number: f64) -> bool {
    let hundredths = number * 100.0;
    (0.0..=100.0).contains(&number) && (hundredths - hundredths.round()).abs() < 1e-6
}

/// Checks the JSON list of line items; what is computed is computed anew, whatever was sent.
pub fn check(json: &Json) -> Result<Value, Vec<FieldError>> {
    let fail = |code: &str, message: &str| {
        vec![FieldError { path: String::new(), code: code.into(), message: message.into() }]
    };
    let Some(items) = json.as_array() else { return Err(fail("list", "Products must be a list of lines.")) };
    if items.len() > MAX_LINES {
        return Err(fail("too_many", &format!("A deal can have at most {MAX_LINES} lines.")));
    }
    let mut errors = Vec::new();
    let lines: Vec<DealProduct> = items
        .iter()
        .enumerate()
        .map(|(at, item)| {
            let mut line = Line { at, errors: &mut errors };
            match item.as_object() {
                Some(members) => line.read(members),
                None => {
                    line.fail("", "object", MEMBERS);
                    DealProduct::default()
                }
            }
        })
        .collect();
    if errors.is_empty() { Ok(as_value(&lines)) } else { Err(errors) }
}

/// What a line is made of, in words.
const MEMBERS: &str = "A line has name, quantity and price_minor, and may have product_id, unit, discount_percent and \
    tax_percent.";

/// Reads a line and collects what is wrong with it.
struct Line<'a> {
    at: usize,
    errors: &'a mut Vec<FieldError>,
}

impl Line<'_> {
    fn fail(&mut self, part: &str, code: &str, message: &str) {
        let path = format!("/{}{part}", self.at);
        self.errors.push(FieldError { path, code: code.into(), message: message.into() });
    }

    fn read(&mut self, members: &Map<String, Json>) -> DealProduct {
        for key in members.keys().filter(|key| !KNOWN.contains(&key.as_str())) {
            let shown: String = key.chars().take(60).collect();
            self.fail(&format!("/{shown}"), "unknown_field", MEMBERS);
        }
        let text = |key: &str| members.get(key).and_then(Json::as_str).map(one_line).filter(|text| !text.is_empty());
        let name = text("name").unwrap_or_default();
        if name.is_empty() {
            self.fail("/name", "required", "Each line needs a name.");
        } else if name.chars().count() > 255 {
            self.fail("/name", "too_long", "The name of a line can have at most 255 characters.");
        }
        let product_id = text("product_id").map(|text| Uuid::try_parse(&text).ok());
        if product_id == Some(None) || members.get("product_id").is_some_and(|id| !id.is_null() && !id.is_string()) {
            self.fail("/product_id", "id", "The product of a line must be an id (UUID).");
        }
        let unit = text("unit");
        if unit.as_ref().is_some_and(|unit| unit.chars().count() > UNIT_MAX) {
            self.fail("/unit", "too_long", "The unit of a line can have at most 50 characters.");
        }
        let quantity = members.get("quantity").map_or(Some(1.0), Json::as_f64).unwrap_or(0.0);
        if !(0.001..=MAX_QUANTITY).contains(&quantity) {
            self.fail("/quantity", "range", "The quantity must be at least 0.001 and at most 1,000,000,000.");
        }
        let price_minor = members.get("price_minor").map_or(Some(0), Json::as_i64).unwrap_or(-1);
        if price_minor < 0 {
            let message = "The price must be a whole number of minor units (cents), at least 0.";
            self.fail("/price_minor", code::AMOUNT, message);
        }
        let discount_percent = self.percent(members, "discount_percent", "discount");
        let tax_percent = self.percent(members, "tax_percent", "tax");
        let line = DealProduct {
            product_id: product_id.flatten(),
            name,
            unit,
            quantity,
            price_minor,
            discount_percent,
            tax_percent,
            ..DealProduct::default()
        };
        match LineTotals::of_line(&line) {
            Some(totals) => {
                DealProduct { total_minor: totals.total_minor - totals.tax_minor, tax_minor: totals.tax_minor, ..line }
            }
            None => {
                self.fail("", "too_large", "Quantity times price is too large.");
                line
            }
        }
    }

    fn percent(&mut self, members: &Map<String, Json>, key: &str, what: &str) -> f64 {
        let number = match members.get(key) {
            None | Some(Json::Null) => return 0.0,
            Some(json) => json.as_f64().filter(|number| is_percent(*number)),
        };
        if number.is_none() {
            let message = format!("The {what} must be 0 to 100 percent, with at most two decimals.");
            self.fail(&format!("/{key}"), "percent", &message);
        }
        number.unwrap_or_default()
    }
}

/// The members of a line; those that are computed may come back as they were read.
const KNOWN: &[&str] = &[
    "id",
    "product_id",
    "name",
    "unit",
    "quantity",
    "price_minor",
    "discount_percent",
    "tax_percent",
    "total_minor",
    "tax_minor",
];

/// The lines in a value as records and checked inputs have it.
pub fn of(json: &Json) -> Vec<DealProduct> {
    serde_json::from_value(json.clone()).unwrap_or_default()
}

/// The lines that a draft gives a deal; `None` where it leaves them as they are.
pub fn in_draft(draft: &Draft) -> Option<Vec<DealProduct>> {
    match draft.get("products") {
        Some(Value::Json(json)) => Some(of(json)),
        _ => None,
    }
}

/// Gives the lines of a draft their ids: a line that stands in `old` unchanged keeps its id, any other is new.
pub fn keep_ids(draft: &mut Draft, old: &[DealProduct]) {
    let Some(mut lines) = in_draft(draft) else { return };
    let mut rest: Vec<_> = old.iter().collect();
    for line in &mut lines {
        let same = |known: &&DealProduct| DealProduct { id: line.id, ..(**known).clone() } == *line;
        line.id = match rest.iter().position(same) {
            Some(at) => rest.remove(at).id,
            None => Uuid::now_v7(),
        };
    }
    draft.set("products", as_value(&lines));
}

fn as_value(lines: &[DealProduct]) -> Value {
    Value::Json(serde_json::to_value(lines).unwrap_or(Json::Null))
}

#[cfg(test)]
mod tests;
