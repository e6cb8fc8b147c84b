//! What is compared of a record that is being typed.

use super::profile::{CompanyFacts, PersonFacts, Profile};
use crate::catalog::RecordType;
use crate::records::Address;
use serde_json::{Map, Value as Json};

/// Longer texts are no names, addresses or numbers.
const LONGEST: usize = 300;

/// The fields of which a profile is made.
pub const fn compared(record: RecordType) -> &'static [&'static str] {
    match record {
        RecordType::Company => {
            &["name", "website", "primary_email", "primary_phone", "billing_address", "shipping_address"]
        }
        RecordType::Contact => {
            &["first_name", "last_name", "email", "phone", "mobile_phone", "work_phone", "company_id", "birthday"]
        }
        _ => &[],
    }
}

impl Profile {
    /// The profile of a draft, as far as it is typed: values that are not whole yet count as not known. `company` is the
    /// name of the company that a person's draft refers to. `None` for records that are not compared.
    pub fn of_draft(record: RecordType, fields: &Map<String, Json>, company: &str) -> Option<Self> {
        let text = |name: &str| {
            let typed = fields.get(name).and_then(Json::as_str).map_or("", str::trim);
            if typed.chars().count() > LONGEST { "" } else { typed }
        };
        let some = |names: &[&str]| names.iter().map(|name| text(name)).filter(|text| !text.is_empty()).collect();
        match record {
            RecordType::Contact => Some(Self::person(&PersonFacts {
                first_name: text("first_name"),
                last_name: text("last_name"),
                emails: some(&["email"]),
                phones: some(&["phone", "mobile_phone", "work_phone"]),
                company_id: text("company_id").parse().ok(),
                company_name: company,
                addresses: Vec::new(),
                birthday: text("birthday").parse().ok(),
            })),
            RecordType::Company => {
                let address = |name: &str| fields.get(name).and_then(|json| serde_json::from_value(json.clone()).ok());
                let addresses: Vec<Address> =
                    ["billing_address", "shipping_address"].into_iter().filter_map(address).collect();
                Some(Self::company(&CompanyFacts {
                    name: text("name"),
                    emails: some(&["primary_email"]),
                    phones: some(&["primary_phone"]),
                    website: Some(text("website")).filter(|site| !site.is_empty()),
                    addresses: addresses.iter().collect(),
                }))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dedupe::keys;
    use serde_json::json;

    fn draft(record: RecordType, fields: Json) -> Profile {
        Profile::of_draft(record, fields.as_object().unwrap(), "").unwrap()
    }

    /// DEDUPE-01: what is compared are fields of the record types.
    #[test]
    fn compared_fields_exist() {
        for record in RecordType::ALL {
            let schema = record.standard();
            assert!(compared(*record).iter().all(|name| schema.field(name).is_some()), "{record}");
        }
    }

    /// DEDUPE-01: nothing is known of an empty draft, and what is half typed or nonsense does not count.
    #[test]
    fn half_typed_values_do_not_count() {
        for fields in [
            json!({}),
            json!({"email": "ada@", "phone": "+1 41", "company_id": "x", "birthday": "18", "first_name": 7}),
            json!({"first_name": "Ada", "last_name": null, "notes": "Ada Lovelace", "email": "x".repeat(301)}),
        ] {
            assert_eq!(keys(&draft(RecordType::Contact, fields.clone())), Vec::<String>::new(), "{fields}");
        }
        let company = json!({"website": " ", "billing_address": "Main Street 1", "primary_email": null});
        assert_eq!(keys(&draft(RecordType::Company, company)), Vec::<String>::new());
        assert!(Profile::of_draft(RecordType::Deal, &Map::new(), "").is_none());
    }
}
