//! The private PostgreSQL cluster.

use super::Options;
use super::credentials::Credentials;
use super::layout::{Layout, folder, own};
use super::process::{Server, on_path, output, program, succeeds};
use super::user::User;
use anyhow::{Context, bail};
use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use url::Url;

/// Part of the sockets' names; no TCP port is opened.
const PORT: u16 = 5432;
const DATABASE: &str = "rapport";
/// The oldest major version that the schema runs on.
const OLDEST: u32 = 15;

/// Addresses of the database, one per role.
#[derive(Debug)]
pub(super) struct Urls {
    pub app: SecretString,
    pub worker: SecretString,
    pub owner: SecretString,
}

/// Starts PostgreSQL, creates what is missing, and returns it with its addresses.
pub(super) async fn start(layout: &Layout, user: Option<User>, options: Options) -> anyhow::Result<(Server, Urls)> {
    let bin = find(&layout.cluster).await?;
    let credentials = Credentials::load_or_create(&layout.credentials)?;
    if layout.cluster.exists() {
        stop_left_over(&bin, layout, user).await?;
    } else {
        init(&bin, layout, user, &credentials, options).await?;
    }
    let mut server =
        Server::spawn("PostgreSQL", server_command(&bin, layout, user, options), "INT", &layout.postgres_log)?;
    match prepare(&mut server, layout, &credentials, options).await {
        Ok(()) => {
            let url = |role, password| url(&layout.run, role, password);
            let urls = Urls {
                app: url("rapport_app", &credentials.app)?,
                worker: url("rapport_worker", &credentials.worker)?,
                owner: url("rapport_owner", &credentials.owner)?,
            };
            Ok((server, urls))
        }
        Err(error) => {
            server.stop().await;
            Err(error)
        }
    }
}

fn server_command(bin: &Path, layout: &Layout, user: Option<User>, options: Options) -> tokio::process::Command {
    let mut command = program(&bin.join("postgres"), user);
    command.arg("-D").arg(&layout.cluster).arg("-k").arg(&layout.run).arg("-p").arg(PORT.to_string());
    let buffers = format!("shared_buffers={}MB", buffers_mb(std::fs::read_to_string("/proc/meminfo").ok()));
    let mut settings = vec![
        "listen_addresses=",
        "unix_socket_permissions=0700",
        "timezone=UTC",
        "log_timezone=UTC",
        "logging_collector=off",
        // Every query here is short: compiling plans costs more than it saves.
        "jit=off",
        // And starting processes for one, too, while other requests wait for the cores.
        "max_parallel_workers_per_gather=0",
        "random_page_cost=1.1",
        &buffers,
    ];
    if options.durable {
        settings.push("max_connections=100");
    } else {
        settings.extend(["max_connections=200", "fsync=off", "synchronous_commit=off", "full_page_writes=off"]);
        settings.extend(["wal_level=minimal", "max_wal_senders=0", "autovacuum_naptime=10s"]);
    }
    for setting in settings {
        command.arg("-c").arg(setting);
    }
    command
}

/// Memory in which PostgreSQL keeps pages, in MB: a quarter of the machine's, as its manual recommends, within bounds. It
/// takes up what it needs. What it keeps itself stays there where the system throws out of memory what nobody has read for
/// a while.
fn buffers_mb(meminfo: Option<String>) -> u64 {
    let total = meminfo.as_deref().and_then(|text| text.lines().find_map(|line| line.strip_prefix("MemTotal:")));
    let kb: Option<u64> = total.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok());
    kb.map_or(256, |kb| (kb / 1024 / 4).clamp(128, 4096))
}

/// Creates the cluster under another name first, so that an interrupted run leaves no half-made one.
async fn init(
    bin: &Path,
    layout: &Layout,
    user: Option<User>,
    credentials: &Credentials,
    options: Options,
) -> anyhow::Result<()> {
    let part = layout.cluster.with_extension("part");
    if part.exists() {
        std::fs::remove_dir_all(&part).with_context(|| format!("{} cannot be removed", part.display()))?;
    }
    folder(&part, 0o700)?;
    own(&part, user)?;
    let password = layout.run.join("password");
    let mut file = std::fs::File::options().create(true).write(true).truncate(true).mode(0o600).open(&password)?;
    file.write_all(credentials.superuser.expose_secret().as_bytes())?;
    if let Some(user) = user {
        user.own(&password)?;
    }
    let mut command = program(&bin.join("initdb"), user);
    command.args([
        "--username=postgres",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--auth=scram-sha-256",
        "--no-instructions",
    ]);
    if !options.durable {
        command.arg("--no-sync");
    }
    command.arg("--pwfile").arg(&password).arg("-D").arg(&part);
    let made = output(command).await.context("The database cluster cannot be created");
    std::fs::remove_file(&password)?;
    made?;
    std::fs::rename(&part, &layout.cluster).context("The database cluster cannot be put in its place")
}

/// The lock on the data folder is ours, so a server that still runs was left behind by a run that was killed.
async fn stop_left_over(bin: &Path, layout: &Layout, user: Option<User>) -> anyhow::Result<()> {
    if !layout.cluster.join("postmaster.pid").exists() {
        return Ok(());
    }
    let pg_ctl = |action: &[&str]| {
        let mut command = program(&bin.join("pg_ctl"), user);
        command.args(action).arg("-D").arg(&layout.cluster);
        command
    };
    if succeeds(pg_ctl(&["status"])).await? {
        tracing::info!("stopping the PostgreSQL of an interrupted run");
        let stopped = output(pg_ctl(&["stop", "-m", "fast", "-w", "-t", "60"])).await;
        // One that dies meanwhile, without taking its mark away, is a failure to pg_ctl, but not to us.
        if succeeds(pg_ctl(&["status"])).await? {
            stopped?;
        }
    }
    Ok(())
}

/// Waits for the server, then makes sure of the roles and the database.
async fn prepare(
    server: &mut Server,
    layout: &Layout,
    credentials: &Credentials,
    options: Options,
) -> anyhow::Result<()> {
    let superuser = PgConnectOptions::new_without_pgpass()
        .socket(&layout.run)
        .port(PORT)
        .username("postgres")
        .password(credentials.superuser.expose_secret())
        .database("postgres")
        // The statements below have passwords in them.
        .disable_statement_logging();
    let mut connection = server.ready(async || PgConnection::connect_with(&superuser).await).await?;
    let roles = [
        ("rapport_owner", &credentials.owner),
        ("rapport_app", &credentials.app),
        ("rapport_worker", &credentials.worker),
    ];
    for (role, password) in roles {
        if !exists(&mut connection, "SELECT 1 FROM pg_roles WHERE rolname = $1", role).await? {
            // Utility statements take no parameters; the password is hexadecimal and ours.
            let password = password.expose_secret();
            let sql = format!(
                "CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB PASSWORD '{password}'"
            );
            connection.execute(AssertSqlSafe(sql)).await?;
        }
    }
    if !options.durable {
        connection.execute("ALTER ROLE rapport_owner CREATEDB").await?;
    }
    if !exists(&mut connection, "SELECT 1 FROM pg_database WHERE datname = $1", DATABASE).await? {
        connection.execute(AssertSqlSafe(format!("CREATE DATABASE {DATABASE} OWNER rapport_owner"))).await?;
    }
    connection.close().await?;
    Ok(())
}

async fn exists(connection: &mut PgConnection, sql: &'static str, name: &str) -> sqlx::Result<bool> {
    Ok(sqlx::query(sql).bind(name).fetch_optional(connection).await?.is_some())
}

/// An address that sqlx and libpq both understand: the folder of the socket goes into the query.
fn url(run: &Path, role: &str, password: &SecretString) -> anyhow::Result<SecretString> {
    let mut url = Url::parse(&format!("postgres://{role}:{}@localhost:{PORT}/{DATABASE}", password.expose_secret()))?;
    let run = run.to_str().with_context(|| format!("{} is not valid UTF-8", run.display()))?;
    url.query_pairs_mut().append_pair("host", run);
    // In a query a blank may be written as +, which libpq does not know.
    Ok(SecretString::from(url.as_str().replace('+', "%20")))
}

/// The folder of the binaries: of the version that made the cluster, or the newest.
async fn find(cluster: &Path) -> anyhow::Result<PathBuf> {
    let mut found = Vec::new();
    for dir in candidates() {
        let mut command = program(&dir.join("postgres"), None);
        command.arg("--version");
        if let Ok(version) = output(command).await
            && let Some(major) = major_version(&version)
        {
            found.push((major, dir));
        }
    }
    let of_cluster = std::fs::read_to_string(cluster.join("PG_VERSION")).ok().and_then(|text| text.trim().parse().ok());
    choose(found, of_cluster)
}

fn candidates() -> Vec<PathBuf> {
    let packaged =
        std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    // On PATH there may be links to single programs; the others lie beside what they point to.
    let on_path =
        on_path("initdb").and_then(|file| file.canonicalize().ok()).and_then(|file| file.parent().map(Path::to_owned));
    on_path.into_iter().chain(packaged).filter(|dir| dir.join("initdb").is_file()).collect()
}

fn choose(found: Vec<(u32, PathBuf)>, of_cluster: Option<u32>) -> anyhow::Result<PathBuf> {
    let suitable = |major: u32| of_cluster.map_or(major >= OLDEST, |cluster| cluster == major);
    let best = found.into_iter().filter(|(major, _)| suitable(*major)).max_by_key(|(major, _)| *major);
    match (best, of_cluster) {
        (Some((_, dir)), _) => Ok(dir),
        (None, Some(major)) => {
            bail!("The data folder was made by PostgreSQL {major}, which is not installed any more; install it again.")
        }
        (None, None) => bail!(
            "PostgreSQL {OLDEST} or newer is missing: install it (on Debian: apt-get install postgresql), or set DATABASE_URL, DATABASE_WORKER_URL and REDIS_URL to servers of your own."
        ),
    }
}

/// The major version in the answer of `postgres --version`.
fn major_version(text: &str) -> Option<u32> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let digits: String = text.chars().skip(start).take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_the_server_says() {
        assert_eq!(major_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(major_version("postgres (PostgreSQL) 18beta2"), Some(18));
        assert_eq!(major_version("what?"), None);
    }

    #[test]
    fn buffers_are_a_share_of_the_memory() {
        let of = |text: &str| buffers_mb(Some(format!("MemTotal:       {text} kB\nMemFree:         1234 kB\n")));
        assert_eq!((of("524288"), of("4194304"), of("25165824")), (128, 1024, 4096));
        assert_eq!((buffers_mb(Some("?".into())), buffers_mb(None)), (256, 256));
    }

    #[test]
    fn a_cluster_is_opened_by_the_version_that_made_it() {
        let found = || vec![(14, "/14".into()), (17, "/17".into()), (15, "/15".into())];
        assert_eq!(choose(found(), None).unwrap(), PathBuf::from("/17"));
        assert_eq!(choose(found(), Some(15)).unwrap(), PathBuf::from("/15"));
        assert!(choose(found(), Some(16)).unwrap_err().to_string().contains("PostgreSQL 16"));
        assert!(choose(vec![(14, "/14".into())], None).unwrap_err().to_string().contains("is missing"));
    }

    #[test]
    fn the_address_names_the_socket_folder_whatever_its_path() {
        let address = url(Path::new("/my data/ü&=/run"), "rapport_app", &SecretString::from("ab12")).unwrap();
        let options: PgConnectOptions = address.expose_secret().parse().unwrap();
        assert_eq!(options.get_socket().unwrap(), Path::new("/my data/ü&=/run"));
        assert_eq!((options.get_username(), options.get_database()), ("rapport_app", Some("rapport")));
        assert!(!address.expose_secret().contains('+'));
    }
}
