//! Organizations: making, settings, switching, deleting.

use crate::support::{Member, PASSWORD, TestApp, db};
use domain::pipelines::DEFAULT_STAGES;
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

async fn count(table: &str, org_id: Uuid) -> i64 {
    let sql = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table} WHERE org_id = $1"));
    sqlx::query_scalar(sql).bind(org_id).fetch_one(&mut db::owner().await).await.unwrap()
}

/// TENANCY-10, PIPELINE-02: a new organization begins with an owner and the default pipeline with its stages, whether by
/// registration or as a further organization.
#[actix_web::test]
async fn organizations_begin_with_a_pipeline() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let further = owner.post("/orgs", &json!({"name": "Second", "currency": "EUR"})).await.expect(201).json();
    assert_eq!(further["role"], "owner");
    assert_eq!(further["memberships"].as_array().unwrap().len(), 2);
    assert_eq!(further["organization"]["settings"]["currency"], "EUR");
    let further: Uuid = further["organization"]["id"].as_str().unwrap().parse().unwrap();
    let sql = "SELECT s.name, s.probability FROM pipeline_stages s JOIN pipelines p \
               ON p.org_id = s.org_id AND p.id = s.pipeline_id WHERE s.org_id = $1 AND p.is_default ORDER BY s.position";
    for org_id in [owner.org_id(), further] {
        let stages: Vec<(String, i32)> =
            sqlx::query_as(sql).bind(org_id).fetch_all(&mut db::owner().await).await.unwrap();
        let expected: Vec<_> = DEFAULT_STAGES.iter().map(|s| (s.name.to_owned(), s.probability)).collect();
        assert_eq!(stages, expected);
    }
    let refused = owner.post("/orgs", &json!({"currency": "money"})).await.expect(422);
    assert_eq!(refused.fields().len(), 2);
}

/// TENANCY-01: a person always acts inside one active organization, and switches only to organizations of their own.
#[actix_web::test]
async fn one_organization_is_active() {
    let app = TestApp::spawn().await;
    let (owner, stranger) = (app.owner().await, app.owner().await);
    let first = owner.org_id();
    owner.post("/companies", &json!({"name": "In the first"})).await.expect(201);
    owner.post("/orgs", &json!({"name": "Second"})).await.expect(201);
    assert_eq!(owner.get("/orgs/current").await.expect(200).json()["name"], "Second");
    assert!(owner.get("/companies").await.expect(200).ids().is_empty());
    let other_browser = Member::login(&app.url, &owner.email).await;
    assert_eq!(other_browser.org_id(), first);
    let me = owner.put("/auth/organization", &json!({"org_id": first})).await.expect(200).json();
    assert_eq!(me["organization"]["id"], json!(first));
    assert_eq!(owner.get("/companies").await.expect(200).ids().len(), 1);
    for foreign in [stranger.org_id(), Uuid::now_v7()] {
        let refused = owner.put("/auth/organization", &json!({"org_id": foreign})).await.expect(422);
        assert_eq!(refused.fields(), [("/org_id".to_owned(), "unknown".to_owned())]);
    }
    assert_eq!(owner.get("/auth/me").await.expect(200).json()["organization"]["id"], json!(first));
    owner.put("/auth/organization", &json!({"org_id": "nonsense"})).await.expect(422);
}

/// AUTH-08, AUTH-09, AUTH-14: owner and admin change the settings, nobody else; a change holds for everybody; wrong
/// values are refused at their fields and change nothing.
#[actix_web::test]
async fn settings() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    for (role, allowed) in [("admin", true), ("manager", false), ("member", false), ("viewer", false)] {
        let colleague = owner.colleague(role).await;
        let answer = colleague.put("/orgs/current", &json!({"name": format!("By the {role}")})).await;
        answer.expect(if allowed { 200 } else { 403 });
        assert_eq!(colleague.get("/orgs/current").await.expect(200).json()["name"], "By the admin");
    }
    let body = json!({
        "timezone": "Asia/Tokyo", "currency": "JPY", "phone_region": "JP", "date_order": "ymd",
        "hot_probability": 60, "high_value_minor": 5_000_000,
    });
    let changed = owner.put("/orgs/current", &body).await.expect(200).json();
    assert_eq!(changed["settings"], body);
    let wrong = json!({"name": " ", "timezone": "x", "currency": "yen", "phone_region": "japan"});
    let fields: Vec<_> =
        owner.put("/orgs/current", &wrong).await.expect(422).fields().into_iter().map(|f| f.0).collect();
    assert_eq!(fields, ["/name", "/currency", "/timezone", "/phone_region"]);
    owner.put("/orgs/current", &json!({"nmae": "x"})).await.expect(422);
    assert_eq!(owner.get("/orgs/current").await.expect(200).json(), changed);
}

/// PIPELINE-10: what counts as hot and as high value is a setting: 75 percent and nothing at first, refused at the field
/// where it makes no sense, known to everybody at sign-in, and its change is an event.
#[actix_web::test]
async fn what_marks_deals_is_a_setting() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let settings = owner.get("/orgs/current").await.expect(200).json()["settings"].clone();
    assert_eq!((&settings["hot_probability"], &settings["high_value_minor"]), (&json!(75), &json!(null)));
    for (member, values) in [
        ("hot_probability", [json!(0), json!(101), json!(75.5), json!("75")]),
        ("high_value_minor", [json!(0), json!(-1), json!(1e30), json!("much")]),
    ] {
        for value in values {
            let refused = owner.put("/orgs/current", &json!({member: value})).await.expect(422);
            assert_eq!(refused.fields()[0].0, format!("/{member}"), "{value}");
        }
    }
    owner.put("/orgs/current", &json!({"hot_probability": null, "high_value_minor": 5_000_000})).await.expect(200);
    let viewer = owner.colleague("viewer").await;
    let settings = viewer.get("/auth/me").await.expect(200).json()["organization"]["settings"].clone();
    assert_eq!((&settings["hot_probability"], &settings["high_value_minor"]), (&json!(null), &json!(5_000_000)));
    let sql = "SELECT payload->'changes' FROM domain_events WHERE org_id = $1 AND type = 'organization.updated'";
    let changes: serde_json::Value =
        sqlx::query_scalar(sql).bind(owner.org_id()).fetch_one(&mut db::owner().await).await.unwrap();
    let expected = json!([
        {"field": "high_value_minor", "old": null, "new": 5_000_000},
        {"field": "hot_probability", "old": 75, "new": null},
    ]);
    assert_eq!(changes, expected);
}

/// TENANCY-11: only the owner deletes an organization; all its data goes, other organizations stay, and sessions in it
/// end.
#[actix_web::test]
async fn deleting_an_organization() {
    let app = TestApp::spawn().await;
    let (owner, other) = (app.owner().await, app.owner().await);
    let org_id = owner.org_id();
    let admin = owner.colleague("admin").await;
    for role in ["manager", "member", "viewer"] {
        owner.colleague(role).await.delete("/orgs/current").await.expect(403);
    }
    admin.delete("/orgs/current").await.expect(403);
    let company = owner.post("/companies", &json!({"name": "Acme", "tags": ["VIP"]})).await.expect(201).id();
    owner.post("/contacts", &json!({"first_name": "Jo", "company_id": company})).await.expect(201);
    other.post("/companies", &json!({"name": "Acme"})).await.expect(201);
    owner.delete("/orgs/current").await.expect(204);
    for table in
        ["companies", "contacts", "pipelines", "tags", "domain_events", "audit_log", "org_members", "invitations"]
    {
        assert_eq!(count(table, org_id).await, 0, "{table}");
    }
    owner.get("/auth/me").await.expect(401);
    admin.get("/auth/me").await.expect(401);
    assert_eq!(other.get("/companies").await.expect(200).ids().len(), 1);
}

/// After deleting one of several organizations the session goes on in another one.
#[actix_web::test]
async fn the_session_goes_on_elsewhere() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let first = owner.org_id();
    owner.post("/orgs", &json!({"name": "Second"})).await.expect(201);
    owner.delete("/orgs/current").await.expect(204);
    let me = owner.get("/auth/me").await.expect(200).json();
    assert_eq!(me["organization"]["id"], json!(first));
    assert_eq!(me["memberships"].as_array().unwrap().len(), 1);
}

/// Somebody without any organization is told so at sign-in and can begin again with the same address and password, but
/// nobody else can take the address over.
#[actix_web::test]
async fn beginning_again() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    owner.delete("/orgs/current").await.expect(204);
    let nobody = Member::nobody(&app.url);
    let login = json!({"email": owner.email, "password": PASSWORD});
    assert_eq!(nobody.post("/auth/login", &login).await.expect(403).problem().code.as_str(), "forbidden");
    let mut again =
        json!({"organization": "Again", "name": "Olive", "email": owner.email, "password": "other horse 2"});
    nobody.post("/auth/register", &again).await.expect(409);
    again["password"] = json!(PASSWORD);
    let me = nobody.post("/auth/register", &again).await.expect(201).json();
    assert_eq!(me["user"]["id"], json!(owner.user_id()));
    nobody.send(Method::GET, "/orgs/current", None, None).await.expect(200);
    nobody.post("/auth/register", &again).await.expect(409);
}
