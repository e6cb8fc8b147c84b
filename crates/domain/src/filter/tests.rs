use super::*;
use crate::error::FieldError;
use chrono::NaiveDate;
use serde_json::json;

fn deal(filter: Json) -> Result<Checked, Vec<FieldError>> {
    check(RecordType::Deal.standard(), &filter)
}

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

/// SEARCH-05: conditions over several fields combine into one typed filter.
#[test]
fn groups_and_conditions_are_typed() {
    let checked = deal(json!({"and": [
        {"field": "amount_minor", "op": "between", "value": [100, 500]},
        {"or": [{"field": "status", "op": "eq", "value": "won"}, {"field": "tags", "op": "in", "value": ["VIP"]}]},
        {"field": "expected_close_date", "op": "within", "value": {"next": 30, "unit": "day"}},
    ]}))
    .unwrap();
    let Checked::And(parts) = checked else { panic!("a group") };
    assert_eq!(parts.len(), 3);
    let Some(Checked::Test(test)) = parts.first() else { panic!("a test") };
    assert_eq!(test.operand, Operand::Between(Value::Int(100), Value::Int(500)));
}

/// SECURITY-01: unknown fields, unfit operators and wrong values are refused at their place in the filter.
#[test]
fn refusals_point_into_the_filter() {
    for (filter, path) in [
        (json!([]), ""),
        (json!({"and": {}}), "/and"),
        (json!({"field": "password_hash", "op": "eq", "value": 1}), "/field"),
        (json!({"and": [{"field": "name", "op": "gt", "value": "a"}]}), "/and/0/op"),
        (json!({"or": [{"field": "amount_minor", "op": "eq", "value": "much"}]}), "/or/0/value"),
        (json!({"field": "status", "op": "in", "value": ["open", "asleep"]}), "/value"),
        (json!({"field": "expected_close_date", "op": "within", "value": "someday"}), "/value"),
        (json!({"field": "status", "op": "eq", "value": "won", "sql": "1=1"}), ""),
    ] {
        let errors = deal(filter.clone()).unwrap_err();
        assert_eq!(errors.first().unwrap().path, path, "{filter}");
    }
}

/// SEARCH-05: conditions go along references and to records that belong to one; what is not so is not so either where
/// there is nothing.
#[test]
fn relations() {
    let company = |json: Json| check(RecordType::Company.standard(), &json);
    let related = |checked: Checked| match checked {
        Checked::Related(related) => related,
        other => panic!("{other:?}"),
    };
    let is = related(deal(json!({"field": "company.industry", "op": "eq", "value": "Retail"})).unwrap());
    assert_eq!((is.relation.name, is.none), ("company", false));
    let is_not = related(deal(json!({"field": "company.industry", "op": "ne", "value": "Retail"})).unwrap());
    assert_eq!((is_not.none, &is_not.filter), (true, &is.filter));
    let filter = json!({"field": "deals", "op": "none", "value": {"field": "status", "op": "eq", "value": "open"}});
    let none = company(filter.clone()).unwrap();
    assert_eq!(none.looks_at().into_iter().collect::<Vec<_>>(), [RecordType::Deal]);
    assert!(related(none).none);
    let any = related(company(json!({"field": "contacts", "op": "any"})).unwrap());
    assert_eq!((any.none, *any.filter), (false, Checked::ALL));
    // One within the other: companies with a deal whose primary contact has no mailing address.
    let nested = json!({"field": "deals", "op": "any", "value": {"and": [
        {"field": "primary_contact.email", "op": "empty"}, {"field": "amount_minor", "op": "gt", "value": 5}]}});
    assert_eq!(company(nested).unwrap().looks_at().len(), 2);
    for (wrong, path) in [
        (json!({"field": "deals", "op": "eq", "value": 1}), "/op"),
        (json!({"field": "deals", "op": "any", "value": {"field": "industry", "op": "empty"}}), "/value/field"),
        (json!({"field": "contacts.email", "op": "empty"}), "/field"),
        (json!({"field": "deals", "op": "any", "value": 7}), "/value"),
    ] {
        assert_eq!(company(wrong.clone()).unwrap_err().first().unwrap().path, path, "{wrong}");
    }
    assert_eq!(deal(json!({"field": "company.wings", "op": "empty"})).unwrap_err().first().unwrap().path, "/field");
    // Any depth is limited, and what is found there counts.
    let mut deep = filter;
    for _ in 0..4 {
        deep = json!({"field": "company.name", "op": "eq", "value": "x", "and": [deep]});
    }
    assert!(company(deep).is_err());
    let many: Vec<Json> = (0..51).map(|_| json!({"field": "company.name", "op": "eq", "value": "x"})).collect();
    assert_eq!(deal(json!({ "or": many })).unwrap_err().first().unwrap().code, "too_many");
}

/// What people can filter by is what filters understand, under one name each.
#[test]
fn subjects() {
    for record in RecordType::ALL {
        let schema = record.standard();
        let mut names: Vec<String> = Subject::all(schema).map(Subject::name).collect();
        assert!(Subject::all(schema).all(|subject| Subject::of(schema, &subject.name()) == Some(subject)), "{record}");
        let labels: BTreeSet<String> = Subject::all(schema).map(Subject::label).collect();
        assert_eq!(labels.len(), names.len(), "{record}: labels are told apart");
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{record}");
    }
}

/// Filters have a limited depth and a limited number of conditions.
#[test]
fn depth_and_size_are_limited() {
    let leaf = json!({"field": "status", "op": "eq", "value": "won"});
    let mut deep = leaf.clone();
    for _ in 0..4 {
        deep = json!({ "and": [deep] });
    }
    assert!(deal(deep.clone()).is_ok());
    assert_eq!(deal(json!({ "and": [deep] })).unwrap_err().first().unwrap().code, "too_deep");
    assert!(deal(json!({ "or": vec![leaf.clone(); 50] })).is_ok());
    assert_eq!(deal(json!({ "or": vec![leaf; 51] })).unwrap_err().first().unwrap().code, "too_many");
}

/// Relative dates are whole days, seen from the day given.
#[test]
fn spans_of_time() {
    let today = day(2026, 11, 21); // a Saturday
    let range = |json: Json| {
        let r = Within::parse(&json).unwrap().range(today).unwrap();
        (r.first, r.last)
    };
    assert_eq!(range(json!("today")), (today, today));
    assert_eq!(range(json!("this_week")), (day(2026, 11, 16), day(2026, 11, 22)));
    assert_eq!(range(json!("last_month")), (day(2026, 10, 1), day(2026, 10, 31)));
    assert_eq!(range(json!("this_quarter")), (day(2026, 10, 1), day(2026, 12, 31)));
    assert_eq!(range(json!("next_year")), (day(2027, 1, 1), day(2027, 12, 31)));
    assert_eq!(range(json!({"last": 7, "unit": "day"})), (day(2026, 11, 15), today));
    assert_eq!(range(json!({"next": 1, "unit": "month"})), (today, day(2026, 12, 21)));
    assert!(Within::parse(&json!({"last": 0, "unit": "day"})).is_err());
    assert!(Within::parse(&json!({"last": 5000, "unit": "day"})).is_err());
}

proptest::proptest! {
    /// SECURITY-01: whatever the filter says, the check answers; it never panics.
    #[test]
    fn any_json_is_answered(field in "[a-z_]{0,12}", op in "[a-z_]{0,8}", text in ".{0,20}", n in proptest::num::i64::ANY) {
        for value in [json!(text), json!(n), json!([text, n]), json!({"last": n, "unit": text}), Json::Null] {
            let filter = json!({"and": [{"field": field, "op": op, "value": value}]});
            for record in RecordType::ALL {
                let _answered = check(record.standard(), &filter).is_ok();
            }
        }
    }

    /// What the check accepts, it accepts again after a trip over the wire.
    #[test]
    fn filters_round_trip(amount in 0_i64..1_000_000, name in "[a-zA-Z ]{1,20}") {
        let filter = Filter::And { and: vec![
            Filter::condition("amount_minor", Op::Gte, amount),
            Filter::Or { or: vec![Filter::condition("name", Op::Contains, format!("x{name}")), Filter::condition("notes", Op::Empty, Json::Null)] },
        ]};
        let wire = serde_json::to_value(&filter).unwrap();
        proptest::prop_assert_eq!(serde_json::from_value::<Filter>(wire.clone()).unwrap(), filter);
        proptest::prop_assert!(check(RecordType::Deal.standard(), &wire).is_ok());
    }
}
