//! Reading one text of a row for its target.

use super::looks;
use super::plan::Match;
use super::reader::{Parts, Reader};
use super::resolve::Found;
use super::row::{CompanyLink, LookedUp, Row};
use super::sniff::may_lack_year;
use super::target::{Part, Target};
use super::value::{self, currency, date, number};
use crate::catalog::field_limits::PHONE_MAX;
use crate::catalog::{Kind, RecordType};
use crate::companies::domain_of;
use crate::draft::check;
use crate::error::code;
use serde_json::{Map, Value as Json};

impl Reader<'_> {
    /// Reads a text for a target.
    pub(super) fn fill(&self, row: &mut Row, parts: &mut Parts, target: &Target, text: &str, column: &str) {
        let name = target.field.name;
        match target.part {
            Part::Address(part) => {
                let address = parts.addresses.entry(name).or_insert_with(|| Json::Object(Map::new()));
                if let Some(members) = address.as_object_mut() {
                    members.insert(part.to_owned(), Json::from(text));
                }
            }
            Part::FullName => parts.full_name = Some(text.to_owned()),
            // All who have a page there would be taken for colleagues.
            Part::CompanyDomain if looks::is_social(text) => {
                let message = format!("“{}” is no company's own web site; it is left out.", value::shorten(text));
                row.warn("company_id", column, "social", message);
            }
            Part::CompanyDomain => {
                let domain = if text.contains('@') { domain_of(None, Some(text)) } else { domain_of(Some(text), None) };
                row.company.get_or_insert_with(CompanyLink::default).domain = domain;
            }
            Part::LineName => parts.line_name = Some(text.to_owned()),
            Part::LinePrice => {
                match number::minor_units(text, self.plan.options.decimal, self.scale(), self.currency(row)) {
                    Ok(minor) => parts.line_price = Some((minor, column.to_owned())),
                    Err(reason) => {
                        let message = format!("{} must be {reason}, not “{}”.", target.label, value::shorten(text));
                        row.error("products", column, code::AMOUNT, message);
                    }
                }
            }
            Part::LineQuantity => parts.line_quantity = Some((text.to_owned(), column.to_owned())),
            Part::Whole => self.fill_whole(row, target, text, column),
        }
    }

    fn fill_whole(&self, row: &mut Row, target: &Target, text: &str, column: &str) {
        let field = target.field;
        match field.kind {
            Kind::Record(RecordType::Company) => {
                row.company.get_or_insert_with(CompanyLink::default).name = Some(crate::tags::clean(text));
            }
            Kind::Record(_) => row.contact = Some(text.to_owned()),
            Kind::User => {
                let found = self.known.member(&target.key, text);
                let invite = || self.known.decision(&target.key, text).cloned();
                self.looked_up(row, target, text, column, &found, |m| {
                    m.id.map(|id| Match::Existing { id }).or_else(invite)
                });
                if let Found::This(member) = found {
                    if let Some(id) = member.id {
                        row.input.insert(field.name.to_owned(), Json::from(id.to_string()));
                    }
                    row.members.push((field.name, member));
                }
            }
            Kind::Stage => {
                let found = self.known.stage(&target.key, text);
                self.looked_up(row, target, text, column, &found, |s| {
                    Some(s.id.map_or(Match::Create { status: s.status }, |id| Match::Existing { id }))
                });
                if let Found::This(stage) = found {
                    row.stage = Some(stage);
                }
            }
            Kind::Select(choices) => {
                let found = self.known.select(&target.key, text, choices);
                self.looked_up(row, target, text, column, &found, |v| Some(Match::Choice { value: (*v).to_owned() }));
                if let Found::This(value) = found {
                    row.input.insert(field.name.to_owned(), Json::from(value));
                }
            }
            Kind::MultiSelect(choices) => {
                let mut chosen = Vec::new();
                for part in value::several::list(text) {
                    let found = self.known.select(&target.key, &part, choices);
                    let to = |v: &&str| Some(Match::Choice { value: (*v).to_owned() });
                    self.looked_up(row, target, &part, column, &found, to);
                    if let Found::This(value) = found {
                        chosen.push(value);
                    }
                }
                if !chosen.is_empty() {
                    row.input.insert(field.name.to_owned(), Json::from(chosen));
                }
            }
            Kind::Phone => self.fill_phone(row, field.name, field.label, text, column),
            _ => self.fill_plain(row, target, text, column),
        }
    }

    fn fill_plain(&self, row: &mut Row, target: &Target, text: &str, column: &str) {
        let field = target.field;
        if may_lack_year(field) && date::is_incomplete(text) {
            let message = format!("“{}” is no whole date; {} is left out.", value::shorten(text), field.label);
            return row.warn(field.name, column, "incomplete", message);
        }
        let json = match value::read(field, text, &self.plan.options, self.currency(row)) {
            Ok(json) => json,
            Err(unreadable) => return row.error(field.name, column, unreadable.code, unreadable.message),
        };
        match check(field, &json) {
            Err(problems) => {
                for problem in problems {
                    row.error(field.name, column, &problem.code, problem.message);
                }
            }
            Ok(checked) if checked.is_null() => {}
            Ok(checked) => {
                if matches!(field.kind, Kind::Money { .. }) {
                    self.compare_currency(row, field.name, text, column);
                }
                row.input.insert(field.name.to_owned(), checked.to_json());
            }
        }
    }

    /// A phone number is never a reason to refuse a row.
    pub(super) fn fill_phone(&self, row: &mut Row, name: &'static str, label: &str, text: &str, column: &str) {
        if let Some(normal) = (self.lookups.normalize_phone)(text, &self.plan.options.phone_region) {
            row.phones.push(normal.clone());
            row.input.insert(name.to_owned(), Json::from(normal));
            return;
        }
        let clean: String = text.chars().filter(|c| !c.is_control()).collect();
        let kept: String = clean.chars().take(PHONE_MAX).collect();
        let message = if kept.len() < clean.len() {
            format!("{label} is longer than {PHONE_MAX} characters and was cut.")
        } else {
            format!("“{}” is no phone number that exists; it is kept as written.", value::shorten(&kept))
        };
        row.warn(name, column, "phone", message);
        row.phones_as_written.push((name, kept));
    }

    fn looked_up<T>(
        &self,
        row: &mut Row,
        target: &Target,
        text: &str,
        column: &str,
        found: &Found<T>,
        to: impl Fn(&T) -> Option<Match>,
    ) {
        let to = match found {
            Found::This(this) => to(this),
            Found::Empty => Some(Match::Empty),
            Found::Unknown => {
                let message = format!("“{}” is not known; {} stays as it is.", value::shorten(text), target.label);
                row.warn(target.field.name, column, "unknown_value", message);
                None
            }
        };
        row.looked_up.push(LookedUp { field: target.key.clone(), text: crate::tags::clean(text), to });
    }

    fn compare_currency(&self, row: &mut Row, name: &str, text: &str, column: &str) {
        let currency = self.currency(row).to_owned();
        if let Some(named) = currency::named(text).filter(|named| *named != currency) {
            let message = format!("The amount says {named}; it is stored as {currency}.");
            row.warn(name, column, "currency", message);
        }
    }

    fn scale(&self) -> u32 {
        self.plan.options.money_scale.exponent()
    }

    fn currency<'r>(&'r self, row: &'r Row) -> &'r str {
        row.text("currency").unwrap_or(&self.plan.options.currency)
    }
}
