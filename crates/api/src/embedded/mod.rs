//! Private PostgreSQL and Redis for a machine without servers of its own. Where no server is configured, the process
//! looks after both under its data folder: it creates, starts and stops them, from the binaries that it finds.
//!
//! They listen on Unix sockets that only this user may open. Data stays between runs. A watchdog stops them when this
//! process dies, however it dies, and a start finds and stops what an interrupted run may still have left.

mod credentials;
mod dev;
mod layout;
mod postgres;
mod process;
mod redis;
mod user;

pub use dev::run_dev_servers;

use crate::config::Servers;
use anyhow::Context;
use layout::Layout;
use process::Server;
use std::fs::{File, TryLockError};
use std::path::Path;
use user::User;

/// How the servers run.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// `true`: what was committed survives a power cut. `false`: fast, for tests, which throw the data away;
    /// then more connections are allowed, and the owner role may create databases.
    pub durable: bool,
}

/// A running private PostgreSQL and Redis. Dropping it without [`Embedded::stop`] stops them too, but does not wait.
#[derive(Debug)]
pub struct Embedded {
    servers: Servers,
    postgres: Server,
    redis: Server,
    // Held for as long as the servers are ours.
    _lock: File,
}

impl Embedded {
    /// Starts both servers with their data under `data_dir`; the first time it creates the cluster, the roles
    /// `rapport_owner`, `rapport_app` and `rapport_worker`, and the database `rapport`.
    ///
    /// # Errors
    /// Another process uses `data_dir`, a server's binaries are missing, or a server does not start.
    pub async fn start(data_dir: &Path, options: Options) -> anyhow::Result<Self> {
        let lock = lock(data_dir)?;
        let user = User::for_servers(&lock)?;
        let layout = Layout::prepare(data_dir, user).await?;
        let (postgres, urls) = postgres::start(&layout, user, options).await?;
        let (redis, redis_url) = match redis::start(&layout, user, options).await {
            Ok(started) => started,
            Err(error) => {
                postgres.stop().await;
                return Err(error);
            }
        };
        let servers = Servers { app: urls.app, worker: urls.worker, owner: Some(urls.owner), redis: redis_url };
        Ok(Self { servers, postgres, redis, _lock: lock })
    }

    /// Addresses of the servers, with the secrets of the roles.
    pub fn urls(&self) -> &Servers {
        &self.servers
    }

    /// Stops both servers and waits until their data is safe. Close all connections first: PostgreSQL drops open ones.
    pub async fn stop(self) {
        tokio::join!(self.postgres.stop(), self.redis.stop());
    }
}

/// Two processes on one cluster would each stop the other's servers, so the second one is refused.
fn lock(data_dir: &Path) -> anyhow::Result<File> {
    let shown = data_dir.display();
    std::fs::create_dir_all(data_dir).with_context(|| format!("The data folder {shown} cannot be created"))?;
    let file = File::options()
        .create(true)
        .append(true)
        .open(data_dir.join("lock"))
        .with_context(|| format!("The data folder {shown} cannot be written"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => anyhow::bail!(
            "Another Rapport process uses the data folder {shown}; stop it or choose another folder with DATA_DIR."
        ),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("The data folder {shown} cannot be locked"))
        }
    }
}

#[cfg(test)]
mod tests;
