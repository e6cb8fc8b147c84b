//! What the contents of a column tell about it.

use super::plan::{DecimalSeparator, MoneyScale, Options};
use super::target::{Part, Target};
use super::value::{self, date, number};
use crate::address;
use crate::auth::DateOrder;
use crate::catalog::{Kind, RecordType};

/// A column's non-blank sample values.
pub struct Column<'a> {
    /// The header.
    pub header: &'a str,
    /// The values.
    pub values: Vec<&'a str>,
}

impl<'a> Column<'a> {
    /// Column `at` of the sample rows.
    pub fn new(header: &'a str, at: usize, rows: &'a [Vec<String>]) -> Self {
        let values = rows.iter().filter_map(|row| row.get(at)).map(|v| v.trim()).filter(|v| !v.is_empty());
        Self { header, values: values.collect() }
    }

    /// Whether at least `percent` of the values (and at least one) are like this.
    fn mostly(&self, percent: usize, like: impl Fn(&str) -> bool) -> bool {
        let hits = self.values.iter().filter(|v| like(v)).count();
        hits > 0 && hits * 100 >= self.values.len() * percent
    }

    /// Whether the contents contradict the target that the header suggests. An empty column contradicts nothing.
    pub fn contradicts(&self, target: &Target, options: &Options) -> bool {
        if self.values.is_empty() {
            return false;
        }
        let fits = match (target.part, target.field.kind) {
            (Part::Whole, Kind::Email) => self.mostly(50, is_email),
            (Part::Whole, Kind::Date | Kind::DateTime) => {
                let orders = [options.date_order, DateOrder::Mdy, DateOrder::Dmy, DateOrder::Ymd];
                orders.into_iter().any(|order| self.mostly(50, |v| date::day(v, order).is_some()))
            }
            (Part::LinePrice | Part::LineQuantity, _) | (Part::Whole, Kind::Money { .. } | Kind::Integer { .. }) => {
                self.mostly(50, is_number)
            }
            (Part::Whole, Kind::Boolean) => self.mostly(50, |v| value::boolean(v).is_some()),
            (Part::Whole, Kind::Select(choices)) => {
                let known = |v: &str| super::resolve::choice(choices(), v).is_some();
                self.mostly(1, known)
            }
            (Part::Whole, Kind::Currency) => self.mostly(50, |v| crate::money::is_currency(&v.to_uppercase())),
            // Ids of another system are no names.
            (Part::Whole, Kind::Record(_) | Kind::User | Kind::Stage) => !self.mostly(90, is_foreign_id),
            _ => true,
        };
        !fits
    }

    /// The target that the contents alone suggest.
    pub fn suggests(&self, record: RecordType) -> Option<&'static str> {
        let company = record == RecordType::Company;
        if self.mostly(80, is_email) && record != RecordType::Deal {
            return Some(if company { "primary_email" } else { "email" });
        }
        if record == RecordType::Contact && self.mostly(80, |v| v.contains("linkedin.com/")) {
            return Some("linkedin_url");
        }
        if company && self.mostly(80, |v| v.starts_with("http://") || v.starts_with("https://")) {
            return Some("website");
        }
        if record != RecordType::Deal && self.mostly(80, looks_like_phone) {
            return Some(if company { "primary_phone" } else { "phone" });
        }
        None
    }
}

fn is_email(text: &str) -> bool {
    address::is_email(value::email(text))
}

fn is_number(text: &str) -> bool {
    [DecimalSeparator::Point, DecimalSeparator::Comma]
        .into_iter()
        .any(|s| number::minor_units(text, s, 0, "USD").is_ok() || number::integer(text, s).is_ok())
}

fn is_foreign_id(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit()) || uuid::Uuid::try_parse(text).is_ok()
}

/// Stricter than the field's own check, which would take any number for a phone.
fn looks_like_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let punctuated = text.starts_with('+') || text.starts_with('(') || text.matches(['-', ' ', '.']).count() >= 2;
    let allowed = text.chars().all(|c| c.is_ascii_digit() || " +-().x#/".contains(c));
    (7..=20).contains(&digits) && punctuated && allowed && date::telling_order(text).is_none()
}

/// The order of dates, if the values of these columns tell it.
pub fn date_order<'a>(columns: impl Iterator<Item = &'a Column<'a>>) -> Option<DateOrder> {
    columns.flat_map(|c| &c.values).find_map(|text| date::telling_order(text))
}

/// The decimal separator, if the numbers of these columns can only be read with one of both.
pub fn decimal<'a>(columns: impl Iterator<Item = &'a Column<'a>>) -> Option<DecimalSeparator> {
    let values: Vec<&str> = columns.flat_map(|c| c.values.iter().copied()).collect();
    let readable = |s| values.iter().filter(|v| number::minor_units(v, s, 0, "USD").is_ok()).count();
    let (point, comma) = (readable(DecimalSeparator::Point), readable(DecimalSeparator::Comma));
    match point.cmp(&comma) {
        std::cmp::Ordering::Greater => Some(DecimalSeparator::Point),
        std::cmp::Ordering::Less => Some(DecimalSeparator::Comma),
        std::cmp::Ordering::Equal => None,
    }
}

/// What one unit of revenue stands for: the scale at which revenue per employee makes sense (5,000 to 5 million).
pub fn money_scale(revenue: &Column<'_>, employees: &Column<'_>, decimal: DecimalSeparator) -> Option<MoneyScale> {
    let read = |column: &Column<'_>| {
        let mut numbers: Vec<i64> =
            column.values.iter().filter_map(|v| number::minor_units(v, decimal, 0, "USD").ok()).collect();
        numbers.sort_unstable();
        numbers.get(numbers.len() / 2).copied()
    };
    let (revenue, employees) = (read(revenue)?, read(employees)?);
    let per_head = |scale: MoneyScale| {
        let grown = i128::from(revenue) * 10_i128.pow(scale.exponent());
        grown.checked_div(i128::from(employees)).unwrap_or(0)
    };
    [MoneyScale::Units, MoneyScale::Thousands, MoneyScale::Millions]
        .into_iter()
        .find(|scale| (5_000..=5_000_000).contains(&per_head(*scale)))
}
