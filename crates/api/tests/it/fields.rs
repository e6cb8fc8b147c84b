//! Every field of every record type, from the catalogue: stored, changed alone, cleared, refused where it does not fit.

use crate::support::{Member, TestApp};
use domain::catalog::{Field, Kind, RecordType};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// Things that references can refer to.
struct Others {
    company: Uuid,
    contact: Uuid,
    member: Uuid,
    stage: Json,
    pipeline: Json,
}

async fn others(owner: &Member) -> Others {
    let deal = owner.post("/deals", &json!({"name": "Other"})).await.expect(201).json();
    Others {
        company: owner.post("/companies", &json!({"name": "Other"})).await.expect(201).id(),
        contact: owner.post("/contacts", &json!({"first_name": "Other"})).await.expect(201).id(),
        member: owner.colleague("member").await.user_id(),
        stage: deal["stage_id"].clone(),
        pipeline: deal["pipeline_id"].clone(),
    }
}

/// A right value as it is sent, and as it comes back.
fn right(field: &Field, others: &Others) -> (Json, Json) {
    let same = |json: Json| (json.clone(), json);
    match field.kind {
        Kind::Text { max } if field.name == "slug" => same(json!("s".repeat(max))),
        Kind::Text { max } => same(json!("é".repeat(max))),
        Kind::LongText => same(json!("Two\nlines")),
        Kind::Email => same(json!("ada@example.com")),
        Kind::Phone => (json!("(415) 555-2671"), json!("+1 415-555-2671")),
        Kind::Url => (json!("example.com/x"), json!("https://example.com/x")),
        Kind::Integer { max, .. } => same(json!(max)),
        Kind::Money { .. } => same(json!(9_007_199_254_740_993_i64)),
        Kind::Currency => (json!("eur"), json!("EUR")),
        Kind::Date => same(json!("2024-02-29")),
        Kind::DateTime => (json!("2024-02-29T10:00:00+02:00"), json!("2024-02-29T08:00:00Z")),
        Kind::Boolean => same(json!(true)),
        Kind::Number => same(json!(12.5)),
        Kind::MultiSelect(choices) => same(json!([choices.first().unwrap().value])),
        Kind::Select(_) => same(json!(field.choices().last().unwrap().value)),
        Kind::TimeZone => same(json!("Europe/Berlin")),
        Kind::Address => same(json!({"street": "1 Main St", "city": "Springfield", "zip": "12345", "country": "US"})),
        Kind::Object => same(json!({"topic": "engines"})),
        Kind::Tags | Kind::Names => same(json!(["North", "VIP"])),
        Kind::Users => same(json!([others.member])),
        Kind::User => same(json!(others.member)),
        Kind::Record(RecordType::Company) => same(json!(others.company)),
        Kind::Record(_) => same(json!(others.contact)),
        Kind::Pipeline => same(others.pipeline.clone()),
        Kind::Stage => same(others.stage.clone()),
        Kind::LineItems => same(json!([{"name": "GTX", "quantity": 2, "price_minor": 5}])),
    }
}

/// Values that the field must refuse.
fn wrong(field: &Field) -> Vec<Json> {
    let text = json!("neither this nor that");
    match field.kind {
        Kind::Text { max } => vec![json!("x".repeat(max + 1)), json!(5), json!(["x"])],
        Kind::LongText => vec![json!("x".repeat(20_001)), json!({})],
        Kind::Email => vec![json!("x"), json!("a@b c.d"), json!(format!("{}@example.com", "x".repeat(250)))],
        Kind::Phone => vec![json!("1".repeat(51)), json!(415)],
        Kind::Url => vec![json!("javascript:alert(1)"), json!(format!("https://example.com/{}", "x".repeat(500)))],
        Kind::Integer { min, .. } => vec![json!(min - 1), json!(1e18), json!(0.5), text],
        Kind::Money { non_negative } => {
            let mut values = vec![json!(0.5), json!(1e20), text];
            values.extend(non_negative.then(|| json!(-1)));
            values
        }
        Kind::Currency => vec![json!("EURO"), json!("e1r"), json!(7)],
        Kind::Date => vec![json!("2023-02-29"), json!("29.02.2024"), json!(20240229)],
        Kind::DateTime => vec![json!("2024-02-30T00:00:00Z"), text],
        Kind::Number => vec![json!(1e300), text],
        Kind::MultiSelect(_) => vec![json!(["none of them"]), text],
        Kind::Boolean => vec![json!("perhaps"), json!(7)],
        Kind::Select(_) | Kind::TimeZone => vec![text, json!(1)],
        Kind::Address => vec![text, json!({"planet": "Mars"}), json!({"street": 5})],
        Kind::Object => vec![text, json!([1])],
        Kind::Tags | Kind::Names => vec![json!([5]), json!({"a": 1}), json!(["x".repeat(400)])],
        Kind::Users => vec![json!([Uuid::now_v7()]), json!(["x"]), text],
        Kind::User | Kind::Record(_) | Kind::Pipeline | Kind::Stage => vec![json!(Uuid::now_v7()), text, json!(5)],
        Kind::LineItems => vec![json!([{"price_minor": 1}]), json!([5]), text],
    }
}

/// COMPANY-01, COMPANY-02, COMPANY-03, COMPANY-07, CONTACT-01, CONTACT-05 to CONTACT-08, CONTACT-14, DEAL-02: any
/// writable field can be changed alone, to the longest or largest value it takes; the others stay as they are, and null
/// clears it again unless it is required.
#[actix_web::test]
async fn every_field_is_edited_alone() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let others = others(&owner).await;
    let mut edited = 0;
    for record in RecordType::ALL {
        let spec = record.standard();
        let path = format!("/{}", spec.table);
        // Being a company's primary contact needs a company: a rule with a test of its own.
        for field in spec.writable().filter(|field| field.name != "is_primary") {
            let made = owner.post(&path, &minimal(*record)).await.expect(201).json();
            let one = format!("{path}/{}", made["id"].as_str().unwrap());
            let (sent, stored) = right(field, &others);
            let what = format!("{path} {}", field.name);
            let after = owner.put(&one, &json!({field.name: sent})).await;
            assert_eq!(after.status.as_u16(), 200, "{what}: {}", after.text);
            let after = after.json();
            match field.kind {
                Kind::LineItems => assert_eq!(after[field.name][0]["total_minor"], 10, "{what}"),
                _ => assert_eq!(after[field.name], stored, "{what}"),
            }
            // What follows from the field by a rule may change with it.
            for (name, value) in made.as_object().unwrap() {
                if name != field.name && !follows(field.name, name) {
                    assert_eq!(after[name], *value, "{what} changed {name}");
                }
            }
            if !field.is_required() && !KEPT.contains(&field.name) {
                let cleared = owner.put(&one, &json!({field.name: null})).await.expect(200).json();
                let empty = match field.kind {
                    Kind::Tags | Kind::Names | Kind::Users | Kind::LineItems => json!([]),
                    Kind::User => Json::Null,
                    _ => made_empty(&made[field.name]),
                };
                assert_eq!(cleared[field.name], empty, "{what} cleared");
            }
            owner.delete(&format!("{one}?permanent=true")).await.expect(204);
            edited += 1;
        }
    }
    assert!(edited > 70, "{edited}");
}

/// Fields that always have a value: null is a wish for the default or no wish at all, with rules of their own.
const KEPT: &[&str] = &["deal_number", "pipeline_id", "stage_id", "status", "amount_minor", "closed_date"];

fn minimal(record: RecordType) -> Json {
    match record {
        RecordType::Contact => json!({"first_name": "Ada"}),
        // A closed deal, so that it can have a closing date, and so large that it can have a discount.
        RecordType::Deal => json!({"name": "Engine", "status": "abandoned", "amount_minor": 9_007_199_254_740_995_i64}),
        _ => json!({"name": "Acme"}),
    }
}

fn made_empty(before: &Json) -> Json {
    match before {
        Json::String(text) if text.is_empty() => json!(""),
        Json::Number(_) | Json::Bool(_) => before.clone(),
        Json::String(_) => before.clone(),
        _ => Json::Null,
    }
}

/// Whether a rule lets one field follow another.
fn follows(field: &str, other: &str) -> bool {
    matches!(other, "version" | "updated_at" | "created_at")
        || matches!(
            (field, other),
            ("website" | "primary_email", "domain")
                | ("primary_phone", "phone")
                | ("first_name" | "last_name", "name")
                | ("company_id", "company_name" | "is_primary" | "companies")
                | ("primary_contact_id", "primary_contact_name" | "contacts")
                | ("products", "amount_minor" | "total_minor" | "line_totals")
                | ("amount_minor" | "discount_minor" | "tax_minor", "total_minor")
                | (
                    "status",
                    "stage_id" | "stage_name" | "stage_order" | "stage_entered_at" | "closed_date" | "probability"
                )
                | ("pipeline_id" | "stage_id", "stage_name" | "stage_order" | "stage_entered_at" | "probability")
                | ("is_primary", "company_id")
        )
}

/// COMPANY-01, COMPANY-06, COMPANY-07, CONTACT-03 to CONTACT-08, DEAL-02, DEAL-07, PLATFORM-13: what does not fit a
/// field is refused with the field's name, and nothing is written.
#[actix_web::test]
async fn every_field_refuses_what_does_not_fit() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let mut refused = 0;
    for record in RecordType::ALL {
        let spec = record.standard();
        let path = format!("/{}", spec.table);
        let made = owner.post(&path, &minimal(*record)).await.expect(201).json();
        let one = format!("{path}/{}", made["id"].as_str().unwrap());
        for field in spec.writable() {
            for value in wrong(field) {
                let answer = owner.put(&one, &json!({field.name: value})).await;
                let shown: String = value.to_string().chars().take(60).collect();
                assert_eq!(answer.status.as_u16(), 422, "{path} {} {shown}: {}", field.name, answer.text);
                let fields = answer.fields();
                let named = format!("/{}", field.name);
                assert!(fields.iter().all(|(path, _)| path.starts_with(&named)), "{path} {}: {fields:?}", field.name);
                refused += 1;
            }
        }
        let after = owner.get(&one).await.expect(200).json();
        for (name, value) in made.as_object().unwrap() {
            assert_eq!(after[name], *value, "{path} {name}: nothing was written");
        }
    }
    assert!(refused > 200, "{refused}");
}

/// COMPANY-04, COMPANY-08, CONTACT-05, CONTACT-09, DEAL-04, DEAL-05, DEAL-07, DEAL-20: what a record is that was told
/// nothing but its name.
#[actix_web::test]
async fn defaults() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let me = json!(owner.user_id());
    for (path, input, expected) in [
        (
            "/companies",
            json!({"name": "Acme"}),
            vec![
                ("type", json!("business")),
                ("status", json!("active")),
                ("lifecycle_stage", json!(null)),
                ("currency", json!("USD")),
                ("owner_id", me.clone()),
                ("account_manager_id", json!(null)),
                ("tags", json!([])),
                ("custom_fields", json!({})),
                ("timezone", json!(null)),
            ],
        ),
        (
            "/contacts",
            json!({"first_name": "Ada"}),
            vec![
                ("status", json!("active")),
                ("email_opt_in", json!(true)),
                ("sms_opt_in", json!(false)),
                ("do_not_call", json!(false)),
                ("is_primary", json!(false)),
                ("is_new_lead", json!(false)),
                ("unsubscribed_at", json!(null)),
                ("company_id", json!(null)),
                ("owner_id", me.clone()),
            ],
        ),
        (
            "/deals",
            json!({"name": "Engine"}),
            vec![
                ("status", json!("open")),
                ("amount_minor", json!(0)),
                ("total_minor", json!(0)),
                ("currency", json!("USD")),
                ("probability", json!(25)),
                ("source", json!(null)),
                ("company_id", json!(null)),
                ("primary_contact_id", json!(null)),
                ("team_members", json!([])),
                ("competitors", json!([])),
                ("owner_id", me.clone()),
            ],
        ),
    ] {
        let made = owner.post(path, &input).await.expect(201).json();
        for (name, value) in expected {
            assert_eq!(made[name], value, "{path} {name}");
        }
    }
    // Two states that are apart, and two people with different parts.
    let manager = owner.colleague("manager").await.user_id();
    let input =
        json!({"name": "B", "status": "inactive", "lifecycle_stage": "customer", "account_manager_id": manager});
    let company = owner.post("/companies", &input).await.expect(201);
    let one = format!("/companies/{}", company.id());
    let after = owner.put(&one, &json!({"status": "active"})).await.expect(200).json();
    assert_eq!((&after["lifecycle_stage"], &after["status"]), (&json!("customer"), &json!("active")));
    assert_eq!((&after["owner_id"], &after["account_manager_id"]), (&me, &json!(manager)));
    let after = owner.put(&one, &json!({"lifecycle_stage": "churned", "owner_id": null})).await.expect(200).json();
    assert_eq!((&after["lifecycle_stage"], &after["status"]), (&json!("churned"), &json!("active")));
    assert_eq!((&after["owner_id"], &after["account_manager_id"]), (&json!(null), &json!(manager)));
}
