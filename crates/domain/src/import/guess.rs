//! Proposes a plan for a file: from headers by name, and from the contents of the columns.

use super::feeding::Feeding;
use super::plan::{FieldSource, Options, Origin, PhoneKind, Plan, Source};
use super::preset::{self, Meaning, Place, Preset};
use super::sniff::{self, Column};
use super::target::{Part, Target, targets};
use super::{squash, synonyms, words};
use crate::auth::OrgSettings;
use crate::catalog::{Kind, RecordType, Schema};

/// The plan that headers, sample rows and the organization's settings suggest.
///
/// Exports of known products are mapped by their preset; what it does not know, by names and contents.
/// `headers` are those of [`super::clean_headers`]; `rows` are sample records.
pub fn guess(schema: Schema, headers: &[String], rows: &[Vec<String>], settings: &OrgSettings) -> Plan {
    let mut options = Options::from_settings(settings);
    let (record, targets) = (schema.record, targets(schema));
    let columns: Vec<Column<'_>> =
        headers.iter().enumerate().map(|(at, header)| Column::new(header, at, rows)).collect();
    let preset = preset::recognise(record, headers);
    let mut fed = Feeding::new(&targets);
    let mut rest = Vec::new();
    for column in &columns {
        let fits = |target: &&Target| !column.contradicts(target, &options);
        // What an organization has named itself means itself, whatever other products call so.
        let own = targets.iter().find(|t| t.field.custom_key().is_some() && squash(&t.label) == squash(column.header));
        if let Some(target) = own.filter(fits) {
            fed.feed(target, AFTER_PRESET, column);
            continue;
        }
        let meaning = preset.map_or(Meaning::Unknown, |preset| preset.meaning(column.header));
        let by_preset = match &meaning {
            Meaning::LeftOut => continue,
            Meaning::Unknown => None,
            Meaning::Feeds(keys) => keys.iter().find_map(|(key, place)| Some((fed.target(key).filter(fits)?, *place))),
        };
        let by_header = || Some((by_header(record, column.header, &targets).filter(fits)?, AFTER_PRESET));
        match by_preset.or_else(by_header) {
            Some((target, place)) => fed.feed(target, place, column),
            None => rest.push(column),
        }
    }
    // Contents speak only for fields that no header claims.
    for column in rest {
        let suggested = column.suggests(record).filter(|key| !(fed.has(key) || *key == "name" && fed.has_name()));
        if let Some(target) = suggested.and_then(|key| fed.target(key)) {
            fed.feed(target, AFTER_PRESET, column);
        }
    }
    if record == RecordType::Contact {
        fed.settle_names(rows);
    }
    read_options(&fed.columns, &mut options);
    let mut mapping = fed.mapping();
    if let Some(preset) = preset {
        apply(preset, headers, &mut mapping, &mut options);
    }
    // In the order of forms, so that plan and preview read like a record.
    mapping.sort_by_key(|source| targets.iter().position(|t| t.key == source.field));
    compose_required(schema, &mut mapping);
    Plan { entity: record, mapping, options }
}

/// The place of columns that no preset ordered: after those of the preset, in the order of the file.
const AFTER_PRESET: Place = (usize::MAX, 0);

/// What a preset says beside the columns that feed fields.
fn apply(preset: &Preset, headers: &[String], mapping: &mut Vec<FieldSource>, options: &mut Options) {
    for (field, template) in preset.templates(headers) {
        mapping.retain(|known| known.field != field);
        mapping.push(FieldSource { field: field.to_owned(), source: Source::Template(template) });
    }
    let kinds = preset.kind_columns(headers).into_iter();
    options.phone_kinds = kinds.map(|(column, kind)| PhoneKind { column, kind }).collect();
    let ids = preset.id_columns(headers);
    options.origin = Some(Origin { product: preset.product.to_owned(), ids });
}

/// The target that a header means by its words.
fn by_header<'t>(record: RecordType, header: &str, targets: &'t [Target]) -> Option<&'t Target> {
    let whole = squash(header);
    let bare = record.spec().import.prefixes.iter().find_map(|p| whole.strip_prefix(p)).filter(|rest| !rest.is_empty());
    named(record, &whole, targets)
        .or_else(|| reachable_by(record, header, targets))
        .or_else(|| bare.and_then(|bare| named(record, bare, targets)))
        .or_else(|| words::target_of(record, &whole).and_then(|key| targets.iter().find(|t| t.key == key)))
}

fn named<'t>(record: RecordType, squashed: &str, targets: &'t [Target]) -> Option<&'t Target> {
    let is_called = |t: &Target| {
        let name = t.field.name;
        let bare = name.strip_suffix("_id").or_else(|| name.strip_suffix("_minor")).unwrap_or(name);
        let names = [name, bare, t.field.label];
        squash(&t.key) == squashed
            || squash(&t.label) == squashed
            || t.part == Part::Whole && names.iter().chain(t.field.aliases).any(|n| squash(n) == squashed)
    };
    let by_synonym = || synonyms::target_of(record, squashed).and_then(|key| targets.iter().find(|t| t.key == key));
    targets.iter().find(|t| is_called(t)).or_else(by_synonym)
}

/// Email addresses and phone numbers come under many names: `email_work`, `Phone 2`, `Other mobile number`.
fn reachable_by<'t>(record: RecordType, header: &str, targets: &'t [Target]) -> Option<&'t Target> {
    const QUALIFIERS: &[&str] = &[
        "work",
        "home",
        "other",
        "personal",
        "private",
        "business",
        "office",
        "primary",
        "secondary",
        "main",
        "alternative",
        "alternate",
        "additional",
        "address",
        "number",
        "no",
        "nr",
        "value",
    ];
    let lower = header.to_lowercase().replace("e-mail", "email");
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let core: Vec<&str> =
        words.iter().copied().filter(|w| !QUALIFIERS.contains(w) && !w.chars().all(|c| c.is_ascii_digit())).collect();
    let has = |list: &[&str]| words.iter().any(|w| list.contains(w));
    let key = match (core.as_slice(), record) {
        (["email" | "mail" | "emails"], RecordType::Contact) => "email",
        (["email" | "mail" | "emails"], RecordType::Company) => "primary_email",
        (["mobile" | "cell" | "mobilephone"] | ["mobile" | "cell", "phone"], RecordType::Contact) => "mobile_phone",
        (["phone" | "telephone" | "tel"], RecordType::Contact) if has(&["work", "business", "office"]) => "work_phone",
        (["phone" | "telephone" | "tel"], RecordType::Contact) => "phone",
        (["phone" | "telephone" | "tel"], RecordType::Company) => "primary_phone",
        _ => return None,
    };
    targets.iter().find(|t| t.key == key)
}

/// Date order, decimal separator and money scale, where the contents tell them.
fn read_options(fed: &[(&Target, Vec<(Place, &Column<'_>)>)], options: &mut Options) {
    let of_kind = |wanted: fn(Kind) -> bool| {
        fed.iter()
            .filter(move |(t, _)| t.part == Part::Whole && wanted(t.field.kind))
            .flat_map(|(_, columns)| columns.iter().map(|(_, column)| *column))
    };
    if let Some(order) = sniff::date_order(of_kind(|k| matches!(k, Kind::Date | Kind::DateTime))) {
        // Year-first dates are understood under every order; they say nothing about the others.
        if order != crate::auth::DateOrder::Ymd {
            options.date_order = order;
        }
    }
    if let Some(decimal) =
        sniff::decimal(of_kind(|k| matches!(k, Kind::Money { .. } | Kind::Integer { .. } | Kind::Number)))
    {
        options.decimal = decimal;
    }
    let column =
        |key: &str| fed.iter().find(|(t, _)| t.key == key).and_then(|(_, columns)| columns.first()).map(|(_, c)| *c);
    if let (Some(revenue), Some(employees)) = (column("annual_revenue_minor"), column("employee_count"))
        && let Some(scale) = sniff::money_scale(revenue, employees, options.decimal)
    {
        options.money_scale = scale;
    }
}

/// Composes a required field that no column feeds from what names the record best.
fn compose_required(schema: Schema, mapping: &mut Vec<FieldSource>) {
    let has = |key: &str| mapping.iter().any(|m| m.field == key);
    let Some(field) = schema.standard.iter().find(|f| f.is_required() && !has(f.name)) else { return };
    // A whole name gives a contact's first name.
    if has(schema.title) {
        return;
    }
    // A last name alone becomes the first name row by row.
    if schema.record == RecordType::Contact && has("last_name") {
        return;
    }
    let found = schema.import.composed_of.iter().filter_map(|key| {
        let source = &mapping.iter().find(|m| m.field == *key)?.source;
        if let Source::Columns(columns) = source { columns.first().filter(|c| !c.contains(['{', '}'])) } else { None }
    });
    let parts: Vec<String> = found.take(schema.import.composed_most).map(|column| format!("{{{column}}}")).collect();
    if !parts.is_empty() {
        let source = Source::Template(parts.join(" – "));
        mapping.insert(0, FieldSource { field: field.name.to_owned(), source });
    }
}
