//! The people and companies of a deal, with their parts in it.

use crate::api::links;
use crate::data::{queries, use_query};
use crate::features::records::linking::use_linking;
use crate::features::records::look::Shown;
use crate::features::records::related::{LinkButton, Related, RelatedRow, UnlinkButton, listed};
use crate::ui::{Badge, Choice, ControlSize, Each, Select, Tone, as_it_is, following};
use domain::catalog::RecordType;
use domain::deals::{
    DealCompany, DealCompanyInput, DealCompanyRelationship, DealContact, DealContactInput, DealContactRole,
};
use leptos::prelude::*;
use uuid::Uuid;

const PEOPLE: &[RecordType] = &[RecordType::Deal, RecordType::Contact];
const COMPANIES: &[RecordType] = &[RecordType::Deal, RecordType::Company];

fn roles() -> Vec<Choice> {
    DealContactRole::ALL.iter().map(|role| Choice::new(role.as_str(), role.label())).collect()
}

fn relationships() -> Vec<Choice> {
    DealCompanyRelationship::ALL.iter().map(|part| Choice::new(part.as_str(), part.label())).collect()
}

/// DEAL-17: contacts with roles.
#[component]
pub fn DealPeople(
    /// The deal.
    shown: Shown,
) -> impl IntoView {
    let id = shown.row.with_untracked(|row| row.id);
    let (rows, standing) = listed(use_query(move || Some(queries::deal_contacts(id))));
    let people = Memo::new(move |_| rows());
    let linking = use_linking();
    let link = Callback::new(move |(contact_id, role): (Uuid, Option<String>)| {
        let input = DealContactInput { contact_id, role: role.as_deref().and_then(DealContactRole::parse) };
        linking.run("The contact was not linked", PEOPLE, async move { links::link_deal_contact(id, &input).await });
    });
    view! {
        <Related title="Contacts" standing nothing="Nobody linked yet."
            actions=move || view! {
                {move || shown.may_edit.get().then(|| view! {
                    <LinkButton record=RecordType::Contact label="Link contact" parts=roles() part_label="Role" on_link=link />
                })}
            }>
            <Each each=move || people.get() key=|person| (person.contact_id, person.name.clone()) let:person>
                <Person person=as_it_is(people, person, |person| person.contact_id) deal=id may_edit=shown.may_edit />
            </Each>
        </Related>
    }
}

#[component]
fn Person(person: Memo<DealContact>, deal: Uuid, may_edit: Memo<bool>) -> impl IntoView {
    let linking = StoredValue::new(use_linking());
    let first = person.get_untracked();
    let (id, name) = (first.contact_id, first.name.clone());
    let role = Memo::new(move |_| person.with(|person| person.role));
    let value = following(move || role.get().map(|role| role.as_str().to_owned()).unwrap_or_default());
    let change = move |now: String| {
        let input = DealContactInput { contact_id: id, role: DealContactRole::parse(&now) };
        linking.with_value(|linking| {
            linking.run(
                "The role was not changed",
                PEOPLE,
                async move { links::link_deal_contact(deal, &input).await },
            );
        });
    };
    let unlink = move || {
        linking.with_value(|linking| {
            linking.run("The contact was not unlinked", PEOPLE, links::unlink_deal_contact(deal, id))
        });
    };
    let note = first.job_title.or(first.email).unwrap_or_default();
    view! {
        <RelatedRow record=RecordType::Contact id=id name=first.name note=note>
            {move || person.with(|person| person.is_primary).then(|| view! { <Badge tone=Tone::Accent>"Primary"</Badge> })}
            {move || {
                let name = name.clone();
                if may_edit.get() {
                    view! {
                        <Select value=value choices=Signal::stored(roles()) size=ControlSize::Sm label=format!("Role of {name}")
                            empty="No role" on_change=change />
                        <UnlinkButton label=format!("Unlink {name}") on_click=move |()| unlink() />
                    }.into_any()
                } else {
                    role.get().map(|role| view! { <Badge>{role.label()}</Badge> }).into_any()
                }
            }}
        </RelatedRow>
    }
}

/// DEAL-18: companies with relationships.
#[component]
pub fn DealCompanies(
    /// The deal.
    shown: Shown,
) -> impl IntoView {
    let id = shown.row.with_untracked(|row| row.id);
    let (rows, standing) = listed(use_query(move || Some(queries::deal_companies(id))));
    let companies = Memo::new(move |_| rows());
    let linking = use_linking();
    let link = Callback::new(move |(company_id, part): (Uuid, Option<String>)| {
        let relationship = part.as_deref().and_then(DealCompanyRelationship::parse);
        let input = DealCompanyInput { company_id, relationship };
        linking.run("The company was not linked", COMPANIES, async move { links::link_deal_company(id, &input).await });
    });
    view! {
        <Related title="Companies" standing nothing="No company linked yet."
            actions=move || view! {
                {move || shown.may_edit.get().then(|| view! {
                    <LinkButton record=RecordType::Company label="Link company" parts=relationships()
                        part_label="Relationship" on_link=link />
                })}
            }>
            <Each each=move || companies.get() key=|link| (link.company_id, link.name.clone()) let:link>
                <Company link=as_it_is(companies, link, |link| link.company_id) deal=id may_edit=shown.may_edit />
            </Each>
        </Related>
    }
}

#[component]
fn Company(link: Memo<DealCompany>, deal: Uuid, may_edit: Memo<bool>) -> impl IntoView {
    let linking = StoredValue::new(use_linking());
    let first = link.get_untracked();
    let (id, name) = (first.company_id, first.name.clone());
    let part = Memo::new(move |_| link.with(|link| link.relationship));
    let value = following(move || part.get().map(|part| part.as_str().to_owned()).unwrap_or_default());
    let change = move |now: String| {
        let input = DealCompanyInput { company_id: id, relationship: DealCompanyRelationship::parse(&now) };
        linking.with_value(|linking| {
            linking.run("The relationship was not changed", COMPANIES, async move {
                links::link_deal_company(deal, &input).await
            });
        });
    };
    let unlink = move || {
        linking.with_value(|linking| {
            linking.run("The company was not unlinked", COMPANIES, links::unlink_deal_company(deal, id))
        });
    };
    view! {
        <RelatedRow record=RecordType::Company id=id name=first.name>
            {move || link.with(|link| link.is_main).then(|| view! { <Badge tone=Tone::Accent>"Main"</Badge> })}
            {move || {
                let name = name.clone();
                if may_edit.get() {
                    view! {
                        <Select value=value choices=Signal::stored(relationships()) size=ControlSize::Sm
                            label=format!("Relationship of {name}") empty="No relationship" on_change=change />
                        <UnlinkButton label=format!("Unlink {name}") on_click=move |()| unlink() />
                    }.into_any()
                } else {
                    part.get().map(|part| view! { <Badge>{part.label()}</Badge> }).into_any()
                }
            }}
        </RelatedRow>
    }
}
