//! Companies: what their pages have beside the catalogue's fields.

use crate::api::links;
use crate::data::{queries, use_query, use_session};
use crate::features::deals::DealRows;
use crate::features::records::form::RecordForm;
use crate::features::records::linking::use_linking;
use crate::features::records::look::{Look, Shown};
use crate::features::records::related::{LinkButton, Related, RelatedRow, UnlinkButton, listed};
use crate::ui::{Badge, ControlSize, IconButton, IconName, Tone};
use domain::catalog::RecordType;
use domain::contacts::{Contact, ContactCompanyInput};
use domain::permission::Permission;
use leptos::prelude::*;
use serde_json::json;

/// The looks of companies.
pub static LOOK: Look = Look {
    quick: &["industry", "owner_id"],
    facts: &["status", "lifecycle_stage", "industry", "website", "primary_phone"],
    related: |shown| view! { <CompanyContacts shown /><DealRows shown /> }.into_any(),
    ..Look::plain(IconName::Building2, "Companies are the organizations you sell to and work with.")
};

const SIDES: &[RecordType] = &[RecordType::Company, RecordType::Contact];

/// The people of a company, the primary one first.
#[component]
fn CompanyContacts(shown: Shown) -> impl IntoView {
    let (id, name) = shown.row.with_untracked(|row| (row.id, row.title.clone()));
    let contacts = use_query(move || Some(queries::company_contacts(id)));
    let (rows, standing) = listed(contacts);
    let session = use_session();
    let may_create = Signal::derive(move || session.can(Permission::ContactCreate));
    let creating = RwSignal::new(false);
    let linking = use_linking();
    let link =
        move |(contact, _): (uuid::Uuid, Option<String>)| {
            let input = ContactCompanyInput { company_id: id, is_primary: false };
            linking.run("The contact was not linked", SIDES, async move {
                links::link_contact_company(contact, &input).await
            });
        };
    let link = Callback::new(link);
    let prefill =
        Signal::stored(json!({ "company_id": id, "company_name": name }).as_object().cloned().unwrap_or_default());
    view! {
        <Related title="Contacts" standing nothing="Nobody yet. Add the people you talk to here."
            actions=move || view! {
                {move || shown.may_edit.get().then(|| view! {
                    <LinkButton record=RecordType::Contact label="Link contact" on_link=link />
                })}
                {move || may_create.get().then(|| view! {
                    <IconButton icon=IconName::Plus label="New contact" on_click=move |_| creating.set(true) />
                })}
            }>
            <For each=rows key=|contact| (contact.id, contact.version, contact.is_primary) let:contact>
                <CompanyContact contact company=id />
            </For>
        </Related>
        <RecordForm record=RecordType::Contact open=creating prefill=prefill
            on_saved=move |_| contacts.refetch() />
    }
}

#[component]
fn CompanyContact(contact: Contact, company: uuid::Uuid) -> impl IntoView {
    let linking = use_linking();
    let session = use_session();
    let may = untrack(|| session.may_update(&contact));
    let id = contact.id;
    let main_here = contact.company_id == Some(company);
    let note = [contact.job_title.clone(), contact.email.clone()].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let (promote, unlink) = (linking.clone(), linking);
    let primary = contact.is_primary && main_here;
    view! {
        <RelatedRow record=RecordType::Contact id=id name=contact.name.clone() note=note>
            {primary.then(|| view! { <Badge tone=Tone::Accent>"Primary"</Badge> })}
            {(may && main_here && !primary).then(|| view! {
                <IconButton icon=IconName::Star size=ControlSize::Xs label=format!("Make {} the primary contact", contact.name)
                    on_click=move |_| promote.run("The primary contact was not changed", SIDES, links::set_primary_contact(id)) />
            })}
            {may.then(|| view! {
                <UnlinkButton label=format!("Unlink {}", contact.name)
                    on_click=move |()| unlink.run("The contact was not unlinked", SIDES, links::unlink_contact_company(id, company)) />
            })}
        </RelatedRow>
    }
}
