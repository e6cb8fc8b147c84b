//! Files of all kinds, bad rows, and the error file.

use super::{counts, finish, import, import_text, total};
use crate::support::TestApp;
use futures_util::future::join_all;
use serde_json::json;

/// IMPORT-04, IMPORT-08, IMPORT-10: bad rows stop nothing; the error file is the original row with column and reason,
/// safe to open, and can be corrected and imported again.
#[actix_web::test]
async fn bad_rows_and_the_error_file() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let csv = "first_name,email,birthday,notes\n\
        Ada,ada@example.com,12/10/1815,fine\n\
        Bob,nonsense,,=HYPERLINK(\"http://evil\")\n\
        ,nobody@example.com,,\n\
        Eve,eve@example.com,31/31/2000,a\n\
        Ragged,ragged@example.com\n\
        Max,max@example.com,,\n";
    let job = import_text(&app, &owner, "contacts", csv, json!({"phone_region": "US"})).await;
    assert_eq!(counts(&job), [2, 0, 0, 4], "{job}");
    assert_eq!(job["status"], "completed");
    let answer = owner.get(&format!("/import/{}/errors", job["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
    assert!(answer.headers["content-disposition"].to_str().unwrap().contains("errors-file.csv"));
    let text = answer.text.trim_start_matches('\u{feff}');
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers: Vec<_> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(headers, ["first_name", "email", "birthday", "notes", "Import row", "Import column", "Import reason"]);
    let rows: Vec<Vec<String>> = reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
    assert_eq!(rows.len(), 4);
    assert_eq!(rows[0][3], "'=HYPERLINK(\"http://evil\")");
    assert_eq!((rows[0][4].as_str(), rows[0][5].as_str()), ("2", "email"));
    assert_eq!(rows[0][6], "Email must be an email address such as ada@example.com.");
    assert_eq!(rows[1][6], "First name is required.");
    assert_eq!(rows[2][5], "birthday");
    assert!(rows[3][6].contains("2 columns"), "{:?}", rows[3]);

    let corrected = text.replace("nonsense", "bob@example.com");
    let job = import_text(&app, &owner, "contacts", &corrected, json!({})).await;
    // Without a birthday that can be read, nobody guesses that the column holds birthdays.
    assert_eq!(counts(&job), [3, 0, 0, 1], "{job}");
    let bob = owner.list("/contacts", &[("email", "bob@example.com")]).await.expect(200).json();
    assert_eq!(bob["data"][0]["notes"], "=HYPERLINK(\"http://evil\")");
}

/// IMPORT-07: whoever is second at a batch leaves it, and the import, to who was first.
#[actix_web::test]
async fn two_at_the_same_import() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let row = |n| if n % 500 == 7 { format!("P{n},nonsense\n") } else { format!("P{n},p{n}@example.com\n") };
    let rows = (0..2_500).map(row).collect::<String>();
    let preview = owner.upload("contacts", "file.csv", format!("first_name,email\n{rows}")).await.expect(200).json();
    let body = json!({"file_id": preview["file_id"], "plan": preview["plan"]});
    let id = owner.post("/import", &body).await.expect(202).id();
    let jobs = join_all([(); 2].map(|()| finish(&app, &owner, id))).await;
    for job in jobs {
        assert_eq!((&job["status"], counts(&job)), (&json!("completed"), [2_495, 0, 0, 5]), "{job}");
    }
    assert_eq!(total(&owner, "/contacts").await, 2_495);
}

/// IMPORT-04: byte order mark, Windows-1252, every delimiter, quotes and line ends.
#[actix_web::test]
async fn spellings_of_files() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let files: [(&[u8], &str); 5] = [
        ("\u{feff}name;industry\r\nZoë 1;\"Retail; \"\"best\"\"\"\r\n".as_bytes(), "Retail; \"best\""),
        (b"name\tindustry\nZo\xEB 2\tRetail\n", "Retail"),
        ("name|industry\rZoë 3|Retail\r".as_bytes(), "Retail"),
        ("name,industry\n\"Zoë\n4\",Retail".as_bytes(), "Retail"),
        ("industry,name,\nRetail,Zoë 5,\n".as_bytes(), "Retail"),
    ];
    for (at, (bytes, industry)) in files.iter().enumerate() {
        let preview = owner.upload("companies", "zoë.csv", *bytes).await.expect(200).json();
        let name = format!("Zoë {}", at + 1);
        assert_eq!(preview["rows"][0]["values"]["name"], name.as_str());
        assert_eq!(preview["rows"][0]["values"]["industry"], *industry);
        let job = import(&app, &owner, &preview).await;
        assert_eq!(counts(&job), [1, 0, 0, 0], "{job}");
    }
    assert_eq!(total(&owner, "/companies").await, 5);
}

/// IMPORT-04: what is no table is refused in words, and leaves nothing behind.
#[actix_web::test]
async fn refused_files() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let many = vec!["x"; 501].join(",");
    for bytes in [&b""[..], b"PK\x03\x04", b"\xFF\xFEa", b"a\0b\n1\n", b"name\n", b" \n\n", many.as_bytes()] {
        let refused = owner.upload("companies", "x.csv", bytes).await.expect(422);
        assert_eq!(refused.fields()[0].0, "/file", "{}", refused.text);
    }
    let refused = owner.upload("planets", "x.csv", "name\nA\n").await.expect(422);
    assert_eq!(refused.fields(), [("/entity".to_owned(), "choice".to_owned())]);
    owner.post("/import/preview", &json!({"file_id": owner.org_id()})).await.expect(404);
    owner.post("/import/preview", &json!({})).await.expect(422);
    assert_eq!(total(&owner, "/import").await, 0);
}

/// IMPORT-03: another plan, another preview; a plan that does not fit is explained at its places.
#[actix_web::test]
async fn plans_are_checked() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let csv = "who,when,how much\nAcme,03/04/2026,\"1.234,50\"\n";
    let first = owner.upload("deals", "d.csv", csv).await.expect(200).json();
    assert_eq!(first["not_imported"], json!(["who", "when", "how much"]));
    assert_eq!(first["problems"][0]["path"], "/mapping");
    let mut plan = first["plan"].clone();
    plan["mapping"] = json!([
        {"field": "name", "template": "Deal with {who}"},
        {"field": "company_id", "columns": ["who"]},
        {"field": "expected_close_date", "columns": ["when"]},
        {"field": "amount_minor", "columns": ["how much"]},
    ]);
    plan["options"]["date_order"] = json!("dmy");
    plan["options"]["decimal"] = json!("comma");
    plan["options"]["currency"] = json!("EUR");
    let body = json!({"file_id": first["file_id"], "plan": plan});
    let preview = owner.post("/import/preview", &body).await.expect(200).json();
    let values = &preview["rows"][0]["values"];
    assert_eq!((&values["name"], &values["company_id"]), (&json!("Deal with Acme"), &json!("Acme")));
    assert_eq!((&values["expected_close_date"], &values["amount_minor"]), (&json!("2026-04-03"), &json!(123_450)));
    assert_eq!(preview["not_imported"], json!([]));

    let mut wrong = body.clone();
    wrong["plan"]["mapping"][0]["template"] = json!("{nobody}");
    let refused = owner.post("/import", &wrong).await.expect(422);
    assert_eq!(refused.fields(), [("/plan/mapping/0".to_owned(), "mapping".to_owned())]);
    let mut wrong = body.clone();
    wrong["plan"]["entity"] = json!("companies");
    owner.post("/import", &wrong).await.expect(422);
    let mut nameless = body.clone();
    nameless["plan"]["mapping"].as_array_mut().unwrap().remove(0);
    assert_eq!(owner.post("/import", &nameless).await.expect(422).fields()[0].0, "/plan/mapping");
    let started = owner.post("/import", &body).await.expect(202);
    owner.post("/import", &body).await.expect(409);
    owner.post("/import/preview", &body).await.expect(409);
    let job = finish(&app, &owner, started.id()).await;
    assert_eq!(counts(&job), [1, 0, 0, 0], "{job}");
}
