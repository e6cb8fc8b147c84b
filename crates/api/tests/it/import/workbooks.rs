//! Excel workbooks, and files that would take more than an import may have.

use super::{counts, import, total};
use crate::support::{Member, TestApp};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::{Value as Json, json};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fn book(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(&mut book);
    book.save_to_buffer().unwrap()
}

/// IMPORT-01, IMPORT-02: numbers, days and texts of a workbook become what they are; hidden and empty sheets are passed
/// over, as is what stands above the header.
#[actix_web::test]
async fn a_workbook() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let bytes = book(|book| {
        book.add_worksheet().set_name("Old").unwrap().set_hidden(true).write_string(0, 0, "secret").unwrap();
        book.add_worksheet().set_name("Empty").unwrap();
        let day = Format::new().set_num_format("dd.mm.yyyy");
        let sheet = book.add_worksheet().set_name("Deals").unwrap().set_active(true);
        for (column, header) in (0..).zip(["Name", "Amount", "Close date", "Won"]) {
            sheet.write_string(2, column, header).unwrap();
        }
        for (row, (name, amount)) in (3..).zip([("Crane, large", 1_250.5), ("Shelves", 0.1 + 0.2)]) {
            sheet.write_string(row, 0, name).unwrap();
            sheet.write_number(row, 1, amount).unwrap();
            let date = ExcelDateTime::from_ymd(2027, 3, 1).unwrap();
            sheet.write_datetime_with_format(row, 2, &date, &day).unwrap();
            sheet.write_boolean(row, 3, true).unwrap();
        }
    });
    let preview = owner.upload("deals", "deals.xlsx", bytes).await.expect(200).json();
    assert_eq!(preview["counts"]["rows"], json!(2), "{preview}");
    assert_eq!(preview["file_name"], "deals.xlsx");
    let job = import(&app, &owner, &preview).await;
    assert_eq!(counts(&job), [2, 0, 0, 0], "{job}");
    let deals = owner.list("/deals", &[("sort_by", "-amount_minor")]).await.expect(200).json();
    let of = |at: usize, name: &str| deals["data"][at][name].clone();
    assert_eq!((of(0, "name"), of(0, "amount_minor")), (json!("Crane, large"), json!(125_050)));
    assert_eq!((of(1, "name"), of(1, "amount_minor")), (json!("Shelves"), json!(30)));
    assert_eq!(of(0, "expected_close_date"), json!("2027-03-01"));
}

/// IMPORT-08: the error file of a workbook is CSV, and is called so.
#[actix_web::test]
async fn errors_of_a_workbook() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let bytes = book(|book| {
        let sheet = book.add_worksheet();
        let rows = [["first_name", "email"], ["Ada", "ada@example.com"], ["Bo", "bo@example.com"], ["Cy", "nonsense"]];
        for (row, cells) in (0..).zip(rows) {
            for (column, text) in (0..).zip(cells) {
                sheet.write_string(row, column, text).unwrap();
            }
        }
    });
    let preview = owner.upload("contacts", "people.2026.xlsx", bytes).await.expect(200).json();
    let job = import(&app, &owner, &preview).await;
    assert_eq!(counts(&job), [2, 0, 0, 1], "{job}");
    let answer = owner.get(&format!("/import/{}/errors", job["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(answer.headers["content-disposition"], "attachment; filename=\"errors-people.2026.csv\"");
}

/// A workbook whose one sheet is this XML.
fn with_sheet(write: impl FnOnce(&mut dyn Write)) -> Vec<u8> {
    let plain = book(|book| {
        book.add_worksheet().write_string(0, 0, "name").unwrap();
    });
    let mut old = zip::ZipArchive::new(Cursor::new(plain)).unwrap();
    let mut new = ZipWriter::new(Cursor::new(Vec::new()));
    let names: Vec<String> = old.file_names().map(|name| name.unwrap().into_owned()).collect();
    let names = names.into_iter().filter(|name| name != "xl/worksheets/sheet1.xml");
    for name in names {
        new.raw_copy_file(old.by_name(&name).unwrap()).unwrap();
    }
    let options =
        SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).compression_level(Some(1));
    new.start_file("xl/worksheets/sheet1.xml", options.large_file(true)).unwrap();
    new.write_all(b"<worksheet><sheetData>").unwrap();
    write(&mut new);
    new.write_all(b"</sheetData></worksheet>").unwrap();
    new.finish().unwrap().into_inner()
}

async fn refused(owner: &Member, name: &str, bytes: Vec<u8>) -> String {
    let refused = owner.upload("companies", name, bytes).await.expect(422);
    assert_eq!(refused.fields()[0].0, "/file", "{}", refused.text);
    refused.json()["detail"].as_str().unwrap().to_owned()
}

/// IMPORT-01, IMPORT-04: what would take more memory or room than an import may have, and what is no workbook, is refused
/// in words and leaves nothing behind.
#[actix_web::test]
async fn hostile_files() {
    // A cell of 300 MB in a file of less than 4 MB.
    let bomb = with_sheet(|to| {
        to.write_all(b"<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>").unwrap();
        let block = vec![b'a'; 1_000_000];
        for _ in 0..300 {
            to.write_all(&block).unwrap();
        }
        to.write_all(b"</t></is></c></row>").unwrap();
    });
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    assert!(bomb.len() < 4_000_000, "{}", bomb.len());
    assert!(refused(&owner, "bomb.xlsx", bomb).await.contains("more memory or time"));
    let wide = with_sheet(|to| {
        to.write_all(b"<row r=\"1\"><c r=\"ZZZ1\" t=\"inlineStr\"><is><t>far</t></is></c></row>").unwrap();
    });
    assert_eq!(refused(&owner, "wide.xlsx", wide).await, "The sheet has more than 500 columns.");
    for (name, bytes) in
        [("cut.xlsx", with_sheet(|_| {}).split_at(600).0.to_vec()), ("no.xlsx", b"PK\x03\x04no".to_vec())]
    {
        assert!(refused(&owner, name, bytes).await.starts_with("The workbook cannot be read."));
    }
    let empty = book(|book| {
        book.add_worksheet();
    });
    assert!(refused(&owner, "empty.xlsx", empty).await.contains("no visible sheet"));
    // A quotation mark that is never closed makes the rest of the file one row.
    let open = format!("name,industry\nAcme,\"Retail\n{}", "Beta,Retail\n".repeat(500_000));
    assert!(refused(&owner, "open.csv", open.into_bytes()).await.contains("quotation mark"));
    let columns = vec!["c"; 10_000].join(",") + "\n";
    assert!(refused(&owner, "columns.csv", columns.into_bytes()).await.contains("500 columns"));
    assert_eq!(total(&owner, "/import").await, 0);
    let left =
        std::fs::read_dir(app.state.config.data_dir.join("files/org").join(owner.org_id().to_string()).join("imports"));
    assert_eq!(left.map_or(0, Iterator::count), 0, "no file is left");
}

/// IMPORT-04: headers that come twice are told apart; UTF-16 is read.
#[actix_web::test]
async fn headers_twice_in_utf16() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let text = "Name;Notes;Notes\r\nZoë 😀;one;two\r\n";
    let bytes: Vec<u8> = std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let preview = owner.upload("companies", "u.csv", bytes).await.expect(200).json();
    let names: Vec<Json> = preview["columns"].as_array().unwrap().iter().map(|column| column["name"].clone()).collect();
    assert_eq!(names, ["Name", "Notes", "Notes (2)"]);
    assert_eq!(preview["rows"][0]["values"]["name"], "Zoë 😀");
}

/// IMPORT-04: a file that says it is too large is refused before it is sent.
#[actix_web::test]
async fn too_large() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let request = owner.client.post(format!("{}/api/v1/import/preview", owner.url));
    let request =
        request.header("content-type", "multipart/form-data; boundary=x").header("content-length", "600000000");
    // The body never comes.
    let never = futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>();
    let answer = request.body(reqwest::Body::wrap_stream(never)).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 413);
}
