use super::*;
use crate::events::NewEvent;
use serde_json::json;

fn told(event: &NewEvent) -> String {
    with(event, &Lookup::default()).own()
}

fn with<'a>(event: &'a NewEvent, lookup: &'a Lookup) -> Story<'a> {
    Story { name: &event.name, entity: &event.entity, entity_id: event.entity_id, payload: &event.payload, lookup }
}

fn deal(verb: &str) -> NewEvent {
    NewEvent::record(RecordType::Deal, verb, Uuid::from_u128(1), "Engine")
}

fn change(field: &str, old: Json, new: Json) -> Change {
    Change { field: field.to_owned(), old, new }
}

/// TIMELINE-09, DEAL-13: a stage move says from where to where, on the deal and on its contacts.
#[test]
fn moves() {
    let event = deal("moved").details(json!({ "from": "Proposal", "to": "Negotiation" }));
    assert_eq!(told(&event), "moved the deal from Proposal to Negotiation");
    let contact = Related { entity: "contact".into(), id: Uuid::nil(), name: "Ada".into() };
    let lookup = Lookup::default();
    assert_eq!(with(&event, &lookup).on(&contact), "moved the deal Engine from Proposal to Negotiation");
    assert_eq!(activity_type(&event.name, &event.payload), "stage_moved");
}

/// TIMELINE-09: ids never show, also where a move only has them.
#[test]
fn stages_by_id() {
    let (from, to) = (Uuid::from_u128(8), Uuid::from_u128(9));
    let event = deal("moved").changes(vec![change("stage_id", json!(from), json!(to))]);
    let lookup = Lookup { names: [(from, "Lead".into()), (to, "Won".into())].into(), ..Lookup::default() };
    assert_eq!(with(&event, &lookup).own(), "moved the deal from Lead to Won");
    assert_eq!(told(&event), "moved the deal to another stage");
}

/// TIMELINE-08: a changed field says from what to what, in words.
#[test]
fn one_changed_field() {
    let of = |c: Change| told(&deal("updated").changes(vec![c]));
    assert_eq!(of(change("lost_reason", json!(null), json!("no_budget"))), "set Reason lost to No budget");
    assert_eq!(
        of(change("expected_close_date", json!("2026-11-21"), json!("2026-12-01"))),
        "changed Expected close from 21 Nov 2026 to 1 Dec 2026"
    );
    assert_eq!(of(change("lost_to_competitor", json!("Initech"), json!(null))), "cleared Lost to");
    assert_eq!(of(change("notes", json!("a"), json!("b"))), "changed Notes");
    assert_eq!(of(change("owner_id", json!(Uuid::nil()), json!(Uuid::max()))), "changed Owner");
    assert_eq!(told(&deal("updated")), "updated the deal");
}

/// TIMELINE-08: amounts have their currency, owners their names.
#[test]
fn amounts_and_owners() {
    let mut lookup = Lookup::default();
    lookup.currencies.insert(Uuid::from_u128(1), "USD".into());
    lookup.names.insert(Uuid::max(), "Grace Hopper".into());
    let event = deal("updated").changes(vec![change("amount_minor", json!(0), json!(123_456_789))]);
    assert_eq!(with(&event, &lookup).own(), "changed Amount from 0.00 USD to 1,234,567.89 USD");
    let event = deal("updated").changes(vec![change("owner_id", json!(null), json!(Uuid::max()))]);
    assert_eq!(with(&event, &lookup).own(), "set Owner to Grace Hopper");
    let yen = vec![change("currency", json!("USD"), json!("JPY")), change("amount_minor", json!(100), json!(1500))];
    let event = deal("updated").changes(yen);
    let story = with(&event, &lookup);
    assert_eq!(display::value(&story, "amount_minor", &json!(1500), true).as_deref(), Some("1,500 JPY"));
}

/// TIMELINE-08: many changed fields are counted, not recited.
#[test]
fn many_changed_fields() {
    let fields = ["name", "amount_minor", "owner_id", "source", "notes"];
    let all = |n: usize| fields.iter().take(n).map(|f| change(f, json!(null), json!("x"))).collect::<Vec<_>>();
    assert_eq!(told(&deal("updated").changes(all(2))), "changed Name and Amount");
    assert_eq!(told(&deal("updated").changes(all(4))), "changed Name, Amount, Owner and Source");
    assert_eq!(told(&deal("updated").changes(all(5))), "changed Name, Amount, Owner and 2 more fields");
}

/// COMPANY-19, TAG-04, DEAL-03: links, tags and endings.
#[test]
fn links_tags_and_endings() {
    let contact = NewEvent::record(RecordType::Contact, "company_linked", Uuid::nil(), "Ada")
        .related(RecordType::Company, Uuid::max(), "Acme")
        .details(json!({ "company": "Acme" }));
    let lookup = Lookup::default();
    assert_eq!(told(&contact), "linked the company Acme to the contact");
    let company = contact.payload.related.first().unwrap();
    assert_eq!(with(&contact, &lookup).on(company), "linked the contact Ada to the company");
    let deal_contact = deal("contact_linked")
        .related(RecordType::Contact, Uuid::max(), "Ada")
        .details(json!({ "role": "decision_maker" }));
    assert_eq!(told(&deal_contact), "linked the contact Ada to the deal as decision maker");
    assert_eq!(told(&deal("tag_added").details(json!({ "tag": "VIP" }))), "added the tag VIP");
    assert_eq!(told(&deal("lost").details(json!({ "lost_reason": "price" }))), "lost the deal: Price");
    assert_eq!(told(&deal("won")), "won the deal");
    assert_eq!(told(&deal("restored")), "restored the deal from the archive");
}

/// DEDUPE-04, TIMELINE-09: a merge taken back says which fields stay as they are.
#[test]
fn merges_taken_back() {
    let of = |kept: Json| told(&deal("unmerged").details(json!({ "merge_id": Uuid::nil(), "kept": kept })));
    assert_eq!(of(json!([])), "took a merge into the deal back");
    assert_eq!(of(json!(["notes", "owner_id"])), "took a merge into the deal back, but for Notes and Owner");
    assert_eq!(told(&deal("unmerged")), "took a merge into the deal back");
}

/// TIMELINE-07: what is no record stands in the log as well, and an unknown event still makes a sentence.
#[test]
fn other_things() {
    let of = |entity, verb| told(&NewEvent::new(entity, verb, Uuid::nil(), "Sales"));
    assert_eq!(of("pipeline", "created"), "created the pipeline Sales");
    assert_eq!(of("stage", "reordered"), "put the stages of Sales in a new order");
    assert_eq!(of("import", "completed"), "imported Sales");
    assert_eq!(of("member", "removed"), "removed Sales from the organization");
    assert_eq!(of("widget", "turned_round"), "turned round the widget Sales");
    assert_eq!(told(&deal("put_on_hold")), "put on hold the deal");
}
