//! Rows whose record exists.

use super::{counts, import_text, total};
use crate::support::TestApp;
use serde_json::json;

const PEOPLE: &str = "first_name,last_name,email,phone,title,tags\n\
    Ada,Lovelace,ada@example.com,(415) 555-2671,Countess,vip\n\
    Bob,Builder,,+1 415 555 2672,,\n";

/// IMPORT-05, IMPORT-06: the three ways with rows that match by email or phone.
#[actix_web::test]
async fn skip_merge_and_update() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let job = import_text(&app, &owner, "contacts", PEOPLE, json!({})).await;
    assert_eq!(counts(&job), [2, 0, 0, 0]);
    let next = "first_name,last_name,email,phone,title,tags\n\
        Ada,King,ADA@example.com,,Analyst,north\n\
        Robert,Builder,bob@example.com,415-555-2672,Builder,\n\
        Cleo,,cleo@example.com,,,\n";
    let job = import_text(&app, &owner, "contacts", next, json!({"on_duplicate": "skip"})).await;
    assert_eq!(counts(&job), [1, 0, 2, 0], "{job}");

    let job = import_text(&app, &owner, "contacts", next, json!({"on_duplicate": "merge"})).await;
    assert_eq!(counts(&job), [0, 1, 2, 0], "{job}");
    let get =
        async |email: &str| owner.list("/contacts", &[("email", email)]).await.expect(200).json()["data"][0].clone();
    let bob = get("bob@example.com").await;
    assert_eq!(
        (&bob["first_name"], &bob["job_title"]),
        (&json!("Bob"), &json!("Builder")),
        "only empty fields are filled"
    );
    assert_eq!(get("ada@example.com").await["last_name"], "Lovelace");

    let job = import_text(&app, &owner, "contacts", next, json!({"mode": "update_and_create"})).await;
    assert_eq!(counts(&job), [0, 2, 1, 0], "{job}");
    let ada = get("ada@example.com").await;
    assert_eq!((&ada["last_name"], &ada["job_title"]), (&json!("King"), &json!("Analyst")));
    assert_eq!(ada["phone"], "+1 415-555-2671", "a blank cell clears nothing");
    assert_eq!(ada["tags"], json!(["north", "vip"]));
    assert_eq!(get("bob@example.com").await["first_name"], "Robert");
    assert_eq!(total(&owner, "/contacts").await, 3);
}

/// IMPORT-05, IMPORT-10: the same record twice in one file is one record; companies by domain, then by name.
#[actix_web::test]
async fn twice_in_one_file() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let csv = "company,website,industry\nAcme,acme.com,Retail\nACME  Inc,https://www.acme.com/x,Software\n acme INC ,,\nZoë,,\nZOË,,\n";
    let job = import_text(&app, &owner, "companies", csv, json!({"mode": "update_and_create"})).await;
    assert_eq!(counts(&job), [2, 3, 0, 0], "{job}");
    let acme = owner.list("/companies", &[("domain", "acme.com")]).await.expect(200).json();
    assert_eq!((&acme["data"][0]["name"], &acme["data"][0]["industry"]), (&json!("acme INC"), &json!("Software")));
    assert_eq!(total(&owner, "/companies").await, 2);
    let job = import_text(&app, &owner, "companies", "company\nACME inc\n", json!({"on_duplicate": "create"})).await;
    assert_eq!(counts(&job), [1, 0, 0, 0]);
    assert_eq!(total(&owner, "/companies").await, 3);
}

/// IMPORT-06, DEAL-04: deals by number; an update that reaches a closing stage wins the deal.
#[actix_web::test]
async fn deals_by_number() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let csv = "deal_number,name,stage,amount,account,contact,product\n\
        A-1,One,Proposal,100,Acme,,GTX\nA-2,Two,,50,,,\n,Three,Lost,,Acme,,\n";
    let job = import_text(&app, &owner, "deals", csv, json!({})).await;
    assert_eq!(counts(&job), [3, 0, 0, 0], "{job}");
    assert_eq!(job["summary"]["companies_created"], 1);
    let get = async |number: &str| {
        owner.list("/deals", &[("deal_number", number)]).await.expect(200).json()["data"][0].clone()
    };
    assert_eq!(get("A-2").await["stage_name"], "Prospecting");
    let job = import_text(&app, &owner, "deals", csv, json!({"mode": "update_and_create"})).await;
    // The row without a number is not recognised: it is a new deal.
    assert_eq!(counts(&job), [1, 0, 2, 0], "{job}");
    let next = "deal_number,stage,close date\nA-1,Won,2026-11-02\n";
    let job = import_text(&app, &owner, "deals", next, json!({"mode": "update_and_create"})).await;
    assert_eq!(counts(&job), [0, 1, 0, 0], "{job}");
    let one = get("A-1").await;
    assert_eq!((&one["status"], &one["closed_date"]), (&json!("won"), &json!("2026-11-02")));
    assert_eq!((&one["name"], &one["stage_name"]), (&json!("One"), &json!("Closed won")));
    let job = import_text(&app, &owner, "deals", csv, json!({"on_duplicate": "create"})).await;
    assert_eq!(counts(&job), [1, 0, 0, 2], "{job}");
}

/// IMPORT-06, CONTACT-13: many changes at once: each record gets its values, its version and its event.
#[actix_web::test]
async fn many_updates() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let file = |title: &str| {
        let rows =
            (0..1_200).map(|n| format!("P{n},p{n}@example.com,{title} {n},+1 415 555 {:04},t{}\n", 2_000 + n, n % 3));
        std::iter::once("first_name,email,title,phone,tags\n".to_owned()).chain(rows).collect::<String>()
    };
    let job = import_text(&app, &owner, "contacts", &file("Old"), json!({})).await;
    assert_eq!(counts(&job), [1_200, 0, 0, 0], "{job}");
    let begin = std::time::Instant::now();
    let job = import_text(&app, &owner, "contacts", &file("New"), json!({"mode": "update_and_create"})).await;
    println!("1,200 updates in {:?}", begin.elapsed());
    assert_eq!(counts(&job), [0, 1_200, 0, 0], "{job}");
    let p7 = owner.list("/contacts", &[("email", "p7@example.com")]).await.expect(200).json()["data"][0].clone();
    assert_eq!((&p7["job_title"], &p7["version"], &p7["tags"]), (&json!("New 7"), &json!(2), &json!(["t1"])));
    let tx = app.state.db.worker_tenant(owner.org_id(), None).await.unwrap().unwrap();
    let sql = "SELECT count(*), min(payload #>> '{changes,0,field}') FROM domain_events \
               WHERE org_id = $1 AND type = 'contact.updated'";
    let row = sea_orm::ConnectionTrait::query_one_raw(tx.conn(), api::db::statement(sql, [owner.org_id().into()]));
    let row = row.await.unwrap().unwrap();
    assert_eq!(row.try_get_by_index::<i64>(0).unwrap(), 1_200);
    assert_eq!(row.try_get_by_index::<String>(1).unwrap(), "job_title");
}
