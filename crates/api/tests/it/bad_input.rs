//! Wrong input, generated from the API document: whatever is sent to whichever route, the answer is the route's own or
//! a problem with a request id, never a failure of the server. A new route is covered without anyone remembering.

mod random;
mod values;

use crate::support::routes::{PUBLIC, fill, with_ids};
use crate::support::{Member, TestApp};
use api::openapi::DOCUMENT;
use domain::error::Problem;
use futures_util::{StreamExt, stream};
use reqwest::header::{CONNECTION, CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Mutex;
use std::time::Duration;
use uuid::Uuid;
use values::{bodies, parameters, values};

/// No answer after this time is a finding.
const PATIENCE: Duration = Duration::from_secs(10);
/// Requests at the same time.
const AT_ONCE: usize = 8;

/// One operation of the document.
struct Operation {
    method: Method,
    /// As in the document, below `/api/v1`.
    path: String,
    /// With ids that exist.
    target: String,
    /// Names of query parameters.
    params: Vec<String>,
    /// Names of the body's members; `None` for operations without a JSON body.
    members: Option<Vec<String>>,
}

impl Operation {
    fn all(ids: &BTreeMap<String, Uuid>) -> Vec<Self> {
        let document = serde_json::to_value(&*DOCUMENT).unwrap();
        let mut all = Vec::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            let rest = path.strip_prefix("/api/v1").unwrap().to_owned();
            let target = with_ids(&rest, ids).unwrap_or_else(|| panic!("{rest}: teach `fill` about this parameter"));
            for (method, operation) in methods.as_object().unwrap() {
                let params = operation["parameters"].as_array().into_iter().flatten();
                let params = params.filter(|p| p["in"] == "query").map(|p| p["name"].as_str().unwrap().to_owned());
                let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
                all.push(Self {
                    method: method.to_uppercase().parse().unwrap(),
                    path: rest.clone(),
                    target: target.clone(),
                    params: params.collect(),
                    members: (!schema.is_null()).then(|| members(&document, schema)),
                });
            }
        }
        // What deletes comes last, so that the others find what they ask for.
        all.sort_by_key(|operation| operation.method == Method::DELETE);
        all
    }

    /// Whether the operation takes the session away.
    fn signs_out(&self) -> bool {
        self.path == "/auth/logout" || (self.path == "/orgs/current" && self.method == Method::DELETE)
    }

    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

fn members(document: &Json, schema: &Json) -> Vec<String> {
    let schema = match schema["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    };
    let mut names: Vec<_> = schema["properties"].as_object().into_iter().flatten().map(|(n, _)| n.clone()).collect();
    for part in ["allOf", "oneOf", "anyOf"] {
        names.extend(schema[part].as_array().into_iter().flatten().flat_map(|part| members(document, part)));
    }
    names
}

/// What is wrong with the answers.
#[derive(Default)]
struct Findings {
    wrong: Mutex<Vec<String>>,
    answered: Mutex<BTreeMap<u16, usize>>,
}

impl Findings {
    /// Sends a request and looks at what every answer must be like.
    async fn look(&self, what: &str, request: RequestBuilder) {
        // A connection each: one that is kept may be closed by the server just as it is used again.
        let response = match request.timeout(PATIENCE).header(CONNECTION, "close").send().await {
            Ok(response) => response,
            Err(error) => return self.note(format!("{what}: no answer: {error:?}")),
        };
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = String::from_utf8_lossy(&response.bytes().await.unwrap_or_default()).into_owned();
        *self.answered.lock().unwrap().entry(status).or_default() += 1;
        let short: String = text.chars().take(300).collect();
        let id = headers.get("x-request-id").and_then(|value| value.to_str().ok()).unwrap_or_default();
        if id.is_empty() {
            self.note(format!("{what}: {status} without a request id: {short}"));
        }
        if status >= 500 {
            self.note(format!("{what}: {status} {short}"));
        } else if status >= 400 {
            let is_problem = headers.get(CONTENT_TYPE).is_some_and(|value| value == "application/problem+json");
            match serde_json::from_str::<Problem>(&text) {
                Ok(problem) if is_problem && problem.request_id == id && problem.status == status => {
                    if problem.detail.trim().is_empty() || problem.fields.iter().any(|f| f.message.trim().is_empty()) {
                        self.note(format!("{what}: {status} without a sentence: {short}"));
                    }
                    // Neither the database's words nor places in our sources are anybody's business.
                    if ["sqlx", "SQLSTATE", ".rs:", "postgres"].iter().any(|word| text.contains(word)) {
                        self.note(format!("{what}: {status} tells of the inside: {short}"));
                    }
                }
                _ => self.note(format!("{what}: {status} is no problem: {short}")),
            }
        }
    }

    fn note(&self, finding: String) {
        self.wrong.lock().unwrap().push(finding);
    }

    /// Sends all requests, some at the same time.
    async fn look_at(&self, requests: Vec<(String, RequestBuilder)>) {
        stream::iter(requests)
            .for_each_concurrent(AT_ONCE, |(what, request)| async move { self.look(&what, request).await })
            .await;
    }

    #[track_caller]
    fn conclude(self, at_least: usize) {
        let (wrong, answered) = (self.wrong.into_inner().unwrap(), self.answered.into_inner().unwrap());
        let shown: Vec<_> = wrong.iter().take(25).collect();
        assert!(wrong.is_empty(), "{} findings, among them:\n{shown:#?}", wrong.len());
        let sent: usize = answered.values().sum();
        eprintln!("{sent} requests: {answered:?}");
        assert!(sent >= at_least, "only {sent} requests: {answered:?}");
        assert!(answered.keys().any(|status| *status == 422), "nothing was refused: {answered:?}");
    }
}

struct Target {
    app: TestApp,
    member: Member,
    operations: Vec<Operation>,
}

async fn target() -> Target {
    let app = TestApp::spawn().await;
    let member = app.owner().await;
    let operations = Operation::all(&fill(&member, "Victim").await);
    assert!(operations.len() > 60);
    Target { app, member, operations }
}

impl Target {
    /// A request by the owner, or by nobody where the route is public, or by somebody new where it ends the session.
    async fn request(&self, operation: &Operation, target: &str) -> RequestBuilder {
        let url = format!("{}/api/v1{target}", self.app.url);
        let public = PUBLIC.contains(&format!("{} /api/v1{}", operation.method, operation.path).as_str());
        let method = operation.method.clone();
        if public {
            Member::nobody(&self.app.url).client.request(method, url)
        } else if operation.signs_out() {
            self.app.owner().await.client.request(method, url)
        } else {
            self.member.client.request(method, url)
        }
    }
}

/// PLATFORM-13, SECURITY-01: every member of every body, with values of every wrong kind; and bodies that are none.
#[actix_web::test]
async fn wrong_bodies() {
    let target = target().await;
    let (values, bodies) = (values(), bodies());
    let mut requests = Vec::new();
    for (number, operation) in target.operations.iter().filter(|operation| operation.members.is_some()).enumerate() {
        let members = operation.members.as_deref().unwrap_or_default();
        for (place, member) in members.iter().enumerate() {
            // Many members are of the same kinds, and changing goes the way of creating: samples will do.
            let step = match (operation.method.as_str(), members.len()) {
                (_, 0..12) => 1,
                ("POST", _) => 3,
                _ => 11,
            };
            for value in values.iter().skip(place % step).step_by(step) {
                let mut body = json!({ member: value });
                if member != "name" && !operation.path.starts_with("/auth/") {
                    body["name"] = json!("Fuzz");
                }
                if operation.path == "/contacts" {
                    body["first_name"] = json!("Fuzz");
                }
                body[member] = value.clone();
                let shown: String = body.to_string().chars().take(120).collect();
                let request = target.request(operation, &operation.target).await.json(&body);
                requests.push((format!("{} {shown}", operation.name()), request));
            }
        }
        for body in bodies.iter().skip(number % 3).step_by(3) {
            let shown: String = String::from_utf8_lossy(body).chars().take(60).collect();
            let request = target.request(operation, &operation.target).await;
            let request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
            requests.push((format!("{} {shown}", operation.name()), request));
        }
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", ";;;", "a/b/c"] {
            let request = target.request(operation, &operation.target).await.header(CONTENT_TYPE, kind).body("a=b");
            requests.push((format!("{} as {kind:?}", operation.name()), request));
        }
    }
    let findings = Findings::default();
    findings.look_at(requests).await;
    findings.conclude(1_500);
}

/// PLATFORM-13, SECURITY-01: paths and query strings of every route.
#[actix_web::test]
async fn wrong_addresses() {
    let target = target().await;
    let parameters = parameters();
    let mut requests = Vec::new();
    for operation in &target.operations {
        let mut add = async |address: String| {
            let shown: String = address.chars().take(160).collect();
            let request = target.request(operation, &address).await;
            requests.push((format!("{} {shown}", operation.method), request));
        };
        // The general parameters are tried with everything, names of fields take samples.
        for (place, name) in operation.params.iter().enumerate() {
            let step = if place < 12 { 2 } else { 9 };
            for value in parameters.iter().skip(place % step).step_by(step) {
                add(format!("{}?{name}={value}", operation.target)).await;
            }
        }
        if operation.signs_out() {
            continue;
        }
        for query in ["&&&=&=", "%", "a", "a=1&a=2", "no_such=1", "%00=%00", "limit=1&limit=2&page=1&page=x", "view=x"]
        {
            add(format!("{}?{query}", operation.target)).await;
        }
        add(format!("{}?{}", operation.target, "x=1&".repeat(2_000))).await;
        if operation.path.contains('{') {
            let long = "x".repeat(3_000);
            let none = Uuid::nil().to_string();
            for id in ["x", "0", "%00", "%ff", "..%2f..", "%F0%9F%92%A5", "{id}", long.as_str(), none.as_str()] {
                let parts = operation.path.split('/').map(|part| if part.starts_with('{') { id } else { part });
                add(parts.collect::<Vec<_>>().join("/")).await;
            }
        }
    }
    let findings = Findings::default();
    findings.look_at(requests).await;
    findings.conclude(800);
}

/// PLATFORM-13, SECURITY-01: headers of every route, and compressed bodies that are none or burst.
#[actix_web::test]
async fn wrong_headers() {
    let target = target().await;
    let long = "x".repeat(5_000);
    let headers: Vec<(&str, Vec<u8>)> = [
        ("if-match", &b"\""[..]),
        ("if-match", b"W/\""),
        ("if-match", b"99999999999999999999"),
        ("if-match", b"-1"),
        ("if-match", b"\xff"),
        ("if-match", long.as_bytes()),
        ("if-none-match", b"\xff"),
        ("cookie", b"rapport=\xff; rapport=; ;;=;"),
        ("cookie", long.as_bytes()),
        ("accept-encoding", b"\xff, gzip;q=9, *;q=x"),
        ("accept", b"\xff"),
        ("accept-language", b"\xff"),
        ("x-request-id", b"\xff\x80"),
        ("x-request-id", long.as_bytes()),
        ("x-forwarded-for", b"\xff, 1.2.3.4.5, unknown,,"),
        ("forwarded", b"for=\xff"),
        ("user-agent", b"\xff"),
        ("origin", b"\xff"),
        ("sec-fetch-site", b"\xff"),
        ("range", b"bytes=5-1,x-"),
        ("idempotency-key", b"\xff"),
        ("authorization", b"Bearer \xff"),
        ("content-encoding", b"gzip"),
        ("content-encoding", b"br"),
        ("content-encoding", b"\xff"),
        ("content-type", b"\xff"),
        ("content-type", b"application/json; charset=utf-7"),
        ("upgrade", b"websocket"),
    ]
    .iter()
    .map(|(name, value)| (*name, value.to_vec()))
    .collect();
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    bomb.write_all(b"{\"name\":\"").unwrap();
    bomb.write_all(&vec![b'x'; 30 * 1024 * 1024]).unwrap();
    let bomb = bomb.finish().unwrap();
    let mut requests = Vec::new();
    for (place, operation) in target.operations.iter().filter(|operation| !operation.signs_out()).enumerate() {
        for (name, value) in headers.iter().skip(place % 3).step_by(3) {
            let mut request = target.request(operation, &operation.target).await;
            if operation.members.is_some() {
                request = request.json(&json!({}));
            }
            let header = HeaderName::from_static(name);
            let request = request.header(header, HeaderValue::from_bytes(value).unwrap());
            let shown: String = String::from_utf8_lossy(value).chars().take(40).collect();
            requests.push((format!("{} {name}: {shown}", operation.name()), request));
        }
        if operation.members.is_some() {
            let request = target.request(operation, &operation.target).await.header(CONTENT_TYPE, "application/json");
            let request = request.header("content-encoding", "gzip").body(bomb.clone());
            requests.push((format!("{} a bomb", operation.name()), request));
        }
    }
    // Whatever the others did, a filter is worth a refusal here.
    requests
        .push(("a filter".to_owned(), target.member.client.get(format!("{}/api/v1/deals?filter=x", target.app.url))));
    let findings = Findings::default();
    findings.look_at(requests).await;
    findings.conclude(600);
}

/// PLATFORM-13: methods that an address does not have, and addresses that there are not.
#[actix_web::test]
async fn wrong_methods() {
    let target = target().await;
    let mut requests = Vec::new();
    let url = |path: &str| format!("{}{path}", target.app.url);
    let mut paths: BTreeMap<&str, Vec<&Method>> = BTreeMap::new();
    for operation in &target.operations {
        paths.entry(&operation.target).or_default().push(&operation.method);
    }
    for (path, known) in &paths {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"] {
            let method: Method = method.parse().unwrap();
            if known.contains(&&method) {
                continue;
            }
            // A fixed last part is also the place of an id, which it is none.
            let (folder, _) = path.rsplit_once('/').unwrap();
            let hidden = target
                .operations
                .iter()
                .any(|o| o.method == method && o.path.ends_with('}') && o.target.rsplit_once('/').unwrap().0 == folder);
            let answer = target.member.send(method.clone(), path, None, None).await;
            if hidden {
                answer.expect(404).problem();
                continue;
            }
            let answer = answer.expect(405);
            assert_eq!(answer.problem().code.as_str(), "method_not_allowed", "{method} {path}");
            let allowed = answer.headers.get("allow").unwrap().to_str().unwrap();
            assert!(known.iter().all(|known| allowed.contains(known.as_str())), "{method} {path}: {allowed}");
        }
    }
    for path in ["/api/v1", "/api/v1/", "/api/v1/no-such", "/api/v1//companies", "/api/v2/companies", "/api/x"] {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            requests.push((format!("{method} {path}"), target.member.client.request(method, url(path))));
        }
    }
    requests.push(("a filter".to_owned(), target.member.client.get(url("/api/v1/deals?filter=x"))));
    let findings = Findings::default();
    findings.look_at(requests).await;
    findings.conclude(15);
}
