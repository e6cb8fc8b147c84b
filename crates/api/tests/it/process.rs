//! The server as operators meet it: a process that is started, asked for its health, and stopped.

use crate::support::process::{Folder, Process, kill_server, run};
use crate::support::{Member, PASSWORD, eventually, servers};
use api::embedded::{Embedded, Options};
use secrecy::ExposeSecret;
use serde_json::{Value as Json, json};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request of which only the beginning is sent.
struct Unfinished(TcpStream);

impl Unfinished {
    async fn send(url: &str, body: &str) -> Self {
        let address = url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "POST /api/v1/auth/login HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n",
            body.len()
        );
        let (first, _) = body.split_at(body.len() / 2);
        stream.write_all(head.as_bytes()).await.unwrap();
        // Once it says so, the server has the request in hand.
        let go_on = b"HTTP/1.1 100 Continue\r\n\r\n";
        let mut heard = vec![0; go_on.len()];
        stream.read_exact(&mut heard).await.unwrap();
        assert_eq!(heard, go_on);
        stream.write_all(first.as_bytes()).await.unwrap();
        Self(stream)
    }

    /// Sends the rest and reads the answer.
    async fn finish(mut self, body: &str) -> String {
        let (_, rest) = body.split_at(body.len() / 2);
        self.0.write_all(rest.as_bytes()).await.unwrap();
        let mut answer = String::new();
        tokio::time::timeout(Duration::from_secs(20), self.0.read_to_string(&mut answer)).await.unwrap().unwrap();
        answer
    }
}

/// PLATFORM-13, SECURITY-01: when it is asked to stop, the request in hand is answered and the job in hand saves how far
/// it came; the next start goes on with it, no row is lost or doubled. Every log line of a request has its id, and no
/// line has a secret or an address, whatever is logged.
#[actix_web::test]
async fn stops_with_nothing_lost_and_nothing_told() {
    let data = Folder::new();
    let log = [("LOG_FORMAT", "json"), ("RUST_LOG", "debug")];
    let mut first = Process::serve(&data.0, &log).await;
    let owner = Member::register(&first.url, "Process", "Olive Owner", "olive@process.example").await;
    let refused = owner.post("/auth/login", &json!({"email": owner.email, "password": "wrong password 9"})).await;
    refused.expect(401);
    let invitation = owner.post("/invitations", &json!({"email": "ines@process.example", "role": "member"})).await;
    let link = invitation.expect(201).json()["link"].as_str().unwrap().to_owned();
    let token = link.rsplit('/').next().unwrap().to_owned();
    let session = Member::nobody(&first.url);
    let sign_in = json!({"email": owner.email, "password": PASSWORD});
    let cookie = session.post("/auth/login", &sign_in).await.expect(200).headers["set-cookie"].clone();
    let cookie = cookie.to_str().unwrap().split(['=', ';']).nth(1).unwrap().to_owned();
    let broken = json!({"message": "already disposed\n{\"level\":\"forged\"}", "page": "/deals"});
    session.post("/client-errors", &broken).await.expect(204);

    // A job that takes a while, and a request that has not quite arrived.
    let rows: String = (0..4_000).map(|n| format!("Company {n:04},Retail\n")).collect();
    let preview = owner.upload("companies", "many.csv", format!("name,industry\n{rows}")).await.expect(200).json();
    let body = json!({"file_id": preview["file_id"], "plan": preview["plan"]});
    let import = format!("/import/{}", owner.post("/import", &body).await.expect(202).id());
    eventually("the import runs", async || {
        let job = owner.get(&import).await.expect(200).json();
        assert_ne!(job["status"], "completed", "it was too fast to be stopped");
        (job["processed"].as_i64().unwrap() > 0).then_some(())
    })
    .await;
    let body = sign_in.to_string();
    let unfinished = Unfinished::send(&first.url, &body).await;
    first.terminate();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let answer = unfinished.finish(&body).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains("x-request-id: "), "{answer}");
    assert!(first.ended().await.success());
    assert_eq!(first.get("/healthz").await, None, "nobody listens any more");

    let mut second = Process::serve(&data.0, &log).await;
    let owner = Member::login(&second.url, &owner.email).await;
    let job = eventually("the import is done", async || {
        let job = owner.get(&import).await.expect(200).json();
        (job["status"] == "completed").then_some(job)
    })
    .await;
    assert_eq!((&job["created"], &job["failed"]), (&json!(4_000), &json!(0)), "{job}");
    let page = owner.get("/companies?limit=1&sort_by=-name").await.expect(200).json();
    assert_eq!((&page["pagination"]["total"], &page["data"][0]["name"]), (&json!(4_000), &json!("Company 3999")));
    second.terminate();
    assert!(second.ended().await.success());

    let credentials = std::fs::read_to_string(data.0.join("servers/credentials")).unwrap();
    let mut secrets: Vec<&str> = credentials.lines().filter_map(|line| line.split_once('=').map(|(_, s)| s)).collect();
    secrets.extend([PASSWORD, "wrong password 9", &token, &cookie, "olive@process.example", "ines@process.example"]);
    let (mut of_requests, printed) = (0, [first.printed(), second.printed()].concat());
    for line in &printed {
        assert!(!secrets.iter().any(|secret| line.contains(secret)), "a secret in the log: {line}");
        let Ok(line) = serde_json::from_str::<Json>(line) else { continue };
        let spans = line["spans"].as_array().cloned().unwrap_or_default();
        if spans.iter().any(|span| span["name"] == "request") {
            assert!(spans[0]["request_id"].as_str().is_some_and(|id| !id.is_empty()), "{line}");
            of_requests += 1;
        }
    }
    assert!(of_requests > 20, "{of_requests} lines of requests:\n{}", printed.join("\n"));
    let told = printed.iter().filter(|line| line.contains("the web app stopped")).collect::<Vec<_>>();
    assert!(told.len() == 1 && told[0].contains("already disposed {"), "an error of the web app is one line: {told:?}");
    let text = printed.join("\n");
    assert!(text.contains(&format!("\"org.id\":\"{}\"", owner.org_id())), "who acts where stands on the lines");
}

/// PLATFORM-13: `/readyz` tells which server is missing, requests are refused with 503 and a request id, and the process
/// lives and stops all the same.
#[actix_web::test]
async fn tells_when_a_server_is_missing() {
    let data = Folder::new();
    let mut process = Process::serve(&data.0, &[("LOG_FORMAT", "json")]).await;
    let owner = Member::register(&process.url, "Process", "Olive", "olive@process.example").await;
    let health = async || owner.get("/health").await;
    let well = json!({"ready": true, "database": true, "migrations": true, "redis": true});
    assert_eq!(health().await.expect(200).json(), well);
    let home = std::fs::canonicalize(data.0.join("servers")).unwrap();
    let home = home.to_str().unwrap();

    kill_server(&["redis-server", home]);
    assert_eq!(process.get("/readyz").await, Some(503));
    let ill = json!({"ready": false, "database": true, "migrations": true, "redis": false});
    assert_eq!(health().await.expect(503).json(), ill);
    let refused = owner.get("/companies").await.expect(503);
    assert_eq!(refused.problem().code.as_str(), "unavailable");
    assert!(refused.headers.contains_key("retry-after"));

    kill_server(&["postgres", "-D", home]);
    let ill = json!({"ready": false, "database": false, "migrations": false, "redis": false});
    // Sessions of a killed PostgreSQL answer until they notice.
    eventually("the database is missed as well", async || {
        let answer = health().await.expect(503);
        (answer.json() == ill).then_some(())
    })
    .await;
    assert_eq!(process.get("/healthz").await, Some(200));
    let refused = owner.post("/auth/login", &json!({"email": owner.email, "password": PASSWORD})).await.expect(503);
    let id = refused.problem().request_id;
    eventually("the reason is in the log, under the request's id", async || {
        process.printed().iter().any(|line| line.contains(&id) && line.contains("request failed")).then_some(())
    })
    .await;
    process.terminate();
    process.ended().await;
}

/// TENANCY-12: neither the server nor a worker runs with a role that row-level security does not bind; wrong settings
/// are all told at once.
#[actix_web::test]
async fn refuses_what_is_not_safe() {
    let data = Folder::new();
    let servers = servers();
    let owner = servers.owner.as_ref().unwrap().expose_secret();
    let (app, worker, redis) =
        (servers.app.expose_secret(), servers.worker.expose_secret(), servers.redis.expose_secret());
    for (command, app, worker) in [("serve", owner, worker), ("serve", app, owner), ("worker", owner, worker)] {
        let environment = [("DATABASE_URL", app), ("DATABASE_WORKER_URL", worker), ("REDIS_URL", redis), ("PORT", "0")];
        let (content, said) = run(&[command], &data.0, &environment).await;
        assert!(!content && said.contains("connect as rapport_app"), "{command}: {said}");
        assert!(!said.contains(owner), "the address has a password: {said}");
    }
    // The superuser of a cluster of ours, whose password nobody is told.
    let embedded = Embedded::start(&data.0, Options { durable: false }).await.unwrap();
    let credentials = std::fs::read_to_string(data.0.join("servers/credentials")).unwrap();
    let password = credentials.lines().find_map(|line| line.strip_prefix("postgres=")).unwrap();
    let ours = embedded.urls();
    let superuser = ours.app.expose_secret().replacen("rapport_app:", "postgres:", 1);
    let known = credentials.lines().find_map(|line| line.strip_prefix("rapport_app=")).unwrap();
    let superuser = superuser.replacen(known, password, 1);
    let (app, worker, redis) = (ours.app.expose_secret(), ours.worker.expose_secret(), ours.redis.expose_secret());
    let elsewhere = Folder::new();
    for (app, worker) in [(superuser.as_str(), worker), (app, superuser.as_str())] {
        let environment = [("DATABASE_URL", app), ("DATABASE_WORKER_URL", worker), ("REDIS_URL", redis), ("PORT", "0")];
        let (content, said) = run(&["serve"], &elsewhere.0, &environment).await;
        assert!(!content && said.contains("role postgres") && said.contains("connect as rapport_app"), "{said}");
        assert!(!said.contains(password), "the address has a password: {said}");
    }
    embedded.stop().await;
    let app = servers.app.expose_secret();
    let wrong = [
        ("PORT", "many"),
        ("WORKERS", "perhaps"),
        ("PUBLIC_URL", "http://crm.example.com"),
        ("TRUSTED_PROXIES", "proxy.example"),
        ("EVENT_RETENTION_DAYS", "long"),
        ("DATABASE_URL", app),
    ];
    let (content, said) = run(&["serve"], &data.0, &wrong).await;
    assert!(!content);
    for (name, _) in wrong {
        assert!(said.contains(name), "{name}: {said}");
    }
}
