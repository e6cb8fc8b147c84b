//! The last step before the start: rows as they will be stored, and what is wrong with them.

use super::options::in_words;
use super::state::Wizard;
use crate::data::schema;
use crate::features::records::lookup::Lookup;
use crate::features::records::value;
use crate::ui::{Banner, Card, Icon, IconName, IconSize, Properties, Property, Tone, format};
use domain::catalog::{Field, Kind};
use domain::import::plan::{ImportMode, Match};
use domain::import::preview::{Preview, PreviewRow};
use domain::import::row::Note;
use leptos::prelude::*;
use serde_json::Value as Json;

/// The step.
#[component]
pub(super) fn PreviewStep(wizard: Wizard) -> impl IntoView {
    let lookup = Lookup::new(wizard.record);
    view! {
        {move || banner(wizard)}
        <div class="import-columns">
            <div class="import-main">
                <Card title="First rows, as they will be stored" flush=true>
                    <div class="plain-table-wrap" tabindex="0" role="group" aria-label="First rows">
                        {move || wizard.preview.with(|preview| table(wizard, preview, lookup))}
                    </div>
                </Card>
            </div>
            <div class="import-side">
                <Card title="What will happen">
                    <Properties>
                        {move || {
                            let lines = in_words(wizard).into_iter().chain(decisions(wizard));
                            lines.map(|(label, text)| view! { <Property label=label>{text}</Property> }).collect_view()
                        }}
                    </Properties>
                </Card>
            </div>
        </div>
    }
}

/// What is made on the way.
fn decisions(wizard: Wizard) -> Vec<(&'static str, String)> {
    let plan = wizard.plan.get().finished();
    let mut stages = Vec::new();
    let mut invited: Vec<String> = Vec::new();
    for value in &plan.options.matches {
        match &value.to {
            Match::Create { .. } => stages.push(value.text.clone()),
            Match::Invite { email } if !invited.contains(email) => invited.push(email.clone()),
            _ => {}
        }
    }
    let lines = [("New stages", stages), ("Invitations", invited)];
    lines.into_iter().filter(|(_, texts)| !texts.is_empty()).map(|(label, texts)| (label, texts.join(", "))).collect()
}

/// How the whole file fares.
fn banner(wizard: Wizard) -> AnyView {
    let counts = wizard.preview.with(|preview| preview.counts);
    let rows = |n: u64| format::count(i64::try_from(n).unwrap_or(i64::MAX), "row", "rows");
    let updates = wizard.plan.with(|plan| plan.options.mode == ImportMode::UpdateAndCreate);
    let refused =
        if updates { " will be refused, unless they only update a record that exists." } else { " will be refused." };
    match (counts.rows, counts.with_errors, counts.with_warnings) {
        // A plan that does not fit shows its problems at their places.
        (0, ..) => ().into_any(),
        (_, 0, 0) => view! { <Banner tone=Tone::Success>"Every row can be stored as it stands."</Banner> }.into_any(),
        (_, 0, n) => view! {
            <Banner tone=Tone::Info>{rows(n)}" are stored with a remark: something in them is not taken as it stands."</Banner>
        }
        .into_any(),
        (_, n, _) => view! {
            <Banner tone=Tone::Warning>
                {rows(n)}{refused}
                " The others are imported; afterwards you get a file with those rows and their reasons, to correct and import again."
            </Banner>
        }
        .into_any(),
    }
}

fn table(wizard: Wizard, preview: &Preview, lookup: Lookup) -> AnyView {
    if preview.rows.is_empty() {
        return view! { <p class="import-hint import-card-hint">"There is nothing to show: please go back to the columns."</p> }
            .into_any();
    }
    let named = |row: &PreviewRow, field: &Field| {
        row.values.contains_key(field.name) || row.errors.iter().chain(&row.warnings).any(|n| n.field == field.name)
    };
    let fields: Vec<&'static Field> =
        schema(wizard.record).fields().filter(|field| preview.rows.iter().any(|row| named(row, field))).collect();
    let currency = &preview.plan.options.currency;
    view! {
        <table class="plain-table import-preview">
            <thead>
                <tr>
                    <th scope="col">"Row"</th>
                    {fields.iter().map(|field| view! {
                        <th scope="col" class=is_number(field).then_some("cell-number")>{field.label}</th>
                    }).collect_view()}
                </tr>
            </thead>
            <tbody>
                {preview.rows.iter().map(|row| line(row, &fields, currency, lookup)).collect_view()}
            </tbody>
        </table>
    }
    .into_any()
}

fn line(row: &PreviewRow, fields: &[&'static Field], currency: &str, lookup: Lookup) -> AnyView {
    let currency = row.values.get("currency").and_then(Json::as_str).unwrap_or(currency);
    let about = |notes: &[Note], field: &str| notes.iter().filter(|n| n.field == field).cloned().collect::<Vec<_>>();
    let cells = fields.iter().map(|field| {
        let json = row.values.get(field.name).unwrap_or(&Json::Null);
        let text = value::text(field, json, currency, json.as_str(), lookup);
        let (errors, warnings) = (about(&row.errors, field.name), about(&row.warnings, field.name));
        let empty = json.is_null() && errors.is_empty() && warnings.is_empty();
        view! {
            <td class=is_number(field).then_some("cell-number") data-label=field.label data-empty=empty.then_some("true")>
                <span class="import-cell" dir="auto">{text}</span>
                {notes(errors, true)}
                {notes(warnings, false)}
            </td>
        }
    });
    let cells = cells.collect_view();
    let other = |notes: &[Note]| {
        notes.iter().filter(|n| !fields.iter().any(|f| f.name == n.field)).cloned().collect::<Vec<_>>()
    };
    // What concerns the row as a whole has a line of its own.
    let (errors, warnings) = (other(&row.errors), other(&row.warnings));
    let refuses = !errors.is_empty();
    let whole = (refuses || !warnings.is_empty()).then(|| {
        view! {
            <tr data-refused=refuses.then_some("true")>
                <td></td>
                <td colspan=fields.len().to_string()>{notes(errors, true)}{notes(warnings, false)}</td>
            </tr>
        }
    });
    let refused = !row.errors.is_empty();
    view! {
        <tr data-refused=refused.then_some("true") data-more=whole.is_some().then_some("true")>
            <th scope="row">
                {row.number}
                {refused.then(|| view! { <Icon name=IconName::CircleX size=IconSize::Sm /><span class="sr-only-kit">" Refused"</span> })}
            </th>
            {cells}
        </tr>
        {whole}
    }
    .into_any()
}

const fn is_number(field: &Field) -> bool {
    matches!(field.kind, Kind::Money { .. } | Kind::Number | Kind::Integer { .. })
}

fn notes(notes: Vec<Note>, is_error: bool) -> AnyView {
    let icon = if is_error { IconName::CircleAlert } else { IconName::TriangleAlert };
    let class = if is_error { "import-cell-note import-cell-error" } else { "import-cell-note" };
    notes
        .into_iter()
        .map(|note| view! { <span class=class><Icon name=icon size=IconSize::Sm /><span>{note.message}</span></span> })
        .collect_view()
        .into_any()
}
