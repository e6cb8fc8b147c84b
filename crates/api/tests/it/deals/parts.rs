//! What belongs to a deal: lines, its team, people and companies.

use super::{at, deal, event_names};
use crate::support::TestApp;
use serde_json::{Value as Json, json};
use uuid::Uuid;

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

/// DEAL-09, TENANCY-06: what a deal holds already may be sent again, be it a former member or an archived company; to
/// another deal, or once it was taken out, neither is given.
#[actix_web::test]
async fn what_is_gone_stays_where_it_is() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let [ann, bob, carol] =
        [owner.colleague("member").await, owner.colleague("member").await, owner.colleague("member").await]
            .map(|member| member.user_id());
    let acme = owner.post("/companies", &json!({"name": "Acme"})).await.expect(201).id();
    let made = deal(&owner, json!({"team_members": [ann, bob], "owner_id": bob, "company_id": acme})).await;
    let other = deal(&owner, json!({})).await;
    owner.delete(&format!("/members/{bob}")).await.expect(204);
    owner.delete(&format!("/companies/{acme}")).await.expect(204);
    let body = json!({"team_members": [ann, bob, carol], "owner_id": bob, "company_id": acme});
    let changed = owner.put(&at(&made, ""), &body).await.expect(200).json();
    for (member, value) in body.as_object().unwrap() {
        assert_eq!(&changed[member], value, "{member}");
        let refused = owner.put(&at(&other, ""), &json!({ member: value })).await.expect(422);
        assert_eq!(refused.fields(), [(format!("/{member}"), "not_found".to_owned())]);
    }
    owner.put(&at(&made, ""), &json!({"team_members": [ann], "owner_id": carol})).await.expect(200);
    for back in [json!({"team_members": [ann, bob]}), json!({"owner_id": bob})] {
        owner.put(&at(&made, ""), &back).await.expect(422);
    }
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
