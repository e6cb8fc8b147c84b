//! The deals of a company, contact or product.

use super::moves::is_open;
use crate::api::Row;
use crate::data::{queries, use_query};
use crate::features::records::look::Shown;
use crate::features::records::related::{MakeButton, Related, RelatedRow, Viewable, listed};
use crate::features::records::value;
use crate::ui::{Badge, Each, format};
use domain::catalog::RecordType;
use domain::deals::DealStatus;
use leptos::prelude::*;

/// The deals that name the record or are linked to it (COMPANY-20, CONTACT-20), for those who may view deals.
#[component]
pub fn DealRows(
    /// The company, contact or product.
    shown: Shown,
) -> impl IntoView {
    view! { <Viewable record=RecordType::Deal><Deals shown /></Viewable> }
}

#[component]
fn Deals(shown: Shown) -> impl IntoView {
    let (record, id) = shown.row.with_untracked(|row| (row.record, row.id));
    let deals = use_query(move || Some(queries::deals_of(record, id)));
    let (rows, standing) = listed(deals);
    view! {
        <Related title="Deals" standing nothing="No deals yet."
            actions=move || view! {
                <MakeButton record=RecordType::Deal shown />
            }>
            <Each each=rows key=|deal| (deal.id, deal.version) let:deal><DealRow deal shown /></Each>
        </Related>
    }
}

#[component]
fn DealRow(deal: Row, shown: Shown) -> impl IntoView {
    let amount = deal.get("amount_minor").as_i64().unwrap_or_default();
    let close = value::day(deal.get("expected_close_date")).map(format::date);
    let note = [Some(format::money_round(amount, deal.currency())), close];
    let note = note.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let end = match (is_open(&deal), deal.id_in("stage_id")) {
        (true, Some(stage)) => value::stage(stage, deal.text("stage_name").map(str::to_owned), shown.lookup),
        _ => {
            let status = deal.text("status").unwrap_or_default();
            let label = DealStatus::parse(status).map(DealStatus::label);
            view! { <Badge tone=value::tone(status)>{label}</Badge> }.into_any()
        }
    };
    view! { <RelatedRow record=RecordType::Deal id=deal.id name=deal.title note=note>{end}</RelatedRow> }
}
