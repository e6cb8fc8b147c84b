//! What every handler can reach.

use crate::auth::session::Sessions;
use crate::config::Config;
use crate::db::Db;
use crate::realtime::Live;
use chrono::{DateTime, Utc};
use object_store::ObjectStore;
use redis::aio::ConnectionManager;
use std::sync::Arc;

/// The state of one server, cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The database, behind its doors.
    pub db: Db,
    /// Redis: sessions, rate limits, live updates.
    pub redis: ConnectionManager,
    /// Live updates.
    pub live: Live,
    /// Sign-in sessions.
    pub sessions: Sessions,
    /// Uploaded and produced files.
    pub files: Arc<dyn ObjectStore>,
    /// Configuration.
    pub config: Arc<Config>,
    /// The clock.
    pub clock: Clock,
}

impl std::fmt::Debug for AppState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AppState").finish_non_exhaustive()
    }
}

/// Where the time comes from; tests set it.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Clock {
    /// The system's clock.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    pub fn system() -> Self {
        Self(Arc::new(Utc::now))
    }

    /// A clock of the caller's.
    pub fn from_fn(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// Now.
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)()
    }

    /// Today in a time zone; an unknown zone counts as UTC.
    pub fn today(&self, timezone: &str) -> chrono::NaiveDate {
        let zone: chrono_tz::Tz = timezone.parse().unwrap_or(chrono_tz::UTC);
        self.now().with_timezone(&zone).date_naive()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}
