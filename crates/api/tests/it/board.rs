//! The board: columns, cards, places, moves at the same time.

use crate::deals::{at, deal, event_names, pipeline, stage};
use crate::support::{Member, TestApp};
use serde_json::{Value as Json, json};
use uuid::Uuid;

async fn board(member: &Member, params: &str) -> Json {
    member.get(&format!("/deals?view=pipeline{params}")).await.expect(200).json()
}

/// The names of a column's cards, in order.
fn cards(board: &Json, stage: Uuid) -> Vec<String> {
    let columns = board["columns"].as_array().unwrap();
    let column = columns.iter().find(|c| c["stage_id"] == json!(stage)).unwrap();
    column["cards"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap().to_owned()).collect()
}

/// PIPELINE-08, PIPELINE-12, PIPELINE-13, PIPELINE-14: a column per stage with count and totals; ended deals only when
/// asked for; the list's filters.
#[actix_web::test]
async fn columns_and_totals() {
    let app = TestApp::spawn().await;
    let (owner, other) = (app.owner().await, app.owner().await);
    deal(&other, json!({"name": "Theirs", "amount_minor": 1})).await;
    let mate = owner.colleague("member").await;
    let lines = pipeline(&owner).await;
    deal(&owner, json!({"name": "A", "amount_minor": 1_000})).await;
    deal(&owner, json!({"name": "B", "amount_minor": 101, "probability": 50, "expected_close_date": "2026-12-24"}))
        .await;
    let late = json!({"name": "C", "amount_minor": 7, "currency": "EUR", "expected_close_date": "2027-01-01",
        "owner_id": mate.user_id()});
    deal(&owner, late).await;
    deal(&owner, json!({"name": "W", "amount_minor": 9, "stage": "closed won"})).await;
    let gone = deal(&owner, json!({"name": "G"})).await;
    owner.post(&at(&gone, "/abandon"), &json!({})).await.expect(200);
    app.carry(&owner).await;
    let first = stage(&lines, "Prospecting");
    let open = board(&owner, "").await;
    assert_eq!(open["pipeline_id"], lines["id"]);
    assert_eq!(open["columns"].as_array().unwrap().len(), 6);
    assert_eq!(cards(&open, first), ["A", "B", "C"]);
    let column = &open["columns"][0];
    assert_eq!(column["count"], 3);
    assert_eq!(
        column["totals"],
        json!([
            {"currency": "USD", "count": 2, "amount_minor": 1_101, "weighted_minor": 300},
            {"currency": "EUR", "count": 1, "amount_minor": 7, "weighted_minor": 1},
        ])
    );
    assert_eq!((&open["columns"][4]["count"], &column["next_cursor"]), (&json!(0), &Json::Null));
    let all = board(&owner, "&closed=true").await;
    assert_eq!(cards(&all, first), ["A", "B", "C", "G"]);
    assert_eq!(cards(&all, stage(&lines, "Closed won")), ["W"]);
    assert_eq!(cards(&board(&owner, "&status=abandoned").await, first), ["G"]);
    // A status inside the filter is a choice of statuses too, however deep it stands.
    let filter = json!({"and": [{"or": [{"field": "status", "op": "eq", "value": "abandoned"}]}]}).to_string();
    let filter: String = url::form_urlencoded::byte_serialize(filter.as_bytes()).collect();
    assert_eq!(cards(&board(&owner, &format!("&filter={filter}")).await, first), ["G"]);
    let filter = json!({"field": "status", "op": "not_empty"}).to_string();
    let filter: String = url::form_urlencoded::byte_serialize(filter.as_bytes()).collect();
    let all = board(&owner, &format!("&filter={filter}")).await;
    assert_eq!((cards(&all, first).len(), cards(&all, stage(&lines, "Closed won"))), (4, vec!["W".to_owned()]));
    for (params, expected) in [
        ("&min_value=500", vec!["A"]),
        ("&max_value=101", vec!["B", "C"]),
        ("&min_value=50&max_value=500", vec!["B"]),
        ("&expected_close_date_from=2026-12-01&expected_close_date_to=2026-12-31", vec!["B"]),
        ("&expected_close_date_from=2026-12-01", vec!["B", "C"]),
        ("&expected_close_date_from=2026-12-01&max_value=50", vec!["C"]),
        (&format!("&owner_id={}", mate.user_id()), vec!["C"]),
        (&format!("&owner_id={}&max_value=5000", owner.user_id()), vec!["A", "B"]),
        (&format!("&owner_id={}&min_value=500", mate.user_id()), vec![]),
        ("&search=b", vec!["B"]),
        ("&search=b&min_value=500", vec![]),
        (&format!("&search=b&owner_id={}&pipeline_id={}", owner.user_id(), lines["id"].as_str().unwrap()), vec!["B"]),
    ] {
        assert_eq!(cards(&board(&owner, params).await, first), expected, "{params}");
    }
    assert_eq!(cards(&board(&owner, "&mine=true&archived=only").await, first), Vec::<String>::new());
    let named = format!("&pipeline_id={}", lines["id"].as_str().unwrap());
    assert_eq!(cards(&board(&owner, &named).await, first).len(), 3);
    other.get(&format!("/deals?view=pipeline{named}")).await.expect(404);
    for (params, field) in [("&pipeline_id=x", "pipeline_id"), ("&closed=perhaps", "closed"), ("&colour=red", "colour")]
    {
        let refused = owner.get(&format!("/deals?view=pipeline{params}")).await.expect(422);
        assert_eq!(refused.fields()[0].0, field);
    }
    // DEAL-23: the same figures as analytics, with what was won and lost.
    let figures = owner.get("/deals/pipeline").await.expect(200).json();
    assert_eq!(figures["stages"][0]["totals"], column["totals"]);
    assert_eq!((&figures["stages"][4]["status"], &figures["stages"][4]["count"]), (&json!("won"), &json!(1)));
}

/// PIPELINE-08: a column shows its first cards; its cursor leads to the others, in the list of deals.
#[actix_web::test]
async fn long_columns_go_on_by_cursor() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    for n in 0..53 {
        deal(&owner, json!({"name": format!("Deal {n:02}")})).await;
    }
    let first = stage(&pipeline(&owner).await, "Prospecting");
    let board = board(&owner, "").await;
    let shown = cards(&board, first);
    assert_eq!((shown.len(), shown[0].as_str(), shown[49].as_str()), (50, "Deal 00", "Deal 49"));
    assert_eq!(board["columns"][0]["count"], 53);
    let cursor = board["columns"][0]["next_cursor"].as_str().unwrap();
    let first = first.to_string();
    let params = [("stage_id", first.as_str()), ("status", "open"), ("sort_by", "stage_order"), ("cursor", cursor)];
    let rest = owner.list("/deals", &params).await.expect(200).column("name");
    assert_eq!(rest, ["Deal 50", "Deal 51", "Deal 52"]);
}

/// PIPELINE-11: a card goes between the cards it is dropped between, to the top, to the end.
#[actix_web::test]
async fn cards_have_places() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let lines = pipeline(&owner).await;
    let (first, second) = (stage(&lines, "Prospecting"), stage(&lines, "Qualification"));
    let mut made = Vec::new();
    for name in ["A", "B", "C", "D"] {
        made.push(deal(&owner, json!({"name": name})).await);
    }
    let [a, b, c, d] = made.as_slice() else { panic!() };
    let order = async || cards(&board(&owner, "").await, first).concat();
    owner.put(&at(d, "/stage"), &json!({"stage_id": first, "before_id": a["id"]})).await.expect(200);
    assert_eq!(order().await, "DABC");
    owner.put(&at(a, "/stage"), &json!({"stage_id": first, "after_id": c["id"]})).await.expect(200);
    assert_eq!(order().await, "DBCA");
    owner.put(&at(c, "/stage"), &json!({"after_id": d["id"], "before_id": b["id"]})).await.expect(200);
    assert_eq!(order().await, "DCBA");
    deal(&owner, json!({"name": "E"})).await;
    assert_eq!(order().await, "DCBAE", "a new card comes after one that was moved to the end");
    owner.put(&at(b, "/stage"), &json!({"stage_id": second})).await.expect(200);
    owner.put(&at(c, "/stage"), &json!({"stage_id": second, "before_id": b["id"]})).await.expect(200);
    assert_eq!(cards(&board(&owner, "").await, second).concat(), "CB");
    assert_eq!(event_names(&d["id"]).await, ["deal.created", "deal.reordered"], "no stage was left or entered");
    for (body, status) in [
        (json!({"stage_id": first, "before_id": d["id"]}), 422),
        (json!({"stage_id": first, "before_id": Uuid::now_v7()}), 422),
        (json!({"stage_id": first, "after_id": c["id"]}), 409),
        (json!({}), 422),
        (json!({"stage_id": first, "stage": "Proposal"}), 422),
        (json!({"stage_id": Uuid::now_v7()}), 422),
        (json!({"stage_id": "first"}), 422),
        (json!({"stage_id": first, "colour": "red"}), 422),
        (json!({"stage_id": first, "notes": "x".repeat(2_001)}), 422),
    ] {
        owner.put(&at(d, "/stage"), &body).await.expect(status);
    }
    let refused = owner.put(&at(d, "/stage"), &json!({"stage_id": "first"})).await.expect(422);
    assert_eq!(refused.fields()[0].0, "/stage_id");
}

/// PIPELINE-11: however often cards are dropped at one place, there is room: a column is numbered anew.
#[actix_web::test]
async fn there_is_always_room() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let first = stage(&pipeline(&owner).await, "Prospecting");
    let [a, b, c] = [
        deal(&owner, json!({"name": "A"})).await,
        deal(&owner, json!({"name": "B"})).await,
        deal(&owner, json!({"name": "C"})).await,
    ];
    // Ranks as they are after thousands of moves, and two that a tie made equal.
    let mut conn = crate::support::db::owner().await;
    let rank = format!("0a{}i", "z".repeat(250));
    for (deal, rank) in [(&a, rank.as_str()), (&b, rank.as_str()), (&c, "0b")] {
        let id: Uuid = deal["id"].as_str().unwrap().parse().unwrap();
        let sql = "UPDATE deals SET stage_order = $2 WHERE id = $1";
        sqlx::query(sql).bind(id).bind(rank).execute(&mut conn).await.unwrap();
    }
    let moved = owner
        .put(&at(&c, "/stage"), &json!({"stage_id": first, "after_id": a["id"], "before_id": b["id"]}))
        .await
        .expect(200);
    assert!(moved.json()["stage_order"].as_str().unwrap().len() < 30);
    assert_eq!(cards(&board(&owner, "").await, first).concat(), "ACB");
    assert_eq!(owner.get(&at(&a, "")).await.json()["version"], 1, "a place is nobody's edit");
}

/// DEAL-12: moves at the same time leave every card in one place, and no two in the same.
#[actix_web::test]
async fn moves_at_the_same_time() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let lines = pipeline(&owner).await;
    let target = stage(&lines, "Proposal");
    let anchor = deal(&owner, json!({"name": "Anchor", "stage": "Proposal"})).await;
    let mut made = Vec::new();
    for n in 0..8 {
        made.push(deal(&owner, json!({"name": format!("M{n}")})).await);
    }
    let body = json!({"stage_id": target, "before_id": anchor["id"]});
    let body = &body;
    let owner = &owner;
    let answers =
        futures_util::future::join_all(made.iter().map(async |d| owner.put(&at(d, "/stage"), body).await)).await;
    let mut ranks: Vec<_> =
        answers.into_iter().map(|a| a.expect(200).json()["stage_order"].as_str().unwrap().to_owned()).collect();
    ranks.sort();
    ranks.dedup();
    assert_eq!(ranks.len(), 8);
    assert_eq!(cards(&board(owner, "").await, target).last().unwrap(), "Anchor");
    // The same deal twice, each from the version that both saw: one wins, one is told.
    let tag = owner.get(&at(&anchor, "")).await.etag();
    let to = async |name: &str| {
        let body = json!({"stage": name});
        owner.send(reqwest::Method::PUT, &at(&anchor, "/stage"), Some(&body), Some(&tag)).await.status.as_u16()
    };
    let (one, two) = futures_util::future::join(to("Negotiation"), to("Qualification")).await;
    let mut statuses = [one, two];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    // And won twice at once: one of both.
    let win = async || owner.post(&at(&anchor, "/win"), &json!({})).await.status.as_u16();
    let (one, two) = futures_util::future::join(win(), win()).await;
    let mut statuses = [one, two];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}
