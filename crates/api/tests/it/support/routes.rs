//! The routes of the API document, and ids to fill into their paths.

use super::Member;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Operations that need no session: the complete list.
pub const PUBLIC: &[&str] = &[
    "POST /api/v1/auth/register",
    "POST /api/v1/auth/login",
    "GET /api/v1/auth/session",
    "POST /api/v1/invitations/lookup",
    "POST /api/v1/invitations/accept",
    "POST /api/v1/client-errors",
    "GET /api/v1/health",
    "GET /api/v1/openapi.json",
];

/// Everything that organization A has, by the names of path parameters and by path.
pub async fn fill(a: &Member, marker: &str) -> BTreeMap<String, Uuid> {
    let name = |what: &str| format!("{marker} {what}");
    let mut ids = BTreeMap::new();
    let company = a.post("/companies", &json!({"name": name("company"), "tags": [name("tag")]})).await.expect(201).id();
    let contact =
        a.post("/contacts", &json!({"first_name": name("contact"), "company_id": company})).await.expect(201).id();
    let deal = json!({"name": name("deal"), "company_id": company, "primary_contact_id": contact});
    let deal = a.post("/deals", &deal).await.expect(201).json();
    let id = |json: &Json| json.as_str().unwrap().parse::<Uuid>().unwrap();
    let product = json!({"name": name("product"), "code": name("code")});
    ids.insert("products".into(), a.post("/products", &product).await.expect(201).id());
    ids.insert("companies".into(), company);
    ids.insert("contacts".into(), contact);
    ids.insert("deals".into(), id(&deal["id"]));
    ids.insert("pipelines".into(), id(&deal["pipeline_id"]));
    ids.insert("stage_id".into(), id(&deal["stage_id"]));
    ids.insert("company_id".into(), company);
    ids.insert("contact_id".into(), contact);
    ids.insert("members".into(), a.user_id());
    let tags = a.get("/tags").await.expect(200).json();
    ids.insert("tags".into(), id(&tags["data"][0]["id"]));
    let view = a.post("/saved-views", &json!({"entity": "company", "name": name("view"), "is_shared": true})).await;
    ids.insert("saved-views".into(), view.expect(201).id());
    let field = json!({"entity": "company", "type": "text", "name": name("field")});
    ids.insert("field-definitions".into(), a.post("/field-definitions", &field).await.expect(201).id());
    let [one, two] = ["first", "second"].map(|which| json!({"name": name(which)}));
    let (one, two) =
        (a.post("/companies", &one).await.expect(201).id(), a.post("/companies", &two).await.expect(201).id());
    let sql = "INSERT INTO duplicate_candidates (org_id, id, entity, record_a_id, record_b_id, score, reasons) \
         SELECT $1, gen_random_uuid(), 'company', min(id::text)::uuid, max(id::text)::uuid, 60, '[]' FROM companies \
         WHERE org_id = $1";
    super::db::execute(sql, a.org_id()).await;
    let pairs = a.get("/dedupe/candidates?record=company").await.expect(200).json();
    ids.insert("candidates".into(), id(&pairs["data"][0]["id"]));
    let merge = json!({"record": "company", "survivor_id": one, "merged_ids": [two]});
    ids.insert("merges".into(), id(&a.post("/dedupe/merge", &merge).await.expect(200).json()["id"]));
    let bulk = json!({"action": "restore", "ids": [company]});
    ids.insert("jobs".into(), a.post("/bulk/companies", &bulk).await.expect(202).id());
    let export = json!({"format": "csv", "query": {}});
    ids.insert("files".into(), a.post("/exports/companies", &export).await.expect(202).id());
    let file = a.upload("companies", "a.csv", format!("name\n{}\n", name("row"))).await.expect(200).json();
    ids.insert("import".into(), id(&file["file_id"]));
    let mapping = json!({"name": name("mapping"), "plan": file["plan"], "columns": ["name"], "is_shared": true});
    ids.insert("mappings".into(), a.post("/import/mappings", &mapping).await.expect(201).id());
    let invitation = json!({"email": format!("{}@example.com", Uuid::now_v7()), "role": "viewer"});
    ids.insert("invitations".into(), a.post("/invitations", &invitation).await.expect(201).id());
    ids
}

/// The path with A's ids in the places of its parameters.
pub fn with_ids(path: &str, ids: &BTreeMap<String, Uuid>) -> Option<String> {
    let mut before = "";
    let parts: Vec<String> = path
        .split('/')
        .map(|part| {
            let found = match part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) {
                // A record type has the same name everywhere.
                Some("entity") => Some("companies".to_owned()),
                Some("id") => ids.get(before).map(Uuid::to_string),
                Some(name) => ids.get(name).map(Uuid::to_string),
                None => Some(part.to_owned()),
            };
            before = part;
            found
        })
        .collect::<Option<_>>()?;
    Some(parts.join("/"))
}
