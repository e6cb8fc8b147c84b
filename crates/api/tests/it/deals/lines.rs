//! Line items: products of the catalogue on deals, with discount and tax.

use super::{at, deal};
use crate::bulk::{ended, working};
use crate::import::import_text;
use crate::support::TestApp;
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// DEAL-05, DEAL-06, SALES-07: lines have the product, a unit, discount and tax; what they come to is computed, whatever
/// was sent; the deal's amount follows lines that made it, and no others.
#[actix_web::test]
async fn lines_with_discount_and_tax() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let crane = json!({"name": "Crane hire", "code": "CR-1", "price_minor": 100_000, "unit": "day"});
    let crane = owner.post("/products", &crane).await.expect(201).id();
    let line = json!({"product_id": crane, "name": "Crane hire", "unit": "day", "quantity": 3, "price_minor": 100_000,
        "discount_percent": 10, "tax_percent": 19, "total_minor": 1, "tax_minor": 1});
    let made = deal(&owner, json!({"products": [line, {"name": "Care", "price_minor": 500}]})).await;
    let first = &made["products"][0];
    for (name, value) in [
        ("product_id", json!(crane)),
        ("unit", json!("day")),
        ("discount_percent", json!(10.0)),
        ("tax_percent", json!(19.0)),
        ("total_minor", json!(270_000)),
        ("tax_minor", json!(51_300)),
    ] {
        assert_eq!(first[name], value, "{name}");
    }
    assert_eq!((&made["products"][1]["product_id"], &made["products"][1]["tax_minor"]), (&Json::Null, &json!(0)));
    let totals =
        json!({"subtotal_minor": 300_500, "discount_minor": 30_000, "tax_minor": 51_300, "total_minor": 321_800});
    assert_eq!((&made["line_totals"], &made["amount_minor"]), (&totals, &json!(321_800)));
    assert_eq!(owner.get("/deals").await.expect(200).json()["data"][0]["line_totals"], totals);
    // What was read can be sent back, and changes nothing.
    let same = owner.put(&at(&made, ""), &json!({"products": made["products"]})).await.expect(200).json();
    assert_eq!((&same["version"], &same["products"]), (&made["version"], &made["products"]));
    // An amount that lines have made follows them; one that somebody has given stays.
    let more = json!([{"name": "Care", "price_minor": 700, "tax_percent": 7.5}]);
    let followed = owner.put(&at(&made, ""), &json!({"products": more})).await.expect(200).json();
    assert_eq!((&followed["amount_minor"], &followed["line_totals"]["total_minor"]), (&json!(753), &json!(753)));
    owner.put(&at(&made, ""), &json!({"amount_minor": 900})).await.expect(200);
    let kept = owner.put(&at(&made, ""), &json!({"products": [line]})).await.expect(200).json();
    assert_eq!((&kept["amount_minor"], &kept["line_totals"]["total_minor"]), (&json!(900), &json!(321_300)));
    let bare = deal(&owner, json!({})).await;
    let filled = owner.put(&at(&bare, ""), &json!({"products": more})).await.expect(200).json();
    assert_eq!(filled["amount_minor"], 753);
    for (line, path, code) in [
        (json!({"product_id": Uuid::now_v7()}), "/products/0/product_id", "not_found"),
        (json!({"product_id": "GTX"}), "/products/0/product_id", "id"),
        (json!({"discount_percent": 100.01}), "/products/0/discount_percent", "percent"),
        (json!({"tax_percent": 1.005}), "/products/0/tax_percent", "percent"),
        (json!({"unit": "u".repeat(51)}), "/products/0/unit", "too_long"),
    ] {
        let mut full = json!({"name": "A", "quantity": 1, "price_minor": 5});
        full.as_object_mut().unwrap().extend(line.as_object().unwrap().clone());
        let refused = owner.put(&at(&made, ""), &json!({"products": [full]})).await.expect(422);
        assert_eq!(refused.fields(), [(path.to_owned(), code.to_owned())], "{line}");
    }
}

/// DEAL-06, TENANCY-06, SEARCH-05: a product's deals are listed and filtered by; another organization's product cannot be
/// put on a line; archived ones stay on theirs, and those deleted for good leave the line what it says.
#[actix_web::test]
async fn products_of_deals() {
    let app = TestApp::spawn().await;
    let (owner, other) = (app.owner().await, app.owner().await);
    let input = json!({"name": "Crane hire", "price_minor": 100});
    let (crane, theirs) = (
        owner.post("/products", &input).await.expect(201).id(),
        other.post("/products", &input).await.expect(201).id(),
    );
    let line = |id: Uuid| json!([{"name": "Crane hire", "price_minor": 100, "product_id": id}]);
    let made = deal(&owner, json!({"name": "With", "products": line(crane)})).await;
    deal(&owner, json!({"name": "Without", "products": [{"name": "Crane hire", "price_minor": 100}]})).await;
    let foreign = owner.post("/deals", &json!({"name": "X", "products": line(theirs)})).await.expect(422);
    assert_eq!(foreign.fields(), [("/products/0/product_id".to_owned(), "not_found".to_owned())]);
    let one = format!("/products/{crane}");
    assert_eq!(owner.get(&format!("{one}/deals")).await.expect(200).column("name"), ["With"]);
    other.get(&format!("{one}/deals")).await.expect(404);
    let filter =
        json!({"field": "products", "op": "any", "value": {"field": "name", "op": "contains", "value": "crane"}});
    let found = owner.list("/deals", &[("filter", &filter.to_string())]).await.expect(200);
    assert_eq!(found.column("name"), ["With"]);
    let filter = json!({"field": "deals", "op": "any", "value": {"field": "status", "op": "eq", "value": "open"}});
    let sold = owner.list("/products", &[("filter", &filter.to_string())]).await.expect(200);
    assert_eq!(sold.ids(), [crane]);

    owner.delete(&one).await.expect(204);
    let changed = json!({"products": [{"name": "Crane hire", "price_minor": 90, "product_id": crane}]});
    let changed = owner.put(&at(&made, ""), &changed).await.expect(200).json();
    assert_eq!(changed["products"][0]["product_id"], json!(crane));
    owner.delete(&format!("{one}?permanent=true")).await.expect(204);
    let left = owner.get(&at(&made, "")).await.expect(200).json();
    assert_eq!((&left["products"][0]["product_id"], &left["products"][0]["name"]), (&Json::Null, &json!("Crane hire")));
    assert_eq!(left["products"][0]["price_minor"], 90);
}

/// IMPORT-06, DEAL-06: a product that an import has made stays where a deal has a line with it, when the import is undone.
#[actix_web::test]
async fn products_in_use_stay() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let job = import_text(&app, &owner, "products", "name\nCrane\nBolt\n", json!({})).await;
    let crane = owner.get("/products?name=Crane").await.expect(200).ids()[0];
    deal(&owner, json!({"products": [{"name": "Crane", "product_id": crane}]})).await;
    working(&app, async {
        let undo = owner.post(&format!("/import/{}/undo", job["id"].as_str().unwrap()), &json!({})).await.expect(202);
        ended(&owner, undo.id()).await;
    })
    .await;
    assert_eq!(owner.get("/products").await.expect(200).column("name"), ["Crane"]);
}
