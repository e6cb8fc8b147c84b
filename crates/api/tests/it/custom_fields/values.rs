//! Values on records.

use super::{company, define, options, own};
use crate::support::{TestApp, db};
use serde_json::{Value as Json, json};

/// FIELD-02, FIELD-03, FIELD-04: values are checked by their definition, stand in `custom_fields`, change alone and are
/// cleared by null; what does not fit is refused at its place, and nothing is written.
#[actix_web::test]
async fn they_are_checked_and_kept() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    define(&owner, "company", "Fleet", "number", json!({})).await;
    define(&owner, "company", "Tier", "select", options(&["Gold", "Silver"])).await;
    define(&owner, "company", "Brands", "multi_select", options(&["A", "B", "C"])).await;
    define(&owner, "company", "Since", "date", json!({})).await;
    define(&owner, "company", "Audited", "checkbox", json!({})).await;
    let given = json!({"fleet": 12.5, "tier": "gold", "brands": ["c", "a"], "since": "2024-02-29", "audited": true});
    let acme = company(&owner, "Acme", given).await;
    let stored = json!({"fleet": 12.5, "tier": "gold", "brands": ["a", "c"], "since": "2024-02-29", "audited": true});
    assert_eq!(own(&owner, acme).await, stored);
    let one = format!("/companies/{acme}");
    let version = |json: &Json| json["version"].as_i64().unwrap();
    let after = owner.put(&one, &json!({"custom_fields": {"fleet": 13}})).await.expect(200).json();
    assert_eq!((&after["custom_fields"]["fleet"], &after["custom_fields"]["tier"]), (&json!(13), &json!("gold")));
    // By its name, as filters call it; and a change to what is there already is none.
    let same = owner.put(&one, &json!({"custom_fields.fleet": 13})).await.expect(200).json();
    assert_eq!(version(&same), version(&after));
    let cleared = json!({"custom_fields": {"fleet": null, "brands": [], "tier": "silver"}});
    owner.put(&one, &cleared).await.expect(200);
    let left = json!({"tier": "silver", "since": "2024-02-29", "audited": true});
    assert_eq!(own(&owner, acme).await, left);

    for (wrong, at) in [
        (json!({"fleet": "many"}), "/custom_fields/fleet"),
        (json!({"tier": "bronze"}), "/custom_fields/tier"),
        (json!({"brands": ["a", "z"]}), "/custom_fields/brands/1"),
        (json!({"since": "29.02.2024"}), "/custom_fields/since"),
        (json!({"wings": 2}), "/custom_fields/wings"),
        (json!(7), "/custom_fields"),
        (json!(["fleet"]), "/custom_fields"),
    ] {
        let refused = owner.put(&one, &json!({"notes": "New", "custom_fields": wrong})).await.expect(422);
        assert_eq!(refused.fields()[0].0, at, "{}", refused.text);
    }
    let after = owner.get(&one).await.expect(200).json();
    assert_eq!((&after["custom_fields"], &after["notes"]), (&left, &Json::Null));
    let picked = owner.get(&format!("{one}?fields=custom_fields.tier")).await.expect(200).json();
    assert_eq!(picked, json!({"id": acme, "custom_fields": {"tier": "silver"}}));
}

/// FIELD-04: what is required is asked of new records on every way in, and cannot be cleared; a record that lacks it can
/// still change.
#[actix_web::test]
async fn required_ones() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let old = company(&owner, "Older", json!({})).await;
    define(&owner, "company", "Fleet", "number", json!({"required": true})).await;
    let refused = owner.post("/companies", &json!({"name": "Acme"})).await.expect(422);
    assert_eq!(refused.fields(), [("/custom_fields/fleet".to_owned(), "required".to_owned())]);
    assert_eq!(refused.problem().fields[0].message, "Fleet is required.");
    let acme = company(&owner, "Acme", json!({"fleet": 0})).await;
    owner.put(&format!("/companies/{acme}"), &json!({"custom_fields": {"fleet": null}})).await.expect(422);
    owner.put(&format!("/companies/{old}"), &json!({"notes": "Still"})).await.expect(200);
    // A company made beside an imported contact has no more than its name.
    let preview = owner.upload("contacts", "c.csv", "first name,company\nAda,Brand new\n").await.expect(200).json();
    let job = crate::import::import(&app, &owner, &preview).await;
    assert_eq!((&job["created"], &job["failed"]), (&json!(1), &json!(0)), "{job}");
}

/// FIELD-03, TIMELINE-09: a change of an own field is told with its name and labels, also after the field is gone.
#[actix_web::test]
async fn changes_are_told() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    define(&owner, "company", "Service level", "select", options(&["Gold care", "None"])).await;
    define(&owner, "company", "Brands", "multi_select", options(&["Left", "Right"])).await;
    let acme = company(&owner, "Acme", json!({})).await;
    let one = format!("/companies/{acme}");
    owner.put(&one, &json!({"custom_fields": {"service_level": "gold_care"}})).await.expect(200);
    owner.put(&one, &json!({"custom_fields": {"brands": ["left", "right"]}})).await.expect(200);
    owner.put(&one, &json!({"custom_fields": {"brands": null}})).await.expect(200);
    app.carry(&owner).await;
    let told = owner.get(&format!("{one}/activities")).await.expect(200).column("description");
    for sentence in ["set Service level to Gold care", "set Brands to Left, Right", "cleared Brands"] {
        assert!(told.iter().any(|text| text == sentence), "{sentence}: {told:?}");
    }
}

/// FIELD-09: the typed copy of the values follows every change, and goes with the record.
#[actix_web::test]
async fn the_index_follows() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    define(&owner, "company", "Fleet", "number", json!({})).await;
    define(&owner, "company", "Brands", "multi_select", options(&["A", "B"])).await;
    const ROWS: &str = "SELECT count(*) FROM custom_values WHERE org_id = $1";
    let acme = company(&owner, "Acme", json!({"fleet": 1, "brands": ["a", "b"]})).await;
    assert_eq!(db::count(ROWS, owner.org_id()).await, 3);
    let one = format!("/companies/{acme}");
    owner.put(&one, &json!({"custom_fields": {"brands": ["b"]}})).await.expect(200);
    assert_eq!(db::count(ROWS, owner.org_id()).await, 2);
    owner.delete(&format!("{one}?permanent=true")).await.expect(204);
    assert_eq!(db::count(ROWS, owner.org_id()).await, 0);
}
