//! Who may do what: the permission map, at every route of the API document.

use crate::support::routes::{PUBLIC, fill, with_ids};
use crate::support::{Member, TestApp, db};
use api::openapi::DOCUMENT;
use domain::permission::{Access, Permission, Role};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// The permission map of the specification, as far as there is something to permit: admin, manager, member, viewer.
const MAP: &[(&str, &str)] = &[
    ("crm.company.create", "yes yes yes no"),
    ("crm.company.view", "yes yes yes yes"),
    ("crm.company.update", "yes yes own no"),
    ("crm.company.delete", "yes no own no"),
    ("crm.company.export", "yes yes no no"),
    ("crm.company.merge", "yes no no no"),
    ("crm.contact.create", "yes yes yes no"),
    ("crm.contact.view", "yes yes yes yes"),
    ("crm.contact.update", "yes yes own no"),
    ("crm.contact.delete", "yes no own no"),
    ("crm.contact.export", "yes yes no no"),
    ("crm.contact.merge", "yes no no no"),
    ("crm.deal.create", "yes yes yes no"),
    ("crm.deal.view", "yes yes yes yes"),
    ("crm.deal.update", "yes yes own no"),
    ("crm.deal.delete", "yes no own no"),
    ("crm.deal.export", "yes yes no no"),
    ("crm.deal.win", "yes yes own no"),
    ("crm.deal.lose", "yes yes own no"),
    ("crm.deal.stage_change", "yes yes own no"),
    ("crm.product.create", "yes yes no no"),
    ("crm.product.view", "yes yes yes yes"),
    ("crm.product.update", "yes yes no no"),
    ("crm.product.delete", "yes no no no"),
    ("crm.product.export", "yes yes no no"),
    ("crm.pipeline.create", "yes yes no no"),
    ("crm.pipeline.view", "yes yes yes yes"),
    ("crm.pipeline.update", "yes yes no no"),
    ("crm.pipeline.delete", "yes no no no"),
    ("crm.record.hard_delete", "yes no no no"),
    ("crm.reports.view", "yes yes yes yes"),
    ("crm.settings.manage", "yes no no no"),
    ("import.run", "yes yes no no"),
    ("bulk.run", "yes yes no no"),
    ("bulk.delete", "yes no no no"),
    ("member.manage", "yes no no no"),
    ("audit.view", "yes no no no"),
    ("audit.export", "yes no no no"),
    ("org.delete", "no no no no"),
];

/// AUTH-16: the names and reaches are those of the permission map.
#[test]
fn the_permission_map() {
    for (name, reaches) in MAP {
        let permission = permission(name).unwrap_or_else(|| panic!("there is no permission {name}"));
        let roles = [Role::Admin, Role::Manager, Role::Member, Role::Viewer];
        for (role, reach) in roles.iter().zip(reaches.split(' ')) {
            let expected = match reach {
                "yes" => Access::All,
                "own" => Access::Own,
                _ => Access::No,
            };
            assert_eq!(permission.access(*role), expected, "{name} {role:?}");
        }
    }
}

fn permission(name: &str) -> Option<Permission> {
    Permission::ALL.iter().copied().find(|permission| permission.as_str() == name)
}

/// The permissions that an operation needs in any case, from its description in the document.
fn needed(name: &str, operation: &Json) -> Vec<Permission> {
    let description = operation["description"].as_str().unwrap_or_default();
    let line = description.split("**Permissions:**").nth(1).unwrap_or_else(|| panic!("{name} names no permission"));
    let always = line.split([';', ':']).next().unwrap_or_default();
    let named = always.split('`').skip(1).step_by(2);
    let needed: Vec<_> = named.map(|p| permission(p).unwrap_or_else(|| panic!("{name}: no permission {p}"))).collect();
    let says_why = ["signed in", "that to view records"].iter().any(|words| always.contains(words));
    assert!(!needed.is_empty() || says_why, "{name}: {line}");
    needed
}

/// A body that is right as far as its form goes.
fn body_for(path: &str) -> Json {
    match path.rsplit('/').next().unwrap_or_default() {
        "companies" | "contacts" if path.contains('{') => {
            json!({if path.ends_with("companies") { "company_id" } else { "contact_id" }: Uuid::now_v7()})
        }
        "contacts" => json!({"first_name": "New"}),
        "tags" if path.contains('{') => json!({"tags": ["x"]}),
        "role" => json!({"role": "viewer"}),
        "reorder" if path.starts_with("/field-definitions") => json!({"entity": "deal", "ids": []}),
        "field-definitions" => {
            json!({"entity": "deal", "type": "text", "name": format!("New {}", Uuid::now_v7().simple())})
        }
        "reorder" => json!({"stage_ids": [Uuid::now_v7()]}),
        "stage" => json!({"stage": "Proposal"}),
        "invitations" => json!({"email": format!("{}@example.com", Uuid::now_v7()), "role": "viewer"}),
        "import" => json!({"file_id": Uuid::now_v7(), "plan": {}}),
        "query" => json!({"entity": "deal"}),
        "win" | "lose" | "abandon" | "reopen" | "restore" | "set-primary" | "cancel" | "undo" => json!({}),
        "scan" => json!({"record": "contact"}),
        "check" => json!({"record": "contact", "fields": {}}),
        "merge" => json!({"record": "contact", "survivor_id": Uuid::now_v7(), "merged_ids": [Uuid::now_v7()]}),
        "dismiss" => json!({}),
        _ if path.starts_with("/exports/") => json!({"format": "csv", "query": {}}),
        _ if path.starts_with("/bulk/") => json!({"action": "add_tags", "tags": ["x"], "ids": [Uuid::now_v7()]}),
        _ => json!({"name": format!("New {}", Uuid::now_v7())}),
    }
}

/// AUTH-08 to AUTH-12, AUTH-14, AUTH-16, AUTH-17: at every route of the document each of the five roles is refused what
/// the permission it names refuses, and only that; where it reaches one's own records, somebody else's are refused.
#[actix_web::test]
async fn every_route_tests_the_permission_it_names() {
    let app = TestApp::spawn().await;
    let document = serde_json::to_value(&*DOCUMENT).unwrap();
    let owner = app.owner().await;
    let mut ids = fill(&owner, "Rights").await;
    // Nobody but an owner touches an owner.
    ids.insert("members".into(), owner.colleague("viewer").await.user_id());
    let mut members = Vec::new();
    for role in [Role::Viewer, Role::Member, Role::Manager, Role::Admin] {
        members.push((role, owner.colleague(role.as_str()).await));
    }
    let mut tried = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        let rest = path.strip_prefix("/api/v1").unwrap();
        let target = with_ids(rest, &ids).unwrap();
        for (method, operation) in methods.as_object().unwrap() {
            let name = format!("{} {path}", method.to_uppercase());
            if PUBLIC.contains(&name.as_str()) {
                continue;
            }
            let needed = needed(&name, operation);
            // An upload is read before anybody asks whose it is; import rights have tests of their own.
            if needed.is_empty() || rest.starts_with("/import") {
                continue;
            }
            for (role, member) in &members {
                let reach = needed.iter().map(|permission| permission.access(*role)).min().unwrap();
                // Roles that may do it are left to the tests of the routes where doing it would end this test's matter.
                if reach != Access::No && method == "delete" && !(reach == Access::Own && is_record(rest)) {
                    continue;
                }
                let body = (method != "get" && method != "delete").then(|| body_for(rest));
                let verb = method.to_uppercase().parse().unwrap();
                let target = if method == "delete" && rest.ends_with("/tags") {
                    format!("{target}?tags=x")
                } else if method == "get" && rest.starts_with("/dedupe/") {
                    format!("{target}?record=contact")
                } else {
                    target.clone()
                };
                let answer = member.send(verb, &target, body.as_ref(), None).await;
                let status = answer.status.as_u16();
                let refused = reach == Access::No || (reach == Access::Own && is_record(rest));
                assert_eq!(status == 403, refused, "{name} as {role:?}: {status} {}", answer.text);
                if status == 403 {
                    assert_eq!(answer.problem().code.as_str(), "forbidden");
                }
                tried += 1;
            }
        }
    }
    assert!(tried > 200, "only {tried} tried");
}

/// Whether an operation is about one record, which here is the owner's.
fn is_record(path: &str) -> bool {
    ["/companies/{", "/contacts/{", "/deals/{"].iter().any(|start| path.starts_with(start))
}

/// AUTH-13: a viewer from whom deals, pipelines and reports are withheld meets no deal on any way, though companies
/// and contacts are there.
#[actix_web::test]
async fn a_contributor_sees_no_deals() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let ids = fill(&owner, "Secretive").await;
    let person = owner.colleague("viewer").await;
    let sql = "UPDATE org_members SET permission_overrides = '{\"granted\": [\"crm.contact.create\"], \
         \"withheld\": [\"crm.deal.view\", \"crm.pipeline.view\", \"crm.reports.view\"]}' WHERE org_id = $1 AND user_id = $2";
    sqlx::query(sql).bind(owner.org_id()).bind(person.user_id()).execute(&mut db::owner().await).await.unwrap();
    app.carry(&owner).await;
    let (company, contact, deal) = (ids["companies"], ids["contacts"], ids["deals"]);
    for allowed in ["/companies".to_owned(), format!("/contacts/{contact}"), format!("/companies/{company}/contacts")] {
        person.get(&allowed).await.expect(200);
    }
    person.post("/contacts", &json!({"first_name": "Granted"})).await.expect(201);
    person.post("/companies", &json!({"name": "Not granted"})).await.expect(403);
    for refused in [
        "/deals".to_owned(),
        "/deals?view=pipeline".to_owned(),
        "/deals/pipeline".to_owned(),
        format!("/deals/{deal}"),
        format!("/deals/{deal}/timeline"),
        format!("/deals/{deal}/contacts"),
        format!("/companies/{company}/deals"),
        format!("/contacts/{contact}/deals"),
        format!("/companies/{company}?include=deals"),
        format!("/contacts/{contact}?include=deals"),
        "/pipelines".to_owned(),
        "/dashboard/metrics".to_owned(),
        "/dashboard/deals-closing-soon".to_owned(),
    ] {
        person.get(&refused).await.expect(403);
    }
    person.post("/search/query", &json!({"entity": "deal"})).await.expect(403);
    let figures = person.get(&format!("/companies/{company}/summary")).await.expect(200).json();
    assert_eq!(figures, json!({"contacts": 1, "deals": null}));
    for path in [
        "/search?q=Secretive".to_owned(),
        "/activities?limit=200".to_owned(),
        format!("/companies/{company}/timeline"),
        format!("/contacts/{contact}/timeline"),
        format!("/companies/{company}/activities"),
        format!("/contacts/{contact}?include=activities"),
    ] {
        let answer = person.get(&path).await.expect(200);
        assert!(answer.text.contains("Secretive"), "{path} has something to tell: {}", answer.text);
        assert!(!answer.text.contains("Secretive deal"), "{path} tells of a deal: {}", answer.text);
        assert!(owner.get(&path).await.expect(200).text.contains("Secretive deal"), "{path}: the owner is told");
    }
}

/// AUTH-13, SECURITY-06: whoever may not view contacts reads deals without theirs, and is refused where they are asked
/// for by name; so with companies.
#[actix_web::test]
async fn deals_come_without_what_is_withheld() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let made = fill(&owner, "Kept").await;
    let (deal, contact) = (format!("/deals/{}", made["deals"]), made["contacts"]);
    let person = owner.colleague("member").await;
    let lists =
        |answer: &Json| ["contacts", "companies"].map(|name| answer.get(name).and_then(Json::as_array).map(Vec::len));
    assert_eq!(lists(&person.get(&deal).await.expect(200).json()), [Some(1), Some(1)]);
    for (withheld, seen) in [("contact", [None, Some(1)]), ("company", [Some(1), None])] {
        let sql = "UPDATE org_members \
             SET permission_overrides = jsonb_build_object('withheld', jsonb_build_array($3::text)) \
             WHERE org_id = $1 AND user_id = $2";
        let withheld_view = format!("crm.{withheld}.view");
        let withhold = sqlx::query(sql).bind(owner.org_id()).bind(person.user_id()).bind(withheld_view);
        withhold.execute(&mut db::owner().await).await.unwrap();
        assert_eq!(lists(&person.get(&deal).await.expect(200).json()), seen, "without {withheld}");
        for (name, seen) in ["contacts", "companies"].iter().zip(seen) {
            let status = if seen.is_some() { 200 } else { 403 };
            person.get(&format!("{deal}?include={name}")).await.expect(status);
            person.get(&format!("{deal}/{name}")).await.expect(status);
        }
        person.get(&format!("{deal}?include=contacts,companies")).await.expect(403);
    }
    // The companies of a contact are companies as well.
    let contact = format!("/contacts/{contact}");
    for path in [format!("{contact}?include=companies"), format!("{contact}/companies")] {
        person.get(&path).await.expect(403);
        owner.get(&path).await.expect(200);
    }
    person.get(&contact).await.expect(200);
    assert_eq!(lists(&owner.get(&deal).await.expect(200).json()), [Some(1), Some(1)]);
}

/// AUTH-35: "mine" are the records that a member owns, on each of the three lists and on the board; all records come
/// without it.
#[actix_web::test]
async fn mine_are_those_i_own() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let member = owner.colleague("member").await;
    let names = |member: &Member, name: &str| json!({"name": name, "first_name": name, "owner_id": member.user_id()});
    for (path, extra) in [("/companies", "first_name"), ("/contacts", "name"), ("/deals", "first_name")] {
        for (person, name) in [(&owner, "Olive's"), (&member, "Max's")] {
            let mut input = names(person, name);
            input.as_object_mut().unwrap().remove(extra);
            owner.post(path, &input).await.expect(201);
        }
        let of = async |who: &Member, mine: &str| {
            who.list(path, &[("mine", mine), ("sort_by", "created_at")]).await.expect(200).column("owner_id")
        };
        assert_eq!(of(&owner, "true").await, [json!(owner.user_id())], "{path}");
        assert_eq!(of(&member, "true").await, [json!(member.user_id())], "{path}");
        assert_eq!(of(&member, "false").await.len(), 2, "{path}");
    }
    let board = member.get("/deals?view=pipeline&mine=true").await.expect(200).json();
    assert_eq!((&board["columns"][0]["count"], &board["columns"][0]["cards"][0]["name"]), (&json!(1), &json!("Max's")));
}

/// AUTH-36: another owner is chosen on a company, a contact or a deal; the list's rows and the board's cards say who it
/// is; somebody who is no member cannot be it, and with a record its rights move.
#[actix_web::test]
async fn owners_are_changed() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let (member, stranger) = (owner.colleague("member").await, app.owner().await);
    for (path, input) in [
        ("/companies", json!({"name": "A"})),
        ("/contacts", json!({"first_name": "A"})),
        ("/deals", json!({"name": "A"})),
    ] {
        let made = owner.post(path, &input).await.expect(201);
        assert_eq!(made.json()["owner_id"], json!(owner.user_id()), "whoever makes it owns it");
        let one = format!("{path}/{}", made.id());
        member.put(&one, &json!({"notes": "x"})).await.expect(403);
        let given = owner.put(&one, &json!({"owner_id": member.user_id()})).await.expect(200).json();
        assert_eq!(given["owner_id"], json!(member.user_id()));
        member.put(&one, &json!({"notes": "x"})).await.expect(200);
        let refused = owner.put(&one, &json!({"owner_id": stranger.user_id()})).await.expect(422);
        assert_eq!(refused.fields(), [("/owner_id".to_owned(), "not_found".to_owned())]);
        assert_eq!(owner.get(path).await.expect(200).column("owner_id"), [json!(member.user_id())]);
        let none = member.put(&one, &json!({"owner_id": null})).await.expect(200).json();
        assert_eq!(none["owner_id"], Json::Null);
        owner.put(&one, &json!({"owner_id": member.user_id()})).await.expect(200);
    }
    let board = owner.get("/deals?view=pipeline").await.expect(200).json();
    assert_eq!(board["columns"][0]["cards"][0]["owner_id"], json!(member.user_id()));
}
