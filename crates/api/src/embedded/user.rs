//! The operating-system user that the servers run as.

use anyhow::Context;
use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use tokio::process::Command;

/// Users that a root process may hand the servers to, best first.
const CANDIDATES: [&str; 2] = ["postgres", "nobody"];

/// An unprivileged user. PostgreSQL refuses to run as root, and Redis has no need to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct User {
    uid: u32,
    gid: u32,
}

impl User {
    /// The user to drop to; `None` when this process is not root and the servers run as itself.
    /// `ours` is a file that this process made or may lock, which tells who it is.
    pub fn for_servers(ours: &File) -> anyhow::Result<Option<Self>> {
        let process = Path::new("/proc/self");
        let uid = if process.exists() { process.metadata()?.uid() } else { ours.metadata()?.uid() };
        if uid != 0 {
            return Ok(None);
        }
        let passwd = std::fs::read_to_string("/etc/passwd").context("The list of users cannot be read")?;
        CANDIDATES
            .iter()
            .find_map(|name| find(&passwd, name))
            .map(Some)
            .context("PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it as")
    }

    /// Makes `command` run as this user.
    pub fn apply(self, command: &mut Command) {
        command.uid(self.uid).gid(self.gid);
    }

    /// Gives a file or folder to this user.
    pub fn own(self, path: &Path) -> anyhow::Result<()> {
        std::os::unix::fs::chown(path, Some(self.uid), Some(self.gid))
            .with_context(|| format!("{} cannot be given to the servers' user", path.display()))
    }

    /// The number of this user.
    pub fn uid(self) -> u32 {
        self.uid
    }
}

/// Looks a user up in the text of a passwd file.
fn find(passwd: &str, name: &str) -> Option<User> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next() != Some(name) {
            return None;
        }
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some(User { uid, gid })
    })
}

#[cfg(test)]
mod tests {
    use super::{User, find};

    #[test]
    fn finds_a_user_by_its_whole_name() {
        let passwd = "root:x:0:0:root:/root:/bin/bash\npostgres2:x:7:7::/:\npostgres:x:104:111:PostgreSQL:/var/lib:/bin/sh\nbad:x:y:1::/:";
        assert_eq!(find(passwd, "postgres"), Some(User { uid: 104, gid: 111 }));
        assert_eq!(find(passwd, "nobody"), None);
        assert_eq!(find(passwd, "bad"), None);
    }
}
