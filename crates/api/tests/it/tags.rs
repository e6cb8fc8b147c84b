//! The tag catalogue.

use crate::bulk::{ended, working};
use crate::deals::event_names;
use crate::support::{TestApp, db, eventually};
use futures_util::future::join;
use serde_json::{Value as Json, json};
use sqlx::Connection;

/// TAG-02, TAG-06: the catalogue of each organization fills from its records, counts uses, also of archived
/// records, and is searched by part of the name.
#[actix_web::test]
async fn the_catalogue_counts() {
    let app = TestApp::spawn().await;
    let (owner, other) = (app.owner().await, app.owner().await);
    other.post("/companies", &json!({"name": "Theirs", "tags": ["secret"]})).await.expect(201);
    for name in ["Acme", "Beta"] {
        owner.post("/companies", &json!({"name": name, "tags": ["Key account", "50%"]})).await.expect(201);
    }
    owner.post("/deals", &json!({"name": "Engine", "tags": ["Key account"]})).await.expect(201);
    let all = owner.get("/tags").await.expect(200);
    assert_eq!(all.column("usage_count"), [json!(2), json!(2), json!(1)]);
    assert_eq!(all.json()["pagination"]["total"], 3);
    let acme = owner.list("/companies", &[("search", ""), ("tags", "50%"), ("limit", "1")]).await.expect(200).ids()[0];
    owner.delete(&format!("/companies/{acme}")).await.expect(204);
    assert_eq!(owner.get("/tags").await.expect(200).column("usage_count"), [json!(2), json!(2), json!(1)]);
    owner.delete(&format!("/companies/{acme}?permanent=true")).await.expect(204);
    assert_eq!(owner.get("/tags").await.expect(200).column("usage_count"), [json!(1), json!(1), json!(1)]);
    owner.post("/companies", &json!({"name": "Acme", "tags": ["Key account", "50%"]})).await.expect(201);
    let found = owner.list("/tags", &[("category", "company"), ("search", "KEY")]).await.expect(200);
    assert_eq!((found.column("name"), found.column("category")), (vec![json!("Key account")], vec![json!("company")]));
    assert_eq!(owner.list("/tags", &[("search", "%")]).await.expect(200).column("name"), ["50%"]);
    assert_eq!(
        owner.list("/tags", &[("limit", "1"), ("page", "3")]).await.expect(200).column("usage_count"),
        [json!(1)]
    );
    for (name, value) in [("category", "person"), ("limit", "0"), ("page", "0"), ("colour", "red"), ("limit", "x")] {
        owner.list("/tags", &[(name, value)]).await.expect(422);
    }
}

/// TAG-06: tags are made, renamed on every record, and deleted from every record; names are unique per category.
#[actix_web::test]
async fn the_catalogue_changes() {
    let app = TestApp::spawn().await;
    let (owner, other) = (app.owner().await, app.owner().await);
    let made = owner
        .post("/tags", &json!({"name": " Big   fish ", "category": "company", "color": "c3"}))
        .await
        .expect(201)
        .json();
    assert_eq!((&made["name"], &made["color"], &made["usage_count"]), (&json!("Big fish"), &json!("c3"), &json!(0)));
    let company =
        owner.post("/companies", &json!({"name": "Acme", "tags": ["big FISH", "Other"]})).await.expect(201).json();
    assert_eq!(company["tags"], json!(["Big fish", "Other"]));
    let of = |tag: &Json| format!("/tags/{}", tag["id"].as_str().unwrap());
    let clash = owner.post("/tags", &json!({"name": "BIG fish", "category": "company"})).await.expect(409);
    assert_eq!(clash.fields(), [("/name".to_owned(), "duplicate".to_owned())]);
    owner.post("/tags", &json!({"name": "Big fish"})).await.expect(201);
    owner.put(&of(&made), &json!({"name": "other"})).await.expect(409);
    let renamed = owner.put(&of(&made), &json!({"name": "Whale", "color": ""})).await.expect(200).json();
    assert_eq!(
        (&renamed["name"], &renamed["color"], &renamed["usage_count"]),
        (&json!("Whale"), &Json::Null, &json!(1))
    );
    let company = format!("/companies/{}", company["id"].as_str().unwrap());
    assert_eq!(owner.get(&company).await.json()["tags"], json!(["Other", "Whale"]));
    assert_eq!(owner.get("/companies?tags=whale").await.expect(200).ids().len(), 1);
    for body in [
        json!({"name": ""}),
        json!({"name": "a,b"}),
        json!({"name": "x".repeat(51)}),
        json!({"color": "red"}),
        json!({"color": "c13"}),
        json!({"category": "deal"}),
        json!({"label": "x"}),
    ] {
        owner.put(&of(&made), &body).await.expect(422);
    }
    owner.post("/tags", &json!({})).await.expect(422);
    other.put(&of(&made), &json!({"name": "Mine"})).await.expect(404);
    other.delete(&of(&made)).await.expect(404);
    owner.delete(&of(&made)).await.expect(204);
    assert_eq!(owner.get(&company).await.json()["tags"], json!(["Other"]));
    owner.delete(&of(&made)).await.expect(404);
    assert_eq!(event_names(&made["id"]).await, ["tag.created", "tag.updated", "tag.deleted"]);
}

/// TAG-06, AUTH-10: who may change the catalogue.
#[actix_web::test]
async fn roles_and_tags() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    for (role, manage, delete) in
        [("admin", 201, 204), ("manager", 201, 403), ("member", 403, 403), ("viewer", 403, 403)]
    {
        let person = owner.colleague(role).await;
        person.get("/tags").await.expect(200);
        person.post("/tags", &json!({"name": format!("By {role}")})).await.expect(manage);
        let tag = owner.post("/tags", &json!({"name": format!("For {role}")})).await.expect(201).id();
        person.delete(&format!("/tags/{tag}")).await.expect(delete);
    }
}

/// TAG-01: tags that are added to a record at the same time, by requests and by bulk work, are all there in the end.
#[actix_web::test]
async fn tags_at_the_same_time() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let id = owner.post("/companies", &json!({"name": "Acme", "tags": ["First"]})).await.expect(201).id();
    let path = format!("/companies/{id}");
    working(&app, async {
        let mut conn = db::owner().await;
        let mut held = conn.begin().await.unwrap();
        let lock = "SELECT pg_backend_pid() FROM companies WHERE id = $1 FOR NO KEY UPDATE";
        let holder: i32 = sqlx::query_scalar(lock).bind(id).fetch_one(&mut *held).await.unwrap();
        let bulk = json!({"action": "add_tags", "ids": [id], "tags": ["Bulk"]});
        let job = owner.post("/bulk/companies", &bulk).await.expect(202).id();
        let add = async |name: &str| {
            owner.post(&format!("{path}/tags"), &json!({"tags": [name]})).await.expect(200);
        };
        let release = async {
            let all = async || (db::waiting_for(holder).await == 3).then_some(());
            eventually("all have begun and wait for the record", all).await;
            held.rollback().await.unwrap();
        };
        join(join(add("Ann's"), add("Bob's")), release).await;
        assert_eq!(ended(&owner, job).await["changed"], json!(1));
    })
    .await;
    let company = owner.get(&path).await.expect(200).json();
    assert_eq!(company["tags"], json!(["Ann's", "Bob's", "Bulk", "First"]));
    assert_eq!(company["version"], json!(4));
}
