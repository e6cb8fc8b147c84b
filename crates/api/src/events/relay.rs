//! The relay: carries events from the outbox to their consumers (EVENT-04), at least once, for all organizations in
//! turn. Any number of nodes may run it.

use super::{projection, publish};
use crate::error::ApiResult;
use crate::state::AppState;
use domain::error::ErrorCode;
use sqlx::postgres::PgListener;
use std::collections::HashMap;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Notifications wake the relay; this is how often it looks without one.
const POLL: Duration = Duration::from_secs(1);
/// How long to wait after a failure.
const PAUSE: Duration = Duration::from_secs(2);

/// Runs until stopped; what is in hand is finished.
pub async fn run(state: AppState, stop: CancellationToken) {
    let mut bell = Bell { state: state.clone(), listener: None };
    while !stop.is_cancelled() {
        if let Err(error) = drain(&state, &stop).await {
            tracing::warn!(error = format!("{error:?}"), "events wait: the relay could not carry them");
            tokio::select! { () = stop.cancelled() => {} () = tokio::time::sleep(PAUSE) => {} }
            continue;
        }
        // Cancelling the wait is safe: nothing is received but the fact that something happened.
        tokio::select! { () = stop.cancelled() => {} () = bell.rings() => {} }
    }
}

/// Carries events until none is left, one batch per organization in turn. An organization whose batch the database gives
/// up on, because it takes too long or waits for others, gets a tenth of it when it is its turn again.
///
/// # Errors
/// The database or Redis cannot be reached.
pub async fn drain(state: &AppState, stop: &CancellationToken) -> ApiResult<()> {
    let mut fewer: HashMap<Uuid, i64> = HashMap::new();
    loop {
        let organizations = state.db.organizations_with_events().await?;
        let mut carried = 0;
        for org_id in organizations {
            if stop.is_cancelled() {
                return Ok(());
            }
            let most = fewer.get(&org_id).copied().unwrap_or(projection::BATCH);
            match carry_some(state, org_id, most).await {
                Ok(steps) => {
                    carried += steps;
                    fewer.entry(org_id).and_modify(|most| *most = Ord::min(*most * 2, projection::BATCH));
                }
                Err(error) if error.is_for_later() => {
                    tracing::warn!(org.id = %org_id, most, error = format!("{error:?}"), "events wait for another turn");
                    if most > 1 {
                        fewer.insert(org_id, Ord::max(most / 10, 1));
                        carried += 1;
                    }
                }
                Err(error) if *error.code() == ErrorCode::Unavailable => return Err(error),
                // One organization's trouble is not everybody's.
                Err(error) => tracing::error!(org.id = %org_id, error = format!("{error:?}"), "events wait"),
            }
        }
        if carried == 0 {
            return Ok(());
        }
    }
}

/// One batch of one organization; returns how many steps were made.
///
/// # Errors
/// The database or Redis cannot be reached, or the database gives up on the batch.
pub async fn carry(state: &AppState, org_id: Uuid) -> ApiResult<usize> {
    carry_some(state, org_id, projection::BATCH).await
}

/// The same, of at most `most` events.
async fn carry_some(state: &AppState, org_id: Uuid, most: i64) -> ApiResult<usize> {
    let projected = Box::pin(projection::project(&state.db, org_id, most)).await?;
    let published = publish::publish(&state.db, &state.live.channel, org_id).await?;
    Ok(projected + published)
}

/// Waits for the notification that comes after the commit of new events.
struct Bell {
    state: AppState,
    listener: Option<PgListener>,
}

impl Bell {
    async fn rings(&mut self) {
        if self.listener.is_none() {
            self.listener = self.listen().await;
        }
        match self.listener.as_mut() {
            Some(listener) => {
                let heard = tokio::time::timeout(POLL, listener.recv()).await;
                if let Ok(Err(error)) = heard {
                    tracing::warn!(%error, "the relay lost its notifications and polls");
                    self.listener = None;
                }
            }
            None => tokio::time::sleep(POLL).await,
        }
    }

    async fn listen(&self) -> Option<PgListener> {
        let pool = self.state.db.separate_worker_pool(1);
        let mut listener = PgListener::connect_with(&pool).await.ok()?;
        listener.listen("rapport_events").await.ok()?;
        Some(listener)
    }
}
