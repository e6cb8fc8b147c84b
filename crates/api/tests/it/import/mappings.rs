//! Saved mappings of imports.

use super::{counts, import};
use crate::support::{Member, TestApp, db};
use reqwest::Method;
use serde_json::{Value as Json, json};
use uuid::Uuid;

const LIST: &str = "Who,Work mail,Reference,Remark\nAda Lovelace,ada@engine.example,Fair,x\n";

/// Uploads as a file of contacts.
async fn upload(member: &Member, csv: &str) -> Json {
    member.upload("contacts", "list.csv", csv).await.expect(200).json()
}

/// The columns that a preview names.
fn columns(preview: &Json) -> Vec<Json> {
    preview["columns"].as_array().unwrap().iter().map(|column| column["name"].clone()).collect()
}

/// Saves the plan of a preview.
async fn save(member: &Member, name: &str, preview: &Json, shared: bool) -> Uuid {
    let body = json!({"name": name, "plan": preview["plan"], "columns": columns(preview), "is_shared": shared});
    member.post("/import/mappings", &body).await.expect(201).id()
}

/// What feeds a field of a plan.
fn source(preview: &Json, field: &str) -> Json {
    let mapping = preview["plan"]["mapping"].as_array().unwrap();
    mapping.iter().find(|source| source["field"] == field).cloned().unwrap_or_default()
}

fn names(page: &Json) -> Vec<&str> {
    page["data"].as_array().unwrap().iter().map(|mapping| mapping["name"].as_str().unwrap()).collect()
}

/// IMPORT-02, IMPORT-06: a mapping with its options is saved, applies itself to the next file with the same columns in
/// another order and case, is left aside on request, chosen by name, changed in part and deleted.
#[actix_web::test]
async fn saved_and_applied() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let mut first = upload(&owner, LIST).await;
    assert_eq!(first["saved_mapping"], Json::Null);
    assert_eq!(source(&first, "department"), Json::Null, "nobody guesses that");
    let plan = &mut first["plan"];
    plan["mapping"].as_array_mut().unwrap().push(json!({"field": "department", "columns": ["Reference"]}));
    plan["options"]["mode"] = json!("update_and_create");
    plan["options"]["date_order"] = json!("dmy");
    let id = save(&owner, "  Monthly list ", &first, false).await;
    let saved = owner.get(&format!("/import/mappings/{id}")).await.expect(200);
    assert_eq!(saved.etag(), "\"1\"");
    let saved = saved.json();
    assert_eq!((&saved["name"], &saved["entity"]), (&json!("Monthly list"), &json!("contacts")));
    assert_eq!(saved["plan"], first["plan"]);
    assert_eq!(saved["columns"], json!(["Who", "Work mail", "Reference", "Remark"]));
    assert_eq!((&saved["may_edit"], &saved["is_shared"]), (&json!(true), &json!(false)));
    let listed = owner.get("/import/mappings?entity=contacts").await.expect(200).json();
    assert_eq!((names(&listed), &listed["data"][0]["plan"]), (vec!["Monthly list"], &Json::Null));
    assert_eq!(names(&owner.get("/import/mappings?entity=deals").await.expect(200).json()), Vec::<&str>::new());

    let next = upload(&owner, "REMARK,reference,who,work  mail,Extra\ny,Web,Bob Builder,bob@site.example,1\n").await;
    let applied = json!({"id": id, "name": "Monthly list", "missing_columns": [], "new_columns": ["Extra"],
        "missing_fields": [], "missing_values": [], "missing_pipeline": false});
    assert_eq!(next["saved_mapping"], applied);
    assert_eq!(source(&next, "department"), json!({"field": "department", "columns": ["reference"]}));
    assert_eq!(next["rows"][0]["values"]["department"], "Web");
    assert_eq!(next["plan"]["options"]["mode"], "update_and_create");
    assert_eq!(next["not_imported"], json!(["REMARK", "Extra"]));
    let again = async |more: Json| {
        let mut body = json!({"file_id": next["file_id"]});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        owner.post("/import/preview", &body).await
    };
    assert_eq!(again(json!({})).await.expect(200).json()["saved_mapping"], applied);
    let guessed = again(json!({"mapping_id": null})).await.expect(200).json();
    assert_eq!((&guessed["saved_mapping"], source(&guessed, "department")), (&Json::Null, Json::Null));
    let job = import(&app, &owner, &next).await;
    assert_eq!(counts(&job), [1, 0, 0, 0], "{job}");

    // A file that lacks a column it reads is not read by it unasked; asked, it gets what there is.
    let other = upload(&owner, "Who,Reference,Remark\nCleo Coder,Fair,z\n").await;
    assert_eq!(other["saved_mapping"], Json::Null);
    let body = json!({"file_id": other["file_id"], "mapping_id": id});
    let chosen = owner.post("/import/preview", &body).await.expect(200).json();
    assert_eq!(chosen["saved_mapping"]["missing_columns"], json!(["Work mail"]));
    assert_eq!((source(&chosen, "email"), &chosen["rows"][0]["values"]["department"]), (Json::Null, &json!("Fair")));
    assert_eq!(chosen["problems"], json!([]));

    let path = format!("/import/mappings/{id}");
    let change = json!({"plan": guessed["plan"], "columns": columns(&guessed), "name": "Yearly list"});
    let changed = owner.send(Method::PUT, &path, Some(&change), Some("\"1\"")).await.expect(200).json();
    assert_eq!((&changed["version"], &changed["plan"]), (&json!(2), &guessed["plan"]));
    let stale = owner.send(Method::PUT, &path, Some(&json!({"name": "Late"})), Some("\"1\"")).await.expect(412);
    assert_eq!(stale.json()["current"]["name"], "Yearly list");
    let renamed = owner.put(&path, &json!({"name": "List"})).await.expect(200).json();
    assert_eq!((&renamed["name"], &renamed["plan"]), (&json!("List"), &guessed["plan"]));
    owner.delete(&path).await.expect(204);
    owner.get(&path).await.expect(404);
    assert_eq!(upload(&owner, LIST).await["saved_mapping"], Json::Null);
    owner.post("/import/preview", &body).await.expect(404);
}

/// IMPORT-02, FIELD-06: fields, options, stages and pipelines that are gone since are left out, by their names; what is
/// restored is imported again.
#[actix_web::test]
async fn what_is_gone_is_left_out_and_told() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let field = json!({"entity": "contact", "name": "Shoe size", "type": "number"});
    let field = owner.post("/field-definitions", &field).await.expect(201).id();
    let csv = "name,email,Shoe size\nAda Lovelace,ada@engine.example,38\n";
    let first = upload(&owner, csv).await;
    assert_eq!(source(&first, "custom_fields.shoe_size")["columns"], json!(["Shoe size"]));
    save(&owner, "Shoes", &first, false).await;
    owner.delete(&format!("/field-definitions/{field}")).await.expect(204);
    let without = upload(&owner, csv).await;
    assert_eq!(without["saved_mapping"]["missing_fields"], json!(["Shoe size"]));
    assert_eq!(without["not_imported"], json!(["Shoe size"]));
    assert_eq!(counts(&import(&app, &owner, &without).await), [1, 0, 0, 0]);
    owner.post(&format!("/field-definitions/{field}/restore"), &json!({})).await.expect(200);
    let back = upload(&owner, csv).await;
    assert_eq!(
        (&back["saved_mapping"]["missing_fields"], &back["rows"][0]["values"]["custom_fields.shoe_size"]),
        (&json!([]), &json!(38))
    );

    let pipeline = owner.post("/pipelines", &json!({"name": "Second"})).await.expect(201).json();
    let csv = "title,phase,owner\nEngine,Begun,Somebody\n";
    let mut first = owner.upload("deals", "deals.csv", csv).await.expect(200).json();
    first["plan"]["options"]["pipeline_id"] = pipeline["id"].clone();
    first["plan"]["mapping"] = json!([{"field": "name", "columns": ["title"]}, {"field": "stage_id", "columns": ["phase"]},
        {"field": "owner_id", "columns": ["owner"]}]);
    first["plan"]["options"]["matches"] = json!([
        {"field": "stage_id", "text": "Begun", "to": "existing", "id": pipeline["stages"][0]["id"]},
        {"field": "owner_id", "text": "Somebody", "to": "existing", "id": owner.user_id()},
    ]);
    save(&owner, "Deals", &first, true).await;
    let whole = owner.upload("deals", "deals.csv", csv).await.expect(200).json();
    assert_eq!(whole["rows"][0]["values"]["stage_id"], pipeline["stages"][0]["name"], "{whole}");
    assert_eq!(whole["rows"][0]["values"]["owner_id"], owner.me["user"]["name"]);
    owner.delete(&format!("/pipelines/{}", pipeline["id"].as_str().unwrap())).await.expect(204);
    let left = owner.upload("deals", "deals.csv", csv).await.expect(200).json();
    let applied = &left["saved_mapping"];
    assert_eq!((&applied["missing_pipeline"], &applied["missing_values"]), (&json!(true), &json!(["Begun"])));
    assert_eq!(left["plan"]["options"]["pipeline_id"], Json::Null);
    let decided: Vec<_> = left["plan"]["options"]["matches"].as_array().unwrap().iter().map(|m| &m["text"]).collect();
    assert_eq!(decided, ["Somebody", "Begun"], "what is gone is proposed anew");
}

/// IMPORT-02, AUTH-10, AUTH-12, TENANCY-05: those who may import save mappings, each their own; shared ones apply to
/// everybody's files and are changed by who keeps them and by administrators; another organization has nothing of it.
#[actix_web::test]
async fn rights() {
    let app = TestApp::spawn().await;
    let (owner, stranger) = (app.owner().await, app.owner().await);
    let (ines, noah) = (owner.colleague("manager").await, owner.colleague("manager").await);
    let preview = upload(&ines, LIST).await;
    let private = save(&ines, "Mine", &preview, false).await;
    let shared = save(&ines, "For all", &preview, true).await;
    let body = json!({"name": "X", "plan": preview["plan"], "columns": columns(&preview)});
    for role in ["member", "viewer"] {
        let refused = owner.colleague(role).await;
        for path in ["/import/mappings".to_owned(), format!("/import/mappings/{shared}")] {
            refused.get(&path).await.expect(403);
        }
        refused.post("/import/mappings", &body).await.expect(403);
        refused.put(&format!("/import/mappings/{shared}"), &json!({"name": "X"})).await.expect(403);
        refused.delete(&format!("/import/mappings/{shared}")).await.expect(403);
    }
    for other in [&owner, &noah] {
        assert_eq!(names(&other.get("/import/mappings").await.expect(200).json()), ["For all"]);
        other.get(&format!("/import/mappings/{private}")).await.expect(404);
        other.put(&format!("/import/mappings/{private}"), &json!({"name": "X"})).await.expect(404);
        other.delete(&format!("/import/mappings/{private}")).await.expect(404);
        assert_eq!(upload(other, LIST).await["saved_mapping"]["id"], json!(shared));
    }
    assert_eq!(upload(&ines, LIST).await["saved_mapping"]["id"], json!(shared), "the one changed last");
    let may = async |member: &Member| {
        member.get(&format!("/import/mappings/{shared}")).await.expect(200).json()["may_edit"].clone()
    };
    assert_eq!((may(&ines).await, may(&noah).await, may(&owner).await), (json!(true), json!(false), json!(true)));
    noah.put(&format!("/import/mappings/{shared}"), &json!({"name": "Noah's"})).await.expect(403);
    noah.delete(&format!("/import/mappings/{shared}")).await.expect(403);
    owner.put(&format!("/import/mappings/{shared}"), &json!({"name": "For everybody"})).await.expect(200);
    // An administrator makes it its keeper's own again, and sees it for the last time.
    let path = format!("/import/mappings/{shared}");
    let own = owner.put(&path, &json!({"is_shared": false})).await.expect(200).json();
    assert_eq!((&own["is_shared"], &own["may_edit"]), (&json!(false), &json!(false)));
    owner.get(&path).await.expect(404);
    ines.put(&path, &json!({"is_shared": true})).await.expect(200);

    assert_eq!(names(&stranger.get("/import/mappings").await.expect(200).json()), Vec::<&str>::new());
    let theirs = upload(&stranger, LIST).await;
    assert_eq!(theirs["saved_mapping"], Json::Null);
    let body = json!({"file_id": theirs["file_id"], "mapping_id": shared});
    stranger.post("/import/preview", &body).await.expect(404);
    for id in [private, shared] {
        stranger.put(&format!("/import/mappings/{id}"), &json!({"name": "X"})).await.expect(404);
        stranger.delete(&format!("/import/mappings/{id}")).await.expect(404);
    }
    // A mapping that invites does so for those only who may.
    let csv = "name,owner\nAcme,Somebody New\n";
    let mut inviting = owner.upload("companies", "a.csv", csv).await.expect(200).json();
    let email = format!("new-{}@example.com", owner.org_id());
    inviting["plan"]["options"]["matches"] =
        json!([{"field": "owner_id", "text": "Somebody New", "to": "invite", "email": email}]);
    save(&owner, "Invites", &inviting, true).await;
    let of = async |member: &Member| member.upload("companies", "a.csv", csv).await.expect(200).json();
    assert_eq!(of(&owner).await["plan"]["options"]["matches"][0]["to"], "invite");
    let managed = of(&noah).await;
    assert_eq!(managed["saved_mapping"]["missing_values"], json!(["Somebody New"]));
    assert_eq!(managed["plan"]["options"]["matches"][0]["to"], "empty");
}

/// IMPORT-02: what cannot be saved is refused at its place, and nothing is stored.
#[actix_web::test]
async fn refusals() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let preview = upload(&owner, LIST).await;
    let body = |more: Json| {
        let mut body = json!({"name": "List", "plan": preview["plan"], "columns": columns(&preview)});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let path = |path: &str, code: &str| vec![(path.to_owned(), code.to_owned())];
    let refused = async |body: Json| owner.post("/import/mappings", &body).await.expect(422).fields();
    assert_eq!(refused(body(json!({"name": null}))).await, path("/name", "required"));
    assert_eq!(refused(body(json!({"name": "\t"}))).await, path("/name", "required"));
    assert_eq!(refused(body(json!({"name": "x".repeat(61)}))).await, path("/name", "too_long"));
    assert_eq!(refused(json!({"name": "List"})).await, path("/plan", "required"));
    assert_eq!(refused(body(json!({"columns": null}))).await, path("/columns", "required"));
    assert_eq!(refused(body(json!({"columns": ["Who", "who"]}))).await, path("/columns", "columns"));
    let lacking = refused(body(json!({"columns": ["Who"]}))).await;
    assert_eq!(lacking, path("/plan/mapping/1", "mapping"));
    owner.post("/import/mappings", &body(json!({"plan": {"entity": "dragons", "options": {}}}))).await.expect(422);
    owner.get("/import/mappings?entity=dragons").await.expect(422);
    assert_eq!(names(&owner.get("/import/mappings").await.expect(200).json()), Vec::<&str>::new());

    let id = save(&owner, "List", &preview, true).await;
    let taken = owner.post("/import/mappings", &body(json!({}))).await.expect(409);
    assert_eq!(taken.fields(), path("/name", "duplicate"));
    let ines = owner.colleague("manager").await;
    ines.post("/import/mappings", &body(json!({}))).await.expect(201);
    let shared = ines.post("/import/mappings", &body(json!({"name": "list", "is_shared": true}))).await;
    shared.expect(201);
    assert_eq!(ines.put(&format!("/import/mappings/{id}"), &json!({})).await.expect(403).problem().fields.len(), 0);
    let mut deals = preview["plan"].clone();
    deals["entity"] = json!("deals");
    let moved =
        owner.put(&format!("/import/mappings/{id}"), &json!({"plan": deals, "columns": columns(&preview)})).await;
    assert_eq!(moved.expect(422).fields(), path("/plan/entity", "fixed"));
    let companies = owner.upload("companies", "a.csv", "name\nAcme\n").await.expect(200).json();
    let other = json!({"file_id": companies["file_id"], "mapping_id": id});
    assert_eq!(owner.post("/import/preview", &other).await.expect(422).fields(), path("/mapping_id", "conflict"));
    let both = json!({"file_id": preview["file_id"], "mapping_id": id, "plan": preview["plan"]});
    assert_eq!(owner.post("/import/preview", &both).await.expect(422).fields(), path("/mapping_id", "conflict"));

    let sql = "INSERT INTO import_mappings (org_id, id, user_id, entity, name, columns, reads, plan) \
         SELECT org_id, gen_random_uuid(), user_id, entity, 'Copy ' || n, columns, reads, plan \
         FROM import_mappings, generate_series(1, 99) n WHERE org_id = $1 AND id = $2";
    let filled = sqlx::query(sql).bind(owner.org_id()).bind(id).execute(&mut db::owner().await).await.unwrap();
    assert_eq!(filled.rows_affected(), 99);
    let full = owner.post("/import/mappings", &body(json!({"name": "One more"}))).await.expect(409);
    assert_eq!(full.fields(), path("/name", "too_many"));
}
