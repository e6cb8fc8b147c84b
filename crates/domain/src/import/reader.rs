//! Turns the records of a file into rows by a plan.

use super::compile::{self, Compiled};
use super::deal;
use super::phones::{Kinds, phone_columns};
use super::plan::Plan;
use super::resolve::Known;
use super::row::Row;
use super::target::Target;
use super::value::{self, several};
use crate::auth::Member;
use crate::catalog::{RecordType, Schema};
use crate::contacts::split_name;
use crate::draft::check;
use crate::error::FieldError;
use crate::pipelines::Stage;
use chrono::NaiveDate;
use serde_json::Value as Json;
use std::borrow::Cow;

/// Normalises a phone number written in a region (ISO 3166-1 alpha-2); `None` where that is not possible.
pub type NormalizePhone<'a> = &'a (dyn Fn(&str, &str) -> Option<String> + Sync);

/// What rows refer to, and what cannot be decided without a server.
#[derive(Clone, Copy)]
pub struct Lookups<'a> {
    /// The fields of the records.
    pub schema: Schema,
    /// The stages of the pipeline that deals go to.
    pub stages: &'a [Stage],
    /// The members of the organization, those who are invited included.
    pub members: &'a [Member],
    /// Normalises phone numbers.
    pub normalize_phone: NormalizePhone<'a>,
    /// The day of the import: closed deals without a date get it.
    pub today: NaiveDate,
}

impl std::fmt::Debug for Lookups<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lookups").field("stages", &self.stages).field("members", &self.members).finish_non_exhaustive()
    }
}

/// Reads records by a plan.
#[derive(Debug)]
pub struct Reader<'a> {
    pub(super) plan: &'a Plan,
    headers: &'a [String],
    pub(super) lookups: Lookups<'a>,
    pub(super) known: Known<'a>,
    kinds: Kinds,
    sources: Vec<(Target, Compiled)>,
}

impl<'a> Reader<'a> {
    /// Checks the plan against the headers of [`super::clean_headers`].
    ///
    /// # Errors
    /// All problems of the mapping and the options, each at its place in the plan.
    pub fn new(plan: &'a Plan, headers: &'a [String], lookups: Lookups<'a>) -> Result<Self, Vec<FieldError>> {
        let sources = compile::all(lookups.schema, plan, headers)?;
        let known = Known::new(&plan.options, lookups.stages, lookups.members);
        Ok(Self { plan, headers, lookups, known, kinds: Kinds::new(plan, headers), sources })
    }

    /// The required fields that nothing feeds: no row can become a new record. Paths lead into the plan.
    pub fn unfed(&self) -> Vec<FieldError> {
        let feeds = |name: &str| self.sources.iter().any(|(t, _)| t.key == name);
        let schema = self.schema();
        // A whole name, or a last name alone, gives a contact's first name.
        let is_fed = |name: &str| feeds(name) || feeds(schema.title) || (name == "first_name" && feeds("last_name"));
        let unfed = schema.fields().filter(|f| f.is_required() && !is_fed(f.name));
        let message = |label: &str| format!("{label} is required: choose a column, or compose it from several.");
        unfed.map(|f| FieldError::new("mapping", "required", message(f.label))).collect()
    }

    /// The record type.
    pub fn record(&self) -> RecordType {
        self.plan.entity
    }

    /// The fields of the records.
    pub fn schema(&self) -> Schema {
        self.lookups.schema
    }

    /// The plan.
    pub fn plan(&self) -> &'a Plan {
        self.plan
    }

    /// What rows refer to.
    pub fn lookups(&self) -> &Lookups<'a> {
        &self.lookups
    }

    /// The columns that feed nothing.
    pub fn not_imported(&self) -> Vec<String> {
        let used = |at: usize| {
            self.kinds.names(at)
                || self.sources.iter().any(|(_, source)| match source {
                    Compiled::Columns(columns) => columns.contains(&at),
                    Compiled::Template(template) => template.columns().any(|c| c == at),
                    Compiled::Constant(_) => false,
                })
        };
        self.headers.iter().enumerate().filter(|(at, _)| !used(*at)).map(|(_, h)| h.clone()).collect()
    }

    /// Reads one record.
    pub fn row(&self, record: &[&str]) -> Row {
        let mut row = Row { blank: record.iter().all(|cell| cell.trim().is_empty()), ..Row::default() };
        if row.blank {
            return row;
        }
        let surplus = record.get(self.headers.len()..).unwrap_or_default();
        if record.len() < self.headers.len() || surplus.iter().any(|cell| !cell.trim().is_empty()) {
            let message = format!("The row has {} columns, but the header has {}.", record.len(), self.headers.len());
            row.error("", "", "columns", message);
            return row;
        }
        let record: Vec<&str> = record.iter().copied().map(without_guard).collect();
        let mut parts = Parts::default();
        for entry @ (target, source) in &self.sources {
            if phone_columns(entry).is_none()
                && let Some((text, column)) = self.text(source, &record)
            {
                let (one, others) = several::one(target, text.trim());
                for other in others {
                    let message = format!("“{}” is left out: the field takes one value.", value::shorten(other));
                    row.warn(target.field.name, column, "several", message);
                }
                self.fill(&mut row, &mut parts, target, one, column);
            }
            // A name that is composed for want of a column names new records; existing ones keep theirs.
            if target.is_required()
                && matches!(source, Compiled::Template(_))
                && let Some(composed) = row.input.remove(target.field.name)
            {
                row.defaults.insert(target.field.name.to_owned(), composed);
            }
        }
        let phones = self.kinds.phones(&self.sources, &record);
        for phone in &phones.fed {
            self.fill_phone(&mut row, phone.field.name, phone.field.label, phone.text, self.header(phone.column));
        }
        for (phone, message) in phones.left_out() {
            row.warn(phone.field.name, self.header(phone.column), "several", message);
        }
        self.finish(&mut row, parts);
        row
    }

    fn header(&self, at: usize) -> &str {
        self.headers.get(at).map_or("", String::as_str)
    }

    /// The text of a source, if it is not blank, and the header of its column.
    fn text<'r>(&'r self, source: &'r Compiled, record: &[&'r str]) -> Option<(Cow<'r, str>, &'r str)> {
        match source {
            Compiled::Constant(text) => Some((Cow::Borrowed(text.as_str()), "")),
            Compiled::Template(template) => {
                let text = template.render(record);
                (!text.is_empty()).then_some((Cow::Owned(text), ""))
            }
            Compiled::Columns(columns) => columns.iter().find_map(|at| {
                let cell = record.get(*at)?;
                (!cell.trim().is_empty()).then(|| (Cow::Borrowed(*cell), self.header(*at)))
            }),
        }
    }

    fn finish(&self, row: &mut Row, parts: Parts) {
        let options = &self.plan.options;
        for (name, json) in &parts.addresses {
            let Some(field) = self.schema().field(name) else { continue };
            match check(field, json) {
                Ok(_) => {
                    row.input.insert((*name).to_owned(), json.clone());
                }
                Err(problems) => {
                    for problem in problems {
                        row.error(name, "", &problem.code, problem.message);
                    }
                }
            }
        }
        if self.record() == RecordType::Contact {
            finish_names(row, parts.full_name.as_deref());
        }
        if self.record() == RecordType::Deal {
            deal::add_line(row, &parts, options.decimal);
            deal::settle(row, &self.lookups);
            row.defaults.insert("source".to_owned(), Json::from("import"));
        }
        let has_currency = self.schema().field("currency").is_some();
        let has_price = row.line.as_ref().is_some_and(|line| line.price_minor.is_some());
        let has_money = has_price || row.input.keys().any(|name| name.ends_with("_minor"));
        if has_currency {
            let currency = Json::from(options.currency.to_uppercase());
            // An amount in an update means the file's currency too; without an amount the record keeps its own.
            let place = if has_money { &mut row.input } else { &mut row.defaults };
            place.entry("currency").or_insert(currency);
        }
    }
}

/// A cell without the apostrophe that keeps spreadsheets (and our error files) from running it as a formula.
fn without_guard(cell: &str) -> &str {
    let inner = cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r']));
    inner.unwrap_or(cell)
}

/// What is put together from several columns.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub addresses: std::collections::BTreeMap<&'static str, Json>,
    pub full_name: Option<String>,
    pub line_name: Option<String>,
    pub line_price: Option<(i64, String)>,
    pub line_quantity: Option<(String, String)>,
}

/// First and last name from a whole name; a last name alone is the first name of somebody new, others keep theirs.
fn finish_names(row: &mut Row, full: Option<&str>) {
    let has_first = row.input.contains_key("first_name");
    let has_last = row.input.contains_key("last_name");
    if let (false, false, Some(full)) = (has_first, has_last, full) {
        let (first, last) = split_name(full);
        for (name, text) in [("first_name", first), ("last_name", last)] {
            if text.chars().count() > 100 {
                row.error(name, "", "too_long", "Each name can have at most 100 characters.");
            } else if !text.is_empty() {
                row.input.insert(name.to_owned(), Json::from(text));
            }
        }
    } else if !has_first && let Some(last) = row.input.get("last_name").cloned() {
        row.defaults.entry("first_name").or_insert(last);
    }
}
