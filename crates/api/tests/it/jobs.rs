//! The door into the job engine.

use crate::support::{TestApp, db, servers};
use api::jobs::{Claim, JobCtx};
use domain::error::ErrorCode;
use secrecy::ExposeSecret;
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

async fn begin(conn: &mut PgConnection, org_id: Uuid, user_id: Uuid) {
    sqlx::query("SELECT app_begin($1, $2)").bind(org_id).bind(user_id).execute(conn).await.unwrap();
}
