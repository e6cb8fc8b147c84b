//! Changes in Redis: a capped stream per organization, and one channel that all nodes listen to.

use crate::error::{ApiError, ApiResult};
use domain::live::LiveMessage;
use redis::AsyncCommands;
use redis::aio::ConnectionManager;
use redis::streams::StreamRangeReply;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use uuid::Uuid;

/// How many changes a stream keeps, about.
const KEPT: usize = 1000;
/// How long a stream is kept after its last change, in seconds.
const KEPT_SECONDS: u64 = 24 * 3600;
/// How long an announced event is remembered, in seconds: a repetition after a crash comes within moments.
const REMEMBERED_SECONDS: u64 = 600;
/// More missed changes than this are not told one by one.
const MOST_MISSED: usize = 500;

/// A change as it travels: what a [`LiveMessage::Changed`] says, but for the position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Name of the event.
    pub event: String,
    /// Type of the record or thing.
    pub entity: String,
    /// Its id; none in bulk operations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    /// Its version after the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i32>,
    /// Who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<Uuid>,
}

impl Change {
    /// As a message to a client.
    pub fn at(self, position: String) -> LiveMessage {
        let Self { event, entity, id, version, actor } = self;
        LiveMessage::Changed { position, event, entity, id, version, actor }
    }
}

/// What nodes tell each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// Something changed in an organization, at this position of its stream.
    Changed(Uuid, String, Change),
    /// A person's session ended or moved to another organization.
    Session(Uuid),
}

/// What a returning client has missed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missed {
    /// These changes, oldest first.
    Changes(Vec<(String, Change)>),
    /// More than can be told, or more than is known.
    TooMuch,
}

/// Adds to the stream and tells the nodes, in one step, so that the order of both is the same. What was announced
/// before is skipped. KEYS: stream, channel. ARGV: organization, then event id and change by turns.
static ANNOUNCE: LazyLock<redis::Script> = LazyLock::new(|| {
    redis::Script::new(&format!(
        "for i = 2, #ARGV, 2 do \
           if redis.call('SET', KEYS[1] .. ':' .. ARGV[i], '', 'NX', 'EX', {REMEMBERED_SECONDS}) then \
             local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', {KEPT}, '*', 'c', ARGV[i + 1]) \
             redis.call('PUBLISH', KEYS[2], 'changed ' .. ARGV[1] .. ' ' .. id .. ' ' .. ARGV[i + 1]) \
           end \
         end \
         redis.call('EXPIRE', KEYS[1], {KEPT_SECONDS}) \
         return 1"
    ))
});

/// The way into and out of Redis.
#[derive(Clone)]
pub struct Channel {
    redis: ConnectionManager,
    prefix: String,
}

impl std::fmt::Debug for Channel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Channel")
    }
}

impl Channel {
    /// On this Redis, below this prefix.
    pub fn new(redis: ConnectionManager, prefix: &str) -> Self {
        Self { redis, prefix: prefix.to_owned() }
    }

    /// Name of the channel that all nodes listen to.
    pub fn name(&self) -> String {
        format!("{}changes", self.prefix)
    }

    fn stream(&self, org_id: Uuid) -> String {
        format!("{}org:{{{org_id}}}:changes", self.prefix)
    }

    /// Announces changes of an organization, each under the id of its event.
    ///
    /// # Errors
    /// Redis cannot be reached.
    pub async fn announce(&self, org_id: Uuid, changes: &[(Uuid, Change)]) -> ApiResult<()> {
        let mut call = ANNOUNCE.prepare_invoke();
        call.key(self.stream(org_id)).key(self.name()).arg(org_id.to_string());
        for (event_id, change) in changes {
            call.arg(event_id.to_string()).arg(serde_json::to_string(change).map_err(ApiError::internal)?);
        }
        let _done: i64 = call.invoke_async(&mut self.redis.clone()).await?;
        Ok(())
    }

    /// Lets all nodes look at once whether a person's connections may go on.
    ///
    /// # Errors
    /// Redis cannot be reached.
    pub async fn session_changed(&self, user_id: Uuid) -> ApiResult<()> {
        let _heard: i64 = self.redis.clone().publish(self.name(), format!("session {user_id}")).await?;
        Ok(())
    }

    /// The newest position of an organization's stream.
    ///
    /// # Errors
    /// Redis cannot be reached.
    pub async fn position(&self, org_id: Uuid) -> ApiResult<String> {
        let newest: StreamRangeReply = self.redis.clone().xrevrange_count(self.stream(org_id), "+", "-", 1).await?;
        Ok(newest.ids.into_iter().next().map_or_else(|| "0-0".to_owned(), |entry| entry.id))
    }

    /// What happened after a position.
    ///
    /// # Errors
    /// Redis cannot be reached.
    pub async fn since(&self, org_id: Uuid, since: &str) -> ApiResult<Missed> {
        let Some(known) = place(since) else { return Ok(Missed::TooMuch) };
        let mut redis = self.redis.clone();
        let stream = self.stream(org_id);
        let oldest: StreamRangeReply = redis.xrange_count(&stream, "-", "+", 1).await?;
        let first = oldest.ids.first().and_then(|entry| place(&entry.id));
        // Before the oldest that is kept there may have been more.
        if first.is_none_or(|first| known < first) {
            return Ok(Missed::TooMuch);
        }
        let from = format!("{}-{}", known.0, known.1);
        let later: StreamRangeReply = redis.xrange_count(&stream, &from, "+", MOST_MISSED + 2).await?;
        // Not even the known one: the stream was lost and has begun anew.
        if later.ids.is_empty() || later.ids.len() > MOST_MISSED + 1 {
            return Ok(Missed::TooMuch);
        }
        let after = later.ids.into_iter().filter(|entry| place(&entry.id) > Some(known));
        let changes = after.map(|entry| {
            let json: Option<String> = entry.get("c");
            let change = json.as_deref().and_then(|json| serde_json::from_str(json).ok())?;
            Some((entry.id, change))
        });
        Ok(changes.collect::<Option<Vec<_>>>().map_or(Missed::TooMuch, Missed::Changes))
    }
}

/// A position as the two numbers it is made of; `None` for any other text.
pub fn place(position: &str) -> Option<(u64, u64)> {
    let (millis, number) = position.split_once('-')?;
    Some((millis.parse().ok()?, number.parse().ok()?))
}

impl Note {
    /// Reads what came over the channel; `None` for what a newer version may say.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once(' ')?;
        match kind {
            "changed" => {
                let mut parts = rest.splitn(3, ' ');
                let (org, position, change) = (parts.next()?, parts.next()?, parts.next()?);
                Some(Self::Changed(org.parse().ok()?, position.to_owned(), serde_json::from_str(change).ok()?))
            }
            "session" => rest.parse().ok().map(Self::Session),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_compared_as_numbers() {
        assert!(place("1795000000000-10") > place("1795000000000-9"));
        for wrong in ["", "1", "-", "a-b", "1-", "1-2-3", "99999999999999999999999999-0"] {
            assert_eq!(place(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn notes_are_read() {
        let id = Uuid::from_u128(7);
        let text = format!("changed {id} 1-2 {{\"event\":\"deal.moved\",\"entity\":\"deal\",\"version\":3}}");
        let Some(Note::Changed(org, position, change)) = Note::parse(&text) else { panic!("not read") };
        assert_eq!((org, position.as_str(), change.version, change.id), (id, "1-2", Some(3), None));
        assert_eq!(Note::parse(&format!("session {id}")), Some(Note::Session(id)));
        assert_eq!(Note::parse("weather sunny"), None);
    }
}
