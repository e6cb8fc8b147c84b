//! Contacts: what their pages have beside the catalogue's fields.

use crate::api::links;
use crate::data::{queries, use_query};
use crate::features::deals::DealRows;
use crate::features::records::linking::use_linking;
use crate::features::records::look::{ListLook, Look, Mark, PageLook, Shown};
use crate::features::records::related::{LinkButton, Related, RelatedRow, UnlinkButton, Viewable, listed};
use crate::ui::{Badge, ControlSize, Each, IconButton, IconName, Tone};
use domain::catalog::RecordType;
use domain::contacts::{ContactCompany, ContactCompanyInput, split_name};
use leptos::prelude::*;
use serde_json::json;
use uuid::Uuid;

/// The looks of contacts.
pub static LOOK: Look = Look {
    quick: &["company_id", "owner_id"],
    facts: &["status", "job_title", "company_id", "email", "phone"],
    rename: |name| {
        let (first, last) = split_name(name);
        json!({ "first_name": first, "last_name": last }).as_object().cloned().unwrap_or_default()
    },
    list: ListLook { icon: IconName::Users, keys: Some("g p"), keywords: "people persons", beside: &[] },
    mark: Mark::Person,
    made_by_name: true,
    own_field: "a department or the language of the newsletter",
    ..Look::plain(IconName::User, "Contacts are the people you talk to.")
};

/// Their pages.
pub static PAGE: PageLook = PageLook {
    header: |shown| view! { <Marks shown /> }.into_any(),
    makes: |row| {
        let given = json!({
            "primary_contact_id": row.id, "primary_contact_name": row.title,
            "company_id": row.get("company_id"), "company_name": row.get("company_name"),
        });
        vec![(RecordType::Deal, given.as_object().cloned().unwrap_or_default())]
    },
    related: |shown| {
        view! {
            <Viewable record=RecordType::Company><ContactCompanies shown /></Viewable>
            <DealRows shown />
        }
        .into_any()
    },
    ..PageLook::plain()
};

const SIDES: &[RecordType] = &[RecordType::Contact, RecordType::Company];

/// What one has to know before writing or calling (CONTACT-09, CONTACT-10, CONTACT-22).
#[component]
fn Marks(shown: Shown) -> impl IntoView {
    let row = shown.row;
    move || {
        row.with(|row| {
            let on = |name: &str| row.get(name).as_bool() == Some(true);
            let marks = [
                (on("is_new_lead"), Tone::Accent, "New lead"),
                (row.text("unsubscribed_at").is_some(), Tone::Warning, "Unsubscribed from email"),
                (on("do_not_call"), Tone::Danger, "Do not call"),
            ];
            let shown: Vec<AnyView> = marks
                .into_iter()
                .filter(|(on, ..)| *on)
                .map(|(_, tone, text)| view! { <Badge tone=tone>{text}</Badge> }.into_any())
                .collect();
            (!shown.is_empty()).then(|| view! { <div class="rec-marks">{shown}</div> })
        })
    }
}

/// The companies of a contact, the main one first.
#[component]
fn ContactCompanies(shown: Shown) -> impl IntoView {
    let id = shown.row.with_untracked(|row| row.id);
    let companies = use_query(move || Some(queries::contact_companies(id)));
    let (rows, standing) = listed(companies);
    let linking = use_linking();
    let link = Callback::new(move |(company_id, _): (Uuid, Option<String>)| {
        let first = companies.data_untracked().is_some_and(|page| page.data.is_empty());
        let input = ContactCompanyInput { company_id, is_primary: first };
        linking.run("The company was not linked", SIDES, async move { links::link_contact_company(id, &input).await });
    });
    view! {
        <Related title="Companies" standing nothing="Not linked to a company."
            actions=move || view! {
                {move || shown.may_edit.get().then(|| view! {
                    <LinkButton record=RecordType::Company label="Link company" on_link=link />
                })}
            }>
            <Each each=rows key=|link| (link.company.id, link.company.name.clone(), link.is_primary) let:link>
                <CompanyRow link contact=id may_edit=shown.may_edit />
            </Each>
        </Related>
    }
}

#[component]
fn CompanyRow(link: ContactCompany, contact: Uuid, may_edit: Memo<bool>) -> impl IntoView {
    let ContactCompany { company, is_primary } = link;
    let linking = StoredValue::new(use_linking());
    let (id, name) = (company.id, company.name.clone());
    let make_main = move || {
        let input = ContactCompanyInput { company_id: id, is_primary: true };
        linking.with_value(|linking| {
            linking.run("The main company was not changed", SIDES, async move {
                links::link_contact_company(contact, &input).await
            });
        });
    };
    let unlink = move || {
        linking.with_value(|linking| {
            linking.run("The company was not unlinked", SIDES, links::unlink_contact_company(contact, id));
        });
    };
    view! {
        <RelatedRow record=RecordType::Company id=id name=company.name>
            {is_primary.then(|| view! { <Badge tone=Tone::Accent>"Main"</Badge> })}
            {move || may_edit.get().then(|| view! {
                {(!is_primary).then(|| view! {
                    <IconButton icon=IconName::Star size=ControlSize::Xs label=format!("Make {name} the main company")
                        on_click=move |_| make_main() />
                })}
                <UnlinkButton label=format!("Unlink {name}") on_click=move |()| unlink() />
            })}
        </RelatedRow>
    }
}
