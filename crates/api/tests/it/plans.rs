//! Lists and board of an organization with many records: the plans of the hot queries, as the app role and under
//! row-level security; exact counts and order; and how long it takes.

use crate::support::{Member, TestApp, db, servers};
use api::features::companies::summary;
use api::features::dedupe::under_sql;
use api::records::cursor::Cursor;
use api::records::list::Place;
use api::records::query::ListQuery;
use api::records::{Parent, Stored, cursors, list, query};
use domain::catalog::Kind;
use domain::companies::Company;
use domain::contacts::Contact;
use domain::deals::Deal;
use domain::products::Product;
use sea_orm::sea_query::{PostgresQueryBuilder, SelectStatement};
use secrecy::ExposeSecret;
use serde_json::{Value as Json, json};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Deals in the list, and open ones of them on the board.
const DEALS: i64 = 20_000;
const ON_BOARD: i64 = 2_000;
/// Companies, and half as many contacts and products.
const COMPANIES: i64 = 12_000;

/// Rows as an import would have left them, of which each hundredth is the owner's own; search finds the companies.
const FILL: &[&str] = &[
    "INSERT INTO companies (org_id, id, name, industry, owner_id, created_at, primary_email, primary_email_norm, \
         employee_count, annual_revenue_minor, lead_score, last_contact_date) \
     SELECT $1, gen_random_uuid(), 'Company ' || lpad(n::text, 6, '0'), 'I' || n % 50, CASE WHEN n % 100 = 0 THEN $2 END, \
         now() - n * interval '1 minute', 'c' || n || '@x.example', 'c' || n || '@x.example', n % 700, n * 100, n % 100, \
         now() - n * interval '1 hour' FROM generate_series(1, 12000) n",
    "UPDATE companies SET custom_fields = jsonb_build_object('fleet', substr(name, 9)::int, 'tier', 'T' || industry) \
     WHERE org_id = $1 AND $2 IS NOT NULL AND name < 'Company 010000'",
    "INSERT INTO contacts (org_id, id, first_name, last_name, owner_id, created_at, email, email_norm, job_title, \
         lead_score, birthday, last_contacted_at, phone_e164) \
     SELECT $1, gen_random_uuid(), 'Person', lpad(n::text, 6, '0'), CASE WHEN n % 100 = 0 THEN $2 END, \
         now() - n * interval '1 minute', 'p' || n || '@x.example', 'p' || n || '@x.example', 'Job ' || n % 30, n % 100, \
         date '1970-01-01' + n, now() - n * interval '1 hour', '+1415' || 2930000 + n FROM generate_series(1, 6000) n",
    "INSERT INTO products (org_id, id, name, code, price_minor, owner_id, created_at) \
     SELECT $1, gen_random_uuid(), 'Product ' || lpad(n::text, 6, '0'), 'P-' || n, CASE WHEN n % 50 > 0 THEN n END, \
         CASE WHEN n % 100 = 0 THEN $2 END, now() - n * interval '1 minute' FROM generate_series(1, 6000) n",
    "INSERT INTO deals (org_id, id, deal_number, name, pipeline_id, stage_id, stage_order, status, closed_date, \
         amount_minor, owner_id, created_at, expected_close_date, probability, last_activity_date) \
     SELECT $1, gen_random_uuid(), 'X-' || n, 'Deal ' || lpad(n::text, 6, '0'), s.pipeline_id, s.id, \
         lpad(n::text, 6, '0') || 'i', CASE WHEN s.is_closed_won THEN 'won' ELSE 'open' END, \
         CASE WHEN s.is_closed_won THEN current_date END, n, CASE WHEN n % 100 = 0 THEN $2 END, \
         now() - n * interval '1 second', current_date + n % 90, n % 100, now() - n * interval '1 hour' \
     FROM generate_series(1, 20000) n \
     JOIN pipeline_stages s ON s.org_id = $1 AND \
         CASE WHEN n > 2000 THEN s.is_closed_won ELSE s.position = n % 4 END",
    "INSERT INTO search_documents (org_id, entity_type, entity_id, title) \
     SELECT $1, 'company', id, name FROM companies WHERE org_id = $1 AND $2 IS NOT NULL",
];

async fn fill(owner: &Member) {
    let mut conn = db::owner().await;
    for sql in FILL {
        sqlx::query(*sql).bind(owner.org_id()).bind(owner.user_id()).execute(&mut conn).await.unwrap();
    }
    sqlx::query("SELECT refresh_statistics('{companies,contacts,products,deals,search_documents,custom_values}')")
        .execute(&mut conn)
        .await
        .unwrap();
}

/// What a plan reads: names of indexes, and tables that it reads from end to end.
#[derive(Debug, Default)]
struct Reads {
    indexes: Vec<String>,
    scanned: Vec<String>,
    sorts: bool,
    /// Sorts rows that are equal in what an index has in order.
    breaks_ties: bool,
}

impl Reads {
    fn of(plan: &Json) -> Self {
        let mut reads = Self::default();
        reads.add(plan);
        reads
    }

    fn add(&mut self, node: &Json) {
        if let Some(index) = node["Index Name"].as_str() {
            self.indexes.push(index.to_owned());
        }
        match node["Node Type"].as_str() {
            Some("Seq Scan") => self.scanned.push(node["Relation Name"].as_str().unwrap().to_owned()),
            Some("Sort") => self.sorts = true,
            Some("Incremental Sort") => self.breaks_ties = true,
            _ => {}
        }
        for child in node["Plans"].as_array().into_iter().flatten() {
            // What is read for each row of the page, such as its tags, may well be sorted.
            let before = (self.sorts, self.breaks_ties);
            self.add(child);
            if child["Parent Relationship"] == "SubPlan" {
                (self.sorts, self.breaks_ties) = before;
            }
        }
    }
}

/// The plan of a list.
async fn plan<R: Stored>(app: &TestApp, member: &Member, params: &[(&str, &str)], after: bool) -> Reads {
    let tx = app.state.db.worker_tenant(member.org_id(), Some(member.user_id())).await.unwrap().unwrap();
    let params: Vec<_> = params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let mut query = query::from_params::<R>(&tx, &params).await.unwrap();
    let cursor = if after {
        let first = list::typed_page::<R>(&tx, &app.state.clock, &query, None).await.unwrap();
        query.cursor = first.pagination.next_cursor;
        query.cursor.as_deref().map(|text| Cursor::decode(text, query.sorting.as_text()).unwrap())
    } else {
        None
    };
    let select = list::rows_of::<R>(&tx, &app.state.clock, &query, None, place(&query, cursor.as_ref())).unwrap();
    drop(tx);
    explain(member, &select).await
}

/// Where a first page is read, or one from a cursor on.
fn place<'a>(query: &ListQuery, cursor: Option<&'a Cursor>) -> Place<'a> {
    let (part, from_cursor) = query.sorting.parts(cursor)[0];
    Place { part, cursor, from_cursor, offset: 0, limit: 51 }
}

/// The plan of what finds the cursors along a list, in the first of its parts.
async fn plan_of_cursors<R: Stored>(app: &TestApp, member: &Member, order: &str) -> Reads {
    let tx = app.state.db.worker_tenant(member.org_id(), Some(member.user_id())).await.unwrap().unwrap();
    let query = query::from_params::<R>(&tx, &[("sort_by".to_owned(), order.to_owned())]).await.unwrap();
    let (part, _) = query.sorting.parts(None)[0];
    let select = cursors::marks::<R>(&tx, &app.state.clock, &query, part, 0, 1_000).unwrap();
    drop(tx);
    explain(member, &select).await
}

/// The plan of a statement, as the app role would run it for this member.
async fn explain(member: &Member, select: &SelectStatement) -> Reads {
    let mut conn = PgConnection::connect(servers().app.expose_secret()).await.unwrap();
    let mut tx = conn.begin().await.unwrap();
    let begin = sqlx::query("SELECT app_begin($1, $2)").bind(member.org_id()).bind(member.user_id());
    begin.execute(&mut *tx).await.unwrap();
    let sql = format!("EXPLAIN (FORMAT JSON) {}", select.to_string(PostgresQueryBuilder));
    let plan: Json = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut *tx).await.unwrap();
    Reads::of(&plan[0]["Plan"])
}

/// SEARCH-10, TENANCY-15, PERF-01, COMPANY-22: the default lists, a page further on, the own records, the search and what
/// belongs to a company read through their indexes and never a large table from end to end, though row-level security is on.
#[actix_web::test]
async fn hot_lists_use_their_indexes() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    for (name, kind) in [("Fleet", "number"), ("Tier", "text")] {
        let field = json!({"entity": "company", "name": name, "type": kind});
        owner.post("/field-definitions", &field).await.expect(201);
    }
    let began = Instant::now();
    fill(&owner).await;
    eprintln!("{DEALS} deals and {COMPANIES} companies made in {:?}", began.elapsed());

    let mut seen = Vec::new();
    let mut look = |what: &str, reads: Reads, index: &str, sorted: bool| {
        seen.push(format!("{what}: {reads:?}"));
        let large = ["companies", "contacts", "products", "deals", "search_documents", "dedupe_keys"];
        let scanned: Vec<_> = reads.scanned.iter().filter(|table| large.contains(&table.as_str())).collect();
        assert!(scanned.is_empty(), "{what} reads {scanned:?} from end to end: {reads:?}");
        assert!(reads.indexes.iter().any(|used| used == index), "{what} does not use {index}: {reads:?}");
        assert!(!(sorted && (reads.sorts || reads.breaks_ties)), "{what} sorts what the index has in order: {reads:?}");
    };
    let by_name = ("sort_by", "name");
    look("companies", plan::<Company>(&app, &owner, &[], false).await, "companies_live_created_idx", true);
    look("companies on", plan::<Company>(&app, &owner, &[], true).await, "companies_live_created_idx", true);
    look("companies by name", plan::<Company>(&app, &owner, &[by_name], true).await, "companies_live_name_idx", true);
    look("my companies", plan::<Company>(&app, &owner, &[("mine", "true")], false).await, "companies_owner_idx", false);
    let found = plan::<Company>(&app, &owner, &[("search", "company 011222")], false).await;
    look("companies found", found, "companies_pkey", false);
    // FIELD-09: own fields, in filters and orders.
    let one = [("custom_fields.fleet", "4711")];
    look("by a number", plan::<Company>(&app, &owner, &one, false).await, "custom_values_number_idx", false);
    for (key, index) in [("fleet", "custom_values_number_idx"), ("tier", "custom_values_text_idx")] {
        for order in [format!("custom_fields.{key}"), format!("-custom_fields.{key}")] {
            for after in [false, true] {
                let reads = plan::<Company>(&app, &owner, &[("sort_by", &order)], after).await;
                look(&order, reads, index, true);
            }
        }
    }
    look("contacts", plan::<Contact>(&app, &owner, &[], false).await, "contacts_live_created_idx", true);
    look("contacts on", plan::<Contact>(&app, &owner, &[], true).await, "contacts_live_created_idx", true);
    look("contacts by name", plan::<Contact>(&app, &owner, &[by_name], true).await, "contacts_live_name_idx", true);
    let by_phone = plan::<Contact>(&app, &owner, &[("phone", "(415) 293-3313")], false).await;
    look("a contact by phone", by_phone, "contacts_phone_idx", false);
    look("my contacts", plan::<Contact>(&app, &owner, &[("mine", "true")], false).await, "contacts_owner_idx", false);
    look("products", plan::<Product>(&app, &owner, &[], false).await, "products_live_name_idx", true);
    look("my products", plan::<Product>(&app, &owner, &[("mine", "true")], false).await, "products_owner_idx", false);
    look("deals", plan::<Deal>(&app, &owner, &[], false).await, "deals_live_created_idx", true);
    look("deals on", plan::<Deal>(&app, &owner, &[], true).await, "deals_live_created_idx", true);
    let by_value = plan::<Deal>(&app, &owner, &[("sort_by", "-amount_minor")], true).await;
    look("deals by value", by_value, "deals_live_amount_idx", true);
    look("my deals", plan::<Deal>(&app, &owner, &[("mine", "true")], false).await, "deals_owner_idx", false);

    for (order, index) in [
        ("-created_at", "companies_live_created_idx"),
        ("name", "companies_live_name_idx"),
        ("-name", "companies_live_name_idx"),
        ("-employee_count", "companies_live_employees_idx"),
    ] {
        let reads = plan_of_cursors::<Company>(&app, &owner, order).await;
        look(&format!("cursors along companies by {order}"), reads, index, true);
    }
    let reads = plan_of_cursors::<Deal>(&app, &owner, "-amount_minor").await;
    look("cursors along deals by value", reads, "deals_live_amount_idx", true);

    let tx = app.state.db.worker_tenant(owner.org_id(), Some(owner.user_id())).await.unwrap().unwrap();
    let id = a_company(&owner).await;
    let (clock, company) = (&app.state.clock, Some(Parent::Company(id)));
    let newest = query::from_params::<Deal>(&tx, &[]).await.unwrap();
    let deals_of = list::rows_of::<Deal>(&tx, clock, &newest, company, place(&newest, None)).unwrap();
    let newest = query::from_params::<Contact>(&tx, &[]).await.unwrap();
    let people_of = list::rows_of::<Contact>(&tx, clock, &newest, company, place(&newest, None)).unwrap();
    let figures = summary::statement(&tx, id);
    drop(tx);
    look("deals of a company", explain(&owner, &deals_of).await, "deals_company_idx", false);
    look("contacts of a company", explain(&owner, &people_of).await, "contacts_company_idx", false);
    for index in ["deals_company_idx", "deal_companies_company_idx", "contacts_company_idx"] {
        look("figures of a company", explain(&owner, &figures).await, index, false);
    }

    orders_have_their_indexes::<Company>(&app, &owner).await;
    orders_have_their_indexes::<Contact>(&app, &owner).await;
    orders_have_their_indexes::<Deal>(&app, &owner).await;
    orders_have_their_indexes::<Product>(&app, &owner).await;
    // DEDUPE-05: who a record that is being typed may double, without a look at the table itself.
    look("met by keys", met_by_keys(&owner).await, "dedupe_keys_pkey", false);

    lists_are_exact(&owner).await;
    the_board_is_exact(&owner).await;
    // Nobody else meets these rows, and they do not stay.
    assert_eq!(db::execute("DELETE FROM organizations WHERE id = $1", owner.org_id()).await, 1);
}

/// COMPANY-11: each order that a list offers, upwards and downwards, first page and further ones, comes out of an index;
/// addresses are hardly ever equal, so that breaking their ties costs nothing.
async fn orders_have_their_indexes<R: Stored>(app: &TestApp, owner: &Member) {
    for field in R::spec().standard.iter().filter(|field| field.is_sortable()) {
        for order in [field.name.to_owned(), format!("-{}", field.name)] {
            for after in [false, true] {
                let reads = plan::<R>(app, owner, &[("sort_by", &order)], after).await;
                let what = format!("{} by {order}: {reads:?}", R::spec().table);
                assert!(!reads.scanned.contains(&R::spec().table.to_owned()), "{what}");
                // No two deals have one number: there are no ties, whichever of the two indexes it is.
                let hardly_ever_equal = matches!(field.kind, Kind::Email) || field.name == "deal_number";
                assert!(!reads.sorts && (!reads.breaks_ties || hardly_ever_equal), "{what}");
            }
        }
    }
}

/// What the look-up of a draft's keys reads, of which there are six for each contact.
async fn met_by_keys(owner: &Member) -> Reads {
    let fill = "INSERT INTO dedupe_keys (org_id, entity, key, record_id) \
         SELECT $1, 'contact', k || right(last_name, 4), id FROM contacts, unnest('{pe:,pn:,pp:,pw:,pz:,ps:}'::text[]) k \
         WHERE org_id = $1";
    assert!(db::execute(fill, owner.org_id()).await > 30_000);
    let mut conn = db::owner().await;
    sqlx::query("SELECT refresh_statistics('{dedupe_keys}')").execute(&mut conn).await.unwrap();
    few_changes_leave_the_statistics(&mut conn).await;
    let mut conn = PgConnection::connect(servers().app.expose_secret()).await.unwrap();
    let mut tx = conn.begin().await.unwrap();
    let begin = sqlx::query("SELECT app_begin($1, $2)").bind(owner.org_id()).bind(owner.user_id());
    begin.execute(&mut *tx).await.unwrap();
    let prepare = format!("PREPARE met (uuid, text, text[], bigint) AS {}", under_sql());
    sqlx::raw_sql(AssertSqlSafe(prepare)).execute(&mut *tx).await.unwrap();
    let explain = format!(
        "EXPLAIN (FORMAT JSON) EXECUTE met ('{}', 'contact', '{{pe:0042,pn:4711,pw:0815}}', 100)",
        owner.org_id()
    );
    let plan: Json = sqlx::query_scalar(AssertSqlSafe(explain)).fetch_one(&mut *tx).await.unwrap();
    let text = plan.to_string();
    assert!(text.contains("Index Only Scan") && !text.contains("\"Index Scan\""), "{text}");
    Reads::of(&plan[0]["Plan"])
}

/// Statistics of a table are made anew for a fiftieth of it, and not for less. Nobody else asks for those of this one.
async fn few_changes_leave_the_statistics(conn: &mut PgConnection) {
    let made = "SELECT analyze_count FROM pg_stat_user_tables WHERE relname = 'dedupe_keys'";
    let before: i64 = sqlx::query_scalar(made).fetch_one(&mut *conn).await.unwrap();
    for (changed, more) in [(500_i64, 0), (1_000, 1)] {
        let refresh = "SELECT refresh_statistics('{dedupe_keys}', $1)";
        sqlx::query(refresh).bind(changed).execute(&mut *conn).await.unwrap();
        let now: i64 = sqlx::query_scalar(made).fetch_one(&mut *conn).await.unwrap();
        assert_eq!(now - before, more, "{changed} changed");
    }
}

/// A company with ten deals among the many.
async fn a_company(owner: &Member) -> Uuid {
    let id = owner.list("/companies", &[("search", "company 000001")]).await.expect(200).ids()[0];
    let sql = "UPDATE deals SET company_id = $2 WHERE org_id = $1 AND deal_number LIKE 'X-777_'";
    sqlx::query(sql).bind(owner.org_id()).bind(id).execute(&mut db::owner().await).await.unwrap();
    id
}

/// Pages of a long list by cursor, and totals that say whether they are exact.
async fn lists_are_exact(owner: &Member) {
    let began = Instant::now();
    let params = [("sort_by", "name"), ("limit", "200"), ("fields", "name")];
    let first = owner.list("/deals", &params).await.expect(200).json();
    let exact = |page: &Json| (page["pagination"]["total"].clone(), page["pagination"]["total_exact"].clone());
    assert_eq!(exact(&first), (json!(DEALS), json!(true)));
    let filter = json!({"field": "amount_minor", "op": "gte", "value": 1}).to_string();
    let most = owner.list("/deals", &[("filter", &filter), ("limit", "10")]).await.expect(200).json();
    let total = most["pagination"]["total"].as_i64().unwrap();
    assert_eq!(most["pagination"]["total_exact"], json!(false));
    assert!((DEALS / 2..DEALS * 2).contains(&total), "an estimate: {total}");
    let next = most["pagination"]["next_cursor"].as_str().unwrap();
    let on = owner.list("/deals", &[("filter", &filter), ("limit", "10"), ("cursor", next)]).await.expect(200).json();
    assert_eq!(exact(&on), exact(&most), "what was said on the first page holds on the next");
    let (mut next, mut names) = (first["pagination"]["next_cursor"].clone(), Vec::new());
    let add = |names: &mut Vec<String>, page: &Json| {
        names.extend(page["data"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()));
    };
    add(&mut names, &first);
    for _ in 0..5 {
        let page = owner.list("/deals", &[params[0], params[1], params[2], ("cursor", next.as_str().unwrap())]).await;
        let page = page.expect(200).json();
        add(&mut names, &page);
        next = page["pagination"]["next_cursor"].clone();
    }
    let expected: Vec<_> = (1..=1_200).map(|n| format!("Deal {n:06}")).collect();
    assert_eq!(names, expected);
    let last = owner.list("/deals", &[("sort_by", "-name"), ("limit", "1")]).await.expect(200);
    assert_eq!(last.column("name"), [format!("Deal {DEALS:06}")]);
    let mine = owner.list("/deals", &[("mine", "true"), ("limit", "1")]).await.expect(200).json();
    assert_eq!((&mine["pagination"]["total"], &mine["pagination"]["total_exact"]), (&json!(DEALS / 100), &json!(true)));
    let open = owner.list("/deals", &[("status", "open"), ("limit", "1")]).await.expect(200).json();
    assert_eq!((&open["pagination"]["total"], &open["pagination"]["total_exact"]), (&json!(ON_BOARD), &json!(true)));
    let found = owner.list("/companies", &[("search", "company 011222")]).await.expect(200);
    assert_eq!(found.column("name"), ["Company 011222"]);
    let took = began.elapsed();
    eprintln!("10 lists of {DEALS} deals in {took:?}");
    assert!(took < Duration::from_secs(10), "{took:?}");
}

/// A board with 2,000 open cards: totals of all, the first cards of each column in order.
async fn the_board_is_exact(owner: &Member) {
    let began = Instant::now();
    let board = owner.get("/deals?view=pipeline").await.expect(200).json();
    let took = began.elapsed();
    eprintln!("a board of {ON_BOARD} cards in {took:?}");
    let columns = board["columns"].as_array().unwrap();
    for (place, column) in columns.iter().take(4).enumerate() {
        assert_eq!(column["count"], json!(ON_BOARD / 4), "{place}");
        let numbers: Vec<i64> = (1..=ON_BOARD).filter(|n| n % 4 == i64::try_from(place).unwrap()).collect();
        assert_eq!(column["totals"][0]["amount_minor"], json!(numbers.iter().sum::<i64>()), "{place}");
        let cards: Vec<_> =
            column["cards"].as_array().unwrap().iter().map(|c| c["amount_minor"].as_i64().unwrap()).collect();
        assert_eq!(cards, numbers[..50], "{place}");
        assert!(column["next_cursor"].is_string());
    }
    assert!(columns[4..].iter().all(|column| column["count"] == 0));
    assert!(took < Duration::from_secs(5), "{took:?}");
}
