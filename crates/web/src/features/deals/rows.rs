//! The deals of a company or contact.

use crate::data::{queries, use_query};
use crate::features::records::look::{Shown, look};
use crate::features::records::related::{MakeButton, Related, RelatedRow, listed};
use crate::features::records::value;
use crate::ui::{Badge, format};
use domain::catalog::RecordType;
use domain::deals::{Deal, DealStatus};
use domain::of_type;
use leptos::prelude::*;

/// The deals that name the record or are linked to it (COMPANY-20, CONTACT-20).
#[component]
pub fn DealRows(
    /// The company or contact.
    shown: Shown,
) -> impl IntoView {
    let (record, id) = shown.row.with_untracked(|row| (row.record, row.id));
    let deals = use_query(move || of_type!(record, R => Some(queries::deals_of::<R>(id))));
    let (rows, standing) = listed(deals);
    view! {
        <Related title="Deals" standing nothing="No deals yet."
            actions=move || view! {
                <MakeButton record=RecordType::Deal look=look(record) shown />
            }>
            <For each=rows key=|deal| (deal.id, deal.version) let:deal><DealRow deal shown /></For>
        </Related>
    }
}

#[component]
fn DealRow(deal: Deal, shown: Shown) -> impl IntoView {
    let note =
        [Some(format::money_round(deal.amount_minor, &deal.currency)), deal.expected_close_date.map(format::date)];
    let note = note.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let end = match (deal.status, deal.stage_id) {
        (DealStatus::Open, Some(stage)) => value::stage(stage, deal.stage_name.clone(), shown.lookup),
        (status, _) => {
            let tone = value::tone(status.as_str());
            view! { <Badge tone=tone>{status.label()}</Badge> }.into_any()
        }
    };
    view! { <RelatedRow record=RecordType::Deal id=deal.id name=deal.name note=note>{end}</RelatedRow> }
}
