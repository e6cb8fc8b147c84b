//! Contacts: names, unique addresses, phones, companies.

use crate::deals::events;
use crate::support::TestApp;
use serde_json::{Value as Json, json};

/// CONTACT-03, CONTACT-06: two parts make the name; phone numbers are kept in one format, unreadable ones as written.
#[actix_web::test]
async fn names_and_phones() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let input =
        json!({"first_name": "Ada", "last_name": "Lovelace", "phone": "415.555.2671", "work_phone": "0123 call"});
    let contact = owner.post("/contacts", &input).await.expect(201).json();
    assert_eq!(contact["name"], "Ada Lovelace");
    assert_eq!(contact["phone"], "+1 415-555-2671");
    assert_eq!(contact["work_phone"], "0123 call");
    assert_eq!((&contact["email_opt_in"], &contact["sms_opt_in"]), (&json!(true), &json!(false)));
    let single = owner.post("/contacts", &json!({"first_name": "Cher"})).await.expect(201).json();
    assert_eq!((&single["name"], &single["last_name"]), (&json!("Cher"), &json!("")));
}

/// CONTACT-06: filters compare phone numbers as numbers, whatever their punctuation, also along a relation; texts that
/// are no numbers compare as they are.
#[actix_web::test]
async fn phones_are_found_by_number() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let acme = json!({"name": "Acme", "primary_phone": "415-555-2671"});
    let acme = owner.post("/companies", &acme).await.expect(201).id();
    for contact in [
        json!({"first_name": "Ada", "phone": "+1 415-293-3313 ext. 7", "company_id": acme}),
        json!({"first_name": "Bob", "phone": "0123 call"}),
        json!({"first_name": "Cleo"}),
    ] {
        owner.post("/contacts", &contact).await.expect(201);
    }
    for written in ["+14152933313", "(415) 293-3313", "415.293.3313", "1 415 293 3313 ext. 9"] {
        let found = owner.list("/contacts", &[("phone", written)]).await.expect(200).column("name");
        assert_eq!(found, ["Ada"], "{written}");
    }
    let names = async |table: &str, filter: Json| {
        let filter = filter.to_string();
        let found = owner.list(&format!("/{table}"), &[("filter", &filter), ("sort_by", "name")]).await.expect(200);
        found.column("name")
    };
    for (op, value, expected) in [
        ("eq", json!("(415) 293-3313"), vec!["Ada"]),
        ("eq", json!("0123 call"), vec!["Bob"]),
        ("eq", json!("(415) 293-3314"), vec![]),
        ("eq", json!(null), vec!["Cleo"]),
        ("ne", json!("415 293 3313"), vec!["Bob", "Cleo"]),
        ("ne", json!("0123 call"), vec!["Ada", "Cleo"]),
        ("ne", json!(null), vec!["Ada", "Bob"]),
        ("in", json!(["4152933313", "0123 call"]), vec!["Ada", "Bob"]),
        ("in", json!(["4152933313", null]), vec!["Ada", "Cleo"]),
        ("in", json!([]), vec![]),
        ("nin", json!(["4152933313"]), vec!["Bob", "Cleo"]),
        ("nin", json!(["4152933313", "0123 call"]), vec!["Cleo"]),
        ("nin", json!(["4152933313", null]), vec!["Bob"]),
        ("contains", json!("2933313"), vec!["Ada"]),
        ("contains", json!("(415) 293"), vec!["Ada"]),
        ("contains", json!("+1415"), vec!["Ada"]),
        ("contains", json!("+415"), vec![]),
        ("contains", json!("CALL"), vec!["Bob"]),
        ("contains", json!("%"), vec![]),
        ("contains", json!("-"), vec!["Ada"]),
        ("starts_with", json!("1 (415)"), vec!["Ada"]),
        ("starts_with", json!("(415) 293-3313"), vec!["Ada"]),
        ("starts_with", json!("2933313"), vec![]),
        ("starts_with", json!("0123"), vec!["Bob"]),
        ("not_empty", json!(null), vec!["Ada", "Bob"]),
    ] {
        let filter = json!({"field": "phone", "op": op, "value": value});
        assert_eq!(names("contacts", filter.clone()).await, expected, "{filter}");
    }
    let is = |field: &str, op: &str, value: Json| json!({"field": field, "op": op, "value": value});
    for (table, filter, expected) in [
        ("contacts", is("company.primary_phone", "eq", json!("(415) 555 2671")), vec!["Ada"]),
        ("contacts", is("company.primary_phone", "ne", json!("4155552671")), vec!["Bob", "Cleo"]),
        ("companies", is("contacts", "any", is("phone", "eq", json!("415/293-3313"))), vec!["Acme"]),
        ("companies", is("contacts", "any", is("phone", "contains", json!("293 33"))), vec!["Acme"]),
    ] {
        assert_eq!(names(table, filter.clone()).await, expected, "{filter}");
    }
}

/// CONTACT-04, TENANCY-14: an email address is unique among the live contacts of an organization, ignoring case.
#[actix_web::test]
async fn emails_are_unique_among_live_contacts() {
    let app = TestApp::spawn().await;
    let (owner, other) = (app.owner().await, app.owner().await);
    let ada = json!({"first_name": "Ada", "email": "ada@example.com"});
    let first = owner.post("/contacts", &ada).await.expect(201).id();
    let again = json!({"first_name": "A.", "email": "ADA@example.com"});
    let clash = owner.post("/contacts", &again).await.expect(409);
    assert_eq!(clash.fields(), [("/email".to_owned(), "duplicate".to_owned())]);
    other.post("/contacts", &ada).await.expect(201);
    owner.delete(&format!("/contacts/{first}")).await.expect(204);
    owner.post("/contacts", &again).await.expect(201);
    owner.post(&format!("/contacts/{first}/restore"), &json!({})).await.expect(409);
}

/// CONTACT-07: addresses elsewhere and preferences are kept as they were given, together and beside each other.
#[actix_web::test]
async fn profiles_and_preferences() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let input = json!({
        "first_name": "Ada",
        "linkedin_url": "https://www.linkedin.com/in/ada",
        "twitter_handle": "@ada",
        "social_profiles": {"linkedin": "in/ada", "twitter": "ada", "mastodon": "@ada@example.social"},
        "preferences": {"communication": "mornings", "interests": "engines, poetry"},
    });
    let contact = owner.post("/contacts", &input).await.expect(201).id();
    let path = format!("/contacts/{contact}");
    let kept = owner.get(&path).await.expect(200).json();
    for (name, value) in input.as_object().unwrap() {
        assert_eq!(kept[name], *value, "{name}");
    }
    let less = json!({"twitter_handle": "", "preferences": {"communication": "evenings"}});
    owner.put(&path, &less).await.expect(200);
    let kept = owner.get(&path).await.expect(200).json();
    assert_eq!((&kept["twitter_handle"], &kept["preferences"]), (&json!(null), &less["preferences"]));
    assert_eq!(kept["social_profiles"], input["social_profiles"]);
}

/// COMPANY-18, CONTACT-13, CONTACT-18, CONTACT-19: a main company and further ones; one primary contact per company.
#[actix_web::test]
async fn several_companies_and_one_primary_contact() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let company = async |name: &str| owner.post("/companies", &json!({ "name": name })).await.expect(201).id();
    let (acme, beta) = (company("Acme").await, company("Beta").await);
    let ada = owner.post("/contacts", &json!({"first_name": "Ada", "company_id": acme})).await.expect(201).id();
    let bob = owner.post("/contacts", &json!({"first_name": "Bob", "company_id": acme})).await.expect(201).id();
    owner.post(&format!("/contacts/{ada}/companies"), &json!({"company_id": beta})).await.expect(201);
    let companies = owner.get(&format!("/contacts/{ada}/companies")).await.expect(200).json();
    assert_eq!(companies["data"][0]["company"]["name"], "Acme");
    assert_eq!(companies["data"][1], json!({"company": {"id": beta, "name": "Beta"}, "is_primary": false}));
    assert_eq!(owner.get(&format!("/companies/{beta}/contacts")).await.expect(200).ids(), [ada]);
    // The further one becomes the main one and back: a change of the contact, told like any other.
    for main in [beta, acme] {
        let link = json!({"company_id": main, "is_primary": true});
        owner.post(&format!("/contacts/{ada}/companies"), &link).await.expect(201);
        assert_eq!(owner.get(&format!("/contacts/{ada}")).await.expect(200).json()["company_id"], json!(main));
    }
    let told = events(&json!(ada)).await;
    let last = &told.last().unwrap();
    assert_eq!(last.0, "contact.updated");
    assert_eq!(last.1["changes"], json!([{"field": "company_id", "old": beta, "new": acme}]));
    owner.put(&format!("/contacts/{ada}/set-primary"), &json!({})).await.expect(200);
    let primary = owner.put(&format!("/contacts/{bob}/set-primary"), &json!({})).await.expect(200).json();
    assert_eq!(primary["is_primary"], true);
    assert_eq!(owner.get(&format!("/contacts/{ada}")).await.json()["is_primary"], false);
    // Who steps back has changed as well, and it is told.
    let told = events(&json!(ada)).await;
    assert_eq!(told.last().unwrap().1["changes"], json!([{"field": "is_primary", "old": true, "new": false}]));

    // An archived company becomes nobody's main one; its link waits for it.
    let gamma = company("Gamma").await;
    owner.post(&format!("/contacts/{ada}/companies"), &json!({"company_id": gamma})).await.expect(201);
    owner.delete(&format!("/companies/{beta}")).await.expect(204);
    owner.delete(&format!("/contacts/{ada}/companies/{acme}")).await.expect(204);
    assert_eq!(owner.get(&format!("/contacts/{ada}")).await.json()["company_name"], "Gamma");
    let names = async || {
        let companies = owner.get(&format!("/contacts/{ada}/companies")).await.expect(200).json();
        let names = companies["data"].as_array().unwrap().iter().map(|one| one["company"]["name"].clone());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names().await, ["Gamma"]);
    owner.post(&format!("/companies/{beta}/restore"), &json!({})).await.expect(200);
    assert_eq!(names().await, ["Gamma", "Beta"]);
    owner.delete(&format!("/contacts/{ada}/companies/{acme}")).await.expect(404);
}
