//! Deals: stages and statuses, moves, endings, figures, lines, links.

use crate::support::{Member, TestApp, db, eventually};
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

/// DEAL-04: creating and updating into a stage that closes wins or loses; a status moves to its stage.
#[actix_web::test]
async fn status_and_stage_agree() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let today = chrono::Utc::now().date_naive().to_string();
    let won = deal(&owner, json!({"stage": "closed_won", "closed_date": "2026-01-15"})).await;
    assert_eq!((&won["status"], &won["closed_date"]), (&json!("won"), &json!("2026-01-15")));
    assert_eq!(event_names(&won["id"]).await, ["deal.created", "deal.won"]);
    let open = deal(&owner, json!({})).await;
    let lost = owner.put(&at(&open, ""), &json!({"status": "lost", "lost_reason": "price"})).await.expect(200).json();
    assert_eq!((&lost["stage_name"], &lost["closed_date"]), (&json!("Closed lost"), &json!(today)));
    let again = owner.put(&at(&open, ""), &json!({"stage": "Proposal"})).await.expect(200).json();
    assert_eq!(
        (&again["status"], &again["closed_date"], &again["lost_reason"]),
        (&json!("open"), &Json::Null, &json!("price"))
    );
    assert_eq!(
        event_names(&open["id"]).await,
        ["deal.created", "deal.moved", "deal.lost", "deal.moved", "deal.reopened"],
        "only a move and an ending happened, no update besides"
    );
    let both = owner.put(&at(&open, ""), &json!({"stage": "Proposal", "status": "won"})).await.expect(422);
    assert_eq!(both.fields(), [("/status".to_owned(), "contradicts_stage".to_owned())]);
    let none = owner.put(&at(&open, ""), &json!({"pipeline_id": null})).await.expect(422);
    assert_eq!(none.fields(), [("/pipeline_id".to_owned(), "required".to_owned())]);
}

/// DEAL-12: a stage of another pipeline is refused, on every way; another pipeline means its first stage.
#[actix_web::test]
async fn stages_of_other_pipelines() {
    let app = TestApp::spawn().await;
    let (owner, other) = (app.owner().await, app.owner().await);
    let second = owner.post("/pipelines", &json!({"name": "Renewals"})).await.expect(201).json();
    let foreign = stage(&second, "Proposal");
    let made = deal(&owner, json!({})).await;
    let body = json!({"stage_id": foreign});
    let refused = owner.put(&at(&made, "/stage"), &body).await.expect(422);
    assert_eq!(refused.fields(), [("/stage_id".to_owned(), "other_pipeline".to_owned())]);
    owner.put(&at(&made, ""), &body).await.expect(422);
    let body = json!({"name": "x", "pipeline_id": made["pipeline_id"], "stage_id": foreign});
    owner.post("/deals", &body).await.expect(422);
    let moved = owner.put(&at(&made, ""), &json!({"pipeline_id": second["id"]})).await.expect(200).json();
    assert_eq!((&moved["stage_name"], &moved["pipeline_id"]), (&json!("Prospecting"), &second["id"]));
    let theirs = stage(&pipeline(&other).await, "Proposal");
    owner.put(&at(&made, "/stage"), &json!({"stage_id": theirs})).await.expect(422);
    owner.put(&at(&made, ""), &json!({"stage_id": theirs})).await.expect(422);
    other.put(&at(&made, "/stage"), &json!({"stage": "Proposal"})).await.expect(404);
    for rest in ["/win", "/lose", "/abandon", "/reopen"] {
        other.post(&at(&made, rest), &json!({})).await.expect(404);
    }
}

/// DEAL-12, DEAL-13: a move tells the stages left and entered, on the timelines of deal, company and contacts.
#[actix_web::test]
async fn moves_tell_what_happened() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let company = owner.post("/companies", &json!({"name": "Acme"})).await.expect(201).id();
    let ada = owner.post("/contacts", &json!({"first_name": "Ada"})).await.expect(201).id();
    let bob = owner.post("/contacts", &json!({"first_name": "Bob"})).await.expect(201).id();
    let made = deal(&owner, json!({"company_id": company, "primary_contact_id": ada})).await;
    owner.post(&at(&made, "/contacts"), &json!({"contact_id": bob, "role": "champion"})).await.expect(201);
    let body = json!({"stage": "Negotiation", "notes": "They want it"});
    let moved = owner.put(&at(&made, "/stage"), &body).await.expect(200).json();
    assert_eq!((&moved["stage_name"], &moved["probability"]), (&json!("Negotiation"), &json!(25)), "probability stays");
    let body = json!({"stage": "Proposal", "update_probability": true});
    assert_eq!(owner.put(&at(&made, "/stage"), &body).await.expect(200).json()["probability"], 75);
    let all = events(&made["id"]).await;
    let names: Vec<_> = all.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["deal.created", "deal.contact_linked", "deal.moved", "deal.moved"]);
    let first = &all[2].1;
    assert_eq!(first["details"]["from_stage"], "Prospecting");
    assert_eq!(first["details"]["to_stage"], "Negotiation");
    assert_eq!(first["details"]["to_stage_id"], moved["stage_id"]);
    assert_eq!(first["details"]["notes"], "They want it");
    let related: Vec<_> = first["related"].as_array().unwrap().iter().map(|r| r["name"].as_str().unwrap()).collect();
    assert_eq!(related, ["Acme", "Ada", "Bob"]);
    assert_eq!(first["changes"][0]["field"], "stage_id");
    let same = owner.put(&at(&made, "/stage"), &json!({"stage": "Proposal"})).await.expect(200).json();
    assert_eq!(same["version"], json!(4), "a move to where it is changes nothing");
}

/// DEAL-13: a move stands on the timeline of the deal, of its company and of its contacts; a new place in the column
/// on none.
#[actix_web::test]
async fn moves_stand_on_timelines() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let company = owner.post("/companies", &json!({"name": "Acme"})).await.expect(201).id();
    let ada = owner.post("/contacts", &json!({"first_name": "Ada"})).await.expect(201).id();
    let made = deal(&owner, json!({"company_id": company, "primary_contact_id": ada})).await;
    let other = deal(&owner, json!({})).await;
    owner.put(&at(&made, "/stage"), &json!({"after_id": other["id"]})).await.expect(200);
    owner.put(&at(&made, "/stage"), &json!({"stage": "Negotiation"})).await.expect(200);
    while api::events::relay::carry(&app.state, owner.org_id()).await.unwrap() > 0 {}
    for path in [at(&made, ""), format!("/companies/{company}"), format!("/contacts/{ada}")] {
        // A worker of another test may be about to finish what this one has not found.
        let told = eventually("the move on a timeline", async || {
            let timeline = owner.get(&format!("{path}/timeline")).await.expect(200).json();
            (timeline["data"][0]["activity_type"] == "stage_moved").then_some(timeline)
        })
        .await;
        let sentence = told["data"][0]["description"].as_str().unwrap();
        assert!(sentence.ends_with("from Prospecting to Negotiation"), "{sentence}");
        assert!(told["data"].as_array().unwrap().iter().all(|entry| entry["activity_type"] != "reordered"));
    }
}

/// DEAL-14 to -16, DEAL-26: win, lose, abandon and reopen, with reasons; states that do not fit are conflicts.
#[actix_web::test]
async fn endings_and_beginnings() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let won = deal(&owner, json!({"stage": "Proposal"})).await;
    let body = json!({"closed_date": "2026-10-01", "won_reason": "Best offer"});
    let after = owner.post(&at(&won, "/win"), &body).await.expect(200).json();
    assert_eq!((&after["status"], &after["stage_name"]), (&json!("won"), &json!("Closed won")));
    assert_eq!((&after["closed_date"], &after["won_reason"]), (&json!("2026-10-01"), &json!("Best offer")));
    owner.post(&at(&won, "/win"), &json!({})).await.expect(409);
    owner.post(&at(&won, "/lose"), &json!({})).await.expect(409);
    let back = owner.post(&at(&won, "/reopen"), &json!({})).await.expect(200).json();
    assert_eq!(
        (&back["status"], &back["stage_name"], &back["won_reason"]),
        (&json!("open"), &json!("Negotiation"), &json!("Best offer"))
    );
    owner.post(&at(&won, "/reopen"), &json!({})).await.expect(409);
    let body = json!({"lost_reason": "competition", "lost_to_competitor": "Rival", "notes": "Too late"});
    let lost = owner.post(&at(&won, "/lose"), &body).await.expect(200).json();
    assert_eq!((&lost["stage_name"], &lost["close_notes"]), (&json!("Closed lost"), &json!("Too late")));
    let detail = events(&won["id"]).await.pop().unwrap();
    assert_eq!(detail.0, "deal.lost");
    assert_eq!(detail.1["details"]["lost_to_competitor"], "Rival");
    let gone = deal(&owner, json!({"stage": "Proposal"})).await;
    let after = owner.post(&at(&gone, "/abandon"), &json!({"close_notes": "Silence"})).await.expect(200).json();
    assert_eq!((&after["status"], &after["stage_name"]), (&json!("abandoned"), &json!("Proposal")));
    let back = owner.post(&at(&gone, "/reopen"), &json!({})).await.expect(200).json();
    assert_eq!((&back["status"], &back["stage_name"]), (&json!("open"), &json!("Proposal")));
    owner.post(&at(&gone, "/win"), &json!({})).await.expect(200);
    let closing = json!({"stage_id": stage(&pipeline(&owner).await, "Closed lost")});
    owner.post(&at(&gone, "/reopen"), &closing).await.expect(422);
    let stage = json!({"stage_id": stage(&pipeline(&owner).await, "Qualification")});
    assert_eq!(owner.post(&at(&gone, "/reopen"), &stage).await.expect(200).json()["stage_name"], "Qualification");
    for (rest, body, field) in [
        ("/lose", json!({"lost_reason": "because"}), "/lost_reason"),
        ("/win", json!({"won_reason": "x".repeat(501)}), "/won_reason"),
        ("/win", json!({"closed_date": "yesterday"}), "/closed_date"),
        ("/win", json!({"create_order": true}), "/create_order"),
        ("/abandon", json!({"notes": 5}), "/close_notes"),
    ] {
        assert_eq!(owner.post(&at(&gone, rest), &body).await.expect(422).fields()[0].0, field);
    }
    owner.delete(&at(&gone, "")).await.expect(204);
    owner.post(&at(&gone, "/win"), &json!({})).await.expect(409);
    owner.put(&at(&gone, "/stage"), &json!({"stage": "Proposal"})).await.expect(409);
}

/// DEAL-04, DEAL-12: entering a stage that closes is winning or losing, with all its particulars.
#[actix_web::test]
async fn entering_a_closing_stage_ends_the_deal() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let made = deal(&owner, json!({})).await;
    let body =
        json!({"stage": "Closed won", "won_reason": "Price", "closed_date": "2026-09-09", "lost_reason": "price"});
    let won = owner.put(&at(&made, "/stage"), &body).await.expect(200).json();
    assert_eq!(
        (&won["status"], &won["won_reason"], &won["closed_date"]),
        (&json!("won"), &json!("Price"), &json!("2026-09-09"))
    );
    assert_eq!(won["lost_reason"], Json::Null, "a won deal takes no reason for a loss");
    assert_eq!(event_names(&made["id"]).await, ["deal.created", "deal.moved", "deal.won"]);
    let lost = json!({"stage": "Closed lost", "lost_reason": "because"});
    assert_eq!(owner.put(&at(&made, "/stage"), &lost).await.expect(422).fields()[0].0, "/lost_reason");
    let open = owner.put(&at(&made, "/stage"), &json!({"stage": "Proposal"})).await.expect(200).json();
    assert_eq!((&open["status"], &open["closed_date"]), (&json!("open"), &Json::Null));
}

/// DEAL-05, DEAL-06: totals follow; lines make the amount; a line that stays keeps its id.
#[actix_web::test]
async fn figures_and_lines() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let lines =
        json!([{"name": "GTX Pro", "quantity": 2, "price_minor": 482_100}, {"name": "Care", "price_minor": 500}]);
    let made = deal(&owner, json!({"products": lines})).await;
    assert_eq!((&made["amount_minor"], &made["total_minor"]), (&json!(964_700), &json!(964_700)));
    assert_eq!(made["products"][0]["total_minor"], 964_200);
    assert_eq!(made["products"][1]["name"], "Care");
    let listed = owner.get("/deals").await.expect(200).json();
    assert_eq!(listed["data"][0]["products"], made["products"], "lists carry the lines as well");
    let same = owner.put(&at(&made, ""), &json!({"products": lines})).await.expect(200).json();
    assert_eq!((&same["version"], &same["products"]), (&made["version"], &made["products"]));
    let body = json!({"products": [lines[1], {"name": "Extra", "quantity": 0.5, "price_minor": 3}], "amount_minor": 1_000,
        "discount_minor": 100, "tax_minor": 19});
    let changed = owner.put(&at(&made, ""), &body).await.expect(200).json();
    assert_eq!((&changed["amount_minor"], &changed["total_minor"]), (&json!(1_000), &json!(919)));
    assert_eq!(changed["products"][0]["id"], made["products"][1]["id"]);
    assert_eq!(changed["products"][1]["total_minor"], 2);
    let none = owner.put(&at(&made, ""), &json!({"products": []})).await.expect(200).json();
    assert_eq!((&none["products"], &none["amount_minor"]), (&json!([]), &json!(1_000)));
    for (body, field) in [
        (json!({"discount_minor": 1_001}), "/discount_minor"),
        (json!({"tax_minor": i64::MAX}), "/tax_minor"),
        (json!({"amount_minor": -1}), "/amount_minor"),
        (json!({"products": [{"name": "", "price_minor": 1}]}), "/products/0/name"),
        (json!({"probability": 101}), "/probability"),
        (json!({"currency": "DOGE"}), "/currency"),
        (json!({"closed_date": "2026-01-01"}), "/closed_date"),
    ] {
        assert_eq!(owner.put(&at(&made, ""), &body).await.expect(422).fields()[0].0, field, "{body}");
    }
    // The largest amounts can be summed up on board and dashboard.
    for _ in 0..2 {
        deal(&owner, json!({"amount_minor": i64::MAX})).await;
    }
    let board = owner.get("/deals?view=pipeline").await.expect(200).json();
    assert_eq!(board["columns"][0]["totals"][0]["amount_minor"], i64::MAX);
    owner.get("/dashboard/metrics").await.expect(200);
    owner.get("/deals/pipeline").await.expect(200);
}

/// DEAL-09, AUTH-17: a deal has a team; its members count it as their own.
#[actix_web::test]
async fn the_team_works_on_the_deal() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let (mate, stranger) = (owner.colleague("member").await, owner.colleague("member").await);
    let made =
        deal(&owner, json!({"team_members": [mate.user_id()], "competitors": ["Rival", "rival ", "Other"]})).await;
    assert_eq!(made["team_members"], json!([mate.user_id()]));
    assert_eq!(made["competitors"], json!(["Rival", "Other"]));
    mate.put(&at(&made, "/stage"), &json!({"stage": "Proposal"})).await.expect(200);
    mate.put(&at(&made, ""), &json!({"amount_minor": 5})).await.expect(200);
    for (path, body) in [("/stage", json!({"stage": "Proposal"})), ("", json!({"amount_minor": 6}))] {
        stranger.put(&at(&made, path), &body).await.expect(403);
    }
    for path in ["/win", "/lose", "/abandon", "/reopen"] {
        stranger.post(&at(&made, path), &json!({})).await.expect(403);
    }
    mate.post(&at(&made, "/win"), &json!({})).await.expect(200);
    let nobody = owner.put(&at(&made, ""), &json!({"team_members": [Uuid::now_v7()]})).await.expect(422);
    assert_eq!(nobody.fields(), [("/team_members".to_owned(), "not_found".to_owned())]);
    let none = owner.put(&at(&made, ""), &json!({"team_members": []})).await.expect(200).json();
    assert_eq!(none["team_members"], json!([]));
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

/// DEAL-17 to -19: contacts with roles and companies with relationships, linked, changed, unlinked.
#[actix_web::test]
async fn people_and_companies_of_a_deal() {
    let app = TestApp::spawn().await;
    let (owner, other) = (app.owner().await, app.owner().await);
    let ada = owner.post("/contacts", &json!({"first_name": "Ada"})).await.expect(201).id();
    let bob = owner.post("/contacts", &json!({"first_name": "Bob"})).await.expect(201).id();
    let acme = owner.post("/companies", &json!({"name": "Acme"})).await.expect(201).id();
    let made = deal(&owner, json!({"primary_contact_id": ada})).await;
    let role = |role: &str| json!({"contact_id": bob, "role": role});
    let linked = owner.post(&at(&made, "/contacts"), &role("champion")).await.expect(201).json();
    assert_eq!(
        (&linked["name"], &linked["role"], &linked["is_primary"]),
        (&json!("Bob"), &json!("champion"), &json!(false))
    );
    let again = owner.post(&at(&made, "/contacts"), &role("decision_maker")).await.expect(201).json();
    assert_eq!(again["role"], "decision_maker");
    let contacts = owner.get(&at(&made, "/contacts")).await.expect(200);
    assert_eq!(contacts.column("name"), [json!("Ada"), json!("Bob")]);
    let company = json!({"company_id": acme, "relationship": "partner"});
    assert_eq!(owner.post(&at(&made, "/companies"), &company).await.expect(201).json()["relationship"], "partner");
    let detail = owner.get(&at(&made, "")).await.expect(200).json();
    assert_eq!(detail["contacts"][1]["role"], "decision_maker", "DEAL-01: the detail answer carries all relations");
    assert_eq!(detail["companies"][0]["name"], "Acme");
    assert_eq!(owner.get(&format!("/contacts/{bob}/deals")).await.expect(200).ids().len(), 1);
    assert_eq!(owner.get(&format!("/companies/{acme}/deals")).await.expect(200).ids().len(), 1);
    owner.delete(&at(&made, &format!("/contacts/{bob}"))).await.expect(204);
    owner.delete(&at(&made, &format!("/contacts/{bob}"))).await.expect(404);
    owner.delete(&at(&made, &format!("/contacts/{ada}"))).await.expect(204);
    assert_eq!(owner.get(&at(&made, "")).await.json()["primary_contact_id"], Json::Null);
    owner.delete(&at(&made, &format!("/companies/{acme}"))).await.expect(204);
    let names = event_names(&made["id"]).await;
    assert_eq!(
        names[1..],
        [
            "deal.contact_linked",
            "deal.contact_linked",
            "deal.company_linked",
            "deal.contact_unlinked",
            "deal.contact_unlinked",
            "deal.company_unlinked"
        ]
    );
    let theirs = other.post("/contacts", &json!({"first_name": "Eve"})).await.expect(201).id();
    let foreign = owner.post(&at(&made, "/contacts"), &json!({"contact_id": theirs})).await.expect(422);
    assert_eq!(foreign.fields(), [("/contact_id".to_owned(), "not_found".to_owned())]);
    let bad = owner.post(&at(&made, "/contacts"), &json!({"contact_id": ada, "role": "boss"})).await.expect(422);
    assert_eq!(bad.fields()[0].0, "/role");
    other.get(&at(&made, "/contacts")).await.expect(404);
    other.post(&at(&made, "/companies"), &company).await.expect(404);
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
