//! What is tidied up: events that have served their purpose, files of organizations that are gone.

use crate::support::{Member, TestApp, db, eventually, servers};
use api::state::Clock;
use api::{files, housekeeping};
use futures_util::TryStreamExt;
use object_store::{ObjectStore, ObjectStoreExt};
use secrecy::ExposeSecret;
use sqlx::{Connection, PgConnection};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const EVENTS: &str = "SELECT count(*) FROM domain_events WHERE org_id = $1";

async fn files_of(app: &TestApp, org_id: Uuid) -> usize {
    app.state.files.list(Some(&files::folder(org_id))).try_collect::<Vec<_>>().await.unwrap().len()
}

async fn upload(member: &Member) {
    member.upload("companies", "a.csv", "name\nAcme\n").await.expect(200);
}

/// TENANCY-11: with an organization its files go; what a crash in between leaves, the nightly sweep finds, and it
/// touches nobody else's.
#[actix_web::test]
async fn files_go_with_their_organization() {
    let app = TestApp::spawn().await;
    let (gone, stays) = (app.owner().await, app.owner().await);
    upload(&gone).await;
    upload(&stays).await;
    assert_eq!((files_of(&app, gone.org_id()).await, files_of(&app, stays.org_id()).await), (1, 1));
    gone.delete("/orgs/current").await.expect(204);
    assert_eq!(files_of(&app, gone.org_id()).await, 0);

    let nobody = Uuid::now_v7();
    let left = files::folder(nobody).join("imports").join("left.csv");
    app.state.files.put(&left, "name\n".into()).await.unwrap();
    files::sweep(&app.state, &CancellationToken::new()).await.unwrap();
    assert_eq!((files_of(&app, nobody).await, files_of(&app, stays.org_id()).await), (0, 1));
}

/// EVENT-06: events are kept for the configured time after they were carried; those still to do, and those set aside,
/// stay, and timelines keep what they made of them.
#[actix_web::test]
async fn old_events_go() {
    let now = TestApp::spawn().await;
    // Other tests' events are younger than this: only what this test makes old is touched.
    let aged =
        TestApp::with(|config| config.event_retention = Some(Duration::from_secs(3650 * 24 * 3600)), Clock::system())
            .await;
    let owner = now.owner().await;
    let org = owner.org_id();
    let company = owner.post("/companies", &serde_json::json!({"name": "Acme"})).await.expect(201).id();
    now.carry(&owner).await;
    let (before, stop) = (db::count(EVENTS, org).await, CancellationToken::new());
    assert!(before >= 3);
    // Ten years ago, in their ids as well.
    let old = "INSERT INTO domain_events (org_id, id, type, entity, entity_id, payload, occurred_at, parked_at) \
         SELECT $1, overlay(gen_random_uuid()::text placing '00000000-0001' from 1 for 13)::uuid, \
             CASE WHEN n = 6 THEN 'deal.archived' ELSE 'deal.created' END, 'deal', gen_random_uuid(), \
             jsonb_build_object('n', n), o.at, CASE WHEN n = 7 THEN o.at END \
         FROM generate_series(1, 9) n, (SELECT now() - interval '11 years' AS at) o";
    assert_eq!(db::execute(old, org).await, 9);
    let carried = "DELETE FROM event_queue q USING domain_events e \
         WHERE q.org_id = $1 AND e.org_id = q.org_id AND e.id = q.event_id AND (e.payload ->> 'n')::int < 8";
    assert_eq!(db::execute(carried, org).await, 7);
    let announce = "UPDATE event_queue SET carried = (SELECT payload ->> 'n' = '8' FROM domain_events WHERE id = event_id) \
         WHERE org_id = $1";
    assert_eq!(db::execute(announce, org).await, 2);
    let pruned = housekeeping::prune(&aged.state, &stop).await.unwrap();
    assert!(pruned >= 5, "{pruned}");
    let why = "one set aside, one unpublished, one unprojected, one that a restore needs";
    assert_eq!(db::count(EVENTS, org).await, before + 4, "{why}");
    let timeline = owner.get(&format!("/companies/{company}/timeline")).await.expect(200).json();
    assert_eq!(timeline["data"].as_array().unwrap().len(), 1);
}

/// EVENT-06: a running worker knows the chore, so that it comes by the clock, and may enqueue it.
#[actix_web::test]
async fn housekeeping_is_on_the_worker_s_list() {
    let app = TestApp::spawn().await;
    let stop = CancellationToken::new();
    let workers = tokio::spawn(api::workers::run(app.state.clone(), stop.clone()));
    eventually("the engine knows the chore", || async {
        let sql = "SELECT count(*) FROM graphile_worker._private_known_crontabs WHERE identifier = 'housekeeping'";
        let known: i64 = sqlx::query_scalar(sql).fetch_one(&mut db::owner().await).await.unwrap();
        (known == 1).then_some(())
    })
    .await;
    let enqueue = "SELECT graphile_worker.add_job('housekeeping', job_key => 'housekeeping')";
    let mut worker = PgConnection::connect(servers().worker.expose_secret()).await.unwrap();
    sqlx::query(enqueue).execute(&mut worker).await.unwrap();
    eventually("the chore is done", || async {
        let sql = "SELECT count(*) FROM graphile_worker.jobs WHERE task_identifier = 'housekeeping'";
        let waiting: i64 = sqlx::query_scalar(sql).fetch_one(&mut db::owner().await).await.unwrap();
        (waiting == 0).then_some(())
    })
    .await;
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(10), workers).await.unwrap().unwrap();
}
