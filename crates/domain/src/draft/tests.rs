use super::*;
use crate::catalog::RecordType;
use serde_json::json;

fn parse(record: RecordType, mode: Mode, input: Json) -> Result<Draft, Vec<FieldError>> {
    Draft::parse(record.standard(), mode, input.as_object().unwrap())
}

fn paths(errors: &[FieldError]) -> Vec<(&str, &str)> {
    errors.iter().map(|e| (e.path.as_str(), e.code.as_str())).collect()
}

/// COMPANY-01, COMPANY-03: the name is the only mandatory field; defaults fill the rest.
#[test]
fn a_name_makes_a_company() {
    let draft = parse(RecordType::Company, Mode::Create, json!({"name": "  Acme\tLtd "})).unwrap();
    assert_eq!(draft.get("name"), Some(&Value::Text("Acme Ltd".into())));
    assert_eq!(draft.get("type"), Some(&Value::Text("business".into())));
    assert_eq!(draft.get("status"), Some(&Value::Text("active".into())));
    let errors = parse(RecordType::Company, Mode::Create, json!({"name": "   "})).unwrap_err();
    assert_eq!(paths(&errors), [("/name", "required")]);
}

/// SECURITY-01, PLATFORM-13: every wrong field is reported at once, each with a sentence.
#[test]
fn all_problems_are_reported_at_once() {
    let errors = parse(
        RecordType::Contact,
        Mode::Create,
        json!({"first_name": "A", "email": "not an address", "status": "asleep", "lead_score": 101,
               "birthday": "31.12.1999", "nickname": "x", "phone": "call me"}),
    )
    .unwrap_err();
    let mut found = paths(&errors);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            ("/birthday", "date"),
            ("/email", "email"),
            ("/lead_score", "too_large"),
            ("/nickname", "unknown_field"),
            ("/phone", "phone"),
            ("/status", "choice"),
        ]
    );
    assert!(errors.iter().all(|e| e.message.ends_with('.') || e.message.ends_with('?')));
}

/// DEAL-07: only the fields sent change; null clears, or restores the default of a column that is never empty.
#[test]
fn updates_are_partial_and_null_clears() {
    let draft = parse(RecordType::Deal, Mode::Update, json!({"notes": null, "currency": null})).unwrap();
    assert_eq!(draft.get("notes"), Some(&Value::Null));
    assert_eq!(draft.get("currency"), Some(&Value::Text("USD".into())));
    assert_eq!(draft.get("name"), None);
    let errors = parse(RecordType::Deal, Mode::Update, json!({"name": null, "created_at": "x"})).unwrap_err();
    let mut found = paths(&errors);
    found.sort_unstable();
    assert_eq!(found, [("/created_at", "read_only"), ("/name", "required")]);
}

/// COMPANY-05: an address has five parts and no others; blank parts vanish.
#[test]
fn addresses_have_five_parts() {
    let draft = parse(
        RecordType::Company,
        Mode::Update,
        json!({"billing_address": {"street": "1 Main St", "city": " ", "country": "US"}}),
    )
    .unwrap();
    assert_eq!(draft.get("billing_address").unwrap().to_json(), json!({"street": "1 Main St", "country": "US"}));
    let errors = parse(RecordType::Company, Mode::Update, json!({"billing_address": {"planet": "Mars"}})).unwrap_err();
    assert_eq!(paths(&errors), [("/billing_address/planet", "unknown_field")]);
}

/// SECURITY-02: a stored web address can never be a script, and U+0000 never reaches the database.
#[test]
fn links_are_web_links() {
    for bad in ["javascript:alert(1)", "https://", "ftp://example.com", "nonsense"] {
        assert!(parse(RecordType::Company, Mode::Update, json!({"website": bad})).is_err(), "{bad}");
    }
    let draft = parse(RecordType::Company, Mode::Update, json!({"website": "acme.com", "name": "A\u{0}B"})).unwrap();
    assert_eq!(draft.get("website"), Some(&Value::Text("https://acme.com".into())));
    assert_eq!(draft.get("name"), Some(&Value::Text("AB".into())));
}

/// COMPANY-01: `phone` is another name of `primary_phone`; both at once is refused.
#[test]
fn aliases_are_accepted_once() {
    let draft = parse(RecordType::Company, Mode::Update, json!({"phone": "+1 415 555 0100"})).unwrap();
    assert_eq!(draft.get("primary_phone"), Some(&Value::Text("+1 415 555 0100".into())));
    let errors =
        parse(RecordType::Company, Mode::Update, json!({"phone": "+1 415", "primary_phone": "+1 415"})).unwrap_err();
    assert_eq!(paths(&errors), [("/phone", "ambiguous")]);
}

proptest::proptest! {
    /// SECURITY-01: no input makes the check panic, and what it accepts it accepts again unchanged.
    #[test]
    fn checked_values_are_stable(text in ".{0,300}", number in proptest::num::i64::ANY) {
        for record in RecordType::ALL {
            for field in record.standard().writable() {
                for json in [json!(text), json!(number), json!([text]), json!({"street": text})] {
                    if let Ok(value) = check(field, &json) {
                        let again = check(field, &value.to_json());
                        proptest::prop_assert_eq!(again, Ok(value), "{}", field.name);
                    }
                }
            }
        }
    }
}
