//! A look behind the API, as the owner of the tables.

use super::{Member, TestApp, eventually, servers};
use api::events::relay;
use secrecy::ExposeSecret;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

/// The database as its owner, who sees the rows of all organizations.
pub async fn owner() -> PgConnection {
    PgConnection::connect(servers().owner.unwrap().expose_secret()).await.unwrap()
}

/// A number that a statement with an organization as `$1` returns.
pub async fn count(sql: &'static str, org_id: Uuid) -> i64 {
    sqlx::query_scalar(sql).bind(org_id).fetch_one(&mut owner().await).await.unwrap()
}

/// Runs a statement with an organization as `$1`; returns how many rows it touched.
pub async fn execute(sql: &'static str, org_id: Uuid) -> u64 {
    sqlx::query(sql).bind(org_id).execute(&mut owner().await).await.unwrap().rows_affected()
}

/// How many wait for what a connection has locked, be it behind each other.
pub async fn waiting_for(holder: i32) -> i64 {
    let sql = "SELECT count(*) FROM pg_stat_activity a WHERE pg_blocking_pids(a.pid) && ( \
         SELECT array_agg(b.pid) || $1::int FROM pg_stat_activity b WHERE $1 = ANY (pg_blocking_pids(b.pid)))";
    sqlx::query_scalar(sql).bind(holder).fetch_one(&mut owner().await).await.unwrap()
}

/// Events that are not carried to all consumers yet.
pub const PENDING: &str = "SELECT count(*) FROM event_queue WHERE org_id = $1";

impl TestApp {
    /// Carries all events of the member's organization; other tests' workers may be at it as well.
    pub async fn carry(&self, member: &Member) {
        let org_id = member.org_id();
        eventually("all events are carried", || async {
            relay::carry(&self.state, org_id).await.unwrap();
            (count(PENDING, org_id).await == 0).then_some(())
        })
        .await;
    }
}
