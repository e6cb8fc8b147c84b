//! The real files, and that nothing in a file can break the reading of it.

use super::guess::guess;
use super::plan::{DecimalSeparator, Match, MoneyScale, Source};
use super::preview::PreviewRow;
use super::row::Key;
use super::survey::{Survey, accept_suggestions};
use super::*;
use crate::auth::{DateOrder, Member, OrgSettings};
use crate::catalog::RecordType;
use crate::deals::{DealProduct, DealStatus};
use crate::draft::Mode;
use crate::pipelines::{Stage, default_stages};
use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

const ACCOUNTS: &str = include_str!("../../../../e2e/data/accounts.csv");
const PIPELINE: &str = include_str!("../../../../e2e/data/sales_pipeline.csv");
const CONTACTS: &str = include_str!("../../../../e2e/data/contacts.csv");

struct File {
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl File {
    fn read(text: &str) -> Self {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let headers = clean_headers(&reader.headers().unwrap().iter().collect::<Vec<_>>());
        let rows = reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
        Self { headers, rows }
    }

    fn guess(&self, record: RecordType) -> Plan {
        let sample: Vec<_> = self.rows.iter().take(SAMPLE_ROWS).cloned().collect();
        guess(record.standard(), &self.headers, &sample, &OrgSettings::default())
    }
}

/// Stands for the server's library: ten digits, with or without the country code, are a number of the region US.
fn normalize(text: &str, _region: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (digits.len() == 10).then(|| format!("+1{digits}"))
}

fn lookups<'a>(plan: &Plan, stages: &'a [Stage], members: &'a [Member]) -> Lookups<'a> {
    let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    Lookups { schema: plan.entity.standard(), stages, members, normalize_phone: &normalize, today }
}

fn row(reader: &Reader<'_>, record: &[String]) -> Row {
    reader.row(&record.iter().map(String::as_str).collect::<Vec<_>>())
}

fn sources(plan: &Plan) -> Vec<(&str, String)> {
    let show = |source: &Source| match source {
        Source::Columns(columns) => columns.join("+"),
        Source::Template(text) | Source::Constant(text) => text.clone(),
    };
    plan.mapping.iter().map(|m| (m.field.as_str(), show(&m.source))).collect()
}

/// IMPORT-02: the real companies are mapped right at once, revenue in millions included.
#[test]
fn the_real_companies() {
    let file = File::read(ACCOUNTS);
    let plan = file.guess(RecordType::Company);
    let found = sources(&plan);
    for (field, column) in [
        ("name", "account"),
        ("industry", "sector"),
        ("employee_count", "employees"),
        ("annual_revenue_minor", "revenue"),
        ("billing_address.country", "office_location"),
    ] {
        assert!(found.contains(&(field, column.to_owned())), "{field}: {found:?}");
    }
    assert_eq!(plan.options.money_scale, MoneyScale::Millions);
    let reader = Reader::new(&plan, &file.headers, lookups(&plan, &[], &[])).unwrap();
    assert_eq!(reader.not_imported(), ["year_established", "subsidiary_of"]);
    let rows: Vec<Row> = file.rows.iter().map(|r| row(&reader, r)).collect();
    assert_eq!(rows.len(), 85);
    assert!(rows.iter().all(|r| r.errors.is_empty() && r.warnings.is_empty()));
    assert_eq!(
        json!(rows[0].input),
        json!({
            "name": "Acme Corporation", "industry": "technolgy", "employee_count": 2822, "currency": "USD",
            "annual_revenue_minor": 110_004_000_000_i64, "billing_address": {"country": "United States"},
        })
    );
    assert!(rows.iter().all(|r| r.draft(RecordType::Company.standard(), Mode::Create).is_ok()));
    assert_eq!(rows[0].keys(RecordType::Company), [Key::Name("acme corporation".into())]);
}

/// IMPORT-02, IMPORT-04, DEAL-04: the 8,800 real opportunities: names composed, dates month first, won and lost closed.
#[test]
fn the_real_opportunities() {
    let file = File::read(PIPELINE);
    let mut plan = file.guess(RecordType::Deal);
    let found = sources(&plan);
    for (field, column) in [
        ("name", "{account} – {product}"),
        ("deal_number", "opportunity_id"),
        ("owner_id", "sales_agent"),
        ("company_id", "account"),
        ("stage_id", "deal_stage"),
        ("expected_close_date", "close_date"),
        ("amount_minor", "close_value"),
        ("products.name", "product"),
    ] {
        assert!(found.contains(&(field, column.to_owned())), "{field}: {found:?}");
    }
    assert_eq!((plan.options.date_order, plan.options.money_scale), (DateOrder::Mdy, MoneyScale::Units));
    let stages = default_stages();
    let first = Reader::new(&plan, &file.headers, lookups(&plan, &stages, &[])).unwrap();
    assert_eq!(first.not_imported(), ["engage_date"]);
    let mut survey = Survey::default();
    for record in &file.rows {
        survey.add(&first, &row(&first, record));
    }
    let counts = survey.counts();
    assert_eq!((counts.rows, counts.with_errors), (8_800, 0));
    let values = survey.values();
    let owners = values.iter().filter(|v| v.field == "owner_id" && !v.known).count();
    assert_eq!(owners, 30);
    let stage = |text: &str| values.iter().find(|v| v.field == "stage_id" && v.text == text).unwrap();
    assert_eq!((stage("Won").known, stage("Won").count), (true, 4_238));
    assert_eq!(stage("Engaging").suggestion, Match::Create { status: DealStatus::Open });
    assert_eq!((stage("Engaging").known, stage("Engaging").count), (false, 1_589));

    plan.options.matches = accept_suggestions(&values);
    let reader = Reader::new(&plan, &file.headers, lookups(&plan, &stages, &[])).unwrap();
    let rows: Vec<Row> = file.rows.iter().map(|r| row(&reader, r)).collect();
    assert!(rows.iter().all(|r| r.warnings.is_empty()), "every unknown text was decided");
    assert_eq!(
        json!(rows[0].input),
        json!({
            "deal_number": "1C1I7A6R", "stage_id": stages[4].id, "status": "won",
            "amount_minor": 105_400, "currency": "USD", "expected_close_date": "2017-03-01",
            "products": [{"name": "GTX Plus Basic", "quantity": 1.0, "price_minor": 105_400}],
        })
    );
    // The composed name is for new deals only, and the day for deals that are new or end.
    assert_eq!(rows[0].defaults["name"], "Cancity – GTX Plus Basic");
    assert_eq!(rows[0].defaults["closed_date"], "2017-03-01");
    let company = |r: &Row| r.company.as_ref().and_then(|c| c.name.clone());
    assert_eq!(company(&rows[0]).as_deref(), Some("Cancity"));
    assert_eq!(rows.iter().filter(|r| company(r).is_none()).count(), 1_425);
    let by_status = |status: &str| rows.iter().filter(|r| r.input.get("status") == Some(&json!(status))).count();
    assert_eq!((by_status("won"), by_status("lost"), by_status("open")), (4_238, 2_473, 2_089));
    for r in &rows {
        assert!(r.draft(RecordType::Deal.standard(), Mode::Create).is_ok());
        let closed = r.defaults.contains_key("closed_date");
        assert_eq!(closed, r.input.get("status") != Some(&json!("open")));
    }
    let without_company = rows.iter().find(|r| company(r).is_none()).unwrap();
    assert_eq!(without_company.defaults["name"], "MG Advanced");
}

/// IMPORT-02, IMPORT-04: the real contacts: three email columns feed one field, no phone is a reason to refuse.
#[test]
fn the_real_contacts() {
    let file = File::read(CONTACTS);
    let plan = file.guess(RecordType::Contact);
    let found = sources(&plan);
    for (field, column) in [
        ("first_name", "first_name"),
        ("last_name", "last_name"),
        ("job_title", "title"),
        ("company_id", "company_name+company"),
        ("email", "email_work+email_home+email_other"),
        ("work_phone", "phone_work"),
        ("phone", "phone_home+phone_other"),
        ("tags", "tags"),
        ("notes", "background"),
        ("owner_id", "sales"),
        ("email_opt_in", "has_newsletter"),
        ("linkedin_url", "linkedin_url"),
    ] {
        assert!(found.contains(&(field, column.to_owned())), "{field}: {found:?}");
    }
    let reader = Reader::new(&plan, &file.headers, lookups(&plan, &[], &[])).unwrap();
    let left = reader.not_imported();
    assert_eq!(left, ["id", "gender", "first_seen", "last_seen", "status", "company_id", "sales_id", "nb_tasks"]);
    let rows: Vec<Row> = file.rows.iter().map(|r| row(&reader, r)).collect();
    assert_eq!(rows.iter().filter(|r| r.errors.is_empty()).count(), 500);
    let shelley = &rows[0];
    assert_eq!(shelley.input["email"], "Shelley_Kerluke47@hotmail.com");
    assert_eq!(shelley.phones_as_written, [("phone", "1-955-371-0847 x371".to_owned())]);
    assert!(shelley.warnings.iter().any(|w| w.code == "phone"));
    let draft = shelley.draft(RecordType::Contact.standard(), Mode::Create).unwrap();
    assert_eq!(draft.get("phone").unwrap().as_text(), Some("1-955-371-0847 x371"));
    assert_eq!(shelley.keys(RecordType::Contact)[0], Key::Email("shelley_kerluke47@hotmail.com".into()));
    let preview = PreviewRow::new(RecordType::Contact.standard(), 1, shelley);
    assert_eq!(preview.values["company_id"], "Gottlieb and Sons");
    assert_eq!(preview.values["phone"], "1-955-371-0847 x371");
    let tagged = rows.iter().find(|r| r.input.get("tags") == Some(&json!(["football-fan", "musician"])));
    assert!(tagged.is_some());
}

fn small(record: RecordType, csv: &str) -> (File, Plan) {
    let file = File::read(csv);
    let plan = file.guess(record);
    (file, plan)
}

/// IMPORT-04, IMPORT-10: a bad row tells field, column and reason; its neighbours are not touched.
#[test]
fn bad_rows_are_explained() {
    let csv = "Full name,E-Mail,Phone,Birthday\nAda Lovelace,ada@example.com,n/a,12/10/1815\n\
               Bob,nonsense,,13/13/2000\n,,,\nEve,eve@example.com,1\nGrace,grace@example.com,,,x\n,solo@example.com,,\n";
    let (file, mut plan) = small(RecordType::Contact, csv);
    plan.options.date_order = DateOrder::Mdy;
    let reader = Reader::new(&plan, &file.headers, lookups(&plan, &[], &[])).unwrap();
    let rows: Vec<Row> = file.rows.iter().map(|r| row(&reader, r)).collect();
    let codes = |r: &Row| r.errors.iter().map(|e| (e.column.clone(), e.code.clone())).collect::<Vec<_>>();
    assert_eq!(
        (rows[0].input["first_name"].as_str(), rows[0].input["last_name"].as_str()),
        (Some("Ada"), Some("Lovelace"))
    );
    assert_eq!(rows[0].phones_as_written, [("phone", "n/a".to_owned())]);
    assert!(rows[0].errors.is_empty() && rows[0].draft(RecordType::Contact.standard(), Mode::Create).is_ok());
    assert_eq!(
        codes(&rows[1]),
        [("E-Mail".to_owned(), "email".to_owned()), ("Birthday".to_owned(), "date".to_owned())]
    );
    assert!(rows[2].blank);
    assert_eq!(codes(&rows[3]), [(String::new(), "columns".to_owned())]);
    assert_eq!(codes(&rows[4]), [(String::new(), "columns".to_owned())]);
    assert_eq!(rows[5].missing(RecordType::Contact.standard())[0].code, "required");
}

/// IMPORT-02: decisions about statuses, stages that win, and status columns of other systems.
#[test]
fn stage_and_status_agree() {
    let csv = "title,stage,status,close date,value\nA,Demo,Won,2026-01-05,10\nB,Signed,,,20\nC,Closed lost,open,,\nD,Proposal,,2026-12-01,5\n";
    let (file, mut plan) = small(RecordType::Deal, csv);
    plan.options.matches = vec![
        plan::ValueMatch { field: "stage_id".into(), text: "demo".into(), to: Match::Empty },
        plan::ValueMatch {
            field: "stage_id".into(),
            text: "SIGNED".into(),
            to: Match::Create { status: DealStatus::Won },
        },
    ];
    let stages = default_stages();
    let reader = Reader::new(&plan, &file.headers, lookups(&plan, &stages, &[])).unwrap();
    let rows: Vec<Row> = file.rows.iter().map(|r| row(&reader, r)).collect();
    let seen = |r: &Row| {
        let text = |name: &str| r.given(Mode::Create).get(name).and_then(|v| v.as_str()).unwrap_or("").to_owned();
        (r.stage.as_ref().map(|s| s.name.clone()).unwrap_or_default(), text("status"), text("closed_date"))
    };
    assert_eq!(seen(&rows[0]), ("Closed won".into(), "won".into(), "2026-01-05".into()));
    assert_eq!(seen(&rows[1]), ("Signed".into(), "won".into(), "2026-11-21".into()));
    assert_eq!(seen(&rows[2]), ("Closed lost".into(), "lost".into(), "2026-11-21".into()));
    assert_eq!(seen(&rows[3]), ("Proposal".into(), "open".into(), String::new()));
    assert_eq!(rows[2].warnings.iter().map(|w| w.code.as_str()).collect::<Vec<_>>(), ["status", "no_close_date"]);
}

/// IMPORT-02: invited owners, products with quantity and price, an amount in another currency.
#[test]
fn owners_and_products() {
    let csv = "name,owner,product,unit price,quantity,amount\nA,Moses Frase,GTX,\"1.000,50\",2,\nB,ada@example.com,GTX,,4,€ 10\n";
    let (file, mut plan) = small(RecordType::Deal, csv);
    assert_eq!(plan.options.decimal, DecimalSeparator::Point);
    plan.options.decimal = DecimalSeparator::Comma;
    let to = Match::Invite { email: "moses@example.com".into() };
    plan.options.matches =
        vec![plan::ValueMatch { field: "owner_id".into(), text: "Moses Frase".into(), to: to.clone() }];
    let ada = Member {
        id: Uuid::from_u128(7),
        name: "Ada".into(),
        avatar_url: None,
        email: Some("ada@example.com".into()),
        role: None,
        joined_at: None,
        active: true,
    };
    let members = [ada];
    let reader = Reader::new(&plan, &file.headers, lookups(&plan, &[], &members)).unwrap();
    let rows: Vec<Row> = file.rows.iter().map(|r| row(&reader, r)).collect();
    assert_eq!(rows[0].looked_up[0].to, Some(to));
    assert!(!rows[0].input.contains_key("owner_id") && rows[0].warnings.is_empty());
    assert_eq!(rows[0].input["products"], json!([{"name": "GTX", "quantity": 2.0, "price_minor": 100_050}]));
    // An existing deal may have other lines too: its amount follows from all of them.
    assert_eq!((rows[0].input.get("amount_minor"), &rows[0].defaults["amount_minor"]), (None, &json!(200_100)));
    assert_eq!(rows[1].input["owner_id"], json!(Uuid::from_u128(7)));
    assert_eq!(rows[1].input["products"][0]["price_minor"], 250);
    assert_eq!(rows[1].warnings[0].code, "currency");
}

/// IMPORT-06, DEAL-06: what a row says of a line goes over the line of that name; the rest of it and all others stay. An
/// amount is no price where it is not the line's alone.
#[test]
fn lines_over_lines() {
    let line = |name: &str, quantity, price_minor, discount_percent| DealProduct {
        name: name.into(),
        quantity,
        price_minor,
        discount_percent,
        ..DealProduct::default()
    };
    let said = |quantity, price_minor| RowLine { name: "GTX".into(), quantity, price_minor };
    let (gtx, setup) = (line("gtx", 3.0, 500, 10.0), line("Setup", 1.0, 200, 0.0));
    let two = [gtx, setup.clone()];
    assert_eq!(said(None, None).over(&two, Some(9_000)), [line("GTX", 3.0, 500, 10.0), setup.clone()]);
    assert_eq!(said(Some(5.0), Some(400)).over(&two, None), [line("GTX", 5.0, 400, 10.0), setup.clone()]);
    let added = [setup.clone(), line("GTX", 1.0, 0, 0.0)];
    assert_eq!(said(None, None).over(&[setup], Some(9_000)), added);
    assert_eq!(said(None, None).over(&[line("GTX", 4.0, 500, 0.0)], Some(1_000)), [line("GTX", 4.0, 250, 0.0)]);
    assert_eq!(said(None, None).over(&[line("GTX", 4.0, 500, 5.0)], Some(1_000)), [line("GTX", 4.0, 500, 5.0)]);
    assert_eq!(said(None, None).over(&[], None), [line("GTX", 1.0, 0, 0.0)]);

    let (file, plan) = small(RecordType::Deal, "name,product\nA,GTX\n");
    let reader = Reader::new(&plan, &file.headers, lookups(&plan, &[], &[])).unwrap();
    let row = row(&reader, &file.rows[0]);
    // Without an amount the record keeps its currency.
    assert_eq!((row.input.get("currency"), &row.defaults["currency"]), (None, &json!("USD")));
    assert_eq!(row.line, Some(said(None, None)));
}

/// IMPORT-06: a last name alone is the first name of somebody new and stays a last name for others.
#[test]
fn a_last_name_alone() {
    let (file, mut plan) = small(RecordType::Contact, "last name,email,nick\nKing,ada@example.com,Ada\n");
    let read = |plan: &Plan| {
        let reader = Reader::new(plan, &file.headers, lookups(plan, &[], &[])).unwrap();
        row(&reader, &file.rows[0])
    };
    let names = |row: &Row, mode| {
        let draft = row.draft(RecordType::Contact.standard(), mode).unwrap();
        ["first_name", "last_name"].map(|name| draft.get(name).map(crate::value::Value::to_json))
    };
    let alone = read(&plan);
    assert_eq!(names(&alone, Mode::Update), [None, Some(json!("King"))]);
    assert_eq!(names(&alone, Mode::Create), [Some(json!("King")), Some(json!(""))]);
    let shown = PreviewRow::new(RecordType::Contact.standard(), 1, &alone);
    assert_eq!(json!(shown.values), json!({"first_name": "King", "email": "ada@example.com"}));
    // A first name that is composed is one.
    let source = Source::Template("{nick}".into());
    plan.mapping.push(plan::FieldSource { field: "first_name".into(), source });
    assert_eq!(names(&read(&plan), Mode::Create), [Some(json!("Ada")), Some(json!("King"))]);
}

/// A plan that does not fit the file is explained at its places.
#[test]
fn wrong_plans_are_explained() {
    let (file, mut plan) = small(RecordType::Contact, "name,email\nAda,ada@example.com\n");
    plan.mapping[0].source = Source::Columns(vec!["nome".into()]);
    plan.mapping.push(plan.mapping[1].clone());
    plan.mapping.push(plan::FieldSource { field: "created_at".into(), source: Source::Constant("x".into()) });
    plan.options.currency = "EURO".into();
    plan.options.phone_region = "Germany".into();
    let errors = Reader::new(&plan, &file.headers, lookups(&plan, &[], &[])).unwrap_err();
    let paths: Vec<_> = errors.iter().map(|e| e.path.as_str()).collect();
    assert_eq!(paths, ["/options/currency", "/options/phone_region", "/mapping/0", "/mapping/2", "/mapping/3"]);

    let (file, mut plan) = small(RecordType::Contact, "name,email,phone\nAda,ada@example.com,1\n");
    plan.mapping[0].source = Source::Template("{name}".repeat(200));
    plan.mapping[1].source = Source::Columns(vec!["email".into(); 51]);
    plan.mapping[2].source = Source::Constant("x".repeat(1_001));
    plan.options.matches =
        vec![plan::ValueMatch { field: "owner_id".into(), text: "x".into(), to: Match::Empty }; 5_001];
    let errors = Reader::new(&plan, &file.headers, lookups(&plan, &[], &[])).unwrap_err();
    let paths: Vec<_> = errors.iter().map(|e| e.path.as_str()).collect();
    assert_eq!(paths, ["/options/matches", "/mapping/0", "/mapping/1", "/mapping/2"]);
}

/// IMPORT-04: a plan that feeds no required field is told so before any row is read.
#[test]
fn required_fields_need_a_source() {
    let unfed = |record, csv: &str| {
        let (file, plan) = small(record, csv);
        let reader = Reader::new(&plan, &file.headers, lookups(&plan, &[], &[])).unwrap();
        reader.unfed().into_iter().map(|e| e.message).collect::<Vec<_>>()
    };
    let expected = ["Name is required: choose a column, or compose it from several."];
    assert_eq!(unfed(RecordType::Deal, "amount\n5\n"), expected);
    assert!(unfed(RecordType::Deal, "amount,account\n5,Acme\n").is_empty());
    for headers in ["last name", "full name", "email", "first name"] {
        assert!(unfed(RecordType::Contact, &format!("{headers}\nada@example.com\n")).is_empty(), "{headers}");
    }
    assert_eq!(unfed(RecordType::Contact, "phone\n+1 415 555 2671\n").len(), 1);
}

#[test]
fn headers_are_unique_and_never_empty() {
    assert_eq!(
        clean_headers(&[" Name\n x ", "", "email", "Email", "Email (2)"]),
        ["Name x", "Column 2", "email", "Email (2)", "Email (2) (2)"]
    );
}

proptest::proptest! {
    /// No header, no cell and no row length makes guess, reading or preview panic; what passes is a valid input.
    #[test]
    fn no_file_panics(
        headers in proptest::collection::vec("(email|phone|name|close_date|amount|stage|owner|tags|product|\\PC{0,12})", 0..8),
        rows in proptest::collection::vec(proptest::collection::vec("\\PC{0,30}|[0-9/.,$-]{0,12}", 0..9), 0..6),
    ) {
        let headers = clean_headers(&headers);
        let stages = default_stages();
        for record in RecordType::ALL {
            let plan = guess(record.standard(), &headers, &rows, &OrgSettings::default());
            let Ok(reader) = Reader::new(&plan, &headers, lookups(&plan, &stages, &[])) else { continue };
            let mut survey = Survey::default();
            for cells in &rows {
                let read = row(&reader, cells);
                survey.add(&reader, &read);
                let preview = PreviewRow::new(record.standard(), 1, &read);
                if preview.errors.is_empty() && !read.blank {
                    let draft = read.draft(record.standard(), Mode::Create);
                    proptest::prop_assert!(draft.is_ok(), "{:?} {:?}", draft.err(), read);
                }
            }
        }
    }
}
