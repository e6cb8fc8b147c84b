//! The lines of a deal: what is sold, how many, at which price.

use super::bridge::{amount_json, amount_of};
use crate::ui::{
    Button, ButtonVariant, ControlSize, IconButton, IconName, Input, InputKind, MoneyInput, Typed, format,
};
use domain::deals::products::{MAX_LINES, line_total};
use leptos::prelude::*;
use serde_json::{Value as Json, json};

/// A line while it is edited.
#[derive(Clone, Copy)]
struct Line {
    key: usize,
    name: RwSignal<String>,
    quantity: RwSignal<String>,
    price: RwSignal<Typed<i64>>,
}

impl Line {
    fn new(key: usize, json: &Json) -> Self {
        let quantity = json.get("quantity").and_then(Json::as_f64).unwrap_or(1.0);
        Self {
            key,
            name: RwSignal::new(json.get("name").and_then(Json::as_str).unwrap_or_default().to_owned()),
            quantity: RwSignal::new(quantity.to_string()),
            price: RwSignal::new(json.get("price_minor").map(amount_of).unwrap_or_default()),
        }
    }

    fn number(text: &str) -> Option<f64> {
        text.trim().replace(',', ".").parse::<f64>().ok()
    }

    fn total(self) -> Option<i64> {
        line_total(
            self.quantity.with(|text| Self::number(text))?,
            self.price.with(|price| price.value().copied()).unwrap_or(0),
        )
    }

    fn to_json(self) -> Json {
        let quantity = self.quantity.with(|text| Self::number(text)).map_or(Json::Null, Json::from);
        let price = self.price.with(|price| if price.is_nothing() { Json::from(0) } else { amount_json(price) });
        json!({ "name": self.name.get(), "quantity": quantity, "price_minor": price })
    }

    fn is_blank(self) -> bool {
        self.name.with(|name| name.trim().is_empty()) && self.price.with(Typed::is_nothing)
    }
}

/// Edits a list of lines.
#[component]
pub fn LinesEditor(
    /// The lines as in an input for the API, both ways.
    value: RwSignal<Json>,
    /// The deal's currency.
    currency: Signal<String>,
) -> impl IntoView {
    let given = value.with_untracked(|json| json.as_array().cloned().unwrap_or_default());
    let next = StoredValue::new(given.len());
    let lines = RwSignal::new(given.iter().enumerate().map(|(key, json)| Line::new(key, json)).collect::<Vec<_>>());
    // Signals of new lines belong to the editor, not to the click that adds them.
    let owner = StoredValue::new(Owner::current());
    let add = move || {
        let key = next.get_value();
        next.set_value(key + 1);
        let made = owner.with_value(|owner| owner.as_ref().map(|owner| owner.with(|| Line::new(key, &Json::Null))));
        lines.update(|lines| lines.extend(made));
    };
    Effect::watch(
        move || lines.get().into_iter().filter(|line| !line.is_blank()).map(Line::to_json).collect::<Vec<_>>(),
        move |now, _, _| value.set(Json::from(now.clone())),
        false,
    );
    let sum = move || lines.get().into_iter().filter_map(Line::total).fold(0_i64, i64::saturating_add);
    view! {
        <div class="rec-lines">
            <Show when=move || !lines.with(Vec::is_empty)>
                <div class="rec-line rec-line-head" aria-hidden="true">
                    <span>"Product"</span><span>"Quantity"</span><span>"Price"</span><span>"Total"</span><span></span>
                </div>
            </Show>
            <For each=move || lines.get() key=|line| line.key let:line>
                <div class="rec-line" role="group" aria-label="Product">
                    <Input value=line.name size=ControlSize::Sm label="Product name" max_length=255_u32 />
                    <Input value=line.quantity size=ControlSize::Sm kind=InputKind::Number label="Quantity" />
                    <MoneyInput value=line.price currency=currency label="Price" />
                    <span class="rec-line-total">
                        {move || line.total().map(|total| currency.with(|code| format::money(total, code)))}
                    </span>
                    <IconButton icon=IconName::X label="Remove this product" on_click=move |_| {
                        lines.update(|lines| lines.retain(|other| other.key != line.key));
                    } />
                </div>
            </For>
            <div class="rec-lines-foot">
                <Show when=move || lines.with(|lines| lines.len() < MAX_LINES)>
                    <Button variant=ButtonVariant::Ghost size=ControlSize::Sm icon=IconName::Plus on_click=move |_| add()>
                        "Add product"
                    </Button>
                </Show>
                <Show when=move || !lines.with(Vec::is_empty)>
                    <span class="rec-line-total">{move || currency.with(|code| format::money(sum(), code))}</span>
                </Show>
            </div>
        </div>
    }
}
