//! Where the servers keep their things.
//!
//! `DATA_DIR/servers/` holds `postgres/` (the cluster), `redis/`, `run/` (sockets), the servers' logs and their
//! credentials. Two circumstances move parts of it: see [`Layout::prepare`] and [`socket_folder`].

use super::credentials::hex;
use super::process::succeeds;
use super::user::User;
use anyhow::{Context, bail};
use sha2::{Digest, Sha256};
use std::fs::{DirBuilder, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use tokio::process::Command;

/// The kernel's limit for the path of a socket, in bytes, without the closing zero.
const SOCKET_PATH_MAX: usize = 107;
/// The longest name of a socket of ours; PostgreSQL appends `.lock` only to an ordinary file.
const LONGEST_SOCKET: &str = "/.s.PGSQL.5432";
/// Home of the servers when an unprivileged user cannot reach the data folder.
const SHARED_HOME: &str = "/var/lib/rapport";

/// Folders of the servers, all there and owned by the right user.
#[derive(Debug)]
pub(super) struct Layout {
    /// The PostgreSQL cluster; made by `initdb`.
    pub cluster: PathBuf,
    /// Redis's files.
    pub redis: PathBuf,
    /// Sockets.
    pub run: PathBuf,
    /// The roles' passwords.
    pub credentials: PathBuf,
    /// PostgreSQL's log.
    pub postgres_log: PathBuf,
    /// Redis's log.
    pub redis_log: PathBuf,
}

impl Layout {
    /// Makes what is missing.
    ///
    /// A root process runs the servers as somebody else, who cannot enter a data folder below `/root`, for instance.
    /// Then `DATA_DIR/servers` becomes a link to a folder in `/var/lib/rapport`.
    pub async fn prepare(data_dir: &Path, user: Option<User>) -> anyhow::Result<Self> {
        let data_dir =
            std::fs::canonicalize(data_dir).with_context(|| format!("{} cannot be opened", data_dir.display()))?;
        let link = data_dir.join("servers");
        if !link.exists() {
            folder(&link, 0o755)?;
        }
        let mut home = std::fs::canonicalize(&link)?;
        if let Some(user) = user
            && !may_enter(user, &home).await?
        {
            home = move_away(&link)?;
        }
        let layout = Self {
            cluster: home.join("postgres"),
            redis: home.join("redis"),
            run: socket_folder(&home),
            credentials: home.join("credentials"),
            postgres_log: home.join("postgres.log"),
            redis_log: home.join("redis.log"),
        };
        for dir in [&layout.redis, &layout.run] {
            folder(dir, 0o700)?;
            own(dir, user)?;
        }
        if layout.cluster.exists() {
            own(&layout.cluster, user)?;
        }
        Ok(layout)
    }

    /// The socket that Redis listens on.
    pub fn redis_socket(&self) -> PathBuf {
        self.run.join("redis.sock")
    }
}

/// Gives a folder and what is in it to the servers' user, where there is one. A folder that it owns already is left
/// alone: its contents were made by the server.
pub(super) fn own(dir: &Path, user: Option<User>) -> anyhow::Result<()> {
    let Some(user) = user else {
        return refuse_foreign(dir);
    };
    if dir.symlink_metadata()?.uid() == user.uid() {
        return Ok(());
    }
    if dir.symlink_metadata()?.uid() != 0 {
        bail!("{} belongs to another user; remove it or choose another folder with DATA_DIR.", dir.display());
    }
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            own(&entry.path(), Some(user))?;
        } else {
            user.own(&entry.path())?;
        }
    }
    user.own(dir)
}

/// Servers that run as this user cannot use what an earlier run as root has handed to another one.
fn refuse_foreign(dir: &Path) -> anyhow::Result<()> {
    match std::fs::read_dir(dir) {
        Ok(_) => Ok(()),
        Err(error) => Err(error).with_context(|| {
            format!(
                "{} belongs to another user (was it made by root?); choose another folder with DATA_DIR",
                dir.display()
            )
        }),
    }
}

/// Makes a folder with exactly this mode, unless it is there.
pub(super) fn folder(path: &Path, mode: u32) -> anyhow::Result<()> {
    let shown = path.display();
    match DirBuilder::new().mode(mode).create(path) {
        // The umask may have taken bits that the servers' user needs.
        Ok(()) => std::fs::set_permissions(path, Permissions::from_mode(mode))
            .with_context(|| format!("{shown}: permissions")),
        // A link here could have been planted by somebody else where the folder lies in /tmp.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            if path.symlink_metadata()?.is_dir() {
                Ok(())
            } else {
                bail!("{shown} is in the way: it is not a folder")
            }
        }
        Err(error) => Err(error).with_context(|| format!("{shown} cannot be created")),
    }
}

async fn may_enter(user: User, dir: &Path) -> anyhow::Result<bool> {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", "cd -- \"$1\"", "sh"]).arg(dir).current_dir("/");
    user.apply(&mut command);
    succeeds(command).await
}

/// Replaces the (new, still empty) folder by a link to one that everybody can reach.
fn move_away(link: &Path) -> anyhow::Result<PathBuf> {
    let shown = link.display();
    let unreachable = || format!("The servers' user cannot enter {shown}; choose another folder with DATA_DIR");
    std::fs::create_dir_all(SHARED_HOME).with_context(unreachable)?;
    let home = Path::new(SHARED_HOME).join(hex(&rand::random::<[u8; 8]>()));
    folder(&home, 0o755)?;
    std::fs::remove_dir(link).with_context(unreachable)?;
    std::os::unix::fs::symlink(&home, link).with_context(unreachable)?;
    tracing::info!(folder = %home.display(), "the data folder is closed to the servers' user; their data is kept here");
    Ok(home)
}

/// The folder for sockets: in the servers' home, or, where that path is too long for a socket, a private one in `/tmp`
/// whose name follows from the home's.
fn socket_folder(home: &Path) -> PathBuf {
    let run = home.join("run");
    if run.as_os_str().len() + LONGEST_SOCKET.len() <= SOCKET_PATH_MAX {
        return run;
    }
    let digest = Sha256::digest(home.as_os_str().as_bytes());
    PathBuf::from(format!("/tmp/rapport-{}", hex(digest.get(..10).unwrap_or_default())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_live_at_home_while_their_path_is_short_enough() {
        let home = |length: usize| PathBuf::from(format!("/{}", "d".repeat(length - 1)));
        let longest = SOCKET_PATH_MAX - LONGEST_SOCKET.len() - "/run".len();
        assert_eq!(socket_folder(&home(longest)), home(longest).join("run"));
        let moved = socket_folder(&home(longest + 1));
        assert!(moved.starts_with("/tmp") && moved.as_os_str().len() < 40, "{moved:?}");
        assert_eq!(moved, socket_folder(&home(longest + 1)));
        assert_ne!(moved, socket_folder(&home(longest + 2)));
    }

    #[test]
    fn a_link_in_place_of_a_folder_is_refused() {
        let dir = std::env::temp_dir().join(format!("rapport-layout-{}", uuid::Uuid::now_v7()));
        folder(&dir, 0o700).unwrap();
        folder(&dir, 0o700).unwrap();
        std::os::unix::fs::symlink("/tmp", dir.join("link")).unwrap();
        let refused = folder(&dir.join("link"), 0o700);
        std::fs::remove_dir_all(&dir).unwrap();
        assert!(refused.unwrap_err().to_string().contains("not a folder"));
    }
}
