//! Companies: what their pages have beside the catalogue's fields.

mod figures;

use crate::api::{Row, links};
use crate::data::{queries, use_query, use_session};
use crate::features::deals::DealRows;
use crate::features::records::linking::use_linking;
use crate::features::records::look::{ListLook, Look, Mark, PageLook, Shown};
use crate::features::records::related::{LinkButton, MakeButton, Related, RelatedRow, UnlinkButton, Viewable, listed};
use crate::features::records::value;
use crate::ui::{Badge, ControlSize, Each, IconButton, IconName, SearchInput, Tone};
use domain::catalog::RecordType;
use domain::contacts::ContactCompanyInput;
use figures::CompanyFigures;
use leptos::prelude::*;
use serde_json::json;

/// The looks of companies.
pub static LOOK: Look = Look {
    quick: &["industry", "owner_id"],
    facts: &["status", "lifecycle_stage", "industry", "company_size", "website", "primary_email", "primary_phone"],
    list: ListLook { icon: IconName::Building2, keys: Some("g c"), keywords: "accounts customers", beside: &[] },
    mark: Mark::Company,
    made_by_name: true,
    own_field: "a customer number or the size of the fleet",
    ..Look::plain(IconName::Building2, "Companies are the organizations you sell to and work with.")
};

/// Their pages.
pub static PAGE: PageLook = PageLook {
    header: |shown| view! { <CompanyFigures shown /> }.into_any(),
    makes: |row| {
        let given = json!({ "company_id": row.id, "company_name": row.title });
        let given = given.as_object().cloned().unwrap_or_default();
        vec![(RecordType::Contact, given.clone()), (RecordType::Deal, given)]
    },
    related: |shown| {
        view! {
            <Viewable record=RecordType::Contact><CompanyContacts shown /></Viewable>
            <DealRows shown />
        }
        .into_any()
    },
    ..PageLook::plain()
};

/// More contacts than these are searched.
const SEARCHED: usize = 6;

const SIDES: &[RecordType] = &[RecordType::Company, RecordType::Contact];

/// The people of a company, the primary one first.
#[component]
fn CompanyContacts(shown: Shown) -> impl IntoView {
    let id = shown.row.with_untracked(|row| row.id);
    let contacts = use_query(move || Some(queries::company_contacts(id)));
    let (all, standing) = listed(contacts);
    let typed = RwSignal::new(String::new());
    let many = Memo::new(move |_| contacts.data().is_some_and(|page| page.data.len() > SEARCHED));
    let rows = move || {
        let typed = typed.get().trim().to_lowercase();
        let fits = |contact: &Row| {
            let texts = ["name", "job_title", "email"].into_iter().filter_map(|name| contact.text(name));
            texts.map(str::to_lowercase).any(|text| text.contains(&typed))
        };
        all().into_iter().filter(fits).collect::<Vec<_>>()
    };
    let linking = use_linking();
    let link =
        move |(contact, _): (uuid::Uuid, Option<String>)| {
            let input = ContactCompanyInput { company_id: id, is_primary: false };
            linking.run("The contact was not linked", SIDES, async move {
                links::link_contact_company(contact, &input).await
            });
        };
    let link = Callback::new(link);
    view! {
        <Related title="Contacts" standing nothing="Nobody yet. Add the people you talk to here."
            actions=move || view! {
                {move || shown.may_edit.get().then(|| view! {
                    <LinkButton record=RecordType::Contact label="Link contact" on_link=link />
                })}
                <MakeButton record=RecordType::Contact shown />
            }>
            {move || many.get().then(|| view! {
                <li class="rec-related-search"><SearchInput value=typed label="Search these contacts" /></li>
            })}
            <Each each=rows key=|contact| (contact.id, contact.version, is_primary(contact)) let:contact>
                <CompanyContact contact company=id />
            </Each>
        </Related>
    }
}

fn is_primary(contact: &Row) -> bool {
    contact.get("is_primary").as_bool() == Some(true)
}

#[component]
fn CompanyContact(contact: Row, company: uuid::Uuid) -> impl IntoView {
    let linking = use_linking();
    let session = use_session();
    let may = untrack(|| session.may_update(&contact));
    let id = contact.id;
    let main_here = contact.id_in("company_id") == Some(company);
    let note = contact.text("job_title").unwrap_or_default().to_owned();
    let email = contact.text("email").map(|email| value::outward(format!("mailto:{email}"), email.to_owned(), false));
    let phone = contact.text("phone").map(|phone| value::outward(value::tel(phone), phone.to_owned(), false));
    let (promote, unlink) = (linking.clone(), linking);
    let primary = is_primary(&contact) && main_here;
    view! {
        <RelatedRow record=RecordType::Contact id=id name=contact.title.clone() note=note reach=vec![email, phone]>
            {primary.then(|| view! { <Badge tone=Tone::Accent>"Primary"</Badge> })}
            {(may && main_here && !primary).then(|| view! {
                <IconButton icon=IconName::Star size=ControlSize::Xs label=format!("Make {} the primary contact", contact.title)
                    on_click=move |_| promote.run("The primary contact was not changed", SIDES, links::set_primary_contact(id)) />
            })}
            {may.then(|| view! {
                <UnlinkButton label=format!("Unlink {}", contact.title)
                    on_click=move |()| unlink.run("The contact was not unlinked", SIDES, links::unlink_contact_company(id, company)) />
            })}
        </RelatedRow>
    }
}
