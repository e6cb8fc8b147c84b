//! Live updates (REALTIME area): Redis carries the changes between nodes, the hub of each node spreads them to its
//! connections. What travels says what changed, never the data itself.

pub mod channel;
mod hub;
pub mod socket;

use channel::Channel;
use hub::Hub;
use redis::aio::ConnectionManager;
use std::sync::Arc;
use tokio_util::sync::{CancellationToken, DropGuard};

/// Live updates of one node.
#[derive(Clone)]
pub struct Live {
    /// The way into and out of Redis.
    pub channel: Channel,
    hub: Arc<Hub>,
    closing: CancellationToken,
    _listening: Arc<DropGuard>,
}

impl std::fmt::Debug for Live {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Live")
    }
}

impl Live {
    /// Listens to the other nodes until the last clone is dropped.
    pub fn start(client: redis::Client, redis: ConnectionManager, prefix: &str) -> Self {
        let channel = Channel::new(redis, prefix);
        let hub = Arc::new(Hub::default());
        let stop = CancellationToken::new();
        tokio::spawn(hub::listen(client, channel.name(), Arc::clone(&hub), stop.clone()));
        Self { channel, hub, closing: CancellationToken::new(), _listening: Arc::new(stop.drop_guard()) }
    }

    /// Closes all connections of this node, so that a server that stops need not wait for them. Clients come back,
    /// to another node or to the next process.
    pub fn close_all(&self) {
        self.closing.cancel();
    }
}
