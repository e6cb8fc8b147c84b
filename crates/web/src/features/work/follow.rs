//! Following background work to its end, from where it was begun.

use crate::api::ApiResult;
use gloo_timers::future::TimeoutFuture;

/// How long the first wait is, in milliseconds; it doubles up to [`LONGEST_WAIT`].
const FIRST_WAIT: u32 = 150;
const LONGEST_WAIT: u32 = 2_000;

/// Asks again and again until the work is over.
pub async fn until<T>(mut now: T, over: impl Fn(&T) -> bool, mut ask: impl AsyncFnMut(&T) -> ApiResult<T>) -> T {
    let mut wait = FIRST_WAIT;
    while !over(&now) {
        TimeoutFuture::new(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
        // The connection may be away for a while; the work is not.
        if let Ok(next) = ask(&now).await {
            now = next;
        }
    }
    now
}
