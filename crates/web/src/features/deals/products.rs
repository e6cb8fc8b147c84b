//! The products of a deal.

use crate::api::Row;
use crate::api::records::{Fields, fields};
use crate::data::{Change, schema, use_mutations};
use crate::features::records::href::href;
use crate::features::records::look::Shown;
use crate::features::records::page::BlockEdit;
use crate::features::records::related::{Related, Standing};
use crate::features::records::value;
use crate::ui::dom::{ignore, later, query_all};
use crate::ui::{Button, ButtonVariant, ControlSize, IconButton, IconName, format};
use domain::catalog::RecordType;
use domain::deals::{DealProduct, LineTotals};
use leptos::html;
use leptos::prelude::*;
use serde_json::Value as Json;

/// DEAL-06: lines with quantity, price, discount, tax and total, edited together.
#[component]
pub fn DealProducts(
    /// The deal.
    shown: Shown,
) -> impl IntoView {
    let row = shown.row;
    let field = row.with_untracked(|row| schema(row.record).field("products"))?;
    let count = Memo::new(move |_| row.with(|row| row.get("products").as_array().map_or(0, Vec::len)));
    let standing = Standing::counted(move || i64::try_from(count.get()).unwrap_or(i64::MAX));
    let editing = RwSignal::new(false);
    let Shown { lookup, may_edit, .. } = shown;
    let button = NodeRef::<html::Span>::new();
    // Whoever is done goes on where they began.
    Effect::watch(
        move || editing.get(),
        move |editing, _, _| {
            if !editing {
                later(move || {
                    let span = button.try_get_untracked().flatten();
                    if let Some(first) = span.and_then(|span| query_all(&span, "button").into_iter().next()) {
                        ignore(first.focus());
                    }
                });
            }
        },
        false,
    );
    Some(view! {
        <Related title="Products" standing nothing="No products yet."
            actions=move || view! {
                {move || (may_edit.get() && !editing.get()).then(|| {
                    let (icon, label) = match count.get() {
                        0 => (IconName::Plus, "Add products"),
                        _ => (IconName::Pencil, "Edit products"),
                    };
                    view! {
                        <span node_ref=button><IconButton icon=icon label=label on_click=move |_| editing.set(true) /></span>
                    }
                })}
            }>
            {move || {
                // Lines that others add take no editor away.
                if editing.get() {
                    return view! { <li class="rec-products"><BlockEdit field shown editing=editing /></li> }.into_any();
                }
                (count.get() > 0).then(|| view! {
                    <li class="rec-products">{move || row.with(|row| value::view(field, row, lookup))}</li>
                }).into_any()
            }}
            {move || (may_edit.get() && !editing.get()).then(|| view! { <AmountOffer shown /> })}
        </Related>
    })
}

/// An amount that somebody has given stays when the lines change: it can be set to what they come to.
#[component]
fn AmountOffer(shown: Shown) -> impl IntoView {
    let row = shown.row;
    let mutations = use_mutations();
    let offer = Memo::new(move |_| {
        row.with(|row| {
            let lines = value::lines(row.get("products"));
            let total = LineTotals::of(&lines).filter(|_| !lines.is_empty())?.total_minor;
            (amount_of(row) != total).then(|| (total, row.currency().to_owned()))
        })
    });
    let set = Callback::new(move |total: i64| {
        let deal = row.get_untracked();
        let before = amount(amount_of(&deal));
        let done = format!("Amount set to {}", format::money(total, deal.currency()));
        let change = Change::update(&deal, amount(total), Fields::new());
        let back = move |now: Option<&Row>| now.map(|now| Change::update(now, before.clone(), Fields::new()));
        mutations.run(change.undo(done, back));
    });
    move || {
        offer.get().map(|(total, currency)| {
            view! {
                <li class="rec-products-offer">
                    <Button variant=ButtonVariant::Secondary size=ControlSize::Sm on_click=move |_| set.run(total)>
                        {format!("Set amount to {}", format::money(total, &currency))}
                    </Button>
                </li>
            }
        })
    }
}

fn amount_of(deal: &Row) -> i64 {
    deal.get("amount_minor").as_i64().unwrap_or_default()
}

fn amount(minor: i64) -> Fields {
    fields([("amount_minor", Json::from(minor))])
}

/// The lines as a table, for reading.
pub fn table(lines: &[DealProduct], currency: &str) -> AnyView {
    let rows = lines.iter().map(|line| view! { <LineRow line=line.clone() currency=currency.to_owned() /> });
    view! {
        <table class="rec-product-table">
            <thead>
                <tr>
                    <th scope="col">"Product"</th>
                    <th scope="col" class="rec-num">"Total"</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
        {LineTotals::of(lines).map(|totals| totals_list(totals, currency))}
    }
    .into_any()
}

/// A line, with how its total comes about under its name.
#[component]
fn LineRow(line: DealProduct, currency: String) -> impl IntoView {
    let price = value::amount(line.price_minor, &currency);
    let price = match &line.unit {
        Some(unit) => format!("{} × {price} per {unit}", format::decimal(line.quantity)),
        None => format!("{} × {price}", format::decimal(line.quantity)),
    };
    let percent = |percent: f64, what: &str| (percent > 0.0).then(|| format!("{}% {what}", format::decimal(percent)));
    let parts = [Some(price), percent(line.discount_percent, "discount"), percent(line.tax_percent, "tax")];
    let note = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    // Until the server has answered, what is computed is not in the line.
    let total = LineTotals::of_line(&line).map(|totals| totals.total_minor.saturating_sub(totals.tax_minor));
    let name = line.name.clone();
    let name = match line.product_id {
        Some(id) => view! { <a class="rec-link" href=href(RecordType::Product, id)>{name}</a> }.into_any(),
        None => name.into_any(),
    };
    view! {
        <tr>
            <td>{name}<span class="rec-product-note">{note}</span></td>
            <td class="rec-num">{total.map(|total| value::amount(total, &currency))}</td>
        </tr>
    }
}

/// What lines come to: the total, and how it comes about where there is a discount or a tax.
pub fn totals_list(totals: LineTotals, currency: &str) -> AnyView {
    let LineTotals { subtotal_minor, discount_minor, tax_minor, total_minor } = totals;
    let parts = [("Subtotal", subtotal_minor), ("Discount", -discount_minor), ("Tax", tax_minor)];
    let parts = parts.into_iter().filter(|_| discount_minor != 0 || tax_minor != 0).chain([("Total", total_minor)]);
    let rows = parts.map(|(label, minor)| {
        view! { <div><dt>{label}</dt><dd>{value::amount(minor, currency)}</dd></div> }
    });
    view! { <dl class="rec-totals" aria-label="Totals">{rows.collect_view()}</dl> }.into_any()
}
