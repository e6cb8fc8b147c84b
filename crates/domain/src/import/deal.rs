//! What only rows of deals have: the product line, and the end of a deal that follows from its stage.

use super::norm;
use super::plan::DecimalSeparator;
use super::reader::{Lookups, Parts};
use super::resolve::StageRef;
use super::row::Row;
use super::value::number;
use crate::deals::close::closing_stage;
use crate::deals::products::{self, LineTotals, MAX_QUANTITY};
use crate::deals::{DealProduct, DealStatus};
use num_traits::ToPrimitive;
use serde_json::{Value as Json, json};

/// The product line that a row names, and what the row says about it.
#[derive(Clone, Debug, PartialEq)]
pub struct RowLine {
    /// What is sold.
    pub name: String,
    /// How many.
    pub quantity: Option<f64>,
    /// Price of one.
    pub price_minor: Option<i64>,
}

impl RowLine {
    /// The lines of a deal with what the row says laid over the one of this name; a new one comes last. Of a line that
    /// is the deal's only one, without discount and tax, the deal's amount tells the price.
    pub fn over(&self, lines: &[DealProduct], amount: Option<i64>) -> Vec<DealProduct> {
        let mut lines = lines.to_vec();
        let is_this = |line: &DealProduct| norm(&line.name) == norm(&self.name);
        if !lines.iter().any(is_this) {
            lines.push(DealProduct { name: self.name.clone(), quantity: 1.0, ..DealProduct::default() });
        }
        let is_only = lines.len() == 1;
        if let Some(line) = lines.iter_mut().find(|line| is_this(line)) {
            line.name.clone_from(&self.name);
            line.quantity = self.quantity.unwrap_or(line.quantity);
            let is_amount = is_only && line.discount_percent + line.tax_percent == 0.0;
            let by_amount = amount.filter(|_| is_amount).map(|amount| unit_price(amount, line.quantity));
            line.price_minor = self.price_minor.or(by_amount).unwrap_or(line.price_minor);
        }
        lines
    }
}

/// One product line from the product columns.
pub(super) fn add_line(row: &mut Row, parts: &Parts, separator: DecimalSeparator) {
    let Some(name) = &parts.line_name else { return };
    let quantity = match &parts.line_quantity {
        None => None,
        Some((text, column)) => match read_quantity(text, separator) {
            Some(quantity) => Some(quantity),
            None => {
                let message = "The quantity must be at least 0.001 and at most 1,000,000,000.";
                return row.error("products", column, "quantity", message);
            }
        },
    };
    let amount = row.input.get("amount_minor").and_then(Json::as_i64);
    let line =
        RowLine { name: name.clone(), quantity, price_minor: parts.line_price.as_ref().map(|(price, _)| *price) };
    let bare =
        |line: DealProduct| json!({"name": line.name, "quantity": line.quantity, "price_minor": line.price_minor});
    let lines: Json = line.over(&[], amount).into_iter().map(bare).collect();
    match products::check(&lines).map(|lines| products::of(&lines.to_json())) {
        Ok(checked) => {
            if let (None, Some(_)) = (amount, &parts.line_price)
                && let Some(total) = checked.first().and_then(LineTotals::of_line)
            {
                // That of an existing deal follows from all of its lines.
                row.defaults.insert("amount_minor".to_owned(), Json::from(total.total_minor));
            }
            row.input.insert("products".to_owned(), lines);
            row.line = Some(line);
        }
        Err(problems) => {
            let column = parts.line_price.as_ref().map_or("", |(_, column)| column);
            for problem in problems {
                row.error("products", column, &problem.code, problem.message);
            }
        }
    }
}

/// Up to three decimals, exactly: read in thousandths.
fn read_quantity(text: &str, separator: DecimalSeparator) -> Option<f64> {
    // The dinar has three minor digits: thousandths.
    let thousandths = number::minor_units(text, separator, 0, "KWD").ok()?;
    let quantity = thousandths.to_f64()? / 1_000.0;
    (0.001..=MAX_QUANTITY).contains(&quantity).then_some(quantity)
}

/// An amount divided by a quantity, rounded to a minor unit; the amount itself beyond the range of exact numbers.
fn unit_price(amount: i64, quantity: f64) -> i64 {
    let price = amount.to_f64().map(|amount| (amount / quantity).round());
    price.filter(|price| price.abs() < 9.0e15).and_then(|price| price.to_i64()).unwrap_or(amount)
}

/// Code of the remark that a closed deal gets the day of the import.
pub const NO_CLOSE_DATE: &str = "no_close_date";

/// DEAL-04: stage and status of a row agree, and a deal that comes in closed, or ends by this row, has its date.
pub(super) fn settle(row: &mut Row, lookups: &Lookups<'_>) {
    let said = row.text("status").and_then(DealStatus::parse);
    let ends = |status: DealStatus| matches!(status, DealStatus::Won | DealStatus::Lost);
    // Other systems keep the last stage of a deal that was won or lost; ours ends in the stage for it.
    let open_stage = row.stage.as_ref().is_none_or(|s| s.status == DealStatus::Open);
    if let Some(status) = said.filter(|s| ends(*s) && open_stage)
        && let Some(stage) = closing_stage(lookups.stages, status)
    {
        row.stage = Some(StageRef::from(stage));
    }
    let by_stage = row.stage.as_ref().map(|s| s.status);
    let status = match (by_stage, said) {
        (Some(by_stage), Some(said)) if ends(by_stage) && by_stage != said => {
            row.warn("status", "", "status", format!("The stage decides: the deal is {by_stage}, not {said}."));
            Some(by_stage)
        }
        (Some(by_stage), _) if ends(by_stage) => Some(by_stage),
        (by_stage, said) => said.or(by_stage),
    };
    if let Some(id) = row.stage.as_ref().and_then(|stage| stage.id) {
        row.input.insert("stage_id".to_owned(), Json::from(id.to_string()));
    }
    let Some(status) = status else { return };
    row.input.insert("status".to_owned(), Json::from(status.as_str()));
    if status == DealStatus::Open {
        if row.input.remove("closed_date").is_some() {
            row.warn("closed_date", "", "open_deal", "The deal is open; its closing date is left out.");
        }
    } else if !row.input.contains_key("closed_date") {
        let expected = row.input.get("expected_close_date").cloned();
        let today = || {
            row.warnings.push(super::row::Note {
                field: "closed_date".to_owned(),
                column: String::new(),
                code: NO_CLOSE_DATE.to_owned(),
                message: "The deal is closed but has no date; the day of the import is taken.".to_owned(),
            });
            Json::from(lookups.today.to_string())
        };
        let date = expected.unwrap_or_else(today);
        row.defaults.insert("closed_date".to_owned(), date);
    }
}
