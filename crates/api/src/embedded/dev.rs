//! Throw-away servers for tests and development.

use super::{Embedded, Options};
use crate::db::migrate;
use anyhow::Context;
use secrecy::{ExposeSecret, SecretString};
use std::io::Write;
use std::path::Path;
use tokio::signal::unix::{SignalKind, signal};

/// Starts both servers without durability, migrates, writes their addresses to `out` as lines of an environment file,
/// and stays until SIGTERM, SIGINT or SIGHUP; then it stops them.
///
/// # Errors
/// The servers do not start, a migration fails, or `out` cannot be written.
pub async fn run_dev_servers(data_dir: &Path, out: &mut impl Write) -> anyhow::Result<()> {
    // Before the servers: a signal while they start must not skip their end.
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let embedded = Embedded::start(data_dir, Options { durable: false }).await?;
    let served = async {
        let servers = embedded.urls();
        let owner = servers.owner.as_ref().context("The embedded database has no owner")?;
        migrate::run(owner).await?;
        let lines: [(&str, &SecretString); 4] = [
            ("DATABASE_URL", &servers.app),
            ("DATABASE_WORKER_URL", &servers.worker),
            ("DATABASE_OWNER_URL", owner),
            ("REDIS_URL", &servers.redis),
        ];
        for (name, value) in lines {
            writeln!(out, "{name}={}", value.expose_secret())?;
        }
        out.flush()?;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hang_up.recv() => {}
        }
        anyhow::Ok(())
    }
    .await;
    embedded.stop().await;
    served
}
