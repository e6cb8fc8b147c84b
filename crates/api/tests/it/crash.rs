//! Long work while processes are killed in the middle of it: nothing acknowledged is missing, nothing is doubled.

use crate::support::process::{Folder, Process, kill_server};
use crate::support::{Member, eventually, servers};
use api::db::{Db, Reason};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value as Json, json};
use sqlx::{Connection, PgConnection};

const ROWS: i64 = 3_000;

/// Waits until the work at this address has begun and has not ended.
async fn under_way(member: &Member, path: &str) {
    eventually("the work is under way", async || {
        let job = member.get(path).await.expect(200).json();
        assert_ne!(job["status"], "completed", "it was too fast to be killed: {job}");
        (job["processed"].as_i64().unwrap() > 0).then_some(())
    })
    .await;
}

async fn completed(member: &Member, path: &str) -> Json {
    eventually("the work is done", async || {
        let job = member.get(path).await.expect(200).json();
        assert_ne!(job["status"], "failed", "{job}");
        (job["status"] == "completed").then_some(job)
    })
    .await
}

async fn total(member: &Member, path: &str) -> Json {
    member.get(path).await.expect(200).json()["pagination"]["total"].clone()
}

/// IMPORT-10, BULK-01, EXPORT-01, PLATFORM-18: the server is killed in the middle of an import, PostgreSQL in the middle
/// of a bulk change, Redis and the server in the middle of an export. Each goes on after the next start and ends as if
/// nothing had happened.
#[actix_web::test]
async fn killed_in_the_middle() {
    let data = Folder::new();
    let home = data.0.to_str().unwrap();
    let mut server = Process::serve(&data.0, &[]).await;
    let owner = Member::register(&server.url, "Crash", "Olive Owner", "olive@crash.example").await;
    let rows: String = (0..ROWS).map(|n| format!("Company {n:04},Retail\n")).collect();
    let preview = owner.upload("companies", "many.csv", format!("name,industry\n{rows}")).await.expect(200).json();
    let body = json!({"file_id": preview["file_id"], "plan": preview["plan"]});
    let import = format!("/import/{}", owner.post("/import", &body).await.expect(202).id());
    under_way(&owner, &import).await;
    server.kill().await;

    let mut server = Process::serve(&data.0, &[]).await;
    let owner = Member::login(&server.url, &owner.email).await;
    let job = completed(&owner, &import).await;
    assert_eq!((&job["created"], &job["failed"]), (&json!(ROWS), &json!(0)), "{job}");
    assert_eq!(total(&owner, "/companies?limit=1").await, json!(ROWS));

    let body = json!({"action": "update", "query": {}, "fields": {"industry": "Shipping"}});
    let bulk = format!("/bulk/jobs/{}", owner.post("/bulk/companies", &body).await.expect(202).id());
    under_way(&owner, &bulk).await;
    kill_server(&["postgres", "-D", home]);
    server.kill().await;

    let mut server = Process::serve(&data.0, &[]).await;
    let owner = Member::login(&server.url, &owner.email).await;
    let job = completed(&owner, &bulk).await;
    let counts = ["total", "changed", "unchanged", "refused"].map(|name| job[name].as_i64().unwrap());
    assert_eq!(counts, [ROWS, ROWS, 0, 0], "each is changed once: {job}");
    assert_eq!(total(&owner, "/companies?limit=1&industry=Shipping").await, json!(ROWS));
    let versions = owner.get("/companies?limit=200&fields=version").await.expect(200).column("version");
    assert!(versions.iter().all(|version| *version == 2), "{versions:?}");

    let body = json!({"format": "csv", "columns": ["name"], "query": {"sort_by": "name"}});
    let export = owner.post("/exports/companies", &body).await.expect(202).id();
    kill_server(&["redis-server", home]);
    server.kill().await;

    let mut server = Process::serve(&data.0, &[]).await;
    let owner = Member::login(&server.url, &owner.email).await;
    let job = completed(&owner, &format!("/exports/files/{export}")).await;
    assert_eq!(job["processed"], json!(ROWS));
    let file = owner.get(&format!("/exports/files/{export}/content")).await.expect(200).text;
    let expected: Vec<String> = (0..ROWS).map(|n| format!("Company {n:04}")).collect();
    assert_eq!(file.lines().skip(1).collect::<Vec<_>>(), expected);
    server.terminate();
    assert!(server.ended().await.success());
}

/// PLATFORM-19: connections that ended with the database behind them while nobody used them fail no request.
#[actix_web::test]
async fn ended_connections_are_replaced() {
    let name = format!("ended-{}", uuid::Uuid::now_v7());
    let mut url = url::Url::parse(servers().app.expose_secret()).unwrap();
    url.query_pairs_mut().append_pair("application_name", &name);
    let db = Db::connect(&SecretString::from(url.to_string()), &servers().worker, 3).await.unwrap();
    let at_once = [db.system(Reason::SignIn), db.system(Reason::SignIn), db.system(Reason::SignIn)];
    for tx in futures_util::future::try_join_all(at_once).await.unwrap() {
        tx.commit().await.unwrap();
    }
    let mut conn = PgConnection::connect(servers().app.expose_secret()).await.unwrap();
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1";
    let gone: Vec<bool> = sqlx::query_scalar(end).bind(&name).fetch_all(&mut conn).await.unwrap();
    assert_eq!(gone, [true; 3]);
    for _ in 0..4 {
        let tx = db.system(Reason::SignIn).await.unwrap();
        let row = tx.call("SELECT 7", vec![]).await.unwrap().unwrap();
        assert_eq!(row.try_get_by_index::<i32>(0).unwrap(), 7);
    }
}
