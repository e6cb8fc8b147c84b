//! Rate limits, counted in Redis so that all nodes share them.
//!
//! A limit lets `burst` requests through at once and afterwards one per `per / burst` (the generic cell rate
//! algorithm): unlike a fixed window it lets nobody send twice the number around the turn of a window. Give each
//! limit a name of its own, and count by whatever is to be limited:
//!
//! ```text
//! Limit { name: "client-errors", burst: 30, per: MINUTE }.check(&state, &client(&request)).await?;
//! ```

use crate::db::RequestInfo;
use crate::error::{ApiError, ApiResult};
use crate::state::AppState;
use domain::error::ErrorCode;
use redis::Script;
use std::net::IpAddr;
use std::sync::LazyLock;
use std::time::Duration;

/// One minute.
pub const MINUTE: Duration = Duration::from_secs(60);

/// The key holds the time at which the allowance is full again. Returns 0, or milliseconds until the next request
/// may come. The clock is Redis's, because the nodes' clocks differ.
static TAKE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local time = redis.call('TIME')
         local now = time[1] * 1000 + math.floor(time[2] / 1000)
         local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
         local full = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now) + interval
         local wait = full - interval * burst - now
         if wait > 0 then
             return wait
         end
         redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', string.format('%.0f', full - now))
         return 0",
    )
});

/// How often something may be done.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// Name of the limit; part of the key in Redis.
    pub name: &'static str,
    /// How many requests at once; 0 switches the limit off.
    pub burst: u32,
    /// The time in which so many requests are allowed again.
    pub per: Duration,
}

impl Limit {
    /// Takes one request of the allowance of `who`.
    ///
    /// # Errors
    /// 429 with `Retry-After` when the allowance is used up; Redis cannot be reached.
    pub async fn check(self, state: &AppState, who: &str) -> ApiResult<()> {
        if self.burst == 0 {
            return Ok(());
        }
        let key = format!("{}rate:{}:{who}", state.config.redis_prefix, self.name);
        let interval = u64::try_from(self.per.as_millis()).unwrap_or(u64::MAX) / u64::from(self.burst);
        let mut redis = state.redis.clone();
        let wait: u64 = TAKE.key(&key).arg(interval.max(1)).arg(self.burst).invoke_async(&mut redis).await?;
        if wait == 0 {
            return Ok(());
        }
        let seconds = wait.div_ceil(1000);
        let sentence = "Too many requests have come from here. Please try again in a moment.";
        Err(ApiError::new(ErrorCode::RateLimited, sentence).retry_after(seconds))
    }
}

/// Whom a request counts for when nobody is signed in: its address. IPv6 counts by /64, because a single customer
/// has that many addresses to choose from.
pub fn client(request: &RequestInfo) -> String {
    match request.ip.as_deref().map(str::parse) {
        Some(Ok(IpAddr::V6(ip))) => match ip.to_ipv4_mapped() {
            Some(ip) => ip.to_string(),
            None => {
                let [a, b, c, d, ..] = ip.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::")
            }
        },
        Some(Ok(IpAddr::V4(ip))) => ip.to_string(),
        Some(Err(_)) | None => "unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_customer_count_together() {
        let of = |ip: &str| client(&RequestInfo { ip: Some(ip.to_owned()), ..RequestInfo::default() });
        assert_eq!(of("2001:db8:1:2:aaaa::1"), of("2001:db8:1:2:bbbb::7"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(client(&RequestInfo::default()), "unknown");
    }
}
