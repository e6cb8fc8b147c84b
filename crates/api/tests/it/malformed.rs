//! What is no HTTP, or breaks off: refused below the routes, with the connection closed, and without harm to the server.

use crate::support::{Member, TestApp};
use domain::error::Problem;
use futures_util::future::join_all;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// An answer must be there, or the connection closed, after this time.
const PATIENCE: Duration = Duration::from_secs(10);

/// What came back for these bytes until the server closed the connection: status, head and body; 0: closed without a
/// word.
async fn said(app: &TestApp, bytes: &[u8], patience: Duration) -> (u16, String, String) {
    let mut stream = TcpStream::connect(app.url.strip_prefix("http://").unwrap()).await.unwrap();
    // The server may well have heard enough before everything is written.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let read = timeout(patience, stream.read_to_end(&mut answer)).await;
    // Unread bytes at its end reset the connection; what had been answered before counts.
    let answer = String::from_utf8(answer).unwrap();
    let shown: String = String::from_utf8_lossy(bytes).chars().take(200).collect();
    let _ = read.unwrap_or_else(|_| panic!("the server keeps the connection: {shown} → {answer}"));
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).and_then(|text| text.parse().ok()).unwrap_or(0);
    (status, head.to_owned(), body.to_owned())
}

async fn is_well(app: &TestApp) {
    Member::nobody(&app.url).get("/health").await.expect(200);
}

fn post(headers: &str, body: &str) -> Vec<u8> {
    format!("POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{headers}\r\n{body}")
        .into_bytes()
}

/// SECURITY-01: heads that are no HTTP are answered with 400, too large ones with 431; both close the connection.
#[actix_web::test]
async fn heads() {
    let app = TestApp::spawn().await;
    let get = |headers: &str| format!("GET /healthz HTTP/1.1\r\nhost: x\r\n{headers}\r\n").into_bytes();
    let many: String = (0..200).map(|n| format!("x-{n}: y\r\n")).collect();
    let long = "x".repeat(200_000);
    for (what, bytes, status) in [
        ("no request", b"nonsense\r\n\r\n".to_vec(), 400),
        ("zeros", vec![0; 300], 400),
        ("TLS", b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03 hello".to_vec(), 400),
        ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), 400),
        ("no such version", b"GET / HTTP/9.9\r\n\r\n".to_vec(), 400),
        ("no address", b"GET  HTTP/1.1\r\n\r\n".to_vec(), 400),
        ("an address that is none", b"GET http://[ HTTP/1.1\r\n\r\n".to_vec(), 400),
        ("a header without a colon", get("no colon\r\n"), 400),
        ("a blank in a header's name", get("x y: z\r\n"), 400),
        ("a zero in a header", get("x: a\0b\r\n"), 400),
        ("a broken line", get("x: a\r b\r\n"), 400),
        ("a length that is none", post("content-length: many\r\n", ""), 400),
        ("a negative length", post("content-length: -1\r\n", ""), 400),
        ("a length beyond numbers", post("content-length: 99999999999999999999999\r\n", ""), 400),
        ("two lengths", post("content-length: 2\r\ncontent-length: 3\r\n", "{}"), 400),
        ("two ways to end", post("content-length: 2\r\ntransfer-encoding: chunked\r\n", "0\r\n\r\n"), 400),
        ("no such encoding", post("transfer-encoding: sideways\r\n", "{}"), 400),
        ("too many headers", get(&many), 431),
        ("a header too long", get(&format!("x: {long}\r\n")), 431),
        ("a head without an end", format!("GET /{long}").into_bytes(), 431),
    ] {
        let (answered, head, body) = said(&app, &bytes, PATIENCE).await;
        assert_eq!(answered, status, "{what}: {head}");
        assert!(body.is_empty() && head.to_lowercase().contains("connection: close"), "{what}: {head} {body}");
    }
    is_well(&app).await;
}

/// SECURITY-01: bodies that break the rules of their encoding are refused as problems by the route that reads them.
#[actix_web::test]
async fn bodies() {
    let app = TestApp::spawn().await;
    let chunked = |body: &str| post("transfer-encoding: chunked\r\nconnection: close\r\n", body);
    let endless = format!("{:x}\r\n{}\r\n", 64 * 1024, "x".repeat(64 * 1024)).repeat(40);
    for (what, bytes, status) in [
        ("a chunk without a size", chunked("ZZ\r\n{}\r\n0\r\n\r\n"), 400),
        ("a chunk beyond numbers", chunked("FFFFFFFFFFFFFFFFFF\r\n{}\r\n"), 400),
        ("a chunk longer than said", chunked("1\r\n{}\r\n0\r\n\r\n"), 400),
        ("more than a body may have", chunked(&endless), 413),
        ("a length of more than a body may have", post("content-length: 99999999\r\nconnection: close\r\n", "{"), 413),
    ] {
        let (answered, head, body) = said(&app, &bytes, PATIENCE).await;
        assert_eq!(answered, status, "{what}: {head} {body}");
        let problem: Problem = serde_json::from_str(&body).unwrap_or_else(|error| panic!("{what}: {error}: {body}"));
        assert_eq!((problem.status, head.contains("application/problem+json")), (status, true), "{what}");
    }
    // Nobody reads a body there: the answer does not wait for its end, and the connection is not kept for it.
    for path in ["/healthz", "/api/v1/nowhere", "/api/v1/auth/logout"] {
        let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{{\r\n");
        let (status, head, _) = said(&app, head.as_bytes(), PATIENCE).await;
        assert!((400..500).contains(&status), "{path}: {head}");
    }
    is_well(&app).await;
}

/// SECURITY-01: a chunked body that is read to its end leaves the connection to the next request.
#[actix_web::test]
async fn chunked_bodies() {
    let app = TestApp::spawn().await;
    let body = r#"{"email":"nobody@example.com","password":"wrong horse 1"}"#;
    let request = post("transfer-encoding: chunked\r\n", &format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len()));
    let last = b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let (status, head, rest) = said(&app, &[request.as_slice(), &request, last].concat(), PATIENCE).await;
    assert_eq!(status, 401, "{head}");
    assert_eq!(rest.matches("HTTP/1.1 401").count(), 1, "{rest}");
    assert!(rest.contains("HTTP/1.1 200") && rest.ends_with("ok"), "{rest}");
}

/// SECURITY-01: whoever breaks off, or says nothing for long, holds nothing: a head has 15 seconds.
#[actix_web::test]
async fn silence() {
    let app = TestApp::spawn().await;
    let address = app.url.strip_prefix("http://").unwrap();
    for _ in 0..200 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(&post("content-length: 5000\r\n", "{\"email\":")).await.unwrap();
    }
    is_well(&app).await;
    let slow = (0..50).map(|n| {
        let beginning = format!("GET /healthz HTTP/1.1\r\nx-{n}: ");
        let app = &app;
        async move { said(app, beginning.as_bytes(), Duration::from_secs(25)).await }
    });
    for (status, head, _) in join_all(slow).await {
        assert!(status == 408, "{head}");
    }
    is_well(&app).await;
}
