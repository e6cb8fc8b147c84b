//! Excel workbooks: a process of its own ([`child`]) reads them, because a hostile one can ask for any amount of memory
//! and time. What it writes is CSV, and from there on a workbook is a file like any other.

pub mod child;

use super::text::refused;
use crate::error::{ApiError, ApiResult};
use domain::import::{MAX_BYTES, MAX_MEGABYTES};
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::process::Command;
use tokio::sync::Semaphore;

/// The command of the `rapport` program that reads a workbook.
pub const COMMAND: &str = "read-workbook";

/// How long a workbook may take.
const PATIENCE: Duration = Duration::from_secs(10 * 60);
/// Workbooks that are read at the same time; further ones wait.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Copies the first sheet that has anything in it, as CSV in UTF-8 with commas.
///
/// # Errors
/// 422 for what is no workbook, is empty, or needs more memory, time or room than an import may have.
pub async fn copy_as_csv(program: &Path, workbook: &Path, to: &mut (impl AsyncWrite + Unpin)) -> ApiResult<()> {
    let _turn = AT_ONCE.acquire().await.map_err(ApiError::internal)?;
    // Nothing of our environment: it holds secrets, and the child needs none.
    let mut child = Command::new(program)
        .arg(COMMAND)
        .arg(workbook)
        .env_clear()
        // The allocator takes so much of the system at a time, in KiB: by itself more than the child may have.
        .env("MIMALLOC_ARENA_RESERVE", "16384")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(ApiError::internal)?;
    let (out, said) = (child.stdout.take(), child.stderr.take());
    let work = async {
        let copied = copy(out, to).await?;
        let mut sentence = String::new();
        if let Some(said) = said {
            said.take(1_000).read_to_string(&mut sentence).await.map_err(ApiError::internal)?;
        }
        let status = child.wait().await.map_err(ApiError::internal)?;
        judge(status, sentence.trim(), copied)
    };
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(result) => result,
        Err(_elapsed) => Err(too_much()),
    }
}

/// Copies what the child writes, up to the largest file that can be imported; then it is stopped.
async fn copy(out: Option<impl AsyncRead + Unpin>, to: &mut (impl AsyncWrite + Unpin)) -> ApiResult<u64> {
    let Some(mut out) = out else { return Ok(0) };
    let (mut chunk, mut copied) = (vec![0; 64 * 1024], 0_u64);
    loop {
        let read = out.read(&mut chunk).await.map_err(ApiError::internal)?;
        let bytes = chunk.get(..read).unwrap_or_default();
        if bytes.is_empty() {
            return Ok(copied);
        }
        copied += u64::try_from(read).map_err(ApiError::internal)?;
        if copied > MAX_BYTES {
            let sentence = format!("The workbook holds more than {MAX_MEGABYTES} MB of text. Please split it.");
            return Err(refused(&sentence));
        }
        to.write_all(bytes).await.map_err(ApiError::unavailable)?;
    }
}

fn judge(status: ExitStatus, sentence: &str, copied: u64) -> ApiResult<()> {
    match status.code() {
        Some(0) if copied > 0 => Ok(()),
        Some(code) if code == i32::from(child::REFUSED) && !sentence.is_empty() => Err(refused(sentence)),
        // It ran into its limits.
        None => Err(too_much()),
        Some(code) => Err(ApiError::internal(anyhow::anyhow!("reading a workbook ended with {code}: {sentence}"))),
    }
}

fn too_much() -> ApiError {
    refused(
        "The workbook needs more memory or time than an import may have. Please save the sheet as CSV and import that.",
    )
}
