use super::*;

/// TENANCY-14, COMPANY-01, CONTACT-01, DEAL-01: names, aliases and labels are unambiguous within a record type.
#[test]
fn names_are_unique_and_labelled() {
    for record in RecordType::ALL {
        let schema = record.standard();
        let mut seen = std::collections::BTreeSet::new();
        for field in schema.fields() {
            assert!(seen.insert(field.name), "{record}: {} twice", field.name);
            for alias in field.aliases {
                assert!(seen.insert(alias), "{record}: {alias} twice");
            }
            assert!(!field.label.is_empty() && field.label != field.name, "{record}: {} has no label", field.name);
        }
        assert!(schema.field(schema.title).is_some(), "{record}: title field");
        for name in schema.search {
            assert!(schema.field(name).is_some(), "{record}: search field {name}");
        }
    }
}

/// COMPANY-02, CONTACT-02: the create forms, which are made from the catalogue, ask at least for these.
#[test]
fn forms_have_the_fields_people_expect() {
    for (record, names) in [
        (RecordType::Company, ["name", "website", "primary_phone", "billing_address", "industry", "notes"].as_slice()),
        (RecordType::Contact, &["first_name", "last_name", "email", "phone", "tags", "notes", "owner_id"]),
    ] {
        for name in names {
            let field = record.standard().field(name).unwrap();
            assert!(field.is_writable() && !field.uses.has(Uses::NOT_IN_CREATE_FORM), "{record}.{name}");
        }
    }
}

/// Defaults in the catalogue are values that the field itself accepts.
#[test]
fn defaults_are_valid() {
    for record in RecordType::ALL {
        for field in record.standard().fields() {
            let Some(default) = field.default else { continue };
            let json = crate::draft::default_json(field, default);
            assert!(crate::draft::check(field, &json).is_ok(), "{record}.{}: {default}", field.name);
        }
    }
}
