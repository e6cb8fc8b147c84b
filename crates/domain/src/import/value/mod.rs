//! Reading one cell: a text of the file becomes the JSON that inputs take.

pub mod currency;
pub mod date;
pub mod month;
pub mod number;
pub mod several;

use super::plan::Options;
use crate::catalog::{Field, Kind};
use crate::error::code;
use serde_json::Value as Json;

/// A cell that could not be read: a stable code and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Stable code.
    pub code: &'static str,
    /// A sentence a person understands.
    pub message: String,
}

/// Reads a text for a field. References, choices and phone numbers are read elsewhere; their text comes back as it is.
///
/// `currency` decides how many minor digits an amount has.
pub fn read(field: &Field, text: &str, options: &Options, currency: &str) -> Result<Json, Unreadable> {
    let text = text.trim();
    let wrong = |code: &'static str, expected: &str| Unreadable {
        code,
        message: format!("{} must be {expected}, not “{}”.", field.label, shorten(text)),
    };
    match field.kind {
        Kind::Money { .. } => number::minor_units(text, options.decimal, options.money_scale.exponent(), currency)
            .map(Json::from)
            .map_err(|reason| wrong(code::AMOUNT, reason)),
        Kind::Number => number::number(text, options.decimal).map(Json::from).map_err(|reason| wrong("number", reason)),
        Kind::Integer { .. } => {
            number::integer(text, options.decimal).map(Json::from).map_err(|reason| wrong("integer", reason))
        }
        Kind::Date | Kind::DateTime if date::is_none(text) => Ok(Json::Null),
        Kind::Date => date::day(text, options.date_order)
            .map(|d| Json::from(d.to_string()))
            .ok_or_else(|| wrong("date", &format!("a date ({})", options.date_order.label().to_lowercase()))),
        Kind::DateTime => date::instant(text, options.date_order)
            .map(|t| Json::from(t.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)))
            .ok_or_else(|| wrong("date_time", "a date and time")),
        Kind::Boolean => boolean(text).map(Json::from).ok_or_else(|| wrong("boolean", "yes or no")),
        // A cell with nothing but separators says as little as a blank one.
        Kind::Tags | Kind::Names => match several::list(text) {
            names if names.is_empty() => Ok(Json::Null),
            names => Ok(Json::from(names)),
        },
        Kind::Email => Ok(Json::from(email(text))),
        Kind::Currency => Ok(currency::named(text).map_or_else(|| Json::from(text.to_uppercase()), Json::from)),
        _ => Ok(Json::from(text)),
    }
}

/// Yes or no in the common spellings of the languages that files come in.
pub fn boolean(text: &str) -> Option<bool> {
    const YES: &[&str] = &[
        "yes",
        "y",
        "true",
        "t",
        "1",
        "x",
        "on",
        "checked",
        "✓",
        "✔",
        "☑",
        "✅",
        "ja",
        "j",
        "wahr",
        "oui",
        "vrai",
        "sí",
        "si",
        "sì",
        "verdadero",
        "sim",
        "verdadeiro",
        "vero",
        "waar",
        "tak",
        "prawda",
    ];
    const NO: &[&str] = &[
        "no",
        "n",
        "false",
        "f",
        "0",
        "-",
        "off",
        "unchecked",
        "✗",
        "✘",
        "☐",
        "❌",
        "nein",
        "falsch",
        "non",
        "faux",
        "falso",
        "não",
        "nao",
        "nee",
        "onwaar",
        "nie",
        "fałsz",
        "falsz",
    ];
    let text = text.trim().to_lowercase();
    let is_in = |words: &[&str]| words.contains(&text.as_str());
    if is_in(YES) { Some(true) } else { is_in(NO).then_some(false) }
}

/// The address in `mailto:ada@example.com` and `Ada <ada@example.com>`; anything else as it is.
pub fn email(text: &str) -> &str {
    let text = text.trim();
    let inner = text.rsplit_once('<').and_then(|(_, rest)| rest.strip_suffix('>')).unwrap_or(text);
    inner.strip_prefix("mailto:").unwrap_or(inner).trim()
}

/// A text short enough to be quoted in a sentence.
pub fn shorten(text: &str) -> String {
    let mut out: String = text.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(40).is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::OrgSettings;
    use crate::catalog::RecordType;
    use serde_json::json;

    fn field(record: RecordType, name: &str, text: &str) -> Result<Json, Unreadable> {
        let options = Options::from_settings(&OrgSettings::default());
        read(record.standard().field(name).unwrap(), text, &options, "USD")
    }

    /// IMPORT-02: values in the spellings that files have.
    #[test]
    fn cells_by_kind() {
        let contact = |name, text| field(RecordType::Contact, name, text).ok();
        assert_eq!(contact("email", "Ada <ada@example.com>"), Some(json!("ada@example.com")));
        assert_eq!(contact("tags", "vip; key account |vip2,"), Some(json!(["vip", "key account", "vip2"])));
        assert_eq!(contact("do_not_call", " Yes "), Some(json!(true)));
        assert_eq!(contact("do_not_call", "x"), Some(json!(true)));
        assert_eq!(contact("do_not_call", "0"), Some(json!(false)));
        for text in ["ja", "OUI", "Sí", "sim", "sì", "tak", "✓", "wahr"] {
            assert_eq!(contact("do_not_call", text), Some(json!(true)), "{text}");
        }
        for text in ["nein", "NON", "não", "nee", "nie", "✗", "faux"] {
            assert_eq!(contact("do_not_call", text), Some(json!(false)), "{text}");
        }
        for text in ["maybe", "2", "vielleicht"] {
            assert_eq!(contact("do_not_call", text), None, "{text}");
        }
        assert_eq!(contact("birthday", "12/31/1999"), Some(json!("1999-12-31")));
        assert_eq!(contact("birthday", "0/0/00"), Some(Json::Null));
        assert_eq!(contact("lead_score", "42.0"), Some(json!(42)));
        assert_eq!(field(RecordType::Deal, "currency", "eur").ok(), Some(json!("EUR")));
        assert_eq!(field(RecordType::Deal, "currency", "€").ok(), Some(json!("EUR")));
        assert_eq!(field(RecordType::Deal, "amount_minor", "$1,054.50").ok(), Some(json!(105_450)));
    }

    /// IMPORT-08: the reason names the field, what was expected and what stood there.
    #[test]
    fn reasons_are_sentences() {
        let error = field(RecordType::Contact, "birthday", "31/12/1999").unwrap_err();
        assert_eq!(error.message, "Birthday must be a date (month/day/year), not “31/12/1999”.");
        assert!(field(RecordType::Deal, "amount_minor", &"9".repeat(90)).unwrap_err().message.contains('…'));
    }
}
