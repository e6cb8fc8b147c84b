//! Own fields in imports, exports, bulk work and merges.

use super::{company, define, options, own};
use crate::bulk::working;
use crate::support::{Member, TestApp, eventually};
use serde_json::{Value as Json, json};
use uuid::Uuid;

async fn fields(owner: &Member) {
    define(owner, "company", "Fleet size", "number", json!({})).await;
    define(owner, "company", "Tier", "select", options(&["Gold, large", "Silver"])).await;
    define(owner, "company", "Brands", "multi_select", options(&["Big Lift", "Tow"])).await;
    define(owner, "company", "Since", "date", json!({})).await;
    define(owner, "company", "Audited", "checkbox", json!({})).await;
    // A header that means something else to others.
    define(owner, "company", "Segment", "text", json!({})).await;
}

/// The bulk work once it has ended.
async fn ended(app: &TestApp, member: &Member, id: Uuid) -> Json {
    let mut job = Json::Null;
    working(app, async { job = crate::bulk::ended(member, id).await }).await;
    job
}

async fn export(app: &TestApp, member: &Member, body: Json) -> String {
    let id = member.post("/exports/companies", &body).await.expect(202).id();
    let ended = eventually("the export ends", async || {
        let job = member.get(&format!("/exports/files/{id}")).await.expect(200).json();
        (job["status"] != "queued" && job["status"] != "running").then_some(job)
    });
    let mut job = Json::Null;
    working(app, async { job = ended.await }).await;
    assert_eq!(job["status"], "completed", "{job}");
    member.get(&format!("/exports/files/{id}/content")).await.expect(200).text
}

/// FIELD-09, IMPORT-02, EXPORT-02: own fields are recognised by their names, read in the spellings of files, and come out
/// of an export so that they go in again.
#[actix_web::test]
async fn in_and_out() {
    let app = TestApp::spawn().await;
    let (owner, other) = (app.owner().await, app.owner().await);
    fields(&owner).await;
    let file = "Name,Fleet size,Tier,Brands,Since,Audited,Segment\n\
        Acme,\"1,250.5\",silver,\"tow; Big lift\",12/31/1999,yes,A\n\
        Bolt,,\"Gold, large\",,,no,\nCrane,many,,,,,\n";
    let preview = owner.upload("companies", "own.csv", file).await.expect(200).json();
    let mapped: Vec<&str> =
        preview["plan"]["mapping"].as_array().unwrap().iter().map(|m| m["field"].as_str().unwrap()).collect();
    let keys = ["fleet_size", "tier", "brands", "since", "audited", "segment"];
    assert!(keys.iter().all(|key| mapped.contains(&format!("custom_fields.{key}").as_str())), "{mapped:?}");
    assert_eq!(preview["rows"][0]["values"]["custom_fields.fleet_size"], json!(1250.5));
    let job = crate::import::import(&app, &owner, &preview).await;
    assert_eq!(["created", "failed"].map(|n| job[n].as_i64().unwrap()), [2, 1], "{job}");
    let acme = owner.list("/companies", &[("search", "Acme"), ("sort_by", "name")]).await;
    let expected = json!({"fleet_size": 1250.5, "tier": "silver", "brands": ["big_lift", "tow"], "since": "1999-12-31",
        "audited": true, "segment": "A"});
    let all = owner.list("/companies", &[("sort_by", "name")]).await.expect(200);
    assert_eq!(all.column("custom_fields"), [expected.clone(), json!({"tier": "gold_large", "audited": false})]);
    drop(acme);

    let csv = export(&app, &owner, json!({"format": "csv", "query": {"sort_by": "name"}})).await;
    assert!(csv.lines().next().unwrap().contains("Fleet size,Tier,Brands,Since,Audited,Segment"), "{csv}");
    assert!(csv.contains(r#"1250.5,Silver,"Big Lift, Tow",1999-12-31,Yes,A"#), "{csv}");
    fields(&other).await;
    let preview = other.upload("companies", "again.csv", csv).await.expect(200).json();
    let job = crate::import::import(&app, &other, &preview).await;
    assert_eq!(job["created"], json!(2), "{job}");
    let again = other.list("/companies", &[("sort_by", "name")]).await.expect(200);
    assert_eq!(again.column("custom_fields"), all.column("custom_fields"));
    // An export in the order of an own field, with only that.
    let body = json!({"format": "csv", "columns": ["custom_fields.fleet_size", "name"],
        "query": {"sort_by": "-custom_fields.fleet_size"}});
    let csv = export(&app, &owner, body).await;
    assert_eq!(
        csv.trim_start_matches('\u{feff}').lines().collect::<Vec<_>>(),
        ["Fleet size,Name", "1250.5,Acme", ",Bolt"]
    );
}

/// FIELD-09, IMPORT-10: an import that is taken back takes back what it wrote into own fields.
#[actix_web::test]
async fn undone_imports() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    fields(&owner).await;
    let acme = company(&owner, "Acme", json!({"fleet_size": 1, "segment": "Old"})).await;
    let mut preview =
        owner.upload("companies", "own.csv", "Name,Fleet size,Tier\nAcme,2,Silver\n").await.expect(200).json();
    preview["plan"]["options"]["mode"] = json!("update_and_create");
    let job = crate::import::import(&app, &owner, &preview).await;
    assert_eq!(job["updated"], json!(1), "{job}");
    assert_eq!(own(&owner, acme).await, json!({"fleet_size": 2, "tier": "silver", "segment": "Old"}));
    owner.put(&format!("/companies/{acme}"), &json!({"custom_fields": {"tier": "gold_large"}})).await.expect(200);
    let id = job["id"].as_str().unwrap();
    let undo = owner.post(&format!("/import/{id}/undo"), &json!({})).await.expect(202).id();
    let done = ended(&app, &owner, undo).await;
    assert_eq!(done["status"], "completed", "{done}");
    // What somebody has changed since stays.
    assert_eq!(own(&owner, acme).await, json!({"fleet_size": 1, "tier": "gold_large", "segment": "Old"}));
}

/// FIELD-09, BULK-01: many records get a value at once, each is checked, and it is taken back.
#[actix_web::test]
async fn bulk() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    fields(&owner).await;
    let (acme, bolt) =
        (company(&owner, "Acme", json!({"tier": "silver"})).await, company(&owner, "Bolt", json!({})).await);
    let body =
        json!({"action": "update", "query": {}, "fields": {"custom_fields": {"tier": "gold_large", "fleet_size": 3}}});
    let id = owner.post("/bulk/companies", &body).await.expect(202).id();
    let done = ended(&app, &owner, id).await;
    assert_eq!(done["changed"], json!(2), "{done}");
    for id in [acme, bolt] {
        assert_eq!(own(&owner, id).await, json!({"tier": "gold_large", "fleet_size": 3}));
    }
    let undo = owner.post(&format!("/bulk/jobs/{id}/undo"), &json!({})).await.expect(202).id();
    ended(&app, &owner, undo).await;
    assert_eq!((own(&owner, acme).await, own(&owner, bolt).await), (json!({"tier": "silver"}), json!({})));
    let wrong = json!({"action": "update", "query": {}, "fields": {"custom_fields": {"tier": "none such"}}});
    let refused = owner.post("/bulk/companies", &wrong).await.expect(422);
    assert_eq!(refused.fields()[0].0, "/fields/custom_fields/tier");
}

/// FIELD-09, DEDUPE-03: a merge chooses own fields one by one like all others, and its undo gives them back.
#[actix_web::test]
async fn merges() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    fields(&owner).await;
    let one = company(&owner, "Acme", json!({"tier": "silver", "fleet_size": 1})).await;
    let two = company(&owner, "Acme Inc", json!({"tier": "gold_large", "segment": "B"})).await;
    let merge = json!({"record": "company", "survivor_id": one, "merged_ids": [two],
        "choices": {"custom_fields.tier": two}});
    let merged = owner.post("/dedupe/merge", &merge).await.expect(200).json();
    assert_eq!(own(&owner, one).await, json!({"tier": "gold_large", "fleet_size": 1, "segment": "B"}));
    let id = merged["id"].as_str().unwrap();
    owner.post(&format!("/dedupe/merges/{id}/undo"), &json!({})).await.expect(204);
    assert_eq!(own(&owner, one).await, json!({"tier": "silver", "fleet_size": 1}));
}
