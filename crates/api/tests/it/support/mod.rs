//! What the tests share.

mod app;
mod client;
pub mod db;
pub mod pdf;
pub mod process;
pub mod routes;

pub use app::{TestApp, servers};
pub use client::{Answer, Member, PASSWORD, USER_AGENT};

use std::future::Future;
use std::time::{Duration, Instant};

/// Before the first connection of a process, ours or a client's.
fn install_tls() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Asks until the answer is there. For what happens after a request, in the workers.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    let end = Instant::now() + Duration::from_secs(15);
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < end, "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
}
