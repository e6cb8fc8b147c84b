//! Stages and statuses: moves, endings, new beginnings.

use super::{at, deal, event_names, events, pipeline, stage};
use crate::support::{TestApp, eventually};
use serde_json::{Value as Json, json};

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
