//! REALTIME area: what changes in an organization is told to its members, live, on every node, and to nobody else.

use crate::support::{Member, PASSWORD, TestApp, db};
use api::realtime::channel::Missed;
use domain::live::LiveMessage;
use futures_util::StreamExt;
use serde_json::json;
use sqlx::Connection;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use uuid::Uuid;

/// A browser's live connection.
struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// The cookie of a new session of this person, and a client that has it.
async fn session(url: &str, email: &str) -> (String, Member) {
    let member = Member::nobody(url);
    let answer = member.post("/auth/login", &json!({"email": email, "password": PASSWORD})).await.expect(200);
    let cookie = answer.headers.get("set-cookie").unwrap().to_str().unwrap();
    (cookie.split(';').next().unwrap().to_owned(), member)
}

async fn handshake(url: &str, cookie: Option<&str>, since: &str, origin: Option<&str>) -> Result<Socket, u16> {
    let address = format!("{}/api/v1/ws{since}", url.replacen("http", "ws", 1));
    let mut request = address.into_client_request().unwrap();
    for (name, value) in [("cookie", cookie), ("origin", origin)] {
        if let Some(value) = value {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
    }
    match connect_async(request).await {
        Ok((stream, _)) => Ok(Socket(stream)),
        Err(Error::Http(response)) => Err(response.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

impl Socket {
    /// Connects and reads the greeting; returns the position too.
    async fn open(url: &str, cookie: &str) -> (Self, String) {
        let mut socket = handshake(url, Some(cookie), "", None).await.unwrap_or_else(|status| panic!("{status}"));
        match socket.next().await {
            Some(LiveMessage::Hello { position }) => (socket, position),
            other => panic!("no greeting: {other:?}"),
        }
    }

    /// The next message; `None` when the server has closed.
    async fn next(&mut self) -> Option<LiveMessage> {
        loop {
            let frame = timeout(Duration::from_secs(10), self.0.next()).await.unwrap();
            match frame? {
                Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).unwrap()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// Reads until this event about this thing has come; returns the events before it.
    async fn until(&mut self, wanted: &str, wanted_id: Uuid) -> Vec<String> {
        let mut before = Vec::new();
        loop {
            match self.next().await {
                Some(LiveMessage::Changed { event, id, .. }) if event == wanted && id == Some(wanted_id) => {
                    return before;
                }
                Some(LiveMessage::Changed { event, .. }) => before.push(event),
                other => panic!("{wanted} expected, not {other:?} after {before:?}"),
            }
        }
    }

    /// Whether nothing comes for a while.
    async fn is_quiet(&mut self) -> bool {
        timeout(Duration::from_millis(400), self.0.next()).await.is_err()
    }
}

/// REALTIME-01, REALTIME-02: a change made on one node is told on another, with id and version and without data; the
/// other organization hears nothing.
#[actix_web::test]
async fn two_nodes_share_live_updates() {
    let (one, two) = (TestApp::spawn().await, TestApp::spawn().await);
    let owner = one.owner().await;
    let stranger = two.owner().await;
    one.carry(&owner).await;
    two.carry(&stranger).await;
    let (cookie, _) = session(&two.url, &owner.email).await;
    let (mut socket, _) = Socket::open(&two.url, &cookie).await;
    let (cookie, _) = session(&two.url, &stranger.email).await;
    let (mut strangers, _) = Socket::open(&two.url, &cookie).await;

    let deal = owner.post("/deals", &json!({"name": "Secret engine"})).await.expect(201).id();
    owner.put(&format!("/deals/{deal}/stage"), &json!({"stage": "Negotiation"})).await.expect(200);
    one.carry(&owner).await;

    socket.until("deal.created", deal).await;
    match socket.next().await {
        Some(LiveMessage::Changed { event, entity, id, version, actor, .. }) => {
            assert_eq!((event.as_str(), entity.as_str(), id), ("deal.moved", "deal", Some(deal)));
            assert_eq!((version, actor), (Some(2), Some(owner.user_id())));
        }
        other => panic!("{other:?}"),
    }
    assert!(strangers.is_quiet().await);
}

/// REALTIME-01: a connection that comes back is told what it missed, once, in order; too old a position means to
/// fetch again.
#[actix_web::test]
async fn a_broken_connection_resumes() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    app.carry(&owner).await;
    let (cookie, _) = session(&app.url, &owner.email).await;
    let (socket, position) = Socket::open(&app.url, &cookie).await;
    drop(socket);
    let company = owner.post("/companies", &json!({"name": "Missed"})).await.expect(201).id();
    let contact = owner.post("/contacts", &json!({"first_name": "Missed"})).await.expect(201).id();
    app.carry(&owner).await;

    let mut back = handshake(&app.url, Some(&cookie), &format!("?since={position}"), None).await.ok().unwrap();
    assert_eq!(back.next().await, Some(LiveMessage::Hello { position: position.clone() }));
    assert!(back.until("company.created", company).await.is_empty());
    assert!(back.until("contact.created", contact).await.is_empty());
    let later = owner.post("/companies", &json!({"name": "Live again"})).await.expect(201).id();
    app.carry(&owner).await;
    assert!(back.until("company.created", later).await.is_empty());

    for since in ["?since=1-0", "?since=nonsense", "?since=99999999999999-0"] {
        let mut lost = handshake(&app.url, Some(&cookie), since, None).await.ok().unwrap();
        assert!(matches!(lost.next().await, Some(LiveMessage::Hello { .. })), "{since}");
        assert!(matches!(lost.next().await, Some(LiveMessage::Resync { .. })), "{since}");
    }
}

/// REALTIME-01, EVENT-06: events that were announced one by one and come again together with newer ones, of which there
/// are so many that they are told by kind, do not hide the newer ones.
#[actix_web::test]
async fn repetitions_hide_nothing() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let org = owner.org_id();
    let company = owner.post("/companies", &json!({"name": "Acme"})).await.expect(201).id();
    for n in 0..40 {
        owner.put(&format!("/companies/{company}"), &json!({"name": format!("Acme {n}")})).await.expect(200);
    }
    app.carry(&owner).await;
    let heard = app.state.live.channel.position(org).await.unwrap();
    // All at once, as after a crash: the workers of other tests would take what comes one by one.
    let mut conn = db::owner().await;
    let mut crash = conn.begin().await.unwrap();
    for sql in [
        "INSERT INTO domain_events (org_id, id, type, entity, entity_id, payload) \
         SELECT $1, ('ffffffff-ffff-7fff-8fff-' || lpad(n::text, 12, '0'))::uuid, 'company.updated', 'company', \
            gen_random_uuid(), '{\"title\": \"Acme\"}' FROM generate_series(1, 20) n",
        "DELETE FROM event_queue WHERE org_id = $1",
        "INSERT INTO event_queue (org_id, event_id, carried) \
         SELECT org_id, id, true FROM domain_events WHERE org_id = $1 AND type = 'company.updated'",
    ] {
        sqlx::query(sql).bind(org).execute(&mut *crash).await.unwrap();
    }
    crash.commit().await.unwrap();
    app.carry(&owner).await;
    let Missed::Changes(told) = app.state.live.channel.since(org, &heard).await.unwrap() else { panic!("too much") };
    let told: Vec<_> = told.into_iter().map(|(_, change)| (change.event, change.id)).collect();
    assert_eq!(told, [("company.updated".to_owned(), None)]);
}

/// REALTIME-06: nothing without a session, nor from another site's page.
#[actix_web::test]
async fn handshakes_are_checked() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let (cookie, _) = session(&app.url, &owner.email).await;
    assert_eq!(handshake(&app.url, None, "", None).await.err(), Some(401));
    assert_eq!(handshake(&app.url, Some(&cookie), "", Some("https://evil.example")).await.err(), Some(403));
    assert!(handshake(&app.url, Some(&cookie), "", Some(&app.url)).await.is_ok());
    owner.get("/ws").await.expect(400).problem();
}

/// REALTIME-06: signing out ends the connection at once, on every node.
#[actix_web::test]
async fn signing_out_ends_the_connection() {
    let (one, two) = (TestApp::spawn().await, TestApp::spawn().await);
    let owner = one.owner().await;
    let (cookie, browser) = session(&one.url, &owner.email).await;
    let (mut socket, _) = Socket::open(&two.url, &cookie).await;
    browser.post("/auth/logout", &json!({})).await.expect(204);
    assert_eq!(socket.next().await, Some(LiveMessage::Ended));
    assert_eq!(socket.next().await, None);
}

/// REALTIME-06: a removed member hears nothing more, and is told so at once.
#[actix_web::test]
async fn removed_members_hear_nothing() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let colleague = owner.colleague("member").await;
    app.carry(&owner).await;
    let (cookie, _) = session(&app.url, &colleague.email).await;
    let (mut socket, _) = Socket::open(&app.url, &cookie).await;
    owner.delete(&format!("/members/{}", colleague.user_id())).await.expect(204);
    owner.post("/companies", &json!({"name": "Not for them"})).await.expect(201);
    app.carry(&owner).await;
    assert_eq!(socket.next().await, Some(LiveMessage::Ended));
    assert_eq!(socket.next().await, None);
}

/// REALTIME-06: a viewer is told of records but not of imports, an admin is; a new role counts at once.
#[actix_web::test]
async fn roles_decide_what_is_told() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let colleague = owner.colleague("viewer").await;
    app.carry(&owner).await;
    let (cookie, _) = session(&app.url, &colleague.email).await;
    let (mut socket, _) = Socket::open(&app.url, &cookie).await;
    let import = async |name: &str| {
        let file = format!("name\n{name}\n");
        let preview = owner.upload("companies", "few.csv", file).await.expect(200).json();
        let body = json!({"file_id": preview["file_id"], "plan": preview["plan"]});
        let id = owner.post("/import", &body).await.expect(202).id();
        api::features::import::run::run(&app.state, owner.org_id(), Some(owner.user_id()), id).await.unwrap();
        app.carry(&owner).await;
        id
    };
    import("Imported").await;
    let company = owner.post("/companies", &json!({"name": "For all"})).await.expect(201).id();
    app.carry(&owner).await;
    let before = socket.until("company.created", company).await;
    assert!(before.contains(&"company.created".to_owned()), "{before:?}");
    assert!(before.iter().all(|event| !event.starts_with("import")), "{before:?}");

    owner.put(&format!("/members/{}/role", colleague.user_id()), &json!({"role": "admin"})).await.expect(200);
    app.carry(&owner).await;
    socket.until("member.updated", colleague.user_id()).await;
    let import = import("Imported too").await;
    socket.until("import.completed", import).await;
}

/// A server that stops does not wait for its live connections.
#[actix_web::test]
async fn stopping_closes_connections() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let (cookie, _) = session(&app.url, &owner.email).await;
    let (mut socket, _) = Socket::open(&app.url, &cookie).await;
    app.state.live.close_all();
    assert_eq!(socket.next().await, None);
}

/// REALTIME-04, DASH-13: whoever shows the feed is told of an entry when it is there to be fetched, and the
/// entry has what the feed shows: kind, record to link to, its name, who, when, a sentence.
#[actix_web::test]
async fn the_feed_is_live() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    app.carry(&owner).await;
    let (cookie, _) = session(&app.url, &owner.email).await;
    let (mut socket, _) = Socket::open(&app.url, &cookie).await;
    let company = owner.post("/companies", &json!({"name": "Acme"})).await.expect(201).id();
    app.carry(&owner).await;
    socket.until("company.created", company).await;
    let feed = owner.get("/activities?limit=1").await.expect(200).json();
    let entry = &feed["data"][0];
    assert_eq!((&entry["activity_type"], &entry["entity_type"]), (&json!("created"), &json!("company")));
    assert_eq!((&entry["entity_id"], &entry["user_id"]), (&json!(company), &json!(owner.user_id())));
    assert_eq!(entry["metadata"]["title"], "Acme", "{entry}");
    assert!(entry["description"].as_str().is_some_and(|text| text.contains("created")), "{entry}");
    let at: chrono::DateTime<chrono::Utc> = entry["created_at"].as_str().unwrap().parse().unwrap();
    assert!((chrono::Utc::now() - at).num_seconds() < 60);
}
