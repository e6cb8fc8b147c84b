//! What the contents of a column tell about it.

use super::looks;
use super::plan::{DecimalSeparator, MoneyScale, Options};
use super::target::{Part, Target};
use super::value::{self, date, number};
use crate::auth::DateOrder;
use crate::catalog::{Field, Kind, RecordType};

/// A column's non-blank sample values.
pub struct Column<'a> {
    /// The header.
    pub header: &'a str,
    /// Its place.
    pub at: usize,
    /// The values.
    pub values: Vec<&'a str>,
}

impl<'a> Column<'a> {
    /// Column `at` of the sample rows.
    pub fn new(header: &'a str, at: usize, rows: &'a [Vec<String>]) -> Self {
        let values = rows.iter().filter_map(|row| row.get(at)).map(|v| v.trim()).filter(|v| !v.is_empty());
        Self { header, at, values: values.collect() }
    }

    /// Whether at least `percent` of the values (and at least one) are like this.
    pub fn mostly(&self, percent: usize, like: impl Fn(&str) -> bool) -> bool {
        let length = self.values.len();
        let mut misses = 0;
        for value in &self.values {
            misses += usize::from(!like(value));
            // Most columns are unlike most things; their other values need not be looked at.
            if misses * 100 > length * 100_usize.saturating_sub(percent) {
                return false;
            }
        }
        misses < length
    }

    /// Whether hardly a value stands there twice.
    fn differs(&self) -> bool {
        let different: std::collections::BTreeSet<_> = self.values.iter().collect();
        different.len() * 10 >= self.values.len() * 9
    }

    /// Whether the contents contradict the target that the header suggests. An empty column contradicts nothing.
    pub fn contradicts(&self, target: &Target, options: &Options) -> bool {
        if self.values.is_empty() {
            return false;
        }
        let fits = match (target.part, target.field.kind) {
            (Part::Whole, Kind::Email) => self.mostly(50, looks::is_email),
            (Part::Whole, Kind::Date | Kind::DateTime) => {
                let orders = [options.date_order, DateOrder::Mdy, DateOrder::Dmy, DateOrder::Ymd];
                let is_part = |v: &str| may_lack_year(target.field) && date::is_incomplete(v);
                let is_day = |v: &str, order| date::day(v, order).is_some() || date::is_none(v) || is_part(v);
                orders.into_iter().any(|order| self.mostly(50, |v| is_day(v, order)))
            }
            (Part::LinePrice | Part::LineQuantity, _)
            | (Part::Whole, Kind::Money { .. } | Kind::Integer { .. } | Kind::Number) => {
                self.mostly(50, looks::is_number)
            }
            (Part::Whole, Kind::Boolean) => self.mostly(50, |v| value::boolean(v).is_some()),
            (Part::Whole, Kind::Select(choices)) => {
                let known = |v: &str| super::resolve::choice(choices, v).is_some();
                self.mostly(1, known)
            }
            (Part::Whole, Kind::Currency) => self.mostly(50, |v| value::currency::named(&v.to_uppercase()).is_some()),
            (Part::Whole, Kind::Url) => self.mostly(50, looks::is_web),
            // A network is no company's own site; all its people would be taken for colleagues.
            (Part::CompanyDomain, _) => !self.mostly(50, looks::is_social),
            // Ids of another system are no names.
            (Part::Whole, Kind::Record(_) | Kind::User | Kind::Stage) => !self.mostly(90, looks::is_foreign_id),
            _ => true,
        };
        !fits
    }

    /// The target that the contents alone suggest.
    pub fn suggests(&self, record: RecordType) -> Option<&'static str> {
        use RecordType::{Company, Contact, Deal};
        let are = |like: fn(&str) -> bool| self.mostly(80, like);
        let silent = looks::says_nothing(self.header);
        match record {
            Contact if are(looks::is_email) => Some("email"),
            Company if are(looks::is_email) => Some("primary_email"),
            Contact if are(looks::is_linkedin) => Some("linkedin_url"),
            Company if are(|v| looks::is_web(v) && !looks::is_social(v)) => Some("website"),
            Contact | Deal if silent && are(|v| looks::is_web(v) && !looks::is_social(v)) => Some("company.domain"),
            Contact if are(looks::is_phone) => Some("phone"),
            Company if are(looks::is_phone) => Some("primary_phone"),
            Deal if are(looks::is_amount) => Some("amount_minor"),
            Company if silent && are(looks::is_amount) => Some("annual_revenue_minor"),
            Company if are(looks::is_country) => Some("billing_address.country"),
            Company if silent && self.values.len() > 2 && self.mostly(100, looks::is_country_code) => {
                Some("billing_address.country")
            }
            // Titles of positions look like names, but many people have the same.
            Contact if are(looks::is_person) && self.differs() => Some("name"),
            Contact if silent && are(looks::is_birthday) => Some("birthday"),
            Deal if silent && are(|v| looks::day(v).is_some()) => Some("expected_close_date"),
            _ => None,
        }
    }
}

/// Days that are remembered every year; address books keep them without the year, too.
pub fn may_lack_year(field: &Field) -> bool {
    matches!(field.name, "birthday" | "anniversary")
}

/// The order of dates, if the values of these columns tell it.
pub fn date_order<'a>(columns: impl Iterator<Item = &'a Column<'a>>) -> Option<DateOrder> {
    columns.flat_map(|c| &c.values).find_map(|text| date::telling_order(text))
}

/// The decimal separator, if the numbers of these columns tell it: by being readable with one of both only, or by
/// groups of three digits in all of them, which no amount has behind a decimal separator.
pub fn decimal<'a>(columns: impl Iterator<Item = &'a Column<'a>>) -> Option<DecimalSeparator> {
    let values: Vec<&str> = columns.flat_map(|c| c.values.iter().copied()).collect();
    let readable = |s| values.iter().filter(|v| number::minor_units(v, s, 0, "USD").is_ok()).count();
    let (point, comma) = (readable(DecimalSeparator::Point), readable(DecimalSeparator::Comma));
    match point.cmp(&comma) {
        std::cmp::Ordering::Greater => Some(DecimalSeparator::Point),
        std::cmp::Ordering::Less => Some(DecimalSeparator::Comma),
        std::cmp::Ordering::Equal => grouping(&values),
    }
}

fn grouping(values: &[&str]) -> Option<DecimalSeparator> {
    let all_in_threes = |sign: char| {
        let mut tails = values
            .iter()
            .filter_map(|v| v.rsplit_once(sign))
            .map(|(_, tail)| tail.chars().take_while(char::is_ascii_digit).count() == 3);
        // One alone may be three decimals all the same.
        let first_two = (tails.next(), tails.next());
        first_two == (Some(true), Some(true)) && tails.all(|in_three| in_three)
    };
    match (all_in_threes('.'), all_in_threes(',')) {
        (true, false) => Some(DecimalSeparator::Comma),
        (false, true) => Some(DecimalSeparator::Point),
        _ => None,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn column<'a>(rows: &'a [Vec<String>], header: &'a str) -> Column<'a> {
        Column::new(header, 0, rows)
    }

    fn rows(values: &[&str]) -> Vec<Vec<String>> {
        values.iter().map(|v| vec![(*v).to_owned()]).collect()
    }

    /// IMPORT-02: contents speak where headers do not; risky guesses need a header that says nothing.
    #[test]
    fn suggestions() {
        use RecordType::{Company, Contact, Deal};
        for (record, header, values, expected) in [
            (Contact, "Reach", &["ada@example.com", "", "bob@example.com"][..], Some("email")),
            (Contact, "Profile", &["https://www.linkedin.com/in/ada"], Some("linkedin_url")),
            (Company, "Profile", &["https://www.linkedin.com/company/acme"], None),
            (Company, "Where", &["acme.com", "www.example.org"], Some("website")),
            (Contact, "Column 2", &["acme.com"], Some("company.domain")),
            (Contact, "Blog", &["https://ada.example"], None),
            (Deal, "Budget", &["€ 1.200", "€ 900"], Some("amount_minor")),
            (Company, "Budget", &["€ 1.200"], None),
            (Company, "HQ", &["Germany", "France", "Österreich"], Some("billing_address.country")),
            (Company, "Column 4", &["DE", "FR", "CH"], Some("billing_address.country")),
            (Company, "Office", &["CA", "DE", "IN"], None),
            (Contact, "Who", &["Ada Lovelace", "Grace Hopper"], Some("name")),
            (Contact, "Role", &["Sales Manager", "Sales Manager", "Product Owner"], None),
            (Contact, "Column 1", &["1984-05-12"], Some("birthday")),
            (Contact, "Hired", &["1984-05-12"], None),
            (Deal, "Column 9", &["2026-05-12"], Some("expected_close_date")),
            (Deal, "Column 9", &["2026-05-12 10:00"], None),
        ] {
            let rows = rows(values);
            assert_eq!(column(&rows, header).suggests(record), expected, "{header}: {values:?}");
        }
    }

    /// IMPORT-02: amounts tell their decimal separator, also by their groups of digits.
    #[test]
    fn separators() {
        use DecimalSeparator::{Comma, Point};
        for (values, expected) in [
            (&["1.234,50"][..], None),
            (&["12,5", "1.234,50"], Some(Comma)),
            (&["12.5"], Some(Point)),
            (&["1.200", "12.500"], Some(Comma)),
            (&["1,200", "12,500"], Some(Point)),
            (&["1.200"], None),
            (&["1.200", "1.25"], Some(Point)),
            (&["1200"], None),
        ] {
            let rows = rows(values);
            assert_eq!(decimal(std::iter::once(&column(&rows, "x"))), expected, "{values:?}");
        }
    }
}
