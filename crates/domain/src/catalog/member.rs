//! Members of records and inputs by the names of their fields. `custom_fields.size` is the member `size` of the object
//! `custom_fields`.

use serde_json::{Map, Value as Json};

/// The object that holds the organization's own fields.
pub const CUSTOM: &str = "custom_fields";

/// The key of an organization's own field, out of its name.
pub fn custom_key(name: &str) -> Option<&str> {
    name.strip_prefix(CUSTOM)?.strip_prefix('.')
}

/// The name of the organization's own field with this key.
pub fn custom_name(key: &str) -> String {
    format!("{CUSTOM}.{key}")
}

/// The value of a field; null where there is none.
pub fn get<'a>(members: &'a Map<String, Json>, name: &str) -> &'a Json {
    let found = match custom_key(name) {
        Some(key) => members.get(CUSTOM).and_then(|custom| custom.get(key)),
        None => members.get(name),
    };
    found.unwrap_or(&Json::Null)
}

/// Sets the value of a field, where it stands in answers.
pub fn set(members: &mut Map<String, Json>, name: &str, value: Json) {
    let Some(key) = custom_key(name) else {
        members.insert(name.to_owned(), value);
        return;
    };
    let custom = members.entry(CUSTOM).or_insert_with(|| Json::Object(Map::new()));
    if let Json::Object(custom) = custom {
        if value.is_null() {
            custom.remove(key);
        } else {
            custom.insert(key.to_owned(), value);
        }
    }
}

/// Where a field stands in an input, as the path of an error.
pub fn path(name: &str) -> String {
    match custom_key(name) {
        Some(key) => format!("/{CUSTOM}/{key}"),
        None => format!("/{name}"),
    }
}

/// The name of the field that the path of an error leads to, and the rest of the path.
pub fn of_path(path: &str) -> (String, &str) {
    let whole = path.strip_prefix('/').unwrap_or(path);
    let split = |text: &'_ str| text.find('/').unwrap_or(text.len());
    match whole.strip_prefix(CUSTOM).and_then(|rest| rest.strip_prefix('/')) {
        Some(rest) => {
            let (key, rest) = rest.split_at(split(rest));
            (custom_name(key), rest)
        }
        None => {
            let (name, rest) = whole.split_at(split(whole));
            (name.to_owned(), rest)
        }
    }
}

/// An input whose own fields stand side by side with the standard ones, under their names.
pub fn flat(input: &Map<String, Json>) -> Map<String, Json> {
    let mut flat = Map::new();
    for (name, value) in input {
        match value {
            Json::Object(custom) if name == CUSTOM => {
                flat.extend(custom.iter().map(|(key, value)| (custom_name(key), value.clone())));
            }
            _ => {
                flat.insert(name.clone(), value.clone());
            }
        }
    }
    flat
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn own_fields_stand_in_their_object() {
        let Json::Object(mut record) = json!({"name": "Acme", "custom_fields": {"size": 5}}) else { unreachable!() };
        assert_eq!((get(&record, "name"), get(&record, "custom_fields.size")), (&json!("Acme"), &json!(5)));
        assert_eq!(get(&record, "custom_fields.none"), &Json::Null);
        set(&mut record, "custom_fields.size", Json::Null);
        set(&mut record, "custom_fields.fleet", json!(["crane"]));
        assert_eq!(Json::Object(record.clone()), json!({"name": "Acme", "custom_fields": {"fleet": ["crane"]}}));
        assert_eq!(Json::Object(flat(&record)), json!({"name": "Acme", "custom_fields.fleet": ["crane"]}));
    }

    #[test]
    fn paths_lead_there_and_back() {
        for (name, path) in [("name", "/name"), ("custom_fields.size", "/custom_fields/size")] {
            assert_eq!(super::path(name), path);
            assert_eq!(of_path(path), (name.to_owned(), ""));
            assert_eq!(of_path(&format!("{path}/0")), (name.to_owned(), "/0"));
        }
    }
}
