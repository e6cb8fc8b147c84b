//! What fits hardly anywhere.

use serde_json::{Value as Json, json};

/// JSON values that fit hardly anywhere.
pub fn values() -> Vec<Json> {
    let deep = (0..60).fold(json!(1), |inner, _| json!({ "and": [inner] }));
    let mut values = vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(0.5),
        json!(1e308),
        json!(u64::MAX),
        json!(i64::MAX),
        json!(i64::MIN),
        json!([]),
        json!([null, 1, "x", {}]),
        json!([[[[]]]]),
        json!(vec!["x"; 1_000]),
        json!({}),
        json!({"street": 5, "id": null, "quantity": "1e400", "name": "\0"}),
        json!([{"name": "x", "quantity": 1e300, "price_minor": i64::MAX}]),
        deep,
    ];
    values.extend(texts().into_iter().map(Json::String));
    values
}

/// Texts that fit hardly anywhere.
pub fn texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        " \t\n",
        "a\0b",
        "\0",
        "\u{feff}\u{202e}\u{1F4A5}e\u{301}",
        "'; DROP TABLE deals; --",
        "%_\\$1{}",
        "null",
        "2026-02-30",
        "-262144-01-01",
        "9999-12-31T23:59:60+23:59",
        "999999999999999999999",
        "00000000-0000-0000-0000-000000000000",
        "x@y",
        "http://[::1",
        "+999999999999999999999999",
    ]
    .map(str::to_owned)
    .to_vec();
    texts.push("x".repeat(300));
    texts.push("ü".repeat(60_000));
    texts
}

/// Bodies that are no right JSON object, whatever the route.
pub fn bodies() -> Vec<Vec<u8>> {
    let mut bodies: Vec<Vec<u8>> = [
        "null",
        "[]",
        "1",
        "\"x\"",
        "{",
        "{\"name\":",
        "\u{feff}{}",
        "{\"name\":\"\\ud800\"}",
        "{\"name\":\"a\",\"name\":1}",
        "{\"amount_minor\":1e999}",
        "{\"amount_minor\":123456789012345678901234567890}",
        "{\"\":{}}",
        "{\"__proto__\":{\"x\":1},\"no_such_member\":[]}",
        "{}}",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec();
    bodies.push(b"{\"name\":\"\xff\xfe\"}".to_vec());
    bodies.push(b"\0\0\0\0".to_vec());
    bodies.push(format!("{{\"name\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000)).into_bytes());
    bodies.push(format!("{{\"filter\":{}1{}}}", "{\"and\":[".repeat(5_000), "]}".repeat(5_000)).into_bytes());
    bodies.push(format!("{{\"name\":\"{}\"}}", "x".repeat(2 * 1024 * 1024)).into_bytes());
    bodies
}

/// Values of query parameters, encoded as they are sent.
pub fn parameters() -> Vec<String> {
    let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let deep = format!("{}1{}", "{\"and\":[".repeat(100), "]}".repeat(100));
    let wide = json!({"or": vec![json!({"field": "name", "op": "eq", "value": "x"}); 500]}).to_string();
    let mut values: Vec<String> =
        ["%", "%zz", "%00", "%ff%fe", "0", "-1", "1e9", "99999999999999999999", "true", "[]", "{", "..%2f..%2f"]
            .map(str::to_owned)
            .to_vec();
    values.extend([deep, wide, ",".repeat(3_000), "x".repeat(4_000)].iter().map(|text| encode(text)));
    values.extend(texts().iter().filter(|text| text.len() < 1_000).map(|text| encode(text)));
    values
}
