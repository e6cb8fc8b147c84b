//! Own fields in filters, orders and search.

use super::{company, define, options};
use crate::bulk::working;
use crate::support::{Member, TestApp, db, eventually, servers};
use secrecy::ExposeSecret;
use serde_json::{Value as Json, json};
use sqlx::{Connection, PgConnection};
use std::time::Duration;
use uuid::Uuid;

async fn names(member: &Member, filter: Json) -> Vec<String> {
    let filter = filter.to_string();
    let params = [("filter", filter.as_str()), ("sort_by", "name")];
    texts(&member.list("/companies", &params).await.expect(200).column("name"))
}

fn texts(names: &[Json]) -> Vec<String> {
    names.iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

async fn fleet(owner: &Member) {
    define(owner, "company", "Fleet", "number", json!({})).await;
    define(owner, "company", "Tier", "select", options(&["Gold", "Silver"])).await;
    define(owner, "company", "Brands", "multi_select", options(&["A", "B"])).await;
    define(owner, "company", "Since", "date", json!({})).await;
    define(owner, "company", "Audited", "checkbox", json!({})).await;
    define(owner, "company", "Motto", "textarea", json!({})).await;
    let all = json!({"fleet": 10, "tier": "gold", "brands": ["a"], "since": "2024-05-01", "audited": true, "motto": "50% off_all"});
    company(owner, "All", all).await;
    company(owner, "Half", json!({"fleet": 9.5, "tier": "silver", "brands": ["a", "b"], "audited": false})).await;
    company(owner, "None", json!({})).await;
    company(owner, "Old", json!({"fleet": 100, "since": "1999-12-31"})).await;
}

/// FIELD-09, SEARCH-04, SEARCH-05: every operator of every type, alone and with others.
#[actix_web::test]
async fn filters() {
    let app = TestApp::spawn().await;
    let (owner, stranger) = (app.owner().await, app.owner().await);
    fleet(&owner).await;
    fleet(&stranger).await;
    let is = |field: &str, op: &str, value: Json| json!({"field": format!("custom_fields.{field}"), "op": op, "value": value});
    for (filter, expected) in [
        (is("fleet", "eq", json!(10)), vec!["All"]),
        (is("fleet", "ne", json!(10)), vec!["Half", "None", "Old"]),
        (is("fleet", "in", json!([9.5, 100])), vec!["Half", "Old"]),
        (is("fleet", "in", json!([9.5, null])), vec!["Half", "None"]),
        (is("fleet", "nin", json!([9.5, null])), vec!["All", "Old"]),
        (is("fleet", "lt", json!(10)), vec!["Half"]),
        (is("fleet", "lte", json!(10)), vec!["All", "Half"]),
        // Numbers, not texts: 9.5 is less than 100.
        (is("fleet", "gt", json!(9.5)), vec!["All", "Old"]),
        (is("fleet", "gte", json!(9.5)), vec!["All", "Half", "Old"]),
        (is("fleet", "between", json!([9, 11])), vec!["All", "Half"]),
        (is("fleet", "empty", json!(null)), vec!["None"]),
        (is("fleet", "not_empty", json!(null)), vec!["All", "Half", "Old"]),
        (is("tier", "eq", json!("gold")), vec!["All"]),
        (is("tier", "ne", json!("gold")), vec!["Half", "None", "Old"]),
        (is("tier", "eq", json!(null)), vec!["None", "Old"]),
        (is("brands", "eq", json!("a")), vec!["All", "Half"]),
        (is("brands", "in", json!(["b"])), vec!["Half"]),
        (is("brands", "nin", json!(["a", "b"])), vec!["None", "Old"]),
        (is("since", "lt", json!("2000-01-01")), vec!["Old"]),
        (is("since", "between", json!(["2024-01-01", "2024-12-31"])), vec!["All"]),
        (is("since", "within", json!({"unit": "year", "last": 60})), vec!["All", "Old"]),
        (is("audited", "eq", json!(true)), vec!["All"]),
        (is("audited", "eq", json!(false)), vec!["Half", "None", "Old"]),
        (is("motto", "contains", json!("% OFF_")), vec!["All"]),
        (is("motto", "contains", json!("off all")), vec![]),
        (
            json!({"and": [is("fleet", "gt", json!(1)), {"or": [is("tier", "eq", json!("silver")), {"field": "name", "op": "eq", "value": "Old"}]}]}),
            vec!["Half", "Old"],
        ),
    ] {
        let found = names(&owner, filter.clone()).await;
        assert_eq!(found, expected, "{filter}");
    }
    for wrong in [is("fleet", "contains", json!("1")), is("tier", "eq", json!("bronze")), is("wings", "eq", json!(1))] {
        owner.list("/companies", &[("filter", &wrong.to_string())]).await.expect(422);
    }
    let short = owner.get("/companies?custom_fields.tier=gold,silver&sort_by=name").await.expect(200);
    assert_eq!(texts(&short.column("name")), ["All", "Half"]);
}

/// FIELD-08, FIELD-09: lists are sorted by own fields in both directions, those without a value last, and paged by number
/// and by cursor, there and back.
#[actix_web::test]
async fn orders() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    define(&owner, "company", "Fleet", "number", json!({})).await;
    define(&owner, "company", "Motto", "text", json!({})).await;
    for n in 0..7 {
        let own = json!({"fleet": (n * 37) % 5, "motto": format!("m{}", n % 2)});
        company(&owner, &format!("With {n}"), own).await;
    }
    for n in 0..5 {
        company(&owner, &format!("Without {n}"), json!({"motto": "m1"})).await;
    }
    for sort in [
        "custom_fields.fleet",
        "-custom_fields.fleet",
        "custom_fields.fleet,name",
        "-custom_fields.motto,custom_fields.fleet",
        "name,-custom_fields.fleet",
    ] {
        let whole = owner.list("/companies", &[("sort_by", sort), ("limit", "200")]).await.expect(200);
        let expected = whole.ids();
        assert_eq!(expected.len(), 12);
        if sort.trim_start_matches('-').starts_with("custom_fields.fleet") {
            let values: Vec<Option<f64>> =
                whole.column("custom_fields").iter().map(|own| own["fleet"].as_f64()).collect();
            assert!(values[7..].iter().all(Option::is_none), "{sort}: {values:?}");
            let down = sort.starts_with('-');
            assert!(
                values[..7].windows(2).all(|pair| if down { pair[0] >= pair[1] } else { pair[0] <= pair[1] }),
                "{sort}"
            );
        }
        for limit in ["1", "3", "5", "7", "12"] {
            let mut numbered = Vec::new();
            for page in 1..=(12_usize.div_ceil(limit.parse::<usize>().unwrap())) {
                let page = page.to_string();
                let params = [("sort_by", sort), ("limit", limit), ("page", &page)];
                numbered.extend(owner.list("/companies", &params).await.expect(200).ids());
            }
            assert_eq!(numbered, expected, "{sort}: pages of {limit}");
            let (mut there, mut cursor) = (Vec::new(), None::<String>);
            let last = loop {
                let mut params = vec![("sort_by", sort), ("limit", limit)];
                params.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
                let page = owner.list("/companies", &params).await.expect(200);
                there.extend(page.ids());
                let pagination = page.json()["pagination"].clone();
                cursor = pagination["next_cursor"].as_str().map(str::to_owned);
                if cursor.is_none() {
                    break pagination;
                }
            };
            assert_eq!(there, expected, "{sort}: cursors of {limit}");
            let mut back = Vec::new();
            let mut cursor = last["prev_cursor"].as_str().map(str::to_owned);
            while let Some(at) = cursor {
                let params = [("sort_by", sort), ("limit", limit), ("cursor", at.as_str())];
                let page = owner.list("/companies", &params).await.expect(200);
                let mut ids = page.ids();
                ids.append(&mut back);
                back = ids;
                cursor = page.json()["pagination"]["prev_cursor"].as_str().map(str::to_owned);
            }
            let rest = 12 - back.len();
            assert_eq!(back, expected[..12 - rest], "{sort}: back by {limit}");
            assert!(rest <= limit.parse::<usize>().unwrap(), "{sort}: back by {limit} from {rest}");
        }
    }
    owner.get("/companies?sort_by=custom_fields.none").await.expect(422);
}

/// The names of the companies found.
async fn found(owner: &Member, words: &str) -> Vec<String> {
    texts(&owner.list("/companies", &[("search", words)]).await.expect(200).column("name"))
}

/// Waits until a search finds these companies.
async fn finds(owner: &Member, words: &str, names: &[&str]) {
    eventually(words, async || (found(owner, words).await == names).then_some(())).await;
}

fn renamed(value: &str, label: &str) -> Json {
    json!({"options": [{"value": value, "label": label}]})
}

/// FIELD-09, FIELD-06: records are found by texts, numbers and labels of their own fields, by new labels as soon as options
/// are renamed, and not by deleted fields until these are restored; no record is written for that.
#[actix_web::test]
async fn search() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    define(&owner, "company", "Ship", "text", json!({})).await;
    define(&owner, "company", "Register no", "number", json!({})).await;
    let flag = define(&owner, "company", "Flag", "select", options(&["Marshall Islands"])).await;
    company(&owner, "Acme", json!({"ship": "Ever Given", "register_no": 9811000, "flag": "marshall_islands"})).await;
    app.carry(&owner).await;
    for words in ["ever giv", "9811000", "marshall isl"] {
        assert_eq!(found(&owner, words).await, ["Acme"], "{words}");
    }
    working(&app, async {
        owner.put(&super::path(&flag), &renamed("marshall_islands", "Palau")).await.expect(200);
        finds(&owner, "palau", &["Acme"]).await;
        assert!(found(&owner, "marshall").await.is_empty());
        owner.delete(&super::path(&flag)).await.expect(204);
        finds(&owner, "palau", &[]).await;
        assert_eq!(found(&owner, "ever giv").await, ["Acme"]);
        assert_eq!(owner.get("/companies").await.expect(200).column("version"), [1]);
        let company = owner.get("/companies").await.ids()[0];
        owner.put(&format!("/companies/{company}"), &json!({"name": "Acme 2"})).await.expect(200);
        app.carry(&owner).await;
        assert!(found(&owner, "palau").await.is_empty());
        owner.post(&format!("{}/restore", super::path(&flag)), &json!({})).await.expect(200);
        finds(&owner, "palau", &["Acme 2"]).await;
    })
    .await;
}

const DOCUMENTS: &str = "SELECT count(*) FROM search_documents WHERE org_id = $1 AND keywords LIKE '%Palau%'";
const JOBS: &str = "SELECT count(*) FROM graphile_worker._private_jobs WHERE payload ->> 'org_id' = $1::text";
const RUNNING: &str = "SELECT count(*) FROM graphile_worker._private_jobs \
     WHERE payload ->> 'org_id' = $1::text AND locked_at IS NOT NULL";
/// Sessions that wait for their turn to write search documents.
const STUCK: &str = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted \
     AND (classid::bigint << 32 | objid::bigint) = hashtextextended('projection:' || $1::text, 0)";

/// FIELD-09, PLATFORM-18: after a change of a field the documents of all its records are written, batch after batch. What
/// breaks off is done all the same; two changes are written one after the other, and the later one stays.
#[actix_web::test]
async fn documents_follow_definitions() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let org = owner.org_id();
    let flag = define(&owner, "company", "Flag", "select", options(&["Malta"])).await;
    let many = "INSERT INTO companies (org_id, id, name, custom_fields) \
         SELECT $1, gen_random_uuid(), 'Company ' || n, '{\"flag\": \"malta\"}' FROM generate_series(1, 1200) n";
    assert_eq!(db::execute(many, org).await, 1200);
    let mut holder = db::owner().await;
    let hold = "SELECT pg_advisory_lock(hashtextextended('projection:' || $1::text, 0))";
    let stuck = async || eventually("the job waits", async || (db::count(STUCK, org).await == 1).then_some(())).await;
    working(&app, async {
        sqlx::query(hold).bind(org).execute(&mut holder).await.unwrap();
        owner.put(&super::path(&flag), &renamed("malta", "Malta 2")).await.expect(200);
        stuck().await;
        interrupt(org).await;
        stuck().await;
        // Asked for in the middle of the first batch.
        let (path, later) = (super::path(&flag), renamed("malta", "Palau"));
        let release = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            holder.close().await.unwrap();
        };
        let (answer, ()) = futures_util::join!(owner.put(&path, &later), release);
        answer.expect(200);
        eventually("both are done", async || (db::count(JOBS, org).await == 0).then_some(())).await;
        assert_eq!(db::count(DOCUMENTS, org).await, 1200);
    })
    .await;
}

/// Ends the sessions that wait for their turn to write search documents.
async fn interrupt(org: Uuid) {
    let mut worker = PgConnection::connect(servers().worker.expose_secret()).await.unwrap();
    let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted \
         AND (classid::bigint << 32 | objid::bigint) = hashtextextended('projection:' || $1::text, 0)";
    let ended: i64 = sqlx::query_scalar(end).bind(org).fetch_one(&mut worker).await.unwrap();
    assert_eq!(ended, 1);
    eventually("it has broken off", async || (db::count(RUNNING, org).await == 0).then_some(())).await;
}

/// FIELD-09, SEARCH-06: views hold own fields as columns, filters and order, and refuse unknown ones.
#[actix_web::test]
async fn views() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    define(&owner, "deal", "Region", "text", json!({})).await;
    let view = |field: &str| {
        json!({"entity": "deal", "name": field, "sort": format!("-{field}"),
            "filters": {"field": field, "op": "starts_with", "value": "N"},
            "columns": [{"field": "name", "width": 200}, {"field": field, "width": 120}]})
    };
    owner.post("/saved-views", &view("custom_fields.region")).await.expect(201);
    let wrong = owner.post("/saved-views", &view("custom_fields.area")).await.expect(422);
    let paths: Vec<String> = wrong.fields().into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["/filters/field", "/sort", "/columns/1/field"]);
}
