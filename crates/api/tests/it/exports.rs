//! Exports of lists.

use crate::bulk::working;
use crate::support::{Member, TestApp, db, eventually};
use calamine::{Data, Reader, Xlsx};
use serde_json::{Value as Json, json};
use std::io::Cursor;
use uuid::Uuid;

/// Waits for the end of an export.
pub async fn ended(member: &Member, id: Uuid) -> Json {
    eventually("the export ends", async || {
        let job = member.get(&format!("/exports/files/{id}")).await.expect(200).json();
        (job["status"] != "queued" && job["status"] != "running").then_some(job)
    })
    .await
}

/// Runs an export and returns it with the bytes of its file.
pub async fn export(app: &TestApp, member: &Member, entity: &str, body: Json) -> (Json, Vec<u8>) {
    let id = member.post(&format!("/exports/{entity}"), &body).await.expect(202).id();
    let mut job = Json::Null;
    working(app, async { job = ended(member, id).await }).await;
    assert_eq!(job["status"], "completed", "{job}");
    let answer = member.client.get(format!("{}/api/v1/exports/files/{id}/content", member.url)).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let named = answer.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert!(named.contains(job["file_name"].as_str().unwrap()), "{named}");
    let bytes = answer.bytes().await.unwrap().to_vec();
    assert_eq!(job["size"], json!(bytes.len()));
    (job, bytes)
}

/// The lines of a CSV file, each as its cells.
pub fn lines(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = std::str::from_utf8(bytes).unwrap().strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// EXPORT-01, EXPORT-02, SECURITY-11: the records that filter and search show, in the list's order, with the chosen
/// columns; names instead of ids, amounts with a point, formulas neutralised.
#[actix_web::test]
async fn what_the_list_shows() {
    let app = TestApp::spawn().await;
    let (owner, stranger) = (app.owner().await, app.owner().await);
    stranger.post("/deals", &json!({"name": "Foreign", "amount_minor": 9_900})).await.expect(201);
    let company = owner.post("/companies", &json!({"name": "=cmd()"})).await.expect(201).id();
    let deal = json!({"name": "Crane", "amount_minor": 125_050, "company_id": company, "tags": ["b", "a"],
        "products": [{"name": "Bolt", "quantity": 2.5, "price_minor": 3}], "stage": "Proposal"});
    let deal = owner.post("/deals", &deal).await.expect(201);
    for (name, amount) in [("Yen", 1_250), ("Small", 100), ("Large", 1_000_000)] {
        let currency = if name == "Yen" { "JPY" } else { "EUR" };
        owner.post("/deals", &json!({"name": name, "amount_minor": amount, "currency": currency})).await.expect(201);
    }
    let filter = json!({"field": "amount_minor", "op": "gte", "value": 1_000});
    let columns = ["name", "company_id", "amount_minor", "currency", "stage_id", "tags", "products", "owner_id", "id"];
    let query = json!({"filter": filter, "sort_by": "-amount_minor"});
    let (job, bytes) =
        export(&app, &owner, "deals", json!({"format": "csv", "columns": columns, "query": query})).await;
    assert_eq!((&job["total"], &job["processed"]), (&json!(3), &json!(3)));
    let mine = owner.me["user"]["name"].as_str().unwrap();
    let id = deal.id().to_string();
    let got = lines(&bytes);
    let header = ["Name", "Company", "Amount", "Currency", "Stage", "Tags", "Products", "Owner", "ID"];
    assert_eq!(got[0], header);
    assert_eq!(got[2], ["Crane", "'=cmd()", "1250.50", "USD", "Proposal", "a, b", "2.5 × Bolt", mine, &id]);
    let names: Vec<&str> = got.iter().skip(1).map(|line| line[0].as_str()).collect();
    assert_eq!((names, got[3][2].as_str()), (vec!["Large", "Crane", "Yen"], "1250"));

    let (job, bytes) = export(&app, &owner, "deals", json!({"format": "csv", "columns": ["name"], "ids": [id]})).await;
    assert_eq!((&job["total"], lines(&bytes)), (&json!(1), vec![vec!["Name".to_owned()], vec!["Crane".to_owned()]]));
}

/// EXPORT-02: all columns unless some are chosen; a file that was exported imports again as it was.
#[actix_web::test]
async fn there_and_back_again() {
    let app = TestApp::spawn().await;
    let (owner, other) = (app.owner().await, app.owner().await);
    let contact = json!({"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com",
        "phone": "+1 415 555 2671", "birthday": "1815-12-10", "job_title": "Countess, \"of\" Lovelace",
        "tags": ["vip"], "email_opt_in": false, "notes": "Two\nlines"});
    let first = owner.post("/contacts", &contact).await.expect(201).json();
    let (_, bytes) = export(&app, &owner, "contacts", json!({"format": "csv", "query": {}})).await;
    let header = lines(&bytes)[0].clone();
    let columns = domain::export::columns(domain::catalog::RecordType::Contact.standard());
    assert_eq!(header, columns.iter().map(|column| column.label.clone()).collect::<Vec<_>>());
    let preview = other.upload("contacts", "back.csv", bytes).await.expect(200).json();
    let body = json!({"file_id": preview["file_id"], "plan": preview["plan"]});
    let id = other.post("/import", &body).await.expect(202).id();
    api::features::import::run::run(&app.state, other.org_id(), Some(other.user_id()), id).await.unwrap();
    let again = other.get("/contacts").await.expect(200).json()["data"][0].clone();
    for name in ["name", "email", "phone", "birthday", "job_title", "tags", "email_opt_in", "notes", "status"] {
        assert_eq!(again[name], first[name], "{name}: {preview}");
    }
}

/// EXPORT-02: exports of different columns and records one after the other, on the connections that the ones before used.
#[actix_web::test]
async fn one_after_the_other() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    owner.post("/companies", &json!({"name": "Acme"})).await.expect(201);
    owner.post("/deals", &json!({"name": "Crane"})).await.expect(201);
    let shapes: [(&str, Json); 4] = [
        ("companies", json!(["name"])),
        ("deals", json!([])),
        ("companies", json!(["name", "industry"])),
        ("companies", json!([])),
    ];
    let stop = tokio_util::sync::CancellationToken::new();
    let workers = tokio::spawn(api::workers::run(app.state.clone(), stop.clone()));
    for round in 0..5 {
        for (entity, columns) in &shapes {
            let body = json!({"format": "csv", "columns": columns, "query": {}});
            let id = owner.post(&format!("/exports/{entity}"), &body).await.expect(202).id();
            let job = ended(&owner, id).await;
            assert_eq!(
                (&job["status"], &job["processed"]),
                (&json!("completed"), &json!(1)),
                "{round} {entity}: {job}"
            );
        }
    }
    stop.cancel();
    workers.await.unwrap();
}

/// EXPORT-03: an Excel file has numbers, days and texts as such.
#[actix_web::test]
async fn excel() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    for n in 0..3 {
        let deal = json!({"name": format!("=SUM({n})"), "amount_minor": 150 + n, "expected_close_date": "2027-03-01"});
        owner.post("/deals", &deal).await.expect(201);
    }
    let columns = ["name", "amount_minor", "expected_close_date", "created_at", "notes"];
    let body = json!({"format": "xlsx", "columns": columns, "query": {"sort_by": "amount_minor"}});
    let (job, bytes) = export(&app, &owner, "deals", body).await;
    assert!(job["file_name"].as_str().unwrap().starts_with("Deals 20"), "{job}");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["Deals"]);
    let sheet = book.worksheet_range("Deals").unwrap();
    assert_eq!(sheet.height(), 4);
    assert_eq!(sheet.get((0, 1)), Some(&Data::String("Amount".into())));
    assert_eq!(sheet.get((1, 0)), Some(&Data::String("=SUM(0)".into())), "a text, not a formula");
    assert_eq!(sheet.get((3, 1)), Some(&Data::Float(1.52)));
    let Some(Data::DateTime(day)) = sheet.get((1, 2)) else { panic!("{:?}", sheet.get((1, 2))) };
    assert_eq!(day.as_f64(), 46_447.0, "days since 1899-12-30");
    assert!(matches!(sheet.get((1, 3)), Some(Data::DateTime(_))));
    assert_eq!(sheet.get((1, 4)).unwrap_or(&Data::Empty), &Data::Empty);
}

/// EXPORT-01, EXPORT-04: more records than one step reads, all of them once; only who may export, and only one's own.
#[actix_web::test]
async fn many_and_whose() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let (manager, member) = (owner.colleague("manager").await, owner.colleague("member").await);
    let sql = "INSERT INTO companies (org_id, id, name) SELECT $1, gen_random_uuid(), 'Company ' || n \
         FROM generate_series(1, 4500) n";
    assert_eq!(db::execute(sql, owner.org_id()).await, 4_500);
    let body = json!({"format": "csv", "columns": ["name"], "query": {}});
    let (job, bytes) = export(&app, &manager, "companies", body.clone()).await;
    let mut names: Vec<Vec<String>> = lines(&bytes);
    names.sort();
    names.dedup();
    assert_eq!((names.len(), &job["processed"]), (4_501, &json!(4_500)));

    member.post("/exports/companies", &body).await.expect(403);
    let path = format!("/exports/files/{}", job["id"].as_str().unwrap());
    owner.get(&path).await.expect(404);
    app.owner().await.get(&format!("{path}/content")).await.expect(404);
    assert_eq!(owner.get("/exports/files").await.expect(200).json()["pagination"]["total"], json!(0));
    // Who may not export any more cannot fetch what was exported before.
    owner.put(&format!("/members/{}/role", manager.user_id()), &json!({"role": "viewer"})).await.expect(200);
    manager.get(&format!("{path}/content")).await.expect(403);
}

/// EXPORT-01, BULK-03: what cannot be done is refused before anything is begun; a waiting export is cancelled; too many
/// are 429.
#[actix_web::test]
async fn refusals() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    for (body, path, code) in [
        (json!({"query": {}}), "/format", "required"),
        (json!({"format": "doc", "query": {}}), "/format", "type"),
        (json!({"format": "csv"}), "/ids", "required"),
        (json!({"format": "csv", "query": {}, "columns": ["wings"]}), "/columns/0", "unknown_field"),
        (json!({"format": "csv", "query": {"filter": {"field": "x"}}}), "/query/filter/field", "unknown_field"),
        (json!({"format": "csv", "query": {"sort_by": "wings"}}), "/query/sort_by", "sort"),
        (json!({"format": "pdf", "query": {}, "title": " "}), "/title", "required"),
        (json!({"format": "pdf", "query": {}, "title": "x".repeat(61)}), "/title", "too_long"),
    ] {
        let fields = owner.post("/exports/companies", &body).await.expect(422).fields();
        assert!(fields.contains(&(path.to_owned(), code.to_owned())), "{body}: {fields:?}");
    }
    owner.post("/exports/dragons", &json!({"format": "csv", "query": {}})).await.expect(404);
    let body = json!({"format": "csv", "query": {}});
    let id = owner.post("/exports/companies", &body).await.expect(202).id();
    owner.get(&format!("/exports/files/{id}/content")).await.expect(409);
    let cancelled = owner.post(&format!("/exports/files/{id}/cancel"), &json!({})).await.expect(200).json();
    assert_eq!((&cancelled["status"], &cancelled["can_download"]), (&json!("cancelled"), &json!(false)));
    owner.post(&format!("/exports/files/{id}/cancel"), &json!({})).await.expect(409);
    let mut last = 0;
    for _ in 0..30 {
        last = owner.post("/exports/companies", &body).await.status.as_u16();
        if last == 429 {
            break;
        }
    }
    assert_eq!(last, 429);
}

/// EXPORT-01: when its time has come, the file is gone, and the export with it.
#[actix_web::test]
async fn files_expire() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let (job, _) = export(&app, &owner, "companies", json!({"format": "csv", "query": {}})).await;
    let path = format!("/exports/files/{}", job["id"].as_str().unwrap());
    let sql = "UPDATE graphile_worker._private_jobs SET run_at = now() \
         WHERE payload ->> 'org_id' = $1::text AND payload ->> 'export_id' IS NOT NULL";
    assert_eq!(db::execute(sql, owner.org_id()).await, 1);
    working(&app, async {
        eventually("the export is gone", async || (owner.get(&path).await.status.as_u16() == 404).then_some(())).await;
    })
    .await;
    owner.get(&format!("{path}/content")).await.expect(404);
}
