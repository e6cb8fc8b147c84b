//! AUTH-05: failed sign-ins lock an address for a while, whether or not anybody has it.

use super::session::digest;
use crate::error::{ApiError, ApiResult};
use crate::state::AppState;
use domain::error::ErrorCode;
use redis::{AsyncCommands, Script};
use std::sync::LazyLock;

/// Counts the attempt before the password is looked at, so that many attempts at once get no more guesses than one
/// after the other. Returns 0, or for how many milliseconds the address is locked.
static COUNT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local used = tonumber(redis.call('GET', KEYS[1]) or '0')
         if used >= tonumber(ARGV[1]) then
             return math.max(redis.call('PTTL', KEYS[1]), 1)
         end
         redis.call('SET', KEYS[1], used + 1, 'PX', ARGV[2])
         return 0",
    )
});

/// One attempt to sign in. It counts as failed unless [`Attempt::succeeded`] is called.
#[derive(Debug)]
#[must_use = "an attempt counts as failed until it is reported as succeeded"]
pub struct Attempt {
    key: String,
}

impl Attempt {
    /// Begins an attempt for an address in the form in which addresses are compared.
    ///
    /// # Errors
    /// 429 while the address is locked; Redis cannot be reached.
    pub async fn begin(state: &AppState, email_norm: &str) -> ApiResult<Self> {
        let config = &state.config;
        // The digest keeps addresses out of Redis and keys short.
        let key = format!("{}sign-in:{}", config.redis_prefix, digest(email_norm));
        let lock = u64::try_from(config.lockout.as_millis()).unwrap_or(u64::MAX).max(1);
        let mut redis = state.redis.clone();
        let locked: u64 =
            COUNT.key(&key).arg(config.lockout_failures.max(1)).arg(lock).invoke_async(&mut redis).await?;
        if locked == 0 {
            return Ok(Self { key });
        }
        let seconds = locked.div_ceil(1000);
        let wait = match seconds.div_ceil(60) {
            1 => "a minute".to_owned(),
            minutes => format!("{minutes} minutes"),
        };
        let sentence = format!("There were too many failed sign-ins with this address. Please try again in {wait}.");
        Err(ApiError::new(ErrorCode::Locked, sentence).retry_after(seconds))
    }

    /// The password was right: earlier failures are forgotten.
    ///
    /// # Errors
    /// Redis cannot be reached.
    pub async fn succeeded(self, state: &AppState) -> ApiResult<()> {
        let mut redis = state.redis.clone();
        let () = redis.del(&self.key).await?;
        Ok(())
    }
}
