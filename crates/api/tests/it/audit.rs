//! Reading the audit log: who may, filters, pages, the file; and that nobody rewrites it.

use crate::support::{Member, TestApp, db};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// The entries of an answer: what was done, and to whom.
fn entries(list: &Json) -> Vec<(&str, &str)> {
    let all = list["data"].as_array().unwrap().iter();
    all.map(|entry| (entry["action"].as_str().unwrap(), entry["description"].as_str().unwrap())).collect()
}

/// An owner, and a colleague who was made manager and has signed in again.
async fn scene(app: &TestApp) -> (Member, Member) {
    let owner = app.owner().await;
    let member = owner.colleague("member").await;
    owner.put(&format!("/members/{}/role", member.user_id()), &json!({"role": "manager"})).await.expect(200);
    let member = Member::login(&app.url, &member.email).await;
    (owner, member)
}

/// AUDIT-03, AUDIT-06: owner and admin read who did what to whom, when and from where; nobody else does, and nobody of
/// another organization.
#[actix_web::test]
async fn administrators_read_it() {
    let app = TestApp::spawn().await;
    let (owner, member) = scene(&app).await;
    let list = owner.get("/audit-log").await.expect(200).json();
    let name = member.me["user"]["name"].as_str().unwrap();
    let found = entries(&list);
    let changed = format!("changed the role of {name} from Member to Manager");
    assert_eq!(found[..2], [("login", "signed in"), ("role_changed", changed.as_str())]);
    assert!(
        found.contains(&("user_created", "made an account"))
            && found.contains(&("organization_created", "made the organization"))
    );
    let entry = &list["data"][1];
    assert_eq!(entry["actor_id"], json!(owner.user_id()));
    assert_eq!((&entry["actor_name"], &entry["target_id"]), (&json!("Olive Owner"), &json!(member.user_id())));
    assert_eq!((&entry["ip"], &entry["details"]), (&json!("127.0.0.1"), &json!({"from": "member", "to": "manager"})));
    assert!(entry["created_at"].is_string() && entry["request_id"].is_string());
    for role in ["admin", "manager", "member", "viewer"] {
        let colleague = owner.colleague(role).await;
        let status = if role == "admin" { 200 } else { 403 };
        colleague.get("/audit-log").await.expect(status);
        colleague.get("/audit-log/export").await.expect(status);
    }
    let stranger = app.owner().await;
    let theirs = stranger.get("/audit-log").await.expect(200).json();
    assert!(theirs["data"].as_array().unwrap().iter().all(|entry| entry["actor_id"] == json!(stranger.user_id())));
    assert!(!stranger.get("/audit-log/export").await.expect(200).text.contains("Manager"));
}

/// AUDIT-03: the log is asked for by what was done, by whom and when, and comes in pages.
#[actix_web::test]
async fn filters_and_pages() {
    let app = TestApp::spawn().await;
    let (owner, member) = scene(&app).await;
    let roles = owner.get("/audit-log?action=role_changed").await.expect(200).json();
    assert_eq!((roles["pagination"]["total"].as_i64(), entries(&roles)[0].0), (Some(1), "role_changed"));
    let theirs = owner.list("/audit-log", &[("user_id", &member.user_id().to_string())]).await.expect(200).json();
    let done: Vec<_> = entries(&theirs).into_iter().map(|(action, _)| action).collect();
    assert_eq!(done[0], "login");
    assert!(done.contains(&"member_joined") && !done.contains(&"role_changed"));
    let today = chrono::Utc::now().date_naive();
    let day = |days: i64| (today + chrono::TimeDelta::days(days)).to_string();
    for (params, any) in [
        ([("date_from", day(-1)), ("date_to", day(1))], true),
        ([("date_from", day(-9)), ("date_to", day(-8))], false),
        ([("date_from", day(2)), ("date_to", day(3))], false),
    ] {
        let params: Vec<_> = params.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(owner.list("/audit-log", &params).await.expect(200).ids().is_empty(), !any, "{params:?}");
    }
    let all = owner.get("/audit-log").await.expect(200).ids();
    let mut paged = Vec::new();
    for page in 1..=all.len() {
        paged.extend(owner.get(&format!("/audit-log?limit=1&page={page}")).await.expect(200).ids());
    }
    assert_eq!(paged, all);
    for (wrong, parameter) in [
        ("action=nothing", "action"),
        ("user_id=me", "user_id"),
        ("date_from=yesterday", "date_from"),
        ("date_to=2026-02-30", "date_to"),
        ("limit=0", "limit"),
        ("page=0", "page"),
    ] {
        let refused = owner.get(&format!("/audit-log?{wrong}")).await.expect(422);
        assert_eq!(refused.fields()[0].0, parameter, "{}", refused.text);
    }
    owner.get("/audit-log/export?date_from=yesterday").await.expect(422).problem();
    owner.get("/audit-log/export?page=2").await.expect(422).problem();
}

/// EXPORT-05, AUDIT-04: the whole log is a CSV file, also where it is longer than what is read at once; what a
/// spreadsheet would run as a formula is neutral.
#[actix_web::test]
async fn as_a_file() {
    let app = TestApp::spawn().await;
    let (owner, _) = scene(&app).await;
    let kept: usize = owner.get("/audit-log").await.expect(200).ids().len();
    // Many at the same moment, too: pages must not lose any of them.
    let sql = "INSERT INTO audit_log (org_id, id, action, metadata, created_at) \
         SELECT $1, gen_random_uuid(), 'login', jsonb_build_object('user_agent', '=1+1', 'ip', '198.51.100.7'), \
             timestamptz '2026-01-01 10:00:00Z' + (n % 3) * interval '1 second' FROM generate_series(1, 2500) n";
    db::execute(sql, owner.org_id()).await;
    let file = owner.get("/audit-log/export").await.expect(200);
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    let disposition = file.headers["content-disposition"].to_str().unwrap();
    assert!(disposition.starts_with("attachment; filename=\"Audit log ") && disposition.ends_with(".csv\""));
    let text = file.text.strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(rows.len(), kept + 2_500);
    let newest = &rows[0];
    assert_eq!((&newest[column("Action")], &newest[column("Description")]), ("login", "signed in"));
    assert_eq!(&newest[column("IP address")], "127.0.0.1");
    let oldest = rows.last().unwrap();
    assert_eq!((&oldest[column("Time (UTC)")], &oldest[column("Person")]), ("2026-01-01 10:00:00", "Rapport"));
    assert_eq!(&oldest[column("User agent")], "'=1+1");
    let times: Vec<&str> = rows.iter().map(|row| &row[column("Time (UTC)")]).collect();
    assert!(times.is_sorted_by(|a, b| a >= b));
    let roles = owner.get("/audit-log/export?action=role_changed").await.expect(200).text;
    assert_eq!(roles.lines().count(), 2);
    assert!(roles.contains("from Member to Manager"));
}

/// AUDIT-05: neither of the servers' roles of the database can change or delete an entry, and no route does.
#[actix_web::test]
async fn nobody_rewrites_it() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let entry: Uuid = owner.get("/audit-log").await.expect(200).ids()[0];
    for method in ["PUT", "PATCH", "DELETE", "POST"] {
        let method: reqwest::Method = method.parse().unwrap();
        let gone = owner.send(method.clone(), &format!("/audit-log/{entry}"), Some(&json!({})), None).await;
        assert_eq!(gone.status.as_u16(), 404, "{method}");
        assert_eq!(owner.send(method, "/audit-log", Some(&json!({})), None).await.status.as_u16(), 405);
    }
    for role in ["rapport_app", "rapport_worker"] {
        let sql = "SELECT count(*) FROM unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) may \
             WHERE has_table_privilege($1, 'audit_log', may)";
        let held: i64 = sqlx::query_scalar(sql).bind(role).fetch_one(&mut db::owner().await).await.unwrap();
        assert_eq!(held, 0, "{role}");
    }
}
