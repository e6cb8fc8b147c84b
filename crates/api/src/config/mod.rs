//! Configuration: environment variables, read and checked once at start; all problems are reported together.
//!
//! | variable | default | meaning |
//! | --- | --- | --- |
//! | `PORT` | 8080 | port of the server, on `BIND` |
//! | `BIND` | 127.0.0.1 | address to listen on |
//! | `DATA_DIR` | .data | embedded servers' data and uploaded files |
//! | `PUBLIC_URL` | `http://127.0.0.1:<PORT>` | address that people use; https makes cookies Secure |
//! | `DATABASE_URL` | embedded | PostgreSQL as the app role |
//! | `DATABASE_WORKER_URL` | embedded | PostgreSQL as the worker role |
//! | `DATABASE_OWNER_URL` | embedded | PostgreSQL as the owner role; only `migrate` uses it |
//! | `REDIS_URL` | embedded | Redis |
//! | `REDIS_PREFIX` | rapport: | what all Redis keys begin with |
//! | `STORAGE_URL` | `DATA_DIR/files` | where files go: `file:///…` or `s3://bucket/prefix` |
//! | `DATABASE_POOL` | 16 | most connections of the app role; the workers have half as many, at least 8 |
//! | `SESSION_IDLE_MINUTES` | 720 | a session ends after this time without a request |
//! | `SESSION_MAX_HOURS` | 720 | a session ends after this time in any case |
//! | `LOCKOUT_FAILURES` | 5 | failed sign-ins that lock an address |
//! | `LOCKOUT_MINUTES` | 15 | how long it stays locked |
//! | `SIGN_IN_RATE` | 300 | sign-ins, registrations and uses of invitations per minute from one address; 0: unlimited |
//! | `TRUSTED_PROXIES` | none | addresses and networks of reverse proxies whose `X-Forwarded-For` counts, such as `127.0.0.1, 10.0.0.0/8` |
//! | `EVENT_RETENTION_DAYS` | 90 | how long events are kept after all consumers have dealt with them; 0: for ever |
//! | `WORKERS` | on | `off`: this process serves requests only |
//! | `HTTP_WORKERS` | cores | threads that serve requests |
//! | `LOG_FORMAT` | text | `json` for machines |
//! | `RUST_LOG` | info | what is logged |
//! | `MIMALLOC_PURGE_DELAY`, `MIMALLOC_ALLOW_THP` | 10, 0 | of the memory allocator, which reads them before `main` |

use crate::http::origin::TrustedProxies;
use anyhow::{Context, bail};
use secrecy::SecretString;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// The configuration of one process.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address to listen on.
    pub bind: IpAddr,
    /// Port to listen on; 0 takes a free one.
    pub port: u16,
    /// Where embedded servers and files live.
    pub data_dir: PathBuf,
    /// The address that people use.
    pub public_url: Url,
    /// External servers; `None`: embedded ones.
    pub servers: Option<Servers>,
    /// What all Redis keys begin with.
    pub redis_prefix: String,
    /// Where files go; `None`: a folder in `data_dir`.
    pub storage_url: Option<String>,
    /// Most connections of the app role.
    pub database_pool: u32,
    /// A session ends after this time without a request.
    pub session_idle: Duration,
    /// A session ends after this time in any case.
    pub session_max: Duration,
    /// Failed sign-ins that lock an address.
    pub lockout_failures: u32,
    /// How long it stays locked.
    pub lockout: Duration,
    /// Sign-ins, registrations and uses of invitations per minute from one address; 0: unlimited.
    pub sign_in_rate: u32,
    /// Reverse proxies whose `X-Forwarded-For` counts.
    pub trusted_proxies: TrustedProxies,
    /// How long events are kept after all consumers have dealt with them; `None`: for ever.
    pub event_retention: Option<Duration>,
    /// The `rapport` program, for work that goes on in a process of its own.
    pub program: PathBuf,
    /// Whether this process also runs the workers.
    pub workers: bool,
    /// Threads that serve requests; `None`: one per core.
    pub http_workers: Option<usize>,
}

/// Addresses of PostgreSQL and Redis, with their secrets.
#[derive(Debug, Clone)]
pub struct Servers {
    /// PostgreSQL as the app role.
    pub app: SecretString,
    /// PostgreSQL as the worker role.
    pub worker: SecretString,
    /// PostgreSQL as the owner role, where given.
    pub owner: Option<SecretString>,
    /// Redis.
    pub redis: SecretString,
}

impl Config {
    /// Reads the environment.
    ///
    /// # Errors
    /// One error that lists every variable that is wrong.
    pub fn from_env() -> anyhow::Result<Self> {
        let mut problems = Vec::new();
        let port = read(&mut problems, "PORT", 8080_u16);
        let bind = read(&mut problems, "BIND", IpAddr::from([127, 0, 0, 1]));
        let default_url = format!("http://127.0.0.1:{port}");
        let public_url = var("PUBLIC_URL").unwrap_or(default_url);
        let public_url = match Url::parse(&public_url).with_context(|| format!("PUBLIC_URL {public_url}")) {
            Ok(url) => {
                if let Err(problem) = check_public_url(&url) {
                    problems.push(problem.to_string());
                }
                Some(url)
            }
            Err(problem) => {
                problems.push(format!("{problem:#}"));
                None
            }
        };
        let servers = servers(&mut problems);
        let minutes = |n: u64| Duration::from_secs(n.saturating_mul(60));
        let session_idle = minutes(read(&mut problems, "SESSION_IDLE_MINUTES", 720));
        let session_max = minutes(read::<u64>(&mut problems, "SESSION_MAX_HOURS", 720).saturating_mul(60));
        let lockout_failures = read(&mut problems, "LOCKOUT_FAILURES", 5);
        let lockout = minutes(read(&mut problems, "LOCKOUT_MINUTES", 15));
        let sign_in_rate = read(&mut problems, "SIGN_IN_RATE", 300);
        let trusted_proxies = var("TRUSTED_PROXIES").unwrap_or_default();
        let trusted_proxies = TrustedProxies::parse(&trusted_proxies).unwrap_or_else(|part| {
            problems.push(format!("TRUSTED_PROXIES: {part:?} is neither an address nor a network such as 10.0.0.0/8"));
            TrustedProxies::default()
        });
        let days = read::<u64>(&mut problems, "EVENT_RETENTION_DAYS", 90);
        let event_retention = (days > 0).then(|| minutes(days.saturating_mul(24 * 60)));
        let database_pool = read(&mut problems, "DATABASE_POOL", 16_u32).max(2);
        let workers = match var("WORKERS").as_deref() {
            None | Some("on") => true,
            Some("off") => false,
            Some(other) => {
                problems.push(format!("WORKERS can be on or off, not {other:?}"));
                true
            }
        };
        let http_workers = var("HTTP_WORKERS").map(|_| read(&mut problems, "HTTP_WORKERS", 1_usize).max(1));
        match public_url {
            Some(public_url) if problems.is_empty() => Ok(Self {
                bind,
                port,
                data_dir: var("DATA_DIR").map_or_else(|| PathBuf::from(".data"), PathBuf::from),
                public_url,
                servers,
                redis_prefix: var("REDIS_PREFIX").unwrap_or_else(|| "rapport:".to_owned()),
                storage_url: var("STORAGE_URL"),
                database_pool,
                session_idle,
                session_max,
                lockout_failures,
                lockout,
                sign_in_rate,
                trusted_proxies,
                event_retention,
                program: std::env::current_exe().context("The path of the program")?,
                workers,
                http_workers,
            }),
            _ => bail!("The configuration is wrong: {}", problems.join("; ")),
        }
    }

    /// Whether cookies are marked Secure.
    pub fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// Name of the session cookie: with the `__Host-` prefix wherever browsers allow it.
    pub fn cookie_name(&self) -> &'static str {
        if self.is_https() { "__Host-rapport" } else { "rapport" }
    }
}

/// Session cookies without TLS are only safe where nobody else can listen.
fn check_public_url(url: &Url) -> anyhow::Result<()> {
    let loopback = match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    };
    match url.scheme() {
        "https" => Ok(()),
        "http" if loopback => Ok(()),
        "http" => bail!("PUBLIC_URL {url} would send sessions in the clear: use https, or a loopback address"),
        other => bail!("PUBLIC_URL has the unknown scheme {other}"),
    }
}

fn servers(problems: &mut Vec<String>) -> Option<Servers> {
    let secret = |name: &str| var(name).map(SecretString::from);
    let (app, worker, redis) = (secret("DATABASE_URL"), secret("DATABASE_WORKER_URL"), secret("REDIS_URL"));
    let owner = secret("DATABASE_OWNER_URL");
    match (app, worker, redis) {
        (None, None, None) => None,
        (Some(app), Some(worker), Some(redis)) => Some(Servers { app, worker, owner, redis }),
        _ => {
            problems.push("DATABASE_URL, DATABASE_WORKER_URL and REDIS_URL go together: set all three or none".into());
            None
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
fn var(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

fn read<T: std::str::FromStr>(problems: &mut Vec<String>, name: &str, default: T) -> T {
    let Some(raw) = var(name) else { return default };
    raw.trim().parse().unwrap_or_else(|_e| {
        problems.push(format!("{name} cannot be {raw:?}"));
        default
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A plain-http address is only accepted on the loopback.
    #[test]
    fn plain_http_is_for_loopback_only() {
        for (url, ok) in [
            ("https://crm.example.com", true),
            ("http://127.0.0.1:8080", true),
            ("http://localhost:8080", true),
            ("http://192.168.1.5", false),
            ("http://crm.example.com", false),
            ("ftp://127.0.0.1", false),
        ] {
            assert_eq!(check_public_url(&Url::parse(url).unwrap()).is_ok(), ok, "{url}");
        }
    }
}
