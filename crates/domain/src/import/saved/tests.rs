//! Which file a saved mapping suits, and what becomes of it there.

use super::*;
use crate::auth::{Member, OrgSettings};
use crate::catalog::RecordType;
use crate::import::plan::{FieldSource, Match, Options, PhoneKind, Source, ValueMatch};
use crate::pipelines::{Stage, default_stages};
use proptest::prelude::*;
use serde_json::json;

fn texts(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn plan(record: RecordType, mapping: &[(&str, Source)]) -> Plan {
    let feeds = |(field, source): &(&str, Source)| FieldSource { field: (*field).to_owned(), source: source.clone() };
    let options = Options::from_settings(&OrgSettings::default());
    Plan { entity: record, mapping: mapping.iter().map(feeds).collect(), options }
}

fn columns(names: &[&str]) -> Source {
    Source::Columns(texts(names))
}

/// A mapping of people kept by user 1, of a file with these columns.
fn saved(id: u128, headers: &[&str], plan: &Plan) -> SavedMapping {
    SavedMapping {
        id: Uuid::from_u128(id),
        entity: plan.entity,
        name: format!("Mapping {id}"),
        columns: texts(headers),
        reads: plan.reads(),
        plan: Some(plan.clone()),
        is_shared: false,
        user_id: Uuid::from_u128(1),
        may_edit: true,
        version: 1,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

fn given<'a>(headers: &'a [String], stages: &'a [Stage], members: &'a [Member]) -> Given<'a> {
    let schema = RecordType::Contact.standard();
    Given { schema, headers, stages, members, may_add_stages: true, may_invite: true }
}

/// IMPORT-02: a mapping suits files with its columns in any order and case; not those that lack one it reads, and not
/// those of which it knows less than half.
#[test]
fn files_that_a_mapping_suits() {
    let people = plan(RecordType::Contact, &[("first_name", columns(&["Name"])), ("email", columns(&["Work mail"]))]);
    let mapping = saved(1, &["Name", "Work mail", "Remark"], &people);
    let suits = |headers: &[&str]| FileColumns::new(&texts(headers)).fit(&mapping).suits();
    assert!(suits(&["Name", "Work mail", "Remark"]) && suits(&["WORK  MAIL", "remark", "name"]));
    assert!(suits(&["name", "work mail"]), "a column that it does not read may be missing");
    assert!(suits(&["name", "work mail", "one", "two"]) && !suits(&["name", "work mail", "one", "two", "three"]));
    assert!(!suits(&["Name", "Remark"]) && !suits(&["name", "workmail", "remark"]));
    let fit = FileColumns::new(&texts(&["E-Mail", "name"])).fit(&mapping);
    assert_eq!((fit.missing, fit.new), (texts(&["Work mail"]), texts(&["E-Mail"])));
    let fixed = plan(RecordType::Contact, &[("source", Source::Constant("fair".into()))]);
    assert!(!FileColumns::new(&texts(&["a"])).fit(&saved(2, &["a"], &fixed)).suits(), "it reads nothing");
}

/// IMPORT-02: of several that suit the one wins that knows most of the file, then the closest, one's own, the latest.
#[test]
fn the_best_one() {
    let reads = |names: &[&str]| {
        let mapping: Vec<_> =
            names.iter().zip(["first_name", "email", "phone"]).map(|(n, f)| (f, columns(&[n]))).collect();
        plan(RecordType::Contact, &mapping)
    };
    let headers = texts(&["name", "mail", "phone"]);
    let chosen = |mappings: &[SavedMapping]| best(mappings, &headers, Uuid::from_u128(1)).map(|m| m.id.as_u128());
    let (few, most) =
        (saved(1, &["name", "mail"], &reads(&["name"])), saved(2, &["Name", "Mail", "Phone", "x"], &reads(&["Name"])));
    assert_eq!(chosen(&[few.clone(), most.clone()]), Some(2));
    let exact = saved(3, &["phone", "mail", "name"], &reads(&["name"]));
    assert_eq!(chosen(&[exact.clone(), most.clone()]), Some(3));
    let of_other = SavedMapping {
        user_id: Uuid::from_u128(9),
        is_shared: true,
        ..saved(4, &["phone", "mail", "name"], &reads(&["name"]))
    };
    assert_eq!(chosen(&[of_other.clone(), exact.clone()]), Some(3));
    let later = SavedMapping {
        id: Uuid::from_u128(1),
        updated_at: DateTime::UNIX_EPOCH + chrono::TimeDelta::days(1),
        ..exact.clone()
    };
    assert_eq!(chosen(&[later, exact, of_other, few]), Some(1));
    assert_eq!(chosen(&[]), None);
}

/// IMPORT-02: everything that names a column counts as read, once.
#[test]
fn columns_that_a_plan_reads() {
    let mut plan = plan(
        RecordType::Contact,
        &[
            ("first_name", Source::Template("{ first } {last}".into())),
            ("email", columns(&["work", "home"])),
            ("title", columns(&["work"])),
            ("source", Source::Constant("{x}".into())),
        ],
    );
    plan.options.phone_kinds = vec![PhoneKind { column: "Phone".into(), kind: "Kind".into() }];
    assert_eq!(plan.reads(), texts(&["first", "last", "work", "home", "Phone", "Kind"]));
}

/// IMPORT-02: what is not there any more is left out and told; the rest stays as it was decided.
#[test]
fn what_does_not_fit_is_left_out() {
    let mut plan = plan(
        RecordType::Contact,
        &[
            ("name", Source::Template("{First} {Last}".into())),
            ("email", columns(&["Work", "Home"])),
            ("phone", columns(&["Phone"])),
            ("job_title", columns(&["Function"])),
            ("custom_fields.shoe_size", columns(&["Shoes"])),
            ("lead_source", Source::Constant("fair".into())),
        ],
    );
    plan.options.phone_kinds = vec![PhoneKind { column: "Phone".into(), kind: "Kind".into() }];
    let headers = texts(&["last", "home", "phone", "first", "function"]);
    let (now, misfit) = refit(&plan, &given(&headers, &[], &[]));
    let expected = [
        ("name", Source::Template("{first} {last}".into())),
        ("email", columns(&["home"])),
        ("phone", columns(&["phone"])),
        ("job_title", columns(&["function"])),
        ("lead_source", Source::Constant("fair".into())),
    ];
    let found: Vec<_> = now.mapping.iter().map(|m| (m.field.as_str(), m.source.clone())).collect();
    assert_eq!(found, expected);
    assert_eq!(misfit.columns, texts(&["Work", "Kind"]));
    assert_eq!((misfit.fields, now.options.phone_kinds), (texts(&["custom_fields.shoe_size"]), Vec::new()));
    let without = texts(&["last"]);
    let (now, misfit) = refit(&plan, &given(&without, &[], &[]));
    assert_eq!((now.mapping.len(), misfit.columns.len()), (1, 6), "{misfit:?}");
}

/// IMPORT-02: decisions about values outlive what they were made for: a stage and a colleague that the first import made
/// are there for the next; what is gone, or not the reader's to make, is told.
#[test]
fn decisions_are_kept_where_they_can_be() {
    let stages = default_stages();
    let ada = Member {
        id: Uuid::from_u128(7),
        name: "Ada".into(),
        avatar_url: None,
        email: Some("Ada@example.com".into()),
        role: None,
        joined_at: None,
        active: true,
    };
    let mut plan = plan(
        RecordType::Deal,
        &[("stage_id", columns(&["stage"])), ("owner_id", columns(&["owner"])), ("source", columns(&["from"]))],
    );
    let decide =
        |field: &str, text: &str, to: &Match| ValueMatch { field: field.into(), text: text.into(), to: to.clone() };
    let existing = |id: Uuid| Match::Existing { id };
    let create = Match::Create { status: crate::deals::DealStatus::Open };
    let invite = |email: &str| Match::Invite { email: email.into() };
    plan.options.matches = vec![
        decide("stage_id", "known", &existing(stages[0].id)),
        decide("stage_id", "gone", &existing(Uuid::from_u128(99))),
        decide("stage_id", "PROPOSAL", &create),
        decide("stage_id", "Engaging", &create),
        decide("owner_id", "Countess", &invite("ada@EXAMPLE.com")),
        decide("owner_id", "Bob", &invite("bob@example.com")),
        decide("owner_id", "former", &existing(Uuid::from_u128(8))),
        decide("owner_id", "nobody", &Match::Empty),
        decide("source", "a friend", &Match::Choice { value: "referral".into() }),
        decide("source", "pigeon", &Match::Choice { value: "pigeon".into() }),
        decide("contact_id", "not imported", &Match::Empty),
    ];
    let (members, headers) = ([ada], texts(&["Stage", "Owner", "From"]));
    let schema = RecordType::Deal.standard();
    let all = Given { schema, ..given(&headers, &stages, &members) };
    let kept = |given: &Given<'_>| {
        let (plan, misfit) = refit(&plan, given);
        (plan.options.matches.into_iter().map(|m| (m.text, m.to)).collect::<Vec<_>>(), misfit.values)
    };
    let proposal = stages.iter().find(|stage| stage.name == "Proposal").unwrap().id;
    let mut expected = vec![
        ("known".to_owned(), existing(stages[0].id)),
        ("PROPOSAL".to_owned(), existing(proposal)),
        ("Engaging".to_owned(), create.clone()),
        ("Countess".to_owned(), existing(Uuid::from_u128(7))),
        ("Bob".to_owned(), invite("bob@example.com")),
        ("nobody".to_owned(), Match::Empty),
        ("a friend".to_owned(), Match::Choice { value: "referral".into() }),
    ];
    assert_eq!(kept(&all), (expected.clone(), texts(&["gone", "former", "pigeon"])));
    let manager = Given { may_add_stages: false, may_invite: false, ..all };
    expected.retain(|(text, _)| text != "Engaging" && text != "Bob");
    assert_eq!(kept(&manager), (expected, texts(&["gone", "Engaging", "Bob", "former", "pigeon"])));
}

/// IMPORT-02: what is saved must be a mapping of its columns; each problem stands at its place.
#[test]
fn inputs_are_checked() {
    let codes = |input: serde_json::Value| {
        let input: SavedMappingInput = serde_json::from_value(input).unwrap();
        let errors = input.check(RecordType::Contact.standard());
        errors.into_iter().map(|e| (e.path, e.code)).collect::<Vec<_>>()
    };
    let expect =
        |errors: &[(&str, &str)]| errors.iter().map(|(p, c)| ((*p).to_owned(), (*c).to_owned())).collect::<Vec<_>>();
    let mut plan = plan(RecordType::Contact, &[("email", columns(&["mail"])), ("phone", columns(&["tel"]))]);
    assert_eq!(codes(json!({"name": "Monthly", "plan": plan, "columns": ["mail", "tel"], "is_shared": true})), []);
    assert_eq!(codes(json!({"name": " "})), expect(&[("/name", "required")]));
    assert_eq!(
        codes(json!({"name": "x".repeat(61), "plan": plan})),
        expect(&[("/name", "too_long"), ("/columns", "required")])
    );
    assert_eq!(codes(json!({"columns": ["mail"]})), expect(&[("/plan", "required")]));
    assert_eq!(codes(json!({"plan": plan, "columns": []})), expect(&[("/columns", "length")]));
    for wrong in
        [json!(["mail", "MAIL"]), json!(["mail", " tel"]), json!(["mail", ""]), json!(["mail", "x".repeat(101)])]
    {
        assert_eq!(codes(json!({"plan": plan, "columns": wrong})), expect(&[("/columns", "columns")]), "{wrong}");
    }
    plan.options.currency = "EURO".into();
    let wrong = expect(&[("/plan/options/currency", "currency"), ("/plan/mapping/1", "mapping")]);
    assert_eq!(codes(json!({"plan": plan, "columns": ["mail"]})), wrong);
}

/// The same text with other letters' case.
fn recased(text: &str, upper: bool) -> String {
    if upper { text.to_ascii_uppercase() } else { text.to_ascii_lowercase() }
}

proptest! {
    /// IMPORT-02: whatever the columns are called, a mapping suits the file that it was saved for, with its columns in
    /// another order and case too, and becomes a plan of that file that names its columns and nothing else.
    #[test]
    fn a_mapping_suits_its_own_file(
        raw in proptest::collection::vec("[a-zA-Z0-9 _.-]{0,12}", 1..8),
        picks in proptest::collection::vec(any::<proptest::sample::Index>(), 3),
        rotate in 0_usize..8,
        upper in any::<bool>(),
    ) {
        let headers = clean_headers(&raw);
        let pick = |at: usize| headers[picks[at].index(headers.len())].clone();
        let plan = plan(RecordType::Contact, &[
            ("first_name", Source::Columns(vec![pick(0)])),
            ("email", Source::Columns(vec![pick(1), pick(2)])),
            ("job_title", Source::Template(format!("{{{}}} ({{{}}})", pick(0), pick(2)))),
        ]);
        let names: Vec<&str> = headers.iter().map(String::as_str).collect();
        let mapping = saved(1, &names, &plan);
        let (same, misfit) = refit(&plan, &given(&headers, &[], &[]));
        prop_assert_eq!((&same, &misfit), (&plan, &Misfit::default()));

        let mut other: Vec<String> = headers.iter().map(|header| recased(header, upper)).collect();
        let turned = rotate % other.len();
        other.rotate_left(turned);
        prop_assert!(FileColumns::new(&other).fit(&mapping).suits());
        let (moved, misfit) = refit(&plan, &given(&other, &[], &[]));
        prop_assert_eq!(&misfit, &Misfit::default());
        prop_assert!(compile::all(RecordType::Contact.standard(), &moved, &other).is_ok());
        prop_assert_eq!(moved.reads(), plan.reads().iter().map(|name| recased(name, upper)).collect::<Vec<_>>());
    }

    /// IMPORT-02: in a file of any other columns nothing is named that is not there.
    #[test]
    fn other_files_get_what_they_have(
        raw in proptest::collection::vec("(a|b|c|A|B|d|e)", 1..6),
        text in "(\\{a\\}|\\{b\\} \\{c\\}|x\\{ c \\}y)",
    ) {
        let headers = clean_headers(&raw);
        let plan = plan(RecordType::Contact, &[
            ("first_name", columns(&["a", "b"])), ("email", columns(&["c"])), ("job_title", Source::Template(text)),
        ]);
        let (now, misfit) = refit(&plan, &given(&headers, &[], &[]));
        prop_assert!(now.mapping.is_empty() || compile::all(RecordType::Contact.standard(), &now, &headers).is_ok());
        let missing: Vec<_> = ["a", "b", "c"].into_iter().filter(|n| !headers.iter().any(|h| h.eq_ignore_ascii_case(n))).collect();
        let mut told: Vec<_> = misfit.columns.iter().map(String::as_str).collect();
        told.sort_unstable();
        prop_assert_eq!(told, missing);
    }
}
