//! The first step: which column feeds which field.

use super::composed::Composed;
use super::options::{Duplicates, Reading};
use super::state::{Place, Wizard};
use crate::ui::{Banner, Button, ButtonVariant, Card, Choice, ControlSize, Icon, IconName, IconSize, Select, Tone};
use domain::import::preview::ColumnInfo;
use leptos::prelude::*;

/// The step.
#[component]
pub(super) fn ColumnsStep(wizard: Wizard) -> impl IntoView {
    let columns = wizard.preview.with_untracked(|preview| preview.columns.clone());
    let choices =
        wizard.targets.with_value(|all| all.iter().map(|t| Choice::new(&*t.key, &*t.label)).collect::<Vec<_>>());
    let choices = StoredValue::new(choices);
    let count = columns.len();
    // Not where somebody has decided before.
    let product = wizard.plan.with_untracked(|plan| plan.options.origin.as_ref().map(|origin| origin.product.clone()));
    let product = product.filter(|_| wizard.used.with_untracked(Option::is_none));
    let left_out = move || {
        let used = wizard.preview.with(|preview| preview.not_imported.len());
        match used {
            0 => "All columns are imported.".to_owned(),
            n => format!("{n} of {count} not imported"),
        }
    };
    view! {
        {product.map(|product| view! {
            <Banner tone=Tone::Info>
                {format!("This looks like an export from {product}, and its columns are matched as such. Please check them.")}
            </Banner>
        })}
        {move || wizard.trouble(&Place::Mapping).map(|why| view! { <Banner tone=Tone::Danger>{why}</Banner> })}
        <div class="import-columns">
            <div class="import-main">
                <Card title="Columns of the file" flush=true
                    actions=move || view! { <span class="import-note">{left_out}</span> }>
                    <ul class="import-rows">
                        {columns.into_iter().map(|column| view! { <ColumnRow wizard column choices /> }).collect_view()}
                    </ul>
                </Card>
                <Composed wizard />
            </div>
            <div class="import-side">
                <Duplicates wizard />
                <Reading wizard />
            </div>
        </div>
    }
}

#[component]
fn ColumnRow(wizard: Wizard, column: ColumnInfo, choices: StoredValue<Vec<Choice>>) -> impl IntoView {
    let name = StoredValue::new(column.name.clone());
    let fed = Memo::new(move |_| wizard.plan.with(|plan| name.with_value(|name| plan.fed_by(name))));
    let chosen = RwSignal::new(fed.get_untracked().map(|fed| fed.field).unwrap_or_default());
    let choose = move |field: String| {
        wizard.change(|plan| name.with_value(|name| plan.feed(name, Some(&*field).filter(|f| !f.is_empty()))));
    };
    // A refusal stands at the first of the columns that feed the field.
    let trouble = move || {
        let fed = fed.get().filter(|fed| fed.after.is_none())?;
        wizard.trouble(&Place::Field(fed.field))
    };
    let order = move || {
        let fed = fed.get().filter(|fed| fed.columns > 1)?;
        Some(match fed.after {
            None => view! { <p class="import-order">"Used first"</p> }.into_any(),
            Some(before) => view! {
                <p class="import-order">
                    <span>"Where "<em>{before}</em>" is empty"</span>
                    <Button size=ControlSize::Sm variant=ButtonVariant::Ghost icon=IconName::ArrowUp
                        tip=format!("Ask {} before the other columns", name.get_value())
                        on_click=move |_| wizard.change(|plan| name.with_value(|name| plan.prefer(name)))>
                        "Use first"
                    </Button>
                </p>
            }
            .into_any(),
        })
    };
    let kind = wizard.plan.with_untracked(|plan| {
        let pair = plan.options.phone_kinds.iter().find(|pair| pair.column == column.name)?;
        Some(format!("Which phone it is, column “{}” says in each row", pair.kind))
    });
    let samples = match column.samples.is_empty() {
        true => "no values in the first rows".to_owned(),
        false => column.samples.join(" · "),
    };
    view! {
        <li class="import-row" data-off=move || fed.with(Option::is_none).then_some("true")>
            <div class="import-column">
                <strong>{column.name.clone()}</strong>
                <span dir="auto">{samples}</span>
            </div>
            <Icon name=IconName::ArrowRight size=IconSize::Sm />
            <div class="import-target">
                <Select value=chosen choices=choices.get_value() empty="Not imported" size=ControlSize::Sm
                    label=format!("Field for {}", column.name) on_change=choose />
                {order}
                {kind.map(|text| view! { <p class="import-order">{text}</p> })}
                {move || trouble().map(|why| view! {
                    <p class="field-error"><Icon name=IconName::CircleAlert size=IconSize::Sm /><span>{why}</span></p>
                })}
            </div>
        </li>
    }
}
