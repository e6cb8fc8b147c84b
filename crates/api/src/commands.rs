//! What the `rapport` command does.

use crate::config::{Config, Servers};
use crate::db::migrate;
use crate::embedded::{self, Embedded};
use crate::features::import::workbook;
use crate::jobs;
use crate::state::{AppState, Clock};
use crate::{openapi, seed, startup};
use anyhow::Context;
use std::future::Future;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, fmt};

/// Runs a command to its end on actix's runtime.
///
/// # Errors
/// Those of the command.
pub fn run(command: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    // Two TLS providers in one process would make the first connection panic: this one is ours.
    let installed = rustls::crypto::ring::default_provider().install_default();
    drop(installed);
    start_logging();
    let system = actix_web::rt::System::with_tokio_rt(|| {
        // Workers beside the HTTP threads: a long projection must not hold up anything else.
        tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap_or_else(|error| {
            complain(&anyhow::anyhow!("no threads can be started: {error}"));
            std::process::exit(1)
        })
    });
    system.block_on(command)
}

#[expect(clippy::disallowed_methods, reason = "logging starts before the configuration is read, to report its errors")]
fn start_logging() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_e| {
        EnvFilter::new("info,tracing_actix_web=warn,actix_server=warn,graphile_worker=warn,sqlx=warn")
    });
    // The job engine would log payloads, whatever RUST_LOG says.
    let filter = match "graphile_worker::runner=off".parse() {
        Ok(directive) => filter.add_directive(directive),
        Err(_) => filter,
    };
    let registry = tracing_subscriber::registry().with(filter);
    if std::env::var("LOG_FORMAT").as_deref() == Ok("json") {
        registry.with(fmt::layer().json().with_writer(std::io::stderr)).init();
    } else {
        registry.with(fmt::layer().with_target(false).with_writer(std::io::stderr)).init();
    }
}

/// Reads a workbook in this process, which has nothing else to do.
pub fn read_workbook(file: &Path) -> ExitCode {
    match workbook::child::run(file, std::io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            let written = writeln!(std::io::stderr().lock(), "{sentence}");
            drop(written);
            ExitCode::from(workbook::child::REFUSED)
        }
    }
}

/// One clear sentence, for people who start the command by hand.
pub fn complain(error: &anyhow::Error) {
    let mut stderr = std::io::stderr().lock();
    let written = writeln!(stderr, "rapport: {error:#}");
    drop(written);
}

/// The servers that a process works with: given ones, or its own.
struct Running {
    servers: Servers,
    embedded: Option<Embedded>,
}

impl Running {
    async fn start(config: &Config) -> anyhow::Result<Self> {
        match &config.servers {
            Some(servers) => Ok(Self { servers: servers.clone(), embedded: None }),
            None => {
                let embedded = Embedded::start(&config.data_dir, embedded::Options { durable: true }).await?;
                let servers = embedded.urls().clone();
                // Our own servers are ours to migrate; others are migrated on purpose.
                let owner = servers.owner.as_ref().context("The embedded database has no owner")?;
                migrate::run(owner).await?;
                // Nobody else works with our own servers: what a killed process had in hand is free at once.
                jobs::engine::release_all(owner).await?;
                Ok(Self { servers, embedded: Some(embedded) })
            }
        }
    }

    async fn stop(self) {
        if let Some(embedded) = self.embedded {
            embedded.stop().await;
        }
    }
}

/// Serves until SIGTERM or SIGINT; then finishes the requests and jobs in hand.
///
/// # Errors
/// The configuration is wrong, the port is taken, or a server cannot be reached.
pub async fn serve(demo: bool) -> anyhow::Result<()> {
    let config = Config::from_env()?;
    // The port first: a second start must fail before it touches anything.
    let listener = startup::listen(&config)?;
    let running = Running::start(&config).await?;
    let result = serve_on(config, listener, &running.servers, demo).await;
    running.stop().await;
    result
}

async fn serve_on(
    config: Config,
    listener: std::net::TcpListener,
    servers: &Servers,
    demo: bool,
) -> anyhow::Result<()> {
    let state = startup::state(config, servers, Clock::system()).await?;
    let new_demo = if demo { seed::run(&state).await? } else { None };
    let application = startup::build(state.clone(), listener)?;
    announce(&state, application.address, new_demo.as_ref());
    let stop = CancellationToken::new();
    let workers = state.config.workers.then(|| tokio::spawn(crate::workers::run(state.clone(), stop.clone())));
    let handle = application.server.handle();
    let serving = tokio::spawn(application.server);
    stopped_by_signal().await?;
    state.live.close_all();
    tracing::info!("stopping: requests and jobs in hand are finished first");
    handle.stop(true).await;
    serving.await.context("The server task failed")??;
    stop.cancel();
    if let Some(workers) = workers {
        workers.await.context("The workers failed")?;
    }
    Ok(())
}

/// Tells people where to go.
fn announce(state: &AppState, address: std::net::SocketAddr, demo: Option<&seed::Demo>) {
    let mut out = std::io::stdout().lock();
    let mut text = format!(
        "\n  Rapport is ready: {}\n  API documentation: {}api/docs\n",
        state.config.public_url, state.config.public_url
    );
    if let Some(demo) = demo {
        text.push_str(&format!("  Demo sign-in:      {}  {}\n", demo.email, demo.password));
    }
    let written = writeln!(out, "{text}");
    drop(written);
    tracing::info!(%address, "listening");
}

/// Runs the workers until SIGTERM or SIGINT.
///
/// # Errors
/// The configuration is wrong, or a server cannot be reached.
pub async fn worker() -> anyhow::Result<()> {
    let config = Config::from_env()?;
    let servers = config.servers.clone().context(
        "A separate worker needs servers that it can share: set DATABASE_URL, DATABASE_WORKER_URL and REDIS_URL",
    )?;
    let state = startup::state(config, &servers, Clock::system()).await?;
    let stop = CancellationToken::new();
    let workers = tokio::spawn(crate::workers::run(state, stop.clone()));
    stopped_by_signal().await?;
    stop.cancel();
    workers.await.context("The workers failed")
}

async fn stopped_by_signal() -> anyhow::Result<()> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// Brings the schema up to date.
///
/// # Errors
/// The database cannot be reached as its owner, or a migration fails.
pub async fn migrate() -> anyhow::Result<()> {
    let config = Config::from_env()?;
    match &config.servers {
        Some(servers) => {
            let owner = servers.owner.as_ref().context("Set DATABASE_OWNER_URL to migrate")?;
            migrate::run(owner).await
        }
        None => {
            // Starting migrates.
            Running::start(&config).await?.stop().await;
            Ok(())
        }
    }
}

/// Makes the demo organization.
///
/// # Errors
/// The configuration is wrong, or a server cannot be reached.
pub async fn seed() -> anyhow::Result<()> {
    let config = Config::from_env()?;
    let running = Running::start(&config).await?;
    let result = async {
        let state = startup::state(config, &running.servers, Clock::system()).await?;
        let text = match seed::run(&state).await? {
            Some(demo) => format!("Demo sign-in: {}  {}", demo.email, demo.password),
            None => "The demo organization is already there.".to_owned(),
        };
        writeln!(std::io::stdout(), "{text}").context("The answer cannot be printed")
    }
    .await;
    running.stop().await;
    result
}

/// Prints the OpenAPI document.
///
/// # Errors
/// It cannot be printed.
pub fn openapi() -> anyhow::Result<()> {
    std::io::stdout().write_all(openapi::json()?.as_bytes()).context("The document cannot be printed")
}

/// Starts throw-away servers and stays until a signal.
///
/// # Errors
/// They cannot be started.
pub async fn dev_servers(data_dir: &Path) -> anyhow::Result<()> {
    embedded::run_dev_servers(data_dir, &mut std::io::stdout()).await
}
