//! The lines of a deal: what is sold, how many, at which price, with which discount and tax.

use super::bridge::{amount_json, amount_of};
use crate::api::Row;
use crate::api::records::{self, ListParams};
use crate::features::deals::products::totals_list;
use crate::ui::dom::{ignore, later, query_all};
use crate::ui::{
    Button, ButtonVariant, ComboOption, Combobox, ControlSize, Each, IconButton, IconName, Input, InputKind,
    MoneyInput, OptionSource, Typed, format,
};
use domain::catalog::RecordType;
use domain::deals::products::{MAX_LINES, UNIT_MAX};
use domain::deals::{DealProduct, LineTotals};
use leptos::html;
use leptos::prelude::*;
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use uuid::Uuid;

/// Products offered at once.
const OFFERED: u32 = 8;

/// A line while it is edited.
#[derive(Clone, Copy)]
struct Line {
    key: usize,
    product: Option<Uuid>,
    name: RwSignal<String>,
    unit: RwSignal<String>,
    quantity: RwSignal<String>,
    price: RwSignal<Typed<i64>>,
    discount: RwSignal<String>,
    tax: RwSignal<String>,
    /// What is to be said of where it comes from.
    note: RwSignal<Option<String>>,
}

impl Line {
    fn new(key: usize, json: &Json) -> Self {
        let text = |name: &str| json.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
        let number = |name: &str, none: f64| {
            let number = json.get(name).and_then(Json::as_f64).unwrap_or(none);
            RwSignal::new(format::decimal_plain(number))
        };
        let percent = |name: &str| match json.get(name).and_then(Json::as_f64) {
            None | Some(0.0) => RwSignal::default(),
            Some(_) => number(name, 0.0),
        };
        Self {
            key,
            product: Uuid::try_parse(&text("product_id")).ok(),
            name: RwSignal::new(text("name")),
            unit: RwSignal::new(text("unit")),
            quantity: number("quantity", 1.0),
            price: RwSignal::new(json.get("price_minor").map(amount_of).unwrap_or_default()),
            discount: percent("discount_percent"),
            tax: percent("tax_percent"),
            note: RwSignal::new(None),
        }
    }

    /// One of a product. Its price counts where it is in the deal's currency; otherwise that is left to the person.
    fn of(key: usize, product: &Row, currency: &str) -> Self {
        let listed = product.get("price_minor").as_i64();
        let price = listed.filter(|_| product.currency() == currency);
        let given = json!({
            "product_id": product.id, "name": product.title, "unit": product.get("unit"), "price_minor": price,
        });
        let line = Self::new(key, &given);
        if let (None, Some(listed)) = (price, listed) {
            let listed = format::money(listed, product.currency());
            line.note.set(Some(format!("Listed at {listed}. Enter the price in {currency}.")));
        }
        line
    }

    /// What stands in a field for a number: the number, nothing for an empty field, and the text where it is none.
    fn number(text: RwSignal<String>) -> Json {
        text.with(|text| match format::parse_decimal(text) {
            Some(number) => Json::from(number),
            None if text.trim().is_empty() => Json::Null,
            None => Json::from(text.as_str()),
        })
    }

    fn to_json(self) -> Json {
        let price = self.price.with(|price| if price.is_nothing() { Json::from(0) } else { amount_json(price) });
        let percent = |text| Some(Self::number(text)).filter(|number| !number.is_null()).unwrap_or_else(|| json!(0.0));
        json!({
            "product_id": self.product, "name": self.name.get(),
            "unit": Some(self.unit.get()).filter(|unit| !unit.trim().is_empty()),
            "quantity": Self::number(self.quantity), "price_minor": price,
            "discount_percent": percent(self.discount), "tax_percent": percent(self.tax),
        })
    }

    /// What the line comes to, as far as it can be read.
    fn totals(self) -> Option<LineTotals> {
        let percent = |text| Self::number(text).as_f64().unwrap_or_default();
        LineTotals::of_line(&DealProduct {
            quantity: Self::number(self.quantity).as_f64()?,
            price_minor: self.price.with(|price| price.value().copied()).unwrap_or_default(),
            discount_percent: percent(self.discount),
            tax_percent: percent(self.tax),
            ..DealProduct::default()
        })
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
    let node = NodeRef::<html::Div>::new();
    // Signals of new lines belong to the editor, not to the click that adds them.
    let owner = StoredValue::new(Owner::current());
    let add = move |product: Option<&Row>| {
        let key = next.get_value();
        next.set_value(key + 1);
        let make = || match product {
            Some(product) => currency.with_untracked(|code| Line::of(key, product, code)),
            None => Line::new(key, &Json::Null),
        };
        let made = owner.with_value(|owner| owner.as_ref().map(|owner| owner.with(make)));
        lines.update(|lines| lines.extend(made));
        // The next thing to say of a product is how many, of anything else what it is.
        let first = if product.is_some() { "[aria-label=Quantity]" } else { "[aria-label='Product name']" };
        later(move || {
            let Some(Some(node)) = node.try_get_untracked() else { return };
            if let Some(input) = query_all(&node, first).last() {
                ignore(input.focus());
            }
        });
    };
    Effect::watch(
        move || lines.get().into_iter().filter(|line| !line.is_blank()).map(Line::to_json).collect::<Vec<_>>(),
        move |now, _, _| value.set(Json::from(now.clone())),
        false,
    );
    let totals = Memo::new(move |_| {
        lines.get().into_iter().filter_map(Line::totals).try_fold(LineTotals::default(), LineTotals::plus)
    });
    let has_room = Memo::new(move |_| lines.with(|lines| lines.len() < MAX_LINES));
    view! {
        <div class="rec-lines" node_ref=node>
            <Each each=move || lines.get() key=|line| line.key let:line>
                <LineEditor line currency
                    on_remove=move |()| lines.update(|lines| lines.retain(|other| other.key != line.key)) />
            </Each>
            <Show when=move || has_room.get()>
                <div class="rec-lines-add">
                    <ProductPicker on_pick=move |product: Row| add(Some(&product)) />
                    <Button variant=ButtonVariant::Ghost size=ControlSize::Sm icon=IconName::Plus on_click=move |_| add(None)>
                        "Free line"
                    </Button>
                </div>
            </Show>
            {move || (!lines.with(Vec::is_empty)).then(|| {
                totals.get().map(|totals| currency.with(|code| totals_list(totals, code)))
            })}
        </div>
    }
}

/// Edits one line.
#[component]
fn LineEditor(line: Line, currency: Signal<String>, #[prop(into)] on_remove: Callback<()>) -> impl IntoView {
    let number = |label: &'static str, value: RwSignal<String>| {
        view! { <Input value=value size=ControlSize::Sm kind=InputKind::Number label=label /> }
    };
    let total = move || {
        line.totals().map(|totals| {
            currency.with(|code| format::money(totals.total_minor.saturating_sub(totals.tax_minor), code))
        })
    };
    view! {
        <div class="rec-line" role="group" aria-label="Product">
            <div class="rec-line-name">
                <Input value=line.name size=ControlSize::Sm label="Product name" max_length=255_u32 />
                <IconButton icon=IconName::X label="Remove this product" on_click=move |_| on_remove.run(()) />
            </div>
            <div class="rec-line-part"><Caption text="Quantity" />{number("Quantity", line.quantity)}</div>
            <div class="rec-line-part">
                <Caption text="Unit" />
                <Input value=line.unit size=ControlSize::Sm label="Unit" max_length=u32::try_from(UNIT_MAX).unwrap_or(u32::MAX) />
            </div>
            <div class="rec-line-part">
                <Caption text="Price" /><MoneyInput value=line.price size=ControlSize::Sm currency=currency label="Price" />
            </div>
            <div class="rec-line-part">
                <Caption text="Discount %" />{number("Discount in percent", line.discount)}
            </div>
            <div class="rec-line-part"><Caption text="Tax %" />{number("Tax in percent", line.tax)}</div>
            <div class="rec-line-part rec-line-sum"><Caption text="Before tax" /><output class="rec-line-total">{total}</output></div>
            {move || line.note.get().map(|note| view! { <p class="rec-line-note" role="status">{note}</p> })}
        </div>
    }
}

/// What a control of a line is called, for eyes; it says so itself to ears.
#[component]
fn Caption(text: &'static str) -> impl IntoView {
    view! { <span class="rec-line-caption" aria-hidden="true">{text}</span> }
}

/// Finds a product that is sold at present, by name or code, and adds it.
#[component]
fn ProductPicker(#[prop(into)] on_pick: Callback<Row>) -> impl IntoView {
    let chosen = RwSignal::new(Vec::<ComboOption>::new());
    let offered = StoredValue::new(HashMap::<String, Row>::new());
    let source = OptionSource::new(move |typed: String| async move {
        let search = Some(typed.trim().to_owned()).filter(|text| !text.is_empty());
        let more = vec![("active".to_owned(), "true".to_owned())];
        let params = ListParams { search, limit: Some(OFFERED), more, ..ListParams::default() };
        let found = records::list(RecordType::Product, &params).await.map_err(|fail| fail.message().to_owned())?;
        let options = found.data.iter().map(option).collect();
        ignore(offered.try_update_value(|offered| {
            offered.extend(found.data.into_iter().map(|product| (product.id.to_string(), product)));
        }));
        Ok(options)
    });
    let pick = move |now: Vec<ComboOption>| {
        let product = now.first().and_then(|option| offered.with_value(|offered| offered.get(&option.value).cloned()));
        chosen.set(Vec::new());
        if let Some(product) = product {
            on_pick.run(product);
        }
    };
    view! { <Combobox value=chosen source=source label="Add a product" placeholder="Add a product" on_change=pick /> }
}

/// A product with what tells it from others: its code and price.
fn option(product: &Row) -> ComboOption {
    let price = product.get("price_minor").as_i64().map(|minor| format::money(minor, product.currency()));
    let hint: Vec<String> = product.text("code").map(str::to_owned).into_iter().chain(price).collect();
    ComboOption::new(product.id.to_string(), product.title.clone()).hint(hint.join(" · "))
}
