//! The real files.

use super::{counts, finish, import, preview_real, total};
use crate::support::TestApp;
use serde_json::{Value as Json, json};
use std::time::{Duration, Instant};

/// IMPORT-01, IMPORT-02, IMPORT-03, IMPORT-08: 85 companies with the mapping that was guessed.
#[actix_web::test]
async fn companies() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let preview = preview_real(&owner, "companies", "accounts.csv").await;
    assert_eq!(preview["not_imported"], json!(["year_established", "subsidiary_of"]));
    assert_eq!(preview["counts"], json!({"rows": 85, "blank": 0, "with_errors": 0, "with_warnings": 0}));
    assert_eq!(preview["rows"].as_array().unwrap().len(), 20);
    assert_eq!(preview["rows"][0]["values"]["annual_revenue_minor"], 110_004_000_000_i64);
    assert_eq!(preview["plan"]["options"]["money_scale"], "millions");
    assert_eq!(total(&owner, "/companies").await, 0, "a preview writes nothing");
    let job = import(&app, &owner, &preview).await;
    assert_eq!((counts(&job), &job["total"]), ([85, 0, 0, 0], &json!(85)));
    assert_eq!(job["summary"]["not_imported"], json!(["year_established", "subsidiary_of"]));
    let acme = owner.list("/companies", &[("name", "Acme Corporation")]).await.expect(200).json()["data"][0].clone();
    assert_eq!(acme["annual_revenue_minor"], 110_004_000_000_i64);
    assert_eq!((&acme["industry"], &acme["employee_count"]), (&json!("technolgy"), &json!(2822)));
    assert_eq!((&acme["billing_address"], &acme["owner_id"]), (&json!({"country": "United States"}), &Json::Null));
}

/// IMPORT-02, IMPORT-07, DEAL-04: 8,800 opportunities: stages made, owners matched, invited or left open, companies
/// linked or made, won and lost deals closed on their day.
#[actix_web::test]
async fn opportunities() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let companies = preview_real(&owner, "companies", "accounts.csv").await;
    import(&app, &owner, &companies).await;
    let mut preview = preview_real(&owner, "deals", "sales_pipeline.csv").await;
    assert_eq!(preview["counts"]["rows"], 8800);
    assert_eq!(preview["counts"]["with_errors"], 0);
    assert_eq!(preview["rows"][0]["values"]["stage_id"], "Closed won");
    assert_eq!(preview["rows"][0]["values"]["name"], "Cancity – GTX Plus Basic");
    let owners: Vec<&Json> =
        preview["values"].as_array().unwrap().iter().filter(|v| v["field"] == "owner_id").collect();
    assert_eq!(owners.len(), 30);
    for decision in preview["plan"]["options"]["matches"].as_array_mut().unwrap() {
        match decision["text"].as_str().unwrap() {
            "Darcel Schlecht" => {
                *decision =
                    json!({"field": "owner_id", "text": "Darcel Schlecht", "to": "existing", "id": owner.user_id()})
            }
            "Moses Frase" => {
                let email = format!("moses-{}@example.com", owner.org_id());
                *decision = json!({"field": "owner_id", "text": "Moses Frase", "to": "invite", "email": email});
            }
            _ => {}
        }
    }
    let body = json!({"file_id": preview["file_id"], "plan": preview["plan"]});
    let started = owner.post("/import", &body).await.expect(202);
    let job = started.json();
    assert_eq!(job["summary"]["stages_created"], json!(["Engaging"]));
    assert!(job["invitations"][0]["link"].as_str().unwrap().contains("/invite/"));
    let begin = Instant::now();
    let job = finish(&app, &owner, started.id()).await;
    println!("8,800 opportunities in {:?}", begin.elapsed());
    assert_eq!(counts(&job), [8800, 0, 0, 0], "{job}");
    assert_eq!((&job["summary"]["companies_created"], &job["summary"]["warnings"]), (&json!(0), &json!(0)));
    assert!(begin.elapsed() < Duration::from_secs(60), "{:?}", begin.elapsed());

    for (status, expected) in [("won", 4_238), ("lost", 2_473), ("open", 2_089)] {
        assert_eq!(total(&owner, &format!("/deals?status={status}")).await, expected, "{status}");
    }
    let mine = total(&owner, &format!("/deals?owner_id={}", owner.user_id())).await;
    assert_eq!(mine, 747);
    let first = owner.list("/deals", &[("deal_number", "1C1I7A6R")]).await.expect(200).json()["data"][0].clone();
    for (name, value) in [
        ("name", json!("Cancity – GTX Plus Basic")),
        ("company_name", json!("Cancity")),
        ("stage_name", json!("Closed won")),
        ("status", json!("won")),
        ("closed_date", json!("2017-03-01")),
        ("amount_minor", json!(105_400)),
        ("currency", json!("USD")),
        ("probability", json!(100)),
        ("source", json!("import")),
    ] {
        assert_eq!(first[name], value, "{name}");
    }
    let invited = first["owner_id"].as_str().unwrap();
    let members = owner.get("/members").await.expect(200).json();
    let moses = members["data"].as_array().unwrap().iter().find(|m| m["id"] == invited).unwrap().clone();
    assert_eq!(moses["name"], "Moses Frase");
    let detail = owner.get(&format!("/deals/{}", first["id"].as_str().unwrap())).await.expect(200).json();
    assert_eq!(detail["products"][0]["name"], "GTX Plus Basic");
    assert_eq!(detail["products"][0]["total_minor"], 105_400);
    assert_eq!(total(&owner, "/companies").await, 85);

    // EVENT: one event per record, and one for the import.
    let tx = app.state.db.worker_tenant(owner.org_id(), None).await.unwrap().unwrap();
    let sql = "SELECT count(*) FILTER (WHERE type = 'deal.created'), count(*) FILTER (WHERE type = 'import.completed'), \
               count(*) FILTER (WHERE type = 'company.created') FROM domain_events WHERE org_id = $1";
    let row = sea_orm::ConnectionTrait::query_one_raw(tx.conn(), api::db::statement(sql, [owner.org_id().into()]));
    let row = row.await.unwrap().unwrap();
    let found: [i64; 3] = [0, 1, 2].map(|at| row.try_get_by_index(at).unwrap());
    assert_eq!(found, [8_800, 2, 85]);
}

/// IMPORT-09, IMPORT-10, PERF-05, TEST-13: 500 contacts in under 20 seconds with preview; once more in update mode
/// makes no second copy.
#[actix_web::test]
async fn contacts() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let begin = Instant::now();
    let preview = preview_real(&owner, "contacts", "contacts.csv").await;
    let job = import(&app, &owner, &preview).await;
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
    assert_eq!(counts(&job), [500, 0, 0, 0], "{job}");
    assert_eq!(job["summary"]["companies_created"], 55);
    assert_eq!(total(&owner, "/companies").await, 55);
    let shelley = owner.list("/contacts", &[("email", "Shelley_Kerluke47@hotmail.com")]).await.expect(200).json();
    let shelley = &shelley["data"][0];
    for (name, value) in [
        ("name", json!("Shelley Kerluke")),
        ("company_name", json!("Gottlieb and Sons")),
        ("job_title", json!("Ubiquitous")),
        ("phone", json!("1-955-371-0847 x371")),
        ("email_opt_in", json!(false)),
    ] {
        assert_eq!(shelley[name], value, "{name}");
    }
    assert_eq!(total(&owner, "/contacts?tags=vip").await, 25 + more_vips());

    let mut again = preview_real(&owner, "contacts", "contacts.csv").await;
    again["plan"]["options"]["mode"] = json!("update_and_create");
    let job = import(&app, &owner, &again).await;
    assert_eq!(counts(&job), [0, 0, 500, 0], "{job}");
    assert_eq!((total(&owner, "/contacts").await, total(&owner, "/companies").await), (500, 55));
}

/// Contacts that carry `vip` beside other tags.
fn more_vips() -> i64 {
    let text = std::fs::read_to_string(TestApp::data("contacts.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let at = reader.headers().unwrap().iter().position(|h| h == "tags").unwrap();
    let vips = reader.records().filter(|r| {
        let r = r.as_ref().unwrap();
        r[at].contains(',') && r[at].split(',').any(|t| t.trim() == "vip")
    });
    i64::try_from(vips.count()).unwrap()
}
