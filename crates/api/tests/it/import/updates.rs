//! Rows that say only a part of what their record holds: the rest of it stays.

use super::{counts, finish, import_text, total};
use crate::support::{Member, TestApp};
use futures_util::future::join_all;
use serde_json::{Value as Json, json};

/// The one record of a list with this value.
async fn one(member: &Member, path: &str, name: &str, value: &str) -> Json {
    let found = member.list(path, &[(name, value)]).await.expect(200).json();
    assert_eq!(found["pagination"]["total"], 1, "{found}");
    let id = found["data"][0]["id"].as_str().unwrap();
    member.get(&format!("{path}/{id}")).await.expect(200).json()
}

fn update() -> Json {
    json!({"mode": "update_and_create"})
}

fn merge() -> Json {
    json!({"on_duplicate": "merge"})
}

/// IMPORT-06: an update changes the parts of an address that the row names, and no others.
#[actix_web::test]
async fn parts_of_an_address() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let address = json!({"street": "1 Main St", "city": "Berlin", "zip": "10115", "country": "DE"});
    owner.post("/companies", &json!({"name": "Acme", "billing_address": address})).await.expect(201);
    let csv = "name,street,city\nAcme,,Ulm\n";
    let job = import_text(&app, &owner, "companies", csv, update()).await;
    assert_eq!(counts(&job), [0, 1, 0, 0], "{job}");
    let acme = one(&owner, "/companies", "name", "Acme").await;
    let after = json!({"street": "1 Main St", "city": "Ulm", "zip": "10115", "country": "DE"});
    assert_eq!(acme["billing_address"], after);
    let job = import_text(&app, &owner, "companies", csv, update()).await;
    assert_eq!(counts(&job), [0, 0, 1, 0], "{job}");
    let job = import_text(&app, &owner, "companies", "name,city\nAcme,Bonn\n", merge()).await;
    assert_eq!(counts(&job), [0, 0, 1, 0], "{job}");
}

/// IMPORT-06, DEAL-06: an update changes what the row says of its line; the rest of the line, the other lines and the
/// currency stay, and the amount follows.
#[actix_web::test]
async fn lines_of_a_deal() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let lines = json!([
        {"name": "GTX", "unit": "piece", "quantity": 3, "price_minor": 50_000, "discount_percent": 10, "tax_percent": 20},
        {"name": "Setup", "quantity": 1, "price_minor": 20_000},
    ]);
    let deal = json!({"name": "Big", "deal_number": "D-1", "currency": "EUR", "products": lines});
    owner.post("/deals", &deal).await.expect(201);
    let seen = async || {
        let deal = one(&owner, "/deals", "deal_number", "D-1").await;
        let lines = deal["products"].as_array().unwrap().iter();
        let parts = |line: &Json| ["name", "unit", "quantity", "price_minor", "tax_percent"].map(|n| line[n].clone());
        (deal["amount_minor"].as_i64().unwrap(), json!(lines.map(parts).collect::<Vec<_>>()), deal["currency"].clone())
    };
    let setup = || json!(["Setup", null, 1.0, 20_000, 0.0]);

    let job = import_text(&app, &owner, "deals", "deal_number,product\nD-1,GTX\n", update()).await;
    assert_eq!(counts(&job), [0, 0, 1, 0], "{job}");
    let before = json!([["GTX", "piece", 3.0, 50_000, 20.0], setup()]);
    assert_eq!(seen().await, (182_000, before, json!("EUR")));

    let job = import_text(&app, &owner, "deals", "deal_number,product,quantity\nD-1,GTX,5\n", update()).await;
    assert_eq!(counts(&job), [0, 1, 0, 0], "{job}");
    let after = json!([["GTX", "piece", 5.0, 50_000, 20.0], setup()]);
    assert_eq!(seen().await, (290_000, after, json!("EUR")));

    let csv = "deal_number,product,unit price\nD-1,Manual,25.00\nD-1,Setup,100\n";
    let options = json!({"mode": "update_and_create", "currency": "EUR", "decimal": "point"});
    let job = import_text(&app, &owner, "deals", csv, options).await;
    assert_eq!(counts(&job), [0, 2, 0, 0], "{job}");
    let after = json!([
        ["GTX", "piece", 5.0, 50_000, 20.0],
        ["Setup", null, 1.0, 10_000, 0.0],
        ["Manual", null, 1.0, 2_500, 0.0],
    ]);
    assert_eq!(seen().await, (282_500, after, json!("EUR")));
}

/// IMPORT-06: a last name alone changes the last name; of somebody new it is the first one, also the next time.
#[actix_web::test]
async fn a_last_name_alone() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let ada = json!({"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com"});
    owner.post("/contacts", &ada).await.expect(201);
    let csv = "email,last_name\nada@example.com,King\ncher@example.com,Cher\n";
    let job = import_text(&app, &owner, "contacts", csv, update()).await;
    assert_eq!(counts(&job), [1, 1, 0, 0], "{job}");
    for options in [update(), merge()] {
        let job = import_text(&app, &owner, "contacts", csv, options).await;
        assert_eq!(counts(&job), [0, 0, 2, 0], "{job}");
    }
    for (email, first, last) in [("ada@example.com", "Ada", "King"), ("cher@example.com", "Cher", "")] {
        let contact = one(&owner, "/contacts", "email", email).await;
        assert_eq!((&contact["first_name"], &contact["last_name"]), (&json!(first), &json!(last)));
    }
}

/// IMPORT-06, DEAL-04: a deal that has ended keeps its day, whatever else a row changes; one that ends by its row gets it.
#[actix_web::test]
async fn closing_dates() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let won = json!({"name": "One", "deal_number": "D-1", "stage": "closed_won", "closed_date": "2026-01-10"});
    owner.post("/deals", &won).await.expect(201);
    owner.post("/deals", &json!({"name": "Two", "deal_number": "D-2"})).await.expect(201);
    let csv =
        "deal_number,status,amount,expected_close_date\nD-1,Won,100,\nD-1,Won,100,2026-03-03\nD-2,Won,,2026-04-04\n";
    let job = import_text(&app, &owner, "deals", csv, update()).await;
    assert_eq!((counts(&job), &job["summary"]["warnings"]), ([0, 3, 0, 0], &json!(0)), "{job}");
    let job = import_text(&app, &owner, "deals", csv, update()).await;
    assert_eq!(counts(&job), [0, 0, 3, 0], "{job}");
    for (number, amount, expected, closed) in
        [("D-1", 10_000, "2026-03-03", "2026-01-10"), ("D-2", 0, "2026-04-04", "2026-04-04")]
    {
        let deal = one(&owner, "/deals", "deal_number", number).await;
        assert_eq!((&deal["status"], &deal["amount_minor"]), (&json!("won"), &json!(amount)), "{number}");
        assert_eq!((&deal["expected_close_date"], &deal["closed_date"]), (&json!(expected), &json!(closed)));
    }
    let job = import_text(&app, &owner, "deals", "deal_number,closed_date\nD-1,2026-01-11\n", update()).await;
    assert_eq!(counts(&job), [0, 1, 0, 0], "{job}");
    assert_eq!(one(&owner, "/deals", "deal_number", "D-1").await["closed_date"], "2026-01-11");
}

/// IMPORT-05, DEAL-04: an open deal that is filled up stays open, and its row is not refused for the day of an ending.
#[actix_web::test]
async fn an_open_deal_is_filled_up() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    for number in ["D-1", "D-2"] {
        owner.post("/deals", &json!({"name": "Open", "deal_number": number})).await.expect(201);
    }
    let csv = "deal_number,status,closed_date,notes\nD-1,Won,,Called\nD-2,Lost,2026-02-01,Called\n";
    let job = import_text(&app, &owner, "deals", csv, merge()).await;
    assert_eq!((counts(&job), &job["summary"]["warnings"]), ([0, 2, 0, 0], &json!(0)), "{job}");
    for number in ["D-1", "D-2"] {
        let deal = one(&owner, "/deals", "deal_number", number).await;
        assert_eq!(
            (&deal["status"], &deal["closed_date"], &deal["notes"]),
            (&json!("open"), &Json::Null, &json!("Called"))
        );
    }
}

/// IMPORT-05, IMPORT-08: an amount in another currency fills no field of a record that keeps its own, and that is told.
#[actix_web::test]
async fn amounts_in_another_currency() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    for (name, currency) in [("Acme", "EUR"), ("Beta", "USD"), ("Delta", "EUR")] {
        owner.post("/companies", &json!({"name": name, "currency": currency})).await.expect(201);
    }
    let csv = "name,revenue,industry\nAcme,1000000,Retail\nBeta,1000000,\nDelta,1000000,\n";
    let options = json!({"on_duplicate": "merge", "currency": "USD"});
    let job = import_text(&app, &owner, "companies", csv, options).await;
    assert_eq!((counts(&job), &job["summary"]["warnings"]), ([0, 2, 1, 0], &json!(2)), "{job}");
    for (name, currency, revenue, industry) in [
        ("Acme", "EUR", Json::Null, json!("Retail")),
        ("Beta", "USD", json!(100_000_000), Json::Null),
        ("Delta", "EUR", Json::Null, Json::Null),
    ] {
        let company = one(&owner, "/companies", "name", name).await;
        let found = (&company["currency"], &company["annual_revenue_minor"], &company["industry"]);
        assert_eq!(found, (&json!(currency), &revenue, &industry), "{name}");
    }
    let path = format!("/import/{}/errors?warnings=true", job["id"].as_str().unwrap());
    let text = owner.get(&path).await.expect(200).text;
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let told: Vec<[String; 2]> =
        reader.records().map(|row| row.unwrap()).map(|r| [0, 5].map(|at| r[at].to_owned())).collect();
    let why = "Annual revenue is left out: the file's amounts are in USD, those of this record in EUR.";
    assert_eq!(told, [["Acme", why], ["Delta", why]]);
}

/// IMPORT-05: a record that is filled up and has a company keeps it, and the one that its row names is not made for it.
#[actix_web::test]
async fn companies_for_nobody() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let engines = owner.post("/companies", &json!({"name": "Engines"})).await.expect(201).id();
    let ada = json!({"first_name": "Ada", "email": "ada@example.com", "company_id": engines});
    owner.post("/contacts", &ada).await.expect(201);
    owner.post("/contacts", &json!({"first_name": "Bob", "email": "bob@example.com"})).await.expect(201);
    owner.post("/deals", &json!({"name": "Big", "deal_number": "D-1", "company_id": engines})).await.expect(201);
    let csv = "email,title,company\nada@example.com,Countess,Looms\nbob@example.com,Builder,Forge\n";
    let job = import_text(&app, &owner, "contacts", csv, merge()).await;
    assert_eq!((counts(&job), &job["summary"]["companies_created"]), ([0, 2, 0, 0], &json!(1)), "{job}");
    let csv = "deal_number,account,contact\nD-1,Looms,ada@example.com\n";
    let job = import_text(&app, &owner, "deals", csv, merge()).await;
    assert_eq!((counts(&job), &job["summary"]["companies_created"]), ([0, 1, 0, 0], &json!(0)), "{job}");
    let deal = one(&owner, "/deals", "deal_number", "D-1").await;
    assert_eq!((&deal["company_name"], &deal["primary_contact_name"]), (&json!("Engines"), &json!("Ada")));
    let bob = one(&owner, "/contacts", "email", "bob@example.com").await;
    assert_eq!((&bob["company_name"], &bob["job_title"]), (&json!("Forge"), &json!("Builder")));
    assert_eq!(total(&owner, "/companies").await, 2);
}

/// IMPORT-05, IMPORT-10: imports that run at the same time make each company once, whichever of them comes first.
#[actix_web::test]
async fn at_the_same_time() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let people = (0..60).map(|n| format!("P{n},p{n}@example.com,Company {n}\n")).collect::<String>();
    let deals = (0..60).rev().map(|n| format!("D-{n},Deal {n},Company {n}\n")).collect::<String>();
    let companies = (0..60).map(|n| format!("Company {n}\n")).collect::<String>();
    let mut ids = Vec::new();
    for (entity, csv) in [
        ("contacts", format!("first_name,email,company\n{people}")),
        ("deals", format!("deal_number,name,account\n{deals}")),
        ("companies", format!("name\n{companies}")),
    ] {
        let preview = owner.upload(entity, "file.csv", csv).await.expect(200).json();
        let body = json!({"file_id": preview["file_id"], "plan": preview["plan"]});
        ids.push(owner.post("/import", &body).await.expect(202).id());
    }
    let jobs = join_all(ids.iter().map(|id| finish(&app, &owner, *id))).await;
    let made: Vec<i64> = jobs.iter().map(|job| job["summary"]["companies_created"].as_i64().unwrap()).collect();
    assert_eq!((counts(&jobs[0]), counts(&jobs[1])), ([60, 0, 0, 0], [60, 0, 0, 0]), "{jobs:?}");
    let [created, _, skipped, failed] = counts(&jobs[2]);
    assert_eq!((created + skipped, failed, made[0] + made[1] + created), (60, 0, 60), "{jobs:?}");
    assert_eq!(total(&owner, "/companies").await, 60);
}
