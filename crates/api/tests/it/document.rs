//! The API document tells the truth: whatever it can be asked for is answered as it says.

use crate::deals::{at, deal};
use crate::support::TestApp;
use crate::support::routes::{fill, with_ids};
use api::openapi::DOCUMENT;
use domain::deals::DealStatus;
use domain::permission::Role;
use serde_json::{Value as Json, json};

/// What of an answer is not as its schema says, members that it does not describe included.
fn misfits(document: &Json, schema: &Json, value: &Json, place: &str) -> Vec<String> {
    let mut found = wrong(document, schema, value, place);
    let mut known = Vec::new();
    if described(document, schema, &mut known) {
        let strangers = value.as_object().into_iter().flatten().filter(|(name, _)| !known.contains(&name.as_str()));
        found.extend(strangers.map(|(name, _)| format!("{place}/{name} is not described")));
    }
    found
}

/// Collects the members that a schema describes; false where it may have any.
fn described<'a>(document: &'a Json, schema: &'a Json, known: &mut Vec<&'a str>) -> bool {
    if let Some(reference) = schema["$ref"].as_str() {
        let schema = document.pointer(reference.trim_start_matches('#'));
        return schema.is_some_and(|schema| described(document, schema, known));
    }
    if let Some(parts) = schema["allOf"].as_array() {
        return parts.iter().all(|part| described(document, part, known));
    }
    let properties = schema["properties"].as_object();
    known.extend(properties.into_iter().flatten().map(|(name, _)| name.as_str()));
    properties.is_some() && schema["additionalProperties"].is_null()
}

/// The schemas of which a value has one.
fn choices(schema: &Json) -> Option<&Vec<Json>> {
    schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array())
}

/// Nothing where one of the choices fits.
fn fitting(each: Vec<Vec<String>>) -> Vec<String> {
    if each.iter().any(Vec::is_empty) { Vec::new() } else { each.concat() }
}

/// What is wrong by one of several schemas that hold together: members that it does not describe are another's.
fn wrong_in_part(document: &Json, schema: &Json, value: &Json, place: &str) -> Vec<String> {
    let known = schema["$ref"].as_str().and_then(|reference| document.pointer(reference.trim_start_matches('#')));
    match choices(known.unwrap_or(schema)) {
        Some(choices) => fitting(choices.iter().map(|schema| wrong(document, schema, value, place)).collect()),
        None => wrong(document, schema, value, place),
    }
}

fn wrong(document: &Json, schema: &Json, value: &Json, place: &str) -> Vec<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let known = document.pointer(reference.trim_start_matches('#'));
        return match known {
            Some(schema) => wrong(document, schema, value, place),
            None => vec![format!("{place}: there is no {reference}")],
        };
    }
    if let Some(choices) = choices(schema) {
        return fitting(choices.iter().map(|schema| misfits(document, schema, value, place)).collect());
    }
    let mut found: Vec<String> = schema["allOf"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|schema| wrong_in_part(document, schema, value, place))
        .collect();
    let kinds: Vec<&str> = match &schema["type"] {
        Json::String(kind) => vec![kind],
        kinds => kinds.as_array().into_iter().flatten().filter_map(Json::as_str).collect(),
    };
    let is = |kind: &&str| match *kind {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        _ => value.is_object(),
    };
    if !kinds.is_empty() && !kinds.iter().any(is) {
        found.push(format!("{place}: {value} is not {kinds:?}"));
    }
    if schema["enum"].as_array().is_some_and(|values| !values.contains(value)) {
        found.push(format!("{place}: {value} is not one of {}", schema["enum"]));
    }
    for (number, item) in value.as_array().into_iter().flatten().enumerate() {
        found.extend(misfits(document, &schema["items"], item, &format!("{place}/{number}")));
    }
    let Some(properties) = schema["properties"].as_object() else { return found };
    for (name, member) in value.as_object().into_iter().flatten() {
        if let Some(schema) = properties.get(name) {
            found.extend(misfits(document, schema, member, &format!("{place}/{name}")));
        }
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str) {
        if value.get(name).is_none() {
            found.push(format!("{place}/{name} is missing"));
        }
    }
    found
}

/// PLATFORM-13: every address that is only read answers with the members, types and values of its schema.
#[actix_web::test]
async fn answers_are_as_described() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let ids = fill(&owner, "Described").await;
    let won = json!({"stage": "Closed won", "amount_minor": 5, "expected_close_date": "2030-01-01", "source": "referral",
        "company_id": ids["companies"], "products": [{"name": "Bolt", "quantity": 2, "price_minor": 3}]});
    let won = deal(&owner, won).await;
    let link = json!({"contact_id": ids["contacts"], "role": "decision_maker"});
    owner.post(&at(&won, "/contacts"), &link).await.expect(201);
    let company = json!({"status": "inactive", "type": "individual", "company_size": "enterprise", "category": "partner",
        "source": "web", "preferred_channel": "in_person", "lifecycle_stage": "churned",
        "billing_address": {"city": "Ulm"}});
    owner.put(&format!("/companies/{}", ids["companies"]), &company).await.expect(200);
    app.carry(&owner).await;
    let document = serde_json::to_value(&*DOCUMENT).unwrap();
    let mut looked = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        let rest = path.strip_prefix("/api/v1").unwrap();
        let schema = &methods["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        if schema.is_null() {
            continue;
        }
        let target = with_ids(rest, &ids).unwrap();
        let queries: &[&str] = match rest {
            "/search" => &["?q=described"],
            "/dedupe/scan" | "/dedupe/candidates" => &["?record=company"],
            "/companies/{id}" => &["", "?include=contacts,deals,activities"],
            "/contacts/{id}" => &["", "?include=companies,deals,activities"],
            "/deals/{id}" => &["", "?include=activities,products"],
            _ => &[""],
        };
        for query in queries {
            let answer = owner.get(&format!("{target}{query}")).await.expect(200).json();
            let found = misfits(&document, schema, &answer, rest);
            assert!(found.is_empty(), "{found:#?}");
            looked += 1;
        }
    }
    assert!(looked > 25, "only {looked} looked at");
    let board = owner.get("/deals?view=pipeline&closed=true").await.expect(200).json();
    assert_eq!(misfits(&document, &json!({"$ref": "#/components/schemas/Board"}), &board, "board"), [""; 0]);
}

/// PLATFORM-13: closed lists of values stand in the document as they travel.
#[test]
fn values_are_as_they_travel() {
    let document = serde_json::to_value(&*DOCUMENT).unwrap();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let statuses: Vec<_> = DealStatus::ALL.iter().map(|status| status.as_str()).collect();
    let roles: Vec<_> = Role::ALL.iter().map(|role| role.as_str()).collect();
    assert_eq!((&schemas["DealStatus"]["enum"], &schemas["Role"]["enum"]), (&json!(statuses), &json!(roles)));
    let lists = schemas.iter().filter(|(_, schema)| schema["enum"].is_array());
    for (name, schema) in lists {
        for value in schema["enum"].as_array().unwrap() {
            let text = value.as_str().unwrap();
            assert!(text.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{name}: {text}");
        }
    }
}

/// The checker of this module finds what is wrong.
#[test]
fn the_checker_checks() {
    let document = json!({"s": {"type": "string", "enum": ["a"]}});
    let schema = json!({"type": "object", "required": ["x", "gone"], "properties": {
        "x": {"$ref": "#/s"}, "n": {"oneOf": [{"type": "null"}, {"type": "integer"}]}, "l": {"type": "array", "items": {"$ref": "#/s"}},
    }});
    let found = misfits(&document, &schema, &json!({"x": "b", "n": 1.5, "l": ["a", 7], "more": 1}), "");
    assert_eq!(found.len(), 7, "{found:#?}");
    assert!(misfits(&document, &schema, &json!({"x": "a", "gone": 1, "n": null, "l": []}), "").len() == 1);
    let either = |name: &str| json!({"type": "object", "required": [name], "properties": {name: {"type": "string"}}});
    let parts = json!({"allOf": [{"oneOf": [either("a"), either("b")]}, either("c")]});
    assert_eq!(misfits(&document, &parts, &json!({"b": "", "c": ""}), ""), [""; 0]);
    assert!(!misfits(&document, &parts, &json!({"c": ""}), "").is_empty());
}
