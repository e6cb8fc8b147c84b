//! Line items of a deal.

use crate::draft::{Draft, one_line};
use crate::error::{FieldError, code};
use crate::value::Value;
use num_traits::ToPrimitive;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

/// The most line items on a deal.
pub const MAX_LINES: usize = 100;
/// The largest quantity.
pub const MAX_QUANTITY: f64 = 1_000_000_000.0;

/// A line item. Inputs leave out `id` and `total_minor`; the order is the order sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "db", derive(sea_orm::FromQueryResult))]
pub struct DealProduct {
    /// Id of the line.
    #[serde(default)]
    pub id: Uuid,
    /// The product's id in the catalogue of products; empty for a free line.
    #[serde(default)]
    pub product_id: Option<String>,
    /// What is sold.
    pub name: String,
    /// How many; up to three decimals.
    pub quantity: f64,
    /// Price of one, in minor units of the deal's currency.
    pub price_minor: i64,
    /// Quantity times price, rounded half up to a minor unit.
    #[serde(default)]
    pub total_minor: i64,
}

/// Quantity times price, in minor units; `None` beyond the range of exact integers.
pub fn line_total(quantity: f64, price_minor: i64) -> Option<i64> {
    let thousandths = (quantity * 1_000.0).round().to_i64()?;
    let product = i128::from(thousandths).checked_mul(i128::from(price_minor))?;
    i64::try_from((product + 500).div_euclid(1_000)).ok()
}

/// Checks the JSON list of line items; totals are always computed, whatever was sent.
pub fn check(json: &Json) -> Result<Value, Vec<FieldError>> {
    let error =
        |path: String, code: &str, message: &str| FieldError { path, code: code.into(), message: message.into() };
    let Some(items) = json.as_array() else {
        return Err(vec![error(String::new(), "list", "Products must be a list of lines.")]);
    };
    if items.len() > MAX_LINES {
        return Err(vec![error(String::new(), "too_many", &format!("A deal can have at most {MAX_LINES} lines."))]);
    }
    let (mut lines, mut errors) = (Vec::with_capacity(items.len()), Vec::new());
    for (at, item) in items.iter().enumerate() {
        let mut fail =
            |part: &str, code: &str, message: &str| errors.push(error(format!("/{at}{part}"), code, message));
        let Some(object) = item.as_object() else {
            fail("", "object", "A line has name, quantity and price_minor.");
            continue;
        };
        for key in object.keys() {
            if !["id", "product_id", "name", "quantity", "price_minor", "total_minor"].contains(&key.as_str()) {
                let shown: String = key.chars().take(60).collect();
                fail(&format!("/{shown}"), "unknown_field", "A line has name, quantity and price_minor.");
            }
        }
        let text = |key: &str| object.get(key).and_then(Json::as_str).map(one_line);
        let name = text("name").unwrap_or_default();
        if name.is_empty() {
            fail("/name", "required", "Each line needs a name.");
        } else if name.chars().count() > 255 {
            fail("/name", "too_long", "The name of a line can have at most 255 characters.");
        }
        let product_id = text("product_id").filter(|t| !t.is_empty());
        if product_id.as_ref().is_some_and(|t| t.chars().count() > 64) {
            fail("/product_id", "too_long", "A product id has at most 64 characters.");
        }
        let quantity = object.get("quantity").map_or(Some(1.0), Json::as_f64).unwrap_or(0.0);
        if !(0.001..=MAX_QUANTITY).contains(&quantity) {
            fail("/quantity", "range", "The quantity must be at least 0.001 and at most 1,000,000,000.");
        }
        let price_minor = object.get("price_minor").map_or(Some(0), Json::as_i64).unwrap_or(-1);
        if price_minor < 0 {
            fail("/price_minor", code::AMOUNT, "The price must be a whole number of minor units (cents), at least 0.");
        }
        match line_total(quantity, price_minor) {
            Some(total_minor) => {
                lines.push(DealProduct { id: Uuid::nil(), product_id, name, quantity, price_minor, total_minor });
            }
            None => fail("", "too_large", "Quantity times price is too large."),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(Value::Json(serde_json::to_value(lines).unwrap_or(Json::Null)))
}

/// Gives the lines of a draft their ids: a line that stands in `old` unchanged keeps its id, any other is new.
pub fn keep_ids(draft: &mut Draft, old: &[DealProduct]) {
    let Some(Value::Json(json)) = draft.get("products") else { return };
    let Ok(mut lines) = serde_json::from_value::<Vec<DealProduct>>(json.clone()) else { return };
    let mut rest: Vec<_> = old.iter().collect();
    for line in &mut lines {
        let same = |known: &&DealProduct| DealProduct { id: line.id, ..(**known).clone() } == *line;
        line.id = match rest.iter().position(same) {
            Some(at) => rest.remove(at).id,
            None => Uuid::now_v7(),
        };
    }
    draft.set("products", Value::Json(serde_json::to_value(lines).unwrap_or(Json::Null)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// DEAL-06: the line total follows from quantity and price, rounded half up.
    #[test]
    fn line_totals() {
        assert_eq!(line_total(2.0, 1_050), Some(2_100));
        assert_eq!(line_total(0.333, 1_000), Some(333));
        assert_eq!(line_total(1.5, 33), Some(50));
        assert_eq!(line_total(1.0e9, i64::MAX), None);
    }

    /// DEAL-06: a sent total is not believed; a bad line is named by its place.
    #[test]
    fn lines_are_checked() {
        let ok = check(&json!([{"name": "GTX Pro", "quantity": 2, "price_minor": 482_100, "total_minor": 1}])).unwrap();
        assert_eq!(ok.to_json().pointer("/0/total_minor"), Some(&json!(964_200)));
        let errors = check(&json!([{"name": "A", "price_minor": 1}, {"name": "", "quantity": 0}])).unwrap_err();
        let found: Vec<_> = errors.iter().map(|e| (e.path.as_str(), e.code.as_str())).collect();
        assert_eq!(found, [("/1/name", "required"), ("/1/quantity", "range")]);
        let errors = check(&json!([{"name": "x".repeat(256)}])).unwrap_err();
        assert_eq!(errors.first().map(|e| e.code.as_str()), Some("too_long"));
    }
}
