//! The table of a PDF: cells as people read them.

use super::super::cell::Cell;
use chrono::{NaiveDate, NaiveDateTime};
use domain::catalog::Kind;
use domain::export::Column;
use domain::written;
use std::collections::BTreeSet;

/// What is kept of a cell's text, in characters: more than the widest column shows.
const TEXT_MAX: usize = 400;

/// A table as it is shown.
#[derive(Debug)]
pub struct Table {
    /// The columns.
    pub columns: Vec<Heading>,
    /// The texts, a row for each record.
    pub rows: Vec<Vec<String>>,
    /// Columns that are not shown because they are empty in every record.
    pub left_out: Vec<String>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// What stands over it.
    pub text: String,
    /// Whether its texts end under each other: numbers and amounts.
    pub at_end: bool,
    /// Whether its texts stay on one line: numbers, amounts and dates.
    pub is_whole: bool,
}

impl Table {
    /// Of records with these columns. `only_filled` leaves out the id, and the columns that are empty in every record.
    pub fn of(columns: &[Column], records: Vec<Vec<Cell>>, only_filled: bool) -> Self {
        let mut table = Self { columns: Vec::new(), rows: Vec::new(), left_out: Vec::new() };
        if records.is_empty() {
            return table;
        }
        let mut kept = Vec::new();
        for (at, column) in columns.iter().enumerate() {
            if only_filled && column.field.is_none() {
                continue;
            }
            let cells = || records.iter().filter_map(|cells| cells.get(at));
            if only_filled && cells().all(|cell| *cell == Cell::Empty) {
                table.left_out.push(column.label.clone());
                continue;
            }
            let currencies: BTreeSet<&str> = cells().filter_map(currency_of).collect();
            // One for all stands in the header, else each amount has its own.
            let shared = currencies.first().filter(|_| currencies.len() == 1);
            kept.push((at, shared.is_none()));
            let kind = column.field.map(|field| field.kind);
            let at_end = matches!(kind, Some(Kind::Money { .. } | Kind::Integer { .. } | Kind::Number));
            table.columns.push(Heading {
                text: shared.map_or_else(|| column.label.clone(), |code| format!("{} ({code})", column.label)),
                at_end,
                is_whole: at_end || matches!(kind, Some(Kind::Date | Kind::DateTime)),
            });
        }
        let shown = |cells: Vec<Cell>| {
            kept.iter().map(|(at, own)| cells.get(*at).map_or_else(String::new, |cell| words(cell, *own))).collect()
        };
        table.rows = records.into_iter().map(shown).collect();
        table
    }
}

/// A cell without what is too long to be shown.
pub fn kept(cell: &Cell) -> Cell {
    match cell {
        Cell::Text(text) => Cell::Text(on_one_line(text, TEXT_MAX)),
        other => other.clone(),
    }
}

fn currency_of(cell: &Cell) -> Option<&str> {
    if let Cell::Money { currency, .. } = cell { Some(currency) } else { None }
}

/// A cell in words; amounts with their currency where they do not share it.
fn words(cell: &Cell, own_currency: bool) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Number(text) => written::number(text),
        Cell::Money { amount, currency } if own_currency => format!("{} {currency}", written::number(amount)),
        Cell::Money { amount, .. } => written::number(amount),
        Cell::Date(text) => text.parse::<NaiveDate>().map_or_else(|_e| text.clone(), written::day),
        Cell::Moment(text) => text.parse::<NaiveDateTime>().map_or_else(|_e| text.clone(), written::moment),
    }
}

/// The first letters of a text, on one line and without what cannot be printed.
pub fn on_one_line(text: &str, most: usize) -> String {
    let mut line = String::new();
    for part in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|part| !part.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(part);
        // Every letter is a byte at least.
        if line.len() > most
            && let Some((end, _)) = line.char_indices().nth(most)
        {
            line.truncate(end);
            break;
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::catalog::RecordType;

    fn money(amount: &str, currency: &str) -> Cell {
        Cell::Money { amount: amount.to_owned(), currency: currency.to_owned() }
    }

    /// EXPORT-03: what is empty in every record is left out and named; a currency that all share stands in the header.
    #[test]
    fn columns_and_currencies() {
        let all = domain::export::columns(RecordType::Deal.standard());
        let wanted = ["name", "amount_minor", "expected_close_date", "notes"];
        let columns: Vec<Column> =
            wanted.iter().filter_map(|key| all.iter().find(|column| column.key == *key).cloned()).collect();
        let deal =
            |amount: Cell| vec![Cell::Text("Crane".into()), amount, Cell::Date("2027-03-01".into()), Cell::Empty];
        let euros = || vec![deal(money("1250.00", "EUR")), deal(Cell::Empty)];
        let table = Table::of(&columns, euros(), true);
        let headings: Vec<&str> = table.columns.iter().map(|column| column.text.as_str()).collect();
        assert_eq!(headings, ["Name", "Amount (EUR)", "Expected close"]);
        assert_eq!(table.left_out, ["Notes"]);
        assert_eq!(table.rows, [["Crane", "1,250.00", "1 Mar 2027"], ["Crane", "", "1 Mar 2027"]]);
        assert_eq!(table.columns.iter().map(|column| column.at_end).collect::<Vec<_>>(), [false, true, false]);

        let mixed = euros().into_iter().chain([deal(money("-1250", "JPY"))]).collect();
        let table = Table::of(&columns, mixed, false);
        assert_eq!((table.columns.len(), table.columns[1].text.as_str()), (4, "Amount"));
        assert_eq!((table.rows[0][1].as_str(), table.rows[2][1].as_str()), ("1,250.00 EUR", "-1,250 JPY"));
    }

    #[test]
    fn texts_on_one_line() {
        assert_eq!(on_one_line("  Two\nlines\t\u{0}and\u{7f} more ", 60), "Two lines and more");
        assert_eq!(on_one_line(&"wörd ".repeat(1_000), 400).chars().count(), 400);
        assert_eq!(on_one_line(&"x".repeat(1_000), 400), "x".repeat(400));
    }
}
