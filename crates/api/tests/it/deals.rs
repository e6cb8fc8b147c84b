//! Deals: defaults, numbers, rights, lists, stale changes; what the tests of their parts share.

mod lines;
mod parts;
mod stages;

use crate::support::{Member, TestApp, db};
use serde_json::{Value as Json, json};
use sqlx::Row;
use uuid::Uuid;

/// The default pipeline with its stages, which a new organization has.
pub async fn pipeline(member: &Member) -> Json {
    member.get("/pipelines").await.expect(200).json()["data"][0].clone()
}

/// The id of a stage of that pipeline.
pub fn stage(pipeline: &Json, name: &str) -> Uuid {
    let stages = pipeline["stages"].as_array().unwrap();
    let found = stages.iter().find(|s| s["name"] == name).unwrap_or_else(|| panic!("no stage {name}: {pipeline}"));
    found["id"].as_str().unwrap().parse().unwrap()
}

/// Makes a deal.
pub async fn deal(member: &Member, input: Json) -> Json {
    let mut input = input;
    if input.get("name").or(input.get("title")).is_none() {
        input["name"] = json!("Engine");
    }
    member.post("/deals", &input).await.expect(201).json()
}

/// The path of a deal, or of what belongs to it.
pub fn at(deal: &Json, rest: &str) -> String {
    format!("/deals/{}{rest}", deal["id"].as_str().unwrap())
}

/// Names and details of the events about a thing, in order.
pub async fn events(id: &Json) -> Vec<(String, Json)> {
    let id: Uuid = id.as_str().unwrap().parse().unwrap();
    let mut conn = db::owner().await;
    let sql = "SELECT type, payload FROM domain_events WHERE entity_id = $1 ORDER BY id";
    let rows = sqlx::query(sql).bind(id).fetch_all(&mut conn).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// The names alone.
pub async fn event_names(id: &Json) -> Vec<String> {
    events(id).await.into_iter().map(|(name, _)| name).collect()
}

/// DEAL-03, DEAL-07, DEAL-08: the default pipeline and its first stage, the stage's probability, a number.
#[actix_web::test]
async fn defaults_of_a_new_deal() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let pipeline = pipeline(&owner).await;
    let made = deal(&owner, json!({"title": "First"})).await;
    assert_eq!(
        (&made["name"], &made["stage_name"], &made["status"]),
        (&json!("First"), &json!("Prospecting"), &json!("open"))
    );
    assert_eq!(made["pipeline_id"], pipeline["id"]);
    assert_eq!(
        (&made["probability"], &made["deal_number"], &made["currency"]),
        (&json!(25), &json!("D-000001"), &json!("USD"))
    );
    assert_eq!((&made["days_in_stage"], &made["closed_date"]), (&json!(0), &Json::Null));
    let by_name = deal(&owner, json!({"stage": "negotiation"})).await;
    assert_eq!((&by_name["stage_name"], &by_name["probability"]), (&json!("Negotiation"), &json!(90)));
    let by_id = deal(&owner, json!({"stage": stage(&pipeline, "Proposal"), "probability": 5})).await;
    assert_eq!((&by_id["stage_name"], &by_id["probability"]), (&json!("Proposal"), &json!(5)));
    let unknown = owner.post("/deals", &json!({"name": "x", "stage": "nowhere"})).await.expect(422);
    assert_eq!(unknown.fields(), [("/stage".to_owned(), "not_found".to_owned())]);
    assert_eq!(event_names(&made["id"]).await, ["deal.created"]);
}

/// DEAL-03: no pipeline, no deal.
#[actix_web::test]
async fn without_a_pipeline_no_deal() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let pipeline = pipeline(&owner).await;
    owner.delete(&format!("/pipelines/{}", pipeline["id"].as_str().unwrap())).await.expect(204);
    let refused = owner.post("/deals", &json!({"name": "x"})).await.expect(422);
    assert_eq!(refused.fields(), [("/pipeline_id".to_owned(), "no_pipeline".to_owned())]);
    owner.get("/deals?view=pipeline").await.expect(404);
    owner.get("/deals/pipeline").await.expect(404);
    owner.post("/pipelines", &json!({"name": "New"})).await.expect(201);
    owner.post("/deals", &json!({"name": "x"})).await.expect(201);
}

/// DEAL-08: numbers given are unique; numbers made avoid them, also when many deals are made at once.
#[actix_web::test]
async fn deal_numbers() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    deal(&owner, json!({"deal_number": "D-000001"})).await;
    assert_eq!(deal(&owner, json!({})).await["deal_number"], "D-000002");
    let clash = owner.post("/deals", &json!({"name": "x", "deal_number": "D-000002"})).await.expect(409);
    assert_eq!(clash.fields(), [("/deal_number".to_owned(), "duplicate".to_owned())]);
    let together = futures_util::future::join_all((0..8).map(|_| deal(&owner, json!({})))).await;
    let mut numbers: Vec<_> = together.iter().map(|d| d["deal_number"].as_str().unwrap().to_owned()).collect();
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), 8);
    let refused = owner.put(&at(&together[0], ""), &json!({"deal_number": null})).await.expect(422);
    assert_eq!(refused.fields(), [("/deal_number".to_owned(), "required".to_owned())]);
    assert!(
        together.iter().map(|d| d["stage_order"].as_str().unwrap()).collect::<std::collections::HashSet<_>>().len()
            == 8
    );
}

/// AUTH-08 to -12: what the five roles may do with deals.
#[actix_web::test]
async fn five_roles() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let roles = ["admin", "manager", "member", "viewer"];
    let theirs = deal(&owner, json!({})).await;
    for role in roles {
        let person = owner.colleague(role).await;
        let (all, own) = (matches!(role, "admin" | "manager"), role == "member");
        person.get(&at(&theirs, "")).await.expect(200);
        person.get("/deals?view=pipeline").await.expect(200);
        person.put(&at(&theirs, "/stage"), &json!({"stage": "Proposal"})).await.expect(if all { 200 } else { 403 });
        person.post(&at(&theirs, "/lose"), &json!({})).await.expect(if all { 200 } else { 403 });
        person.post(&at(&theirs, "/reopen"), &json!({})).await.expect(if all { 200 } else { 403 });
        let made = person.post("/deals", &json!({"name": "Mine"})).await.expect(if all || own { 201 } else { 403 });
        if all || own {
            let mine = made.json();
            person.put(&at(&mine, "/stage"), &json!({"stage": "closed won"})).await.expect(200);
            person.delete(&at(&mine, "")).await.expect(if role == "manager" { 403 } else { 204 });
            person.delete(&format!("{}?permanent=true", at(&mine, ""))).await.expect(if role == "admin" {
                204
            } else {
                403
            });
        }
    }
    Member::nobody(&app.url).get("/deals?view=pipeline").await.expect(401);
}

/// DEAL-11: the named list parameters, also together, search on the title, sorting by age, value and close date.
#[actix_web::test]
async fn list_parameters() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let row = |name: &str, amount: i64, date: &str, stage: &str| json!({"name": name, "amount_minor": amount, "expected_close_date": date, "stage": stage, "source": "referral"});
    let mate = owner.colleague("member").await.user_id().to_string();
    let company = owner.post("/companies", &json!({"name": "Acme"})).await.expect(201).id().to_string();
    let mut small = row("Small", 100, "2026-12-01", "Prospecting");
    (small["owner_id"], small["company_id"]) = (json!(mate), json!(company));
    let small = deal(&owner, small).await;
    let pipeline = small["pipeline_id"].as_str().unwrap();
    deal(&owner, row("Large", 900, "2027-02-01", "Proposal")).await;
    deal(&owner, row("Won", 500, "2026-11-01", "Closed won")).await;
    app.carry(&owner).await;
    for (params, expected) in [
        (vec![("min_value", "500")], vec!["Won", "Large"]),
        (vec![("max_value", "500")], vec!["Small", "Won"]),
        (vec![("expected_close_date_from", "2026-12-01"), ("expected_close_date_to", "2026-12-31")], vec!["Small"]),
        (vec![("stage", "proposal,closed_won")], vec!["Won", "Large"]),
        (vec![("pipeline", "sales"), ("status", "open")], vec!["Small", "Large"]),
        (vec![("source", "referral"), ("min_value", "1"), ("max_value", "200")], vec!["Small"]),
        (vec![("mine", "true")], vec!["Won", "Large"]),
        (vec![("sort_by", "-expected_close_date")], vec!["Large", "Small", "Won"]),
        (vec![("sort_by", "-created_at")], vec!["Won", "Large", "Small"]),
        (vec![("sort_by", "-amount_minor")], vec!["Large", "Won", "Small"]),
        (vec![("pipeline_id", pipeline), ("min_value", "500")], vec!["Won", "Large"]),
        (vec![("owner_id", &mate)], vec!["Small"]),
        (vec![("company_id", &company), ("owner_id", &mate)], vec!["Small"]),
        (vec![("company_id", &company), ("mine", "true")], vec![]),
        (vec![("search", "larg")], vec!["Large"]),
        (vec![("search", "larg"), ("status", "won")], vec![]),
    ] {
        let mut all = params.clone();
        if !params.iter().any(|(name, _)| *name == "sort_by") {
            all.push(("sort_by", "amount_minor"));
        }
        let names = owner.list("/deals", &all).await.expect(200).column("name");
        assert_eq!(names, expected, "{params:?}");
    }
    for (name, value) in [("stage", "nowhere"), ("pipeline", "nowhere"), ("min_value", "much"), ("colour", "red")] {
        assert_eq!(owner.list("/deals", &[(name, value)]).await.expect(422).fields()[0].0, name);
    }
}

/// DEAL-12: If-Match holds on every change; the answer to a stale one carries the present deal.
#[actix_web::test]
async fn stale_changes() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let made = deal(&owner, json!({})).await;
    owner.put(&at(&made, ""), &json!({"amount_minor": 7})).await.expect(200);
    use reqwest::Method;
    for (method, rest, body) in [
        (Method::PUT, "/stage", json!({"stage": "Proposal"})),
        (Method::POST, "/win", json!({})),
        (Method::POST, "/lose", json!({})),
        (Method::POST, "/abandon", json!({})),
        (Method::POST, "/contacts", json!({"contact_id": Uuid::now_v7()})),
    ] {
        let answer = owner.send(method, &at(&made, rest), Some(&body), Some("\"1\"")).await.expect(412);
        assert_eq!(answer.problem().current.unwrap()["amount_minor"], 7);
    }
    owner.send(Method::PUT, &at(&made, "/stage"), Some(&json!({"stage": "Proposal"})), Some("\"2\"")).await.expect(200);
}
