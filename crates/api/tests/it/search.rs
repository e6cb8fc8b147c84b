//! SEARCH area: found by name, address, number, fragment and with a typo; nothing of others, nothing archived.

use crate::bulk::{run, working};
use crate::support::{Member, TestApp, db};
use serde_json::{Value as Json, json};

async fn titles(member: &Member, q: &str) -> Vec<String> {
    let answer = member.list("/search", &[("q", q)]).await.expect(200).json();
    let groups = answer["groups"].as_array().unwrap().clone();
    let hits = groups.iter().flat_map(|group| group["hits"].as_array().unwrap().clone());
    hits.map(|hit| hit["title"].as_str().unwrap().to_owned()).collect()
}

/// SEARCH-01, SEARCH-11: beginnings, fragments, typos, addresses and numbers find the record.
#[actix_web::test]
async fn everything_is_found() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let company = json!({"name": "Globex Industries", "website": "https://www.globex-industries.example"});
    let company = owner.post("/companies", &company).await.expect(201).id();
    let contact = json!({"first_name": "Margarethe", "last_name": "Österreicher", "email": "m.oe@globex.example",
        "phone": "+1 415-555-0132", "company_id": company});
    owner.post("/contacts", &contact).await.expect(201);
    let deal = json!({"name": "Conveyor belts", "company_id": company});
    let deal = owner.post("/deals", &deal).await.expect(201).json();
    app.carry(&owner).await;
    let number = deal["deal_number"].as_str().unwrap();
    for (q, wanted) in [
        ("glob", "Globex Industries"),
        ("industries", "Globex Industries"),
        ("globex-industries.example", "Globex Industries"),
        ("glboex", "Globex Industries"),
        ("marga", "Margarethe Österreicher"),
        ("osterreicher", "Margarethe Österreicher"),
        ("garethe", "Margarethe Österreicher"),
        ("margarete", "Margarethe Österreicher"),
        ("m.oe@globex.example", "Margarethe Österreicher"),
        ("4155550132", "Margarethe Österreicher"),
        ("(415) 555-0132", "Margarethe Österreicher"),
        ("conveyor", "Conveyor belts"),
        (number, "Conveyor belts"),
    ] {
        assert!(titles(&owner, q).await.contains(&wanted.to_owned()), "{q}: {:?}", titles(&owner, q).await);
    }
    let stranger = app.owner().await;
    assert!(titles(&stranger, "globex").await.is_empty());
}

/// SEARCH-01: types, with the alias, and the limit per type; the best group comes first.
#[actix_web::test]
async fn groups_types_and_limits() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    for n in 0..7 {
        owner.post("/companies", &json!({"name": format!("Initech {n}")})).await.expect(201);
    }
    owner.post("/deals", &json!({"name": "Licences for the whole of Initech"})).await.expect(201);
    app.carry(&owner).await;
    let groups = |answer: Json| {
        let groups = answer["groups"].as_array().unwrap().clone();
        groups
            .iter()
            .map(|g| (g["entity_type"].as_str().unwrap().to_owned(), g["hits"].as_array().unwrap().len()))
            .collect::<Vec<_>>()
    };
    let search = async |params: &[(&str, &str)]| owner.list("/search", params).await.expect(200).json();
    assert_eq!(groups(search(&[("q", "initech")]).await), [("company".to_owned(), 5), ("deal".to_owned(), 1)]);
    assert_eq!(
        groups(search(&[("q", "initech"), ("types", "customer"), ("limit", "2")]).await),
        [("company".to_owned(), 2)]
    );
    assert_eq!(groups(search(&[("q", "initech"), ("types", "contact")]).await), []);
    assert_eq!(groups(search(&[("q", " %_ ")]).await), []);
    for (params, field) in [
        (vec![("q", "x"), ("types", "planet")], "types"),
        (vec![("q", "x"), ("limit", "0")], "limit"),
        (vec![("q", "x"), ("limit", "51")], "limit"),
    ] {
        assert_eq!(owner.list("/search", &params).await.expect(422).fields()[0].0, field);
    }
    owner.get(&format!("/search?q={}", "x".repeat(201))).await.expect(422).problem();
    owner.get("/search?q=a%00b").await.expect(422).problem();
    owner.get("/search").await.expect(422).problem();
    Member::nobody(&app.url).get("/search?q=x").await.expect(401).problem();
}

/// SEARCH-11: documents follow the records: changes, the company's new name, the archive and back.
#[actix_web::test]
async fn documents_follow_the_records() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let company = owner.post("/companies", &json!({"name": "Umbrella"})).await.expect(201).id();
    let contact =
        owner.post("/contacts", &json!({"first_name": "Alice", "company_id": company})).await.expect(201).id();
    owner.put(&format!("/contacts/{contact}"), &json!({"first_name": "Alicia"})).await.expect(200);
    owner.put(&format!("/companies/{company}"), &json!({"name": "Parasol"})).await.expect(200);
    app.carry(&owner).await;
    let mut found = titles(&owner, "parasol").await;
    found.sort();
    assert_eq!(found, ["Alicia", "Parasol"]);
    owner.delete(&format!("/companies/{company}")).await.expect(204);
    app.carry(&owner).await;
    assert!(titles(&owner, "parasol").await.is_empty());
    assert_eq!(titles(&owner, "alicia").await, ["Alicia"]);
    owner.post(&format!("/companies/{company}/restore"), &json!({})).await.expect(200);
    app.carry(&owner).await;
    assert_eq!(titles(&owner, "parasol").await.len(), 2);
}

/// SEARCH-11, SEARCH-08: what is inside of words, parts of addresses, of numbers and of codes, several words of which
/// one is misspelt; in the palette and in the list's own search.
#[actix_web::test]
async fn parts_of_words() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    for (first, last, email, phone) in [
        ("Siobhán", "O'Brien-Smith", "siobhan.obrien@harbour-freight.example", "+49 30 901820"),
        ("Рената", "Литвинова", "r.l@kino.example", "+44 20 7946 0958"),
        ("Ann", "Underwood DN150-b", "a@valves.example", "+1 212 555 0199"),
    ] {
        let contact = json!({"first_name": first, "last_name": last, "email": email, "phone": phone});
        owner.post("/contacts", &contact).await.expect(201);
    }
    app.carry(&owner).await;
    for (q, wanted) in [
        ("smith", "Siobhán O'Brien-Smith"),
        ("brien-sm", "Siobhán O'Brien-Smith"),
        ("harbour-freight.example", "Siobhán O'Brien-Smith"),
        ("freight", "Siobhán O'Brien-Smith"),
        ("901820", "Siobhán O'Brien-Smith"),
        ("030 901820", "Siobhán O'Brien-Smith"),
        ("литвин", "Рената Литвинова"),
        ("твинов", "Рената Литвинова"),
        ("79460958", "Рената Литвинова"),
        ("020 7946", "Рената Литвинова"),
        ("underwood ann", "Ann Underwood DN150-b"),
        ("derwo", "Ann Underwood DN150-b"),
        ("undrewood", "Ann Underwood DN150-b"),
        ("ann undervood", "Ann Underwood DN150-b"),
        ("150", "Ann Underwood DN150-b"),
        ("5550199", "Ann Underwood DN150-b"),
    ] {
        assert_eq!(titles(&owner, q).await, [wanted], "{q}");
        let list = owner.list("/contacts", &[("search", q)]).await.expect(200).json();
        assert_eq!((list["data"].as_array().unwrap().len(), &list["data"][0]["name"]), (1, &json!(wanted)), "{q}");
    }
    for q in ["%", "'", "\\", ":*", "& |", "!", "<->", "o'", "''", "a'b\\c:*d", "#4155", "(", "x & !y"] {
        owner.list("/search", &[("q", q)]).await.expect(200);
        owner.list("/contacts", &[("search", q)]).await.expect(200);
    }
}

/// SEARCH-11, TIMELINE-07: what belongs to a company that is deleted for good is told that it lost it, changes its
/// version, and is not found by the company any more: neither by its name nor by the one before.
#[actix_web::test]
async fn nothing_keeps_the_name_of_a_deleted_company() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let company = owner.post("/companies", &json!({"name": "Umbrella"})).await.expect(201).id();
    let contact = json!({"first_name": "Alice", "company_id": company, "is_primary": true});
    let contact = format!("/contacts/{}", owner.post("/contacts", &contact).await.expect(201).id());
    let deal = json!({"name": "Antidote", "company_id": company});
    let deal = format!("/deals/{}", owner.post("/deals", &deal).await.expect(201).id());
    app.carry(&owner).await;
    assert_eq!(titles(&owner, "umbrella").await.len(), 3);
    owner.put(&format!("/companies/{company}"), &json!({"name": "Parasol"})).await.expect(200);
    owner.delete(&format!("/companies/{company}?permanent=true")).await.expect(204);
    app.carry(&owner).await;
    for name in ["umbrella", "parasol"] {
        assert!(titles(&owner, name).await.is_empty(), "{name}");
    }
    assert_eq!(titles(&owner, "alice").await, ["Alice"]);
    assert_eq!(titles(&owner, "antidote").await, ["Antidote"]);
    for (path, what) in [(contact, "contact"), (deal, "deal")] {
        let record = owner.get(&path).await.expect(200).json();
        assert_eq!((&record["company_id"], &record["version"]), (&Json::Null, &json!(2)), "{what}");
        assert_ne!(record["is_primary"], json!(true), "{what}");
        let told = owner.get(&format!("{path}/timeline")).await.expect(200).column("description");
        assert_eq!(told[0], json!(format!("unlinked the company Parasol from the {what}")));
    }
}

/// SEARCH-08, SEARCH-11: a list of the archive is searched like any other; what is in the archive is found there and
/// nowhere else, as long as it is there, by what it is called by now; with both, what is live is found beside it.
#[actix_web::test]
async fn the_archive_is_searched() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let company = |name: &str| json!({"name": name, "website": "https://acme.example"});
    let gone = owner.post("/companies", &company("Acme Gone")).await.expect(201).id();
    let here = owner.post("/companies", &company("Acme Here")).await.expect(201).id();
    let deal = owner.post("/deals", &json!({"name": "Anvils", "company_id": here})).await.expect(201).id();
    let product = owner.post("/products", &json!({"name": "Rocket", "code": "RX-20"})).await.expect(201).id();
    let contact =
        owner.post("/contacts", &json!({"first_name": "Wile", "email": "wile@x.example"})).await.expect(201).id();
    for path in [
        format!("companies/{gone}"),
        format!("deals/{deal}"),
        format!("products/{product}"),
        format!("contacts/{contact}"),
    ] {
        owner.delete(&format!("/{path}")).await.expect(204);
    }
    owner.put(&format!("/companies/{here}"), &json!({"name": "Acme There"})).await.expect(200);
    app.carry(&owner).await;
    let found = async |list: &str, archived: &str, words: &str| {
        let params = [("search", words), ("archived", archived), ("sort_by", "name")];
        let page = owner.list(list, &params).await.expect(200);
        let names = page.column("name");
        assert_eq!(page.json()["pagination"]["total"], json!(names.len()), "{list} {archived} {words}");
        names.iter().map(|name| name.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for (list, archived, words, expected) in [
        ("/companies", "only", "acme", vec!["Acme Gone"]),
        ("/companies", "only", "amce gone", vec!["Acme Gone"]),
        ("/companies", "only", "there", vec![]),
        ("/companies", "include", "acme", vec!["Acme Gone", "Acme There"]),
        ("/companies", "include", "acme.example", vec!["Acme Gone", "Acme There"]),
        ("/companies", "false", "acme", vec!["Acme There"]),
        ("/companies", "false", "gone", vec![]),
        ("/deals", "only", "anvils", vec!["Anvils"]),
        ("/deals", "only", "acme there", vec!["Anvils"]),
        ("/deals", "false", "anvils", vec![]),
        ("/products", "only", "rx-20", vec!["Rocket"]),
        ("/contacts", "only", "wile@x", vec!["Wile"]),
    ] {
        assert_eq!(found(list, archived, words).await, expected, "{list} {archived} {words}");
    }
    assert_eq!(titles(&owner, "acme").await, ["Acme There"]);
    assert!(titles(&owner, "rocket").await.is_empty());

    // SEARCH-08, BULK-01: what a search of the archive finds is what bulk work restores.
    working(&app, async {
        let job =
            run(&owner, "companies", json!({"action": "restore", "query": {"archived": true, "search": "acme"}})).await;
        assert_eq!((&job["total"], &job["changed"]), (&json!(1), &json!(1)), "{job}");
    })
    .await;
    app.carry(&owner).await;
    assert!(found("/companies", "only", "acme").await.is_empty());
    assert_eq!(found("/companies", "include", "acme").await, ["Acme Gone", "Acme There"]);
    assert_eq!(found("/companies", "false", "acme").await, ["Acme Gone", "Acme There"]);
    owner.delete(&format!("/products/{product}?permanent=true")).await.expect(204);
    app.carry(&owner).await;
    let documents = "SELECT count(*) FROM search_documents WHERE org_id = $1 AND entity_type";
    for (kind, count) in [("LIKE 'company%'", 2), ("LIKE 'product%'", 0), ("LIKE '%_archived'", 2)] {
        let sql = sqlx::AssertSqlSafe(format!("{documents} {kind}"));
        let counted: i64 =
            sqlx::query_scalar(sql).bind(owner.org_id()).fetch_one(&mut db::owner().await).await.unwrap();
        assert_eq!(counted, count, "{kind}");
    }
}

/// SEARCH-11: a batch that is large enough to be written into the index at its end is found as a whole, at once.
#[actix_web::test]
async fn large_batches_are_found() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    for n in 0..60 {
        owner.post("/companies", &json!({"name": format!("Tyrell {n}")})).await.expect(201);
    }
    app.carry(&owner).await;
    let failed = "SELECT count(*) FROM domain_events WHERE org_id = $1 AND attempts > 0";
    assert_eq!(db::count(failed, owner.org_id()).await, 0);
    let list = owner.list("/companies", &[("search", "tyrell")]).await.expect(200).json();
    assert_eq!(list["pagination"]["total"], 60);
    assert_eq!(titles(&owner, "tyrell 42").await, ["Tyrell 42"]);
}
