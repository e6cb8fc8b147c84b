//! A plan held against the columns of a file, and made ready for its rows.

use super::MAX_COLUMNS;
use super::plan::{FieldSource, Match, PhoneKind, Plan, Source};
use super::target::{Target, target};
use super::template::Template;
use super::value;
use crate::catalog::Schema;
use crate::error::FieldError;

/// The longest fixed value or template, in characters.
const TEXT_MAX: usize = 1_000;
/// The most columns that feed one field.
pub(super) const COLUMNS_MAX: usize = 50;
/// The most decisions about texts.
const MATCHES_MAX: usize = 5_000;

/// Where a value comes from, by the places of the columns.
#[derive(Debug)]
pub(super) enum Compiled {
    Columns(Vec<usize>),
    Template(Template),
    Constant(String),
}

/// The sources of all fields, the currency first: how an amount is read depends on it.
///
/// # Errors
/// All problems of the mapping and the options, each at its place in the plan.
pub(super) fn all(schema: Schema, plan: &Plan, headers: &[String]) -> Result<Vec<(Target, Compiled)>, Vec<FieldError>> {
    let mut errors = check_options(plan);
    errors.extend(check_kinds(plan, headers));
    let mut sources: Vec<(Target, Compiled)> = Vec::new();
    for (at, field) in plan.mapping.iter().enumerate() {
        match compile(schema, field, headers) {
            Err(message) => errors.push(FieldError::new(&format!("mapping/{at}"), "mapping", message)),
            Ok((target, _)) if sources.iter().any(|(known, _)| known.key == target.key) => {
                let message = format!("{} is mapped twice.", target.label);
                errors.push(FieldError::new(&format!("mapping/{at}"), "mapped_twice", message));
            }
            Ok(source) => sources.push(source),
        }
    }
    if sources.is_empty() && errors.is_empty() {
        errors.push(FieldError::new("mapping", "required", "Choose at least one column to import."));
    }
    sources.sort_by_key(|(target, _)| target.key != "currency");
    if errors.is_empty() { Ok(sources) } else { Err(errors) }
}

fn compile(schema: Schema, field: &FieldSource, headers: &[String]) -> Result<(Target, Compiled), String> {
    let Some(target) = target(schema, &field.field) else {
        return Err(format!("{} cannot be imported.", value::shorten(&field.field)));
    };
    let find = |name: &str| headers.iter().position(|h| h == name);
    let compiled = match &field.source {
        Source::Constant(text) if text.trim().is_empty() => return Err("The fixed value is empty.".to_owned()),
        Source::Constant(text) | Source::Template(text) if text.chars().count() > TEXT_MAX => {
            return Err(format!("A fixed value or template can have at most {TEXT_MAX} characters."));
        }
        Source::Constant(text) => Compiled::Constant(text.clone()),
        Source::Template(text) => Compiled::Template(Template::parse(text, find)?),
        Source::Columns(names) if names.is_empty() => return Err("Choose at least one column.".to_owned()),
        Source::Columns(names) if names.len() > COLUMNS_MAX => {
            return Err(format!("At most {COLUMNS_MAX} columns can feed one field."));
        }
        Source::Columns(names) => {
            let place = |name: &String| {
                find(name).ok_or_else(|| format!("The file has no column called {}.", value::shorten(name)))
            };
            Compiled::Columns(names.iter().map(place).collect::<Result<_, _>>()?)
        }
    };
    Ok((target, compiled))
}

fn check_kinds(plan: &Plan, headers: &[String]) -> Vec<FieldError> {
    let kinds = &plan.options.phone_kinds;
    let ids = plan.options.origin.as_ref().map_or(0, |origin| origin.ids.len());
    if kinds.len() > MAX_COLUMNS || ids > MAX_COLUMNS {
        let message = format!("A plan can name the kinds or ids of at most {MAX_COLUMNS} columns.");
        return vec![FieldError::new("options/phone_kinds", "too_many", message)];
    }
    let unknown = |name: &String| !headers.contains(name);
    let missing = |kind: &PhoneKind| [&kind.column, &kind.kind].into_iter().find(|name| unknown(name)).cloned();
    let found = kinds.iter().enumerate().filter_map(|(at, kind)| Some((at, missing(kind)?)));
    found
        .map(|(at, name)| {
            let message = format!("The file has no column called {}.", value::shorten(&name));
            FieldError::new(&format!("options/phone_kinds/{at}"), "mapping", message)
        })
        .collect()
}

fn check_options(plan: &Plan) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let options = &plan.options;
    if !crate::money::is_currency(&options.currency) {
        errors.push(FieldError::new(
            "options/currency",
            "currency",
            "The currency must be an ISO 4217 code such as USD.",
        ));
    }
    if options.phone_region.len() != 2 || !options.phone_region.chars().all(|c| c.is_ascii_uppercase()) {
        let message = "The phone region must be a country code such as US.";
        errors.push(FieldError::new("options/phone_region", "phone_region", message));
    }
    if options.matches.len() > MATCHES_MAX {
        let message = format!("A plan can decide about at most {MATCHES_MAX} texts.");
        errors.push(FieldError::new("options/matches", "too_many", message));
    }
    for (at, decision) in options.matches.iter().enumerate() {
        if let Match::Invite { email } = &decision.to
            && let Err(problem) = crate::auth::check_email("email", email)
        {
            errors.push(FieldError::new(&format!("options/matches/{at}/email"), &problem.code, problem.message));
        }
    }
    errors
}
