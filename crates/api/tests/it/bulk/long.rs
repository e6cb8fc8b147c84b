//! Long work: batch after batch.

use super::{counts, ended, run, undo, working};
use crate::support::{Member, TestApp, db, servers};
use api::features::bulk::WAITING;
use secrecy::ExposeSecret;
use serde_json::{Value as Json, json};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use uuid::Uuid;

/// Companies for two batches, and a third that is not full.
const MANY: i64 = 450;

async fn scene(app: &TestApp) -> Member {
    let owner = app.owner().await;
    let sql = "INSERT INTO companies (org_id, id, name, industry) \
         SELECT $1, gen_random_uuid(), 'Company ' || n, 'Retail' FROM generate_series(1, 450) n";
    assert_eq!(i64::try_from(db::execute(sql, owner.org_id()).await).unwrap(), MANY);
    owner
}

fn shipping() -> Json {
    json!({"action": "update", "query": {}, "fields": {"industry": "Shipping"}})
}

/// BULK-01: each record of several batches is changed once, and given back once.
#[actix_web::test]
async fn of_several_batches() {
    let app = TestApp::spawn().await;
    let owner = scene(&app).await;
    working(&app, async {
        let job = run(&owner, "companies", shipping()).await;
        assert_eq!((&job["status"], counts(&job)), (&json!("completed"), [MANY, MANY, 0, 0]), "{job}");
        let back = undo(&owner, &job).await;
        assert_eq!(counts(&back), [MANY, MANY, 0, 0], "{back}");
    })
    .await;
    let sql = "SELECT count(*) FROM companies WHERE org_id = $1 AND industry = 'Retail' AND version = 3";
    assert_eq!(db::count(sql, owner.org_id()).await, MANY);
}

/// BULK-01, PLATFORM-18: work that was interrupted goes on with what still waits, and leaves alone what is done.
#[actix_web::test]
async fn goes_on_after_an_interruption() {
    let app = TestApp::spawn().await;
    let owner = scene(&app).await;
    let begun = owner.post("/bulk/companies", &shipping()).await.expect(202).id();
    // No worker is there: this is what one would have left behind that has ended after its first batch.
    for sql in [
        "INSERT INTO bulk_items (org_id, job_id, position, entity, record_id, outcome) \
         SELECT $1, j.id, c.n, 'companies', c.id, CASE WHEN c.n > 200 THEN 'waiting' ELSE 'changed' END \
         FROM bulk_jobs j, (SELECT id, row_number() OVER (ORDER BY id) AS n FROM companies WHERE org_id = $1) c \
         WHERE j.org_id = $1",
        "UPDATE bulk_jobs SET status = 'running', started_at = now(), total = 450, processed = 200, changed = 200 \
         WHERE org_id = $1",
    ] {
        db::execute(sql, owner.org_id()).await;
    }
    working(&app, async {
        let job = ended(&owner, begun).await;
        assert_eq!((&job["status"], counts(&job)), (&json!("completed"), [MANY, MANY, 0, 0]), "{job}");
    })
    .await;
    let sql = "SELECT count(*) FROM companies WHERE org_id = $1 AND industry = 'Shipping' AND version = 2";
    assert_eq!(db::count(sql, owner.org_id()).await, MANY - 200);
}

/// How many records that are done a batch looks at that begins after a position.
async fn looked_at(owner: &Member, job: Uuid, after: i64) -> f64 {
    let mut conn = PgConnection::connect(servers().app.expose_secret()).await.unwrap();
    let mut tx = conn.begin().await.unwrap();
    let begin = sqlx::query("SELECT app_begin($1, $2)").bind(owner.org_id()).bind(owner.user_id());
    begin.execute(&mut *tx).await.unwrap();
    let prepare = format!("PREPARE waiting (uuid, uuid, bigint, uuid, uuid, bigint) AS {WAITING}");
    sqlx::raw_sql(AssertSqlSafe(prepare)).execute(&mut *tx).await.unwrap();
    let org = owner.org_id();
    let explain =
        format!("EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE waiting ('{org}', '{job}', {after}, NULL, NULL, 200)");
    let plan: Json = sqlx::query_scalar(AssertSqlSafe(explain)).fetch_one(&mut *tx).await.unwrap();
    let items = scan(&plan[0]["Plan"]).unwrap_or_else(|| panic!("{plan}"));
    assert_eq!(items["Index Name"], "bulk_items_pkey", "{plan}");
    assert!((items["Actual Rows"].as_f64().unwrap() - 200.0).abs() < 0.5, "{plan}");
    items["Rows Removed by Filter"].as_f64().unwrap_or(0.0)
}

/// Where a plan reads the records of the job.
fn scan(node: &Json) -> Option<&Json> {
    if node["Alias"] == "i" {
        return Some(node);
    }
    node["Plans"].as_array()?.iter().find_map(scan)
}

/// BULK-01, PERF-01: a batch looks at its own records, however many are done before it.
#[actix_web::test]
async fn a_batch_looks_at_what_waits() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let job = owner.post("/bulk/companies", &shipping()).await.expect(202).id();
    let sql = "INSERT INTO bulk_items (org_id, job_id, position, entity, record_id, outcome) \
         SELECT $1, j.id, n, 'companies', gen_random_uuid(), CASE WHEN n > 4000 THEN 'waiting' ELSE 'changed' END \
         FROM bulk_jobs j, generate_series(1, 5000) n WHERE j.org_id = $1";
    assert_eq!(db::execute(sql, owner.org_id()).await, 5_000);
    sqlx::query("SELECT refresh_statistics('{bulk_items}')").execute(&mut db::owner().await).await.unwrap();
    let looked_at = [looked_at(&owner, job, 0).await, looked_at(&owner, job, 4_000).await];
    assert!(looked_at.iter().zip([4_000.0, 0.0]).all(|(a, b)| (a - b).abs() < 0.5), "{looked_at:?}");
    owner.post(&format!("/bulk/jobs/{job}/cancel"), &json!({})).await.expect(200);
}
