//! EVENT area: the outbox and its relay.

use crate::support::{TestApp, db, eventually, servers};
use api::events::relay;
use secrecy::ExposeSecret;
use serde_json::{Value as Json, json};
use sqlx::{Connection, PgConnection, Row};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const ACTIVITIES: &str = "SELECT count(*) FROM activities WHERE org_id = $1";
const DOCUMENTS: &str = "SELECT count(*) FROM search_documents WHERE org_id = $1";

/// EVENT-01, EVENT-02, EVENT-03: the change and its event are written together, with who, where and from what to what;
/// a refused change leaves no event.
#[actix_web::test]
async fn events_are_written_with_the_change() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let created = owner.post("/companies", &json!({"name": "Acme", "industry": "Retail"})).await.expect(201);
    owner.put(&format!("/companies/{}", created.id()), &json!({"industry": "Medical"})).await.expect(200);
    owner.put(&format!("/companies/{}", created.id()), &json!({"name": ""})).await.expect(422);
    let rows = sqlx::query(
        "SELECT type, entity_id, payload, actor_id, request_id, occurred_at <= now() FROM domain_events \
         WHERE org_id = $1 AND entity = 'company' ORDER BY id",
    )
    .bind(owner.org_id())
    .fetch_all(&mut db::owner().await)
    .await
    .unwrap();
    let types: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(types, ["company.created", "company.updated"]);
    let payload: Json = rows[1].get(2);
    assert_eq!(payload["changes"], json!([{"field": "industry", "old": "Retail", "new": "Medical"}]));
    assert_eq!((&payload["title"], &payload["version"]), (&json!("Acme"), &json!(2)));
    assert_eq!(payload["ip"], "127.0.0.1");
    assert_eq!(rows[1].get::<uuid::Uuid, _>(1), created.id());
    assert_eq!(rows[1].get::<uuid::Uuid, _>(3), owner.user_id());
    assert!(!rows[1].get::<String, _>(4).is_empty());
}

/// EVENT-04, EVENT-06: handing events over again, at whatever point the process stopped, changes nothing.
#[actix_web::test]
async fn redelivery_changes_nothing() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let company = owner.post("/companies", &json!({"name": "Acme"})).await.expect(201).id();
    let contact = json!({"first_name": "Ada", "company_id": company, "tags": ["VIP"]});
    owner.post("/contacts", &contact).await.expect(201);
    app.carry(&owner).await;
    let org = owner.org_id();
    let state = || async {
        (
            db::count(ACTIVITIES, org).await,
            db::count(DOCUMENTS, org).await,
            app.state.live.channel.position(org).await.unwrap(),
        )
    };
    let before = state().await;
    assert!(before.0 >= 4 && before.1 == 2, "{before:?}");
    for stopped_at in [
        // After the announcement, before they left the queue.
        "INSERT INTO event_queue (org_id, event_id, carried) SELECT org_id, id, true FROM domain_events WHERE org_id = $1",
        // Everything once more.
        "INSERT INTO event_queue (org_id, event_id) SELECT org_id, id FROM domain_events WHERE org_id = $1",
    ] {
        assert!(db::execute(stopped_at, org).await > 0);
        app.carry(&owner).await;
        assert_eq!(state().await, before, "{stopped_at}");
    }
}

/// EVENT-06: an event that cannot be digested holds up nobody; it is tried again, then set aside and reported.
#[actix_web::test]
async fn a_poison_event_is_set_aside() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let org = owner.org_id();
    let poison = "INSERT INTO domain_events (org_id, id, type, entity, entity_id, payload) \
         VALUES ($1, gen_random_uuid(), 'deal.moved', 'deal', gen_random_uuid(), '{\"title\": 5, \"version\": \"x\"}')";
    db::execute(poison, org).await;
    owner.post("/companies", &json!({"name": "After the poison"})).await.expect(201);
    let waiting = "SELECT count(*) FROM domain_events e JOIN event_queue q ON q.event_id = e.id \
         WHERE e.org_id = $1 AND e.attempts > 0 AND e.parked_at IS NULL AND q.retry_at IS NOT NULL";
    eventually("the others are projected", || async {
        relay::carry(&app.state, org).await.unwrap();
        (db::count(db::PENDING, org).await == 1 && db::count(waiting, org).await == 1).then_some(())
    })
    .await;
    assert_eq!(db::count(DOCUMENTS, org).await, 1);
    db::execute("UPDATE domain_events SET attempts = 7 WHERE org_id = $1 AND attempts > 0", org).await;
    db::execute("UPDATE event_queue SET retry_at = NULL WHERE org_id = $1", org).await;
    app.carry(&owner).await;
    let parked = "SELECT count(*) FROM domain_events WHERE org_id = $1 AND parked_at IS NOT NULL AND last_error <> ''";
    assert_eq!(db::count(parked, org).await, 1);
}

/// EVENT-06, and several nodes: two relays on the same events make each entry once.
#[actix_web::test]
async fn two_relays_share_the_work() {
    let (one, two) = (TestApp::spawn().await, TestApp::spawn().await);
    let owner = one.owner().await;
    let org = owner.org_id();
    one.carry(&owner).await;
    let before = db::count(ACTIVITIES, org).await;
    let many = "INSERT INTO domain_events (org_id, id, type, entity, entity_id, payload) \
         SELECT $1, gen_random_uuid(), 'deal.created', 'deal', gen_random_uuid(), '{\"title\": \"D\"}' \
         FROM generate_series(1, 1200)";
    db::execute(many, org).await;
    let stop = CancellationToken::new();
    let (a, b) = futures_util::join!(relay::drain(&one.state, &stop), relay::drain(&two.state, &stop));
    a.unwrap();
    b.unwrap();
    one.carry(&owner).await;
    assert_eq!(db::count(ACTIVITIES, org).await, before + 1200);
}

/// EVENT-04, EVENT-06: where the database gives up on a batch, its organization gets smaller ones, the others go on, and
/// the event that is at fault waits alone: it is not set aside, and carried when it can be.
#[actix_web::test]
async fn a_slow_event_holds_up_nobody() {
    let app = TestApp::spawn().await;
    let (owner, other) = (app.owner().await, app.owner().await);
    let [stuck, free] = ["Stuck", "Free"].map(|name| json!({"name": name}));
    let stuck = owner.post("/companies", &stuck).await.expect(201).id();
    app.carry(&owner).await;
    // Whoever writes this document is sent away each time, as one who takes too long would be.
    let mut holder = db::owner().await;
    let mut held = holder.begin().await.unwrap();
    let lock = "SELECT pg_backend_pid() FROM search_documents WHERE org_id = $1 AND entity_id = $2 FOR UPDATE";
    let lock = sqlx::query_scalar(lock).bind(owner.org_id()).bind(stuck);
    let pid: i32 = lock.fetch_one(&mut *held).await.unwrap();
    let done = CancellationToken::new();
    let until = done.clone();
    let impatience = tokio::spawn(async move {
        let mut worker = PgConnection::connect(servers().worker.expose_secret()).await.unwrap();
        let cancel = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE usename = current_user \
             AND $1 = ANY(pg_blocking_pids(pid))";
        while !until.is_cancelled() {
            sqlx::query(cancel).bind(pid).execute(&mut worker).await.unwrap();
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    owner.put(&format!("/companies/{stuck}"), &json!({"name": "Stuck no more"})).await.expect(200);
    owner.post("/companies", &free).await.expect(201);
    other.post("/companies", &free).await.expect(201);
    let (org, stop) = (owner.org_id(), CancellationToken::new());
    let waiting = "SELECT count(*) FROM domain_events e JOIN event_queue q ON q.event_id = e.id \
         WHERE e.org_id = $1 AND e.attempts > 0 AND e.parked_at IS NULL AND q.retry_at IS NOT NULL AND NOT q.carried";
    // Other tests' workers may be at it as well.
    let drained = async || {
        eventually("all but one are carried", async || {
            relay::drain(&app.state, &stop).await.unwrap();
            let pending = (db::count(db::PENDING, org).await, db::count(db::PENDING, other.org_id()).await);
            (pending == (1, 0) && db::count(waiting, org).await == 1).then_some(())
        })
        .await;
    };
    drained().await;
    assert_eq!((db::count(DOCUMENTS, org).await, db::count(DOCUMENTS, other.org_id()).await), (2, 1));
    // However often it has failed for that, it is not set aside.
    db::execute("UPDATE domain_events SET attempts = 20 WHERE org_id = $1 AND attempts > 0", org).await;
    db::execute("UPDATE event_queue SET retry_at = NULL WHERE org_id = $1", org).await;
    drained().await;
    held.rollback().await.unwrap();
    done.cancel();
    impatience.await.unwrap();
    db::execute("UPDATE event_queue SET retry_at = NULL WHERE org_id = $1", org).await;
    app.carry(&owner).await;
    let found = "SELECT count(*) FROM search_documents WHERE org_id = $1 AND title = 'Stuck no more'";
    assert_eq!(db::count(found, org).await, 1);
}

/// EVENT-04: a running worker hears of new events by itself, and stops when told to.
#[actix_web::test]
async fn workers_wake_up_and_stop() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let stop = CancellationToken::new();
    let workers = tokio::spawn(api::workers::run(app.state.clone(), stop.clone()));
    let company = owner.post("/companies", &json!({"name": "Awake"})).await.expect(201).id();
    eventually("the worker has carried everything", || async {
        let timeline = owner.get(&format!("/companies/{company}/timeline")).await.expect(200).json();
        timeline["data"].as_array().is_some_and(|entries| entries.len() == 1).then_some(())
    })
    .await;
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(10), workers).await.unwrap().unwrap();
}
