//! A server as a child process, and the watchdog that ends it.

use super::user::User;
use anyhow::{Context, bail};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

const START_TIMEOUT: Duration = Duration::from_secs(60);
const STOP_TIMEOUT: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(25);
/// Lines of a server's log that an error message quotes.
const LOG_LINES: usize = 5;
/// The log of the run before is kept under another name once it is longer than this.
const LOG_BYTES: u64 = 1_000_000;

/// A running server.
///
/// The watchdog is a shell that waits for the end of its input, whose other end this process holds. Closing it, or the
/// death of this process in any way, makes the shell send the server its signal to stop.
#[derive(Debug)]
pub(super) struct Server {
    name: &'static str,
    child: Child,
    watchdog: Child,
    log: PathBuf,
}

impl Server {
    /// Starts `command` as a server that stops on `signal`. Its output goes to `log`.
    pub fn spawn(name: &'static str, mut command: Command, signal: &str, log: &Path) -> anyhow::Result<Self> {
        rotate(log)?;
        let out = File::options()
            .create(true)
            .append(true)
            .open(log)
            .with_context(|| format!("{} cannot be written", log.display()))?;
        command
            .stdin(Stdio::null())
            .stdout(out.try_clone()?)
            .stderr(out)
            .current_dir("/")
            // A group of its own: Ctrl-C is for this process, which finishes requests before it stops the servers.
            .process_group(0);
        let child = command.spawn().with_context(|| format!("{name} cannot be started"))?;
        let pid = child.id().with_context(|| format!("{name} ended at once"))?;
        let watchdog = Command::new("/bin/sh")
            .args(["-c", "read -r _; kill -s \"$1\" \"$2\"", "sh", signal, &pid.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| format!("The watchdog of {name} cannot be started"))?;
        Ok(Self { name, child, watchdog, log: log.to_owned() })
    }

    /// Waits until `probe` succeeds.
    ///
    /// # Errors
    /// The server ended, or did not answer in time; the message quotes the end of its log.
    pub async fn ready<T, E: std::fmt::Display>(&mut self, probe: impl AsyncFn() -> Result<T, E>) -> anyhow::Result<T> {
        let deadline = Instant::now() + START_TIMEOUT;
        loop {
            let last = match probe().await {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            if let Some(status) = self.child.try_wait()? {
                bail!("{} did not start ({status}): {}", self.name, last_lines(&self.log));
            }
            if Instant::now() >= deadline {
                bail!("{} does not answer ({last}): {}", self.name, last_lines(&self.log));
            }
            sleep(POLL).await;
        }
    }

    /// Stops the server and waits for its end.
    pub async fn stop(mut self) {
        drop(self.watchdog.stdin.take());
        // The watchdog's only duty is one signal; how that went shows in the server's end.
        let _ = self.watchdog.wait().await;
        match timeout(STOP_TIMEOUT, self.child.wait()).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                tracing::warn!(server = self.name, %error, "its end could not be seen")
            }
            Err(_elapsed) => {
                tracing::warn!(server = self.name, "did not stop in time and is killed");
                if let Err(error) = self.child.kill().await {
                    tracing::warn!(server = self.name, %error, "could not be killed");
                }
            }
        }
    }
}

/// A command that runs a server's program as the right user, free of the caller's settings for its clients.
pub(super) fn program(path: &Path, user: Option<User>) -> Command {
    let mut command = Command::new(path);
    command.current_dir("/").env("LC_ALL", "C.UTF-8");
    for variable in ["PGDATA", "PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGOPTIONS", "PGSERVICE"] {
        command.env_remove(variable);
    }
    if let Some(user) = user {
        user.apply(&mut command);
    }
    command
}

/// Runs a short command silently; whether it succeeded.
pub(super) async fn succeeds(mut command: Command) -> anyhow::Result<bool> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    Ok(command.status().await.with_context(|| format!("{:?} cannot be run", command.as_std().get_program()))?.success())
}

/// Runs a short command; its output on success.
///
/// # Errors
/// It cannot be run, or fails; the message quotes the end of what it said.
pub(super) async fn output(mut command: Command) -> anyhow::Result<String> {
    command.stdin(Stdio::null());
    let name = PathBuf::from(command.as_std().get_program());
    let done = command.output().await.with_context(|| format!("{} cannot be run", name.display()))?;
    if !done.status.success() {
        bail!("{} failed: {}", name.display(), tail(&String::from_utf8_lossy(&done.stderr)));
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

/// The first folder of `PATH` that has the program.
pub(super) fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(name)).find(|file| file.is_file())
}

fn rotate(log: &Path) -> anyhow::Result<()> {
    if log.metadata().is_ok_and(|meta| meta.len() > LOG_BYTES) {
        std::fs::rename(log, log.with_extension("log.old"))?;
    }
    Ok(())
}

fn last_lines(log: &Path) -> String {
    match std::fs::read(log) {
        Ok(bytes) => format!("{} (the log is {})", tail(&String::from_utf8_lossy(&bytes)), log.display()),
        Err(error) => format!("its log {} cannot be read: {error}", log.display()),
    }
}

/// The last lines of a text, as one line.
fn tail(text: &str) -> String {
    let mut lines: Vec<_> = text.lines().rev().map(str::trim).filter(|line| !line.is_empty()).take(LOG_LINES).collect();
    lines.reverse();
    lines.join(" / ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_quotes_the_last_lines_that_say_something() {
        assert_eq!(tail("1\n2\n3\n\n4\n5\n  6  \n\n"), "2 / 3 / 4 / 5 / 6");
        assert_eq!(tail(""), "");
    }

    #[tokio::test]
    async fn a_server_that_ends_at_once_is_reported_with_its_log() {
        let log = std::env::temp_dir().join(format!("rapport-process-{}.log", uuid::Uuid::now_v7()));
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "echo no such option >&2; exit 3"]);
        let mut server = Server::spawn("Thing", command, "TERM", &log).unwrap();
        let error = server.ready(async || Err::<(), _>("not yet")).await.unwrap_err().to_string();
        server.stop().await;
        std::fs::remove_file(&log).unwrap();
        assert!(error.contains("Thing did not start") && error.contains("no such option"), "{error}");
    }

    /// Closing the watchdog's input is all that a crash of this process does, too.
    #[tokio::test]
    async fn the_watchdog_stops_the_server() {
        let log = std::env::temp_dir().join(format!("rapport-process-{}.log", uuid::Uuid::now_v7()));
        let mut command = Command::new("/bin/sleep");
        command.arg("600");
        let mut server = Server::spawn("Thing", command, "TERM", &log).unwrap();
        server.ready(async || Ok::<_, String>(())).await.unwrap();
        drop(server.watchdog.stdin.take());
        let ended = timeout(Duration::from_secs(10), server.child.wait()).await;
        std::fs::remove_file(&log).unwrap();
        assert!(!ended.unwrap().unwrap().success());
    }
}
