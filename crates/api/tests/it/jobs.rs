//! The door into the job engine.

use crate::bulk::{ended, working};
use crate::support::{Member, TestApp, db, eventually, servers};
use api::db::statement;
use api::features::bulk::BulkRun;
use api::features::dedupe::DedupeScan;
use api::features::fields::FieldDocuments;
use api::jobs::{Claim, JobCtx, Options, enqueue};
use domain::catalog::RecordType;
use domain::error::ErrorCode;
use sea_orm::ConnectionTrait;
use secrecy::ExposeSecret;
use serde_json::json;
use sqlx::{Connection, PgConnection};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// TENANCY-09, TENANCY-12: the engine's tables are open to the worker role alone; others enqueue through the function.
#[actix_web::test]
async fn only_workers_reach_the_engine() {
    let app_rights = "SELECT count(*) FROM information_schema.role_table_grants \
         WHERE table_schema = 'graphile_worker' AND grantee NOT IN ('rapport_owner', 'rapport_worker') AND $1 IS NOT NULL";
    assert_eq!(db::count(app_rights, Uuid::nil()).await, 0);
    let policies = "SELECT count(*) FROM pg_policies WHERE schemaname = 'graphile_worker' \
         AND NOT (policyname = 'job_engine' AND roles = '{rapport_worker}') AND $1 IS NOT NULL";
    assert_eq!(db::count(policies, Uuid::nil()).await, 0);
    let bare = "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname = 'graphile_worker' AND c.relkind = 'r' AND c.relname LIKE '\\_private%' \
         AND NOT c.relrowsecurity AND $1 IS NOT NULL";
    assert_eq!(db::count(bare, Uuid::nil()).await, 0);
    let mut app = PgConnection::connect(servers().app.expose_secret()).await.unwrap();
    let direct = sqlx::query("SELECT graphile_worker.add_job('import')").execute(&mut app).await.unwrap_err();
    assert!(direct.to_string().contains("permission denied"), "{direct}");
}

/// TENANCY-05: a job belongs to the organization and the member of its transaction, whatever its payload says;
/// unknown tasks and transactions without an organization are refused.
#[actix_web::test]
async fn jobs_belong_to_their_transaction() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let mut conn = PgConnection::connect(servers().app.expose_secret()).await.unwrap();
    let outside = sqlx::query("SELECT app_enqueue('import', '{}')").execute(&mut conn).await.unwrap_err();
    assert!(outside.to_string().contains("A job needs an organization"), "{outside}");

    for (sql, complaint) in [
        ("SELECT app_enqueue('format_disk', '{}')", "There is no task format_disk"),
        ("SELECT app_enqueue('import', '[]')", "is an object"),
    ] {
        let mut tx = conn.begin().await.unwrap();
        begin(&mut tx, owner.org_id(), owner.user_id()).await;
        let refused = sqlx::query(sql).execute(&mut *tx).await.unwrap_err();
        assert!(refused.to_string().contains(complaint), "{refused}");
    }

    let mut tx = conn.begin().await.unwrap();
    begin(&mut tx, owner.org_id(), owner.user_id()).await;
    let forged = "SELECT app_enqueue('import', jsonb_build_object('org_id', gen_random_uuid(), 'actor', gen_random_uuid()), \
         p_run_at => now() + interval '1 day')";
    let id: i64 = sqlx::query_scalar(forged).fetch_one(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let mut look = db::owner().await;
    let payload: serde_json::Value =
        sqlx::query_scalar("SELECT payload FROM graphile_worker._private_jobs WHERE id = $1")
            .bind(id)
            .fetch_one(&mut look)
            .await
            .unwrap();
    assert_eq!(payload["org_id"], serde_json::json!(owner.org_id()));
    assert_eq!(payload["actor"], serde_json::json!(owner.user_id()));
    sqlx::query("DELETE FROM graphile_worker._private_jobs WHERE id = $1").bind(id).execute(&mut look).await.unwrap();
}

/// A job is enqueued with the change that asks for it, or not at all.
#[actix_web::test]
async fn a_rolled_back_change_leaves_no_job() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let jobs = "SELECT count(*) FROM graphile_worker._private_jobs WHERE payload ->> 'org_id' = $1::text";
    let mut conn = PgConnection::connect(servers().app.expose_secret()).await.unwrap();
    let mut tx = conn.begin().await.unwrap();
    begin(&mut tx, owner.org_id(), owner.user_id()).await;
    sqlx::query("SELECT app_enqueue('import', '{}')").execute(&mut *tx).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(db::count(jobs, owner.org_id()).await, 0);
}

/// A worker that was paused and has lost its job can neither commit nor report it done; while it works, nobody takes
/// the job away.
#[actix_web::test]
async fn a_lost_claim_is_fenced_off() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let mut conn = PgConnection::connect(servers().app.expose_secret()).await.unwrap();
    let mut tx = conn.begin().await.unwrap();
    begin(&mut tx, owner.org_id(), owner.user_id()).await;
    let later = "SELECT app_enqueue('import', '{}', p_run_at => now() + interval '1 day')";
    let job_id: i64 = sqlx::query_scalar(later).fetch_one(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let mut other = db::owner().await;
    sqlx::query("SET lock_timeout = '200ms'").execute(&mut other).await.unwrap();
    let give = "UPDATE graphile_worker._private_jobs SET locked_by = $2, locked_at = now() WHERE id = $1";
    sqlx::query(give).bind(job_id).bind("first").execute(&mut other).await.unwrap();

    let claim = Claim { job_id, worker_id: "first".to_owned(), attempt: 1, max_attempts: 2 };
    let (org_id, actor, stop) = (owner.org_id(), Some(owner.user_id()), CancellationToken::new());
    let ctx = JobCtx { state: app.state.clone(), org_id, actor, stop, claim };
    let working = ctx.begin().await.unwrap();
    let refused = sqlx::query(give).bind(job_id).bind("second").execute(&mut other).await.unwrap_err();
    assert!(refused.to_string().contains("lock timeout"), "{refused}");
    working.commit().await.unwrap();
    ctx.fence().await.unwrap();
    sqlx::query(give).bind(job_id).bind("second").execute(&mut other).await.unwrap();
    assert_eq!(*ctx.fence().await.unwrap_err().code(), ErrorCode::Conflict);
    assert_eq!(*ctx.begin().await.unwrap_err().code(), ErrorCode::Conflict);
    sqlx::query("DELETE FROM graphile_worker._private_jobs WHERE id = $1")
        .bind(job_id)
        .execute(&mut other)
        .await
        .unwrap();
}

/// Has the industry of all companies changed.
async fn bulk(member: &Member, industry: &str) -> Uuid {
    let body = json!({"action": "update", "query": {}, "fields": {"industry": industry}});
    member.post("/bulk/companies", &body).await.expect(202).id()
}

/// PLATFORM-18, TENANCY-09: while an organization has four long jobs of a kind, one of them runs, and those of others do not
/// wait. When all are done, nothing of them is left that the engine would have to look through.
#[actix_web::test]
async fn no_organization_keeps_others_waiting() {
    let app = TestApp::spawn().await;
    let (busy, other) = (app.owner().await, app.owner().await);
    let org = busy.org_id();
    for owner in [&busy, &other] {
        owner.post("/companies", &json!({"name": "Acme"})).await.expect(201);
    }
    let mut holder = db::owner().await;
    let mut held = holder.begin().await.unwrap();
    let hold = "SELECT 1 FROM companies WHERE org_id = $1 FOR UPDATE";
    sqlx::query(hold).bind(org).execute(&mut *held).await.unwrap();
    let mut long = Vec::new();
    for industry in ["Retail", "Shipping", "Medical", "Energy"] {
        long.push(bulk(&busy, industry).await);
    }
    let running = "SELECT count(*) FROM graphile_worker._private_jobs \
         WHERE payload ->> 'org_id' = $1::text AND locked_at IS NOT NULL";
    let waiting = "SELECT count(*) FROM graphile_worker._private_jobs \
         WHERE payload ->> 'org_id' = $1::text AND locked_at IS NULL";
    let queues = "SELECT count(*) FROM graphile_worker._private_job_queues \
         WHERE starts_with(queue_name, 'org:' || $1::text)";
    working(&app, async {
        eventually("the first long one runs", async || (db::count(running, org).await > 0).then_some(())).await;
        let short = bulk(&other, "Retail").await;
        assert_eq!(ended(&other, short).await["status"], "completed");
        assert_eq!((db::count(running, org).await, db::count(waiting, org).await), (1, 3));
        held.rollback().await.unwrap();
        for id in long {
            assert_eq!(ended(&busy, id).await["status"], "completed");
        }
        for org in [org, other.org_id()] {
            eventually("no queue is left", async || (db::count(queues, org).await == 0).then_some(())).await;
        }
    })
    .await;
}

/// PLATFORM-18: what people wait for comes before what happens in the background, and waits for its own kind only.
#[actix_web::test]
async fn jobs_wait_for_their_like() {
    let app = TestApp::spawn().await;
    let org = app.owner().await.org_id();
    // Never committed: the workers of other tests would take the jobs.
    let tx = app.state.db.worker_tenant(org, None).await.unwrap().unwrap();
    let work = BulkRun { bulk_id: Uuid::nil() };
    enqueue(&tx, &work, Options::default()).await.unwrap();
    let search = Options { background: true, ..Options::default() };
    enqueue(&tx, &DedupeScan { record: RecordType::Company }, search.clone()).await.unwrap();
    enqueue(&tx, &FieldDocuments { field_id: Uuid::nil() }, search).await.unwrap();
    let sql = "SELECT q.queue_name, j.priority::int FROM graphile_worker._private_jobs j \
         JOIN graphile_worker._private_job_queues q ON q.id = j.job_queue_id \
         WHERE j.payload ->> 'org_id' = $1::text ORDER BY j.priority, j.id";
    let rows = tx.conn().query_all_raw(statement(sql, [org.into()])).await.unwrap();
    let found: Vec<(String, i32)> =
        rows.iter().map(|row| (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap())).collect();
    assert_eq!(found, [(format!("org:{org}:bulk"), 0), (format!("org:{org}"), 10), (format!("org:{org}"), 10)]);
}

async fn begin(conn: &mut PgConnection, org_id: Uuid, user_id: Uuid) {
    sqlx::query("SELECT app_begin($1, $2)").bind(org_id).bind(user_id).execute(conn).await.unwrap();
}
