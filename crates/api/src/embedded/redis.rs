//! The private Redis (or Valkey).

use super::Options;
use super::layout::Layout;
use super::process::{Server, on_path, program};
use super::user::User;
use anyhow::Context;
use secrecy::SecretString;
use std::path::Path;
use url::Url;

/// Starts Redis and returns it with its address.
pub(super) async fn start(
    layout: &Layout,
    user: Option<User>,
    options: Options,
) -> anyhow::Result<(Server, SecretString)> {
    let binary = ["redis-server", "valkey-server"].into_iter().find_map(on_path).context(
        "Redis is missing: install redis-server or valkey-server (on Debian: apt-get install redis-server), or set DATABASE_URL, DATABASE_WORKER_URL and REDIS_URL to servers of your own.",
    )?;
    let socket = layout.redis_socket();
    let url = socket_url(&socket)?;
    stop_left_over(&url, &socket).await;

    let mut command = program(&binary, user);
    // No TCP port: only the socket, in a folder that is closed to other users.
    command.args(["--port", "0", "--daemonize", "no", "--unixsocketperm", "700", "--save", ""]);
    command.args(["--appendonly", if options.durable { "yes" } else { "no" }]);
    command.arg("--unixsocket").arg(&socket).arg("--dir").arg(&layout.redis);
    let mut server = Server::spawn("Redis", command, "TERM", &layout.redis_log)?;
    let client = ::redis::Client::open(url.as_str())?;
    let answered = server
        .ready(async || {
            let mut connection = client.get_multiplexed_async_connection().await?;
            // While it loads its data it accepts connections and refuses commands.
            ::redis::cmd("PING").query_async::<String>(&mut connection).await
        })
        .await;
    match answered {
        Ok(_pong) => Ok((server, SecretString::from(url))),
        Err(error) => {
            server.stop().await;
            Err(error)
        }
    }
}

/// The lock on the data folder is ours, so whoever still listens was left behind by a run that was killed.
async fn stop_left_over(url: &str, socket: &Path) {
    if !socket.exists() {
        return;
    }
    let Ok(client) = ::redis::Client::open(url) else {
        return;
    };
    if let Ok(mut connection) = client.get_multiplexed_async_connection().await {
        tracing::info!("stopping the Redis of an interrupted run");
        // It answers by closing the connection.
        let _ = ::redis::cmd("SHUTDOWN").query_async::<()>(&mut connection).await;
        while client.get_multiplexed_async_connection().await.is_ok() {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }
}

fn socket_url(socket: &Path) -> anyhow::Result<String> {
    let file =
        Url::from_file_path(socket).ok().with_context(|| format!("{} is not an absolute path", socket.display()))?;
    Ok(format!("redis+unix://{}", file.path()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::redis::{ConnectionAddr, IntoConnectionInfo};

    #[test]
    fn the_address_names_the_socket_whatever_its_path() {
        for path in ["/data/servers/run/redis.sock", "/my data/ü#?%/redis.sock"] {
            let info = socket_url(Path::new(path)).unwrap().as_str().into_connection_info().unwrap();
            assert_eq!(info.addr(), &ConnectionAddr::Unix(path.into()));
        }
        assert!(socket_url(Path::new("relative/redis.sock")).is_err());
    }
}
