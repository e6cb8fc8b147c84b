//! Exports of lists as PDF.

use crate::bulk::working;
use crate::exports::{ended, export};
use crate::support::pdf::Pdf;
use crate::support::{Member, TestApp, db};
use object_store::ObjectStoreExt;
use object_store::path::Path;
use serde_json::{Value as Json, json};

async fn pdf(app: &TestApp, member: &Member, entity: &str, mut body: Json) -> Pdf {
    body["format"] = json!("pdf");
    let (job, bytes) = export(app, member, entity, body).await;
    assert!(job["file_name"].as_str().unwrap().ends_with(".pdf"), "{job}");
    assert!(bytes.starts_with(b"%PDF-1."), "{:?}", &bytes[..20]);
    Pdf::read(bytes)
}

async fn companies(member: &Member, count: i32) {
    let sql = "INSERT INTO companies (org_id, id, name) SELECT $1, gen_random_uuid(), 'Company ' || to_char(n, 'FM0000') \
         FROM generate_series(1, $2::int) n";
    sqlx::query(sql).bind(member.org_id()).bind(count).execute(&mut db::owner().await).await.unwrap();
}

/// EXPORT-01, EXPORT-02, EXPORT-03: what the list shows, in its order and with the chosen columns, under words that say
/// what it is; figures as people write them; a tagged document with title, language and subsets of its fonts.
#[actix_web::test]
async fn as_it_is_read() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let company = owner.post("/companies", &json!({"name": "=cmd()"})).await.expect(201).id();
    for (name, amount, currency) in [("Crane", 125_050, "USD"), ("Yen", 1_250_000, "JPY"), ("Small", 100, "USD")] {
        let deal = json!({"name": name, "amount_minor": amount, "currency": currency, "company_id": company,
            "tags": ["b", "a"], "expected_close_date": "2027-03-01", "stage": "Proposal"});
        owner.post("/deals", &deal).await.expect(201);
    }
    let filter = json!({"and": [{"field": "amount_minor", "op": "gte", "value": 1_000},
        {"field": "company_id", "op": "in", "value": [company]}]});
    let query = json!({"filter": filter, "sort_by": "amount_minor", "search": "", "mine": true});
    let columns =
        ["name", "company_id", "amount_minor", "stage_id", "tags", "expected_close_date", "owner_id", "notes"];
    let read =
        pdf(&app, &owner, "deals", json!({"columns": columns, "query": query, "title": "Cranes and others"})).await;
    let (me, organization) = (&owner.me["user"]["name"], owner.me["organization"]["name"].as_str().unwrap());
    let me = me.as_str().unwrap();
    assert_eq!(read.columns, ["Name", "Company", "Amount", "Stage", "Tags", "Expected close", "Owner", "Notes"]);
    let row = |name, amount| [name, "=cmd()", amount, "Proposal", "a, b", "1 Mar 2027", me, ""];
    assert_eq!(read.rows, [row("Crane", "1,250.50 USD"), row("Yen", "1,250,000 JPY")]);
    assert_eq!(read.headings, ["Cranes and others"]);
    assert!(read.paragraphs[0].starts_with(&format!("{organization} · 2 deals · ")), "{:?}", read.paragraphs);
    assert!(read.paragraphs[0].ends_with(" (UTC)"), "{:?}", read.paragraphs);
    let about = format!("Only those of {me} · Amount is at least 10.00 USD and Company is =cmd() · Sorted by Amount");
    assert_eq!(read.paragraphs[1..], [about]);
    assert_eq!((read.title, read.language.as_str()), (format!("Cranes and others – {organization}"), "en"));
    assert!(read.others[0].iter().any(|text| text.ends_with("Page 1 of 1")), "{:?}", read.others);
    assert!(read.fonts.iter().all(|font| font.split_once('+').is_some_and(|(_, name)| name.starts_with("Inter"))));
}

/// EXPORT-03: letters of many languages, put together in every way; what the typeface does not have stands as a box, and
/// is read as what it is.
#[actix_web::test]
async fn languages() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let names = [
        "Łódź Žižkov Ærøskøbing Đặng Thị Hồng",
        "Cafe\u{301} Nai\u{308}ve a\u{310}\u{323}",
        "Ελληνική Ναυτιλία, ᾧδε",
        "Общество «Ромашка», Ђорђе Њ",
        "株式会社サンプル",
        "שלום בע״מ and more",
        "شركة المثال للتجارة",
        "👩‍👩‍👧 family 🇪🇺",
        "zero\u{200b}width \u{202e}and backwards",
        "fi ffl -> 1/2 10x20",
    ];
    for name in names {
        owner.post("/companies", &json!({"name": name})).await.expect(201);
    }
    let stored = owner.get("/companies?sort_by=name").await.expect(200).json();
    let stored: Vec<&str> = stored["data"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    let read = pdf(&app, &owner, "companies", json!({"columns": ["name"], "query": {"sort_by": "name"}})).await;
    assert_eq!(read.rows.len(), names.len());
    for (row, name) in read.rows.iter().zip(stored) {
        // Programs for the blind turn the words of other directions themselves.
        let letters = |text: &str| {
            let mut letters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
            letters.sort_unstable();
            letters
        };
        assert_eq!(letters(&row[0]), letters(name));
    }
    assert!(read.paragraphs.last().unwrap().starts_with('□'), "{:?}", read.paragraphs);
}

/// EXPORT-03: long texts end after three lines, and the document says so; long words are broken.
#[actix_web::test]
async fn long_texts() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let notes = "Wants an offer for three lenses\nand the mount. ".repeat(400);
    owner.post("/companies", &json!({"name": "x".repeat(255), "notes": notes})).await.expect(201);
    let read = pdf(&app, &owner, "companies", json!({"columns": ["name", "notes"], "query": {}})).await;
    let [name, notes] = read.rows[0].as_slice() else { panic!("{:?}", read.rows) };
    assert!(name.lines().count() == 3 && name.starts_with("xxx") && name.ends_with('…'), "{name}");
    assert!(notes.lines().count() == 3 && notes.starts_with("Wants an offer for") && notes.ends_with('…'), "{notes}");
    assert!(read.paragraphs.last().unwrap().contains("CSV or Excel"), "{:?}", read.paragraphs);
}

/// EXPORT-02, EXPORT-03: where nobody chose the columns, the empty ones are left out and named; columns that do not fit
/// beside each other go on on further pages with the first one again.
#[actix_web::test]
async fn many_columns_and_pages() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    companies(&owner, 60).await;
    let read = pdf(&app, &owner, "companies", json!({"query": {"sort_by": "name"}})).await;
    assert_eq!((read.columns[0].as_str(), read.rows.len()), ("Name", 60));
    assert!(!read.columns.contains(&"Industry".to_owned()) && !read.columns.contains(&"ID".to_owned()));
    let last = read.paragraphs.last().unwrap();
    assert!(last.contains("Industry") && last.contains("Billing address: city"), "{last}");
    assert!(read.pages > 1, "{}", read.pages);
    for (at, texts) in read.others.iter().enumerate() {
        let foot = texts.last().unwrap();
        assert!(foot.ends_with(&format!("Page {} of {}", at + 1, read.pages)), "{foot}");
        assert_eq!(at > 0, texts.contains(&"Name".to_owned()), "the header comes again on page {}: {texts:?}", at + 1);
    }

    let all = domain::export::columns(domain::catalog::RecordType::Company.standard());
    let keys: Vec<&str> = all.iter().map(|column| column.key.as_str()).collect();
    let read = pdf(&app, &owner, "companies", json!({"columns": keys, "query": {"sort_by": "name"}})).await;
    assert_eq!(read.columns.len(), keys.len(), "those that somebody chose are there, empty or not");
    assert_eq!(read.columns.last().unwrap(), "ID");
    let names: Vec<&str> = read.rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!((names[0], names[59], names.len()), ("Company 0001", "Company 0060", 60));
    assert!(read.rows.iter().all(|row| row.len() == keys.len()), "{:?}", read.rows[0]);
    assert!(read.paragraphs.iter().any(|text| text.contains("pages side by side")), "{:?}", read.paragraphs);
    let foot = |page: usize| read.others[page].join(" ");
    assert!(foot(0).contains("Columns 1–") && foot(1).contains("Company 0001"), "{} {}", foot(0), foot(1));
}

/// EXPORT-03: of nothing there is a document too, which says so.
#[actix_web::test]
async fn nothing() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    for columns in [json!([]), json!(["first_name", "email"])] {
        let read = pdf(&app, &owner, "contacts", json!({"columns": columns, "query": {}})).await;
        assert_eq!((read.pages, read.rows.len(), read.columns.len()), (1, 0, 0));
        assert_eq!(read.paragraphs.last().unwrap(), "There are no contacts here.");
    }
}

/// EXPORT-03: what is too long for a PDF is refused in words, at once where it is known, else by the job, and leaves
/// nothing behind.
#[actix_web::test]
async fn too_long() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let ids: Vec<uuid::Uuid> = (0..2_001).map(uuid::Uuid::from_u128).collect();
    let refused = owner.post("/exports/companies", &json!({"format": "pdf", "ids": ids})).await.expect(422);
    assert_eq!(refused.fields(), [("/format".to_owned(), "too_many".to_owned())]);
    let body = json!({"format": "pdf", "query": {}, "columns": ["name"]});
    let id = owner.post("/exports/companies", &body).await.expect(202).id();

    companies(&owner, 2_001).await;
    let refused = owner.post("/exports/companies", &body).await.expect(422);
    assert_eq!(refused.fields(), [("/format".to_owned(), "too_many".to_owned())]);
    let sentence = "A PDF has room for 2,000 records, and these are 2,001.";
    assert!(refused.json()["detail"].as_str().unwrap().starts_with(sentence), "{}", refused.json());
    let few = json!({"field": "name", "op": "starts_with", "value": "Company 00"});
    let body = json!({"format": "pdf", "query": {"filter": few}});
    owner.post("/exports/companies", &body).await.expect(202);
    owner.post("/exports/companies", &json!({"format": "xlsx", "query": {}})).await.expect(202);

    let mut job = Json::Null;
    working(&app, async { job = ended(&owner, id).await }).await;
    assert_eq!((&job["status"], &job["can_download"]), (&json!("failed"), &json!(false)));
    assert!(job["failure"].as_str().unwrap().starts_with(sentence), "{job}");
    owner.get(&format!("/exports/files/{id}/content")).await.expect(409);
    let key = "SELECT file_key FROM exports WHERE org_id = $1 AND id = $2";
    let key: String =
        sqlx::query_scalar(key).bind(owner.org_id()).bind(id).fetch_one(&mut db::owner().await).await.unwrap();
    assert!(matches!(app.state.files.head(&Path::from(key)).await, Err(object_store::Error::NotFound { .. })));
}
