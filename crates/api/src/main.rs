//! The `rapport` command.

use api::commands;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Each password hash takes 19 MiB for some 30 ms. With the system's allocator a server was seen to hold 1.2 GB after
/// some hundred sign-ins, most of it in the arenas of its threads. This one gives such blocks back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
