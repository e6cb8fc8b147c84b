//! Sign-in sessions: an opaque random id in a cookie, its state in Redis under the id's digest.

use crate::config::Config;
use crate::error::{ApiError, ApiResult};
use crate::realtime::channel::Channel;
use crate::state::Clock;
use actix_web::cookie::{Cookie, SameSite};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use redis::aio::ConnectionManager;
use redis::{AsyncCommands, ExistenceCheck, SetExpiry, SetOptions};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::time::Duration;
use uuid::Uuid;

/// The session store.
#[derive(Clone)]
pub struct Sessions {
    redis: ConnectionManager,
    prefix: String,
    idle: Duration,
    max: Duration,
    clock: Clock,
}

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sessions")
    }
}

/// What a session knows: who, and in which organization. Role and rights are read anew for each request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The person.
    pub user_id: Uuid,
    /// The active organization.
    pub org_id: Uuid,
    /// When the person signed in.
    pub created_at: DateTime<Utc>,
}

/// The secret half of a session: what stands in the cookie. Never logged, never stored.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionId(String);

impl SessionId {
    /// The value of a cookie.
    pub fn from_cookie(value: &str) -> Option<Self> {
        let plausible = value.len() == 43 && value.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        plausible.then(|| Self(value.to_owned()))
    }

    fn random() -> Self {
        Self(random_token())
    }
}

/// 256 random bits, as text for links and cookies.
pub fn random_token() -> String {
    let bytes: [u8; 32] = rand::random();
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The digest under which a secret is stored, as hex.
pub fn digest(secret: &str) -> String {
    Sha256::digest(secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl std::fmt::Debug for SessionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionId(…)")
    }
}

impl Sessions {
    /// A store on this Redis.
    pub fn new(redis: ConnectionManager, config: &Config, clock: Clock) -> Self {
        let (idle, max) = (config.session_idle, config.session_max);
        Self { redis, prefix: config.redis_prefix.clone(), idle, max, clock }
    }

    fn key(&self, id: &SessionId) -> String {
        format!("{}session:{}", self.prefix, digest(&id.0))
    }

    fn user_key(&self, user_id: Uuid) -> String {
        format!("{}user:{user_id}:sessions", self.prefix)
    }

    /// Begins a session.
    ///
    /// # Errors
    /// Redis cannot be reached.
    pub async fn create(&self, user_id: Uuid, org_id: Uuid) -> ApiResult<SessionId> {
        let id = SessionId::random();
        let session = Session { user_id, org_id, created_at: self.clock.now() };
        self.write(&id, &session, ExistenceCheck::NX).await?;
        let user_key = self.user_key(user_id);
        let mut redis = self.redis.clone();
        let () = redis::pipe()
            .sadd(&user_key, self.key(&id))
            .ignore()
            .expire(&user_key, seconds(self.max))
            .ignore()
            .query_async(&mut redis)
            .await?;
        Ok(id)
    }

    async fn write(&self, id: &SessionId, session: &Session, check: ExistenceCheck) -> ApiResult<()> {
        let json = serde_json::to_string(session).map_err(ApiError::internal)?;
        let idle = SetExpiry::EX(self.idle.as_secs().max(1));
        let options = SetOptions::default().conditional_set(check).with_expiration(idle);
        let mut redis = self.redis.clone();
        let () = redis.set_options(self.key(id), json, options).await?;
        Ok(())
    }

    /// The session, if it has not ended; its idle time begins anew.
    ///
    /// # Errors
    /// Redis cannot be reached.
    pub async fn load(&self, id: &SessionId) -> ApiResult<Option<Session>> {
        let mut redis = self.redis.clone();
        let key = self.key(id);
        let idle = redis::Expiry::EX(self.idle.as_secs().max(1));
        let json: Option<String> = redis.get_ex(&key, idle).await?;
        let session = self.unexpired(json)?;
        if session.is_none() {
            let () = redis.del(&key).await?;
        }
        Ok(session)
    }

    /// The same without beginning the idle time anew: an open connection is no activity of the person.
    ///
    /// # Errors
    /// Redis cannot be reached.
    pub async fn peek(&self, id: &SessionId) -> ApiResult<Option<Session>> {
        let json: Option<String> = self.redis.clone().get(self.key(id)).await?;
        self.unexpired(json)
    }

    fn unexpired(&self, json: Option<String>) -> ApiResult<Option<Session>> {
        let Some(json) = json else { return Ok(None) };
        let session: Session = serde_json::from_str(&json).map_err(ApiError::internal)?;
        let age = self.clock.now().signed_duration_since(session.created_at);
        Ok((!age.to_std().is_ok_and(|age| age > self.max)).then_some(session))
    }

    /// Makes another organization the active one. A session that has ended in the meantime stays ended.
    ///
    /// # Errors
    /// Redis cannot be reached.
    pub async fn switch(&self, id: &SessionId, session: &Session, org_id: Uuid) -> ApiResult<()> {
        self.write(id, &Session { org_id, ..session.clone() }, ExistenceCheck::XX).await?;
        self.live().session_changed(session.user_id).await
    }

    /// Ends a session: its cookie is worthless from now on.
    ///
    /// # Errors
    /// Redis cannot be reached.
    pub async fn destroy(&self, id: &SessionId, user_id: Uuid) -> ApiResult<()> {
        let mut redis = self.redis.clone();
        let key = self.key(id);
        let () = redis::pipe()
            .del(&key)
            .ignore()
            .srem(self.user_key(user_id), &key)
            .ignore()
            .query_async(&mut redis)
            .await?;
        self.live().session_changed(user_id).await
    }

    /// Ends all sessions of a person.
    ///
    /// # Errors
    /// Redis cannot be reached.
    pub async fn destroy_all(&self, user_id: Uuid) -> ApiResult<()> {
        let mut redis = self.redis.clone();
        let user_key = self.user_key(user_id);
        let mut keys: Vec<String> = redis.smembers(&user_key).await?;
        keys.push(user_key);
        let () = redis.del(keys).await?;
        self.live().session_changed(user_id).await
    }

    /// Open connections look at once whether they may go on.
    fn live(&self) -> Channel {
        Channel::new(self.redis.clone(), &self.prefix)
    }
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

/// The cookie that carries a session to the browser.
pub fn cookie(config: &Config, id: &SessionId) -> Cookie<'static> {
    let mut cookie = cookie_of(config, id.0.clone());
    cookie.set_max_age(actix_web::cookie::time::Duration::seconds(seconds(config.session_max)));
    cookie
}

/// The cookie that takes it away again.
pub fn removal_cookie(config: &Config) -> Cookie<'static> {
    let mut cookie = cookie_of(config, String::new());
    cookie.make_removal();
    cookie
}

/// Browsers only take a cookie for the same one if these agree.
fn cookie_of(config: &Config, value: String) -> Cookie<'static> {
    Cookie::build(config.cookie_name(), value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(config.is_https())
        .finish()
}
