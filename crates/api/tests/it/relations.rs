//! What belongs to a record: sub-lists with pages, what `include` brings along, and the time-ordered log of it all.

use crate::deals::{at, deal};
use crate::support::{Member, TestApp, db};
use serde_json::{Value as Json, json};
use uuid::Uuid;

async fn company(member: &Member, name: &str) -> Uuid {
    member.post("/companies", &json!({"name": name})).await.expect(201).id()
}

/// COMPANY-13, COMPANY-14, COMPANY-18, COMPANY-20, DEAL-18: the contacts of a company are its own and those linked, its
/// deals those that name it and those linked with a relationship; both in pages, with the parameters of the lists.
/// Related data comes with a company only when asked for.
#[actix_web::test]
async fn of_a_company() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let (acme, beta) = (company(&owner, "Acme").await, company(&owner, "Beta").await);
    let path = format!("/companies/{acme}");
    for (name, main) in [("Ada", acme), ("Bob", acme), ("Cleo", beta)] {
        let input = json!({"first_name": name, "company_id": main, "tags": [name]});
        let id = owner.post("/contacts", &input).await.expect(201).id();
        if name == "Cleo" {
            owner.post(&format!("/contacts/{id}/companies"), &json!({"company_id": acme})).await.expect(201);
        }
    }
    deal(&owner, json!({"name": "Named", "company_id": acme, "amount_minor": 7})).await;
    let linked = deal(&owner, json!({"name": "Linked", "company_id": beta})).await;
    let link = json!({"company_id": acme, "relationship": "partner"});
    owner.post(&at(&linked, "/companies"), &link).await.expect(201);
    deal(&owner, json!({"name": "Other", "company_id": beta})).await;
    app.carry(&owner).await;

    let by_name = [("sort_by", "name")];
    let contacts = owner.list(&format!("{path}/contacts"), &by_name).await.expect(200);
    assert_eq!(contacts.column("name"), ["Ada", "Bob", "Cleo"]);
    let second = [("sort_by", "name"), ("limit", "2"), ("page", "2")];
    let page = owner.list(&format!("{path}/contacts"), &second).await.expect(200);
    assert_eq!((page.column("name"), &page.json()["pagination"]["pages"]), (vec![json!("Cleo")], &json!(2)));
    let tagged = owner.list(&format!("{path}/contacts"), &[("tags", "bob")]).await.expect(200);
    assert_eq!(tagged.column("name"), ["Bob"]);
    let deals = owner.list(&format!("{path}/deals"), &by_name).await.expect(200);
    assert_eq!(deals.column("name"), ["Linked", "Named"]);
    assert_eq!(owner.list(&format!("{path}/deals"), &[("min_value", "5")]).await.expect(200).column("name"), ["Named"]);
    let log = owner.list(&format!("{path}/activities"), &[("limit", "2")]).await.expect(200).json();
    assert_eq!((log["data"].as_array().unwrap().len(), &log["pagination"]["limit"]), (2, &json!(2)));
    assert!(log["pagination"]["total"].as_i64().unwrap() >= 5, "{log}");

    let bare = owner.get(&path).await.expect(200).json();
    for name in ["contacts", "deals", "activities"] {
        assert!(bare.get(name).is_none(), "{name} comes unasked");
        let with = owner.get(&format!("{path}?include={name}")).await.expect(200).json();
        assert!(!with[name].as_array().unwrap().is_empty(), "{name}");
    }
    let both = owner.get(&format!("{path}?include=contacts,deals")).await.expect(200).json();
    let primaries = both["contacts"].as_array().unwrap();
    assert!(primaries.iter().all(|contact| contact["is_primary"].is_boolean()));
    assert!(
        both["deals"].as_array().unwrap().iter().all(|d| d["stage_name"].is_string() && d["amount_minor"].is_i64())
    );
    owner.get(&format!("{path}?include=contacts,secrets")).await.expect(422);
}

/// COMPANY-16: the timeline of a company has its own changes and what happens to its contacts and deals, newest first.
#[actix_web::test]
async fn the_timeline_of_a_company() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let acme = company(&owner, "Acme").await;
    owner.post("/contacts", &json!({"first_name": "Ada", "company_id": acme})).await.expect(201);
    let made = deal(&owner, json!({"name": "Engine", "company_id": acme})).await;
    owner.put(&at(&made, "/stage"), &json!({"stage": "Proposal"})).await.expect(200);
    owner.post(&at(&made, "/win"), &json!({})).await.expect(200);
    app.carry(&owner).await;
    let timeline = owner.get(&format!("/companies/{acme}/timeline")).await.expect(200).json();
    let entries = timeline["data"].as_array().unwrap();
    let kinds: Vec<_> = entries.iter().map(|e| e["metadata"]["event"].as_str().unwrap_or_default()).collect();
    for kind in ["company.created", "contact.company_linked", "deal.created", "deal.moved", "deal.won"] {
        assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
    }
    let times: Vec<_> = entries.iter().map(|e| e["created_at"].as_str().unwrap().to_owned()).collect();
    assert!(times.is_sorted_by(|newer, older| newer >= older), "{times:?}");
}

/// CONTACT-19, CONTACT-20: the deals of a contact are those it is the primary contact of and those it has a role in;
/// a contact without a company has deals and a log as well.
#[actix_web::test]
async fn of_a_contact() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let ada = owner.post("/contacts", &json!({"first_name": "Ada"})).await.expect(201).json();
    assert_eq!(ada["company_id"], Json::Null);
    let path = format!("/contacts/{}", ada["id"].as_str().unwrap());
    deal(&owner, json!({"name": "Primary", "primary_contact_id": ada["id"]})).await;
    let by_role = deal(&owner, json!({"name": "By role"})).await;
    let link = json!({"contact_id": ada["id"], "role": "champion"});
    owner.post(&at(&by_role, "/contacts"), &link).await.expect(201);
    deal(&owner, json!({"name": "Other"})).await;
    app.carry(&owner).await;
    let deals = owner.list(&format!("{path}/deals"), &[("sort_by", "name")]).await.expect(200);
    assert_eq!(deals.column("name"), ["By role", "Primary"]);
    let log = owner.get(&format!("{path}/activities")).await.expect(200);
    assert!(log.column("activity_type").contains(&json!("created")));
    let with = owner.get(&format!("{path}?include=deals,companies,activities")).await.expect(200).json();
    assert_eq!((with["deals"].as_array().unwrap().len(), &with["companies"]), (2, &json!([])));
}

/// CONTACT-12, AUTH-20: deleting a contact archives it: it leaves the lists, can still be read and comes back; only an
/// admin deletes for good.
#[actix_web::test]
async fn archived_contacts() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let member = owner.colleague("member").await;
    let made = member.post("/contacts", &json!({"first_name": "Ada", "email": "ada@example.com"})).await.expect(201);
    let path = format!("/contacts/{}", made.id());
    member.delete(&path).await.expect(204);
    assert!(owner.get("/contacts").await.ids().is_empty());
    assert_eq!(owner.get("/contacts?archived=include").await.ids(), [made.id()]);
    let archived = owner.get(&path).await.expect(200).json();
    assert!(archived["deleted_at"].is_string());
    member.delete(&format!("{path}?permanent=true")).await.expect(403);
    owner.colleague("manager").await.delete(&format!("{path}?permanent=true")).await.expect(403);
    member.post(&format!("{path}/restore"), &json!({})).await.expect(200);
    assert_eq!(owner.get("/contacts").await.ids(), [made.id()]);
    owner.colleague("admin").await.delete(&format!("{path}?permanent=true")).await.expect(204);
    owner.get(&path).await.expect(404);
    assert!(owner.get("/contacts?archived=include").await.ids().is_empty());
}

/// PIPELINE-09, DEAL-19, DEAL-20, DEAL-21: a card has all that is shown on it: names of company and contact, value, owner,
/// days in the stage, source.
#[actix_web::test]
async fn what_stands_on_a_card() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let acme = company(&owner, "Acme").await;
    let ada = owner.post("/contacts", &json!({"first_name": "Ada", "last_name": "Lovelace"})).await.expect(201).id();
    let input = json!({"name": "Engine", "company_id": acme, "primary_contact_id": ada, "amount_minor": 125_000,
        "currency": "EUR", "source": "referral", "expected_close_date": "2026-12-24"});
    let made = deal(&owner, input).await;
    let sql = "UPDATE deals SET stage_entered_at = now() - interval '3 days 1 hour' WHERE org_id = $1";
    db::execute(sql, owner.org_id()).await;
    let board = owner.get("/deals?view=pipeline").await.expect(200).json();
    let card = &board["columns"][0]["cards"][0];
    for (name, value) in [
        ("name", json!("Engine")),
        ("company_name", json!("Acme")),
        ("primary_contact_name", json!("Ada Lovelace")),
        ("amount_minor", json!(125_000)),
        ("currency", json!("EUR")),
        ("owner_id", json!(owner.user_id())),
        ("days_in_stage", json!(3)),
        ("source", json!("referral")),
        ("expected_close_date", json!("2026-12-24")),
    ] {
        assert_eq!(card[name], value, "{name}");
    }
    assert_eq!(owner.get(&at(&made, "")).await.expect(200).json()["days_in_stage"], 3);
    // Entering another stage begins the days anew.
    let moved = owner.put(&at(&made, "/stage"), &json!({"stage": "Proposal"})).await.expect(200).json();
    assert_eq!(moved["days_in_stage"], 0);
    for source in ["manual", "form", "workflow", "import", "api", "inbound", "outbound", "referral", "partner"] {
        owner.put(&at(&made, ""), &json!({"source": source})).await.expect(200);
    }
    owner.put(&at(&made, ""), &json!({"source": "guesswork"})).await.expect(422);
    assert_eq!(owner.get("/deals?source=partner").await.expect(200).ids().len(), 1);
    let analytics = owner.get("/deals/pipeline?source=partner").await.expect(200).json();
    let counts: i64 = analytics["stages"].as_array().unwrap().iter().map(|s| s["count"].as_i64().unwrap()).sum();
    assert_eq!(counts, 1);
    assert_eq!(owner.get("/deals?source=form").await.expect(200).ids().len(), 0);
}

/// DEAL-10, DEAL-15, DEAL-16, DEAL-26: each of the reasons of a loss, the dates, an abandonment with and without reason.
#[actix_web::test]
async fn reasons_and_dates() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    for reason in ["price", "competition", "no_budget", "timing", "product_fit", "other"] {
        let made = deal(&owner, json!({"expected_close_date": "2026-12-24"})).await;
        let body =
            json!({"lost_reason": reason, "lost_to_competitor": "Rival", "notes": "Why", "closed_date": "2026-11-01"});
        let lost = owner.post(&at(&made, "/lose"), &body).await.expect(200).json();
        for (name, value) in [
            ("status", json!("lost")),
            ("lost_reason", json!(reason)),
            ("lost_to_competitor", json!("Rival")),
            ("close_notes", json!("Why")),
            ("closed_date", json!("2026-11-01")),
            ("expected_close_date", json!("2026-12-24")),
            ("created_at", made["created_at"].clone()),
            // Nothing has been said or done with the deal yet.
            ("first_contact_date", Json::Null),
            ("last_activity_date", Json::Null),
        ] {
            assert_eq!(lost.get(name), Some(&value), "{reason} {name}");
        }
    }
    for body in [json!({}), json!({"close_notes": "They went silent"})] {
        let made = deal(&owner, json!({})).await;
        let gone = owner.post(&at(&made, "/abandon"), &body).await.expect(200).json();
        assert_eq!(
            (&gone["status"], &gone["close_notes"]),
            (&json!("abandoned"), body.get("close_notes").unwrap_or(&Json::Null))
        );
        assert_eq!(gone["closed_date"], json!(chrono::Utc::now().date_naive()));
    }
}

/// SEARCH-05, SEARCH-10: lists are filtered by the fields of the record that a reference leads to, and by whether there
/// are records that belong to one, linked ones included and archived ones not.
#[actix_web::test]
async fn filters_along_relations() {
    let app = TestApp::spawn().await;
    let (owner, stranger) = (app.owner().await, app.owner().await);
    stranger.post("/deals", &json!({"name": "Foreign"})).await.expect(201);
    let company = async |name: &str, industry: Json| {
        owner.post("/companies", &json!({"name": name, "industry": industry})).await.expect(201).id()
    };
    let (acme, bolt) = (company("Acme", json!("Retail")).await, company("Bolt", json!("Steel")).await);
    let bare = company("Crane", json!(null)).await;
    for (name, of) in [("Ada", Some(acme)), ("Bob", Some(bolt)), ("Cyd", Some(bare)), ("Dan", None)] {
        owner.post("/contacts", &json!({"first_name": name, "company_id": of})).await.expect(201);
    }
    let deal = async |name: &str, company: Option<Uuid>, more: Json| {
        let mut body = json!({"name": name, "company_id": company});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        owner.post("/deals", &body).await.expect(201).id()
    };
    deal("Open", Some(acme), json!({"amount_minor": 500})).await;
    let won = deal("Won", Some(bolt), json!({"status": "won", "amount_minor": 900})).await;
    owner.post(&format!("/deals/{won}/companies"), &json!({"company_id": bare})).await.expect(201);
    let archived = deal("Archived", Some(bare), json!({})).await;
    owner.delete(&format!("/deals/{archived}")).await.expect(204);

    let names = async |table: &str, filter: Json| {
        let filter = filter.to_string();
        let found = owner.list(&format!("/{table}"), &[("filter", &filter), ("sort_by", "name")]).await.expect(200);
        found.column("name").iter().map(|name| name.as_str().unwrap().trim().to_owned()).collect::<Vec<_>>()
    };
    let is = |field: &str, op: &str, value: Json| json!({"field": field, "op": op, "value": value});
    let open = is("status", "eq", json!("open"));
    for (table, filter, expected) in [
        ("contacts", is("company.industry", "eq", json!("Retail")), vec!["Ada"]),
        ("contacts", is("company.industry", "ne", json!("Retail")), vec!["Bob", "Cyd", "Dan"]),
        ("contacts", is("company.industry", "in", json!(["Retail", "Steel"])), vec!["Ada", "Bob"]),
        ("contacts", is("company.industry", "empty", json!(null)), vec!["Cyd", "Dan"]),
        ("contacts", is("company.industry", "ne", json!(null)), vec!["Ada", "Bob"]),
        ("contacts", is("company.industry", "nin", json!(["Retail"])), vec!["Bob", "Cyd", "Dan"]),
        ("contacts", is("company.industry", "nin", json!(["Retail", null])), vec!["Bob"]),
        ("contacts", is("company.industry", "in", json!(["Retail", null])), vec!["Ada", "Cyd", "Dan"]),
        ("contacts", is("company.industry", "not_empty", json!(null)), vec!["Ada", "Bob"]),
        ("contacts", is("company.name", "contains", json!("o")), vec!["Bob"]),
        ("deals", is("company.industry", "eq", json!("Steel")), vec!["Won"]),
        ("companies", is("deals", "any", json!(null)), vec!["Acme", "Bolt", "Crane"]),
        ("companies", is("deals", "any", open.clone()), vec!["Acme"]),
        ("companies", is("deals", "none", open), vec!["Bolt", "Crane"]),
        ("companies", is("deals", "any", is("amount_minor", "gte", json!(900))), vec!["Bolt", "Crane"]),
        ("companies", is("contacts", "any", is("first_name", "eq", json!("Ada"))), vec!["Acme"]),
        ("contacts", is("deals", "none", json!(null)), vec!["Ada", "Bob", "Cyd", "Dan"]),
        (
            "companies",
            json!({"or": [is("industry", "eq", json!("Retail")), is("deals", "any", is("company.industry", "eq", json!("Steel")))]}),
            vec!["Acme", "Bolt", "Crane"],
        ),
    ] {
        assert_eq!(names(table, filter.clone()).await, expected, "{table} {filter}");
    }
    for wrong in
        [is("deals.name", "eq", json!("x")), is("company.industry", "eq", json!("x")), is("deals", "any", json!(1))]
    {
        owner.list("/companies", &[("filter", &wrong.to_string())]).await.expect(422);
    }
}

/// AUTH-13, SECURITY-06: whoever may not view deals learns nothing of them by way of companies.
#[actix_web::test]
async fn filters_along_relations_need_the_right_to_view() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let other = owner.colleague("member").await;
    let filter = json!({"and": [{"field": "deals", "op": "any"}]}).to_string();
    other.list("/companies", &[("filter", &filter)]).await.expect(200);
    let withheld = "UPDATE org_members SET permission_overrides = '{\"withheld\": [\"crm.deal.view\"]}' \
         WHERE org_id = $1 AND role = 'member'";
    db::execute(withheld, owner.org_id()).await;
    other.list("/companies", &[("filter", &filter)]).await.expect(403);
    other.get("/companies").await.expect(200);
}
