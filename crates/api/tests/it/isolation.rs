//! Nobody reads or changes anything of another organization. What is checked comes from the database's catalogue and
//! from the OpenAPI document, so that a new table or route is covered without anyone remembering.

use crate::support::routes::{PUBLIC, fill, with_ids};
use crate::support::{Member, TestApp, servers};
use api::openapi::DOCUMENT;
use secrecy::ExposeSecret;
use serde_json::{Value as Json, json};
use sqlx::{Connection, PgConnection, Row};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Global tables, and why they have no `org_id`.
const GLOBAL: &[&str] = &[
    "users",            // a person belongs to no organization by itself; rows show only through memberships
    "organizations",    // the tenant itself; its own id is the key
    "_sqlx_migrations", // which migrations have run
];

async fn connect(url: &secrecy::SecretString) -> PgConnection {
    PgConnection::connect(url.expose_secret()).await.unwrap()
}

async fn column(conn: &mut PgConnection, sql: &'static str) -> Vec<String> {
    sqlx::query(sql).fetch_all(conn).await.unwrap().iter().map(|row| row.get(0)).collect()
}

/// TENANCY-02, TENANCY-03, TENANCY-09: every table has `org_id`, which refers to the organization and goes with it,
/// row-level security enabled and forced, and a policy with both halves; no table has a policy that is not in force.
#[actix_web::test]
async fn every_table_is_under_row_level_security() {
    let mut owner = connect(servers().owner.as_ref().unwrap()).await;
    let bad = column(
        &mut owner,
        "SELECT c.relname::text || ': rls ' || c.relrowsecurity || ', forced ' || c.relforcerowsecurity
           FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> '_sqlx_migrations'
            AND NOT (c.relrowsecurity AND c.relforcerowsecurity)",
    )
    .await;
    assert!(bad.is_empty(), "{bad:?}");
    let without_policy = column(
        &mut owner,
        "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname NOT IN ('_sqlx_migrations', 'users')
            AND NOT EXISTS (SELECT 1 FROM pg_policies p WHERE p.tablename = c.relname AND p.policyname = 'tenant'
                 AND p.qual LIKE '%app_org()%' AND p.with_check LIKE '%app_org()%')",
    )
    .await;
    assert!(without_policy.is_empty(), "{without_policy:?}");
    let without_org = column(
        &mut owner,
        "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
            AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'org_id' AND a.attnotnull)",
    )
    .await;
    assert!(without_org.iter().all(|t| GLOBAL.contains(&t.as_str())), "{without_org:?}");
    let staying = column(
        &mut owner,
        "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id'
          WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
            AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f'
                 AND k.confrelid = 'organizations'::regclass AND k.confdeltype = 'c' AND k.conkey = ARRAY[a.attnum])
            -- They go with something that goes, or the organization's own trigger takes them along (migrations/check.sql
            -- looks whether it does).
            AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f'
                 AND k.confdeltype = 'c' AND k.conkey[1] = a.attnum AND cardinality(k.conkey) = 2
                 AND EXISTS (SELECT 1 FROM pg_attribute n WHERE n.attrelid = c.oid AND n.attnum = k.conkey[2] AND n.attnotnull))
            AND NOT EXISTS (SELECT 1 FROM pg_proc f WHERE f.proname = 'organizations_take_along'
                 AND f.prosrc ~ ('DELETE FROM ' || c.relname || ' WHERE org_id = OLD.id;'))",
    )
    .await;
    assert!(staying.is_empty(), "rows that would stay without their organization: {staying:?}");
}

/// TENANCY-12: the servers' roles own nothing and bypass nothing; the worker's view of all organizations is limited
/// to the outbox.
#[actix_web::test]
async fn exceptions_are_the_ones_we_know() {
    let mut owner = connect(servers().owner.as_ref().unwrap()).await;
    let powerful = column(
        &mut owner,
        "SELECT rolname::text FROM pg_roles WHERE rolname IN ('rapport_app', 'rapport_worker')
            AND (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole)",
    )
    .await;
    assert!(powerful.is_empty(), "{powerful:?}");
    let open = column(
        &mut owner,
        "SELECT tablename || '.' || policyname FROM pg_policies
          WHERE schemaname = 'public' AND qual = 'true' AND NOT roles = '{rapport_owner}' ORDER BY 1",
    )
    .await;
    assert_eq!(open, ["domain_events.worker_reads_all", "event_queue.worker_reads_all"]);
}

/// TENANCY-05, TENANCY-07: a connection of the app role that has not said which organization it acts for sees nothing.
#[actix_web::test]
async fn without_an_organization_nothing_is_seen() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    owner.post("/companies", &json!({"name": "Somebody's", "tags": ["x"]})).await.expect(201);
    let mut tables = connect(servers().owner.as_ref().unwrap()).await;
    let names = column(
        &mut tables,
        "SELECT table_name::text FROM information_schema.tables
          WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> '_sqlx_migrations'",
    )
    .await;
    assert!(names.len() > 20);
    let mut conn = connect(&servers().app).await;
    for name in names {
        // Table names come from the catalogue.
        let sql = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM (SELECT 1 FROM \"{name}\") x"));
        match sqlx::query(sql).fetch_one(&mut conn).await {
            Ok(row) => assert_eq!(row.get::<i64, _>(0), 0, "{name}"),
            Err(error) => assert!(error.to_string().contains("permission denied"), "{name}: {error}"),
        }
    }
}

/// TENANCY-05, TENANCY-07, TENANCY-08, TEST-02, TEST-03: through every route of the document, organization B gets
/// nothing of A's: reading an id answers 404, lists are without it, and no change goes through.
#[actix_web::test]
async fn no_route_leads_to_another_organization() {
    let app = TestApp::spawn().await;
    let (a, b) = (app.owner().await, app.owner().await);
    let marker = format!("SECRET-{}", Uuid::now_v7().simple());
    let ids = fill(&a, &marker).await;
    let before = snapshot(&a, &ids).await;
    let document = serde_json::to_value(&*DOCUMENT).unwrap();
    let mut tried = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        let rest = path.strip_prefix("/api/v1").unwrap();
        // These act on the person and the session, not on an id of the organization.
        if rest.starts_with("/auth/") || rest.starts_with("/ws") || rest.starts_with("/orgs") {
            continue;
        }
        let has_id = rest.contains('{');
        let target = with_ids(rest, &ids).unwrap_or_else(|| panic!("{rest}: teach `fill` about this parameter"));
        for (method, operation) in methods.as_object().unwrap() {
            let name = format!("{} {path}", method.to_uppercase());
            if PUBLIC.contains(&name.as_str()) {
                continue;
            }
            assert!(operation["security"].is_array(), "{name} has no security entry");
            let verb = method.to_uppercase().parse().unwrap();
            let body = (method != "get").then(|| body_for(rest, &ids));
            if !has_id && method != "get" {
                continue;
            }
            let answer = b.send(verb, &target, body.as_ref(), None).await;
            let status = answer.status.as_u16();
            if has_id {
                assert!((400..500).contains(&status), "{name}: {status} {}", answer.text);
                if method == "get" {
                    assert!(matches!(status, 404 | 422), "{name}: {status}");
                }
            }
            assert!(!answer.text.contains(&marker), "{name} tells about another organization");
            tried += 1;
        }
    }
    assert!(tried > 25, "only {tried} operations tried");
    assert_eq!(snapshot(&a, &ids).await, before, "something of A's was changed");
    let found = b.list("/search", &[("q", &marker)]).await;
    assert!(!found.text.contains(&marker));
}

/// A body that would be right if the target were B's own.
fn body_for(path: &str, ids: &BTreeMap<String, Uuid>) -> Json {
    match path.rsplit('/').next().unwrap_or_default() {
        "tags" => json!({"tags": ["x"]}),
        "companies" => json!({"company_id": ids["companies"]}),
        "contacts" => json!({"contact_id": ids["contacts"]}),
        "stage" => json!({"stage_id": ids["stage_id"]}),
        "role" => json!({"role": "viewer"}),
        "stages" => json!({"name": "Theirs"}),
        "reorder" => json!({"stage_ids": [ids["stage_id"]]}),
        "win" | "lose" | "abandon" | "reopen" | "restore" | "set-primary" => json!({}),
        _ => json!({"name": "Theirs"}),
    }
}

async fn snapshot(a: &Member, ids: &BTreeMap<String, Uuid>) -> Vec<String> {
    let mut all = Vec::new();
    for kind in ["companies", "contacts", "deals", "products", "pipelines"] {
        all.push(a.get(&format!("/{kind}/{}", ids[kind])).await.expect(200).text);
    }
    all.push(a.get("/tags").await.expect(200).text);
    all.push(a.get("/members").await.expect(200).text);
    all.push(a.get("/invitations").await.expect(200).text);
    all
}

/// TENANCY-06: an id of another organization in a body is refused like one that does not exist.
#[actix_web::test]
async fn foreign_ids_cannot_be_attached() {
    let app = TestApp::spawn().await;
    let (a, b) = (app.owner().await, app.owner().await);
    let ids = fill(&a, "A").await;
    for (path, body, field) in [
        ("/contacts", json!({"first_name": "X", "company_id": ids["companies"]}), "/company_id"),
        ("/companies", json!({"name": "X", "owner_id": a.user_id()}), "/owner_id"),
        ("/companies", json!({"name": "X", "account_manager_id": a.user_id()}), "/account_manager_id"),
        ("/deals", json!({"name": "X", "company_id": ids["companies"]}), "/company_id"),
        ("/deals", json!({"name": "X", "primary_contact_id": ids["contacts"]}), "/primary_contact_id"),
        ("/deals", json!({"name": "X", "pipeline_id": ids["pipelines"]}), "/pipeline_id"),
        ("/deals", json!({"name": "X", "stage_id": ids["stage_id"]}), "/stage_id"),
        ("/deals", json!({"name": "X", "team_members": [a.user_id()]}), "/team_members"),
    ] {
        let fields = b.post(path, &body).await.expect(422).fields();
        assert!(fields.iter().any(|(path, _)| path == field), "{path} {field}: {fields:?}");
    }
}

/// Every operation names its permission by a session, or is on the public list.
#[actix_web::test]
async fn every_operation_is_guarded() {
    let app = TestApp::spawn().await;
    let nobody = Member::nobody(&app.url);
    let document = serde_json::to_value(&*DOCUMENT).unwrap();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let name = format!("{} {path}", method.to_uppercase());
            let is_public = PUBLIC.contains(&name.as_str());
            assert_eq!(operation["security"].is_null(), is_public, "{name}");
            if is_public {
                continue;
            }
            let target = path.strip_prefix("/api/v1").unwrap().replace(['{', '}'], "");
            let id = Uuid::now_v7().to_string();
            let target: Vec<_> =
                target.split('/').map(|p| if p == "id" || p.ends_with("_id") { id.as_str() } else { p }).collect();
            let body = (method != "get").then(|| json!({}));
            let answer =
                nobody.send(method.to_uppercase().parse().unwrap(), &target.join("/"), body.as_ref(), None).await;
            assert_eq!(answer.status.as_u16(), 401, "{name}: {}", answer.text);
        }
    }
}
