//! Bulk work: one change to many records, as a job.

mod ends;
mod long;

use crate::support::{Member, TestApp, db, eventually};
use serde_json::{Value as Json, json};
use std::future::Future;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// With workers that do the jobs.
pub async fn working<F: Future<Output = ()>>(app: &TestApp, test: F) {
    let stop = CancellationToken::new();
    let workers = tokio::spawn(api::workers::run(app.state.clone(), stop.clone()));
    test.await;
    stop.cancel();
    workers.await.unwrap();
}

/// The work once it has ended.
pub async fn ended(member: &Member, id: Uuid) -> Json {
    eventually("the bulk work ends", async || {
        let job = member.get(&format!("/bulk/jobs/{id}")).await.expect(200).json();
        (job["status"] != "queued" && job["status"] != "running").then_some(job)
    })
    .await
}

/// Does bulk work and waits for its end.
pub async fn run(member: &Member, entity: &str, body: Json) -> Json {
    let begun = member.post(&format!("/bulk/{entity}"), &body).await.expect(202);
    ended(member, begun.id()).await
}

/// Takes bulk work back and waits for its end.
pub async fn undo(member: &Member, job: &Json) -> Json {
    let path = format!("/bulk/jobs/{}/undo", job["id"].as_str().unwrap());
    let begun = member.post(&path, &json!({})).await.expect(202);
    ended(member, begun.id()).await
}

/// Why records were left alone.
pub async fn reasons(member: &Member, job: &Json) -> Vec<(Json, Json)> {
    let path = format!("/bulk/jobs/{}/results?outcome=refused", job["id"].as_str().unwrap());
    let page = member.get(&path).await.expect(200).json();
    page["data"].as_array().unwrap().iter().map(|line| (line["name"].clone(), line["reason"].clone())).collect()
}

fn counts(job: &Json) -> [i64; 4] {
    ["total", "changed", "unchanged", "refused"].map(|name| job[name].as_i64().unwrap())
}

async fn companies(member: &Member, names: &[&str]) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for name in names {
        ids.push(member.post("/companies", &json!({"name": name, "industry": "Retail"})).await.expect(201).id());
    }
    ids
}

async fn of(member: &Member, ids: &[Uuid], field: &str) -> Vec<Json> {
    let mut all = Vec::new();
    for id in ids {
        all.push(member.get(&format!("/companies/{id}")).await.expect(200).json()[field].clone());
    }
    all
}

/// BULK-01: fields of chosen records are set, each with its event; undo gives each back what it held, but for one that
/// somebody has changed since.
#[actix_web::test]
async fn fields_are_set_and_given_back() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let ids = companies(&owner, &["A", "B", "C"]).await;
    owner.put(&format!("/companies/{}", ids[1]), &json!({"industry": "Energy"})).await.expect(200);
    let already = companies(&owner, &["D"]).await;
    owner.put(&format!("/companies/{}", already[0]), &json!({"industry": "Shipping"})).await.expect(200);
    let all = [ids.clone(), already].concat();
    working(&app, async {
        let job =
            run(&owner, "companies", json!({"action": "update", "ids": all, "fields": {"industry": "Shipping"}})).await;
        assert_eq!((&job["status"], counts(&job)), (&json!("completed"), [4, 3, 1, 0]), "{job}");
        assert_eq!(of(&owner, &ids, "industry").await, ["Shipping", "Shipping", "Shipping"]);
        let change = eventually("the change on the timeline", async || {
            let timeline = owner.get(&format!("/companies/{}/timeline", ids[1])).await.expect(200).json();
            let change = timeline["data"][0]["metadata"]["changes"][0].clone();
            (change["new"] == "Shipping").then_some(change)
        })
        .await;
        assert_eq!((&change["field"], &change["old"]), (&json!("industry"), &json!("Energy")));

        owner.put(&format!("/companies/{}", ids[2]), &json!({"industry": "Farming"})).await.expect(200);
        let back = undo(&owner, &job).await;
        assert_eq!((counts(&back), &back["undoes"]), ([3, 2, 0, 1], &job["id"]));
        assert_eq!(of(&owner, &ids, "industry").await, ["Retail", "Energy", "Farming"]);
        let left = vec![(json!("C"), json!("Changed since, and left as it is: Industry."))];
        assert_eq!(reasons(&owner, &back).await, left);
        let again = format!("/bulk/jobs/{}/undo", job["id"].as_str().unwrap());
        owner.post(&again, &json!({})).await.expect(409);
    })
    .await;
}

/// BULK-01, SEARCH-10: everything that a filter shows, but for what was left out; the records are those at the start.
#[actix_web::test]
async fn everything_a_filter_shows() {
    let app = TestApp::spawn().await;
    let (owner, other) = (app.owner().await, app.owner().await);
    let foreign = companies(&other, &["Aster"]).await;
    let ids = companies(&owner, &["Aster", "Aspen", "Birch"]).await;
    let filter = json!({"field": "name", "op": "starts_with", "value": "A"});
    let query = json!({"action": "add_tags", "tags": ["Tree"], "query": {"filter": filter}, "except": [ids[1]]});
    working(&app, async {
        let job = run(&owner, "companies", query).await;
        assert_eq!(counts(&job), [1, 1, 0, 0]);
        assert_eq!(of(&owner, &ids, "tags").await, [json!(["Tree"]), json!([]), json!([])]);
        assert_eq!(of(&other, &foreign, "tags").await, [json!([])]);
        let twice = run(&owner, "companies", json!({"action": "add_tags", "tags": ["tree", "Tall"], "ids": ids})).await;
        assert_eq!(counts(&twice), [3, 3, 0, 0]);
        let off = run(&owner, "companies", json!({"action": "remove_tags", "tags": ["TREE"], "ids": ids})).await;
        assert_eq!(counts(&off), [3, 3, 0, 0]);
        assert_eq!(of(&owner, &ids, "tags").await, [json!(["Tall"]), json!(["Tall"]), json!(["Tall"])]);
        undo(&owner, &off).await;
        assert_eq!(of(&owner, &ids, "tags").await[0], json!(["Tall", "Tree"]));
    })
    .await;
}

/// BULK-01, BULK-02, BULK-04: archived, restored by undo, deleted for good by administrators only and written down.
#[actix_web::test]
async fn archived_and_deleted() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let manager = owner.colleague("manager").await;
    let ids = companies(&owner, &["A", "B"]).await;
    working(&app, async {
        let job =
            run(&manager, "companies", json!({"action": "update", "ids": ids, "fields": {"industry": "X"}})).await;
        assert_eq!(counts(&job), [2, 2, 0, 0]);
        let archived = run(&owner, "companies", json!({"action": "archive", "ids": ids})).await;
        assert_eq!(counts(&archived), [2, 2, 0, 0]);
        assert_eq!(owner.get("/companies").await.expect(200).json()["pagination"]["total"], json!(0));
        let refused =
            run(&owner, "companies", json!({"action": "update", "ids": ids, "fields": {"industry": "Y"}})).await;
        assert_eq!(counts(&refused), [2, 0, 0, 2]);
        undo(&owner, &archived).await;
        assert_eq!(owner.get("/companies").await.expect(200).json()["pagination"]["total"], json!(2));
        manager.post("/bulk/companies", &json!({"action": "delete", "ids": ids})).await.expect(403);
        let deleted = run(&owner, "companies", json!({"action": "delete", "ids": ids})).await;
        let why = reasons(&owner, &deleted).await;
        assert_eq!((counts(&deleted), &deleted["can_undo"]), ([2, 2, 0, 0], &json!(false)), "{why:?}");
        owner.get(&format!("/companies/{}", ids[0])).await.expect(404);
    })
    .await;
    let sql = "SELECT count(*) FROM audit_log WHERE org_id = $1 AND action = 'bulk_delete' \
         AND metadata #>> '{details,count}' = '2'";
    assert_eq!(db::count(sql, owner.org_id()).await, 1);
}

/// BULK-01: a deal's stage brings its status along, and undo brings both back; one that a rule refuses does not stop the
/// others.
#[actix_web::test]
async fn rules_hold_for_each() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let mut ids = Vec::new();
    for name in ["Crane", "Shelves"] {
        ids.push(owner.post("/deals", &json!({"name": name, "amount_minor": 100})).await.expect(201).id());
    }
    let pipelines = owner.get("/pipelines").await.expect(200).json();
    let won = pipelines["data"][0]["stages"].as_array().unwrap().iter().find(|s| s["is_closed_won"] == true).unwrap();
    let other = owner.post("/pipelines", &json!({"name": "Other"})).await.expect(201);
    let elsewhere = json!({"name": "Elsewhere", "pipeline_id": other.id()});
    ids.push(owner.post("/deals", &elsewhere).await.expect(201).id());
    working(&app, async {
        let body = json!({"action": "update", "ids": ids, "fields": {"stage_id": won["id"]}});
        let job = run(&owner, "deals", body).await;
        assert_eq!(counts(&job), [3, 2, 0, 1], "{job}");
        let deal = owner.get(&format!("/deals/{}", ids[0])).await.expect(200).json();
        assert_eq!(deal["status"], "won");
        undo(&owner, &job).await;
        let deal = owner.get(&format!("/deals/{}", ids[0])).await.expect(200).json();
        assert_eq!((&deal["status"], &deal["stage_name"]), (&json!("open"), &json!("Prospecting")));
    })
    .await;
}

/// BULK-02, BULK-03: members do no bulk work; what cannot be done is refused before anything is begun; too much is 429.
#[actix_web::test]
async fn refusals() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let ids = companies(&owner, &["A"]).await;
    let member = owner.colleague("member").await;
    member.post("/bulk/companies", &json!({"action": "archive", "ids": ids})).await.expect(403);
    owner.post("/bulk/dragons", &json!({"action": "archive", "ids": ids})).await.expect(404);
    for (body, path, code) in [
        (json!({"action": "archive"}), "/ids", "required"),
        (json!({"action": "archive", "ids": []}), "/ids", "required"),
        (json!({"action": "archive", "ids": ids, "query": {}}), "/ids", "required"),
        (json!({"action": "update", "ids": ids}), "/fields", "required"),
        (json!({"action": "update", "ids": ids, "fields": {"name": "Same"}}), "/fields/name", "single"),
        (json!({"action": "update", "ids": ids, "fields": {"website": "no address"}}), "/fields/website", "url"),
        (json!({"action": "add_tags", "ids": ids}), "/tags", "required"),
        (json!({"action": "add_tags", "ids": ids, "tags": ["a,b"]}), "/tags/0", "comma"),
        (json!({"action": "archive", "query": {"filter": {"field": "x"}}}), "/query/filter/field", "unknown_field"),
    ] {
        let fields = owner.post("/bulk/companies", &body).await.expect(422).fields();
        assert!(fields.contains(&(path.to_owned(), code.to_owned())), "{body}: {fields:?}");
    }
    assert_eq!(owner.get("/bulk/jobs").await.expect(200).json()["pagination"]["total"], json!(0));
    let mut last = 0;
    for _ in 0..40 {
        let answer = owner.post("/bulk/companies", &json!({"action": "restore", "ids": ids})).await;
        last = answer.status.as_u16();
        if last == 429 {
            break;
        }
    }
    assert_eq!(last, 429);
}

/// BULK-01, TENANCY-06: a job that waits can be cancelled; other organizations do not see it.
#[actix_web::test]
async fn cancelled_before_it_begins() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let ids = companies(&owner, &["A", "B"]).await;
    // No worker is there: the job waits and is cancelled.
    let begun = owner.post("/bulk/companies", &json!({"action": "archive", "ids": ids})).await.expect(202);
    let path = format!("/bulk/jobs/{}", begun.id());
    assert_eq!(owner.post(&format!("{path}/cancel"), &json!({})).await.expect(200).json()["status"], "cancelled");
    owner.post(&format!("{path}/cancel"), &json!({})).await.expect(409);
    working(&app, async {
        let other = run(&owner, "companies", json!({"action": "add_tags", "tags": ["x"], "ids": ids})).await;
        assert_eq!(counts(&other), [2, 2, 0, 0]);
    })
    .await;
    assert_eq!(owner.get("/companies").await.expect(200).json()["pagination"]["total"], json!(2));
    let stranger = app.owner().await;
    stranger.get(&path).await.expect(404);
    stranger.post(&format!("{path}/undo"), &json!({})).await.expect(404);
}
