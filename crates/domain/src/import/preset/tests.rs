//! Exports of the products, from the header to the records that come out.

use super::*;
use crate::auth::{Member, OrgSettings};
use crate::import::guess::guess;
use crate::import::plan::{Plan, Source};
use crate::import::preview::PreviewRow;
use crate::import::row::Row;
use crate::import::{Lookups, Reader, clean_headers};
use crate::pipelines::default_stages;
use serde_json::{Value as Json, json};
use uuid::Uuid;

struct Fixture {
    name: &'static str,
    csv: &'static str,
    expected: &'static str,
}

macro_rules! fixtures {
    ($($name:literal),+ $(,)?) => {
        [$(Fixture {
            name: $name,
            csv: include_str!(concat!("../../../tests/data/presets/", $name, ".csv")),
            expected: include_str!(concat!("../../../tests/data/presets/", $name, ".json")),
        }),+]
    };
}

pub(super) fn read(csv: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(csv.as_bytes());
    let headers = clean_headers(&reader.headers().unwrap().iter().collect::<Vec<_>>());
    (headers, reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect())
}

/// Stands for the server's library: ten digits are a number of the United States.
pub(super) fn normalize(text: &str, _region: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (digits.len() == 10).then(|| format!("+1{digits}"))
}

fn mapping(plan: &Plan) -> Json {
    let show = |source: &Source| match source {
        Source::Columns(columns) => columns.join(" | "),
        Source::Template(text) | Source::Constant(text) => format!("= {text}"),
    };
    plan.mapping
        .iter()
        .map(|m| (m.field.clone(), Json::from(show(&m.source))))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// A row as it will be stored, with what is said about it.
pub(super) fn stored(record: RecordType, row: &Row) -> Json {
    let preview = PreviewRow::new(record.standard(), 1, row);
    let mut out = preview.values;
    if let Some(domain) = row.company.as_ref().and_then(|c| c.domain.clone()) {
        out.insert("company.domain".into(), domain.into());
    }
    let notes = |notes: &[crate::import::row::Note]| {
        notes.iter().map(|n| format!("{} ({}): {}", n.field, n.code, n.message)).collect::<Vec<_>>()
    };
    for (key, notes) in [("errors", notes(&preview.errors)), ("warnings", notes(&preview.warnings))] {
        if !notes.is_empty() {
            out.insert(key.into(), notes.into());
        }
    }
    out.into()
}

/// Everything that the fixture becomes, as its `.json` beside it says.
fn outcome(record: RecordType, csv: &str) -> Json {
    let (headers, rows) = read(csv);
    let plan = guess(record.standard(), &headers, &rows, &OrgSettings::default());
    let jane = Member {
        id: Uuid::from_u128(7),
        name: "Jane Doe".into(),
        avatar_url: None,
        email: None,
        role: None,
        joined_at: None,
        active: true,
    };
    let (stages, members) = (default_stages(), [jane]);
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    let lookups = Lookups {
        schema: plan.entity.standard(),
        stages: &stages,
        members: &members,
        normalize_phone: &normalize,
        today,
    };
    let reader = Reader::new(&plan, &headers, lookups).unwrap();
    let rows = rows.iter().map(|row| reader.row(&row.iter().map(String::as_str).collect::<Vec<_>>()));
    let origin = plan.options.origin.as_ref();
    json!({
        "product": origin.map(|e| e.product.clone()),
        "ids": origin.map(|e| e.ids.clone()),
        "mapping": mapping(&plan),
        "not_imported": reader.not_imported(),
        "records": rows.map(|row| stored(record, &row)).collect::<Vec<_>>(),
    })
}

/// IMPORT-02, IMPORT-03: every preset, from its documented header line to the records, field by field.
#[test]
fn exports_become_records() {
    let fixtures = fixtures![
        "hubspot_contacts",
        "hubspot_companies",
        "hubspot_deals",
        "pipedrive_people",
        "pipedrive_organizations",
        "pipedrive_deals",
        "salesforce_contacts_api",
        "salesforce_contacts_report",
        "salesforce_accounts_api",
        "salesforce_accounts_report",
        "salesforce_opportunities_api",
        "salesforce_opportunities_report",
        "google_new",
        "google_old",
        "outlook",
        "thunderbird",
        "thunderbird_uk",
    ];
    for Fixture { name, csv, expected } in fixtures {
        let expected: Json = serde_json::from_str(expected).unwrap();
        for (plural, expected) in expected.as_object().unwrap() {
            let record = RecordType::of_table(plural).unwrap();
            let found = outcome(record, csv);
            assert_eq!(expected["records"].as_array().unwrap().len(), 3, "{name} as {plural}");
            for (part, expected) in expected.as_object().unwrap() {
                assert_eq!(&found[part], expected, "{name} as {plural}: {part}");
            }
        }
    }
}

/// IMPORT-02: what the preset does not know is guessed as in any other file; a column whose contents contradict too.
#[test]
fn unknown_columns_are_guessed() {
    let csv = "Record ID,First Name,Email,Contact owner,Newsletter,Profile,Message,Close Date\n\
               1,Ada,call her,Jane Doe,yes,https://linkedin.com/in/ada,ada@example.com,2026-01-01\n";
    let (headers, rows) = read(csv);
    let plan = guess(RecordType::Contact.standard(), &headers, &rows, &OrgSettings::default());
    assert_eq!(
        mapping(&plan),
        json!({
            "first_name": "First Name", "owner_id": "Contact owner", "email_opt_in": "Newsletter",
            "linkedin_url": "Profile", "notes": "Message",
        })
    );
    let json = serde_json::to_value(&plan).unwrap();
    assert_eq!(json["options"]["origin"], json!({"product": "HubSpot", "ids": ["Record ID"]}));
    assert_eq!(serde_json::from_value::<Plan>(json).unwrap(), plan);
}

/// IMPORT-02: a plan that names columns which the file does not have is told so at its place.
#[test]
fn kinds_of_missing_columns() {
    let (headers, rows) = read("Name,Phone 1 - Type,Phone 1 - Value\nAda,Work,415-555-2671\n");
    let mut plan = guess(RecordType::Contact.standard(), &headers, &rows, &OrgSettings::default());
    assert_eq!(plan.options.phone_kinds.len(), 1);
    plan.options.phone_kinds[0].kind = "Sort".into();
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    let lookups =
        Lookups { schema: plan.entity.standard(), stages: &[], members: &[], normalize_phone: &normalize, today };
    let errors = Reader::new(&plan, &headers, lookups).unwrap_err();
    assert_eq!(errors[0].path, "/options/phone_kinds/0");
    assert_eq!(errors[0].message, "The file has no column called Sort.");
}

/// IMPORT-02: a page on a network is nobody's company, and a decision of a column for a kind holds for its row only.
#[test]
fn rows_differ_from_their_column() {
    let csv = "Name,Phone 1 - Type,Phone 1 - Value,Phone 2 - Type,Phone 2 - Value,Company website\n\
               Ada,Mobile,202-555-0143,Mobile,202-555-0144,ada.example\n\
               Grace,Grandma,202-555-0100,Fax,202-555-0199,https://www.linkedin.com/in/grace\n\
               Bob,,,,,bob.example\n";
    let found = outcome(RecordType::Contact, csv);
    assert_eq!(
        found["records"],
        json!([
            {
                "first_name": "Ada", "mobile_phone": "+12025550143", "phone": "+12025550144",
                "company_id": "ada.example", "company.domain": "ada.example",
            },
            {
                "first_name": "Grace", "phone": "+12025550100",
                "warnings": [
                    "company_id (social): “https://www.linkedin.com/in/grace” is no company's own web site; it is left out.",
                    "phone (several): “202-555-0199” is left out: it is no number to call.",
                ],
            },
            {"first_name": "Bob", "company_id": "bob.example", "company.domain": "bob.example"},
        ])
    );
    assert_eq!(found["not_imported"], json!([]));
}
