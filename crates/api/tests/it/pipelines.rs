//! Pipelines and their stages.

use crate::deals::{at, deal, event_names, events, pipeline, stage};
use crate::support::{TestApp, db};
use serde_json::{Value as Json, json};
use uuid::Uuid;

fn path(pipeline: &Json, rest: &str) -> String {
    format!("/pipelines/{}{rest}", pipeline["id"].as_str().unwrap())
}

fn names(pipeline: &Json) -> Vec<String> {
    pipeline["stages"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap().to_owned()).collect()
}

/// PIPELINE-01, PIPELINE-02: several pipelines with default stages; one default; unique names.
#[actix_web::test]
async fn pipelines_come_with_stages() {
    let app = TestApp::spawn().await;
    let (owner, other) = (app.owner().await, app.owner().await);
    let seeded = pipeline(&owner).await;
    let stages: Vec<_> =
        seeded["stages"].as_array().unwrap().iter().map(|s| (s["name"].clone(), s["probability"].clone())).collect();
    let expected = [
        ("Prospecting", 25),
        ("Qualification", 50),
        ("Proposal", 75),
        ("Negotiation", 90),
        ("Closed won", 100),
        ("Closed lost", 0),
    ];
    assert_eq!(stages, expected.map(|(name, p)| (json!(name), json!(p))));
    let made = owner
        .post("/pipelines", &json!({"name": "  Partner   deals ", "description": "Via partners"}))
        .await
        .expect(201);
    assert_eq!(made.etag(), "\"1\"");
    let made = made.json();
    assert_eq!(
        (&made["name"], &made["is_default"], &made["is_active"]),
        (&json!("Partner deals"), &json!(false), &json!(true))
    );
    assert_eq!(names(&made), names(&seeded));
    let clash = owner.post("/pipelines", &json!({"name": "partner DEALS"})).await.expect(409);
    assert_eq!(clash.fields(), [("/name".to_owned(), "duplicate".to_owned())]);
    other.post("/pipelines", &json!({"name": "Partner deals"})).await.expect(201);
    for body in [
        json!({}),
        json!({"name": " "}),
        json!({"name": "x".repeat(101)}),
        json!({"name": 5}),
        json!({"title": "x"}),
        json!({"name": "y", "is_default": true, "is_active": false}),
        json!({"name": "a\u{0}b"}),
    ] {
        owner.post("/pipelines", &body).await.expect(422);
    }
    let changed = owner.put(&path(&made, ""), &json!({"is_default": true, "description": ""})).await.expect(200).json();
    assert_eq!((&changed["is_default"], &changed["description"]), (&json!(true), &Json::Null));
    let list = owner.get("/pipelines").await.expect(200).json();
    let defaults: Vec<_> = list["data"].as_array().unwrap().iter().map(|p| p["is_default"].clone()).collect();
    assert_eq!(defaults, [json!(true), json!(false)]);
    owner.put(&path(&made, ""), &json!({"is_default": false})).await.expect(409);
    owner.put(&path(&made, ""), &json!({"is_active": false})).await.expect(409);
    owner.put(&path(&seeded, ""), &json!({"is_active": false})).await.expect(200);
    let inactive = owner.post("/deals", &json!({"name": "x", "pipeline_id": seeded["id"]})).await.expect(422);
    assert_eq!(inactive.fields(), [("/pipeline_id".to_owned(), "inactive".to_owned())]);
    assert_eq!(deal(&owner, json!({})).await["pipeline_id"], made["id"]);
    let stale = owner
        .send(reqwest::Method::PUT, &path(&made, ""), Some(&json!({"name": "x"})), Some("\"1\""))
        .await
        .expect(412);
    assert_eq!(stale.problem().current.unwrap()["is_default"], true);
    assert_eq!(event_names(&made["id"]).await, ["pipeline.created", "pipeline.updated"]);
    other.get(&path(&made, "")).await.expect(404);
    other.put(&path(&made, ""), &json!({"name": "Mine"})).await.expect(404);
    other.delete(&path(&made, "")).await.expect(404);
}

/// PIPELINE-03: a pipeline with deals is deleted only if they are to be unlinked; then they remain.
#[actix_web::test]
async fn deleting_pipelines() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let seeded = pipeline(&owner).await;
    let made = owner.post("/pipelines", &json!({"name": "Renewals"})).await.expect(201).json();
    let kept = deal(&owner, json!({"pipeline_id": made["id"], "stage": "Proposal"})).await;
    let archived = deal(&owner, json!({"pipeline_id": made["id"]})).await;
    owner.delete(&at(&archived, "")).await.expect(204);
    let refused = owner.delete(&path(&made, "")).await.expect(409);
    assert!(refused.problem().detail.contains("2 deals"), "{}", refused.text);
    owner.delete(&path(&made, "?on_deals=delete")).await.expect(422);
    owner.delete(&path(&seeded, "")).await.expect(409);
    owner.delete(&path(&made, "?on_deals=unlink")).await.expect(204);
    owner.get(&path(&made, "")).await.expect(404);
    let lone = owner.get(&at(&kept, "")).await.expect(200).json();
    assert_eq!((&lone["pipeline_id"], &lone["stage_id"], &lone["status"]), (&Json::Null, &Json::Null, &json!("open")));
    assert_eq!(event_names(&kept["id"]).await, ["deal.created", "deal.updated"]);
    assert_eq!(owner.get("/deals?pipeline_id=null").await.expect(200).ids().len(), 1);
    let won = owner.post(&at(&kept, "/win"), &json!({})).await.expect(200).json();
    assert_eq!((&won["status"], &won["stage_id"]), (&json!("won"), &Json::Null));
    owner.post(&at(&kept, "/reopen"), &json!({})).await.expect(200);
    let placed =
        owner.put(&at(&kept, "/stage"), &json!({"stage_id": stage(&seeded, "Proposal")})).await.expect(200).json();
    assert_eq!(placed["pipeline_id"], seeded["id"]);
    owner.delete(&path(&seeded, "?on_deals=unlink")).await.expect(204);
    assert_eq!(owner.get("/pipelines").await.expect(200).json()["pagination"]["total"], 0);
}

/// PIPELINE-04: stages are added, changed and ordered; names and positions are unique, flags too.
#[actix_web::test]
async fn stages_change() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let seeded = pipeline(&owner).await;
    let body = json!({"name": "Pilot", "probability": 80, "color": "#AABBCC", "days_in_stage": 14});
    let added = owner.post(&path(&seeded, "/stages"), &body).await.expect(201).json();
    assert_eq!(names(&added)[4], "Pilot", "after the open stages");
    let pilot = &added["stages"][4];
    assert_eq!(
        (&pilot["color"], &pilot["days_in_stage"], &pilot["position"]),
        (&json!("#aabbcc"), &json!(14), &json!(4))
    );
    let first = owner.post(&path(&seeded, "/stages"), &json!({"name": "Lead", "position": 0})).await.expect(201).json();
    assert_eq!(names(&first)[..2], ["Lead", "Prospecting"]);
    let positions: Vec<_> =
        first["stages"].as_array().unwrap().iter().map(|s| s["position"].as_i64().unwrap()).collect();
    assert_eq!(positions, (0..8).collect::<Vec<_>>());
    let id = pilot["id"].as_str().unwrap();
    let of_pilot = path(&seeded, &format!("/stages/{id}"));
    let body = json!({"name": "Trial", "probability": 60, "days_in_stage": 0});
    let changed = owner.send(reqwest::Method::PUT, &of_pilot, Some(&body), Some("\"1\"")).await.expect(200).json();
    let trial = changed["stages"].as_array().unwrap().iter().find(|s| s["id"] == id).unwrap();
    assert_eq!(
        (&trial["name"], &trial["probability"], &trial["days_in_stage"], &trial["version"]),
        (&json!("Trial"), &json!(60), &Json::Null, &json!(2))
    );
    owner.send(reqwest::Method::PUT, &of_pilot, Some(&json!({"name": "x"})), Some("\"1\"")).await.expect(412);
    for (body, status) in [
        (json!({"name": "closed_WON"}), 409),
        (json!({"is_closed_won": true}), 409),
        (json!({"is_closed_won": true, "is_closed_lost": true}), 422),
        (json!({"probability": 101}), 422),
        (json!({"color": "red"}), 422),
        (json!({"position": 0}), 422),
        (json!({"days_in_stage": -1}), 422),
    ] {
        owner.put(&of_pilot, &body).await.expect(status);
    }
    owner.post(&path(&seeded, "/stages"), &json!({"name": "x", "position": 99})).await.expect(422);
    owner.post(&path(&seeded, "/stages"), &json!({})).await.expect(422);
    let mut ids: Vec<Json> = changed["stages"].as_array().unwrap().iter().map(|s| s["id"].clone()).collect();
    ids.reverse();
    let reordered = owner.put(&path(&seeded, "/stages/reorder"), &json!({"stage_ids": ids})).await.expect(200).json();
    assert_eq!(names(&reordered)[..2], ["Closed lost", "Closed won"]);
    for wrong in
        [json!([]), json!(ids[1..]), json!([ids.clone(), vec![ids[0].clone()]].concat()), json!([Uuid::now_v7()])]
    {
        let refused = owner.put(&path(&seeded, "/stages/reorder"), &json!({"stage_ids": wrong})).await.expect(422);
        assert_eq!(refused.fields()[0].0, "/stage_ids");
    }
    assert_eq!(event_names(&seeded["id"]).await, ["pipeline.created", "stage.reordered"]);
    assert_eq!(event_names(&pilot["id"]).await, ["stage.created", "stage.updated"]);
}

/// PIPELINE-05: a stage with deals is deleted only with a stage that receives them, in the same transaction.
#[actix_web::test]
async fn deleting_stages() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let seeded = pipeline(&owner).await;
    let second = owner.post("/pipelines", &json!({"name": "Second"})).await.expect(201).json();
    let of = |name: &str| path(&seeded, &format!("/stages/{}", stage(&seeded, name)));
    let contact = owner.post("/contacts", &json!({"first_name": "Ada"})).await.expect(201).id();
    let one = deal(&owner, json!({"stage": "Proposal", "primary_contact_id": contact, "amount_minor": 5})).await;
    let two = deal(&owner, json!({"stage": "Proposal"})).await;
    owner.delete(&at(&two, "")).await.expect(204);
    let refused = owner.delete(&of("Proposal")).await.expect(409);
    assert!(refused.problem().detail.contains("2 deals"), "{}", refused.text);
    let to = |stage: Uuid| format!("{}?move_to_stage_id={stage}", of("Proposal"));
    owner.delete(&to(stage(&second, "Proposal"))).await.expect(422);
    owner.delete(&to(stage(&seeded, "Proposal"))).await.expect(422);
    owner.delete(&to(Uuid::now_v7())).await.expect(422);
    let after = owner.delete(&to(stage(&seeded, "Negotiation"))).await.expect(200).json();
    assert_eq!(names(&after), ["Prospecting", "Qualification", "Negotiation", "Closed won", "Closed lost"]);
    assert_eq!(after["stages"][3]["position"], 3);
    let moved = owner.get(&at(&one, "")).await.expect(200).json();
    assert_eq!((&moved["stage_name"], &moved["version"]), (&json!("Negotiation"), &json!(2)));
    let told = events(&one["id"]).await.pop().unwrap();
    assert_eq!((told.0.as_str(), &told.1["details"]["from_stage"]), ("deal.moved", &json!("Proposal")));
    assert_eq!(told.1["related"][0]["name"], "Ada");
    // Into a stage that closes: that wins them.
    let into_won = format!("{}?move_to_stage_id={}", of("Negotiation"), stage(&seeded, "Closed won"));
    owner.delete(&into_won).await.expect(200);
    let won = owner.get(&at(&one, "")).await.expect(200).json();
    assert_eq!((&won["status"], &won["stage_name"]), (&json!("won"), &json!("Closed won")));
    assert_ne!(won["closed_date"], Json::Null);
    assert_eq!(event_names(&one["id"]).await, ["deal.created", "deal.moved", "deal.moved", "deal.won"]);
    owner.delete(&of("Qualification")).await.expect(200);
    owner.delete(&of("Prospecting")).await.expect(409);
    owner.delete(&of("Prospecting")).await.problem();
}

/// DEAL-04: a stage is not made one that closes while its deals say otherwise; nor does a pipeline lose its last open one.
#[actix_web::test]
async fn flags_do_not_contradict_deals() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let seeded = pipeline(&owner).await;
    let of = |name: &str| path(&seeded, &format!("/stages/{}", stage(&seeded, name)));
    owner.put(&of("Closed won"), &json!({"is_closed_won": false})).await.expect(200);
    let made = deal(&owner, json!({"stage": "Negotiation"})).await;
    let refused = owner.put(&of("Negotiation"), &json!({"is_closed_won": true})).await.expect(409);
    assert!(refused.problem().detail.contains("1 deal "), "{}", refused.text);
    let won = owner.post(&at(&made, "/win"), &json!({})).await.expect(200).json();
    assert_eq!(won["stage_name"], "Negotiation", "without a stage for it, a deal is won where it stands");
    owner.put(&of("Negotiation"), &json!({"is_closed_won": true})).await.expect(200);
    for name in ["Qualification", "Proposal", "Closed won"] {
        owner.delete(&of(name)).await.expect(200);
    }
    owner.put(&of("Closed lost"), &json!({"is_closed_lost": false})).await.expect(200);
    owner.put(&of("Closed lost"), &json!({"is_closed_lost": true})).await.expect(200);
    owner.put(&of("Prospecting"), &json!({"is_closed_lost": true})).await.expect(409);
}

/// PIPELINE-17: what each role may do.
#[actix_web::test]
async fn roles_and_pipelines() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    for (role, create, update, delete) in
        [("admin", 201, 200, 204), ("manager", 201, 200, 403), ("member", 403, 403, 403), ("viewer", 403, 403, 403)]
    {
        let person = owner.colleague(role).await;
        person.get("/pipelines").await.expect(200);
        person.post("/pipelines", &json!({"name": format!("By {role}")})).await.expect(create);
        let target = owner.post("/pipelines", &json!({"name": format!("For {role}")})).await.expect(201).json();
        person.put(&path(&target, ""), &json!({"description": role})).await.expect(update);
        let added = person.post(&path(&target, "/stages"), &json!({"name": "Extra"})).await;
        assert_eq!(added.status.as_u16() == 201, update == 200);
        person.delete(&path(&target, "")).await.expect(delete);
    }
}

/// PIPELINE-17, TENANCY-04: stages and pipelines are deleted by owners and admins. Who else tries moves no deal either,
/// not even a manager with an exception for it: the database keeps them.
#[actix_web::test]
async fn managers_delete_no_stages() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let (manager, admin) = (owner.colleague("manager").await, owner.colleague("admin").await);
    let seeded = pipeline(&owner).await;
    let second = owner.post("/pipelines", &json!({"name": "Second"})).await.expect(201).json();
    let of = |from: &str, to: &str| {
        path(&seeded, &format!("/stages/{}?move_to_stage_id={}", stage(&seeded, from), stage(&seeded, to)))
    };
    let inner = deal(&owner, json!({"stage": "Proposal"})).await;
    let last = deal(&owner, json!({"stage": "Closed lost"})).await;
    let other = deal(&owner, json!({"pipeline_id": second["id"]})).await;
    for exception in [json!({}), json!({"granted": ["crm.pipeline.delete"]})] {
        let sql = "UPDATE org_members SET permission_overrides = $3 WHERE org_id = $1 AND user_id = $2";
        let update = sqlx::query(sql).bind(owner.org_id()).bind(manager.user_id()).bind(exception);
        assert_eq!(update.execute(&mut db::owner().await).await.unwrap().rows_affected(), 1);
        manager.delete(&of("Proposal", "Negotiation")).await.expect(403);
        manager.delete(&of("Closed lost", "Proposal")).await.expect(403);
        manager.delete(&path(&second, "?on_deals=unlink")).await.expect(403);
    }
    assert_eq!(owner.get(&path(&seeded, "")).await.expect(200).json(), seeded);
    for deal in [&inner, &last, &other] {
        let now = owner.get(&at(deal, "")).await.expect(200).json();
        assert_eq!((&now["stage_id"], &now["version"]), (&deal["stage_id"], &json!(1)));
    }
    assert_eq!(event_names(&json!(stage(&seeded, "Closed lost"))).await, Vec::<String>::new());
    let after = admin.delete(&of("Proposal", "Negotiation")).await.expect(200).json();
    assert_eq!(names(&after), ["Prospecting", "Qualification", "Negotiation", "Closed won", "Closed lost"]);
}

/// PIPELINE-01: two people make the default pipeline, or the same name, at once: one rule holds.
#[actix_web::test]
async fn pipelines_at_the_same_time() {
    let app = TestApp::spawn().await;
    let owner = &app.owner().await;
    let made = futures_util::future::join_all((0..4).map(async |n| {
        let body = json!({"name": format!("P{n}"), "is_default": true});
        owner.post("/pipelines", &body).await.expect(201)
    }));
    made.await;
    let list = owner.get("/pipelines").await.expect(200).json();
    assert_eq!(list["data"].as_array().unwrap().iter().filter(|p| p["is_default"] == true).count(), 1);
    let same = futures_util::future::join_all(
        (0..3).map(async |_| owner.post("/pipelines", &json!({"name": "Same"})).await.status.as_u16()),
    );
    let mut statuses = same.await;
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409]);
    let seeded = pipeline(owner).await;
    let same = futures_util::future::join_all((0..3).map(async |n| {
        owner.post(&path(&seeded, "/stages"), &json!({"name": format!("S{n}"), "position": 0})).await.status.as_u16()
    }));
    assert_eq!(same.await, [201, 201, 201]);
}
