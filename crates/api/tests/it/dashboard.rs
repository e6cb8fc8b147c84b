//! The dashboard's figures, deals closing soon, and the query builder.

use crate::deals::{at, deal};
use crate::support::TestApp;
use api::state::Clock;
use serde_json::{Value as Json, json};

/// DASH-03, DASH-04, DASH-05, REALTIME-05: figures of this organization as they are at each request, by currency; month
/// and days by its time zone.
#[actix_web::test]
async fn figures() {
    // In Auckland it is already December.
    let now = "2026-11-30T12:00:00Z".parse().unwrap();
    let app = TestApp::with(|_| {}, Clock::from_fn(move || now)).await;
    let (owner, other) = (app.owner().await, app.owner().await);
    let empty = owner.get("/dashboard/metrics").await.expect(200).json();
    assert_eq!((&empty["open_deals"], &empty["conversion_rate"]), (&json!(0), &Json::Null), "a dash, not an error");
    deal(&other, json!({"amount_minor": 1, "stage": "Closed won"})).await;
    deal(&owner, json!({"amount_minor": 1_000, "probability": 50})).await;
    deal(&owner, json!({"amount_minor": 70, "currency": "EUR"})).await;
    let ended = async |stage: &str, amount: i64, date: &str| {
        deal(&owner, json!({"stage": stage, "amount_minor": amount, "closed_date": date})).await
    };
    ended("Closed won", 300, "2026-11-30").await;
    ended("Closed won", 500, "2026-12-01").await;
    ended("Closed lost", 900, "2026-11-15").await;
    ended("Closed lost", 900, "2026-10-01").await;
    let gone = ended("Closed won", 77, "2026-11-30").await;
    owner.delete(&at(&gone, "")).await.expect(204);
    let metrics = owner.get("/dashboard/metrics").await.expect(200).json();
    assert_eq!(metrics["open_deals"], 2);
    assert_eq!(
        metrics["pipeline_value"],
        json!([
            {"currency": "USD", "count": 1, "amount_minor": 1_000, "weighted_minor": 500},
            {"currency": "EUR", "count": 1, "amount_minor": 70, "weighted_minor": 17},
        ])
    );
    assert_eq!((&metrics["won_this_month"], &metrics["won_value"][0]["amount_minor"]), (&json!(1), &json!(300)));
    assert_eq!(
        (&metrics["won_30_days"], &metrics["lost_30_days"], &metrics["conversion_rate"]),
        (&json!(1), &json!(1), &json!(50.0))
    );
    owner.put("/orgs/current", &json!({"timezone": "Pacific/Auckland"})).await.expect(200);
    let metrics = owner.get("/dashboard/metrics").await.expect(200).json();
    assert_eq!((&metrics["won_this_month"], &metrics["won_value"][0]["amount_minor"]), (&json!(1), &json!(500)));
    assert_eq!((&metrics["won_30_days"], &metrics["lost_30_days"]), (&json!(2), &json!(1)));
}

/// DASH-11, DEAL-24: open deals that should close from today on within so many days, the nearest first.
#[actix_web::test]
async fn closing_soon() {
    let now = "2026-11-21T12:00:00Z".parse().unwrap();
    let app = TestApp::with(|_| {}, Clock::from_fn(move || now)).await;
    let owner = app.owner().await;
    for (name, date) in [("Late", "2026-11-20"), ("Far", "2026-12-22"), ("Edge", "2026-12-21"), ("Today", "2026-11-21")]
    {
        deal(&owner, json!({"name": name, "expected_close_date": date})).await;
    }
    deal(&owner, json!({"name": "Won", "expected_close_date": "2026-11-25", "stage": "Closed won"})).await;
    let soon = owner.get("/dashboard/deals-closing-soon").await.expect(200);
    assert_eq!(soon.column("name"), ["Today", "Edge"]);
    assert_eq!(
        owner.get("/dashboard/deals-closing-soon?days=31").await.expect(200).column("name"),
        ["Today", "Edge", "Far"]
    );
    assert_eq!(owner.get("/dashboard/deals-closing-soon?days=1&limit=1").await.expect(200).column("name"), ["Today"]);
    for params in ["days=0", "days=366", "days=x", "weeks=2", "days=5&limit=0"] {
        owner.get(&format!("/dashboard/deals-closing-soon?{params}")).await.expect(422);
    }
}

/// SEARCH-05: the query builder answers like the lists, for every record type, with that type's permission.
#[actix_web::test]
async fn query_builder() {
    let app = TestApp::spawn().await;
    let (owner, other) = (app.owner().await, app.owner().await);
    for (name, amount) in [("Small", 10), ("Middle", 20), ("Large", 30)] {
        deal(&owner, json!({"name": name, "amount_minor": amount})).await;
        deal(&other, json!({"name": name, "amount_minor": amount})).await;
    }
    let filter = json!({"or": [{"field": "amount_minor", "op": "gte", "value": 25}, {"field": "name", "op": "eq", "value": "Small"}]});
    let body = json!({"entity": "deal", "filter": filter, "sort_by": "-amount_minor", "fields": ["name"], "limit": 1});
    let first = owner.post("/search/query", &body).await.expect(200).json();
    assert_eq!(first["data"][0].as_object().unwrap().len(), 2, "id and name");
    assert_eq!((&first["data"][0]["name"], &first["pagination"]["total"]), (&json!("Large"), &json!(2)));
    let mut next = body.clone();
    next["cursor"] = first["pagination"]["next_cursor"].clone();
    assert_eq!(owner.post("/search/query", &next).await.expect(200).column("name"), ["Small"]);
    for entity in ["companies", "contact"] {
        owner.post("/search/query", &json!({"entity": entity, "filter": null})).await.expect(200);
    }
    for body in [
        json!({}),
        json!({"entity": "invoice"}),
        json!({"entity": "deal", "filter": "all"}),
        json!({"entity": "deal", "page": "1"}),
        json!({"entity": "deal", "filter": {"field": "colour", "op": "eq", "value": 1}}),
        json!({"entity": "deal", "where": {}}),
        json!({"entity": "deal", "limit": 500}),
        json!({"entity": "deal", "page": 1_000, "limit": 200}),
    ] {
        owner.post("/search/query", &body).await.expect(422);
    }
    owner.colleague("viewer").await.post("/search/query", &json!({"entity": "deal", "mine": true})).await.expect(200);
}
