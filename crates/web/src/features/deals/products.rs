//! The products of a deal.

use crate::features::records::look::Shown;
use crate::features::records::page::BlockEdit;
use crate::features::records::related::Related;
use crate::features::records::value;
use crate::ui::format;
use leptos::prelude::*;

/// DEAL-06: lines with quantity, price and total, edited together.
#[component]
pub fn DealProducts(
    /// The deal.
    shown: Shown,
) -> impl IntoView {
    let row = shown.row;
    let field = row.with_untracked(|row| row.spec().field("products"))?;
    let lines = Memo::new(move |_| row.with(|row| value::lines(row.get("products"))));
    let count = Signal::derive(move || i64::try_from(lines.with(Vec::len)).ok());
    Some(view! {
        <Related title="Products" count=count nothing="">
            <li class="rec-products"><BlockEdit field shown /></li>
        </Related>
    })
}

/// The lines as a table, for reading.
pub fn table(lines: &[domain::deals::DealProduct], currency: &str) -> AnyView {
    let sum = lines.iter().map(|line| line.total_minor).fold(0_i64, i64::saturating_add);
    let rows = lines
        .iter()
        .map(|line| {
            view! {
                <tr>
                    <td>{line.name.clone()}</td>
                    <td class="rec-num">{format::number(line.quantity)}</td>
                    <td class="rec-num">{value::amount(line.price_minor, currency)}</td>
                    <td class="rec-num">{value::amount(line.total_minor, currency)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="rec-product-table">
            <thead>
                <tr>
                    <th scope="col">"Product"</th>
                    <th scope="col" class="rec-num">"Qty"</th>
                    <th scope="col" class="rec-num">"Price"</th>
                    <th scope="col" class="rec-num">"Total"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
            <tfoot><tr><th scope="row" colspan="3">"Sum"</th><td class="rec-num">{value::amount(sum, currency)}</td></tr></tfoot>
        </table>
    }
    .into_any()
}
