//! The whole life of the two servers, with the real binaries.

use super::*;
use crate::db::Db;
use secrecy::ExposeSecret;
use sqlx::{Connection, Executor, PgConnection};

const FAST: Options = Options { durable: false };

struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("rapport-{name}-{}", uuid::Uuid::now_v7())))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn crypto() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

async fn redis(embedded: &Embedded) -> ::redis::aio::MultiplexedConnection {
    let client = ::redis::Client::open(embedded.urls().redis.expose_secret()).unwrap();
    client.get_multiplexed_async_connection().await.unwrap()
}

async fn owner(embedded: &Embedded) -> PgConnection {
    PgConnection::connect(embedded.urls().owner.as_ref().unwrap().expose_secret()).await.unwrap()
}

/// One folder, one process; data stays between runs; two folders do not meet.
#[tokio::test]
async fn servers_start_keep_their_data_and_stop() {
    crypto();
    let (one, two) = (Folder::new("one"), Folder::new("two"));
    let durable = Options { durable: true };
    let first = Embedded::start(&one.0, durable).await.unwrap();
    let second = Embedded::start(&two.0, FAST).await.unwrap();
    let refused = Embedded::start(&one.0, FAST).await.unwrap_err().to_string();
    assert!(refused.starts_with("Another Rapport process uses the data folder"), "{refused}");

    owner(&first).await.execute("CREATE TABLE kept AS SELECT 7 AS n").await.unwrap();
    let () = ::redis::cmd("SET").arg("kept").arg("7").query_async(&mut redis(&first).await).await.unwrap();
    let (n,): (i64,) = sqlx::query_as("SELECT count(*) FROM pg_class WHERE relname = 'kept'")
        .fetch_one(&mut owner(&second).await)
        .await
        .unwrap();
    assert_eq!(n, 0);
    let other: Option<String> = ::redis::cmd("GET").arg("kept").query_async(&mut redis(&second).await).await.unwrap();
    assert_eq!(other, None);
    second.stop().await;

    let url = first.urls().app.clone();
    first.stop().await;
    assert!(PgConnection::connect(url.expose_secret()).await.is_err());
    let again = Embedded::start(&one.0, durable).await.unwrap();
    let (n,): (i32,) = sqlx::query_as("SELECT n FROM kept").fetch_one(&mut owner(&again).await).await.unwrap();
    let value: String = ::redis::cmd("GET").arg("kept").query_async(&mut redis(&again).await).await.unwrap();
    assert_eq!((n, value.as_str()), (7, "7"));
    again.stop().await;
}

/// TENANCY-05: the roles that the servers connect as can neither bypass row-level security nor become the owner.
#[tokio::test]
async fn the_roles_of_the_servers_have_no_power() {
    crypto();
    let folder = Folder::new("roles");
    let embedded = Embedded::start(&folder.0, FAST).await.unwrap();
    let urls = embedded.urls();
    crate::db::migrate::run(urls.owner.as_ref().unwrap()).await.unwrap();
    for url in [&urls.app, &urls.worker, urls.owner.as_ref().unwrap()] {
        let mut connection = PgConnection::connect(url.expose_secret()).await.unwrap();
        let (role, superuser, bypass, inherits): (String, bool, bool, bool) = sqlx::query_as(
            "SELECT rolname::text, rolsuper, rolbypassrls, rolname <> 'rapport_owner' AND pg_has_role('rapport_owner', 'MEMBER') \
             FROM pg_roles WHERE rolname = current_user",
        )
        .fetch_one(&mut connection)
        .await
        .unwrap();
        assert!(!superuser && !bypass && !inherits, "{role}");
        connection.close().await.unwrap();
    }
    assert!(Db::connect(&urls.app, &urls.worker, 2).await.is_ok());
    let owner = urls.owner.as_ref().unwrap();
    assert!(Db::connect(owner, &urls.worker, 2).await.is_err());
    assert!(Db::connect(&urls.app, owner, 2).await.is_err());
    embedded.stop().await;
}

/// A run that was killed leaves servers at worst; the next start takes their place.
#[tokio::test]
async fn servers_of_an_interrupted_run_are_replaced() {
    crypto();
    // Long enough that the sockets move to /tmp.
    let folder = Folder::new(&"x".repeat(100));
    let Embedded { servers, postgres, redis, _lock } = Embedded::start(&folder.0, FAST).await.unwrap();
    assert!(!servers.redis.expose_secret().contains("xxxx"));
    // Keeping the handles keeps the watchdogs quiet, as if they had been killed too.
    drop(_lock);
    let again = Embedded::start(&folder.0, FAST).await.unwrap();
    owner(&again).await.execute("SELECT 1").await.unwrap();
    let pong: String = ::redis::cmd("PING").query_async(&mut self::redis(&again).await).await.unwrap();
    assert_eq!(pong, "PONG");
    again.stop().await;
    tokio::join!(postgres.stop(), redis.stop());
    let moved =
        servers.redis.expose_secret().trim_start_matches("redis+unix://").trim_end_matches("/redis.sock").to_owned();
    std::fs::remove_dir_all(moved).unwrap();
}
