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

/// COMPANY-07: numbers are taken as texts set them, and stored as they are typed.
#[test]
fn phone_numbers_are_read_as_they_are_set() {
    for (given, stored) in [
        ("+49\u{A0}30\u{202F}901820", "+49 30 901820"),
        ("030\u{2009}1234\u{2011}567", "030 1234-567"),
        ("030 \u{2013} 1234\u{2010}567\u{2212}8", "030 - 1234-567-8"),
        ("\u{202A}\u{A0}+49 30\u{200B} 901820\u{2060}\u{202C}\u{A0}", "+49 30 901820"),
        ("\u{2068}+49\u{3000}30\u{FEFF} 901820\u{2069}", "+49 30 901820"),
        ("[030] ~ 901820", "[030] ~ 901820"),
    ] {
        let draft = parse(RecordType::Contact, Mode::Update, json!({"phone": given})).unwrap();
        assert_eq!(draft.get("phone"), Some(&Value::Text(stored.into())), "{given:?}");
    }
    for bad in ["call me", "12", "030\u{2026}901820", "030_901820", "030 901820 \u{260E}"] {
        let errors = parse(RecordType::Contact, Mode::Update, json!({"phone": bad})).unwrap_err();
        assert_eq!(paths(&errors), [("/phone", "phone")], "{bad:?}");
    }
    let blank = parse(RecordType::Contact, Mode::Update, json!({"phone": "\u{200B}\u{A0}"})).unwrap();
    assert_eq!(blank.get("phone"), Some(&Value::Null));
}

/// SECURITY-02: the scheme of a web address is told in any case and stored in lower case; marks that nobody sees are
/// left out, whatever they hide.
#[test]
fn schemes_are_told_in_any_case() {
    for (given, stored) in [
        ("HTTPS://Example.com", "https://Example.com"),
        ("Http://example.com/A?b=C://d", "http://example.com/A?b=C://d"),
        ("\u{200B}https://example.com\u{2060}/a\u{2013}b\u{A0}", "https://example.com/a\u{2013}b"),
        ("\u{202A}Example.com\u{202C}", "https://Example.com"),
    ] {
        let draft = parse(RecordType::Company, Mode::Update, json!({"website": given})).unwrap();
        assert_eq!(draft.get("website"), Some(&Value::Text(stored.into())), "{given:?}");
    }
    for bad in ["JavaScript://example.com/%0Aalert(1)", "java\u{200B}script:alert(1)", "FTP://example.com"] {
        let errors = parse(RecordType::Company, Mode::Update, json!({"website": bad})).unwrap_err();
        assert_eq!(paths(&errors), [("/website", "url")], "{bad:?}");
    }
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
    /// COMPANY-07: whatever blanks, dashes and unseen marks stand between its digits, a number is taken, and nothing but
    /// what a keyboard has is stored.
    #[test]
    fn any_setting_of_a_number_is_taken(
        digits in proptest::collection::vec("[0-9]{1,3}[ \u{A0}\u{2000}-\u{2015}\u{202A}-\u{202F}\u{205F}\u{2060}\u{2212}\u{3000}-]?", 3..8)
    ) {
        // Joiners (U+200C, U+200D) shape letters; no number has them.
        let given = digits.concat().replace(['\u{200C}', '\u{200D}'], "");
        let draft = parse(RecordType::Contact, Mode::Update, json!({"phone": given})).unwrap();
        let stored = draft.get("phone").unwrap().to_json();
        let stored = stored.as_str().unwrap();
        proptest::prop_assert!(stored.chars().all(|c| c.is_ascii_digit() || " -".contains(c)), "{:?}", stored);
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        proptest::prop_assert_eq!(digits(stored), digits(&given));
    }

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
