//! The list contract: paging by number and by cursor, totals, sorting, filters, fields.

use crate::support::{Member, TestApp, db, eventually};
use serde_json::{Value as Json, json};
use sqlx::Connection;
use uuid::Uuid;

async fn companies(owner: &Member, inputs: &[Json]) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for input in inputs {
        ids.push(owner.post("/companies", input).await.expect(201).id());
    }
    ids
}

/// COMPANY-12, PLATFORM-10: pages by number have totals; cursors lead through the same rows in both directions.
#[actix_web::test]
async fn pages_and_cursors_agree() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    // Ties and empty values in the sort keys: the id decides, and nothing is skipped or doubled.
    let inputs: Vec<_> = (0..23)
        .map(|n| json!({"name": format!("Company {n:02}"), "employee_count": if n % 4 == 0 { json!(null) } else { json!(n % 3) },
            "primary_email": if n % 3 == 0 { json!(null) } else { json!(format!("{}{n}@x.example", if n % 2 == 0 { 'A' } else { 'b' })) }}))
        .collect();
    companies(&owner, &inputs).await;
    for sort in [
        "name",
        "-created_at",
        "employee_count,-name",
        "-employee_count",
        "industry",
        "primary_email",
        "-primary_email",
    ] {
        let whole = owner.list("/companies", &[("sort_by", sort), ("limit", "200")]).await.expect(200);
        assert_eq!(whole.json()["pagination"]["total"], 23);
        let all = whole.ids();
        let (mut seen, mut cursor, mut pages) = (Vec::new(), None::<String>, Vec::new());
        loop {
            let mut params = vec![("sort_by", sort), ("limit", "5")];
            if let Some(cursor) = &cursor {
                params.push(("cursor", cursor));
            }
            let page = owner.list("/companies", &params).await.expect(200);
            seen.extend(page.ids());
            pages.push(page.json()["pagination"].clone());
            cursor = page.json()["pagination"]["next_cursor"].as_str().map(str::to_owned);
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, all, "{sort}");
        assert_eq!((pages.len(), &pages[0]["pages"], &pages[0]["total_exact"]), (5, &json!(5), &json!(true)));
        let back = pages[2]["prev_cursor"].as_str().unwrap();
        let before = owner.list("/companies", &[("sort_by", sort), ("limit", "5"), ("cursor", back)]).await.expect(200);
        assert_eq!(before.ids(), all[5..10], "{sort} backwards");
        let second = owner.list("/companies", &[("sort_by", sort), ("limit", "5"), ("page", "2")]).await.expect(200);
        assert_eq!(second.ids(), all[5..10], "{sort} by number");
    }
}

/// COMPANY-12: the number of records follows whatever becomes of them, one by one and many at once.
#[actix_web::test]
async fn totals_follow_the_records() {
    let app = TestApp::spawn().await;
    let (owner, other) = (app.owner().await, app.owner().await);
    let total = async |who: &Member| {
        who.list("/companies", &[("limit", "1")]).await.expect(200).json()["pagination"]["total"].clone()
    };
    let inputs: Vec<_> = (0..4).map(|n| json!({"name": format!("Company {n}")})).collect();
    let ids = companies(&owner, &inputs).await;
    companies(&other, &inputs[..2]).await;
    assert_eq!((total(&owner).await, total(&other).await), (json!(4), json!(2)));
    owner.delete(&format!("/companies/{}", ids[0])).await.expect(204);
    owner.delete(&format!("/companies/{}", ids[1])).await.expect(204);
    owner.delete(&format!("/companies/{}?permanent=true", ids[0])).await.expect(204);
    assert_eq!(total(&owner).await, json!(2));
    owner.post(&format!("/companies/{}/restore", ids[1]), &json!({})).await.expect(200);
    owner.delete(&format!("/companies/{}?permanent=true", ids[2])).await.expect(204);
    assert_eq!(total(&owner).await, json!(2));
    let many = "INSERT INTO companies (org_id, id, name, deleted_at) SELECT $1, gen_random_uuid(), 'Many ' || n, \
         CASE WHEN n % 3 = 0 THEN now() END FROM generate_series(1, 300) n";
    db::execute(many, owner.org_id()).await;
    assert_eq!(total(&owner).await, json!(202));
    let archive =
        "UPDATE companies SET deleted_at = now() WHERE org_id = $1 AND deleted_at IS NULL AND name LIKE 'Many%'";
    // The relay adds the differences up; the sum stays. Those of a commit may be gone at once: relays of other tests
    // carry events of all organizations.
    const DIFFERENCES: &str = "SELECT count(*) FROM record_counts WHERE org_id = $1";
    let mut conn = db::owner().await;
    let mut tx = conn.begin().await.unwrap();
    let archived = sqlx::query(archive).bind(owner.org_id()).execute(&mut *tx).await.unwrap();
    let differences: i64 = sqlx::query_scalar(DIFFERENCES).bind(owner.org_id()).fetch_one(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    assert!(archived.rows_affected() == 200 && differences > 200, "{differences}");
    assert_eq!(total(&owner).await, json!(2));
    // They are added up with the next event, whichever relay carries it.
    companies(&owner, &[json!({"name": "Late"})]).await;
    app.carry(&owner).await;
    eventually("the differences are added up", || async {
        (db::count(DIFFERENCES, owner.org_id()).await == 1).then_some(())
    })
    .await;
    assert_eq!((total(&owner).await, total(&other).await), (json!(3), json!(2)));
    assert_eq!(db::execute("DELETE FROM organizations WHERE id = $1", owner.org_id()).await, 1);
}

/// Numbered pages end at row 10,000; what does not fit is refused by name.
#[actix_web::test]
async fn limits_of_lists() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    for (params, field) in [
        (("page", "201"), "page"),
        (("page", "0"), "page"),
        (("limit", "201"), "limit"),
        (("limit", "many"), "limit"),
        (("cursor", "nonsense"), "cursor"),
        (("sort_by", "notes"), "sort_by"),
        (("sort_by", "password"), "sort_by"),
        (("colour", "red"), "colour"),
        (("filter", "{"), "filter"),
        (("filter", "{\"field\":\"name\",\"op\":\"gt\",\"value\":1}"), "/filter/op"),
        (("status", "asleep"), "status"),
        (("archived", "maybe"), "archived"),
        (("mine", "perhaps"), "mine"),
    ] {
        let fields = owner.list("/companies", &[params]).await.expect(422).fields();
        assert_eq!(fields.first().unwrap().0, field, "{params:?}");
    }
    let twice = owner.list("/companies", &[("filter", "{}"), ("filter", "{}"), ("mine", "1")]).await.expect(422);
    assert_eq!(twice.fields(), [("filter".to_owned(), "duplicate".to_owned())], "neither of both is ignored");
}

/// SEARCH-04, SEARCH-05, COMPANY-11: every operator answers as it says, and shorthands mean the same.
#[actix_web::test]
async fn filters_select_rows() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let ids = companies(
        &owner,
        &[
            json!({"name": "Alpha 100%", "industry": "Retail", "annual_revenue_minor": 100, "primary_email": "A@alpha.com"}),
            json!({"name": "Beta", "industry": "Software", "annual_revenue_minor": 200, "status": "inactive"}),
            json!({"name": "Gamma", "annual_revenue_minor": 300, "tags": ["Key"], "owner_id": null}),
        ],
    )
    .await;
    let (a, b, c) = (ids[0], ids[1], ids[2]);
    let cases: Vec<(Json, Vec<Uuid>)> = vec![
        (json!({"field": "industry", "op": "eq", "value": "Retail"}), vec![a]),
        (json!({"field": "industry", "op": "ne", "value": "Retail"}), vec![b, c]),
        (json!({"field": "industry", "op": "in", "value": ["Retail", null]}), vec![a, c]),
        (json!({"field": "industry", "op": "nin", "value": ["Retail"]}), vec![b, c]),
        (json!({"field": "industry", "op": "empty"}), vec![c]),
        (json!({"field": "industry", "op": "not_empty"}), vec![a, b]),
        (json!({"field": "name", "op": "contains", "value": "0%"}), vec![a]),
        (json!({"field": "name", "op": "starts_with", "value": "gam"}), vec![c]),
        (json!({"field": "annual_revenue_minor", "op": "gt", "value": 100}), vec![b, c]),
        (json!({"field": "annual_revenue_minor", "op": "between", "value": [100, 200]}), vec![a, b]),
        (json!({"field": "primary_email", "op": "eq", "value": "a@ALPHA.com"}), vec![a]),
        (json!({"field": "tags", "op": "eq", "value": "key"}), vec![c]),
        (json!({"field": "tags", "op": "nin", "value": ["key"]}), vec![a, b]),
        (json!({"field": "tags", "op": "empty"}), vec![a, b]),
        (json!({"field": "owner_id", "op": "empty"}), vec![c]),
        (json!({"field": "created_at", "op": "within", "value": "today"}), vec![a, b, c]),
        (json!({"field": "created_at", "op": "within", "value": "yesterday"}), vec![]),
        (json!({"field": "created_at", "op": "gte", "value": "2020-01-01"}), vec![a, b, c]),
        (json!({"or": []}), vec![]),
        (
            json!({"and": [{"field": "status", "op": "eq", "value": "active"}, {"or": [
            {"field": "industry", "op": "eq", "value": "Retail"}, {"field": "industry", "op": "eq", "value": "Software"}]}]}),
            vec![a],
        ),
    ];
    for (filter, expected) in cases {
        let found = owner.list("/companies", &[("filter", &filter.to_string()), ("sort_by", "name")]).await.expect(200);
        assert_eq!(found.ids(), expected, "{filter}");
    }
    for (params, expected) in [
        (vec![("industry", "Retail,Software")], vec![a, b]),
        (vec![("status", "inactive")], vec![b]),
        (vec![("mine", "true"), ("status", "active")], vec![a]),
        (vec![("created_from", "2020-01-01"), ("created_to", "2020-02-01")], vec![]),
        (vec![("tags", "key"), ("status", "active")], vec![c]),
    ] {
        let mut params = params.clone();
        params.push(("sort_by", "name"));
        assert_eq!(owner.list("/companies", &params).await.expect(200).ids(), expected, "{params:?}");
    }
}

/// PLATFORM-11: only the members asked for are answered.
#[actix_web::test]
async fn fields_are_chosen() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let id = companies(&owner, &[json!({"name": "A", "industry": "Retail"})]).await[0];
    let list = owner.list("/companies", &[("fields", "name,industry")]).await.expect(200).json();
    assert_eq!(list["data"][0], json!({"id": id, "name": "A", "industry": "Retail"}));
    let one = owner.get(&format!("/companies/{id}?fields=name")).await.expect(200).json();
    assert_eq!(one, json!({"id": id, "name": "A"}));
    owner.get(&format!("/companies/{id}?include=everything")).await.expect(422);
    let with = owner.get(&format!("/companies/{id}?include=contacts,deals")).await.expect(200).json();
    assert_eq!((&with["contacts"], &with["deals"]), (&json!([]), &json!([])));
}

/// COMPANY-11, SEARCH-09: the companies' list searches names, addresses and numbers, is filtered by status, category,
/// owner, industry and tags, all at once, and sorted by name or age.
#[actix_web::test]
async fn the_list_of_companies() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let other = owner.colleague("member").await.user_id().to_string();
    let inputs = [
        json!({"name": "Zeta Foods", "industry": "Retail", "category": "customer", "primary_email": "info@zeta.example"}),
        json!({"name": "Acme", "industry": "Retail", "category": "partner", "owner_id": other, "tags": ["Key"]}),
        json!({"name": "Beta", "industry": "Software", "status": "inactive", "primary_phone": "+49 30 901820"}),
    ];
    companies(&owner, &inputs).await;
    app.carry(&owner).await;
    let names = async |params: &[(&str, &str)]| {
        let mut params = params.to_vec();
        if !params.iter().any(|(name, _)| *name == "sort_by") {
            params.push(("sort_by", "name"));
        }
        owner.list("/companies", &params).await.expect(200).column("name")
    };
    assert_eq!(names(&[("search", "zet")]).await, ["Zeta Foods"]);
    assert_eq!(names(&[("search", "info@zeta")]).await, ["Zeta Foods"]);
    assert_eq!(names(&[("search", "030 901820")]).await, ["Beta"]);
    assert_eq!(names(&[("industry", "Retail")]).await, ["Acme", "Zeta Foods"]);
    assert_eq!(names(&[("industry", "Retail"), ("owner_id", &other)]).await, ["Acme"]);
    assert_eq!(names(&[("category", "customer"), ("status", "active"), ("search", "foods")]).await, ["Zeta Foods"]);
    assert_eq!(names(&[("tags", "key"), ("category", "customer")]).await, Vec::<Json>::new());
    assert_eq!(names(&[("sort_by", "created_at")]).await, ["Zeta Foods", "Acme", "Beta"]);
    assert_eq!(names(&[("sort_by", "name"), ("sort_order", "desc")]).await, ["Zeta Foods", "Beta", "Acme"]);
}

/// CONTACT-15, CONTACT-16, CONTACT-17, SEARCH-08: the contacts' list searches names, addresses and numbers, is filtered
/// by company, role, owner, tags and day of making, all at once, and has 50 rows on a page unless asked otherwise.
#[actix_web::test]
async fn the_list_of_contacts() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let acme = owner.post("/companies", &json!({"name": "Acme"})).await.expect(201).id().to_string();
    for n in 0..52 {
        let input = json!({"first_name": format!("Person {n:02}"), "email": format!("p{n}@example.com"),
            "company_id": if n < 10 { json!(acme) } else { json!(null) }, "role": if n % 2 == 0 { "user" } else { "influencer" },
            "tags": if n < 3 { json!(["VIP"]) } else { json!([]) }, "phone": format!("+1 415 555 2{n:03}")});
        owner.post("/contacts", &input).await.expect(201);
    }
    app.carry(&owner).await;
    let first = owner.get("/contacts").await.expect(200).json();
    assert_eq!((first["data"].as_array().unwrap().len(), &first["pagination"]["total"]), (50, &json!(52)));
    let names = async |params: &[(&str, &str)]| {
        let mut params = params.to_vec();
        params.push(("sort_by", "name"));
        owner.list("/contacts", &params).await.expect(200).column("name")
    };
    assert_eq!(names(&[("company_id", &acme), ("role", "user"), ("tags", "vip")]).await, ["Person 00", "Person 02"]);
    assert_eq!(names(&[("search", "person 51")]).await, ["Person 51"]);
    assert_eq!(names(&[("search", "p37@example")]).await, ["Person 37"]);
    assert_eq!(names(&[("search", "(415) 555-2044")]).await, ["Person 44"]);
    assert_eq!(names(&[("company_id", &acme), ("search", "person 51")]).await, Vec::<Json>::new());
    let today = chrono::Utc::now().date_naive().to_string();
    assert_eq!(names(&[("created_from", &today), ("tags", "vip")]).await.len(), 3);
    assert_eq!(names(&[("created_to", "2020-01-01")]).await.len(), 0);
    let newest = owner.list("/contacts", &[("sort_by", "-created_at"), ("limit", "1")]).await.expect(200);
    assert_eq!(newest.column("name"), ["Person 51"]);
}

/// DEAL-25, SEARCH-07: the deals' list searches titles, has the four statuses, stage and owner, and is sorted by age,
/// value or closing day.
#[actix_web::test]
async fn the_list_of_deals() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let member = owner.colleague("member").await.user_id().to_string();
    for (name, amount, date, status) in [
        ("Harbour crane", 500, "2027-01-31", "open"),
        ("Harbour lights", 900, "2026-12-01", "won"),
        ("Conveyor", 100, "2027-03-01", "lost"),
        ("Pumps", 700, "2026-11-30", "abandoned"),
    ] {
        let input = json!({"name": name, "amount_minor": amount, "expected_close_date": date, "status": status,
            "owner_id": if name == "Pumps" { json!(member) } else { json!(owner.user_id()) }});
        owner.post("/deals", &input).await.expect(201);
    }
    app.carry(&owner).await;
    let names = async |params: &[(&str, &str)]| owner.list("/deals", params).await.expect(200).column("name");
    assert_eq!(names(&[("search", "harbour"), ("sort_by", "amount_minor")]).await, ["Harbour crane", "Harbour lights"]);
    assert_eq!(names(&[("search", "harbor")]).await.len(), 2, "a slip of the pen is forgiven");
    for (status, name) in
        [("open", "Harbour crane"), ("won", "Harbour lights"), ("lost", "Conveyor"), ("abandoned", "Pumps")]
    {
        assert_eq!(names(&[("status", status)]).await, [name], "{status}");
    }
    assert_eq!(names(&[("owner_id", &member)]).await, ["Pumps"]);
    assert_eq!(names(&[("stage", "Closed won")]).await, ["Harbour lights"]);
    assert_eq!(names(&[("stage", "Closed won"), ("status", "open")]).await, Vec::<Json>::new());
    let by_value = ["Harbour lights", "Pumps", "Harbour crane", "Conveyor"];
    assert_eq!(names(&[("sort_by", "-amount_minor")]).await, by_value);
    let by_date = ["Pumps", "Harbour lights", "Harbour crane", "Conveyor"];
    assert_eq!(names(&[("sort_by", "expected_close_date")]).await, by_date);
    assert_eq!(names(&[("sort_by", "created_at")]).await, ["Harbour crane", "Harbour lights", "Conveyor", "Pumps"]);
}
