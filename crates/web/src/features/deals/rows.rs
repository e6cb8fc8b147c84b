//! The deals of a company or contact.

use crate::data::{queries, use_query, use_session};
use crate::features::records::form::RecordForm;
use crate::features::records::look::Shown;
use crate::features::records::related::{Related, RelatedRow, listed};
use crate::features::records::value;
use crate::ui::{Badge, IconButton, IconName, format};
use domain::catalog::RecordType;
use domain::companies::Company;
use domain::contacts::Contact;
use domain::deals::{Deal, DealStatus};
use domain::permission::Permission;
use leptos::prelude::*;
use serde_json::json;

/// The deals that name the record or are linked to it (COMPANY-20, CONTACT-20).
#[component]
pub fn DealRows(
    /// The company or contact.
    shown: Shown,
) -> impl IntoView {
    let (record, id, name) = shown.row.with_untracked(|row| (row.record, row.id, row.title.clone()));
    let deals = use_query(move || match record {
        RecordType::Company => Some(queries::deals_of::<Company>(id)),
        RecordType::Contact => Some(queries::deals_of::<Contact>(id)),
        RecordType::Deal => None,
    });
    let (rows, standing) = listed(deals);
    let session = use_session();
    let may_create = Signal::derive(move || session.can(Permission::DealCreate));
    let creating = RwSignal::new(false);
    let prefill = Signal::derive(move || {
        let fields = match record {
            RecordType::Contact => {
                let (company, company_name) =
                    shown.row.with(|row| (row.get("company_id").clone(), row.get("company_name").clone()));
                json!({
                    "primary_contact_id": id, "primary_contact_name": name,
                    "company_id": company, "company_name": company_name,
                })
            }
            _ => json!({ "company_id": id, "company_name": name }),
        };
        fields.as_object().cloned().unwrap_or_default()
    });
    view! {
        <Related title="Deals" standing nothing="No deals yet."
            actions=move || view! {
                {move || may_create.get().then(|| view! {
                    <IconButton icon=IconName::Plus label="New deal" on_click=move |_| creating.set(true) />
                })}
            }>
            <For each=rows key=|deal| (deal.id, deal.version) let:deal><DealRow deal shown /></For>
        </Related>
        <RecordForm record=RecordType::Deal open=creating prefill=prefill on_saved=move |_| deals.refetch() />
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
