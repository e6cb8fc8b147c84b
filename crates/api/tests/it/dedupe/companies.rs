//! What is special about merging companies: their primary contacts, their slugs.

use super::{contact, merge, merge_with};
use crate::deals::events;
use crate::support::{Member, TestApp};
use serde_json::{Value as Json, json};
use uuid::Uuid;

async fn company(member: &Member, input: Json) -> Uuid {
    member.post("/companies", &input).await.expect(201).id()
}

async fn person(member: &Member, name: &str, company: Uuid, is_primary: bool) -> Uuid {
    contact(member, json!({"first_name": name, "company_id": company, "is_primary": is_primary})).await
}

/// The names of the contacts of a company that are primary ones.
async fn primary(member: &Member, company: Uuid) -> Vec<String> {
    let contacts = member.get(&format!("/companies/{company}/contacts")).await.expect(200).json();
    let marked = contacts["data"].as_array().unwrap().iter().filter(|one| one["is_primary"] == true);
    marked.map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

/// CONTACT-18, DEDUPE-03, DEDUPE-04: where the survivor has no primary contact, the first that another one has stays it,
/// and the others step back, which is told. An undo gives each company its own back.
#[actix_web::test]
async fn a_primary_contact_stays() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let [a, b, c] = [
        company(&owner, json!({"name": "A"})).await,
        company(&owner, json!({"name": "B"})).await,
        company(&owner, json!({"name": "C"})).await,
    ];
    person(&owner, "Al", a, false).await;
    // The older contact belongs to the company that is named later.
    let cleo = person(&owner, "Cleo", c, true).await;
    person(&owner, "Bea", b, true).await;
    let undo = merge(&owner, "company", a, &[b, c]).await;
    assert_eq!(primary(&owner, a).await, ["Bea"]);
    let changed: Vec<Json> =
        events(&json!(cleo)).await.into_iter().map(|(_, payload)| payload["changes"].clone()).collect();
    let stepped_back = json!([{"field": "is_primary", "old": true, "new": false}]);
    assert!(changed.contains(&stepped_back), "{changed:?}");
    owner.post(&undo, &json!({})).await.expect(204);
    assert_eq!((primary(&owner, a).await, primary(&owner, b).await), (vec![], vec!["Bea".to_owned()]));
    assert_eq!(primary(&owner, c).await, ["Cleo"]);
}

/// CONTACT-18, DEDUPE-04: whoever became the primary contact of the survivor meanwhile, after an undo each company has the
/// one that it had before; but one that has become so where it is now stays that.
#[actix_web::test]
async fn each_gets_its_primary_contact_back() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let (a, b) = (company(&owner, json!({"name": "A"})).await, company(&owner, json!({"name": "B"})).await);
    let (al, amy) = (person(&owner, "Al", a, true).await, person(&owner, "Amy", a, false).await);
    let (bea, bo) = (person(&owner, "Bea", b, true).await, person(&owner, "Bo", b, false).await);
    for (meanwhile, of_a) in [(al, "Al"), (bea, "Al"), (bo, "Al"), (amy, "Amy")] {
        let undo = merge(&owner, "company", a, &[b]).await;
        assert_eq!(primary(&owner, a).await, ["Al"]);
        owner.put(&format!("/contacts/{meanwhile}/set-primary"), &json!({})).await.expect(200);
        owner.post(&undo, &json!({})).await.expect(204);
        assert_eq!(
            (primary(&owner, a).await, primary(&owner, b).await),
            (vec![of_a.to_owned()], vec!["Bea".to_owned()])
        );
    }
}

/// CONTACT-18, DEDUPE-04: a contact that gave way as the primary one to the record that it became part of is it again.
#[actix_web::test]
async fn a_primary_contact_is_merged_and_parted() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let a = company(&owner, json!({"name": "A"})).await;
    let (stays, goes) = (person(&owner, "Al", a, false).await, person(&owner, "Bea", a, true).await);
    let undo = merge_with(&owner, "contact", stays, &[goes], json!({"is_primary": goes})).await;
    assert_eq!(primary(&owner, a).await, ["Al"]);
    owner.post(&undo, &json!({})).await.expect(204);
    assert_eq!(primary(&owner, a).await, ["Bea"]);
}

/// COMPANY-06, DEDUPE-03, DEDUPE-04: a survivor without a slug gets that of the other, which has it back after an undo; if
/// somebody else has it by then, the undo is refused at the field, and nothing is touched.
#[actix_web::test]
async fn slugs_go_along() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let (a, b) =
        (company(&owner, json!({"name": "A"})).await, company(&owner, json!({"name": "B", "slug": "acme"})).await);
    let slug = async |id: Uuid| owner.get(&format!("/companies/{id}")).await.expect(200).json()["slug"].clone();
    let undo = merge(&owner, "company", a, &[b]).await;
    assert_eq!(slug(a).await, "acme");
    owner.post(&undo, &json!({})).await.expect(204);
    assert_eq!((slug(a).await, slug(b).await), (Json::Null, json!("acme")));

    let undo = merge(&owner, "company", a, &[b]).await;
    owner.put(&format!("/companies/{a}"), &json!({"slug": "acme-group"})).await.expect(200);
    let third = company(&owner, json!({"name": "C", "slug": "acme"})).await;
    let refused = owner.post(&undo, &json!({})).await.expect(409);
    assert_eq!(refused.fields(), [("/slug".to_owned(), "duplicate".to_owned())]);
    assert_eq!(refused.problem().detail, "Another company already has this slug.");
    assert!(owner.get(&format!("/companies/{b}")).await.expect(200).json()["deleted_at"].is_string());
    owner.put(&format!("/companies/{third}"), &json!({"slug": null})).await.expect(200);
    owner.post(&undo, &json!({})).await.expect(204);
    assert_eq!((slug(a).await, slug(b).await), (json!("acme-group"), json!("acme")));
}
