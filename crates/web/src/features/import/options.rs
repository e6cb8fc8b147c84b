//! How texts are read, and what happens to records that exist.

use super::counted;
use super::state::{Place, Wizard};
use crate::data::use_directory;
use crate::features::places;
use crate::ui::{Card, Choice, Field, RadioGroup, Select};
use domain::auth::DateOrder;
use domain::catalog::{Kind, RecordType};
use domain::import::plan::{DecimalSeparator, ImportMode, MoneyScale, OnDuplicate, RelatedRecords};
use domain::import::target::{Part, Target};
use leptos::prelude::*;
use uuid::Uuid;

/// The mode that replaces values, as a value of the radio group beside those of [`OnDuplicate`].
const UPDATE: &str = "update";

/// What happens to rows whose record exists, and to companies that do not.
#[component]
pub(super) fn Duplicates(wizard: Wizard) -> impl IntoView {
    let record = wizard.record;
    let options = wizard.plan.with_untracked(|plan| plan.options.clone());
    let chosen = match options.mode {
        ImportMode::UpdateAndCreate => UPDATE,
        ImportMode::CreateNew => options.on_duplicate.as_str(),
    };
    let chosen = RwSignal::new(chosen.to_owned());
    Effect::watch(
        move || chosen.get(),
        move |chosen, _, _| {
            wizard.change(|plan| match OnDuplicate::parse(chosen) {
                Some(on_duplicate) => {
                    (plan.options.mode, plan.options.on_duplicate) = (ImportMode::CreateNew, on_duplicate);
                }
                None => plan.options.mode = ImportMode::UpdateAndCreate,
            });
        },
        false,
    );
    let one = record.spec().label.to_lowercase();
    let mut choices = vec![
        Choice::new(OnDuplicate::Skip.as_str(), "Skip the row"),
        Choice::new(UPDATE, format!("Update the {one}")).hint("Values of the file replace those it has."),
        Choice::new(OnDuplicate::Merge.as_str(), "Fill empty fields").hint("Values it has stay."),
    ];
    // Others are told apart by what can exist only once.
    if record.spec().import.twins {
        choices.push(Choice::new(OnDuplicate::Create.as_str(), "Create it again"));
    }
    let same = record.spec().import.same;
    let related = RwSignal::new(options.related.as_str().to_owned());
    let links = move || wizard.feeds(|t| matches!(t.field.kind, Kind::Record(RecordType::Company)));
    let links = Memo::new(move |_| links());
    view! {
        <Card title=format!("{} that exist", record.spec().label_plural)>
            <div class="import-fields">
                <p class="import-hint">{format!("{} with the same {same} are taken for the same {one}.", record.spec().label_plural)}</p>
                <Field label=format!("A {one} that exists") group=true hide_label=true>
                    <RadioGroup value=chosen choices=choices />
                </Field>
                <Show when=move || links.get()>
                    <Field label="A company nobody knows">
                        <Select value=related choices=labels(RelatedRecords::CHOICES)
                            on_change=move |value: String| if let Some(related) = RelatedRecords::parse(&value) {
                                wizard.change(|plan| plan.options.related = related);
                            } />
                    </Field>
                </Show>
            </div>
        </Card>
    }
}

fn labels(choices: &'static [domain::choice::Choice]) -> Vec<Choice> {
    choices.iter().map(|c| Choice::new(c.value, c.label)).collect()
}

/// Dates, amounts and phone numbers; only what the file holds.
#[component]
pub(super) fn Reading(wizard: Wizard) -> impl IntoView {
    let options = wizard.plan.with_untracked(|plan| plan.options.clone());
    let has = move |wanted: fn(&Target) -> bool| Memo::new(move |_| wizard.feeds(wanted));
    let dates = has(|t| matches!(t.field.kind, Kind::Date | Kind::DateTime));
    let money = has(|t| matches!(t.field.kind, Kind::Money { .. }) || t.part == Part::LinePrice);
    let numbers = has(|t| matches!(t.field.kind, Kind::Number));
    let decimals = Memo::new(move |_| money.get() || numbers.get());
    let phones = has(|t| matches!(t.field.kind, Kind::Phone));
    let pipelines = Memo::new(move |_| {
        let all = if wizard.record == RecordType::Deal { use_directory().all_pipelines() } else { Vec::new() };
        all.into_iter().map(|p| (p.id.to_string(), p.name, p.is_default)).collect::<Vec<_>>()
    });
    let several = Memo::new(move |_| pipelines.with(|all| all.len() > 1));
    let any = Memo::new(move |_| dates.get() || decimals.get() || phones.get() || several.get());

    let order = RwSignal::new(options.date_order.as_str().to_owned());
    let currency = RwSignal::new(options.currency);
    let scale = RwSignal::new(options.money_scale.as_str().to_owned());
    let decimal = RwSignal::new(options.decimal.as_str().to_owned());
    let region = RwSignal::new(options.phone_region);
    let pipeline = options.pipeline_id.map(|id| id.to_string());
    let default = pipelines.with_untracked(|all| all.iter().find(|p| p.2).map(|p| p.0.clone()));
    let pipeline = RwSignal::new(pipeline.or(default).unwrap_or_default());
    let trouble = move |name: &str| {
        let place = Place::Setting(name.to_owned());
        Signal::derive(move || wizard.trouble(&place))
    };
    let orders = vec![
        Choice::new(DateOrder::Mdy.as_str(), "Month/day/year (03/14/2027)"),
        Choice::new(DateOrder::Dmy.as_str(), "Day/month/year (14/03/2027)"),
        Choice::new(DateOrder::Ymd.as_str(), "Year-month-day (2027-03-14)"),
    ];
    let (orders, regions) = (StoredValue::new(orders), StoredValue::new(region.get_untracked()));
    view! {
        <Show when=move || any.get()>
            <Card title="How values are read">
                <div class="import-fields">
                    <Show when=move || several.get()>
                        <Field label="Pipeline" error=trouble("pipeline_id")>
                            <Select value=pipeline
                                choices=Signal::derive(move || pipelines.get().into_iter().map(|p| Choice::new(p.0, p.1)).collect())
                                on_change=move |value: String| wizard.change(|plan| {
                                    plan.options.pipeline_id = Uuid::try_parse(&value).ok();
                                    // Stages of one pipeline mean nothing in another.
                                    plan.options.matches.retain(|m| m.field != "stage_id");
                                }) />
                        </Field>
                    </Show>
                    <Show when=move || dates.get()>
                        <Field label="Dates" error=trouble("date_order")>
                            <Select value=order choices=orders.get_value()
                                on_change=move |value: String| if let Some(order) = DateOrder::parse(&value) {
                                    wizard.change(|plan| plan.options.date_order = order);
                                } />
                        </Field>
                    </Show>
                    <Show when=move || money.get()>
                        <Field label="Currency" error=trouble("currency")>
                            <Select value=currency choices=places::currencies()
                                on_change=move |value| wizard.change(|plan| plan.options.currency = value) />
                        </Field>
                        <Field label="Amounts are in">
                            <Select value=scale choices=labels(MoneyScale::CHOICES)
                                on_change=move |value: String| if let Some(scale) = MoneyScale::parse(&value) {
                                    wizard.change(|plan| plan.options.money_scale = scale);
                                } />
                        </Field>
                    </Show>
                    <Show when=move || decimals.get()>
                        <Field label="Decimal separator">
                            <Select value=decimal choices=labels(DecimalSeparator::CHOICES)
                                on_change=move |value: String| if let Some(decimal) = DecimalSeparator::parse(&value) {
                                    wizard.change(|plan| plan.options.decimal = decimal);
                                } />
                        </Field>
                    </Show>
                    <Show when=move || phones.get()>
                        <Field label="Phone numbers without a country code" error=trouble("phone_region")>
                            <Select value=region choices=regions.with_value(|present| places::countries(present))
                                on_change=move |value| wizard.change(|plan| plan.options.phone_region = value) />
                        </Field>
                    </Show>
                </div>
            </Card>
        </Show>
    }
}

/// What the plan means in words, for the last look before the start. Tracked.
pub(super) fn in_words(wizard: Wizard) -> Vec<(&'static str, String)> {
    let (record, plan, preview) = (wizard.record, wizard.plan.get(), wizard.preview.get());
    let rows = i64::try_from(preview.counts.rows).unwrap_or(i64::MAX);
    let exist = match (plan.options.mode, plan.options.on_duplicate) {
        (ImportMode::UpdateAndCreate, _) => "Are updated with the values of the file",
        (ImportMode::CreateNew, OnDuplicate::Skip) => "Stay as they are; the row is skipped",
        (ImportMode::CreateNew, OnDuplicate::Merge) => "Get values for their empty fields",
        (ImportMode::CreateNew, OnDuplicate::Create) => "Are created again",
    };
    let mut lines = vec![("Rows", counted(record, rows)), ("Existing records", exist.to_owned())];
    let blank = preview.counts.blank;
    if blank > 0 {
        lines.push(("Empty rows", format!("{blank}, passed over")));
    }
    let (ids, others): (Vec<_>, Vec<_>) = preview
        .not_imported
        .iter()
        .partition(|column| plan.options.origin.as_ref().is_some_and(|origin| origin.ids.contains(column)));
    for (label, columns) in [("Ids of the other product", ids), ("Not imported", others)] {
        if !columns.is_empty() {
            lines.push((label, columns.into_iter().cloned().collect::<Vec<_>>().join(", ")));
        }
    }
    lines
}
