//! The connections of one node, and the one subscription to Redis that feeds them.

use super::channel::{Change, Note};
use futures_util::StreamExt;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Signals that wait for a slow connection; when there are more, it is told to fetch everything again.
const QUEUE: usize = 256;
/// The most connections of one person on one node.
const PER_USER: usize = 24;
/// The most connections of one organization on one node.
const PER_ORG: usize = 2_000;

/// What a connection is told.
#[derive(Debug, Clone)]
pub(super) enum Signal {
    /// Something changed, at this position.
    Change(String, Change),
    /// Changes may have been missed.
    Resync,
    /// Look at once whether session and membership still hold.
    Check,
}

#[derive(Debug)]
struct Subscriber {
    user_id: Uuid,
    queue: Sender<Signal>,
    overrun: Arc<AtomicBool>,
}

impl Subscriber {
    fn tell(&self, signal: Signal) {
        if self.queue.try_send(signal).is_err() {
            self.overrun.store(true, Ordering::Release);
        }
    }
}

type Subscribers = HashMap<Uuid, HashMap<u64, Subscriber>>;

/// The connections of one node, by organization.
#[derive(Debug, Default)]
pub(super) struct Hub {
    subscribers: Mutex<Subscribers>,
    last_key: AtomicU64,
}

/// A connection's end of the hub; dropping it ends the subscription.
#[derive(Debug)]
pub(super) struct Subscription {
    hub: Arc<Hub>,
    org_id: Uuid,
    key: u64,
    signals: Receiver<Signal>,
    overrun: Arc<AtomicBool>,
}

impl Hub {
    /// A subscription; `None` when person or organization have too many already.
    pub(super) fn subscribe(self: &Arc<Self>, org_id: Uuid, user_id: Uuid) -> Option<Subscription> {
        let (queue, signals) = mpsc::channel(QUEUE);
        let overrun = Arc::new(AtomicBool::new(false));
        let key = self.last_key.fetch_add(1, Ordering::Relaxed);
        let mut all = self.lock();
        let of_org = all.entry(org_id).or_default();
        let of_user = of_org.values().filter(|s| s.user_id == user_id).count();
        if of_org.len() >= PER_ORG || of_user >= PER_USER {
            return None;
        }
        of_org.insert(key, Subscriber { user_id, queue, overrun: Arc::clone(&overrun) });
        Some(Subscription { hub: Arc::clone(self), org_id, key, signals, overrun })
    }

    fn spread(&self, note: Note) {
        let all = self.lock();
        match note {
            Note::Changed(org_id, position, change) => {
                for subscriber in all.get(&org_id).into_iter().flat_map(HashMap::values) {
                    subscriber.tell(Signal::Change(position.clone(), change.clone()));
                }
            }
            Note::Session(user_id) => {
                for subscriber in all.values().flat_map(HashMap::values).filter(|s| s.user_id == user_id) {
                    subscriber.tell(Signal::Check);
                }
            }
        }
    }

    fn resync(&self) {
        for subscriber in self.lock().values().flat_map(HashMap::values) {
            subscriber.tell(Signal::Resync);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Subscribers> {
        self.subscribers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Subscription {
    /// The next signal. After an overrun everything that waited is dropped for one [`Signal::Resync`].
    pub(super) async fn next(&mut self) -> Option<Signal> {
        let signal = self.signals.recv().await?;
        if self.overrun.swap(false, Ordering::AcqRel) {
            while self.signals.try_recv().is_ok() {}
            return Some(Signal::Resync);
        }
        Some(signal)
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut all = self.hub.lock();
        if let Some(of_org) = all.get_mut(&self.org_id) {
            of_org.remove(&self.key);
            if of_org.is_empty() {
                all.remove(&self.org_id);
            }
        }
    }
}

/// Listens to the channel and spreads what comes; connects again whenever the connection breaks, after which every
/// client is told to fetch again, because what was said meanwhile is lost to this node.
pub(super) async fn listen(client: redis::Client, channel: String, hub: Arc<Hub>, stop: CancellationToken) {
    let mut pause = Duration::from_millis(100);
    let mut first = true;
    loop {
        let connected = tokio::select! { () = stop.cancelled() => return, c = subscribe(&client, &channel) => c };
        match connected {
            Ok(mut messages) => {
                if !std::mem::take(&mut first) {
                    hub.resync();
                }
                pause = Duration::from_millis(100);
                loop {
                    let message = tokio::select! { () = stop.cancelled() => return, m = messages.next() => m };
                    let Some(message) = message else { break };
                    if let Some(note) = message.get_payload::<String>().ok().as_deref().and_then(Note::parse) {
                        hub.spread(note);
                    }
                }
                tracing::warn!("live updates lost their connection to Redis");
            }
            Err(error) => tracing::warn!(%error, "live updates cannot reach Redis"),
        }
        tokio::select! { () = stop.cancelled() => return, () = tokio::time::sleep(pause) => {} }
        pause = (pause * 2).min(Duration::from_secs(5));
    }
}

async fn subscribe(client: &redis::Client, channel: &str) -> redis::RedisResult<redis::aio::PubSubStream> {
    let mut pubsub = client.get_async_pubsub().await?;
    pubsub.subscribe(channel).await?;
    Ok(pubsub.into_on_message())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change() -> Change {
        Change { event: "deal.moved".into(), entity: "deal".into(), id: None, version: None, actor: None }
    }

    /// REALTIME-06: a change reaches the connections of its organization and no other.
    #[tokio::test]
    async fn organizations_are_apart() {
        let hub = Arc::new(Hub::default());
        let (ours, theirs, user) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
        let mut a = hub.subscribe(ours, user).unwrap();
        let mut b = hub.subscribe(theirs, user).unwrap();
        hub.spread(Note::Changed(ours, "1-0".into(), change()));
        assert!(matches!(a.next().await, Some(Signal::Change(..))));
        assert!(b.signals.try_recv().is_err());
        hub.spread(Note::Session(user));
        assert!(matches!(b.next().await, Some(Signal::Check)));
        drop(b);
        assert!(!hub.lock().contains_key(&theirs));
    }

    /// A connection that cannot keep up loses its queue, not the hub its memory.
    #[tokio::test]
    async fn slow_connections_fetch_again() {
        let hub = Arc::new(Hub::default());
        let org = Uuid::from_u128(1);
        let mut slow = hub.subscribe(org, org).unwrap();
        for n in 0..QUEUE + 10 {
            hub.spread(Note::Changed(org, format!("1-{n}"), change()));
        }
        assert!(matches!(slow.next().await, Some(Signal::Resync)));
        assert!(slow.signals.try_recv().is_err());
        hub.spread(Note::Changed(org, "2-0".into(), change()));
        assert!(matches!(slow.next().await, Some(Signal::Change(..))));
    }

    /// One person cannot take all connections.
    #[tokio::test]
    async fn connections_are_limited() {
        let hub = Arc::new(Hub::default());
        let (org, user) = (Uuid::from_u128(1), Uuid::from_u128(3));
        let held: Vec<_> = (0..PER_USER).map(|_| hub.subscribe(org, user).unwrap()).collect();
        assert!(hub.subscribe(org, user).is_none());
        assert!(hub.subscribe(org, Uuid::from_u128(4)).is_some());
        drop(held);
        assert!(hub.subscribe(org, user).is_some());
    }
}
