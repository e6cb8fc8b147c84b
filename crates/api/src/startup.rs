//! Putting a server together and taking it down again.

use crate::auth::session::Sessions;
use crate::config::{Config, Servers};
use crate::db::Db;
use crate::http::middleware::{acceptable, headers, problems, same_site};
use crate::http::span::RequestSpan;
use crate::http::unread::unread;
use crate::realtime::Live;
use crate::router;
use crate::state::{AppState, Clock};
use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, HttpServer, web};
use anyhow::Context;
use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use redis::aio::ConnectionManagerConfig;
use secrecy::ExposeSecret;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tracing_actix_web::TracingLogger;

/// How long a client may take to send the headers of a request.
const CLIENT_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a connection stays open between two requests: longer than proxies keep theirs (60 s), so that it is they who
/// close it and no request is sent on one that is just being closed.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long an answer of Redis may take: a pause of the machine is no reason to refuse a request.
const REDIS_TIMEOUT: Duration = Duration::from_secs(5);
/// How long requests in hand may take when the server stops, in seconds.
const SHUTDOWN_SECONDS: u64 = 30;

/// Connects to everything a server needs.
///
/// # Errors
/// PostgreSQL or Redis cannot be reached, or the database role is too powerful.
pub async fn state(config: Config, servers: &Servers, clock: Clock) -> anyhow::Result<AppState> {
    let db = Db::connect(&servers.app, &servers.worker, config.database_pool).await?;
    let client = redis::Client::open(servers.redis.expose_secret()).context("REDIS_URL is wrong")?;
    let patience = ConnectionManagerConfig::new()
        .set_response_timeout(Some(REDIS_TIMEOUT))
        // A request waits for one more attempt, not for a server that is gone.
        .set_number_of_retries(1)
        .set_connection_timeout(Some(REDIS_TIMEOUT));
    let redis = client.get_connection_manager_with_config(patience).await;
    let redis = redis.context("Redis (REDIS_URL) cannot be reached")?;
    let live = Live::start(client, redis.clone(), &config.redis_prefix);
    let sessions = Sessions::new(redis.clone(), &config, clock.clone());
    let files = files(&config)?;
    Ok(AppState { db, redis, live, sessions, files, config: Arc::new(config), clock })
}

fn files(config: &Config) -> anyhow::Result<Arc<dyn ObjectStore>> {
    match &config.storage_url {
        Some(text) => {
            let url = url::Url::parse(text).context("STORAGE_URL is wrong")?;
            let (store, prefix) = object_store::parse_url(&url).context("STORAGE_URL is wrong")?;
            Ok(Arc::new(object_store::prefix::PrefixStore::new(store, prefix)))
        }
        None => {
            let folder = config.data_dir.join("files");
            std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
            Ok(Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_automatic_cleanup(true)))
        }
    }
}

/// A server that listens but does not run yet.
pub struct Application {
    /// Where it listens.
    pub address: SocketAddr,
    /// Run it by awaiting it.
    pub server: Server,
}

impl std::fmt::Debug for Application {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Application").field("address", &self.address).finish_non_exhaustive()
    }
}

/// Listens on the configured address.
///
/// # Errors
/// The port is taken.
pub fn listen(config: &Config) -> anyhow::Result<TcpListener> {
    let address = SocketAddr::new(config.bind, config.port);
    TcpListener::bind(address).map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            anyhow::anyhow!("Port {} is already in use; choose another one with PORT=… .", config.port)
        }
        _ => anyhow::anyhow!("{address} cannot be used: {error}."),
    })
}

/// Builds the HTTP server.
///
/// # Errors
/// The listener cannot be used.
pub fn build(state: AppState, listener: TcpListener) -> anyhow::Result<Application> {
    let address = listener.local_addr()?;
    let workers = state.config.http_workers;
    let data = web::Data::new(state);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(data.clone())
            .wrap(from_fn(same_site))
            .wrap(from_fn(acceptable))
            .wrap(from_fn(problems))
            .wrap(Compress::default())
            .wrap(from_fn(headers))
            .wrap(TracingLogger::<RequestSpan>::new())
            .wrap(from_fn(unread))
            .configure(router::routes)
    })
    .client_request_timeout(CLIENT_TIMEOUT)
    .keep_alive(KEEP_ALIVE)
    // A compressed answer leaves in two pieces. Without this the second waits until the client has acknowledged the
    // first, which it puts off for 40 ms.
    .tcp_nodelay(true)
    .shutdown_timeout(SHUTDOWN_SECONDS)
    .disable_signals();
    let server = match workers {
        Some(n) => server.workers(n),
        None => server,
    };
    Ok(Application { address, server: server.listen(listener)?.run() })
}
