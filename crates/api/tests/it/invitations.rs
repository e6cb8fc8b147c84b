//! Invitations, and what the audit log keeps of all this.

use crate::support::{Member, PASSWORD, TestApp, db, servers};
use api::state::Clock;
use chrono::{TimeDelta, Utc};
use futures_util::future::join_all;
use secrecy::ExposeSecret;
use serde_json::{Value as Json, json};
use sqlx::Connection;
use uuid::Uuid;

fn address() -> String {
    format!("invited-{}@example.com", Uuid::now_v7())
}

/// Invites; returns the invitation and the secret of its link.
async fn invite(by: &Member, email: &str, role: &str) -> (Json, String) {
    let invitation = by.post("/invitations", &json!({"email": email, "role": role})).await.expect(201).json();
    let token = invitation["link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    (invitation, token)
}

fn acceptance(token: &str) -> Json {
    json!({"token": token, "name": "Ines", "password": PASSWORD})
}

/// AUTH-31, AUTH-34: an invitation makes a new person a member with its role, signs in, and works once.
#[actix_web::test]
async fn a_new_person_joins_once() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let email = address();
    let (invitation, token) = invite(&owner, &email, "manager").await;
    assert!(invitation["link"].as_str().unwrap().contains("/invite/"));
    let lifetime = invitation["expires_at"].as_str().unwrap().parse::<chrono::DateTime<Utc>>().unwrap() - Utc::now();
    assert!((TimeDelta::hours(167)..=TimeDelta::days(7)).contains(&lifetime), "{lifetime}");
    let listed = owner.get("/invitations").await.expect(200).json();
    assert_eq!(listed["data"][0]["email"], email.as_str());
    assert!(listed["data"][0].get("link").is_none(), "the link is shown once only");

    let nobody = Member::nobody(&app.url);
    let info = nobody.post("/invitations/lookup", &json!({"token": token})).await.expect(200).json();
    assert_eq!(
        info,
        json!({"organization": "Test organization", "email": email, "role": "manager", "existing_user": false})
    );
    let mut fields =
        nobody.post("/invitations/accept", &json!({"token": token, "password": "short"})).await.expect(422).fields();
    fields.sort();
    assert_eq!(fields, [("/name".to_owned(), "required".to_owned()), ("/password".to_owned(), "too_short".to_owned())]);
    let me = nobody.post("/invitations/accept", &acceptance(&token)).await.expect(200).json();
    assert_eq!((&me["role"], &me["organization"]["id"]), (&json!("manager"), &json!(owner.org_id())));
    assert_eq!(nobody.get("/auth/me").await.expect(200).json(), me);
    for path in ["/invitations/accept", "/invitations/lookup"] {
        let body = if path.ends_with("lookup") { json!({"token": token}) } else { acceptance(&token) };
        assert_eq!(Member::nobody(&app.url).post(path, &body).await.expect(410).problem().code.as_str(), "gone");
    }
    assert!(owner.get("/invitations").await.expect(200).ids().is_empty());
    Member::login(&app.url, &email).await;
}

/// AUTH-34: of several uses at the same moment one succeeds.
#[actix_web::test]
async fn one_of_several_uses_succeeds() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let (_, token) = invite(&owner, &address(), "member").await;
    let nobody = Member::nobody(&app.url);
    let body = acceptance(&token);
    let uses = join_all((0..5).map(|_| nobody.post("/invitations/accept", &body))).await;
    let mut statuses: Vec<u16> = uses.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 410, 410, 410, 410]);
    assert_eq!(owner.get("/members").await.expect(200).ids().len(), 2);
}

/// AUTH-34: somebody who signs in already joins with the present password; a wrong one is refused at its field, counts
/// for the lock, and leaves the invitation open.
#[actix_web::test]
async fn a_known_person_joins() {
    let app = TestApp::spawn().await;
    let (owner, other) = (app.owner().await, app.owner().await);
    let (_, token) = invite(&owner, &other.email.to_uppercase(), "viewer").await;
    let nobody = Member::nobody(&app.url);
    let info = nobody.post("/invitations/lookup", &json!({"token": token})).await.expect(200).json();
    assert_eq!(info["existing_user"], true);
    let wrong = json!({"token": token, "password": "wrong horse 1"});
    let refused = nobody.post("/invitations/accept", &wrong).await.expect(401);
    assert_eq!(refused.fields(), [("/password".to_owned(), "invalid_credentials".to_owned())]);
    let me =
        nobody.post("/invitations/accept", &json!({"token": token, "password": PASSWORD})).await.expect(200).json();
    assert_eq!((&me["user"]["id"], &me["role"]), (&json!(other.user_id()), &json!("viewer")));
    assert_eq!(me["user"]["name"], "Olive Owner");
    assert_eq!(me["memberships"].as_array().unwrap().len(), 2);
    // The own organization and the role there are untouched.
    assert_eq!(other.get("/auth/me").await.expect(200).json()["role"], "owner");

    let (_, token) = invite(&other, &owner.email, "viewer").await;
    let wrong = json!({"token": token, "password": "wrong horse 1"});
    for _ in 0..5 {
        nobody.post("/invitations/accept", &wrong).await.expect(401);
    }
    nobody.post("/invitations/accept", &json!({"token": token, "password": PASSWORD})).await.expect(429);
}

/// AUTH-33: a revoked invitation is not listed and cannot be accepted; the address can be invited again.
#[actix_web::test]
async fn revoked_invitations_are_worthless() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let email = address();
    let (invitation, token) = invite(&owner, &email, "viewer").await;
    let again = json!({"email": email.to_uppercase(), "role": "viewer"});
    let refused = owner.post("/invitations", &again).await.expect(409);
    assert_eq!(refused.fields(), [("/email".to_owned(), "duplicate".to_owned())]);
    let path = format!("/invitations/{}", invitation["id"].as_str().unwrap());
    owner.delete(&path).await.expect(204);
    owner.delete(&path).await.expect(404);
    assert!(owner.get("/invitations").await.expect(200).ids().is_empty());
    let refused = Member::nobody(&app.url).post("/invitations/accept", &acceptance(&token)).await.expect(410);
    assert!(refused.problem().detail.contains("withdrawn"));
    owner.post("/invitations", &again).await.expect(201);
}

/// AUTH-33, AUTH-34: a lost link is replaced: the new one works, the one before does not; admins replace no owner's.
#[actix_web::test]
async fn lost_links_are_replaced() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let (invitation, lost) = invite(&owner, &address(), "owner").await;
    let path = format!("/invitations/{}/link", invitation["id"].as_str().unwrap());
    owner.colleague("admin").await.post(&path, &json!({})).await.expect(403);
    owner.colleague("manager").await.post(&path, &json!({})).await.expect(403);
    app.owner().await.post(&path, &json!({})).await.expect(404);
    let nobody = Member::nobody(&app.url);
    nobody.post("/invitations/lookup", &json!({"token": lost})).await.expect(200);
    let renewed = owner.post(&path, &json!({})).await.expect(200).json();
    for same in ["id", "email", "role"] {
        assert_eq!(renewed[same], invitation[same]);
    }
    assert_eq!(owner.get("/invitations").await.expect(200).ids().len(), 1);
    let token = renewed["link"].as_str().unwrap().rsplit('/').next().unwrap();
    nobody.post("/invitations/accept", &acceptance(&lost)).await.expect(404);
    nobody.post("/invitations/accept", &acceptance(token)).await.expect(200);
    owner.post(&path, &json!({})).await.expect(404);
}

/// AUTH-34: an invitation ends after seven days; an expired one is not listed and makes room for a new one.
#[actix_web::test]
async fn invitations_expire() {
    let late = Clock::from_fn(|| Utc::now() - TimeDelta::days(7) - TimeDelta::minutes(1));
    let past = TestApp::with(|config| config.session_max = std::time::Duration::from_secs(30 * 24 * 3600), late).await;
    let owner = past.owner().await;
    let email = address();
    let (_, token) = invite(&owner, &email, "viewer").await;
    let refused = Member::nobody(&past.url).post("/invitations/accept", &acceptance(&token)).await.expect(410);
    assert!(refused.problem().detail.contains("expired"));
    assert!(owner.get("/invitations").await.expect(200).ids().is_empty());
    invite(&owner, &email, "viewer").await;
}

/// AUTH-31: members are not invited again, and what is no address or no role is refused at its field.
#[actix_web::test]
async fn refused_invitations() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let member = owner.colleague("member").await;
    let refused = owner.post("/invitations", &json!({"email": member.email, "role": "viewer"})).await.expect(409);
    assert_eq!(refused.fields(), [("/email".to_owned(), "duplicate".to_owned())]);
    for (body, field) in [
        (json!({"email": "nobody", "role": "viewer"}), "/email"),
        (json!({"email": "", "role": "viewer"}), "/email"),
        (json!({"email": "a\u{0}@example.com", "role": "viewer"}), "/email"),
        (json!({"email": "a@example.com", "role": "king"}), "/role"),
        (json!({"email": "a@example.com"}), "/role"),
        (json!({"role": "viewer"}), "/email"),
    ] {
        let fields = owner.post("/invitations", &body).await.expect(422).fields();
        assert_eq!(fields.first().unwrap().0, field, "{body}");
    }
    let nobody = Member::nobody(&app.url);
    for (token, status) in
        [("", 404), ("x", 404), ("../../etc", 404), (&"A".repeat(43), 404), (&"A".repeat(10_000), 422)]
    {
        nobody.post("/invitations/lookup", &json!({"token": token})).await.expect(status).problem();
        nobody.post("/invitations/accept", &acceptance(token)).await.expect(status).problem();
    }
}

/// AUTH-34: somebody whom a job has named as an owner of records before joining becomes a member under the same id.
#[actix_web::test]
async fn a_pending_owner_joins_under_the_same_id() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let email = address();
    let mut worker = sqlx::PgConnection::connect(servers().worker.expose_secret()).await.unwrap();
    let mut tx = worker.begin().await.unwrap();
    sqlx::query("SELECT worker_begin($1, $2)")
        .bind(owner.org_id())
        .bind(owner.user_id())
        .execute(&mut *tx)
        .await
        .unwrap();
    let pending: Uuid = sqlx::query_scalar("SELECT invite_member($1, $2, $2, 'Pat Pending', 'member')")
        .bind(Uuid::now_v7())
        .bind(&email)
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let listed = owner.get("/members").await.expect(200).json();
    let row = listed["data"].as_array().unwrap().iter().find(|row| row["id"] == json!(pending)).unwrap().clone();
    assert_eq!((&row["name"], &row["active"]), (&json!("Pat Pending"), &json!(true)));
    assert!(row.get("joined_at").is_none());
    owner.put(&format!("/members/{pending}/role"), &json!({"role": "admin"})).await.expect(409);
    let nobody = Member::nobody(&app.url);
    nobody.post("/auth/login", &json!({"email": email, "password": PASSWORD})).await.expect(401);
    let (_, token) = invite(&owner, &email, "manager").await;
    let me = nobody.post("/invitations/accept", &acceptance(&token)).await.expect(200).json();
    assert_eq!(
        (&me["user"]["id"], &me["role"], &me["user"]["name"]),
        (&json!(pending), &json!("manager"), &json!("Ines"))
    );
}

/// AUDIT-01, AUDIT-06: signing in and out, new users and new roles are kept with who, whom and from where; no secret is.
#[actix_web::test]
async fn security_acts_are_kept() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let member = owner.colleague("member").await;
    owner.put(&format!("/members/{}/role", member.user_id()), &json!({"role": "manager"})).await.expect(200);
    let again = Member::login(&app.url, &member.email).await;
    again.post("/auth/logout", &json!({})).await.expect(204);
    owner.delete(&format!("/members/{}", member.user_id())).await.expect(204);
    let sql = "SELECT action, actor_id, target_id, metadata FROM audit_log WHERE org_id = $1 ORDER BY created_at, id";
    let rows: Vec<(String, Uuid, Uuid, Json)> =
        sqlx::query_as(sql).bind(owner.org_id()).fetch_all(&mut db::owner().await).await.unwrap();
    let (o, m) = (owner.user_id(), member.user_id());
    for (action, actor, target) in [
        ("user_created", o, o),
        ("organization_created", o, owner.org_id()),
        ("user_created", m, m),
        ("member_joined", m, m),
        ("role_changed", o, m),
        ("login", m, m),
        ("logout", m, m),
        ("member_removed", o, m),
    ] {
        let found = rows.iter().find(|row| row.0 == action && row.1 == actor && row.2 == target);
        let (.., metadata) = found.unwrap_or_else(|| panic!("{action} is missing: {rows:?}"));
        assert_eq!(metadata["ip"], "127.0.0.1", "{action}");
    }
    let changed = rows.iter().find(|row| row.0 == "role_changed").unwrap();
    assert_eq!(changed.3["details"], json!({"from": "member", "to": "manager"}));
    let text = format!("{rows:?}");
    assert!(!text.contains(PASSWORD) && !text.contains("argon2"));
}
