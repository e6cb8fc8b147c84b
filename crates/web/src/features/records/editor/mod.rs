//! Editors of values, by the kind of the field. Forms, record pages, tables and filters share them.

mod bridge;
mod lines;
mod picker;

pub use bridge::{as_day, as_text, number_json, number_text};
pub use lines::LinesEditor;
pub use picker::{currency_choices, member_source, multi_picker, offered_name, record_source};

use super::lookup::Lookup;
use crate::api::records::Fields;
use crate::features::places;
use crate::ui::dom::ignore;
use crate::ui::{
    Choice, ControlSize, DateInput, Field as LabelledField, Input, InputKind, MoneyInput, Select, Textarea,
};
use domain::catalog::{Field, Kind, Uses};
use domain::records::Address;
use leptos::prelude::*;
use picker::Picking;
use serde_json::Value as Json;
use uuid::Uuid;

/// What an editor needs to know of the record around its field. Copy it freely.
#[derive(Clone, Copy)]
pub struct Around {
    /// Names by id.
    pub lookup: Lookup,
    /// The record's currency.
    pub currency: Signal<String>,
    /// The record's pipeline: its stages can be chosen.
    pub pipeline: Signal<Option<Uuid>>,
    /// Names that go with chosen ids, as answers carry them (`company_name`): shown until the server has answered.
    pub beside: RwSignal<Fields>,
}

/// The editor of one field. Inside a `Field` of the kit it takes label and errors from there.
#[component]
pub fn FieldEditor(
    /// The field.
    field: &'static Field,
    /// Its value, both ways, as in an input for the API.
    value: RwSignal<Json>,
    /// The record around it.
    around: Around,
    /// Its height.
    #[prop(optional)]
    size: ControlSize,
    /// Accessible name where there is no `Field` around it.
    #[prop(optional, into)]
    label: MaybeProp<String>,
    /// Called when something was chosen and nothing more is to be done here.
    #[prop(optional, into)]
    on_pick: Option<Callback<()>>,
) -> AnyView {
    let picked = Callback::new(move |()| {
        if let Some(call) = on_pick {
            // The chosen value reaches the JSON in an effect, which runs after this event.
            crate::ui::dom::later(move || ignore(call.try_run(())));
        }
    });
    let picking = Picking { value, around, label, on_pick: picked };
    let text = |kind: InputKind, max: usize| {
        let max = u32::try_from(max).unwrap_or(u32::MAX);
        view! { <Input value=as_text(value) kind=kind size=size label=label max_length=max /> }.into_any()
    };
    match field.kind {
        Kind::Text { max } => text(InputKind::Text, max),
        Kind::Email => text(InputKind::Email, 255),
        Kind::Phone => text(InputKind::Tel, 50),
        Kind::Url => text(InputKind::Text, 500),
        Kind::LongText => view! { <Textarea value=as_text(value) label=label /> }.into_any(),
        Kind::Object => {
            view! { <Textarea value=bridge::as_object_lines(value) label=label placeholder="name: value" /> }.into_any()
        }
        Kind::Integer { .. } => {
            view! { <Input value=bridge::as_integer(value) kind=InputKind::Number size=size label=label /> }.into_any()
        }
        Kind::Number => {
            view! { <Input value=bridge::as_number(value) kind=InputKind::Number size=size label=label /> }.into_any()
        }
        Kind::Money { .. } => {
            view! { <MoneyInput value=bridge::as_amount(value) currency=around.currency label=label /> }.into_any()
        }
        Kind::Date => view! { <DateInput value=as_day(value) size=size label=label /> }.into_any(),
        Kind::DateTime => text(InputKind::DateTime, 40),
        Kind::Boolean => {
            // Without an entry for nothing the browser would show the first one for it.
            let may_lack = !field.uses.has(Uses::NOT_NULL) || value.with_untracked(Json::is_null);
            view! {
                <Select value=bridge::as_yes_no(value) choices=Signal::stored(yes_no()) size=size label=label
                    empty=may_lack.then(|| "None".to_owned()) on_change=move |_| picked.run(()) />
            }
            .into_any()
        }
        Kind::Select(_) => {
            let mut choices = choices(field);
            // An option that is gone is still the value.
            let now = value.with_untracked(|json| json.as_str().unwrap_or_default().to_owned());
            if !now.is_empty() && !choices.iter().any(|choice| choice.value == now) {
                choices.push(Choice::new(now.clone(), now));
            }
            select(field, Signal::stored(choices), picking, size)
        }
        Kind::Currency => select(field, Signal::stored(currency_choices()), picking, size),
        Kind::TimeZone => {
            let choices = value.with_untracked(|json| places::time_zones(json.as_str().unwrap_or_default()));
            select(field, Signal::stored(choices), picking, size)
        }
        Kind::Pipeline => {
            let choices = Signal::derive(move || picker::pipeline_choices(around.lookup));
            select(field, choices, picking, size)
        }
        Kind::Stage => picker::stage_picker(picking, size),
        Kind::User => picker::member_picker(picking),
        Kind::Record(record) => picker::record_picker(record, field, picking),
        Kind::Tags | Kind::Names | Kind::Users | Kind::MultiSelect(_) => picker::names_picker(field, picking),
        Kind::Address => postal(value),
        Kind::LineItems => view! { <LinesEditor value currency=around.currency /> }.into_any(),
    }
}

/// The options of a field.
pub fn choices(field: &Field) -> Vec<Choice> {
    field.choices().iter().map(|option| Choice::new(option.value, option.label)).collect()
}

/// Yes and no.
pub fn yes_no() -> Vec<Choice> {
    vec![Choice::new("true", "Yes"), Choice::new("false", "No")]
}

/// A list to choose from, with an entry for nothing where the field may be empty.
fn select(field: &Field, choices: Signal<Vec<Choice>>, picking: Picking, size: ControlSize) -> AnyView {
    let Picking { value, label, on_pick, .. } = picking;
    let empty = (!field.uses.has(Uses::NOT_NULL)).then(|| "None".to_owned());
    view! {
        <Select value=as_text(value) choices=choices size=size label=label empty=empty
            on_change=move |_| on_pick.run(()) />
    }
    .into_any()
}

/// The parts of a postal address.
fn postal(value: RwSignal<Json>) -> AnyView {
    let parts = Address::FIELDS.iter().copied().map(|name| {
        let label = match name {
            "street" => "Street",
            "city" => "City",
            "state" => "State or region",
            "zip" => "Postal code",
            _ => "Country",
        };
        view! {
            <div class=if name == "street" { "rec-postal-wide" } else { "" }>
                <LabelledField label=label><Input value=bridge::part(value, name) /></LabelledField>
            </div>
        }
    });
    view! { <div class="rec-postal">{parts.collect_view()}</div> }.into_any()
}
