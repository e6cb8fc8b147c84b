//! The server as a process of its own, with private servers of its own.

use super::Member;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use uuid::Uuid;

/// A folder that goes when the test ends.
pub struct Folder(pub PathBuf);

impl Folder {
    /// A new one.
    pub fn new() -> Self {
        Self(std::env::temp_dir().join(format!("rapport-process-{}", Uuid::now_v7().simple())))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A running `rapport`.
pub struct Process {
    child: Child,
    /// `http://127.0.0.1:<port>`.
    pub url: String,
    /// Everything it has printed.
    printed: Arc<Mutex<Vec<String>>>,
}

/// A command without anything of this test run's servers in its environment.
fn command(arguments: &[&str], data: &Path, environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapport"));
    for name in ["DATABASE_URL", "DATABASE_WORKER_URL", "DATABASE_OWNER_URL", "REDIS_URL", "RUST_LOG", "LOG_FORMAT"] {
        command.env_remove(name);
    }
    command.args(arguments).env("DATA_DIR", data).env("SIGN_IN_RATE", "0").envs(environment.iter().copied());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// Runs it to its end; returns whether it was content, and what it said to people.
pub async fn run(arguments: &[&str], data: &Path, environment: &[(&str, &str)]) -> (bool, String) {
    let done = command(arguments, data, environment).output().await.unwrap();
    (done.status.success(), String::from_utf8(done.stderr).unwrap())
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn collect(from: impl AsyncRead + Unpin + Send + 'static, into: &Arc<Mutex<Vec<String>>>) {
    let into = into.clone();
    tokio::spawn(async move {
        let mut lines = BufReader::new(from).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            into.lock().unwrap().push(line);
        }
    });
}

impl Process {
    /// Serves, once it is ready.
    pub async fn serve(data: &Path, environment: &[(&str, &str)]) -> Self {
        let port = free_port();
        let mut command = command(&["serve"], data, environment);
        let mut child = command.env("PORT", port.to_string()).spawn().unwrap();
        let printed = Arc::new(Mutex::new(Vec::new()));
        collect(child.stdout.take().unwrap(), &printed);
        collect(child.stderr.take().unwrap(), &printed);
        let mut process = Self { child, url: format!("http://127.0.0.1:{port}"), printed };
        let end = Instant::now() + Duration::from_secs(60);
        while process.get("/readyz").await != Some(200) {
            let said = process.printed().join("\n");
            assert!(process.child.try_wait().unwrap().is_none(), "it has ended: {said}");
            assert!(Instant::now() < end, "it does not get ready: {said}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        process
    }

    /// The status of an address outside the API; `None` when nobody answers.
    pub async fn get(&self, path: &str) -> Option<u16> {
        Member::nobody(&self.url)
            .client
            .get(format!("{}{path}", self.url))
            .send()
            .await
            .ok()
            .map(|r| r.status().as_u16())
    }

    /// Asks it to stop.
    pub fn terminate(&self) {
        let id = self.child.id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    /// Kills it where it stands.
    pub async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    /// Waits for its end.
    pub async fn ended(&mut self) -> ExitStatus {
        let ended = tokio::time::timeout(Duration::from_secs(40), self.child.wait()).await;
        ended.unwrap_or_else(|_| panic!("it does not stop: {}", self.printed().join("\n"))).unwrap()
    }

    /// Everything it has printed so far.
    pub fn printed(&self) -> Vec<String> {
        self.printed.lock().unwrap().clone()
    }
}

/// Kills the private server whose command line has all of these words.
pub fn kill_server(words: &[&str]) {
    let mut killed = 0;
    for entry in std::fs::read_dir("/proc").unwrap().filter_map(Result::ok) {
        let Ok(id) = entry.file_name().to_string_lossy().parse::<u32>() else { continue };
        let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        if words.iter().all(|word| line.contains(word)) && id != std::process::id() {
            killed += u32::from(
                std::process::Command::new("kill").args(["-KILL", &id.to_string()]).status().unwrap().success(),
            );
        }
    }
    assert!(killed > 0, "no process has {words:?}");
}
