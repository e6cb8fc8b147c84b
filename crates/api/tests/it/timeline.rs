//! TIMELINE area: what happened, in sentences, and nobody can rewrite it.

use crate::support::{Answer, Member, TestApp, db};
use api::openapi::DOCUMENT;
use serde_json::{Value as Json, json};
use uuid::Uuid;

fn sentences(answer: &Answer) -> Vec<String> {
    answer.column("description").iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

async fn timeline(member: &Member, path: &str, id: Uuid) -> Vec<String> {
    sentences(&member.get(&format!("/{path}/{id}/timeline")).await.expect(200))
}

/// TIMELINE-07, TIMELINE-08, TIMELINE-09, TIMELINE-12: a contact's log, newest first, with actor, time and a sentence.
#[actix_web::test]
async fn a_contacts_log() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let company = owner.post("/companies", &json!({"name": "Acme"})).await.expect(201).id();
    let contact =
        owner.post("/contacts", &json!({"first_name": "Ada", "last_name": "Lovelace"})).await.expect(201).id();
    let path = format!("/contacts/{contact}");
    owner.put(&path, &json!({"job_title": "Analyst"})).await.expect(200);
    owner.put(&path, &json!({"job_title": "Countess"})).await.expect(200);
    owner.post(&format!("{path}/tags"), &json!({"tags": ["VIP"]})).await.expect(200);
    owner.delete(&format!("{path}/tags?tags=vip")).await.expect(200);
    owner.put(&path, &json!({"company_id": company})).await.expect(200);
    let deal = json!({"name": "Engine", "primary_contact_id": contact, "stage": "Prospecting"});
    let deal = owner.post("/deals", &deal).await.expect(201).id();
    owner.put(&format!("/deals/{deal}/stage"), &json!({"stage": "Proposal"})).await.expect(200);
    owner.delete(&format!("{path}/companies/{company}")).await.expect(204);
    app.carry(&owner).await;
    let log = timeline(&owner, "contacts", contact).await;
    let expected = [
        "unlinked the company Acme from the contact",
        "moved the deal Engine from Prospecting to Proposal",
        "created the deal Engine",
        "linked the company Acme to the contact",
        "set Company to Acme",
        "removed the tag VIP",
        "added the tag VIP",
        "changed Job title from Analyst to Countess",
        "set Job title to Analyst",
        "created the contact",
    ];
    assert_eq!(log, expected);
    // COMPANY-19: the link stands on the company's timeline too.
    assert!(
        timeline(&owner, "companies", company).await.contains(&"linked the contact Ada Lovelace to the company".into())
    );
    let first = owner.get(&format!("{path}/timeline")).await.json()["data"][7].clone();
    assert_eq!(first["user_id"], json!(owner.user_id()));
    assert_eq!(first["metadata"]["changes"][0]["old"], "Analyst");
    assert_eq!(first["metadata"]["ip"], "127.0.0.1");
    assert!(first["created_at"].as_str().unwrap().ends_with('Z'));
}

/// DEAL-13: a move stands on the timeline of the deal and of its contacts.
#[actix_web::test]
async fn moves_stand_on_both_timelines() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let contact = owner.post("/contacts", &json!({"first_name": "Ada"})).await.expect(201).id();
    let deal = owner.post("/deals", &json!({"name": "Engine", "primary_contact_id": contact})).await.expect(201).json();
    let deal_id: Uuid = deal["id"].as_str().unwrap().parse().unwrap();
    let from = deal["stage_name"].as_str().unwrap().to_owned();
    owner.put(&format!("/deals/{deal_id}/stage"), &json!({"stage": "Negotiation"})).await.expect(200);
    app.carry(&owner).await;
    let moved = format!("moved the deal from {from} to Negotiation");
    assert_eq!(timeline(&owner, "deals", deal_id).await.first(), Some(&moved));
    let elsewhere = format!("moved the deal Engine from {from} to Negotiation");
    assert!(timeline(&owner, "contacts", contact).await.contains(&elsewhere));
}

/// TIMELINE-12: pages of a timeline follow each other without gap or overlap.
#[actix_web::test]
async fn timelines_have_pages() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let company = owner.post("/companies", &json!({"name": "Acme"})).await.expect(201).id();
    for n in 1..=6 {
        owner.put(&format!("/companies/{company}"), &json!({"employee_count": n})).await.expect(200);
    }
    app.carry(&owner).await;
    let whole = owner.get(&format!("/companies/{company}/timeline")).await.expect(200);
    let mut pages = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = owner.get(&format!("/companies/{company}/timeline?limit=3{cursor}")).await.expect(200);
        pages.extend(page.ids());
        match page.json()["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!((pages.len(), pages), (7, whole.ids()));
    owner.get(&format!("/companies/{company}/timeline?cursor=nonsense")).await.expect(422).problem();
}

/// TIMELINE-10, TIMELINE-11: nothing in the API writes the log, and no server role may change it.
#[actix_web::test]
async fn nobody_rewrites_the_log() {
    for (path, item) in &DOCUMENT.paths.paths {
        if path.contains("timeline") || path.contains("activities") {
            let writes = [&item.post, &item.put, &item.patch, &item.delete];
            assert!(writes.iter().all(|operation| operation.is_none()), "{path}");
        }
    }
    let rights = "SELECT count(*) FROM information_schema.role_table_grants WHERE table_name = 'activities' \
         AND grantee IN ('rapport_app', 'rapport_worker') AND privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE') \
         AND $1 IS NOT NULL";
    assert_eq!(db::count(rights, Uuid::nil()).await, 0);
}

/// TIMELINE-06: the log over all records, each event once, with filters.
#[actix_web::test]
async fn the_activity_log() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let colleague = owner.colleague("manager").await;
    let company = owner.post("/companies", &json!({"name": "Acme"})).await.expect(201).id();
    colleague.post("/contacts", &json!({"first_name": "Ada", "company_id": company})).await.expect(201);
    app.carry(&owner).await;
    let list = async |params: &[(&str, &str)]| owner.list("/activities", params).await.expect(200);
    let all = list(&[]).await;
    let events: Vec<Json> = all.column("metadata").iter().map(|m| m["event"].clone()).collect();
    assert_eq!(events.iter().filter(|e| **e == "contact.company_linked").count(), 1, "{events:?}");
    let kinds = list(&[("entity_type", "company"), ("activity_type", "created")]).await;
    assert_eq!(kinds.column("entity_id"), [json!(company)]);
    let theirs = list(&[("user_id", &colleague.user_id().to_string()), ("entity_type", "contact")]).await;
    assert_eq!(theirs.column("activity_type"), ["company_linked", "created"]);
    let of_company = list(&[("entity_type", "company"), ("entity_id", &company.to_string())]).await;
    assert_eq!(of_company.column("activity_type"), ["company_linked", "created"]);
    assert_eq!(list(&[("date_to", "2020-01-01")]).await.json()["pagination"]["total"], 0);
    assert!(list(&[("date_from", "2020-01-01")]).await.json()["pagination"]["total"].as_i64().unwrap() >= 3);
    let bad = owner.list("/activities", &[("date_from", "yesterday")]).await.expect(422);
    assert_eq!(bad.fields(), [("date_from".to_owned(), "date".to_owned())]);
    owner.list("/activities", &[("nonsense", "1")]).await.expect(422).problem();
}
