//! Saved views of lists.

use crate::support::{Member, TestApp, db};
use reqwest::Method;
use serde_json::{Value as Json, json};
use uuid::Uuid;

fn names(page: &Json) -> Vec<&str> {
    page["data"].as_array().unwrap().iter().map(|view| view["name"].as_str().unwrap()).collect()
}

async fn listed(member: &Member, entity: &str) -> Json {
    member.get(&format!("/saved-views?entity={entity}")).await.expect(200).json()
}

async fn save(member: &Member, body: Json) -> Uuid {
    member.post("/saved-views", &body).await.expect(201).id()
}

/// SEARCH-06, WEB-07: a view keeps filters, search, order and columns under a name; it is listed, changed in part,
/// cleared by null, and deleted.
#[actix_web::test]
async fn a_view_keeps_what_a_list_shows() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let body = json!({
        "entity": "deal", "name": "  Big and open ", "search": "crane", "sort": "-amount_minor", "mine": true,
        "filters": {"and": [{"field": "status", "op": "eq", "value": "open"}]},
        "columns": [{"field": "name", "width": 240}, {"field": "amount_minor", "width": 120}],
    });
    let made = owner.post("/saved-views", &body).await.expect(201);
    let id = made.id();
    assert_eq!(made.headers["location"], format!("/api/v1/saved-views/{id}"));
    let view = owner.get(&format!("/saved-views/{id}")).await.expect(200).json();
    assert_eq!(view, made.json());
    for (member, expected) in [
        ("name", json!("Big and open")),
        ("filters", body["filters"].clone()),
        ("columns", body["columns"].clone()),
        ("sort", json!("-amount_minor")),
        ("mine", json!(true)),
        ("archived", json!(false)),
        ("is_shared", json!(false)),
        ("may_edit", json!(true)),
        ("version", json!(1)),
    ] {
        assert_eq!(view[member], expected, "{member}");
    }
    let changed =
        owner.put(&format!("/saved-views/{id}"), &json!({"filters": null, "mine": null, "name": "Crane"})).await;
    let changed = changed.expect(200).json();
    assert_eq!(
        (&changed["filters"], &changed["mine"], &changed["search"]),
        (&Json::Null, &Json::Null, &json!("crane"))
    );
    assert_eq!((&changed["name"], &changed["version"]), (&json!("Crane"), &json!(2)));
    assert_eq!(names(&listed(&owner, "deal").await), ["Crane"]);
    assert_eq!(names(&listed(&owner, "company").await), Vec::<&str>::new());
    owner.delete(&format!("/saved-views/{id}")).await.expect(204);
    owner.get(&format!("/saved-views/{id}")).await.expect(404);
}

/// SEARCH-06: personal views are nobody else's business; shared ones are seen by all, changed by who keeps them and by
/// administrators, and viewers share none.
#[actix_web::test]
async fn personal_and_shared() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let (ines, noah, viewer) =
        (owner.colleague("member").await, owner.colleague("manager").await, owner.colleague("viewer").await);
    let private = save(&ines, json!({"entity": "company", "name": "Private"})).await;
    let shared = save(&ines, json!({"entity": "company", "name": "For all", "is_shared": true})).await;
    for other in [&owner, &noah, &viewer] {
        assert_eq!(names(&listed(other, "company").await), ["For all"]);
        other.get(&format!("/saved-views/{private}")).await.expect(404);
        other.put(&format!("/saved-views/{private}"), &json!({"name": "Mine now"})).await.expect(404);
        other.delete(&format!("/saved-views/{private}")).await.expect(404);
    }
    for (other, may) in [(&noah, false), (&viewer, false), (&owner, true)] {
        let seen = other.get(&format!("/saved-views/{shared}")).await.expect(200).json();
        assert_eq!(seen["may_edit"], json!(may));
        let status = if may { 200 } else { 403 };
        other.put(&format!("/saved-views/{shared}"), &json!({"name": "For everybody"})).await.expect(status);
    }
    noah.delete(&format!("/saved-views/{shared}")).await.expect(403);
    viewer.post("/saved-views", &json!({"entity": "deal", "name": "V", "is_shared": true})).await.expect(403);
    let own = save(&viewer, json!({"entity": "deal", "name": "V"})).await;
    viewer.put(&format!("/saved-views/{own}"), &json!({"is_shared": true})).await.expect(403);
    owner.delete(&format!("/saved-views/{shared}")).await.expect(204);
    assert_eq!(names(&listed(&ines, "company").await), ["Private"]);
}

/// SEARCH-06: an administrator ends the sharing of somebody else's view, which is that person's own from then on.
#[actix_web::test]
async fn sharing_ends() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let ines = owner.colleague("member").await;
    let id = save(&ines, json!({"entity": "company", "name": "For all", "is_shared": true})).await;
    let path = format!("/saved-views/{id}");
    let own = owner.put(&path, &json!({"is_shared": false, "name": "For Ines"})).await.expect(200).json();
    for (member, expected) in [
        ("name", json!("For Ines")),
        ("is_shared", json!(false)),
        ("user_id", json!(ines.user_id())),
        ("may_edit", json!(false)),
        ("version", json!(2)),
    ] {
        assert_eq!(own[member], expected, "{member}");
    }
    owner.get(&path).await.expect(404);
    owner.put(&path, &json!({"is_shared": true})).await.expect(404);
    let kept = ines.get(&path).await.expect(200).json();
    assert_eq!((&kept["name"], &kept["may_edit"]), (&json!("For Ines"), &json!(true)));
}

/// WEB-07: each person has favourites and one default per list of their own.
#[actix_web::test]
async fn marks_are_personal() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let ines = owner.colleague("member").await;
    let first = save(&owner, json!({"entity": "deal", "name": "First", "is_shared": true})).await;
    let second = save(&owner, json!({"entity": "deal", "name": "Second", "is_shared": true})).await;
    let other = save(&owner, json!({"entity": "company", "name": "Other", "is_shared": true})).await;
    let mark =
        async |id: Uuid, marks: Json| ines.put(&format!("/saved-views/{id}/marks"), &marks).await.expect(200).json();
    assert_eq!(mark(first, json!({"is_default": true})).await["is_default"], json!(true));
    assert_eq!(mark(other, json!({"is_default": true})).await["is_default"], json!(true));
    let both = mark(second, json!({"is_default": true, "is_favorite": true})).await;
    assert_eq!((&both["is_default"], &both["is_favorite"]), (&json!(true), &json!(true)));
    let defaults = |page: &Json| {
        let all = page["data"].as_array().unwrap().iter();
        all.filter(|view| view["is_default"] == json!(true)).map(|view| view["name"].clone()).collect::<Vec<_>>()
    };
    let all = ines.get("/saved-views").await.expect(200).json();
    assert_eq!(defaults(&all), [json!("Other"), json!("Second")]);
    assert_eq!(defaults(&owner.get("/saved-views").await.expect(200).json()), Vec::<Json>::new());
    let cleared = mark(second, json!({"is_default": false})).await;
    assert_eq!((&cleared["is_default"], &cleared["is_favorite"]), (&json!(false), &json!(true)));
}

/// SEARCH-06, AUTH-13: what cannot be listed is refused with its place, nothing is stored; who may not view a record
/// type has no views of it.
#[actix_web::test]
async fn refusals() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let refused = |body: Json| {
        let owner = &owner;
        async move { owner.post("/saved-views", &body).await.expect(422).fields() }
    };
    let path = |path: &str, code: &str| vec![(path.to_owned(), code.to_owned())];
    assert_eq!(refused(json!({"name": "X"})).await, path("/entity", "required"));
    assert_eq!(refused(json!({"entity": "deal", "name": "\t"})).await, path("/name", "required"));
    assert_eq!(refused(json!({"entity": "deal", "name": "x".repeat(61)})).await, path("/name", "too_long"));
    let amount = json!({"field": "amount_minor", "op": "gt", "value": "a lot"});
    let body = json!({"entity": "deal", "name": "X", "filters": amount});
    assert_eq!(refused(body).await, path("/filters/value", "amount"));
    assert_eq!(refused(json!({"entity": "deal", "name": "X", "sort": "-tags"})).await, path("/sort", "unknown_field"));
    owner.post("/saved-views", &json!({"entity": "dragon", "name": "X"})).await.expect(422);
    assert_eq!(names(&owner.get("/saved-views").await.expect(200).json()), Vec::<&str>::new());

    let id = save(&owner, json!({"entity": "deal", "name": "Mine", "is_shared": true})).await;
    let taken = owner.post("/saved-views", &json!({"entity": "deal", "name": "Mine"})).await.expect(409);
    assert_eq!(taken.fields(), path("/name", "duplicate"));
    save(&owner, json!({"entity": "company", "name": "Mine"})).await;
    let moved = owner.put(&format!("/saved-views/{id}"), &json!({"entity": "company"})).await.expect(422);
    assert_eq!(moved.fields(), path("/entity", "fixed"));
    let late = json!({"name": "Late"});
    let stale = owner.send(Method::PUT, &format!("/saved-views/{id}"), Some(&late), Some("\"7\"")).await.expect(412);
    assert_eq!(stale.json()["current"]["name"], json!("Mine"));

    let person = owner.colleague("viewer").await;
    let sql = "UPDATE org_members SET permission_overrides = '{\"withheld\": [\"crm.deal.view\"]}' \
         WHERE org_id = $1 AND user_id = $2";
    sqlx::query(sql).bind(owner.org_id()).bind(person.user_id()).execute(&mut db::owner().await).await.unwrap();
    assert_eq!(names(&person.get("/saved-views").await.expect(200).json()), Vec::<&str>::new());
    person.get(&format!("/saved-views/{id}")).await.expect(403);
    person.post("/saved-views", &json!({"entity": "deal", "name": "Sneaky"})).await.expect(403);
}
