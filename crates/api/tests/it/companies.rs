//! Companies, and through them what all records have in common.

use crate::bulk::{run, undo, working};
use crate::deals::{at, deal, events};
use crate::support::{Member, TestApp};
use reqwest::Method;
use serde_json::{Value as Json, json};

async fn company(member: &Member, name: &str) -> uuid::Uuid {
    member.post("/companies", &json!({ "name": name })).await.expect(201).id()
}

/// COMPANY-01, COMPANY-03, COMPANY-05, COMPANY-07: a name makes a company; every field can be set and comes back.
#[actix_web::test]
async fn every_field_can_be_set() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let input = json!({
        "name": "Acme", "slug": "Acme-1", "industry": "Retail", "company_size": "large", "website": "acme.com",
        "primary_email": "Info@Acme.com", "phone": "(415) 555-2671", "annual_revenue_minor": 110_004_000_000_i64,
        "currency": "eur", "employee_count": 2822, "type": "business", "status": "inactive",
        "lifecycle_stage": "prospect", "category": "partner", "source": "referral", "preferred_channel": "in_person",
        "timezone": "Europe/Berlin", "lead_score": 70, "notes": "Two\nlines", "tags": ["VIP", "vip", "North"],
        "billing_address": {"street": "1 Main St", "city": "Springfield", "zip": "12345", "country": "US"},
        "owner_id": null,
    });
    let created = owner.post("/companies", &input).await.expect(201);
    assert_eq!(created.etag(), "\"1\"");
    let got = owner.get(&format!("/companies/{}", created.id())).await.expect(200).json();
    assert_eq!(got, created.json());
    for (name, value) in [
        ("slug", json!("acme-1")),
        ("website", json!("https://acme.com")),
        ("domain", json!("acme.com")),
        ("primary_phone", json!("+1 415-555-2671")),
        ("phone", json!("+1 415-555-2671")),
        ("currency", json!("EUR")),
        ("annual_revenue_minor", json!(110_004_000_000_i64)),
        ("tags", json!(["North", "VIP"])),
        ("owner_id", json!(null)),
        ("created_by", json!(owner.user_id())),
        ("notes", json!("Two\nlines")),
    ] {
        assert_eq!(got[name], value, "{name}");
    }
}

/// PLATFORM-13, SECURITY-01: a refusal names every wrong field in words, and nothing is written.
#[actix_web::test]
async fn refusals_name_the_fields() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let input = json!({"name": "", "primary_email": "x", "nickname": 1, "employee_count": -1});
    let refused = owner.post("/companies", &input).await.expect(422);
    let mut fields = refused.fields();
    fields.sort();
    let expected = [
        ("/employee_count", "too_small"),
        ("/name", "required"),
        ("/nickname", "unknown_field"),
        ("/primary_email", "email"),
    ];
    assert_eq!(fields, expected.map(|(p, c)| (p.to_owned(), c.to_owned())));
    assert_eq!(owner.get("/companies").await.expect(200).json()["pagination"]["total"], 0);
    let stranger = "0192f0c1-0000-7000-8000-000000000000";
    let refused = owner.post("/companies", &json!({"name": "A", "owner_id": stranger})).await.expect(422);
    assert_eq!(refused.fields(), [("/owner_id".to_owned(), "not_found".to_owned())]);
}

/// COMPANY-06: a slug is unique among the live companies of an organization; a clash is a 409 at the field, also when a
/// company comes back from the archive.
#[actix_web::test]
async fn slugs_are_unique() {
    let app = TestApp::spawn().await;
    let (owner, other) = (app.owner().await, app.owner().await);
    let first = owner.post("/companies", &json!({"name": "A", "slug": "same"})).await.expect(201).id();
    let clash = owner.post("/companies", &json!({"name": "B", "slug": "same"})).await.expect(409);
    assert_eq!(clash.fields(), [("/slug".to_owned(), "duplicate".to_owned())]);
    other.post("/companies", &json!({"name": "C", "slug": "same"})).await.expect(201);
    owner.delete(&format!("/companies/{first}")).await.expect(204);
    owner.post("/companies", &json!({"name": "B", "slug": "same"})).await.expect(201);
    let clash = owner.post(&format!("/companies/{first}/restore"), &json!({})).await.expect(409);
    assert_eq!(clash.fields(), [("/slug".to_owned(), "duplicate".to_owned())]);
}

/// Changes are partial, null clears, each makes a new version; a change of an old version is refused with the present
/// record, one without `If-Match` applies to the fields sent.
#[actix_web::test]
async fn stale_changes_are_refused() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let created = owner.post("/companies", &json!({"name": "A", "industry": "Retail"})).await.expect(201);
    let path = format!("/companies/{}", created.id());
    let change = json!({"industry": null});
    let changed = owner.send(Method::PATCH, &path, Some(&change), Some(&created.etag())).await.expect(200);
    assert_eq!((&changed.json()["industry"], changed.etag()), (&json!(null), "\"2\"".to_owned()));
    let stale = owner.send(Method::PUT, &path, Some(&json!({"name": "B"})), Some(&created.etag())).await.expect(412);
    assert_eq!(stale.problem().current.unwrap(), changed.json());
    let blind = owner.put(&path, &json!({"name": "C"})).await.expect(200);
    assert_eq!((&blind.json()["name"], &blind.json()["version"]), (&json!("C"), &json!(3)));
    let nothing = owner.put(&path, &json!({"name": "C"})).await.expect(200);
    assert_eq!(nothing.json()["version"], 3, "no change, no version");
}

/// COMPANY-10, COMPANY-19: delete archives; linked contacts survive, lose the link, and come back with a restore.
#[actix_web::test]
async fn archive_and_restore() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let id = company(&owner, "Acme").await;
    let contact = owner.post("/contacts", &json!({"first_name": "Ada", "company_id": id})).await.expect(201);
    let contact_path = format!("/contacts/{}", contact.id());
    owner.delete(&format!("/companies/{id}")).await.expect(204);
    assert!(owner.get("/companies").await.ids().is_empty());
    assert_eq!(owner.get("/companies?archived=only").await.ids(), [id]);
    assert_eq!(owner.get(&contact_path).await.expect(200).json()["company_id"], json!(null));
    app.carry(&owner).await;
    let timeline = owner.get(&format!("{contact_path}/timeline")).await.expect(200);
    assert_eq!(timeline.column("activity_type")[0], "company_unlinked", "COMPANY-19: the contact's timeline says so");
    owner.post(&format!("/companies/{id}/restore"), &json!({})).await.expect(200);
    assert_eq!(owner.get("/companies").await.ids(), [id]);
    assert_eq!(owner.get(&contact_path).await.expect(200).json()["company_id"], json!(id));
    app.carry(&owner).await;
    let timeline = owner.get(&format!("{contact_path}/timeline")).await.expect(200);
    let kinds = timeline.column("activity_type");
    assert_eq!(kinds, ["company_linked", "company_unlinked", "company_linked", "created"]);
}

/// COMPANY-10, CONTACT-18, BULK-01: the primary contact of an archived company is it again when the company comes back, by
/// itself or with many, unless it is another company's by then, or the company has another one.
#[actix_web::test]
async fn primary_contacts_come_back() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let mut ids = Vec::new();
    let mut people = Vec::new();
    for name in ["A", "B", "C"] {
        let id = company(&owner, name).await;
        owner.post("/contacts", &json!({"first_name": "Second", "company_id": id})).await.expect(201);
        let first = json!({"first_name": name, "company_id": id, "is_primary": true});
        people.push(owner.post("/contacts", &first).await.expect(201).id());
        ids.push(id);
    }
    let of = async |id: uuid::Uuid| {
        let contact = owner.get(&format!("/contacts/{id}")).await.expect(200).json();
        (contact["company_id"].clone(), contact["is_primary"].clone())
    };
    owner.delete(&format!("/companies/{}", ids[0])).await.expect(204);
    assert_eq!(of(people[0]).await, (Json::Null, json!(false)));
    owner.post(&format!("/companies/{}/restore", ids[0]), &json!({})).await.expect(200);
    assert_eq!(of(people[0]).await, (json!(ids[0]), json!(true)));
    let told = events(&json!(people[0])).await;
    let last = &told.last().unwrap();
    assert_eq!(last.1["changes"], json!([{"field": "is_primary", "old": false, "new": true}]));

    let elsewhere = company(&owner, "Elsewhere").await;
    working(&app, async {
        let job = run(&owner, "companies", json!({"action": "archive", "ids": ids})).await;
        let moved = json!({"company_id": elsewhere, "is_primary": true});
        owner.put(&format!("/contacts/{}", people[1]), &moved).await.expect(200);
        undo(&owner, &job).await;
    })
    .await;
    assert_eq!(of(people[0]).await, (json!(ids[0]), json!(true)));
    assert_eq!(of(people[1]).await, (json!(elsewhere), json!(true)));
    assert_eq!(of(people[2]).await, (json!(ids[2]), json!(true)));
    for (id, count) in ids.iter().zip([1, 0, 1]) {
        let marked = owner.get(&format!("/companies/{id}/contacts")).await.expect(200).column("is_primary");
        assert_eq!(marked.iter().filter(|is| **is == true).count(), count);
    }
}

/// AUTH-20, TENANCY-04: deleting for good is for admins; the database itself refuses everybody else.
#[actix_web::test]
async fn hard_delete_is_for_admins() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let member = owner.colleague("member").await;
    let id = company(&member, "Mine").await;
    member.delete(&format!("/companies/{id}?permanent=true")).await.expect(403);
    owner.delete(&format!("/companies/{id}?permanent=true")).await.expect(204);
    owner.get(&format!("/companies/{id}")).await.expect(404);
}

/// AUTH-10, AUTH-11, AUTH-12, AUTH-17: what each role may do with records of their own and of others.
#[actix_web::test]
async fn five_roles() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let theirs = company(&owner, "Olive's").await;
    for (role, create, change, archive) in
        [("admin", 201, 200, 204), ("manager", 201, 200, 403), ("member", 201, 403, 403), ("viewer", 403, 403, 403)]
    {
        let colleague = owner.colleague(role).await;
        colleague.get("/companies").await.expect(200);
        colleague.post("/companies", &json!({"name": role})).await.expect(create);
        colleague.put(&format!("/companies/{theirs}"), &json!({"industry": role})).await.expect(change);
        colleague.delete(&format!("/companies/{theirs}")).await.expect(archive);
        if role == "admin" {
            owner.post(&format!("/companies/{theirs}/restore"), &json!({})).await.expect(200);
        }
    }
    let member = owner.colleague("member").await;
    let own = company(&member, "Own").await;
    member.put(&format!("/companies/{own}"), &json!({"industry": "Retail"})).await.expect(200);
    member.delete(&format!("/companies/{own}")).await.expect(204);
}

/// TAG-01, TAG-02, TAG-05: tags are added, removed and filtered by, whatever their case.
#[actix_web::test]
async fn tags() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let (a, b) = (company(&owner, "A").await, company(&owner, "B").await);
    let tagged =
        owner.post(&format!("/companies/{a}/tags"), &json!({"tags": ["Key Account", "North"]})).await.expect(200);
    assert_eq!(tagged.json()["tags"], json!(["Key Account", "North"]));
    owner.post(&format!("/companies/{b}/tags"), &json!({"tags": [" key  account "]})).await.expect(200);
    let mut both = owner.list("/companies", &[("tags", "KEY ACCOUNT"), ("sort_by", "name")]).await.expect(200).ids();
    both.sort();
    assert_eq!(both, [a, b]);
    assert_eq!(owner.list("/companies", &[("tags", "north,south")]).await.expect(200).ids(), [a]);
    let rest = owner.delete(&format!("/companies/{a}/tags?tags=north")).await.expect(200);
    assert_eq!(rest.json()["tags"], json!(["Key Account"]));
    owner.post(&format!("/companies/{a}/tags"), &json!({"tags": ["a,b"]})).await.expect(422);
}

/// COMPANY-22, COMPANY-20, DASH-16: the overview counts the contacts and deals that the company's lists have, each once,
/// with sums by currency; archived, lost and foreign ones count nowhere.
#[actix_web::test]
async fn summary() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let (id, other) = (company(&owner, "Acme").await, company(&owner, "Other").await);
    let path = format!("/companies/{id}/summary");
    let nothing = json!({"open": 0, "pipeline_value": [], "won": 0, "total_value": []});
    let empty = owner.get(&path).await.expect(200).json();
    assert_eq!(empty, json!({"contacts": 0, "deals": nothing}));

    let person = async |company: uuid::Uuid| {
        owner.post("/contacts", &json!({"first_name": "Ada", "company_id": company})).await.expect(201).id()
    };
    let (_main, further, gone) = (person(id).await, person(other).await, person(id).await);
    owner.post(&format!("/contacts/{further}/companies"), &json!({"company_id": id})).await.expect(201);
    owner.delete(&format!("/contacts/{gone}")).await.expect(204);

    let own = async |input: Json| deal(&owner, input).await;
    let both = own(json!({"company_id": id, "amount_minor": 1_000, "probability": 50})).await;
    let linked = own(json!({"company_id": other, "amount_minor": 70, "currency": "EUR", "probability": 10})).await;
    for (deal, relationship) in [(&both, "customer"), (&linked, "partner")] {
        let link = json!({"company_id": id, "relationship": relationship});
        owner.post(&at(deal, "/companies"), &link).await.expect(201);
    }
    own(json!({"company_id": id, "amount_minor": 300, "stage": "Closed won"})).await;
    own(json!({"company_id": id, "amount_minor": 900, "stage": "Closed lost"})).await;
    own(json!({"company_id": other, "amount_minor": 5_000})).await;
    let archived = own(json!({"company_id": id, "amount_minor": 77})).await;
    owner.delete(&at(&archived, "")).await.expect(204);

    let total = |currency: &str, amount: i64, weighted: i64| json!({"currency": currency, "count": 1, "amount_minor": amount, "weighted_minor": weighted});
    let expected = json!({"contacts": 2, "deals": {
        "open": 2, "pipeline_value": [total("USD", 1_000, 500), total("EUR", 70, 7)],
        "won": 1, "total_value": [total("USD", 300, 300)],
    }});
    assert_eq!(owner.get(&path).await.expect(200).json(), expected);
    for (list, count) in [("contacts", 2), ("deals", 4)] {
        assert_eq!(owner.get(&format!("/companies/{id}/{list}")).await.expect(200).ids().len(), count, "{list}");
    }
    assert_eq!(owner.colleague("viewer").await.get(&path).await.expect(200).json(), expected);
    owner.delete(&format!("/companies/{id}")).await.expect(204);
    assert_eq!(owner.get(&path).await.expect(200).json()["deals"], expected["deals"], "an archived company");
    app.owner().await.get(&path).await.expect(404);
    owner.get(&format!("/companies/{}/summary", uuid::Uuid::now_v7())).await.expect(404);
}
