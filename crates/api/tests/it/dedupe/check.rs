//! Possible duplicates of a record that is being typed.

use super::{contact, scan, withhold_contacts};
use crate::support::{Member, TestApp, db};
use serde_json::{Value as Json, json};

/// What is told of a draft.
async fn told(member: &Member, record: &str, fields: Json) -> Vec<Json> {
    let body = json!({"record": record, "fields": fields});
    let found = member.post("/dedupe/check", &body).await.expect(200).json();
    found["candidates"].as_array().unwrap().clone()
}

async fn titles(member: &Member, record: &str, fields: Json) -> Vec<String> {
    let found = told(member, record, fields).await;
    found.iter().map(|one| one["title"].as_str().unwrap().to_owned()).collect()
}

fn has(one: &Json, reason: &str) -> bool {
    one["reasons"].as_array().unwrap().contains(&json!(reason))
}

/// DEDUPE-01, DEDUPE-05: a contact is met by its email, by its phone in another spelling, by a name like its own in the
/// same company; what is half typed or of somebody else meets nobody; archived records are not told, and changes are
/// followed.
#[actix_web::test]
async fn contacts() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let engine = owner.post("/companies", &json!({"name": "Engine Works"})).await.expect(201).id();
    let ada = json!({"first_name": "Ada", "last_name": "Lovelace", "email": "ada@engine.example",
        "mobile_phone": "+1 415 555 2671", "company_id": engine});
    let ada = contact(&owner, ada).await;
    contact(&owner, json!({"first_name": "Robert", "last_name": "Builder"})).await;
    app.carry(&owner).await;

    let by_email = told(&owner, "contact", json!({"first_name": "A", "email": " ADA+crm@engine.example"})).await;
    assert_eq!(by_email.len(), 1, "{by_email:?}");
    let one = &by_email[0];
    assert_eq!(
        (&one["id"], &one["title"], &one["subtitle"]),
        (&json!(ada), &json!("Ada Lovelace"), &json!("Engine Works"))
    );
    assert!(has(one, "same_email") && one["score"].as_i64().unwrap() >= 50, "{one}");
    let by_phone = told(&owner, "contact", json!({"first_name": "Grace", "phone": "(415) 555-2671"})).await;
    assert!(by_phone.len() == 1 && has(&by_phone[0], "same_phone"), "{by_phone:?}");
    let by_name = json!({"first_name": "Ada", "last_name": "Lovelase", "company_id": engine});
    let by_name = told(&owner, "contact", by_name).await;
    assert!(by_name.len() == 1 && has(&by_name[0], "like_name") && has(&by_name[0], "same_company"), "{by_name:?}");
    let nickname = told(&owner, "contact", json!({"first_name": "Bob", "last_name": "BUILDER"})).await;
    assert!(nickname.len() == 1 && has(&nickname[0], "nickname"), "{nickname:?}");
    for nobody in [
        json!({}),
        json!({"first_name": "Ada"}),
        json!({"first_name": "Grace", "last_name": "Hopper", "email": "grace@navy.example", "notes": "ada@engine.example"}),
        json!({"email": "ada@engine", "phone": "+1 415", "company_id": "engine", "last_name": null, "birthday": 7}),
        json!({"custom_fields": {"shoe_size": 38}, "custom_fields.shoe_size": 38, "tags": ["vip"]}),
    ] {
        assert_eq!(titles(&owner, "contact", nobody.clone()).await, [""; 0], "{nobody}");
    }

    let mail = |address: &str| json!({"email": address});
    owner.put(&format!("/contacts/{ada}"), &mail("countess@engine.example")).await.expect(200);
    app.carry(&owner).await;
    assert_eq!(titles(&owner, "contact", mail("ada@engine.example")).await, [""; 0], "the address is free again");
    assert_eq!(titles(&owner, "contact", mail("countess@engine.example")).await, ["Ada Lovelace"]);
    owner.delete(&format!("/contacts/{ada}")).await.expect(204);
    app.carry(&owner).await;
    assert_eq!(titles(&owner, "contact", mail("countess@engine.example")).await, [""; 0]);
    owner.post(&format!("/contacts/{ada}/restore"), &json!({})).await.expect(200);
    app.carry(&owner).await;
    assert_eq!(titles(&owner, "contact", mail("countess@engine.example")).await, ["Ada Lovelace"]);
}

/// DEDUPE-01, DEDUPE-05: a company is met by its domain, also out of an address of the same, and by its name in another
/// legal form; at most five are told, the likeliest first.
#[actix_web::test]
async fn companies() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let acme =
        json!({"name": "Acme Cranes Inc.", "website": "https://www.acme.example/home", "primary_phone": "030 901820"});
    owner.post("/companies", &acme).await.expect(201);
    app.carry(&owner).await;
    let by_domain = told(&owner, "company", json!({"name": "Whatever", "website": "acme.example"})).await;
    assert_eq!(by_domain.len(), 1, "{by_domain:?}");
    assert!(has(&by_domain[0], "same_domain") && by_domain[0]["subtitle"] == "acme.example", "{by_domain:?}");
    let by_mail = told(&owner, "company", json!({"name": "W", "primary_email": "hello@acme.example"})).await;
    assert!(by_mail.len() == 1 && has(&by_mail[0], "same_domain"), "{by_mail:?}");
    let by_name = told(&owner, "company", json!({"name": "ACME Cranes GmbH"})).await;
    assert!(by_name.len() == 1 && has(&by_name[0], "same_name"), "{by_name:?}");
    assert_eq!(titles(&owner, "company", json!({"name": "Acme Lifts"})).await, [""; 0]);

    for _ in 0..6 {
        owner.post("/companies", &json!({"name": "Globex"})).await.expect(201);
    }
    owner.post("/companies", &json!({"name": "Globex", "website": "https://globex.example"})).await.expect(201);
    app.carry(&owner).await;
    let many = told(&owner, "company", json!({"name": "Globex", "website": "globex.example"})).await;
    assert_eq!((many.len(), &many[0]["subtitle"]), (5, &json!("globex.example")));
    let scores: Vec<_> = many.iter().map(|one| one["score"].as_i64().unwrap()).collect();
    assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
}

/// DEDUPE-05: records that came otherwise than by a request are met after the search that the first check begins.
#[actix_web::test]
async fn the_first_check_begins_a_search() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let sql =
        "INSERT INTO contacts (org_id, id, first_name, last_name) VALUES ($1, gen_random_uuid(), 'Ada', 'Lovelace')";
    db::execute(sql, owner.org_id()).await;
    let ada = || json!({"first_name": "Ada", "last_name": "Lovelace"});
    assert_eq!(titles(&owner, "contact", ada()).await, [""; 0]);
    let begun = owner.get("/dedupe/scan?record=contact").await.expect(200).json();
    assert_eq!(begun["running"], true);
    assert_eq!(owner.get("/dedupe/scan?record=company").await.expect(200).json()["running"], false);
    scan(&app, &owner, "contact").await;
    assert_eq!(titles(&owner, "contact", ada()).await, ["Ada Lovelace"]);
    assert_eq!(owner.get("/dedupe/scan?record=contact").await.expect(200).json()["running"], false, "once a day");
}

/// DEDUPE-05, AUTH-09, AUTH-12, TENANCY-05: who may make and view such records is told; another organization's records
/// are never met; what cannot be compared is refused, and nobody asks without end.
#[actix_web::test]
async fn rights_and_refusals() {
    let app = TestApp::spawn().await;
    let (owner, stranger) = (app.owner().await, app.owner().await);
    let ada = || json!({"first_name": "Ada", "last_name": "Lovelace", "email": "ada@engine.example"});
    contact(&owner, ada()).await;
    app.carry(&owner).await;
    assert_eq!(titles(&owner.colleague("member").await, "contact", ada()).await, ["Ada Lovelace"]);
    assert_eq!(titles(&stranger, "contact", ada()).await, [""; 0]);
    let body = json!({"record": "contact", "fields": ada()});
    owner.colleague("viewer").await.post("/dedupe/check", &body).await.expect(403);
    let blind = owner.colleague("member").await;
    withhold_contacts(&blind).await;
    blind.post("/dedupe/check", &body).await.expect(403);

    let path = |path: &str, code: &str| vec![(path.to_owned(), code.to_owned())];
    let refused = async |body: Json| owner.post("/dedupe/check", &body).await.expect(422).fields();
    assert_eq!(refused(json!({"record": "deal", "fields": {}})).await, path("/record", "choice"));
    assert_eq!(
        refused(json!({"record": "contact", "fields": {"planet": "x"}})).await,
        path("/fields/planet", "unknown_field")
    );
    owner.post("/dedupe/check", &json!({"record": "contact"})).await.expect(422);
    let mut limited = None;
    for _ in 0..200 {
        let answer = owner.post("/dedupe/check", &json!({"record": "contact", "fields": {}})).await;
        if answer.status != 200 {
            limited = Some(answer);
            break;
        }
    }
    let limited = limited.unwrap().expect(429);
    assert!(limited.headers.contains_key("retry-after"));
}
