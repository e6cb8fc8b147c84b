//! Import of CSV files over HTTP.

mod duplicates;
mod files;
mod mappings;
mod real;
mod rights;
mod undo;
mod updates;
mod workbooks;

use crate::support::{Member, TestApp, eventually};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// The preview of a file of `e2e/data`.
async fn preview_real(member: &Member, entity: &str, name: &str) -> Json {
    member.upload(entity, name, std::fs::read(TestApp::data(name)).unwrap()).await.expect(200).json()
}

/// Starts an import and waits for its end.
pub async fn import(app: &TestApp, member: &Member, preview: &Json) -> Json {
    let body = json!({"file_id": preview["file_id"], "plan": preview["plan"]});
    let started = member.post("/import", &body).await.expect(202);
    finish(app, member, started.id()).await
}

/// Runs the job and reads it. Workers of another test may have taken it, and may stop in the middle of it when that test
/// ends: then it goes on from there, as in the engine's next attempt.
async fn finish(app: &TestApp, member: &Member, id: Uuid) -> Json {
    eventually("the end of the import", async || {
        api::features::import::run::run(&app.state, member.org_id(), Some(member.user_id()), id).await.unwrap();
        ended(member, id).await
    })
    .await
}

/// The import once it has ended.
async fn finished(member: &Member, id: Uuid) -> Json {
    eventually("the end of the import", async || ended(member, id).await).await
}

async fn ended(member: &Member, id: Uuid) -> Option<Json> {
    let job = member.get(&format!("/import/{id}")).await.expect(200).json();
    ["completed", "failed", "cancelled"].contains(&job["status"].as_str().unwrap()).then_some(job)
}

/// Created, updated, skipped and failed rows.
pub fn counts(job: &Json) -> [i64; 4] {
    ["created", "updated", "skipped", "failed"].map(|name| job[name].as_i64().unwrap())
}

/// Uploads, changes the plan, and imports.
pub async fn import_text(app: &TestApp, member: &Member, entity: &str, csv: &str, options: Json) -> Json {
    let mut preview = member.upload(entity, "file.csv", csv).await.expect(200).json();
    for (name, value) in options.as_object().unwrap() {
        preview["plan"]["options"][name] = value.clone();
    }
    import(app, member, &preview).await
}

/// The total of a list.
async fn total(member: &Member, path: &str) -> i64 {
    member.get(path).await.expect(200).json()["pagination"]["total"].as_i64().unwrap()
}
