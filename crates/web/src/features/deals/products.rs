//! The products of a deal.

use crate::features::records::look::Shown;
use crate::features::records::page::BlockEdit;
use crate::features::records::related::{Related, Standing};
use crate::features::records::value;
use crate::ui::{IconButton, IconName, format};
use leptos::prelude::*;

/// DEAL-06: lines with quantity, price and total, edited together.
#[component]
pub fn DealProducts(
    /// The deal.
    shown: Shown,
) -> impl IntoView {
    let row = shown.row;
    let field = row.with_untracked(|row| row.schema().field("products"))?;
    let count = Memo::new(move |_| row.with(|row| row.get("products").as_array().map_or(0, Vec::len)));
    let standing = Standing::counted(move || i64::try_from(count.get()).unwrap_or(i64::MAX));
    let editing = RwSignal::new(false);
    let may_edit = shown.may_edit;
    Some(view! {
        <Related title="Products" standing nothing="No products yet."
            actions=move || view! {
                {move || (may_edit.get() && !editing.get()).then(|| {
                    let (icon, label) = match count.get() {
                        0 => (IconName::Plus, "Add products"),
                        _ => (IconName::Pencil, "Edit products"),
                    };
                    view! { <IconButton icon=icon label=label on_click=move |_| editing.set(true) /> }
                })}
            }>
            {move || (editing.get() || count.get() > 0).then(|| view! {
                <li class="rec-products"><BlockEdit field shown editing=editing /></li>
            })}
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
