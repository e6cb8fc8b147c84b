//! Makes the folder of the web app's files before the server is compiled.
//!
//! A debug build reads that folder while it runs, and only finds it under the full path that it had at compile time:
//! if the folder is missing then, the server serves no page, even when the web app is built afterwards.

use std::error::Error;
use std::path::PathBuf;

#[expect(clippy::disallowed_methods, reason = "cargo tells build scripts everything by the environment")]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    // Asked when it runs: the compiled script may come from another checkout with the same target folder.
    let api = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    std::fs::create_dir_all(api.join("../../dist"))?;
    Ok(())
}
