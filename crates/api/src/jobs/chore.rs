//! Work that belongs to no organization and comes by the clock.

use super::task::Shared;
use crate::state::AppState;
use graphile_worker::{Cron, CrontabFill, IntoTaskHandlerResult, TaskHandler, WorkerContext, WorkerOptions};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::future::Future;
use std::marker::PhantomData;
use tokio_util::sync::CancellationToken;

/// The minute of the hour at which chores are done: not the full hour, when everybody's begin.
const MINUTE: u32 = 17;

/// A kind of work that is done once a day, by one of the nodes. It may be interrupted or come twice.
pub trait Chore: Send + 'static {
    /// The task's name.
    const NAME: &'static str;
    /// The hour of the day (UTC) at which it is done.
    const HOUR: u32;

    /// Does the work, or as much of it as there is time for before the server stops.
    fn run(state: AppState, stop: CancellationToken) -> impl Future<Output = anyhow::Result<()>> + Send;
}

/// A chore as a task of the engine; its payload tells when it was due and is of no interest.
pub(super) struct Periodic<C>(PhantomData<fn() -> C>);

impl<C> Serialize for Periodic<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(std::iter::empty::<((), ())>())
    }
}

impl<'de, C> Deserialize<'de> for Periodic<C> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self(PhantomData))
    }
}

impl<C: Chore> TaskHandler for Periodic<C> {
    const IDENTIFIER: &'static str = C::NAME;

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let Some(shared) = context.get_ext::<Shared>().cloned() else {
            return Err("the engine has no state".to_owned());
        };
        let done = Box::pin(C::run(shared.state, shared.stop)).await;
        done.map_err(|error| {
            tracing::warn!(chore = C::NAME, error = format!("{error:?}"), "chore failed");
            format!("{error:#}")
        })
    }
}

/// Adds a chore to the engine. Where no node was up at its hour, it is done when one is again.
pub(super) fn daily<C: Chore>(options: WorkerOptions) -> WorkerOptions {
    let options = options.define_job::<Periodic<C>>();
    match Cron::daily_at::<Periodic<C>>(C::HOUR, MINUTE) {
        Ok(cron) => options.with_cron(cron.fill(CrontabFill::days(1)).job_key(C::NAME)),
        Err(error) => {
            tracing::error!(%error, chore = C::NAME, "a chore has no such hour");
            options
        }
    }
}
