//! Members: what each role sees and may do, changes of roles, removal.

use crate::support::{Member, TestApp};
use futures_util::future::join;
use serde_json::{Value as Json, json};
use uuid::Uuid;

fn role_of(member: &Member) -> String {
    format!("/members/{}/role", member.user_id())
}

fn row(list: &Json, id: Uuid) -> Json {
    list["data"].as_array().unwrap().iter().find(|row| row["id"] == json!(id)).unwrap().clone()
}

/// AUTH-07, AUTH-09 to AUTH-12, AUTH-14, AUTH-28: each of the five roles, at each address about members; only those who
/// manage members see address, role and joining date.
#[actix_web::test]
async fn five_roles() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    for (role, manages) in [("owner", true), ("admin", true), ("manager", false), ("member", false), ("viewer", false)]
    {
        let colleague = owner.colleague(role).await;
        assert_eq!(colleague.me["role"], role);
        assert_eq!(colleague.me["permissions"]["member.manage"].is_string(), manages, "{role}");
        let list = colleague.get("/members").await.expect(200).json();
        let shown = row(&list, owner.user_id());
        assert_eq!((&shown["name"], &shown["active"]), (&json!("Olive Owner"), &json!(true)));
        for secret in ["email", "role", "joined_at"] {
            assert_eq!(shown.get(secret).is_some(), manages, "{role} {secret}");
        }
        let status = |allowed: u16| if manages { allowed } else { 403 };
        let victim = owner.colleague("viewer").await;
        colleague.put(&role_of(&victim), &json!({"role": "member"})).await.expect(status(200));
        colleague.delete(&format!("/members/{}", victim.user_id())).await.expect(status(204));
        colleague.get("/invitations").await.expect(status(200));
        let email = format!("{}@example.com", Uuid::now_v7());
        let invited =
            colleague.post("/invitations", &json!({"email": email, "role": "viewer"})).await.expect(status(201));
        if manages {
            colleague.delete(&format!("/invitations/{}", invited.id())).await.expect(204);
        } else {
            assert_eq!(invited.problem().code.as_str(), "forbidden");
            colleague.delete(&format!("/invitations/{}", Uuid::now_v7())).await.expect(403);
        }
    }
}

/// AUTH-24: a new role holds from the next request of sessions already open.
#[actix_web::test]
async fn a_new_role_holds_at_once() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let colleague = owner.colleague("viewer").await;
    colleague.post("/companies", &json!({"name": "A"})).await.expect(403);
    let changed = owner.put(&role_of(&colleague), &json!({"role": "member"})).await.expect(200).json();
    assert_eq!((&changed["role"], &changed["email"]), (&json!("member"), &json!(colleague.email)));
    colleague.post("/companies", &json!({"name": "A"})).await.expect(201);
    assert_eq!(colleague.get("/auth/me").await.expect(200).json()["role"], "member");
    owner.put(&role_of(&colleague), &json!({"role": "viewer"})).await.expect(200);
    colleague.post("/companies", &json!({"name": "B"})).await.expect(403);
}

/// AUTH-29, AUTH-32: nobody changes their own role; the last owner can be neither demoted nor removed; admins do not
/// make or unmake owners.
#[actix_web::test]
async fn owners_are_protected() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let admin = owner.colleague("admin").await;
    for role in ["viewer", "owner", "admin"] {
        owner.put(&role_of(&owner), &json!({"role": role})).await.expect(403);
        admin.put(&role_of(&admin), &json!({"role": role})).await.expect(403);
    }
    let refused = owner.delete(&format!("/members/{}", owner.user_id())).await.expect(409);
    assert!(refused.problem().detail.contains("at least one owner"));
    admin.put(&role_of(&owner), &json!({"role": "viewer"})).await.expect(403);
    admin.delete(&format!("/members/{}", owner.user_id())).await.expect(403);
    let member = owner.colleague("member").await;
    admin.put(&role_of(&member), &json!({"role": "owner"})).await.expect(403);
    admin.post("/invitations", &json!({"email": "o@example.com", "role": "owner"})).await.expect(403);
    owner.get("/auth/me").await.expect(200);
    // With a second owner the first one may go.
    owner.put(&role_of(&member), &json!({"role": "owner"})).await.expect(200);
    owner.delete(&format!("/members/{}", owner.user_id())).await.expect(204);
    owner.get("/auth/me").await.expect(401);
    member.delete(&format!("/members/{}", member.user_id())).await.expect(409);
}

/// AUTH-32: two owners who demote each other at the same moment leave one owner.
#[actix_web::test]
async fn two_owners_cannot_demote_each_other() {
    let app = TestApp::spawn().await;
    for _ in 0..5 {
        let one = app.owner().await;
        let two = one.colleague("owner").await;
        let demoted = json!({"role": "admin"});
        let (path_one, path_two) = (role_of(&one), role_of(&two));
        let (a, b) = join(one.put(&path_two, &demoted), two.put(&path_one, &demoted)).await;
        let statuses = [a.status.as_u16(), b.status.as_u16()];
        assert_eq!(statuses.iter().filter(|s| **s == 200).count(), 1, "{statuses:?}");
        assert!(statuses.iter().any(|s| [403, 409].contains(s)), "{statuses:?}");
    }
}

/// AUTH-30: a removed member's next request is refused; the records stay and still show who owned them; the person can
/// be invited again.
#[actix_web::test]
async fn removing_a_member() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let member = owner.colleague("member").await;
    let (id, path) = (member.user_id(), format!("/members/{}", member.user_id()));
    let body = json!({"name": "Acme", "owner_id": id});
    let company = member.post("/companies", &body).await.expect(201).id();
    owner.delete(&path).await.expect(204);
    assert_eq!(member.get("/companies").await.expect(401).problem().code.as_str(), "unauthenticated");
    let login = json!({"email": member.email, "password": "correct horse 1"});
    Member::nobody(&app.url).post("/auth/login", &login).await.expect(403);
    let company = owner.get(&format!("/companies/{company}")).await.expect(200).json();
    assert_eq!(company["owner_id"], json!(id));
    let former = row(&owner.get("/members").await.expect(200).json(), id);
    assert_eq!((&former["name"], &former["active"]), (&json!("The member"), &json!(false)));
    owner.delete(&path).await.expect(404);
    owner.put(&role_of(&member), &json!({"role": "admin"})).await.expect(404);

    let invitation = owner.post("/invitations", &json!({"email": member.email, "role": "viewer"})).await.expect(201);
    let link = invitation.json()["link"].as_str().unwrap().to_owned();
    let body = json!({"token": link.rsplit('/').next().unwrap(), "password": "correct horse 1"});
    let back = member.post("/invitations/accept", &body).await.expect(200).json();
    assert_eq!((&back["user"]["id"], &back["role"]), (&json!(id), &json!("viewer")));
    assert_eq!(row(&owner.get("/members").await.expect(200).json(), id)["active"], true);
}

/// TENANCY-05, TENANCY-07: the members and invitations of another organization are not there.
#[actix_web::test]
async fn other_organizations_members_are_not_there() {
    let app = TestApp::spawn().await;
    let (owner, stranger) = (app.owner().await, app.owner().await);
    let member = owner.colleague("member").await;
    let invitation =
        owner.post("/invitations", &json!({"email": "x@example.com", "role": "viewer"})).await.expect(201).id();
    stranger.put(&role_of(&member), &json!({"role": "viewer"})).await.expect(404);
    stranger.delete(&format!("/members/{}", member.user_id())).await.expect(404);
    stranger.delete(&format!("/invitations/{invitation}")).await.expect(404);
    assert!(stranger.get("/invitations").await.expect(200).ids().is_empty());
    assert_eq!(stranger.get("/members").await.expect(200).ids(), [stranger.user_id()]);
    member.get("/auth/me").await.expect(200);
    assert_eq!(owner.get("/invitations").await.expect(200).ids(), [invitation]);
}

/// Pages of the list, and parameters that do not fit.
#[actix_web::test]
async fn pages() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    for role in ["admin", "viewer"] {
        owner.colleague(role).await;
    }
    let page = owner.get("/members?limit=2&page=2").await.expect(200);
    assert_eq!(page.column("name"), ["The viewer"]);
    assert_eq!(page.json()["pagination"]["pages"], 2);
    assert_eq!(page.json()["pagination"]["total"], 3);
    for wrong in
        ["limit=0", "limit=201", "page=0", "page=99999999999999999999", "page=101&limit=100", "page=-1", "sort=x"]
    {
        owner.get(&format!("/members?{wrong}")).await.expect(422).problem();
    }
    for wrong in ["nonsense", "00000000-0000-0000-0000-000000000000"] {
        owner.put(&format!("/members/{wrong}/role"), &json!({"role": "viewer"})).await.expect(404).problem();
        owner.delete(&format!("/members/{wrong}")).await.expect(404).problem();
    }
    let id = owner.user_id();
    for wrong in [json!({}), json!({"role": "king"}), json!({"role": null}), json!({"role": "viewer", "x": 1})] {
        owner.put(&format!("/members/{id}/role"), &wrong).await.expect(422).problem();
    }
}
