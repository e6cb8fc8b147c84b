//! What a process does beside answering requests: carries events to their consumers and runs jobs.

use crate::events::relay;
use crate::jobs::engine;
use crate::state::AppState;
use tokio_util::sync::CancellationToken;

/// Runs the relay and the job engine until stopped; what is in hand is finished first.
pub async fn run(state: AppState, stop: CancellationToken) {
    let events = tokio::spawn(relay::run(state.clone(), stop.clone()));
    let jobs = tokio::spawn(engine::run(state, stop));
    for (what, done) in [("relay", events.await), ("job engine", jobs.await)] {
        if let Err(error) = done {
            tracing::error!(%error, "the {what} panicked");
        }
    }
}
