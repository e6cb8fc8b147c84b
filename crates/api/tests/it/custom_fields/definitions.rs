//! Definitions of fields.

use super::{company, define, options, own, path};
use crate::support::TestApp;
use serde_json::{Value as Json, json};

fn keys(page: &Json) -> Vec<&str> {
    page["data"].as_array().unwrap().iter().map(|field| field["key"].as_str().unwrap()).collect()
}

/// FIELD-01, FIELD-02: fields of every type are defined, listed in their order, renamed, given options, reordered.
#[actix_web::test]
async fn they_are_kept_in_order() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let types = ["text", "textarea", "number", "date", "select", "multi_select", "checkbox", "url"];
    let mut made = Vec::new();
    for kind in types {
        let more = if kind.ends_with("select") { options(&["Gold", "Silver"]) } else { json!({}) };
        made.push(define(&owner, "company", &format!("My {kind}"), kind, more).await);
    }
    let listed = owner.get("/field-definitions?entity=company").await.expect(200).json();
    let expected: Vec<String> = types.iter().map(|kind| format!("my_{kind}")).collect();
    assert_eq!(keys(&listed), expected);
    assert_eq!(
        listed["data"][4]["options"],
        json!([{"value": "gold", "label": "Gold"}, {"value": "silver", "label": "Silver"}])
    );
    assert_eq!(owner.get("/field-definitions?entity=deal").await.expect(200).json()["data"], json!([]));

    let select = &made[4];
    let input = json!({"name": "Tier", "show_in_list": true,
        "options": [{"label": "Platinum"}, {"value": "gold", "label": "Gold!"}]});
    let changed = owner.put(&path(select), &input).await.expect(200).json();
    assert_eq!(
        (&changed["name"], &changed["key"], &changed["version"]),
        (&json!("Tier"), &json!("my_select"), &json!(2))
    );
    assert_eq!(
        changed["options"],
        json!([{"value": "platinum", "label": "Platinum"}, {"value": "gold", "label": "Gold!"}])
    );
    let stale = owner.send(reqwest::Method::PUT, &path(select), Some(&json!({"name": "Late"})), Some("\"1\"")).await;
    assert_eq!((stale.status.as_u16(), &stale.json()["current"]["name"]), (412, &json!("Tier")));

    let mut ids: Vec<&Json> = made.iter().map(|field| &field["id"]).collect();
    ids.reverse();
    let order = json!({"entity": "company", "ids": ids});
    let reordered = owner.put("/field-definitions/reorder", &order).await.expect(200).json();
    let reversed: Vec<String> = expected.iter().rev().cloned().collect();
    assert_eq!(keys(&reordered), reversed);
    for wrong in [json!([]), json!([ids[0]]), json!(vec![ids[0]; 8])] {
        let order = json!({"entity": "company", "ids": wrong});
        owner.put("/field-definitions/reorder", &order).await.expect(422);
    }
    // The session tells them, so that every page has them.
    let me = owner.get("/auth/me").await.expect(200).json();
    assert_eq!(keys(&json!({"data": me["fields"]})), reversed);
}

/// FIELD-01: a name is unlike that of every other field; record type, type and key stay as they are.
#[actix_web::test]
async fn what_does_not_go() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let size = define(&owner, "company", "Fleet size", "number", json!({})).await;
    for (wrong, at) in [
        (json!({"entity": "company", "name": " fleet  SIZE", "type": "text"}), "/name"),
        (json!({"entity": "company", "name": "Industry", "type": "text"}), "/name"),
        (json!({"entity": "company", "name": "", "type": "text"}), "/name"),
        (json!({"entity": "company", "name": "Tier", "type": "select"}), "/options"),
        (json!({"entity": "company", "name": "Tier", "type": "colour"}), "/type"),
        (json!({"entity": "company", "name": "Tier"}), "/type"),
        (json!({"name": "Tier", "type": "text"}), "/entity"),
        (json!({"entity": "company", "name": "Tier", "type": "text", "key": "Nope!"}), "/key"),
    ] {
        let answer = owner.post("/field-definitions", &wrong).await;
        assert!([400, 422].contains(&answer.status.as_u16()), "{wrong}: {}", answer.text);
        assert_eq!(answer.fields()[0].0, at, "{wrong}: {}", answer.text);
    }
    let same_key = json!({"entity": "company", "name": "Other", "type": "text", "key": "fleet_size"});
    assert_eq!(owner.post("/field-definitions", &same_key).await.expect(409).fields()[0].0, "/key");
    // The same name on other records is another field.
    define(&owner, "contact", "Fleet size", "text", json!({})).await;
    for (fixed, at) in
        [(json!({"type": "text"}), "/type"), (json!({"entity": "deal"}), "/entity"), (json!({"key": "x"}), "/key")]
    {
        assert_eq!(owner.put(&path(&size), &fixed).await.expect(422).fields()[0].0, at);
    }
}

/// FIELD-06: deleting tells how many values there are and keeps them; restoring brings them back; a new field never
/// takes them over.
#[actix_web::test]
async fn deleted_and_restored() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let size = define(&owner, "company", "Size", "number", json!({})).await;
    let acme = company(&owner, "Acme", json!({"size": 7})).await;
    company(&owner, "Empty", json!({})).await;
    let usage = owner.get(&format!("{}/usage", path(&size))).await.expect(200).json();
    assert_eq!(usage, json!({"records": 1}));
    owner.delete(&path(&size)).await.expect(204);
    owner.delete(&path(&size)).await.expect(204);
    assert_eq!(owner.get("/field-definitions").await.expect(200).json()["data"], json!([]));
    assert_eq!(keys(&owner.get("/field-definitions?deleted=true").await.expect(200).json()), ["size"]);
    owner.put(&path(&size), &json!({"name": "Nobody's"})).await.expect(409);
    // Its value stays, is no field any more, and other changes leave it alone.
    let one = format!("/companies/{acme}");
    owner.put(&one, &json!({"custom_fields": {"size": 8}})).await.expect(422);
    owner.get("/companies?sort_by=custom_fields.size").await.expect(422);
    owner.put(&one, &json!({"name": "Acme Ltd"})).await.expect(200);
    let again = define(&owner, "company", "Size", "text", json!({})).await;
    assert_eq!(again["key"], "size_2");
    owner.put(&one, &json!({"custom_fields": {"size_2": "L"}})).await.expect(200);
    assert_eq!(own(&owner, acme).await, json!({"size": 7, "size_2": "L"}));
    assert_eq!(owner.post(&format!("{}/restore", path(&size)), &json!({})).await.expect(409).fields()[0].0, "/name");
    owner.put(&path(&again), &json!({"name": "Dress size"})).await.expect(200);
    owner.post(&format!("{}/restore", path(&size)), &json!({})).await.expect(200);
    let found = owner.get("/companies?sort_by=-custom_fields.size").await.expect(200);
    assert_eq!(found.column("name"), [json!("Acme Ltd"), json!("Empty")]);
}

/// FIELD-01, TENANCY-16, AUTH-16: administrators define, everybody reads, and no other organization knows.
#[actix_web::test]
async fn whose_they_are() {
    let app = TestApp::spawn().await;
    let (owner, stranger) = (app.owner().await, app.owner().await);
    let size = define(&owner, "company", "Size", "number", json!({})).await;
    let body = json!({"entity": "company", "name": "Other", "type": "text"});
    for role in ["manager", "member", "viewer"] {
        let other = owner.colleague(role).await;
        assert_eq!(keys(&other.get("/field-definitions").await.expect(200).json()), ["size"]);
        other.post("/field-definitions", &body).await.expect(403);
        other.put(&path(&size), &json!({"name": "Mine"})).await.expect(403);
        other.delete(&path(&size)).await.expect(403);
    }
    let admin = owner.colleague("admin").await;
    admin.put(&path(&size), &json!({"name": "Head count"})).await.expect(200);
    assert_eq!(stranger.get("/field-definitions").await.expect(200).json()["data"], json!([]));
    for answer in [
        stranger.get(&path(&size)).await,
        stranger.put(&path(&size), &json!({"name": "Mine"})).await,
        stranger.delete(&path(&size)).await,
        stranger.get(&format!("{}/usage", path(&size))).await,
    ] {
        answer.expect(404);
    }
    stranger.post("/companies", &json!({"name": "X", "custom_fields": {"size": 1}})).await.expect(422);
    let mine = json!({"entity": "company", "ids": [size["id"]]});
    stranger.put("/field-definitions/reorder", &mine).await.expect(422);
}

/// FIELD-01, TIMELINE-15: changes of definitions stand in the activity log, in words.
#[actix_web::test]
async fn they_are_logged() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let size = define(&owner, "company", "Size", "number", json!({})).await;
    owner.put(&path(&size), &json!({"name": "Head count", "required": true})).await.expect(200);
    owner.delete(&path(&size)).await.expect(204);
    app.carry(&owner).await;
    let log = owner.list("/activities", &[("limit", "20")]).await.expect(200);
    let told: Vec<Json> = log.column("description");
    for sentence in [
        "created the field Size (companies)",
        "changed name and required of the field Head count (companies)",
        "deleted the field Head count (companies)",
    ] {
        assert!(told.iter().any(|text| text == sentence), "{sentence}: {told:?}");
    }
}
