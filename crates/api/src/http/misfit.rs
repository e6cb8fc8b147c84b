//! What serde says of a value that does not fit its type, as a person would say it.

use domain::error::FieldError;
use serde_path_to_error::{Path, Segment};
use std::fmt::Display;

/// The longest name that a refusal repeats, in characters.
const SHOWN: usize = 60;

/// The error at its place: a JSON pointer into the input.
pub fn explain(error: &serde_path_to_error::Error<impl Display>) -> FieldError {
    let said = error.inner().to_string();
    let at = pointer(error.path());
    let below = |name: &str| match at.rsplit_once('/') {
        Some((_, last)) if last == name => at.clone(),
        _ => format!("{at}/{name}"),
    };
    let (path, code, message) = match (said.split_once(" `"), quoted(&said).next()) {
        (Some(("missing field", _)), Some(name)) => (below(&name), "required", format!("{name} is required.")),
        (Some(("unknown field", _)), Some(name)) => {
            (below(&name), "unknown_field", format!("There is no member called {name} here."))
        }
        (Some(("duplicate field", _)), Some(name)) => (below(&name), "duplicate", format!("Send {name} only once.")),
        _ => (at, "type", sentence(&said)),
    };
    FieldError { path, code: code.to_owned(), message }
}

fn pointer(path: &Path) -> String {
    let mut out = String::new();
    for segment in path.iter() {
        match segment {
            Segment::Seq { index } => out.push_str(&format!("/{index}")),
            Segment::Map { key } | Segment::Enum { variant: key } => {
                out.push('/');
                out.extend(key.chars().take(SHOWN));
            }
            Segment::Unknown => {}
        }
    }
    out
}

/// What would fit.
fn sentence(said: &str) -> String {
    let expected = said.rsplit_once("expected ").map_or("", |(_, expected)| expected);
    let kind = match expected.split([' ', ',']).next().unwrap_or_default() {
        _ if said.starts_with("unknown variant") => {
            let choices: Vec<String> = quoted(said).skip(1).collect();
            return format!("This must be one of {}.", choices.join(", "));
        }
        _ if said.starts_with("invalid value: integer") || said.starts_with("number too ") => {
            return "This number is out of range.".to_owned();
        }
        _ if said.contains("UUID") || expected.contains("UUID") => "an id (UUID)",
        _ if said.contains("invalid digit") || said.contains("parse integer") => "a whole number",
        _ if said.contains("`true` or `false`") || expected == "a boolean" => "true or false",
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number",
        "f32" | "f64" => "a number",
        _ if expected.ends_with("string") && expected.contains("date") => "a date such as 2026-11-21",
        _ if expected == "a string" || expected == "a borrowed string" => "text",
        _ if expected == "a sequence" => "a list",
        "struct" => "an object",
        _ if expected == "a map" => "an object",
        _ => return "This value does not fit.".to_owned(),
    };
    format!("This must be {kind}.")
}

/// The names in backticks of a message of serde's.
fn quoted(said: &str) -> impl Iterator<Item = String> {
    said.split('`').skip(1).step_by(2).map(|name| name.chars().take(SHOWN).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::auth::OrgInput;
    use domain::deals::MoveDeal;
    use domain::import::preview::PreviewRequest;
    use serde::de::DeserializeOwned;
    use serde_json::{Value as Json, json};

    fn refused<T: DeserializeOwned>(json: Json) -> (String, String, String) {
        let error = serde_path_to_error::deserialize::<_, T>(json).err().unwrap();
        let FieldError { path, code, message } = explain(&error);
        (path, code, message)
    }

    /// PLATFORM-13: whatever does not fit is named by its place, in words that know nothing of the server's types.
    #[test]
    fn misfits_are_explained() {
        for (json, path, message) in [
            (json!({"hot_probability": "75"}), "/hot_probability", "This must be a whole number."),
            (json!({"hot_probability": 75.5}), "/hot_probability", "This must be a whole number."),
            (json!({"hot_probability": 1_i64 << 40}), "/hot_probability", "This number is out of range."),
            (json!({"name": 1}), "/name", "This must be text."),
            (json!({"name": []}), "/name", "This must be text."),
            (json!({"date_order": "ydm"}), "/date_order", "This must be one of mdy, dmy, ymd."),
            (json!({"nmae": "x"}), "/nmae", "There is no member called nmae here."),
        ] {
            let (at, _, said) = refused::<OrgInput>(json.clone());
            assert_eq!((at.as_str(), said.as_str()), (path, message), "{json}");
        }
        assert_eq!(refused::<MoveDeal>(json!({"before_id": "x"})).2, "This must be an id (UUID).");
        assert_eq!(refused::<MoveDeal>(json!({"update_probability": 1})).2, "This must be true or false.");
    }

    /// Places deep in the input are JSON pointers.
    #[test]
    fn places_are_json_pointers() {
        let id = uuid::Uuid::nil();
        let plan = |options: Json| json!({"file_id": id, "plan": {"entity": "deals", "options": options}});
        let (path, code, _) = refused::<PreviewRequest>(plan(json!({"currency": "USD"})));
        assert_eq!((path.as_str(), code.as_str()), ("/plan/options/date_order", "required"));
        let wrong = json!({"date_order": "mdy", "currency": "USD", "phone_region": "US", "matches": ["x"]});
        let (path, code, message) = refused::<PreviewRequest>(plan(wrong));
        assert_eq!((path.as_str(), code.as_str()), ("/plan/options/matches/0", "type"));
        assert_eq!(message, "This must be an object.");
        let (path, code, _) = refused::<PreviewRequest>(plan(json!({"planet": "Mars"})));
        assert_eq!((path.as_str(), code.as_str()), ("/plan/options/planet", "unknown_field"));
    }
}
