//! Undo of a whole import.

use super::{counts, import_text, total};
use crate::bulk::{ended, reasons, working};
use crate::support::{Member, TestApp, db};
use serde_json::{Value as Json, json};

async fn undo(app: &TestApp, member: &Member, import: &Json) -> Json {
    let path = format!("/import/{}/undo", import["id"].as_str().unwrap());
    let id = member.post(&path, &json!({})).await.expect(202).id();
    let mut job = Json::Null;
    working(app, async { job = ended(member, id).await }).await;
    job
}

fn figures(job: &Json) -> [i64; 4] {
    ["total", "changed", "unchanged", "refused"].map(|name| job[name].as_i64().unwrap())
}

/// IMPORT-06, IMPORT-10, BULK-04: an undo deletes what the import has made, also companies made on the way, gives changed
/// records back what they held, and the file can be imported again.
#[actix_web::test]
async fn made_and_changed() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let before = "first_name,last_name,email,title\nAda,Lovelace,ada@example.com,Countess\n";
    import_text(&app, &owner, "contacts", before, json!({})).await;
    let file = "first_name,last_name,email,title,company,tags\n\
        Ada,King,ada@example.com,Analyst,Engines,vip\n\
        Bob,Builder,bob@example.com,,Engines,\n\
        Cleo,Coder,cleo@example.com,,Looms,\n\
        Bob,Mason,bob@example.com,,,\n";
    let options = json!({"mode": "update_and_create"});
    let import = import_text(&app, &owner, "contacts", file, options.clone()).await;
    assert_eq!((counts(&import), &import["can_undo"]), ([2, 2, 0, 0], &json!(true)), "{import}");
    assert_eq!((total(&owner, "/contacts").await, total(&owner, "/companies").await), (3, 2));

    let undone = undo(&app, &owner, &import).await;
    assert_eq!((&undone["status"], figures(&undone)), (&json!("completed"), [5, 5, 0, 0]), "{undone}");
    assert_eq!((total(&owner, "/contacts").await, total(&owner, "/companies").await), (1, 0));
    let ada = owner.get("/contacts").await.expect(200).json()["data"][0].clone();
    assert_eq!((&ada["last_name"], &ada["job_title"]), (&json!("Lovelace"), &json!("Countess")));
    assert_eq!((&ada["tags"], &ada["company_id"]), (&json!([]), &Json::Null));
    // BULK-04: what is gone for good is written down; what was put back does not count.
    let sql = "SELECT count(*) FROM audit_log WHERE org_id = $1 AND action = 'bulk_delete' \
         AND metadata #>> '{details,count}' = '4'";
    assert_eq!(db::count(sql, owner.org_id()).await, 1);
    let import = owner.get(&format!("/import/{}", import["id"].as_str().unwrap())).await.expect(200).json();
    assert_eq!((&import["can_undo"], &import["undone_by"]), (&json!(false), &undone["id"]));
    owner.post(&format!("/import/{}/undo", import["id"].as_str().unwrap()), &json!({})).await.expect(409);

    let again = import_text(&app, &owner, "contacts", file, options).await;
    assert_eq!(counts(&again), [2, 2, 0, 0]);
}

/// IMPORT-10: what people have changed or linked since stays, and the results say so; the rest goes.
#[actix_web::test]
async fn what_people_did_since_stays() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let file = "company,website,industry\nAster,aster.example,Retail\nBirch,,Retail\nCedar,,Retail\nDrift,,Retail\n";
    owner.post("/companies", &json!({"name": "Drift", "industry": "Farming"})).await.expect(201);
    let options = json!({"mode": "update_and_create"});
    let import = import_text(&app, &owner, "companies", file, options).await;
    assert_eq!(counts(&import), [3, 1, 0, 0], "{import}");
    let list = owner.get("/companies?sort_by=name&sort_order=asc").await.expect(200).json();
    let id = |at: usize| list["data"][at]["id"].as_str().unwrap().to_owned();
    owner.put(&format!("/companies/{}", id(0)), &json!({"industry": "Space"})).await.expect(200);
    owner.post("/contacts", &json!({"first_name": "Bo", "company_id": id(1)})).await.expect(201);
    owner.put(&format!("/companies/{}", id(3)), &json!({"industry": "Space"})).await.expect(200);

    let undone = undo(&app, &owner, &import).await;
    assert_eq!(figures(&undone), [4, 1, 0, 3], "{undone}");
    let mut left = reasons(&owner, &undone).await;
    left.sort_by_key(|(name, _)| name.to_string());
    let words = [
        ("Aster", "It has been changed since the import, and stays."),
        ("Birch", "Other records are linked to it, so it stays."),
        ("Drift", "Changed since, and left as it is: Industry."),
    ];
    assert_eq!(left, words.map(|(name, why)| (json!(name), json!(why))));
    assert_eq!(total(&owner, "/companies").await, 3);
}

/// IMPORT-06, TENANCY-06, AUTH-10: managers import but do not delete; others do not find the import.
#[actix_web::test]
async fn rights() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let manager = owner.colleague("manager").await;
    let import = import_text(&app, &manager, "companies", "name\nAcme\n", json!({})).await;
    let path = format!("/import/{}/undo", import["id"].as_str().unwrap());
    manager.post(&path, &json!({})).await.expect(403);
    app.owner().await.post(&path, &json!({})).await.expect(404);
    let undone = undo(&app, &owner, &import).await;
    assert_eq!(figures(&undone), [1, 1, 0, 0]);
}
