//! What must hold of any two records.

use super::*;
use crate::catalog::RecordType;
use crate::companies::Company;
use crate::contacts::Contact;
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

#[derive(Clone, Debug)]
struct Known {
    texts: [String; 4],
    emails: Vec<String>,
    phones: Vec<String>,
    website: String,
    birthday: Option<chrono::NaiveDate>,
    address: crate::records::Address,
}

impl Known {
    fn person(&self) -> Profile {
        Profile::person(&PersonFacts {
            first_name: &self.texts[0],
            last_name: &self.texts[1],
            emails: self.emails.iter().map(String::as_str).collect(),
            phones: self.phones.iter().map(String::as_str).collect(),
            company_id: None,
            company_name: &self.texts[2],
            addresses: vec![&self.address],
            birthday: self.birthday,
        })
    }

    fn company(&self) -> Profile {
        Profile::company(&CompanyFacts {
            name: &self.texts[3],
            emails: self.emails.iter().map(String::as_str).collect(),
            phones: self.phones.iter().map(String::as_str).collect(),
            website: Some(&self.website),
            addresses: vec![&self.address],
        })
    }

    fn with_email(&self, email: &str) -> Self {
        let mut more = self.clone();
        more.emails.push(email.to_owned());
        more
    }
}

prop_compose! {
    /// Few values, so that two records agree often; among them everything that Unicode has.
    fn known()(
        texts in prop::array::uniform4(prop_oneof![
            "(ada|adah|bob|robert|lovelace|lovelaec|acme|acme gmbh|acme ag|globex berlin|globex|x|)",
            "\\PC{0,12}",
        ]),
        emails in prop::collection::vec(
            "(ada\\.lovelace|ada\\.lovelaec|info|bob)@(acme|globex|gmail)\\.(com|de)", 0..3),
        phones in prop::collection::vec("(\\+49|0)30 ?90182[01]", 0..3),
        website in "(acme|globex)\\.(com|de)|linkedin\\.com/in/x|\\PC{0,6}|",
        birthday in prop::option::of((1970..1972i32, 1..13u32, 1..13u32)),
        street in "(1|2) (main|elm) (st|street)|\\PC{0,8}|",
        zip in "1234[56]|",
    ) -> Known {
        let birthday = birthday.and_then(|(y, m, d)| chrono::NaiveDate::from_ymd_opt(y, m, d));
        let address = crate::records::Address { street, zip, ..Default::default() };
        Known { texts, emails, phones, website, birthday, address }
    }
}

fn score(a: &Profile, b: &Profile) -> u8 {
    compare(a, b).map_or(0, |likeness| likeness.score)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// DEDUPE-01: it does not matter which record comes first, and people are not compared with companies.
    #[test]
    fn symmetric(a in known(), b in known()) {
        prop_assert_eq!(compare(&a.person(), &b.person()), compare(&b.person(), &a.person()));
        prop_assert_eq!(compare(&a.company(), &b.company()), compare(&b.company(), &a.company()));
        prop_assert_eq!(compare(&a.company(), &b.person()), None);
    }

    /// DEDUPE-01: a common email address never makes two records less alike.
    #[test]
    fn a_common_email_adds(
        a in known(),
        b in known(),
        email in "(ada\\.lovelace|info|bob|carol)@(acme|gmail|initech)\\.(com|de)",
    ) {
        let (more_a, more_b) = (a.with_email(&email), b.with_email(&email));
        prop_assert!(score(&more_a.person(), &more_b.person()) >= score(&a.person(), &b.person()));
        prop_assert!(score(&more_a.company(), &more_b.company()) >= score(&a.company(), &b.company()));
        prop_assert!(score(&more_a.company(), &more_b.company()) >= POSSIBLE);
    }

    /// DEDUPE-01: what is certain meets under a key, so that it is found at all.
    #[test]
    fn certain_pairs_meet(a in known(), b in known()) {
        for (a, b) in [(a.person(), b.person()), (a.company(), b.company())] {
            let theirs = keys(&b);
            let met = keys(&a).iter().any(|key| theirs.contains(key));
            prop_assert!(met || score(&a, &b) < CERTAIN);
        }
    }

    /// DEDUPE-01: no text makes it fail; a record is like itself, and scores and reasons keep their bounds.
    #[test]
    fn any_text(texts in prop::array::uniform4(any::<String>()), emails in prop::collection::vec(any::<String>(), 0..3)) {
        let website = texts[2].clone();
        let address = crate::records::Address { street: texts[0].clone(), city: texts[1].clone(), ..Default::default() };
        let known = Known { phones: emails.clone(), texts, emails, website, birthday: None, address };
        for profile in [known.person(), known.company()] {
            let likeness = compare(&profile, &profile);
            prop_assert!(likeness.is_none_or(|l| l.score <= 100 && l.reasons.iter().all(|r| r.speaks_for())));
            prop_assert!(keys(&profile).iter().all(|key| key.chars().count() <= 120));
        }
    }

    /// DEDUPE-01: a record of which enough is known is certainly itself, and meets itself.
    #[test]
    fn itself(mut known in known(), first in "[a-z]{2,9}", last in "[a-z]{2,9}", email in "[a-z]{3,9}@gmail\\.com") {
        known.texts = [first.clone(), last, "Acme".to_owned(), first];
        known.emails.push(format!("x{email}"));
        known.phones.push("+49 30 901820".to_owned());
        for profile in [known.person(), known.company()] {
            prop_assert_eq!(score(&profile, &profile), 100);
            prop_assert!(!keys(&profile).is_empty());
        }
    }
}

/// DEDUPE-01: a common phone number of two names is told, but does not make them one.
#[test]
fn a_common_phone_is_told() {
    let of = |first_name, last_name| {
        let phones = vec!["+4930901820"];
        Profile::person(&PersonFacts { first_name, last_name, phones, ..PersonFacts::default() })
    };
    let likeness = compare(&of("Alice", "Huber"), &of("Bob", "Lang")).unwrap();
    assert_eq!(likeness, Likeness { score: 0, reasons: vec![Reason::SamePhone, Reason::OtherName] });
}

/// What is compared of a record, out of the whole of it.
fn stored<R: Serialize + DeserializeOwned, S: DeserializeOwned>(more: Json) -> (Json, S) {
    let mut json = crate::companies::sample();
    json.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let whole = serde_json::to_value(serde_json::from_value::<R>(json).unwrap()).unwrap();
    (whole.clone(), serde_json::from_value(whole).unwrap())
}

/// DEDUPE-01: profiles of stored records hold what the records hold.
#[test]
fn records() {
    let (_, acme): (_, StoredCompany) = stored::<Company, _>(json!({
        "name": "Acme GmbH", "domain": "acme.com", "primary_phone": "+49 30 901820",
        "billing_address": {"street": "1 Main St", "city": "Ulm", "zip": "89073"},
    }));
    let facts = CompanyFacts {
        name: "Acme GmbH",
        website: Some("https://www.acme.com"),
        phones: vec!["+4930901820"],
        addresses: acme.billing_address.iter().collect(),
        ..CompanyFacts::default()
    };
    assert_eq!(Profile::from(&acme), Profile::company(&facts));

    let (whole, ada): (_, StoredContact) = stored::<Contact, _>(json!({
        "first_name": "Ada", "last_name": "Lovelace", "email": "ada@acme.com", "work_phone": "+49 30 901820",
        "company_name": "Acme", "birthday": "1980-05-17", "is_primary": false, "is_new_lead": false,
        "email_opt_in": true, "sms_opt_in": false, "do_not_call": false,
    }));
    // A draft that holds the same is compared as the record is.
    let draft = |record, json: &Json| Profile::of_draft(record, json.as_object().unwrap(), "Acme").unwrap();
    assert_eq!(draft(RecordType::Contact, &whole), Profile::from(&ada));
    let (whole, shop): (_, StoredCompany) =
        stored::<Company, _>(json!({"name": "Acme", "website": "acme.com/shop", "primary_email": "hi@acme.com"}));
    assert_eq!(draft(RecordType::Company, &whole), Profile::from(&shop));
    let likeness = compare(&Profile::from(&ada), &Profile::from(&ada)).unwrap();
    assert_eq!(likeness.score, 100);
    let expected = ["same_email", "same_name", "same_birthday", "same_phone", "same_company"];
    assert_eq!(serde_json::to_value(&likeness).unwrap(), json!({"score": 100, "reasons": expected}));
    assert!(likeness.reasons.iter().all(|reason| reason.speaks_for() && !reason.label().is_empty()));
}
