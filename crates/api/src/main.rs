//! The `rapport` command.

use api::commands;
use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::ExitCode;

/// Each password hash takes 19 MiB for some 30 ms. With the system's allocator a server was seen to hold 1.2 GB after
/// some hundred sign-ins, most of it in the arenas of its threads. This one gives such blocks back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What it is told besides, by variables that it reads before `main`: to give back what is free after 10 ms instead of a
/// second, and to do without pages of 2 MB. At rest the server was seen to take 40 MB then instead of 70 to 110, and
/// after an import of 50,000 contacts 77 instead of 140, with the same time per request.
const ALLOCATION: [(&str, &str); 2] = [("MIMALLOC_PURGE_DELAY", "10"), ("MIMALLOC_ALLOW_THP", "0")];

/// Becomes the same process with those variables, unless they are set.
fn with_allocation() {
    let missing = || ALLOCATION.into_iter().filter(|(name, _)| std::env::var_os(name).is_none());
    let (Ok(program), true) = (std::env::current_exe(), missing().next().is_some()) else { return };
    let mut words = std::env::args_os();
    let name = words.next().unwrap_or_else(|| OsString::from(env!("CARGO_PKG_NAME")));
    let error = std::process::Command::new(program).arg0(name).args(words).envs(missing()).exec();
    // The server works all the same.
    commands::complain(&anyhow::Error::new(error).context("the memory's settings could not be made"));
}

/// Rapport, an open-source CRM.
#[derive(Debug, Parser)]
#[command(name = "rapport", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API and the web app, and run the workers unless WORKERS=off
    Serve {
        /// Make the demo organization first if there is no organization yet
        #[arg(long)]
        demo: bool,
    },
    /// Run the workers only
    Worker,
    /// Bring the database's schema up to date
    Migrate,
    /// Make the demo organization if it is not there yet
    Seed,
    /// Print the OpenAPI document
    Openapi,
    /// Write the first sheet of an Excel workbook as CSV, within limits; imports use it
    #[command(hide = true)]
    ReadWorkbook {
        /// The workbook
        file: PathBuf,
    },
    /// Start throw-away servers for tests, print their addresses and stay
    #[command(hide = true)]
    DevServers {
        /// Where their data goes
        #[arg(long)]
        data_dir: PathBuf,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    if matches!(cli.command, Command::Serve { .. } | Command::Worker) {
        with_allocation();
    }
    if let Command::ReadWorkbook { file } = &cli.command {
        return commands::read_workbook(file);
    }
    let result = match cli.command {
        Command::Serve { demo } => commands::run(commands::serve(demo)),
        Command::Worker => commands::run(commands::worker()),
        Command::Migrate => commands::run(commands::migrate()),
        Command::Seed => commands::run(commands::seed()),
        Command::Openapi => commands::openapi(),
        Command::ReadWorkbook { .. } => Ok(()),
        Command::DevServers { data_dir } => commands::run(commands::dev_servers(&data_dir)),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            commands::complain(&error);
            ExitCode::FAILURE
        }
    }
}
