//! Possible duplicates, and merging.

mod check;
mod companies;
mod undo;

use crate::bulk::working;
use crate::support::{Member, TestApp, db, eventually};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// Searches and waits for the end.
async fn scan(app: &TestApp, member: &Member, record: &str) -> Json {
    member.post("/dedupe/scan", &json!({"record": record})).await.expect(202);
    let mut done = Json::Null;
    working(app, async {
        done = eventually("the search ends", async || {
            let scan = member.get(&format!("/dedupe/scan?record={record}")).await.expect(200).json();
            (scan["running"] == false && !scan["finished_at"].is_null()).then_some(scan)
        })
        .await;
    })
    .await;
    done
}

async fn open(member: &Member, record: &str) -> Vec<Json> {
    let page = member.get(&format!("/dedupe/candidates?record={record}")).await.expect(200).json();
    page["data"].as_array().unwrap().clone()
}

async fn contact(member: &Member, body: Json) -> Uuid {
    member.post("/contacts", &body).await.expect(201).id()
}

/// Takes the right to view contacts from a member.
async fn withhold_contacts(member: &Member) {
    let sql = "UPDATE org_members SET permission_overrides = '{\"withheld\": [\"crm.contact.view\"]}' \
         WHERE org_id = $1 AND user_id = $2";
    sqlx::query(sql).bind(member.org_id()).bind(member.user_id()).execute(&mut db::owner().await).await.unwrap();
}

/// Merges records; the answer is the path that takes it back.
async fn merge(member: &Member, record: &str, survivor: Uuid, merged: &[Uuid]) -> String {
    merge_with(member, record, survivor, merged, json!({})).await
}

async fn merge_with(member: &Member, record: &str, survivor: Uuid, merged: &[Uuid], choices: Json) -> String {
    let body = json!({"record": record, "survivor_id": survivor, "merged_ids": merged, "choices": choices});
    let merged = member.post("/dedupe/merge", &body).await.expect(200).json();
    format!("/dedupe/merges/{}/undo", merged["id"].as_str().unwrap())
}

fn names(pair: &Json) -> [&str; 2] {
    ["a", "b"].map(|side| pair[side]["name"].as_str().unwrap())
}

/// DEDUPE-01, DEDUPE-02: alike records are found with a score and reasons, others are not; a dismissed pair does not come
/// back; what changes is looked at again.
#[actix_web::test]
async fn found_and_dismissed() {
    let app = TestApp::spawn().await;
    let (owner, stranger) = (app.owner().await, app.owner().await);
    contact(&stranger, json!({"first_name": "Ada", "last_name": "Lovelace", "phone": "+1 415 555 2671"})).await;
    let first = json!({"first_name": "Ada", "last_name": "Lovelace", "email": "ada@engine.example"});
    contact(&owner, first).await;
    contact(&owner, json!({"first_name": "ada", "last_name": "LOVELACE", "phone": "+1 415 555 2671"})).await;
    contact(&owner, json!({"first_name": "Bob", "last_name": "Builder", "mobile_phone": "(415) 555-2671"})).await;
    let cleo = contact(&owner, json!({"first_name": "Cleo", "last_name": "Coder"})).await;
    let done = scan(&app, &owner, "contact").await;
    let pairs = open(&owner, "contact").await;
    assert_eq!((&done["processed"], &done["open"]), (&json!(4), &json!(2)), "{done} {pairs:?}");
    assert_eq!(names(&pairs[0]), ["Ada Lovelace", "ada LOVELACE"]);
    assert!(pairs[0]["score"].as_i64().unwrap() >= 50);
    assert!(pairs[0]["reasons"].as_array().unwrap().contains(&json!("same_name")), "{}", pairs[0]);
    assert_eq!(names(&pairs[1]), ["ada LOVELACE", "Bob Builder"], "they alone share a number");
    assert!(pairs[1]["reasons"].as_array().unwrap().contains(&json!("same_phone")));
    assert!(open(&stranger, "contact").await.is_empty());

    let path = format!("/dedupe/candidates/{}", pairs[1]["id"].as_str().unwrap());
    stranger.post(&format!("{path}/dismiss"), &json!({})).await.expect(404);
    owner.post(&format!("{path}/dismiss"), &json!({})).await.expect(204);
    // Another one joins.
    owner.put(&format!("/contacts/{cleo}"), &json!({"first_name": "ADA", "last_name": "Lovelace"})).await.expect(200);
    scan(&app, &owner, "contact").await;
    let pairs = open(&owner, "contact").await;
    assert!(pairs.iter().all(|pair| !names(pair).contains(&"Bob Builder")), "{pairs:?}");
    assert!(pairs.iter().any(|pair| names(pair).contains(&"ADA Lovelace")), "{pairs:?}");
    owner.post(&format!("{path}/reopen"), &json!({})).await.expect(204);
    assert_eq!(open(&owner, "contact").await.len(), pairs.len() + 1);
}

/// DEDUPE-01: a search of a whole organization's records at once ends soon, and finds each pair once.
#[actix_web::test]
async fn many_at_once() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let sql = "INSERT INTO contacts (org_id, id, first_name, last_name) \
         SELECT $1, gen_random_uuid(), 'Ada', translate(md5((n / 2)::text), '0123456789', 'ghijklmnop') \
         FROM generate_series(0, 999) n";
    assert_eq!(db::execute(sql, owner.org_id()).await, 1_000);
    let done = scan(&app, &owner, "contact").await;
    assert_eq!((&done["processed"], &done["open"]), (&json!(1_000), &json!(500)), "{done}");
}

/// DEDUPE-03, DEDUPE-04: values as chosen, tags of both, deals and timelines end up on the survivor, the other is
/// archived; the undo gives everything back, but for what was changed since.
#[actix_web::test]
async fn contacts_are_merged_and_parted() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let stays = json!({"first_name": "Ada", "last_name": "Lovelace", "job_title": "Analyst", "tags": ["vip"]});
    let stays = contact(&owner, stays).await;
    let goes = json!({"first_name": "Ada", "last_name": "King", "email": "ada@engine.example", "job_title": "Countess",
        "tags": ["north", "VIP"], "notes": "Likes looms"});
    let goes = contact(&owner, goes).await;
    let deal = json!({"name": "Engine", "primary_contact_id": goes});
    let deal = owner.post("/deals", &deal).await.expect(201).id();
    let other = owner.post("/deals", &json!({"name": "Loom"})).await.expect(201).id();
    let link = json!({"contact_id": goes, "role": "decision_maker"});
    owner.post(&format!("/deals/{other}/contacts"), &link).await.expect(201);
    app.carry(&owner).await;

    let mut body = json!({"record": "contact", "survivor_id": stays, "merged_ids": [goes],
        "choices": {"last_name": goes}, "preview": true});
    let preview = owner.post("/dedupe/merge", &body).await.expect(200).json();
    assert_eq!((&preview["id"], &preview["moved"]), (&Json::Null, &json!(2)), "{preview}");
    assert_eq!(preview["survivor"]["name"], "Ada King");
    assert_eq!(owner.get(&format!("/contacts/{stays}")).await.expect(200).json()["name"], "Ada Lovelace");

    body["preview"] = json!(false);
    let merged = owner.post("/dedupe/merge", &body).await.expect(200).json();
    let now = owner.get(&format!("/contacts/{stays}")).await.expect(200).json();
    assert_eq!((&now["name"], &now["job_title"]), (&json!("Ada King"), &json!("Analyst")));
    assert_eq!((&now["email"], &now["notes"]), (&json!("ada@engine.example"), &json!("Likes looms")));
    assert_eq!(now["tags"], json!(["north", "vip"]));
    assert!(!owner.get(&format!("/contacts/{goes}")).await.expect(200).json()["deleted_at"].is_null());
    let of_deal = async || owner.get(&format!("/deals/{deal}")).await.expect(200).json()["primary_contact_id"].clone();
    let linked = async || owner.get(&format!("/deals/{other}/contacts")).await.expect(200).json()["data"].clone();
    assert_eq!(of_deal().await, json!(stays));
    assert_eq!(linked().await[0]["contact_id"], json!(stays), "{}", linked().await);
    app.carry(&owner).await;
    let timeline = async || {
        let timeline = owner.get(&format!("/contacts/{stays}/timeline")).await.expect(200).json();
        timeline["data"].as_array().unwrap().iter().map(|entry| entry["description"].to_string()).collect::<Vec<_>>()
    };
    let told = timeline().await;
    assert!(told.iter().any(|line| line.contains("Engine")), "the deal of the other is on the timeline: {told:?}");
    assert!(told.iter().any(|line| line.contains("merged")), "{told:?}");

    owner.put(&format!("/contacts/{stays}"), &json!({"notes": "Loves looms"})).await.expect(200);
    let undo = format!("/dedupe/merges/{}/undo", merged["id"].as_str().unwrap());
    app.owner().await.post(&undo, &json!({})).await.expect(404);
    owner.post(&undo, &json!({})).await.expect(204);
    owner.post(&undo, &json!({})).await.expect(409);
    let now = owner.get(&format!("/contacts/{stays}")).await.expect(200).json();
    assert_eq!((&now["name"], &now["email"], &now["tags"]), (&json!("Ada Lovelace"), &Json::Null, &json!(["vip"])));
    assert_eq!(now["notes"], "Loves looms", "what was changed since stays");
    let back = owner.get(&format!("/contacts/{goes}")).await.expect(200).json();
    assert_eq!((&back["deleted_at"], &back["email"]), (&Json::Null, &json!("ada@engine.example")));
    assert_eq!((of_deal().await, linked().await[0]["contact_id"].clone()), (json!(goes), json!(goes)));
    app.carry(&owner).await;
    assert!(timeline().await.iter().all(|line| !line.contains("Engine")), "{:?}", timeline().await);
}

/// DEDUPE-03, COMPANY-17: three companies become one with the contacts and deals of all; each contact's primary mark gives
/// way to the survivor's.
#[actix_web::test]
async fn companies_are_merged() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let mut ids = Vec::new();
    for name in ["Acme", "ACME Inc", "Acme Ltd"] {
        let id = owner.post("/companies", &json!({"name": name})).await.expect(201).id();
        let person = json!({"first_name": name, "company_id": id, "is_primary": true});
        contact(&owner, person).await;
        owner.post("/deals", &json!({"name": name, "company_id": id})).await.expect(201);
        ids.push(id);
    }
    let body = json!({"record": "company", "survivor_id": ids[0], "merged_ids": [ids[1], ids[2]]});
    let merged = owner.post("/dedupe/merge", &body).await.expect(200).json();
    assert_eq!(merged["moved"], json!(4), "{merged}");
    let total = async |path: String| owner.get(&path).await.expect(200).json()["pagination"]["total"].clone();
    for part in ["contacts", "deals"] {
        assert_eq!(total(format!("/companies/{}/{part}", ids[0])).await, json!(3), "{part}");
    }
    let primary = owner.get(&format!("/companies/{}/contacts", ids[0])).await.expect(200).column("is_primary");
    assert_eq!(primary.iter().filter(|is| **is == true).count(), 1);
    assert_eq!(total("/companies".to_owned()).await, json!(1));
    let undo = format!("/dedupe/merges/{}/undo", merged["id"].as_str().unwrap());
    owner.post(&undo, &json!({})).await.expect(204);
    for id in &ids {
        assert_eq!(total(format!("/companies/{id}/contacts")).await, json!(1));
        assert_eq!(total(format!("/companies/{id}/deals")).await, json!(1));
    }
}

/// DEDUPE-03, AUTH-10: managers do not merge; what cannot be merged is refused at its field and changes nothing.
#[actix_web::test]
async fn refusals() {
    let app = TestApp::spawn().await;
    let (owner, stranger) = (app.owner().await, app.owner().await);
    let manager = owner.colleague("manager").await;
    let (a, b) = (contact(&owner, json!({"first_name": "A"})).await, contact(&owner, json!({"first_name": "B"})).await);
    let body = json!({"record": "contact", "survivor_id": a, "merged_ids": [b]});
    manager.post("/dedupe/merge", &body).await.expect(403);
    manager.post("/dedupe/scan", &json!({"record": "contact"})).await.expect(403);
    manager.get("/dedupe/candidates?record=contact").await.expect(403);
    stranger.post("/dedupe/merge", &body).await.expect(404);
    for (change, path, code) in [
        (json!({"merged_ids": []}), "/merged_ids", "required"),
        (json!({"merged_ids": [a]}), "/merged_ids", "duplicate"),
        (json!({"record": "deal"}), "/record", "choice"),
        (json!({"choices": {"wings": a}}), "/choices/wings", "unknown_field"),
        (json!({"choices": {"name": a}}), "/choices/name", "single"),
        (json!({"choices": {"email": Uuid::now_v7()}}), "/choices/email", "choice"),
    ] {
        let mut wrong = body.clone();
        wrong.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let fields = owner.post("/dedupe/merge", &wrong).await.expect(422).fields();
        assert!(fields.contains(&(path.to_owned(), code.to_owned())), "{wrong}: {fields:?}");
    }
    owner.delete(&format!("/contacts/{b}")).await;
    owner.post("/dedupe/merge", &body).await.expect(409);
    assert_eq!(owner.get(&format!("/contacts/{a}")).await.expect(200).json()["version"], json!(1));
}

/// AUTH-13, AUTH-16: who may merge contacts but not view them is shown none: neither pairs, nor the result of a merge.
#[actix_web::test]
async fn only_what_may_be_viewed() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let (a, b) = (contact(&owner, json!({"first_name": "A"})).await, contact(&owner, json!({"first_name": "B"})).await);
    let blind = owner.colleague("admin").await;
    let mut body = json!({"record": "contact", "survivor_id": a, "merged_ids": [b], "preview": true});
    blind.get("/dedupe/candidates?record=contact").await.expect(200);
    blind.post("/dedupe/merge", &body).await.expect(200);
    withhold_contacts(&blind).await;
    blind.get("/dedupe/candidates?record=contact").await.expect(403);
    blind.get("/dedupe/candidates?record=company").await.expect(200);
    blind.post("/dedupe/merge", &body).await.expect(403);
    body["preview"] = json!(false);
    blind.post("/dedupe/merge", &body).await.expect(403);
    assert_eq!(owner.get(&format!("/contacts/{b}")).await.expect(200).json()["deleted_at"], Json::Null);
}

/// DEDUPE-05: what an import has made is searched for duplicates by itself, though no key of a row met a record.
#[actix_web::test]
async fn imports_are_searched() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    contact(&owner, json!({"first_name": "Ada", "last_name": "Lovelace", "phone": "+1 415 555 2671"})).await;
    let file = "first name,last name,email\nada,LOVELACE,ada@engine.example\nBob,Builder,bob@example.com\n";
    let preview = owner.upload("contacts", "people.csv", file).await.expect(200).json();
    let job = crate::import::import(&app, &owner, &preview).await;
    assert_eq!(job["created"], json!(2), "{job}");
    let mut pairs = Vec::new();
    working(&app, async {
        pairs = eventually("the search ends", async || {
            let scan = owner.get("/dedupe/scan?record=contact").await.expect(200).json();
            (!scan["finished_at"].is_null()).then_some(())?;
            Some(open(&owner, "contact").await)
        })
        .await;
    })
    .await;
    assert_eq!(pairs.iter().map(names).collect::<Vec<_>>(), [["Ada Lovelace", "ada LOVELACE"]]);
}
