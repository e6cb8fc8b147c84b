//! Products: a record type that is little more than its description, and has what all have (issue 3, "Cost of growth").

use crate::bulk::{run, undo, working};
use crate::exports::{export, lines};
use crate::import::{counts, import_text};
use crate::support::{Member, TestApp};
use reqwest::Method;
use serde_json::{Value as Json, json};
use uuid::Uuid;

async fn product(member: &Member, input: Json) -> Uuid {
    member.post("/products", &input).await.expect(201).id()
}

async fn read(member: &Member, id: Uuid) -> Json {
    member.get(&format!("/products/{id}")).await.expect(200).json()
}

/// Issue 3 (cost of growth), PLATFORM-13: a product is made with all its fields or its name only, changed, archived,
/// restored and deleted; what does not fit is refused at its place.
#[actix_web::test]
async fn a_products_life() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let input = json!({"name": "Vibration sensor", "sku": "VS-40", "price_minor": 28_500, "currency": "eur",
        "unit": "piece", "active": false, "description": "Three axes.\nBattery.", "tags": ["Sensor"]});
    let made = owner.post("/products", &input).await.expect(201);
    let one = format!("/products/{}", made.id());
    let got = owner.get(&one).await.expect(200).json();
    assert_eq!(got, made.json());
    for (name, value) in [
        ("code", json!("VS-40")),
        ("price_minor", json!(28_500)),
        ("currency", json!("EUR")),
        ("active", json!(false)),
        ("tags", json!(["Sensor"])),
        ("custom_fields", json!({})),
        ("created_by", json!(owner.user_id())),
    ] {
        assert_eq!(got[name], value, "{name}");
    }
    let bare = owner.post("/products", &json!({"name": "Bolt"})).await.expect(201).json();
    let given = ["active", "currency", "code", "price_minor", "unit"].map(|name| bare[name].clone());
    assert_eq!(given, [json!(true), json!("USD"), Json::Null, Json::Null, Json::Null]);

    let changed = owner.send(Method::PATCH, &one, Some(&json!({"active": true, "unit": null})), Some("\"1\"")).await;
    let changed = changed.expect(200).json();
    assert_eq!((&changed["active"], &changed["unit"], &changed["version"]), (&json!(true), &Json::Null, &json!(2)));
    let stale = owner.send(Method::PATCH, &one, Some(&json!({"name": "x"})), Some("\"1\"")).await.expect(412);
    assert_eq!(stale.json()["current"]["version"], 2);
    for (body, field, code) in [
        (json!({"name": " "}), "/name", "required"),
        (json!({"price_minor": -1}), "/price_minor", "too_small"),
        (json!({"price_minor": "cheap"}), "/price_minor", "amount"),
        (json!({"currency": "QQQ"}), "/currency", "currency"),
        (json!({"unit": "u".repeat(51)}), "/unit", "too_long"),
        (json!({"code": "c".repeat(101)}), "/code", "too_long"),
        (json!({"active": "perhaps"}), "/active", "boolean"),
        (json!({"weight": 5}), "/weight", "unknown_field"),
        (json!({"created_at": "2026-01-01T00:00:00Z"}), "/created_at", "read_only"),
    ] {
        let refused = owner.put(&one, &body).await.expect(422);
        assert_eq!(refused.fields(), [(field.to_owned(), code.to_owned())], "{body}");
    }
    owner.post("/products", &json!({"price_minor": 5})).await.expect(422);

    owner.delete(&one).await.expect(204);
    assert_eq!(owner.get("/products").await.expect(200).column("name"), ["Bolt"]);
    assert_eq!(owner.get("/products?archived=only").await.expect(200).ids(), [made.id()]);
    owner.post(&format!("{one}/restore"), &json!({})).await.expect(200);
    owner.delete(&format!("{one}?permanent=true")).await.expect(204);
    owner.get(&one).await.expect(404);
}

/// Issue 3 (cost of growth): no two live products of an organization have one code, however it is written; archived
/// ones do not block it, and come back only while it is free.
#[actix_web::test]
async fn codes_are_unique() {
    let app = TestApp::spawn().await;
    let (owner, other) = (app.owner().await, app.owner().await);
    let first = product(&owner, json!({"name": "A", "code": "VS-40"})).await;
    let clash = owner.post("/products", &json!({"name": "B", "code": " vs-40 "})).await.expect(409);
    assert_eq!(clash.fields(), [("/code".to_owned(), "duplicate".to_owned())]);
    assert_eq!(clash.problem().detail, "Another product already has this code.");
    let second = product(&owner, json!({"name": "B"})).await;
    owner.put(&format!("/products/{second}"), &json!({"code": "vs-40"})).await.expect(409);
    product(&other, json!({"name": "C", "code": "VS-40"})).await;
    owner.delete(&format!("/products/{first}")).await.expect(204);
    owner.put(&format!("/products/{second}"), &json!({"code": "vs-40"})).await.expect(200);
    owner.post(&format!("/products/{first}/restore"), &json!({})).await.expect(409);
    product(&owner, json!({"name": "Without"})).await;
    product(&owner, json!({"name": "Without"})).await;
}

/// AUTH-10, AUTH-11, AUTH-12, AUTH-16, AUTH-20: whoever sells sees the products, managers keep them, owners and admins
/// archive and delete them.
#[actix_web::test]
async fn rights_by_role() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let one = format!("/products/{}", product(&owner, json!({"name": "Crane", "code": "C-1"})).await);
    app.carry(&owner).await;
    let file = json!({"format": "csv", "query": {}});
    for (role, makes, deletes) in
        [("viewer", 403, 403), ("member", 403, 403), ("manager", 201, 403), ("admin", 201, 204)]
    {
        let member = owner.colleague(role).await;
        member.get(&one).await.expect(200);
        assert_eq!(
            member.list("/search", &[("q", "crane")]).await.expect(200).json()["groups"][0]["entity_type"],
            "product"
        );
        let changes = if makes == 201 { 200 } else { 403 };
        member.post("/products", &json!({"name": role})).await.expect(makes);
        member.put(&one, &json!({"unit": role})).await.expect(changes);
        member.post(&format!("{one}/tags"), &json!({"tags": [role]})).await.expect(changes);
        member.post("/exports/products", &file).await.expect(if makes == 201 { 202 } else { 403 });
        member.delete(&one).await.expect(deletes);
        owner.post(&format!("{one}/restore"), &json!({})).await.expect(200);
    }
}

/// TENANCY-05, TENANCY-07: another organization's products are not there: not read, changed, found, listed or named.
#[actix_web::test]
async fn products_belong_to_their_organization() {
    let app = TestApp::spawn().await;
    let (owner, other) = (app.owner().await, app.owner().await);
    let one = format!("/products/{}", product(&owner, json!({"name": "Secretive crane", "code": "S-1"})).await);
    app.carry(&owner).await;
    let before = owner.get(&one).await.expect(200).text;
    other.get(&one).await.expect(404);
    other.put(&one, &json!({"name": "Theirs"})).await.expect(404);
    other.delete(&format!("{one}?permanent=true")).await.expect(404);
    other.get(&format!("{one}/timeline")).await.expect(404);
    assert_eq!(other.get("/products?archived=include").await.expect(200).json()["pagination"]["total"], 0);
    for path in ["/search?q=secretive", "/products?search=secretive", "/tags", "/activities"] {
        assert!(!other.get(path).await.expect(200).text.contains("Secretive"), "{path}");
    }
    assert_eq!(owner.get(&one).await.expect(200).text, before);
}

/// IMPORT-01, IMPORT-02, IMPORT-05, IMPORT-06: files that call things otherwise are understood; a product is recognised
/// by its code, one without a code by its name; a bad row stops no good one.
#[actix_web::test]
async fn products_are_imported() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let preview = owner.upload("products", "products.csv", std::fs::read(TestApp::data("products.csv")).unwrap()).await;
    let preview = preview.expect(200).json();
    let fed = |preview: &Json| {
        let of = |entry: &Json| (entry["field"].as_str().unwrap().to_owned(), entry["columns"][0].clone());
        preview["plan"]["mapping"].as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(fed(&preview), [("name".into(), json!("product")), ("price_minor".into(), json!("sales_price"))]);
    let job = crate::import::import(&app, &owner, &preview).await;
    assert_eq!(counts(&job), [7, 0, 0, 0]);
    let pro = owner.get("/products?name=GTX Pro").await.expect(200).json()["data"][0].clone();
    assert_eq!((&pro["price_minor"], &pro["currency"], &pro["active"]), (&json!(482_100), &json!("USD"), &json!(true)));

    let csv = "SKU,Article name,Unit price,UoM,Curr,Is active,Details\n\
        G-1,GTX Pro,\"4,900.00\",piece,USD,yes,Fast\n\
        G-2,GTX Pro,10,piece,EUR,no,\n\
        ,MG Special,56,,,,\n\
        G-3,,7,,,,\n\
        G-4,Broken,cheap,,,,\n";
    let updating = json!({"mode": "update_and_create"});
    let job = import_text(&app, &owner, "products", csv, updating.clone()).await;
    assert_eq!(counts(&job), [1, 2, 0, 2], "{job}");
    let of = async |code: &str| owner.list("/products", &[("code", code)]).await.expect(200).json()["data"][0].clone();
    let first = of("G-1").await;
    assert_eq!(first["id"], pro["id"], "it had no code: the name is enough");
    let now = ["price_minor", "unit", "description"].map(|name| first[name].clone());
    assert_eq!(now, [json!(490_000), json!("piece"), json!("Fast")]);
    let second = of("G-2").await;
    assert_eq!(
        (&second["name"], &second["active"], &second["currency"]),
        (&json!("GTX Pro"), &json!(false), &json!("EUR"))
    );
    let job = import_text(&app, &owner, "products", "sku,price\ng-2,11\n", updating).await;
    assert_eq!(counts(&job), [0, 1, 0, 0], "the same code, written otherwise");
    let again = of("g-2").await;
    assert_eq!(
        (&again["id"], &again["price_minor"], &again["name"]),
        (&second["id"], &json!(1_100), &json!("GTX Pro")),
        "it keeps its name"
    );
    // German headers, and the code stands in for a name that is missing.
    let preview =
        owner.upload("products", "a.csv", "Artikelnummer;Bezeichnung;Preis;Einheit\n7;Kran;1,50;Stück\n").await;
    let keys: Vec<String> = fed(&preview.expect(200).json()).into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys, ["name", "code", "price_minor", "unit"]);
    let job = import_text(&app, &owner, "products", "code,price\nG-9,7\n", json!({})).await;
    assert_eq!((counts(&job), of("G-9").await["name"].clone()), ([1, 0, 0, 0], json!("G-9")));
}

/// EXPORT-01, FIELD-04, FIELD-09, SEARCH-01, SEARCH-04, BULK-01, BULK-05: lists are filtered, sorted and searched,
/// exported and changed in bulk, by standard fields and the organization's own.
#[actix_web::test]
async fn lists_files_and_bulk_work() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let field = json!({"entity": "product", "name": "Warranty", "type": "number"});
    owner.post("/field-definitions", &field).await.expect(201);
    for (name, code, price, months) in [("Crane", "C-1", 900, 24), ("Bolt", "B-7", 5, 6), ("Anchor", "A-3", 70, 12)] {
        let input = json!({"name": name, "code": code, "price_minor": price, "custom_fields": {"warranty": months}});
        product(&owner, input).await;
    }
    product(&owner, json!({"name": "Service", "active": false, "unit": "hour"})).await;
    app.carry(&owner).await;
    let names = async |params: &[(&str, &str)]| owner.list("/products", params).await.expect(200).column("name");
    assert_eq!(names(&[]).await, ["Anchor", "Bolt", "Crane", "Service"], "by name unless said otherwise");
    assert_eq!(names(&[("sort_by", "price_minor")]).await, ["Bolt", "Anchor", "Crane", "Service"]);
    assert_eq!(names(&[("sort_by", "-custom_fields.warranty"), ("active", "true")]).await, ["Crane", "Anchor", "Bolt"]);
    assert_eq!(names(&[("search", "b-7")]).await, ["Bolt"], "by code");
    let filter = r#"{"and": [{"field": "price_minor", "op": "gte", "value": 70}, {"field": "custom_fields.warranty", "op": "lt", "value": 24}]}"#;
    assert_eq!(names(&[("filter", filter)]).await, ["Anchor"]);
    owner.get("/products?sort_by=description").await.expect(422);
    let hits = owner.get("/search?q=C-1&types=product").await.expect(200).json();
    assert_eq!(
        (&hits["groups"][0]["hits"][0]["title"], &hits["groups"][0]["hits"][0]["subtitle"]),
        (&json!("Crane"), &json!("C-1"))
    );

    let columns = ["code", "name", "price_minor", "active", "custom_fields.warranty"];
    let query = json!({"sort_by": "code", "filter": {"field": "active", "op": "eq", "value": true}});
    let (_, bytes) =
        export(&app, &owner, "products", json!({"format": "csv", "columns": columns, "query": query})).await;
    let got = lines(&bytes);
    assert_eq!(got[0], ["Code", "Name", "Price", "Active", "Warranty"]);
    assert_eq!(got[1], ["A-3", "Anchor", "0.70", "Yes", "12"]);
    assert_eq!(got.len(), 4);

    working(&app, async {
        let query = json!({"filter": {"field": "price_minor", "op": "lt", "value": 100}});
        let job = run(&owner, "products", json!({"action": "update", "query": query, "fields": {"active": false, "unit": "box"}})).await;
        assert_eq!((&job["changed"], &job["refused"]), (&json!(2), &json!(0)));
        assert_eq!(names(&[("active", "true")]).await, ["Crane"]);
        undo(&owner, &job).await;
        assert_eq!(names(&[("active", "true")]).await, ["Anchor", "Bolt", "Crane"]);
        assert_eq!(names(&[("unit", "box")]).await, Vec::<Json>::new());
        let clash = json!({"action": "update", "query": {"filter": {"field": "price_minor", "op": "lt", "value": 100}}, "fields": {"code": "C-1"}});
        assert_eq!(run(&owner, "products", clash).await["refused"], 2, "a code is for one product");
    })
    .await;
    let id = owner.get("/products?code=A-3").await.expect(200).ids()[0];
    assert_eq!(read(&owner, id).await["code"], "A-3");
}
