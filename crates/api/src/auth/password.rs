//! Password hashing: argon2id with the crate's default cost, on threads of its own, a few at a time.

use crate::error::{ApiError, ApiResult};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error as HashError, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

/// How many hashes are computed at the same time. Each takes 19 MiB and a core for some 30 ms; the rest waits, so
/// that a flood of sign-ins can exhaust neither memory nor the threads for blocking work.
static HASHING: Semaphore = Semaphore::const_new(4);

/// What a password is compared with when nobody has the address, so that the answer takes the same time. It has the
/// cost of [`hash`] and matches no password, because its hash part is made up.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWF0LWFsbC4uLg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes a new password for storage.
///
/// # Errors
/// The system gives no random salt, or is shutting down.
pub async fn hash(password: &str) -> ApiResult<String> {
    let password = password.to_owned();
    let hashed = blocking(move || -> Result<String, HashError> {
        let hashed: PasswordHash = Argon2::default().hash_password(password.as_bytes())?;
        Ok(hashed.to_string())
    });
    hashed.await?.map_err(|e| ApiError::internal(anyhow::anyhow!("hashing failed: {e}")))
}

/// Whether `password` is the one that was hashed. `None` (nobody, or somebody without a password) takes as long and
/// is never right.
///
/// # Errors
/// The stored hash is damaged, or the system is shutting down.
pub async fn verify(stored: Option<String>, password: &str) -> ApiResult<bool> {
    let password = password.to_owned();
    let verified = blocking(move || -> Result<bool, HashError> {
        let parsed = PasswordHash::new(stored.as_deref().unwrap_or(NOBODY))?;
        match Argon2::default().verify_password(password.as_bytes(), &parsed) {
            Ok(()) => Ok(stored.is_some()),
            Err(HashError::PasswordInvalid) => Ok(false),
            Err(other) => Err(other),
        }
    });
    verified.await?.map_err(|e| ApiError::internal(anyhow::anyhow!("verifying failed: {e}")))
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> ApiResult<T> {
    let permit = HASHING.acquire().await.map_err(ApiError::internal)?;
    let done = tokio::task::spawn_blocking(move || {
        // Held by the work, not by the caller: a request that is given up still occupies its place until it is done.
        let _permit = permit;
        work()
    });
    done.await.map_err(ApiError::internal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::Params;

    /// AUTH-01: a password verifies against its own hash only, and two hashes of it differ.
    #[tokio::test]
    async fn passwords_verify() {
        let stored = hash("correct horse 1").await.unwrap();
        assert_ne!(stored, hash("correct horse 1").await.unwrap());
        assert!(verify(Some(stored.clone()), "correct horse 1").await.unwrap());
        assert!(!verify(Some(stored), "wrong horse 1").await.unwrap());
    }

    /// AUTH-01: an unknown address costs exactly as much as a known one and never signs in.
    #[tokio::test]
    async fn nobody_costs_as_much() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let somebody = hash("correct horse 1").await.unwrap();
        let somebody = PasswordHash::new(&somebody).unwrap();
        assert_eq!(Params::try_from(&nobody).unwrap(), Params::try_from(&somebody).unwrap());
        assert_eq!((nobody.algorithm, nobody.version), (somebody.algorithm, somebody.version));
        assert!(!verify(None, "").await.unwrap());
        assert!(!verify(None, "correct horse 1").await.unwrap());
    }
}
