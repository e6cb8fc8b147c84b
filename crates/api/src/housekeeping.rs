//! What is tidied up every night, over all organizations.

use crate::error::ApiResult;
use crate::files;
use crate::jobs::Chore;
use crate::state::AppState;
use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Deletes events that have served their purpose, files that belong to nobody any more, and words that are in no record.
#[derive(Debug)]
pub struct Housekeeping;

impl Chore for Housekeeping {
    const NAME: &'static str = "housekeeping";
    const HOUR: u32 = 3;

    async fn run(state: AppState, stop: CancellationToken) -> anyhow::Result<()> {
        let events = prune(&state, &stop).await?;
        let files = files::sweep(&state, &stop).await?;
        forget_words(&state, &stop).await?;
        tracing::info!(events, files, "housekeeping: deleted");
        Ok(())
    }
}

/// Takes words that no record has any more out of the vocabularies by which search understands what is misspelt.
///
/// # Errors
/// The database cannot be reached.
pub async fn forget_words(state: &AppState, stop: &CancellationToken) -> ApiResult<()> {
    let mut after = Uuid::nil();
    while !stop.is_cancelled() {
        match state.db.forget_words(after).await? {
            Some(organization) => after = organization,
            None => break,
        }
    }
    Ok(())
}

/// Deletes events that all consumers have dealt with, once they are older than the configuration says.
///
/// # Errors
/// The database cannot be reached.
pub async fn prune(state: &AppState, stop: &CancellationToken) -> ApiResult<i64> {
    let Some(kept) = state.config.event_retention else { return Ok(0) };
    let kept = TimeDelta::from_std(kept).unwrap_or(TimeDelta::MAX);
    let Some(before) = state.clock.now().checked_sub_signed(kept) else { return Ok(0) };
    let mut deleted = 0;
    while !stop.is_cancelled() {
        match state.db.prune_events(before).await? {
            0 => break,
            some => deleted += some,
        }
    }
    Ok(deleted)
}
