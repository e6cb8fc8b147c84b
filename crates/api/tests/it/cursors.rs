//! Cursors along a list: they lead to any of its rows, in any order.

use crate::support::{Member, TestApp, db};
use api::records::{cursors, query};
use domain::companies::Company;
use domain::page::ListCursors;
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// Sixty-two companies with ties and empty values, one of them archived.
const FEW: &str = "INSERT INTO companies (org_id, id, name, industry, employee_count, primary_email, primary_email_norm, \
     custom_fields, created_at, deleted_at) \
     SELECT $1, gen_random_uuid(), 'Company ' || lpad(n::text, 3, '0'), CASE WHEN n % 2 = 0 THEN 'Retail' END, \
     CASE WHEN n % 4 > 0 THEN n % 3 END, CASE WHEN n % 3 > 0 THEN 'C' || n || '@x.example' END, \
     CASE WHEN n % 3 > 0 THEN 'c' || n || '@x.example' END, \
     CASE WHEN n % 5 > 0 THEN jsonb_build_object('fleet', n % 7, 'paid', n % 2 = 0) ELSE '{}' END, \
     now() - n * interval '1 minute', CASE WHEN n = 62 THEN now() END FROM generate_series(1, 62) n";

/// Enough for cursors of the real distance.
const MANY: &str = "INSERT INTO companies (org_id, id, name, industry) \
     SELECT $1, gen_random_uuid(), 'Company ' || lpad(n::text, 6, '0'), CASE WHEN n % 2 = 0 THEN 'Retail' END \
     FROM generate_series(1, 3000) n";

/// The cursors of a list of companies, `every` rows or a multiple of it apart.
async fn along(app: &TestApp, member: &Member, params: &[(&str, &str)], every: u64) -> ListCursors {
    let tx = app.state.db.worker_tenant(member.org_id(), Some(member.user_id())).await.unwrap().unwrap();
    let params: Vec<_> = params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let query = query::from_params::<Company>(&tx, &params).await.unwrap();
    cursors::along::<Company>(&tx, &app.state.clock, &query, every).await.unwrap()
}

async fn ids(owner: &Member, params: &[(&str, &str)], more: &[(&str, &str)]) -> Vec<Uuid> {
    owner.list("/companies", &[params, more].concat()).await.expect(200).ids()
}

/// COMPANY-11, COMPANY-12, FIELD-09: cursors stand at equal distances in every order, upwards and downwards, among empty
/// values and between the two parts of such a list; with rows passed over they lead to each row.
#[actix_web::test]
async fn cursors_lead_to_every_row() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    for (name, kind) in [("Fleet", "number"), ("Paid", "checkbox")] {
        owner.post("/field-definitions", &json!({"entity": "company", "name": name, "type": kind})).await.expect(201);
    }
    assert_eq!(db::execute(FEW, owner.org_id()).await, 62);
    let even = json!({"field": "industry", "op": "eq", "value": "Retail"}).to_string();
    let lists: [(usize, &[(&str, &str)]); 13] = [
        (61, &[]),
        (61, &[("sort_by", "name")]),
        (61, &[("sort_by", "-name")]),
        (61, &[("sort_by", "employee_count")]),
        (61, &[("sort_by", "-employee_count")]),
        (61, &[("sort_by", "employee_count,-name")]),
        (61, &[("sort_by", "-primary_email")]),
        (61, &[("sort_by", "industry,employee_count")]),
        (61, &[("sort_by", "custom_fields.fleet")]),
        (61, &[("sort_by", "-custom_fields.paid,name")]),
        (62, &[("sort_by", "updated_at"), ("archived", "include")]),
        (30, &[("sort_by", "-employee_count"), ("filter", &even)]),
        (0, &[("sort_by", "name"), ("mine", "true")]),
    ];
    for (total, params) in lists {
        let all = ids(&owner, params, &[("limit", "200")]).await;
        assert_eq!(all.len(), total, "{params:?}");
        let found = along(&app, &owner, params, 10).await;
        assert_eq!((found.every, found.total), (10, i64::try_from(total).unwrap()), "{params:?}");
        assert_eq!(found.cursors.len(), total.saturating_sub(1) / 10, "{params:?}: none after the last row");
        for row in 10..total {
            let (cursor, skip) = found.to(u64::try_from(row).unwrap()).unwrap();
            let skip = skip.to_string();
            let page = ids(&owner, params, &[("cursor", cursor), ("skip", &skip), ("limit", "2")]).await;
            assert_eq!(page, all[row..total.min(row + 2)], "{params:?}: row {row}");
        }
        let Some(last) = found.cursors.last() else { continue };
        let page = ids(&owner, params, &[("cursor", last), ("skip", "10000")]).await;
        assert!(page.is_empty(), "{params:?}: nothing is that far");
        // The other way round, from the last part into the first.
        let sent = [params, &[("cursor", last), ("limit", "1")]].concat();
        let page = owner.list("/companies", &sent).await.expect(200).json();
        let back = page["pagination"]["prev_cursor"].as_str().unwrap();
        let (from, to) = (found.cursors.len() * 10, 7);
        let page = ids(&owner, params, &[("cursor", back), ("skip", &to.to_string()), ("limit", "9")]).await;
        assert_eq!(page, all[(from - to).saturating_sub(9)..from - to], "{params:?}: backwards");
    }
}

/// COMPANY-12, TENANCY-07: the cursors of the whole list, of what a filter leaves and of one's own records, a thousand
/// rows apart; they are those of pages, with a total that was counted; nobody sees another organization's.
#[actix_web::test]
async fn cursors_of_long_lists() {
    let app = TestApp::spawn().await;
    let (owner, other) = (app.owner().await, app.owner().await);
    assert_eq!(db::execute(MANY, owner.org_id()).await, 3_000);
    let by_name = ("sort_by", "name");
    let found: ListCursors = owner.list("/companies/cursors", &[by_name]).await.expect(200).typed();
    assert_eq!((found.every, found.total, found.cursors.len()), (1_000, 3_000, 2));
    for (at, cursor) in found.cursors.iter().enumerate() {
        let page = owner.list("/companies", &[by_name, ("cursor", cursor), ("limit", "1")]).await.expect(200);
        assert_eq!(page.column("name"), [json!(format!("Company {:06}", (at + 1) * 1_000 + 1))]);
        let place = &page.json()["pagination"];
        assert_eq!(
            (&place["total"], &place["total_exact"], &place["page"]),
            (&json!(3_000), &json!(true), &Json::Null)
        );
    }
    let sent = [by_name, ("page", "10"), ("limit", "100")];
    let page = owner.list("/companies", &sent).await.expect(200).json();
    assert_eq!(page["pagination"]["next_cursor"], json!(found.cursors[0]), "a cursor of pages and one of the list");

    let retail: ListCursors =
        owner.list("/companies/cursors", &[by_name, ("industry", "Retail")]).await.expect(200).typed();
    assert_eq!((retail.total, retail.cursors.len()), (1_500, 1));
    let sent = [by_name, ("industry", "Retail"), ("cursor", &retail.cursors[0]), ("skip", "499")];
    assert_eq!(owner.list("/companies", &sent).await.expect(200).column("name"), ["Company 003000"]);
    let mine: ListCursors = owner.list("/companies/cursors", &[by_name, ("mine", "true")]).await.expect(200).typed();
    assert_eq!((mine.total, mine.cursors.len()), (0, 0));
    let theirs: ListCursors = other.list("/companies/cursors", &[by_name]).await.expect(200).typed();
    assert_eq!((theirs.total, theirs.cursors.len()), (0, 0));
    let page = other.list("/companies", &[by_name, ("cursor", &found.cursors[0])]).await.expect(200);
    assert!(page.ids().is_empty(), "a cursor is a place and no key");

    // A long list's answer is kept for a moment, also for colleagues; a short list's is not.
    assert_eq!(db::execute(MANY, owner.org_id()).await, 3_000);
    let colleague = owner.colleague("viewer").await;
    let kept: ListCursors = colleague.list("/companies/cursors", &[by_name]).await.expect(200).typed();
    assert_eq!(kept, found);
    let fresh: ListCursors = owner.list("/companies/cursors", &[("sort_by", "-name")]).await.expect(200).typed();
    assert_eq!(fresh.total, 6_000);
    other.post("/companies", &json!({"name": "First"})).await.expect(201);
    let theirs: ListCursors = other.list("/companies/cursors", &[by_name]).await.expect(200).typed();
    assert_eq!(theirs.total, 1);
    assert_eq!(db::execute("DELETE FROM organizations WHERE id = $1", owner.org_id()).await, 1);
}

/// PLATFORM-13: what belongs to a page is refused by name, and so is what does not fit.
#[actix_web::test]
async fn wrong_input_is_named() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    for (name, value) in
        [("page", "1"), ("limit", "5"), ("cursor", "x"), ("skip", "1"), ("fields", "name"), ("colour", "red")]
    {
        let fields = owner.list("/companies/cursors", &[(name, value)]).await.expect(422).fields();
        assert_eq!(fields, [(name.to_owned(), "unknown_field".to_owned())]);
    }
    for (params, place) in
        [(("sort_by", "notes"), "sort_by"), (("filter", "{"), "filter"), (("mine", "perhaps"), "mine")]
    {
        let fields = owner.list("/companies/cursors", &[params]).await.expect(422).fields();
        assert_eq!(fields.first().unwrap().0, place);
    }
    for (value, code) in [("1", "use_page"), ("10001", "range"), ("-1", "integer"), ("many", "integer")] {
        let fields = owner.list("/companies", &[("skip", value)]).await.expect(422).fields();
        assert_eq!(fields, [("skip".to_owned(), code.to_owned())], "{value}");
    }
    let body = json!({"entity": "company", "skip": 1});
    let fields = owner.post("/search/query", &body).await.expect(422).fields();
    assert_eq!(fields, [("skip".to_owned(), "use_page".to_owned())]);
}

/// FIELD-02, FIELD-09: an option that is taken away while somebody goes along the list is no end of it: the records that
/// have it stand where they stood, and the next page and the one before are those that they were.
#[actix_web::test]
async fn a_removed_option_is_still_a_place() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let tiers = |names: &[&str]| names.iter().map(|name| json!({"value": name, "label": name})).collect::<Vec<_>>();
    let all = ["bronze", "gold", "silver"];
    let tier = json!({"entity": "company", "name": "Tier", "type": "select", "options": tiers(&all)});
    let tier = owner.post("/field-definitions", &tier).await.expect(201).id();
    for tier in ["bronze", "bronze", "gold", "silver"] {
        let company = json!({"name": tier, "custom_fields": {"tier": tier}});
        owner.post("/companies", &company).await.expect(201);
    }
    let sorted = [("sort_by", "custom_fields.tier"), ("limit", "1")];
    let page = async |cursor: &Json| {
        let cursor = [("cursor", cursor.as_str().unwrap())];
        let page = owner.list("/companies", &[&sorted[..], &cursor].concat()).await.expect(200);
        (page.column("name"), page.json()["pagination"].clone())
    };
    let first = owner.list("/companies", &sorted).await.expect(200).json()["pagination"]["next_cursor"].clone();
    owner.put(&format!("/field-definitions/{tier}"), &json!({"options": tiers(&all[1..])})).await.expect(200);
    let (second, places) = page(&first).await;
    assert_eq!(second, ["bronze"]);
    let (third, places) = page(&places["next_cursor"]).await;
    assert_eq!(third, ["gold"]);
    let (back, _) = page(&places["prev_cursor"]).await;
    assert_eq!(back, ["bronze"]);
}
