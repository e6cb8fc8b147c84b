//! How bulk work ends: taken back, written down, refused.

use super::{companies, counts, ended, of, run, undo, working};
use crate::import::import_text;
use crate::support::{TestApp, USER_AGENT, db, eventually};
use serde_json::{Value as Json, json};
use sqlx::Connection;
use uuid::Uuid;

/// BULK-01: work that has failed is taken back as far as it went, once.
#[actix_web::test]
async fn failed_work_is_taken_back() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let ids = companies(&owner, &["A", "B"]).await;
    working(&app, async {
        let job = run(&owner, "companies", json!({"action": "update", "ids": ids, "fields": {"industry": "X"}})).await;
        let fails =
            "UPDATE bulk_jobs SET status = 'failed', failure = 'Something went wrong on our side.' WHERE org_id = $1";
        assert_eq!(db::execute(fails, owner.org_id()).await, 1);
        let path = format!("/bulk/jobs/{}", job["id"].as_str().unwrap());
        let failed = owner.get(&path).await.expect(200).json();
        assert_eq!((&failed["status"], &failed["can_undo"]), (&json!("failed"), &json!(true)));
        let back = undo(&owner, &failed).await;
        assert_eq!((&back["status"], counts(&back)), (&json!("completed"), [2, 2, 0, 0]), "{back}");
        assert_eq!(of(&owner, &ids, "industry").await, ["Retail", "Retail"]);
        owner.post(&format!("{path}/undo"), &json!({})).await.expect(409);
    })
    .await;
}

/// BULK-01, IMPORT-10: of two requests at the same time to take the same work back one does so, and the other is told.
#[actix_web::test]
async fn taken_back_once() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let ids = companies(&owner, &["A"]).await;
    let mut job = Json::Null;
    let update = json!({"action": "update", "ids": ids, "fields": {"industry": "X"}});
    working(&app, async { job = run(&owner, "companies", update).await }).await;
    let import = import_text(&app, &owner, "companies", "name\nB\n", json!({})).await;
    for (lock, path, sentence) in [
        (
            "SELECT 1 FROM bulk_jobs WHERE org_id = $1 FOR UPDATE",
            format!("/bulk/jobs/{}/undo", job["id"].as_str().unwrap()),
            "This work is being taken back already.",
        ),
        (
            "SELECT 1 FROM import_jobs WHERE org_id = $1 FOR UPDATE",
            format!("/import/{}/undo", import["id"].as_str().unwrap()),
            "This import is being undone already.",
        ),
    ] {
        let mut conn = db::owner().await;
        let mut held = conn.begin().await.unwrap();
        sqlx::query(lock).bind(owner.org_id()).execute(&mut *held).await.unwrap();
        let holder: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut *held).await.unwrap();
        let release = async {
            let both = async || (db::waiting_for(holder).await == 2).then_some(());
            eventually("both have read that it can be undone", both).await;
            held.rollback().await.unwrap();
        };
        let empty = json!({});
        let (one, other, ()) = tokio::join!(owner.post(&path, &empty), owner.post(&path, &empty), release);
        let (begun, refused) = if one.status.as_u16() == 202 { (one, other) } else { (other, one) };
        begun.expect(202);
        let problem = refused.expect(409).problem();
        assert_eq!((problem.code.as_str(), problem.detail.as_str()), ("conflict", sentence));
    }
}

/// AUDIT-06, BULK-04: the audit log says of bulk deletions who asked for them and from where, though they end after
/// that request, or by somebody else.
#[actix_web::test]
async fn deletions_tell_where_they_came_from() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let admin = owner.colleague("admin").await;
    let ids = companies(&owner, &["A", "B"]).await;
    let delete =
        async |id: Uuid| owner.post("/bulk/companies", &json!({"action": "delete", "ids": [id]})).await.expect(202);
    let mut asked = Vec::new();
    working(&app, async {
        let begun = delete(ids[0]).await;
        assert_eq!(counts(&ended(&owner, begun.id()).await), [1, 1, 0, 0]);
        asked.push(begun);
    })
    .await;
    let begun = delete(ids[1]).await;
    // No worker is there: this one would have deleted a record when a colleague stops it.
    for sql in [
        "INSERT INTO bulk_items (org_id, job_id, position, entity, record_id, outcome) \
         SELECT org_id, id, 1, entity, gen_random_uuid(), 'changed' FROM bulk_jobs \
         WHERE org_id = $1 AND status = 'queued'",
        "UPDATE bulk_jobs SET status = 'running', started_at = now() WHERE org_id = $1 AND status = 'queued'",
    ] {
        assert_eq!(db::execute(sql, owner.org_id()).await, 1);
    }
    admin.post(&format!("/bulk/jobs/{}/cancel", begun.id()), &json!({})).await.expect(200);
    asked.push(begun);

    let log = owner.get("/audit-log?action=bulk_delete").await.expect(200).json();
    let entries = log["data"].as_array().unwrap();
    assert_eq!(entries.len(), 2, "{log}");
    for (entry, asked) in entries.iter().rev().zip(&asked) {
        assert_eq!((&entry["target_id"], &entry["actor_id"]), (&json!(asked.id()), &json!(owner.user_id())));
        assert_eq!((&entry["ip"], &entry["user_agent"]), (&json!("127.0.0.1"), &json!(USER_AGENT)), "{entry}");
        assert_eq!(entry["request_id"], json!(asked.headers["x-request-id"].to_str().unwrap()));
        assert_eq!(entry["details"], json!({"entity": "companies", "count": 1}));
    }
}

/// AUTH-13, BULK-04: whoever may not delete one record for good deletes none in bulk and none by the undo of an import,
/// also where the right went after the work was asked for.
#[actix_web::test]
async fn without_the_right_to_delete_for_good() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let admin = owner.colleague("admin").await;
    let ids = companies(&owner, &["A"]).await;
    let import = import_text(&app, &owner, "companies", "name\nB\n", json!({})).await;
    let delete = json!({"action": "delete", "ids": ids});
    let begun = admin.post("/bulk/companies", &delete).await.expect(202).id();
    let withhold = "UPDATE org_members SET permission_overrides = '{\"withheld\": [\"crm.record.hard_delete\"]}' \
         WHERE org_id = $1 AND role = 'admin'";
    assert_eq!(db::execute(withhold, owner.org_id()).await, 1);
    let company = format!("/companies/{}", ids[0]);
    admin.delete(&format!("{company}?permanent=true")).await.expect(403);
    admin.post("/bulk/companies", &delete).await.expect(403);
    admin.post(&format!("/import/{}/undo", import["id"].as_str().unwrap()), &json!({})).await.expect(403);
    working(&app, async {
        let job = ended(&owner, begun).await;
        assert_eq!((&job["status"], counts(&job)), (&json!("completed"), [1, 0, 0, 1]), "{job}");
    })
    .await;
    owner.get(&company).await.expect(200);
    admin.delete(&company).await.expect(204);
}
