//! The event catalogue: every mutation tells of itself under its name, and the log keeps who did it.

use crate::deals::event_names;
use crate::support::{Member, TestApp, USER_AGENT};
use serde_json::{Value as Json, json};
use uuid::Uuid;

async fn log(member: &Member, id: &Json) -> Vec<Json> {
    let params = [("entity_id", id.as_str().unwrap()), ("limit", "200")];
    member.list("/activities", &params).await.expect(200).json()["data"].as_array().unwrap().clone()
}

/// Each event of a record stands in its log with the acting member, the client's address and program, and a
/// sentence.
async fn logged(member: &Member, id: &Json, events: &[&str]) {
    let log = log(member, id).await;
    for event in events {
        let entry = log.iter().find(|entry| entry["metadata"]["event"] == *event);
        let entry = entry.unwrap_or_else(|| panic!("{event} is not in the log: {log:?}"));
        assert_eq!(entry["user_id"], json!(member.user_id()), "{event}");
        assert_eq!(entry["metadata"]["ip"], "127.0.0.1", "{event}");
        assert_eq!(entry["metadata"]["user_agent"], USER_AGENT, "{event}");
        assert!(entry["description"].as_str().is_some_and(|text| text.len() > 5), "{event}: {entry}");
    }
}

/// What every record type tells of: made, changed, tagged, archived, restored, deleted.
async fn common(app: &TestApp, owner: &Member, path: &str, entity: &str, input: Json) {
    let made = owner.post(path, &input).await.expect(201).json();
    let one = format!("{path}/{}", made["id"].as_str().unwrap());
    let notes = if entity == "product" { "description" } else { "notes" };
    owner.put(&one, &json!({notes: "Called back"})).await.expect(200);
    owner.put(&one, &json!({notes: "Called back"})).await.expect(200);
    owner.post(&format!("{one}/tags"), &json!({"tags": ["VIP"]})).await.expect(200);
    owner.delete(&format!("{one}/tags?tags=vip")).await.expect(200);
    owner.delete(&one).await.expect(204);
    owner.post(&format!("{one}/restore"), &json!({})).await.expect(200);
    app.carry(owner).await;
    let verbs = ["created", "updated", "tag_added", "tag_removed", "archived", "restored", "deleted"];
    let expected: Vec<String> = verbs.iter().map(|verb| format!("{entity}.{verb}")).collect();
    assert_eq!(event_names(&made["id"]).await, expected[..6], "a change to the same value is none");
    logged(owner, &made["id"], &expected[..6].iter().map(String::as_str).collect::<Vec<_>>()).await;
    owner.delete(&format!("{one}?permanent=true")).await.expect(204);
    assert_eq!(event_names(&made["id"]).await, expected);
}

/// COMPANY-25, CONTACT-13, TAG-03, TAG-04, EVENT-02, TIMELINE-07: companies, contacts, deals and products carry tags, and
/// whatever happens to them is an event and an entry of the log with the acting member.
#[actix_web::test]
async fn every_mutation_of_a_record_is_told() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    common(&app, &owner, "/companies", "company", json!({"name": "Acme"})).await;
    common(&app, &owner, "/contacts", "contact", json!({"first_name": "Ada"})).await;
    common(&app, &owner, "/deals", "deal", json!({"name": "Engine"})).await;
    common(&app, &owner, "/products", "product", json!({"name": "Gear"})).await;
}

/// COMPANY-19, DEAL-13, DEAL-17, DEAL-18, EVENT-02, EVENT-05: links, moves and endings have events of their own.
#[actix_web::test]
async fn links_moves_and_endings_are_told() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let company = owner.post("/companies", &json!({"name": "Acme"})).await.expect(201).json();
    let contact = owner.post("/contacts", &json!({"first_name": "Ada"})).await.expect(201).json();
    let deal = owner.post("/deals", &json!({"name": "Engine"})).await.expect(201).json();
    let (one, two) = (format!("/contacts/{}", contact["id"].as_str().unwrap()), company["id"].as_str().unwrap());
    owner.post(&format!("{one}/companies"), &json!({"company_id": two})).await.expect(201);
    owner.delete(&format!("{one}/companies/{two}")).await.expect(204);
    let at = |rest: &str| format!("/deals/{}{rest}", deal["id"].as_str().unwrap());
    owner.post(&at("/contacts"), &json!({"contact_id": contact["id"]})).await.expect(201);
    owner.delete(&at(&format!("/contacts/{}", contact["id"].as_str().unwrap()))).await.expect(204);
    owner.post(&at("/companies"), &json!({"company_id": two, "relationship": "vendor"})).await.expect(201);
    owner.delete(&at(&format!("/companies/{two}"))).await.expect(204);
    owner.put(&at("/stage"), &json!({"stage": "Proposal"})).await.expect(200);
    owner.post(&at("/win"), &json!({})).await.expect(200);
    owner.post(&at("/reopen"), &json!({})).await.expect(200);
    owner.post(&at("/lose"), &json!({"lost_reason": "price"})).await.expect(200);
    owner.post(&at("/reopen"), &json!({"stage_id": deal["stage_id"]})).await.expect(200);
    owner.post(&at("/abandon"), &json!({})).await.expect(200);
    app.carry(&owner).await;
    let of_contact = ["contact.created", "contact.company_linked", "contact.company_unlinked"];
    assert_eq!(event_names(&contact["id"]).await, of_contact);
    logged(&owner, &contact["id"], &of_contact).await;
    // COMPANY-19: both sides keep the entry.
    logged(&owner, &company["id"], &of_contact[1..]).await;
    let of_deal = [
        "deal.created",
        "deal.contact_linked",
        "deal.contact_unlinked",
        "deal.company_linked",
        "deal.company_unlinked",
        "deal.moved",
        "deal.moved",
        "deal.won",
        "deal.moved",
        "deal.reopened",
        "deal.moved",
        "deal.lost",
        "deal.moved",
        "deal.reopened",
        "deal.abandoned",
    ];
    assert_eq!(event_names(&deal["id"]).await, of_deal);
    logged(&owner, &deal["id"], &of_deal).await;
}

/// EVENT-02, PIPELINE-04: pipelines and their stages tell of their changes too.
#[actix_web::test]
async fn pipelines_are_told() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let made = owner.post("/pipelines", &json!({"name": "Renewals"})).await.expect(201).json();
    let one = format!("/pipelines/{}", made["id"].as_str().unwrap());
    owner.put(&one, &json!({"name": "Renewals 2"})).await.expect(200);
    let with = owner.post(&format!("{one}/stages"), &json!({"name": "Legal"})).await.expect(201).json();
    let stage = crate::deals::stage(&with, "Legal");
    let stage_path = format!("{one}/stages/{stage}");
    owner.put(&stage_path, &json!({"color": "#123456"})).await.expect(200);
    let stages = owner.get(&one).await.expect(200).json()["stages"].as_array().unwrap().clone();
    let mut order: Vec<Uuid> = stages.iter().map(|s| s["id"].as_str().unwrap().parse().unwrap()).collect();
    order.rotate_left(1);
    owner.put(&format!("{one}/stages/reorder"), &json!({"stage_ids": order})).await.expect(200);
    owner.delete(&stage_path).await.expect(200);
    owner.delete(&one).await.expect(204);
    let sql = "SELECT type FROM domain_events WHERE org_id = $1 AND entity IN ('pipeline', 'stage') \
         AND (entity_id = $2 OR payload::text LIKE '%Renewals%') ORDER BY id";
    let names: Vec<String> = sqlx::query_scalar(sql)
        .bind(owner.org_id())
        .bind(stage)
        .fetch_all(&mut crate::support::db::owner().await)
        .await
        .unwrap();
    for name in [
        "pipeline.created",
        "pipeline.updated",
        "stage.created",
        "stage.updated",
        "stage.reordered",
        "stage.deleted",
        "pipeline.deleted",
    ] {
        assert!(names.iter().any(|known| known == name), "{name}: {names:?}");
    }
}
