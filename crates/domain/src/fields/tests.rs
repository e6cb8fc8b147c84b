use super::*;
use crate::catalog::{Kind, own_fields};
use crate::draft::{Draft, Mode};
use serde_json::json;

pub(crate) fn definition(key: &str, kind: FieldType, options: &[&str]) -> FieldDefinition {
    let at = DateTime::UNIX_EPOCH;
    FieldDefinition {
        id: Uuid::nil(),
        entity: RecordType::Company,
        key: key.to_owned(),
        name: key.to_uppercase(),
        kind,
        required: false,
        options: options.iter().map(|v| FieldOption { value: (*v).to_owned(), label: v.to_uppercase() }).collect(),
        position: 0,
        show_in_list: false,
        deleted_at: None,
        version: 1,
        created_at: at,
        updated_at: at,
    }
}

/// FIELD-01: keys are made of names, whatever the language, and never twice.
#[test]
fn keys_of_names() {
    for (name, key) in [
        ("Renewal date", "renewal_date"),
        ("Größe (m²)", "groesse_m"),
        ("  2nd owner!", "f_2nd_owner"),
        ("Œuvre d'art", "oeuvre_d_art"),
        ("価格", "f_"),
    ] {
        let made = key_of(name, |_| false);
        assert_eq!(made, key.trim_end_matches('_'), "{name}");
        assert!(is_key(&made), "{made}");
    }
    assert_eq!(key_of("Size", |key| ["size", "size_2"].contains(&key)), "size_3");
    let long = key_of(&"x".repeat(200), |key| !key.ends_with("_12"));
    assert!(is_key(&long) && long.ends_with("_12"), "{long}");
}

/// FIELD-01: what a definition must not be.
#[test]
fn wrong_definitions() {
    let codes = |kind: FieldType, json: serde_json::Value| {
        let mut input: FieldDefinitionInput = serde_json::from_value(json).unwrap();
        input.check(kind).into_iter().map(|e| (e.path, e.code)).collect::<Vec<_>>()
    };
    let is = |found: Vec<(String, String)>, path: &str, code: &str| {
        assert_eq!(found, [(path.to_owned(), code.to_owned())]);
    };
    is(codes(FieldType::Text, json!({"name": " "})), "/name", "required");
    is(codes(FieldType::Text, json!({"key": "No Key"})), "/key", "key");
    is(codes(FieldType::Checkbox, json!({"required": true})), "/required", "choice");
    is(codes(FieldType::Text, json!({"options": [{"label": "A"}]})), "/options", "unexpected");
    is(codes(FieldType::Select, json!({"options": []})), "/options", "required");
    is(
        codes(FieldType::Select, json!({"options": [{"label": "A"}, {"label": " a"}]})),
        "/options/1/label",
        "duplicate",
    );
    let twice = json!({"options": [{"value": "a", "label": "A"}, {"value": "a", "label": "B"}]});
    is(codes(FieldType::Select, twice), "/options/1/value", "duplicate");
}

/// FIELD-01: an option without a value gets one of its label; those that have one keep it.
#[test]
fn options_get_values() {
    let options = json!([{"label": "New"}, {"value": "new", "label": "Neu"}, {"label": "Big one"}]);
    let mut input: FieldDefinitionInput = serde_json::from_value(json!({"options": options})).unwrap();
    assert_eq!(input.check(FieldType::Select), []);
    let values: Vec<_> = input.options.unwrap().into_iter().map(|option| option.value).collect();
    assert_eq!(values, ["new_2", "new", "big_one"]);
}

/// FIELD-02, FIELD-04: each type checks its values, and is a field like any other.
#[test]
fn values_of_the_types() {
    let definitions = [
        definition("text", FieldType::Text, &[]),
        definition("long", FieldType::Textarea, &[]),
        definition("number", FieldType::Number, &[]),
        definition("date", FieldType::Date, &[]),
        definition("one", FieldType::Select, &["red", "blue"]),
        definition("some", FieldType::MultiSelect, &["red", "blue"]),
        definition("yes", FieldType::Checkbox, &[]),
        definition("web", FieldType::Url, &[]),
    ];
    let schema = own_fields(&definitions).of(RecordType::Company);
    let parse = |key: &str, value: serde_json::Value| {
        let input = json!({"custom_fields": {key: value}});
        let draft = Draft::parse(schema, Mode::Update, input.as_object().unwrap());
        draft.map(|draft| draft.values().next().unwrap().1.to_json()).map_err(|errors| {
            assert_eq!(errors.first().unwrap().path.split('/').take(3).collect::<Vec<_>>(), ["", "custom_fields", key]);
        })
    };
    for (key, right, stored) in [
        ("text", json!(" Crane "), json!("Crane")),
        ("long", json!("a\nb"), json!("a\nb")),
        ("number", json!(2.50), json!(2.5)),
        ("number", json!(-3.0), json!(-3)),
        ("date", json!("2026-02-28"), json!("2026-02-28")),
        ("one", json!("red"), json!("red")),
        ("some", json!(["blue", "red", "blue"]), json!(["red", "blue"])),
        ("yes", json!(true), json!(true)),
        ("web", json!("example.com"), json!("https://example.com")),
        ("text", json!(""), json!(null)),
        ("some", json!([]), json!(null)),
    ] {
        assert_eq!(parse(key, right), Ok(stored), "{key}");
    }
    for (key, wrong) in [
        ("text", json!(5)),
        ("text", json!("x".repeat(TEXT_MAX + 1))),
        ("number", json!("five")),
        ("number", json!(1e300)),
        ("date", json!("28.02.2026")),
        ("one", json!("green")),
        ("some", json!(["red", "green"])),
        ("some", json!("red")),
        ("yes", json!("perhaps")),
        ("web", json!("javascript:alert(1)")),
        ("none", json!(1)),
    ] {
        assert_eq!(parse(key, wrong), Err(()), "{key}");
    }
    assert!(schema.own().iter().all(|field| matches!(field.kind, Kind::LongText) || field.is_filterable()));
}

/// FIELD-04: what is required is asked for on creation, and cannot be cleared; records that lack it can change.
#[test]
fn required_fields() {
    let mut required = definition("fleet", FieldType::Number, &[]);
    required.required = true;
    let schema = own_fields(&[required]).of(RecordType::Company);
    let codes = |mode: Mode, input: serde_json::Value| {
        let errors = Draft::parse(schema, mode, input.as_object().unwrap()).err().unwrap_or_default();
        errors.into_iter().map(|e| (e.path, e.code)).collect::<Vec<_>>()
    };
    let missing = vec![("/custom_fields/fleet".to_owned(), "required".to_owned())];
    assert_eq!(codes(Mode::Create, json!({"name": "Acme"})), missing);
    assert_eq!(codes(Mode::Create, json!({"name": "Acme", "custom_fields": {"fleet": 5}})), []);
    assert_eq!(codes(Mode::Update, json!({"custom_fields": {"fleet": null}})), missing);
    assert_eq!(codes(Mode::Update, json!({"name": "Acme"})), []);
    // The same by its name.
    assert_eq!(codes(Mode::Create, json!({"name": "Acme", "custom_fields.fleet": 5})), []);
}

/// Definitions that are alike are one field of the catalogue: defining again costs no memory.
#[test]
fn fields_are_interned() {
    let make = || own_fields(&[definition("size", FieldType::Select, &["s", "m"])]);
    assert_eq!(make(), make());
    assert!(std::ptr::eq(make().of(RecordType::Company).own(), make().of(RecordType::Company).own()));
    assert_ne!(make(), own_fields(&[definition("size", FieldType::Select, &["s"])]));
    let mut gone = definition("size", FieldType::Text, &[]);
    gone.deleted_at = Some(DateTime::UNIX_EPOCH);
    assert!(own_fields(&[gone]).of(RecordType::Company).own().is_empty());
}
