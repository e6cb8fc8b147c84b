//! Registration, sign-in, sessions, lockout, cross-site protection, profile.

use crate::support::{Answer, Member, PASSWORD, TestApp};
use api::state::Clock;
use chrono::{TimeDelta, Utc};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value as Json, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use uuid::Uuid;

fn address(name: &str) -> String {
    format!("{name}-{}@example.com", Uuid::now_v7())
}

async fn try_password(app: &TestApp, email: &str, password: &str) -> Answer {
    Member::nobody(&app.url).post("/auth/login", &json!({"email": email, "password": password})).await
}

/// A client that sends exactly this cookie, as somebody would who has copied it.
async fn replay(app: &TestApp, cookie: &str, path: &str) -> u16 {
    let request = reqwest::Client::new().get(format!("{}/api/v1{path}", app.url)).header("cookie", cookie);
    request.send().await.unwrap().status().as_u16()
}

fn cookie_of(answer: &Answer) -> String {
    let header = answer.headers.get("set-cookie").unwrap().to_str().unwrap();
    header.split(';').next().unwrap().to_owned()
}

/// AUTH-01, AUTH-02, AUTH-06: registering signs in; the cookie is out of reach of scripts; another browser signs in with
/// the same address, however it is written; the answer names person, organization, role and rights.
#[actix_web::test]
async fn register_and_sign_in() {
    let app = TestApp::spawn().await;
    let email = address("Ada");
    let nobody = Member::nobody(&app.url);
    let body = json!({"organization": " Engines ", "name": "Ada", "email": format!(" {email} "), "password": PASSWORD,
        "timezone": "Europe/London"});
    let registered = nobody.post("/auth/register", &body).await.expect(201);
    let cookie = registered.headers.get("set-cookie").unwrap().to_str().unwrap();
    for part in ["rapport=", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert_eq!(registered.headers.get("cache-control").unwrap(), "no-store");
    let me = registered.json();
    assert_eq!(me["user"]["email"], email.as_str());
    assert_eq!(me["organization"]["name"], "Engines");
    assert_eq!(me["organization"]["settings"]["timezone"], "Europe/London");
    assert_eq!((&me["role"], &me["permissions"]["org.delete"]), (&json!("owner"), &json!("all")));
    assert_eq!(nobody.get("/auth/me").await.expect(200).json(), me);
    let elsewhere = Member::login(&app.url, &email.to_uppercase()).await;
    assert_eq!(elsewhere.me, me);
}

/// AUTH-01: unknown address and wrong password cannot be told apart by the answer.
#[actix_web::test]
async fn bad_credentials_give_one_uniform_401() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let bodies = [owner.email.clone(), address("nobody")].map(async |email| {
        let mut body = try_password(&app, &email, "wrong horse 1").await.expect(401).json();
        body.as_object_mut().unwrap().remove("request_id").unwrap();
        body
    });
    let bodies = join_all(bodies).await;
    assert_eq!(bodies.first(), bodies.get(1));
    assert_eq!(bodies.first().unwrap()["code"], "invalid_credentials");
}

/// AUTH-05: five failures lock an address, known or not; even the right password is refused; nobody else is concerned;
/// afterwards it works again.
#[actix_web::test]
async fn five_failures_lock_an_address() {
    let app = TestApp::with(|config| config.lockout = Duration::from_secs(4), Clock::system()).await;
    let (owner, bystander) = (app.owner().await, app.owner().await);
    for email in [address("nobody"), owner.email.clone()] {
        for _ in 0..5 {
            assert_eq!(
                try_password(&app, &email, "wrong horse 1").await.expect(401).problem().code.as_str(),
                "invalid_credentials"
            );
        }
        let locked = try_password(&app, &email, PASSWORD).await.expect(429);
        assert_eq!(locked.problem().code.as_str(), "account_locked");
        let seconds: u64 = locked.headers.get("retry-after").unwrap().to_str().unwrap().parse().unwrap();
        assert!((1..=4).contains(&seconds), "{seconds}");
    }
    Member::login(&app.url, &bystander.email).await;
    owner.get("/auth/me").await.expect(200);
    tokio::time::sleep(Duration::from_millis(4200)).await;
    Member::login(&app.url, &owner.email).await;
}

/// AUTH-05: the lock lasts 15 minutes unless configured otherwise, and a successful sign-in forgets failures before it.
#[actix_web::test]
async fn success_forgets_failures() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    for _ in 0..3 {
        for _ in 0..4 {
            try_password(&app, &owner.email, "wrong horse 1").await.expect(401);
        }
        try_password(&app, &owner.email, PASSWORD).await.expect(200);
    }
    for _ in 0..5 {
        try_password(&app, &owner.email, "wrong horse 1").await.expect(401);
    }
    let locked = try_password(&app, &owner.email, PASSWORD).await.expect(429);
    let seconds: u64 = locked.headers.get("retry-after").unwrap().to_str().unwrap().parse().unwrap();
    assert!((890..=900).contains(&seconds), "{seconds}");
}

/// AUTH-05: twenty guesses at the same moment are five guesses.
#[actix_web::test]
async fn parallel_guesses_gain_nothing() {
    let app = TestApp::spawn().await;
    let email = app.owner().await.email.clone();
    let guesses = (0..20).map(|_| try_password(&app, &email, "wrong horse 1"));
    let statuses: Vec<u16> = join_all(guesses).await.iter().map(|answer| answer.status.as_u16()).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 5, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 15, "{statuses:?}");
}

/// The attempts from one address of the network are limited as well.
#[actix_web::test]
async fn sign_ins_from_one_place_are_limited() {
    let prefix = format!("test-{}:", Uuid::now_v7());
    let change = |config: &mut api::config::Config| {
        config.sign_in_rate = 3;
        config.redis_prefix = prefix;
    };
    let app = TestApp::with(change, Clock::system()).await;
    for _ in 0..3 {
        try_password(&app, &address("nobody"), "wrong horse 1").await.expect(401);
    }
    let refused = try_password(&app, &address("nobody"), "wrong horse 1").await.expect(429);
    assert_eq!(refused.problem().code.as_str(), "rate_limited");
    let seconds: u64 = refused.headers.get("retry-after").unwrap().to_str().unwrap().parse().unwrap();
    assert!((1..=20).contains(&seconds), "{seconds}");
    let nobody = Member::nobody(&app.url);
    nobody.post("/invitations/lookup", &json!({"token": "x"})).await.expect(429);
    let body = json!({"organization": "O", "name": "N", "email": address("late"), "password": PASSWORD});
    nobody.post("/auth/register", &body).await.expect(429);
}

/// SECURITY-01, TIMELINE-07: behind a trusted proxy everybody counts by their own address, which the log keeps too;
/// whoever calls directly cannot choose one.
#[actix_web::test]
async fn addresses_behind_a_proxy() {
    let prefix = format!("test-{}:", Uuid::now_v7());
    let trusted = "127.0.0.0/8, 10.0.0.0/8";
    for (proxies, second_guess) in [(trusted, 401), ("", 429)] {
        let app = TestApp::with(
            |config| {
                config.sign_in_rate = 1;
                config.redis_prefix = format!("{prefix}{proxies}");
                config.trusted_proxies = api::http::origin::TrustedProxies::parse(proxies).unwrap();
            },
            Clock::system(),
        )
        .await;
        let guess = async |forwarded: &str| {
            let body = json!({"email": address("nobody"), "password": "wrong horse 1"});
            let request = Member::nobody(&app.url).client.post(format!("{}/api/v1/auth/login", app.url));
            let answer = request.header("x-forwarded-for", forwarded).json(&body).send().await.unwrap();
            answer.status().as_u16()
        };
        assert_eq!(guess("203.0.113.9, 10.0.0.1").await, 401);
        assert_eq!(guess("203.0.113.10, 10.0.0.1").await, second_guess, "{proxies}");
        // What the client itself has put there does not count.
        assert_eq!(guess("198.51.100.1, 203.0.113.9, 10.0.0.1").await, 429, "{proxies}");
    }
    let trusted = |config: &mut api::config::Config| {
        config.trusted_proxies = api::http::origin::TrustedProxies::parse(trusted).unwrap();
    };
    let app = TestApp::with(trusted, Clock::system()).await;
    let owner = app.owner().await;
    let request = owner.client.post(format!("{}/api/v1/companies", app.url)).json(&json!({"name": "Acme"}));
    let made = request.header("x-forwarded-for", "203.0.113.9").send().await.unwrap();
    let made: Json = serde_json::from_str(&made.text().await.unwrap()).unwrap();
    let events = crate::deals::events(&made["id"]).await;
    assert_eq!(events[0].1["ip"], "203.0.113.9");
}

/// SECURITY-01: texts far beyond what they can be are refused at their fields before any work is done with them.
#[actix_web::test]
async fn bounds_of_typed_bodies() {
    let app = TestApp::spawn().await;
    let nobody = Member::nobody(&app.url);
    let long = "x".repeat(300);
    for (path, body, expected) in [
        ("/auth/login", json!({"email": long, "password": long}), vec!["/email", "/password"]),
        ("/invitations/lookup", json!({"token": long}), vec!["/token"]),
        ("/invitations/accept", json!({"token": long, "password": long}), vec!["/password", "/token"]),
    ] {
        let refused = nobody.post(path, &body).await.expect(422);
        let fields = refused.fields();
        assert_eq!(fields.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), expected, "{path}");
        assert!(fields.iter().all(|(_, code)| code == "too_long"), "{fields:?}");
    }
    let owner = app.owner().await;
    let pipeline = crate::deals::pipeline(&owner).await;
    let path = format!("/pipelines/{}/stages/reorder", pipeline["id"].as_str().unwrap());
    let many: Vec<_> = (0..201).map(|_| Uuid::now_v7()).collect();
    let refused = owner.put(&path, &json!({"stage_ids": many})).await.expect(422);
    assert_eq!(refused.fields(), [("/stage_ids".to_owned(), "too_long".to_owned())]);
}

/// AUTH-03: a session ends after its idle time; each request begins the time anew.
#[actix_web::test]
async fn idle_sessions_end() {
    let app = TestApp::with(|config| config.session_idle = Duration::from_secs(3), Clock::system()).await;
    let owner = app.owner().await;
    for _ in 0..4 {
        tokio::time::sleep(Duration::from_secs(1)).await;
        owner.get("/auth/me").await.expect(200);
    }
    tokio::time::sleep(Duration::from_millis(3300)).await;
    assert_eq!(owner.get("/auth/me").await.expect(401).problem().code.as_str(), "unauthenticated");
}

/// AUTH-03: a session ends after its longest lifetime even when it is used all the time.
#[actix_web::test]
async fn sessions_have_a_longest_lifetime() {
    let passed = Arc::new(AtomicI64::new(0));
    let hours = Arc::clone(&passed);
    let clock = Clock::from_fn(move || Utc::now() + TimeDelta::hours(hours.load(Ordering::SeqCst)));
    let app = TestApp::with(|config| config.session_max = Duration::from_secs(24 * 3600), clock).await;
    let owner = app.owner().await;
    passed.store(23, Ordering::SeqCst);
    owner.get("/auth/me").await.expect(200);
    passed.store(25, Ordering::SeqCst);
    owner.get("/auth/me").await.expect(401);
    passed.store(0, Ordering::SeqCst);
    owner.get("/auth/me").await.expect(401);
}

/// AUTH-04: signing out ends the session on the server, so that a copied cookie is worthless; other sessions go on.
#[actix_web::test]
async fn signed_out_cookies_are_worthless() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let answer = owner.post("/auth/login", &json!({"email": owner.email, "password": PASSWORD})).await.expect(200);
    let cookie = cookie_of(&answer);
    let other = Member::login(&app.url, &owner.email).await;
    assert_eq!(replay(&app, &cookie, "/auth/me").await, 200);
    let gone = owner.send(Method::POST, "/auth/logout", None, None).await.expect(204);
    assert!(gone.headers.get("set-cookie").unwrap().to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(replay(&app, &cookie, "/auth/me").await, 401);
    owner.get("/auth/me").await.expect(401);
    owner.send(Method::POST, "/auth/logout", None, None).await.expect(401);
    other.get("/auth/me").await.expect(200);
}

/// AUTH-15: without a session, or with a made-up one, every address of the API but the public ones answers 401.
#[actix_web::test]
async fn without_a_session_nothing_works() {
    let app = TestApp::spawn().await;
    let nobody = Member::nobody(&app.url);
    let id = Uuid::now_v7();
    let role = format!("/members/{id}/role");
    let (member, invitation) = (format!("/members/{id}"), format!("/invitations/{id}"));
    let body = json!({});
    for (method, path) in [
        (Method::GET, "/auth/me"),
        (Method::PUT, "/auth/me"),
        (Method::POST, "/auth/logout"),
        (Method::GET, "/orgs/current"),
        (Method::PUT, "/orgs/current"),
        (Method::DELETE, "/orgs/current"),
        (Method::POST, "/orgs"),
        (Method::GET, "/members"),
        (Method::DELETE, &member),
        (Method::GET, "/invitations"),
        (Method::DELETE, &invitation),
    ] {
        let answer = nobody.send(method, path, Some(&body), None).await.expect(401);
        assert_eq!(answer.problem().code.as_str(), "unauthenticated", "{path}");
    }
    nobody.put(&role, &json!({"role": "viewer"})).await.expect(401);
    nobody.post("/invitations", &json!({"email": "a@example.com", "role": "viewer"})).await.expect(401);
    for made_up in ["rapport=x", "rapport=", &format!("rapport={}", "A".repeat(43)), "rapport=%00", "other=1"] {
        assert_eq!(replay(&app, made_up, "/auth/me").await, 401, "{made_up}");
    }
}

/// AUTH-02, AUTH-04, AUTH-15: whoever asks whether there is a session gets an answer: the person, or nobody.
#[actix_web::test]
async fn the_session_can_be_asked_for_by_visitors() {
    let app = TestApp::spawn().await;
    let nobody = Member::nobody(&app.url);
    let none = json!({"me": null, "position": null});
    assert_eq!(nobody.get("/auth/session").await.expect(200).json(), none);
    let owner = app.owner().await;
    let answer = owner.get("/auth/session").await.expect(200).json();
    assert_eq!(answer["me"], owner.get("/auth/me").await.expect(200).json());
    assert!(answer["position"].is_string(), "{answer}");
    owner.post("/auth/logout", &json!({})).await.expect(204);
    assert_eq!(owner.get("/auth/session").await.expect(200).json(), none);
}

/// AUTH-23: a weak password is refused at its field; all wrong fields are named at once, and nothing is made.
#[actix_web::test]
async fn registration_names_every_wrong_field() {
    let app = TestApp::spawn().await;
    let nobody = Member::nobody(&app.url);
    let body =
        json!({"organization": " ", "name": "", "email": "ada", "password": "short", "timezone": "Mars/Olympus"});
    let mut fields = nobody.post("/auth/register", &body).await.expect(422).fields();
    fields.sort();
    let expected = [
        ("/email", "email"),
        ("/name", "required"),
        ("/organization", "required"),
        ("/password", "too_short"),
        ("/timezone", "timezone"),
    ];
    assert_eq!(fields, expected.map(|(path, code)| (path.to_owned(), code.to_owned())));
    let email = address("weak");
    for (password, code) in [("onlyletters", "too_simple"), ("12345678", "too_simple"), ("a1", "too_short")] {
        let body = json!({"organization": "O", "name": "N", "email": email, "password": password});
        let fields = nobody.post("/auth/register", &body).await.expect(422).fields();
        assert_eq!(fields, [("/password".to_owned(), code.to_owned())]);
    }
    try_password(&app, &email, "onlyletters").await.expect(401);
}

/// TENANCY-14: a sign-in address is unique everywhere, without case.
#[actix_web::test]
async fn a_known_address_cannot_register_again() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let body = json!({"organization": "O", "name": "N", "email": owner.email.to_uppercase(), "password": PASSWORD});
    let refused = Member::nobody(&app.url).post("/auth/register", &body).await.expect(409);
    assert_eq!(refused.fields(), [("/email".to_owned(), "duplicate".to_owned())]);
    let racing = address("race");
    let body = json!({"organization": "O", "name": "N", "email": racing, "password": PASSWORD});
    let nobody = Member::nobody(&app.url);
    let mut statuses: Vec<u16> = join_all((0..3).map(|_| nobody.post("/auth/register", &body)))
        .await
        .iter()
        .map(|a| a.status.as_u16())
        .collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409]);
}

/// A page of another site can neither change anything with a member's cookie nor sign anybody in.
#[actix_web::test]
async fn other_sites_cannot_act() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let send = async |name: &'static str, value: &'static str, path: &'static str| {
        let url = format!("{}/api/v1{path}", owner.url);
        let request =
            owner.client.post(url).header(name, value).json(&json!({"email": "a@example.com", "password": "x"}));
        let response = request.send().await.unwrap();
        (
            response.status().as_u16(),
            response.headers().get("content-type").map(|v| v.to_str().unwrap().to_owned()),
            response.text().await.unwrap(),
        )
    };
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        for path in ["/auth/logout", "/auth/login", "/orgs", "/nowhere"] {
            let (status, kind, text) = send(name, value, path).await;
            assert_eq!((status, kind.as_deref()), (403, Some("application/problem+json")), "{name}: {value} {path}");
            assert!(text.contains("cross_site_request"), "{text}");
        }
    }
    owner.get("/auth/me").await.expect(200);
    assert_eq!(send("sec-fetch-site", "same-origin", "/auth/logout").await.0, 204);
}

/// SECURITY-01: whatever is sent, the answer is a refusal with a problem body, never a failure.
#[actix_web::test]
async fn odd_bodies_are_refused() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let long = format!(r#"{{"email":"a@example.com","password":"{}"}}"#, "x".repeat(300_000));
    let deep = format!("{}1{}", "[".repeat(5000), "]".repeat(5000));
    for raw in [
        "",
        "null",
        "[]",
        "\"x\"",
        "{",
        "{\"email\":1}",
        "{\"email\":null,\"password\":null}",
        "{\"x\":1}",
        &long,
        &deep,
        r#"{"email":"a\u0000@example.com","password":"\u0000"}"#,
        r#"{"email":"\ud800@example.com","password":"x"}"#,
        r#"{"token":"\u0000","password":"x","name":"\u0000"}"#,
    ] {
        for path in
            ["/auth/login", "/auth/register", "/invitations/accept", "/invitations/lookup", "/orgs", "/invitations"]
        {
            let url = format!("{}/api/v1{path}", owner.url);
            let request = owner.client.post(url).header("content-type", "application/json").body(raw.to_owned());
            let response = request.send().await.unwrap();
            let shown: String = raw.chars().take(60).collect();
            assert!((400..500).contains(&response.status().as_u16()), "{path} {shown}: {}", response.status());
            let problem: Json = response.json().await.unwrap();
            assert!(problem["code"].is_string() && problem["request_id"].is_string(), "{path} {shown}: {problem}");
        }
    }
    let url = format!("{}/api/v1/auth/login", owner.url);
    let text = owner.client.post(&url).header("content-type", "text/plain").body("{}");
    assert_eq!(text.send().await.unwrap().status().as_u16(), 415);
    let huge = owner.client.post(&url).header("content-type", "application/json").body("x".repeat(1_100_000));
    assert_eq!(huge.send().await.unwrap().status().as_u16(), 413);
}

/// A person changes their own name and picture; colleagues see the new name; nothing wrong is stored.
#[actix_web::test]
async fn profile() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let viewer = owner.colleague("viewer").await;
    let me = viewer.put("/auth/me", &json!({"name": "Vera\u{0} ", "avatar_url": "https://example.com/v.png"})).await;
    let me = me.expect(200).json();
    assert_eq!((&me["user"]["name"], &me["user"]["avatar_url"]), (&json!("Vera"), &json!("https://example.com/v.png")));
    assert!(owner.get("/members").await.expect(200).column("name").contains(&json!("Vera")));
    let mut fields =
        viewer.put("/auth/me", &json!({"name": "", "avatar_url": "javascript:alert(1)"})).await.expect(422).fields();
    fields.sort();
    assert_eq!(fields, [("/avatar_url".to_owned(), "url".to_owned()), ("/name".to_owned(), "required".to_owned())]);
    let me = viewer.put("/auth/me", &json!({"avatar_url": ""})).await.expect(200).json();
    assert_eq!((&me["user"]["name"], &me["user"]["avatar_url"]), (&json!("Vera"), &Json::Null));
}

/// AUTH-04: switching the organization while signing out elsewhere does not bring the session back.
#[actix_web::test]
async fn ended_sessions_stay_ended() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let sessions = &app.state.sessions;
    let id = sessions.create(owner.user_id(), owner.org_id()).await.unwrap();
    let session = sessions.load(&id).await.unwrap().unwrap();
    let other_org = Uuid::now_v7();
    sessions.switch(&id, &session, other_org).await.unwrap();
    assert_eq!(sessions.load(&id).await.unwrap().unwrap().org_id, other_org);
    sessions.destroy(&id, owner.user_id()).await.unwrap();
    sessions.switch(&id, &session, owner.org_id()).await.unwrap();
    assert!(sessions.load(&id).await.unwrap().is_none());
}
