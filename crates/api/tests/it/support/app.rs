//! The real application on a free port.

use super::{Member, install_tls};
use api::config::{Config, Servers};
use api::http::origin::TrustedProxies;
use api::startup;
use api::state::{AppState, Clock};
use secrecy::SecretString;
use std::path::PathBuf;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// A running server, with workers where asked for. It stops when dropped.
pub struct TestApp {
    /// `http://127.0.0.1:<port>`.
    pub url: String,
    /// The server's state, to look behind the API.
    pub state: AppState,
    stop: CancellationToken,
}

/// The servers that `make unit` has started.
pub fn servers() -> Servers {
    let var = |name: &str| {
        let value = std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run the tests with `make unit`"));
        SecretString::from(value)
    };
    Servers {
        app: var("DATABASE_URL"),
        worker: var("DATABASE_WORKER_URL"),
        owner: Some(var("DATABASE_OWNER_URL")),
        redis: var("REDIS_URL"),
    }
}

fn config() -> Config {
    Config {
        bind: [127, 0, 0, 1].into(),
        port: 0,
        data_dir: std::env::temp_dir().join("rapport-tests"),
        public_url: "http://127.0.0.1".parse().unwrap(),
        servers: None,
        // One prefix for all tests: a worker of any test may serve the events of any other.
        redis_prefix: "test:".to_owned(),
        storage_url: None,
        database_pool: 4,
        session_idle: Duration::from_secs(3600),
        session_max: Duration::from_secs(24 * 3600),
        lockout_failures: 5,
        lockout: Duration::from_secs(900),
        // All tests come from one address.
        sign_in_rate: 0,
        trusted_proxies: TrustedProxies::default(),
        event_retention: None,
        program: env!("CARGO_BIN_EXE_rapport").into(),
        workers: false,
        http_workers: Some(1),
    }
}

impl TestApp {
    /// A server without workers.
    pub async fn spawn() -> Self {
        Self::with(|_| {}, Clock::system()).await
    }

    /// A server with changed configuration or clock.
    pub async fn with(change: impl FnOnce(&mut Config), clock: Clock) -> Self {
        install_tls();
        let mut config = config();
        change(&mut config);
        let state = startup::state(config, &servers(), clock).await.unwrap();
        let listener = startup::listen(&state.config).unwrap();
        let application = startup::build(state.clone(), listener).unwrap();
        let url = format!("http://{}", application.address);
        let handle = application.server.handle();
        tokio::spawn(application.server);
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        tokio::spawn(async move {
            stopped.cancelled().await;
            handle.stop(false).await;
        });
        Self { url, state, stop }
    }

    /// An organization of its own; the owner is signed in.
    pub async fn owner(&self) -> Member {
        let email = format!("owner-{}@example.com", Uuid::now_v7());
        Member::register(&self.url, "Test organization", "Olive Owner", &email).await
    }

    /// A file of the test data in `e2e/data`.
    pub fn data(name: &str) -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../e2e/data").join(name)
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
