//! Tells the relays of all nodes that events were written.

use sea_orm::{ConnectionTrait, DatabaseConnection};
use std::time::Duration;
use tokio::sync::mpsc;

/// Commits within this time ring once.
const PAUSE: Duration = Duration::from_millis(10);

/// Rings after a commit, and not with it: a transaction that notifies holds a lock of the whole server until it is on the
/// disk, so that all writers would have to wait for the disk one after another. Whoever commits and dies before it rings
/// loses nothing: the relays also look by themselves, a second later.
#[derive(Debug, Clone)]
pub(super) struct Bell(mpsc::Sender<()>);

impl Bell {
    /// A bell that rings by this connection, as long as somebody may pull it.
    pub(super) fn new(db: DatabaseConnection) -> Self {
        let (pull, mut pulled) = mpsc::channel(1);
        tokio::spawn(async move {
            while pulled.recv().await.is_some() {
                // Sent together these are one transaction, of which nothing has to last.
                let ring = "SET LOCAL synchronous_commit = off; NOTIFY rapport_events";
                if let Err(error) = db.execute_unprepared(ring).await {
                    tracing::warn!(%error, "the relays were not told of new events and find them by themselves");
                }
                tokio::time::sleep(PAUSE).await;
            }
        });
        Self(pull)
    }

    /// Rings soon.
    pub(super) fn pull(&self) {
        // Full means that it is going to ring anyway.
        let _ = self.0.try_send(());
    }
}
