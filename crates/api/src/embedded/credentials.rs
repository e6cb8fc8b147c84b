//! Passwords of the database roles, made once per cluster and kept beside it.

use anyhow::Context;
use secrecy::{ExposeSecret, SecretString};
use std::fmt::Write as _;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Passwords as lower-case hexadecimal, so that they need no quoting in SQL or in an address.
#[derive(Debug)]
pub(super) struct Credentials {
    pub superuser: SecretString,
    pub owner: SecretString,
    pub app: SecretString,
    pub worker: SecretString,
}

impl Credentials {
    /// Reads the file, or makes new passwords and writes it, readable by this user alone.
    pub fn load_or_create(file: &Path) -> anyhow::Result<Self> {
        match std::fs::read_to_string(file) {
            Ok(text) => Self::parse(&text).with_context(|| format!("{} is damaged", file.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let made = Self::generate();
                made.write(file).with_context(|| format!("{} cannot be written", file.display()))?;
                Ok(made)
            }
            Err(error) => Err(error).with_context(|| format!("{} cannot be read", file.display())),
        }
    }

    fn generate() -> Self {
        let password = || SecretString::from(hex(&rand::random::<[u8; 24]>()));
        Self { superuser: password(), owner: password(), app: password(), worker: password() }
    }

    fn named(&self) -> [(&'static str, &SecretString); 4] {
        [
            ("postgres", &self.superuser),
            ("rapport_owner", &self.owner),
            ("rapport_app", &self.app),
            ("rapport_worker", &self.worker),
        ]
    }

    fn write(&self, file: &Path) -> std::io::Result<()> {
        let mut text = String::new();
        for (role, password) in self.named() {
            text.push_str(role);
            text.push('=');
            text.push_str(password.expose_secret());
            text.push('\n');
        }
        // Complete under its final name or not there at all: the cluster cannot be opened without it.
        let part = file.with_extension("part");
        let mut out = std::fs::File::options().create(true).write(true).truncate(true).mode(0o600).open(&part)?;
        out.write_all(text.as_bytes())?;
        out.sync_all()?;
        std::fs::rename(part, file)
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let password = |role: &str| {
            text.lines()
                .filter_map(|line| line.split_once('='))
                .find(|(name, value)| {
                    *name == role && !value.is_empty() && value.bytes().all(|b| b.is_ascii_hexdigit())
                })
                .map(|(_, value)| SecretString::from(value))
                .with_context(|| format!("it has no password of {role}"))
        };
        Ok(Self {
            superuser: password("postgres")?,
            owner: password("rapport_owner")?,
            app: password("rapport_app")?,
            worker: password("rapport_worker")?,
        })
    }
}

/// Bytes as lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn passwords_are_kept_private_and_read_back() {
        let dir = std::env::temp_dir().join(format!("rapport-credentials-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir(&dir).unwrap();
        let file = dir.join("credentials");
        let made = Credentials::load_or_create(&file).unwrap();
        let read = Credentials::load_or_create(&file).unwrap();
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        std::fs::remove_dir_all(&dir).unwrap();
        assert_eq!(mode & 0o777, 0o600);
        assert_ne!(made.app.expose_secret(), made.owner.expose_secret());
        for ((role, a), (_, b)) in made.named().into_iter().zip(read.named()) {
            assert_eq!(a.expose_secret(), b.expose_secret(), "{role}");
            assert_eq!(a.expose_secret().len(), 48, "{role}");
        }
    }

    #[test]
    fn a_damaged_file_is_refused() {
        assert!(Credentials::parse("postgres=ab\nrapport_owner=ab\nrapport_app=ab\n").is_err());
        assert!(Credentials::parse("postgres=ab\nrapport_owner=ab\nrapport_app=a'b\nrapport_worker=ab\n").is_err());
    }

    #[test]
    fn hexadecimal_keeps_leading_zeros() {
        assert_eq!(hex(&[0, 10, 255]), "000aff");
    }
}
