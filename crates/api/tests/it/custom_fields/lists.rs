//! Own fields in filters, orders and search.

use super::{company, define, options};
use crate::support::{Member, TestApp};
use serde_json::{Value as Json, json};

async fn names(member: &Member, filter: Json) -> Vec<String> {
    let filter = filter.to_string();
    let params = [("filter", filter.as_str()), ("sort_by", "name")];
    texts(&member.list("/companies", &params).await.expect(200).column("name"))
}

fn texts(names: &[Json]) -> Vec<String> {
    names.iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

async fn fleet(owner: &Member) {
    define(owner, "company", "Fleet", "number", json!({})).await;
    define(owner, "company", "Tier", "select", options(&["Gold", "Silver"])).await;
    define(owner, "company", "Brands", "multi_select", options(&["A", "B"])).await;
    define(owner, "company", "Since", "date", json!({})).await;
    define(owner, "company", "Audited", "checkbox", json!({})).await;
    define(owner, "company", "Motto", "textarea", json!({})).await;
    let all = json!({"fleet": 10, "tier": "gold", "brands": ["a"], "since": "2024-05-01", "audited": true, "motto": "50% off_all"});
    company(owner, "All", all).await;
    company(owner, "Half", json!({"fleet": 9.5, "tier": "silver", "brands": ["a", "b"], "audited": false})).await;
    company(owner, "None", json!({})).await;
    company(owner, "Old", json!({"fleet": 100, "since": "1999-12-31"})).await;
}

/// FIELD-09, SEARCH-04, SEARCH-05: every operator of every type, alone and with others.
#[actix_web::test]
async fn filters() {
    let app = TestApp::spawn().await;
    let (owner, stranger) = (app.owner().await, app.owner().await);
    fleet(&owner).await;
    fleet(&stranger).await;
    let is = |field: &str, op: &str, value: Json| json!({"field": format!("custom_fields.{field}"), "op": op, "value": value});
    for (filter, expected) in [
        (is("fleet", "eq", json!(10)), vec!["All"]),
        (is("fleet", "ne", json!(10)), vec!["Half", "None", "Old"]),
        (is("fleet", "in", json!([9.5, 100])), vec!["Half", "Old"]),
        (is("fleet", "in", json!([9.5, null])), vec!["Half", "None"]),
        (is("fleet", "nin", json!([9.5, null])), vec!["All", "Old"]),
        (is("fleet", "lt", json!(10)), vec!["Half"]),
        (is("fleet", "lte", json!(10)), vec!["All", "Half"]),
        // Numbers, not texts: 9.5 is less than 100.
        (is("fleet", "gt", json!(9.5)), vec!["All", "Old"]),
        (is("fleet", "gte", json!(9.5)), vec!["All", "Half", "Old"]),
        (is("fleet", "between", json!([9, 11])), vec!["All", "Half"]),
        (is("fleet", "empty", json!(null)), vec!["None"]),
        (is("fleet", "not_empty", json!(null)), vec!["All", "Half", "Old"]),
        (is("tier", "eq", json!("gold")), vec!["All"]),
        (is("tier", "ne", json!("gold")), vec!["Half", "None", "Old"]),
        (is("tier", "eq", json!(null)), vec!["None", "Old"]),
        (is("brands", "eq", json!("a")), vec!["All", "Half"]),
        (is("brands", "in", json!(["b"])), vec!["Half"]),
        (is("brands", "nin", json!(["a", "b"])), vec!["None", "Old"]),
        (is("since", "lt", json!("2000-01-01")), vec!["Old"]),
        (is("since", "between", json!(["2024-01-01", "2024-12-31"])), vec!["All"]),
        (is("since", "within", json!({"unit": "year", "last": 60})), vec!["All", "Old"]),
        (is("audited", "eq", json!(true)), vec!["All"]),
        (is("audited", "eq", json!(false)), vec!["Half", "None", "Old"]),
        (is("motto", "contains", json!("% OFF_")), vec!["All"]),
        (is("motto", "contains", json!("off all")), vec![]),
        (
            json!({"and": [is("fleet", "gt", json!(1)), {"or": [is("tier", "eq", json!("silver")), {"field": "name", "op": "eq", "value": "Old"}]}]}),
            vec!["Half", "Old"],
        ),
    ] {
        let found = names(&owner, filter.clone()).await;
        assert_eq!(found, expected, "{filter}");
    }
    for wrong in [is("fleet", "contains", json!("1")), is("tier", "eq", json!("bronze")), is("wings", "eq", json!(1))] {
        owner.list("/companies", &[("filter", &wrong.to_string())]).await.expect(422);
    }
    let short = owner.get("/companies?custom_fields.tier=gold,silver&sort_by=name").await.expect(200);
    assert_eq!(texts(&short.column("name")), ["All", "Half"]);
}

/// FIELD-08, FIELD-09: lists are sorted by own fields in both directions, those without a value last, and paged by number
/// and by cursor, there and back.
#[actix_web::test]
async fn orders() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    define(&owner, "company", "Fleet", "number", json!({})).await;
    define(&owner, "company", "Motto", "text", json!({})).await;
    for n in 0..7 {
        let own = json!({"fleet": (n * 37) % 5, "motto": format!("m{}", n % 2)});
        company(&owner, &format!("With {n}"), own).await;
    }
    for n in 0..5 {
        company(&owner, &format!("Without {n}"), json!({"motto": "m1"})).await;
    }
    for sort in [
        "custom_fields.fleet",
        "-custom_fields.fleet",
        "custom_fields.fleet,name",
        "-custom_fields.motto,custom_fields.fleet",
        "name,-custom_fields.fleet",
    ] {
        let whole = owner.list("/companies", &[("sort_by", sort), ("limit", "200")]).await.expect(200);
        let expected = whole.ids();
        assert_eq!(expected.len(), 12);
        if sort.trim_start_matches('-').starts_with("custom_fields.fleet") {
            let values: Vec<Option<f64>> =
                whole.column("custom_fields").iter().map(|own| own["fleet"].as_f64()).collect();
            assert!(values[7..].iter().all(Option::is_none), "{sort}: {values:?}");
            let down = sort.starts_with('-');
            assert!(
                values[..7].windows(2).all(|pair| if down { pair[0] >= pair[1] } else { pair[0] <= pair[1] }),
                "{sort}"
            );
        }
        for limit in ["1", "3", "5", "7", "12"] {
            let mut numbered = Vec::new();
            for page in 1..=(12_usize.div_ceil(limit.parse::<usize>().unwrap())) {
                let page = page.to_string();
                let params = [("sort_by", sort), ("limit", limit), ("page", &page)];
                numbered.extend(owner.list("/companies", &params).await.expect(200).ids());
            }
            assert_eq!(numbered, expected, "{sort}: pages of {limit}");
            let (mut there, mut cursor) = (Vec::new(), None::<String>);
            let last = loop {
                let mut params = vec![("sort_by", sort), ("limit", limit)];
                params.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
                let page = owner.list("/companies", &params).await.expect(200);
                there.extend(page.ids());
                let pagination = page.json()["pagination"].clone();
                cursor = pagination["next_cursor"].as_str().map(str::to_owned);
                if cursor.is_none() {
                    break pagination;
                }
            };
            assert_eq!(there, expected, "{sort}: cursors of {limit}");
            let mut back = Vec::new();
            let mut cursor = last["prev_cursor"].as_str().map(str::to_owned);
            while let Some(at) = cursor {
                let params = [("sort_by", sort), ("limit", limit), ("cursor", at.as_str())];
                let page = owner.list("/companies", &params).await.expect(200);
                let mut ids = page.ids();
                ids.append(&mut back);
                back = ids;
                cursor = page.json()["pagination"]["prev_cursor"].as_str().map(str::to_owned);
            }
            let rest = 12 - back.len();
            assert_eq!(back, expected[..12 - rest], "{sort}: back by {limit}");
            assert!(rest <= limit.parse::<usize>().unwrap(), "{sort}: back by {limit} from {rest}");
        }
    }
    owner.get("/companies?sort_by=custom_fields.none").await.expect(422);
}

/// FIELD-09: records are found by texts, numbers and labels of their own fields; not by those of deleted fields.
#[actix_web::test]
async fn search() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    define(&owner, "company", "Ship", "text", json!({})).await;
    define(&owner, "company", "Register no", "number", json!({})).await;
    let flag = define(&owner, "company", "Flag", "select", options(&["Marshall Islands"])).await;
    company(&owner, "Acme", json!({"ship": "Ever Given", "register_no": 9811000, "flag": "marshall_islands"})).await;
    app.carry(&owner).await;
    for words in ["ever giv", "9811000", "marshall isl"] {
        let found = owner.list("/companies", &[("search", words)]).await.expect(200);
        assert_eq!(texts(&found.column("name")), ["Acme"], "{words}");
    }
    owner.delete(&super::path(&flag)).await.expect(204);
    owner
        .put(&format!("/companies/{}", owner.get("/companies").await.ids()[0]), &json!({"name": "Acme 2"}))
        .await
        .expect(200);
    app.carry(&owner).await;
    assert!(owner.list("/companies", &[("search", "marshall")]).await.expect(200).ids().is_empty());
}

/// FIELD-09, SEARCH-06: views hold own fields as columns, filters and order, and refuse unknown ones.
#[actix_web::test]
async fn views() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    define(&owner, "deal", "Region", "text", json!({})).await;
    let view = |field: &str| {
        json!({"entity": "deal", "name": field, "sort": format!("-{field}"),
            "filters": {"field": field, "op": "starts_with", "value": "N"},
            "columns": [{"field": "name", "width": 200}, {"field": field, "width": 120}]})
    };
    owner.post("/saved-views", &view("custom_fields.region")).await.expect(201);
    let wrong = owner.post("/saved-views", &view("custom_fields.area")).await.expect(422);
    let paths: Vec<String> = wrong.fields().into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["/filters/field", "/sort", "/columns/1/field"]);
}
