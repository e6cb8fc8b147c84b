//! Merges taken back after something else has changed.

use super::{contact, merge, merge_with};
use crate::support::{Member, TestApp};
use serde_json::{Value as Json, json};
use uuid::Uuid;

async fn read(member: &Member, path: &str) -> Json {
    member.get(path).await.expect(200).json()
}

async fn one(member: &Member, id: Uuid) -> Json {
    read(member, &format!("/contacts/{id}")).await
}

/// What the last undo of a merge into a record is told as.
async fn told(app: &TestApp, member: &Member, path: &str) -> String {
    app.carry(member).await;
    let timeline = read(member, &format!("{path}/timeline")).await;
    let mut lines = timeline["data"].as_array().unwrap().iter().map(|entry| entry["description"].as_str().unwrap());
    lines.find(|line| line.starts_with("took a merge")).unwrap().to_owned()
}

/// DEDUPE-04: a merge is not taken back while its survivor is part of another record, or in the archive: what led to the
/// others has gone on with it. The refusal says why and touches nothing; afterwards everything finds back.
#[actix_web::test]
async fn one_after_the_other() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let a = contact(&owner, json!({"first_name": "A", "email": "ada@engine.example"})).await;
    let b = contact(&owner, json!({"first_name": "B"})).await;
    let c = contact(&owner, json!({"first_name": "C"})).await;
    let deal = owner.post("/deals", &json!({"name": "Engine", "primary_contact_id": a})).await.expect(201).id();
    let of_deal = async || read(&owner, &format!("/deals/{deal}")).await["primary_contact_id"].clone();
    let refused = async |undo: &str| owner.post(undo, &json!({})).await.expect(409).problem().detail;
    let merged = "B was itself merged into another record since. Undo that merge first.";

    let first = merge(&owner, "contact", b, &[a]).await;
    let second = merge(&owner, "contact", c, &[b]).await;
    let before = [one(&owner, a).await, one(&owner, b).await, one(&owner, c).await];
    assert_eq!((&before[2]["email"], of_deal().await), (&json!("ada@engine.example"), json!(c)));
    assert_eq!(refused(&first).await, merged);
    assert_eq!([one(&owner, a).await, one(&owner, b).await, one(&owner, c).await], before);
    assert_eq!(of_deal().await, json!(c));
    owner.post(&second, &json!({})).await.expect(204);
    owner.post(&first, &json!({})).await.expect(204);
    let emails = [one(&owner, a).await, one(&owner, b).await, one(&owner, c).await].map(|now| now["email"].clone());
    assert_eq!((emails, of_deal().await), ([json!("ada@engine.example"), Json::Null, Json::Null], json!(a)));

    // Restored by hand it is still part of the other.
    let first = merge(&owner, "contact", b, &[a]).await;
    let second = merge(&owner, "contact", c, &[b]).await;
    owner.put(&format!("/contacts/{c}"), &json!({"email": "c@engine.example"})).await.expect(200);
    owner.post(&format!("/contacts/{b}/restore"), &json!({})).await.expect(200);
    assert_eq!(refused(&first).await, merged);
    owner.post(&second, &json!({})).await.expect(204);
    assert_eq!(of_deal().await, json!(b));
    owner.delete(&format!("/contacts/{b}")).await.expect(204);
    assert_eq!(refused(&first).await, "B is in the archive. Restore it first.");
    assert_eq!(of_deal().await, json!(b));
    owner.post(&format!("/contacts/{b}/restore"), &json!({})).await.expect(200);
    owner.post(&first, &json!({})).await.expect(204);
    assert_eq!((of_deal().await, &one(&owner, a).await["email"]), (json!(a), &json!("ada@engine.example")));
}

/// DEDUPE-04: what was deleted for good since is left out of an undo and does not stop it: a deal that was linked, one of
/// several merged contacts, the company that the survivor had. What led to what is gone stays with the survivor.
#[actix_web::test]
async fn after_something_was_deleted_for_good() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let company = async |name: &str| owner.post("/companies", &json!({"name": name})).await.expect(201).id();
    let (old, new) = (company("Old").await, company("New").await);
    let stays = contact(&owner, json!({"first_name": "Ada", "company_id": old, "job_title": "Analyst"})).await;
    let goes = json!({"first_name": "Ada", "company_id": new, "job_title": "Countess"});
    let goes = contact(&owner, goes).await;
    let gone = contact(&owner, json!({"first_name": "Ada"})).await;
    let deal = async |name: &str, of: Option<Uuid>| {
        owner.post("/deals", &json!({"name": name, "primary_contact_id": of})).await.expect(201).id()
    };
    let link = async |deal: Uuid, contact: Uuid| {
        let link = json!({"contact_id": contact, "role": "champion"});
        owner.post(&format!("/deals/{deal}/contacts"), &link).await.expect(201);
    };
    let (lost, kept, with_gone) = (deal("Lost", None).await, deal("Kept", None).await, deal("Gone", Some(gone)).await);
    link(lost, goes).await;
    link(kept, goes).await;
    let linked_to_gone = deal("Linked", None).await;
    link(linked_to_gone, gone).await;

    let choices = json!({"company_id": goes, "job_title": goes});
    let undo = merge_with(&owner, "contact", stays, &[goes, gone], choices).await;
    for path in [format!("/deals/{lost}"), format!("/contacts/{gone}"), format!("/companies/{old}")] {
        owner.delete(&format!("{path}?permanent=true")).await.expect(204);
    }
    owner.post(&undo, &json!({})).await.expect(204);
    let (survivor, back) = (one(&owner, stays).await, one(&owner, goes).await);
    assert_eq!((&survivor["job_title"], &survivor["company_id"]), (&json!("Analyst"), &json!(new)));
    assert_eq!((&back["deleted_at"], &back["company_id"]), (&Json::Null, &json!(new)));
    let linked = async |deal: Uuid| {
        let linked = read(&owner, &format!("/deals/{deal}/contacts")).await["data"].clone();
        linked.as_array().unwrap().iter().map(|one| one["contact_id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(linked(kept).await, [json!(goes)]);
    assert_eq!((linked(linked_to_gone).await, linked(with_gone).await), (vec![json!(stays)], vec![json!(stays)]));
    let told = told(&app, &owner, &format!("/contacts/{stays}")).await;
    assert_eq!(told, "took a merge into the contact back, but for Company");
}

/// DEDUPE-03, DEDUPE-04, FIELD-01: an option that was removed and a field that is asked for since stop neither an undo,
/// which leaves those fields and says so, nor a merge, which takes over only what may still be given.
#[actix_web::test]
async fn by_the_rules_of_today() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let define = async |body: Json| {
        let field = owner.post("/field-definitions", &body).await.expect(201).id();
        format!("/field-definitions/{field}")
    };
    let options = json!([{"label": "Gold"}, {"label": "Silver"}]);
    let tier = define(json!({"entity": "company", "name": "Tier", "type": "select", "options": options})).await;
    let region = define(json!({"entity": "company", "name": "Region", "type": "text"})).await;
    let company = async |industry: Option<&str>, own: Json| {
        let body = json!({"name": "Acme", "industry": industry, "custom_fields": own});
        owner.post("/companies", &body).await.expect(201).id()
    };
    let silver = company(None, json!({"tier": "silver"})).await;
    let gold = company(Some("Retail"), json!({"tier": "gold", "region": "North"})).await;
    let (plain, other) = (company(None, json!({})).await, company(Some("Energy"), json!({"tier": "silver"})).await);
    let third = company(Some("Farming"), json!({"tier": "gold"})).await;
    let undo = merge_with(&owner, "company", silver, &[gold], json!({"custom_fields.tier": gold})).await;
    owner.put(&tier, &json!({"options": [{"value": "gold", "label": "Gold"}]})).await.expect(200);
    owner.put(&region, &json!({"required": true})).await.expect(200);

    owner.post(&undo, &json!({})).await.expect(204);
    let now = read(&owner, &format!("/companies/{silver}")).await;
    assert_eq!((&now["industry"], &now["custom_fields"]), (&Json::Null, &json!({"tier": "gold", "region": "North"})));
    let back = read(&owner, &format!("/companies/{gold}")).await;
    assert_eq!((&back["deleted_at"], &back["custom_fields"]["tier"]), (&Json::Null, &json!("gold")));
    let told = told(&app, &owner, &format!("/companies/{silver}")).await;
    assert_eq!(told, "took a merge into the company back, but for Region and Tier");

    merge(&owner, "company", plain, &[other, third]).await;
    let now = read(&owner, &format!("/companies/{plain}")).await;
    assert_eq!((&now["industry"], &now["custom_fields"]), (&json!("Energy"), &json!({"tier": "gold"})));
}
