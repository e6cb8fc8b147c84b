//! Who may import, who sees what, and how a job ends early.

use super::{counts, finish, finished, import_text, total};
use crate::support::{TestApp, eventually};
use serde_json::json;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// IMPORT-01, AUTH-10, AUTH-12, TENANCY-05: managers import, members and viewers do not; another organization finds
/// nothing of it.
#[actix_web::test]
async fn rights() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let stranger = app.owner().await;
    let manager = owner.colleague("manager").await;
    let csv = "name,owner\nAcme,Somebody New\n";
    for role in ["member", "viewer"] {
        let refused = owner.colleague(role).await;
        refused.upload("companies", "a.csv", csv).await.expect(403);
        refused.get("/import").await.expect(403);
    }
    let preview = manager.upload("companies", "a.csv", csv).await.expect(200).json();
    let again = json!({"file_id": preview["file_id"]});
    stranger.post("/import/preview", &again).await.expect(404);
    let mut body = json!({"file_id": preview["file_id"], "plan": preview["plan"]});
    stranger.post("/import", &body).await.expect(404);
    let email = format!("new-{}@example.com", owner.org_id());
    body["plan"]["options"]["matches"] =
        json!([{"field": "owner_id", "text": "Somebody New", "to": "invite", "email": email}]);
    let refused = manager.post("/import", &body).await.expect(403);
    assert_eq!(refused.fields()[0].0, "/plan/options/matches/0/email");
    let started = owner.post("/import", &body).await.expect(202);
    let id = started.id();
    for path in [format!("/import/{id}"), format!("/import/{id}/errors")] {
        stranger.get(&path).await.expect(404);
        manager.get(&path).await.expect(200);
    }
    stranger.post(&format!("/import/{id}/cancel"), &json!({})).await.expect(404);
    assert_eq!(total(&stranger, "/import").await, 0);
    assert_eq!(total(&manager, "/import").await, 1);
    let job = finish(&app, &owner, id).await;
    assert_eq!(counts(&job), [1, 0, 0, 0]);
    let company = owner.get("/companies").await.expect(200).json()["data"][0].clone();
    assert!(company["owner_id"].is_string());
    assert_eq!(owner.get("/invitations").await.expect(200).json()["data"][0]["email"], email.as_str());
}

/// IMPORT-07: a cancelled import imports nothing more and cannot be cancelled again.
#[actix_web::test]
async fn cancelling() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let preview = owner.upload("companies", "a.csv", "name\nAcme\nBeta\n").await.expect(200).json();
    let body = json!({"file_id": preview["file_id"], "plan": preview["plan"]});
    let id = owner.post("/import", &body).await.expect(202).id();
    let cancelled = owner.post(&format!("/import/{id}/cancel"), &json!({})).await.expect(200).json();
    assert_eq!(cancelled["status"], "cancelled");
    let job = finish(&app, &owner, id).await;
    assert_eq!((job["status"].as_str(), counts(&job)), (Some("cancelled"), [0, 0, 0, 0]));
    assert_eq!(total(&owner, "/companies").await, 0);
    owner.post(&format!("/import/{id}/cancel"), &json!({})).await.expect(409);
}

/// IMPORT-10: two workers with the same job (one was taken for dead) make every record once.
#[actix_web::test]
async fn two_workers_make_no_doubles() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let mut csv = "name,tags\n".to_owned();
    for number in 0..1_700 {
        csv.push_str(&format!("Company {number},t{}\n", number % 7));
    }
    let preview = owner.upload("companies", "a.csv", csv).await.expect(200).json();
    let body = json!({"file_id": preview["file_id"], "plan": preview["plan"]});
    let id = owner.post("/import", &body).await.expect(202).id();
    let run = || api::features::import::run::run(&app.state, owner.org_id(), Some(owner.user_id()), id);
    let (one, two) = futures_util::join!(run(), run());
    assert!(one.is_ok() || two.is_ok());
    let job = finish(&app, &owner, id).await;
    assert_eq!((job["status"].as_str(), counts(&job)), (Some("completed"), [1_700, 0, 0, 0]));
    assert_eq!(total(&owner, "/companies").await, 1_700);
    assert_eq!(total(&owner, "/companies?tags=t3").await, 243);
}

/// IMPORT-10: a worker that dies in the middle of a batch, again and again, leaves nothing half done and nothing double.
#[actix_web::test]
async fn a_crash_makes_no_doubles() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let rows = (0..1_600).map(|n| format!("Deal {n},D{n},Company {},Widget\n", n % 40));
    let csv: String = std::iter::once("name,deal_number,account,product\n".to_owned()).chain(rows).collect();
    let preview = owner.upload("deals", "a.csv", csv).await.expect(200).json();
    let body = json!({"file_id": preview["file_id"], "plan": preview["plan"]});
    let id = owner.post("/import", &body).await.expect(202).id();
    for millis in [5, 40, 90, 160, 250, 360] {
        let run = api::features::import::run::run(&app.state, owner.org_id(), Some(owner.user_id()), id);
        // Dropped where it stands.
        let _ended = tokio::time::timeout(Duration::from_millis(millis), run).await;
    }
    let job = finish(&app, &owner, id).await;
    assert_eq!((job["status"].as_str(), counts(&job)), (Some("completed"), [1_600, 0, 0, 0]));
    assert_eq!(job["summary"]["companies_created"], 40);
    assert_eq!((total(&owner, "/deals").await, total(&owner, "/companies").await), (1_600, 40));
}

/// IMPORT-10: a rule that only the database knows refuses its row, not the batch.
#[actix_web::test]
async fn rules_of_the_database_refuse_single_rows() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let job = import_text(
        &app,
        &owner,
        "companies",
        "name,slug\nAcme,acme\nBeta,acme\nGamma,gamma\nDelta,Not A Slug!\n",
        json!({}),
    )
    .await;
    assert_eq!(counts(&job), [2, 0, 0, 2], "{job}");
    let errors = owner.get(&format!("/import/{}/errors", job["id"].as_str().unwrap())).await.expect(200).text;
    assert!(errors.contains("Beta,acme,2,slug,Another company already has this slug."), "{errors}");
    assert!(errors.contains("A slug has only letters, digits and hyphens."), "{errors}");
}

/// IMPORT-07, PLATFORM-18, SEARCH-01: the job engine runs what was started, and tells the end to the organization.
#[actix_web::test]
async fn through_the_job_engine() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let preview = owner.upload("companies", "a.csv", "name\nAcme\nBeta\n").await.expect(200).json();
    let body = json!({"file_id": preview["file_id"], "plan": preview["plan"]});
    let started = owner.post("/import", &body).await.expect(202);
    assert_eq!((&started.json()["status"], &started.json()["total"]), (&json!("queued"), &json!(2)));
    let stop = CancellationToken::new();
    let workers = tokio::spawn(api::workers::run(app.state.clone(), stop.clone()));
    let job = finished(&owner, started.id()).await;
    assert_eq!((job["status"].as_str(), counts(&job)), (Some("completed"), [2, 0, 0, 0]));
    let activity = eventually("the end of the import in the activity log", async || {
        let log = owner.get("/activities?entity_type=import").await.expect(200).json();
        log["data"].as_array().unwrap().first().cloned()
    })
    .await;
    assert_eq!((&activity["entity_id"], &activity["user_id"]), (&job["id"], &json!(owner.user_id())));
    // SEARCH-01: what was imported is found, by the search box of the list too.
    let found = eventually("the company in the search of the list", async || {
        let list = owner.get("/companies?search=acm").await.expect(200).json();
        list["data"].as_array().unwrap().first().cloned()
    })
    .await;
    assert_eq!(found["name"], "Acme");
    stop.cancel();
    workers.await.unwrap();
}

/// IMPORT-07: an import whose file is gone ends as failed, and says so.
#[actix_web::test]
async fn a_lost_file_fails_the_import() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let preview = owner.upload("companies", "a.csv", "name\nAcme\n").await.expect(200).json();
    let body = json!({"file_id": preview["file_id"], "plan": preview["plan"]});
    let id = owner.post("/import", &body).await.expect(202).id();
    let key = object_store::path::Path::from(format!("org/{}/imports/{id}.csv", owner.org_id()));
    object_store::ObjectStoreExt::delete(&app.state.files, &key).await.unwrap();
    let job = finish(&app, &owner, id).await;
    assert_eq!((job["status"].as_str(), counts(&job)), (Some("failed"), [0, 0, 0, 0]));
    assert!(job["summary"]["failure"].as_str().unwrap().starts_with("Something went wrong"));
    assert!(job["finished_at"].is_string());
    owner.post(&format!("/import/{id}/cancel"), &json!({})).await.expect(409);
}
