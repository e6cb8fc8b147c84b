//! One WebSocket: says hello, tells what was missed and what changes, and ends with the session.

use super::channel::{Change, Missed, place};
use super::hub::{Signal, Subscription};
use crate::auth::session::{Session, SessionId};
use crate::db::{Actor, RequestInfo};
use crate::error::{ApiError, ApiResult};
use crate::state::AppState;
use actix_ws::{CloseCode, CloseReason, Closed, Message, MessageStream};
use domain::error::ErrorCode;
use domain::live::{LiveMessage, permission};
use domain::permission::{Access, Overrides, Role, access};
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval, timeout};

/// How often session and membership are looked at, and the client is pinged.
const CHECK: Duration = Duration::from_secs(30);
/// A client that has been silent for this many pings is gone.
const SILENT_CHECKS: u32 = 2;
/// How long the network may take to accept a message.
const SEND: Duration = Duration::from_secs(10);
/// Frames that a client may send between two checks; pongs and closing are all it needs.
const FRAMES: u32 = 30;
/// The largest frame that a client may send, in bytes.
pub const FRAME_BYTES: usize = 1024;

/// What a member may hear.
#[derive(Debug)]
struct Rights {
    role: Role,
    overrides: Overrides,
}

impl Rights {
    fn may_hear(&self, change: &Change) -> bool {
        permission(&change.entity).is_some_and(|p| access(self.role, &self.overrides, p) != Access::No)
    }
}

/// Why a connection ends.
enum End {
    /// Session or membership are over.
    Over,
    /// The server stops, or cannot check the session: come back later.
    Later,
    /// The client sends what it should not.
    Misuse,
    /// The client is gone.
    Gone,
}

impl From<Closed> for End {
    fn from(_closed: Closed) -> Self {
        Self::Gone
    }
}

/// What a connection needs before the handshake is answered: a member, and a place in the hub.
#[derive(Debug)]
pub struct Ticket {
    id: SessionId,
    session: Session,
    rights: Rights,
    subscription: Subscription,
}

impl Ticket {
    /// Checks the membership and takes a place.
    ///
    /// # Errors
    /// 401 when the person is no member any more, 429 when there are too many connections.
    pub async fn take(state: &AppState, id: SessionId, session: Session) -> ApiResult<Self> {
        let rights = rights(state, &session).await?;
        let subscription = state.live.hub.subscribe(session.org_id, session.user_id).ok_or_else(|| {
            ApiError::new(ErrorCode::RateLimited, "There are too many open connections. Close some tabs.")
                .retry_after(30)
        })?;
        Ok(Self { id, session, rights, subscription })
    }

    /// Goes on with the answered handshake.
    pub fn connect(self, state: AppState, socket: actix_ws::Session) -> Connection {
        let Self { id, session, rights, subscription } = self;
        Connection { state, id, session, rights, subscription, socket, position: "0-0".to_owned() }
    }
}

/// The rights as of now; 401 when the membership is over.
async fn rights(state: &AppState, session: &Session) -> ApiResult<Rights> {
    let tx = state.db.tenant(session.org_id, session.user_id, RequestInfo::default()).await?;
    let rights = match tx.actor() {
        Actor::Member { role, overrides, .. } => Rights { role: *role, overrides: overrides.clone() },
        Actor::Worker { .. } => return Err(ApiError::unauthenticated()),
    };
    tx.commit().await?;
    Ok(rights)
}

/// A connection that stands.
pub struct Connection {
    state: AppState,
    id: SessionId,
    session: Session,
    rights: Rights,
    subscription: Subscription,
    socket: actix_ws::Session,
    /// Up to here the client knows.
    position: String,
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("session", &self.session).finish_non_exhaustive()
    }
}

impl Connection {
    /// Serves the connection until it ends. `since` is the position that a returning client knows.
    pub async fn run(mut self, mut frames: MessageStream, since: Option<String>) {
        let end = match self.greet(since).await {
            Ok(()) => self.serve(&mut frames).await,
            Err(end) => end,
        };
        let code = match end {
            End::Over => {
                if self.send(&LiveMessage::Ended).await.is_err() {
                    return;
                }
                CloseCode::Policy
            }
            End::Later => CloseCode::Restart,
            End::Misuse => CloseCode::Policy,
            End::Gone => return,
        };
        let reason = CloseReason { code, description: None };
        // The other side may be gone by now, and then there is nothing to close.
        let _closed = timeout(SEND, self.socket.close(Some(reason))).await;
    }

    async fn greet(&mut self, since: Option<String>) -> Result<(), End> {
        let channel = self.state.live.channel.clone();
        let org_id = self.session.org_id;
        let missed = match &since {
            Some(since) => channel.since(org_id, since).await.map_err(later)?,
            None => Missed::Changes(Vec::new()),
        };
        match (missed, since) {
            (Missed::Changes(changes), Some(since)) => {
                self.position.clone_from(&since);
                self.send(&LiveMessage::Hello { position: since }).await?;
                for (position, change) in changes {
                    self.tell(position, change).await?;
                }
            }
            (missed, _) => {
                self.position = channel.position(org_id).await.map_err(later)?;
                self.send(&LiveMessage::Hello { position: self.position.clone() }).await?;
                if missed == Missed::TooMuch {
                    self.send(&LiveMessage::Resync { position: self.position.clone() }).await?;
                }
            }
        }
        Ok(())
    }

    async fn serve(&mut self, frames: &mut MessageStream) -> End {
        let closing = self.state.live.closing.clone();
        let mut checks = interval(CHECK);
        checks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        checks.reset();
        let (mut silent, mut received) = (0_u32, 0_u32);
        loop {
            // Only the waiting is raced, so that nothing is cancelled half-way.
            let result = tokio::select! {
                () = closing.cancelled() => Err(End::Later),
                signal = self.subscription.next() => match signal {
                    Some(signal) => self.on_signal(signal).await,
                    None => Err(End::Later),
                },
                _ = checks.tick() => {
                    (silent, received) = (silent + 1, 0);
                    if silent > SILENT_CHECKS { Err(End::Gone) } else { self.on_tick().await }
                },
                frame = frames.recv() => {
                    (silent, received) = (0, received + 1);
                    match frame {
                        _ if received > FRAMES => Err(End::Misuse),
                        Some(Ok(Message::Ping(bytes))) => self.socket.pong(&bytes).await.map_err(End::from),
                        Some(Ok(Message::Close(_)) | Err(_)) | None => Err(End::Gone),
                        Some(Ok(_)) => Ok(()),
                    }
                },
            };
            if let Err(end) = result {
                return end;
            }
        }
    }

    async fn on_signal(&mut self, signal: Signal) -> Result<(), End> {
        match signal {
            Signal::Change(position, change) => {
                let own = change.entity == "member" && change.id.is_none_or(|id| id == self.session.user_id);
                if own || change.entity == "organization" {
                    self.check().await?;
                }
                self.tell(position, change).await
            }
            Signal::Resync => {
                self.check().await?;
                let channel = self.state.live.channel.clone();
                self.position = channel.position(self.session.org_id).await.map_err(later)?;
                self.send(&LiveMessage::Resync { position: self.position.clone() }).await
            }
            Signal::Check => self.check().await,
        }
    }

    async fn on_tick(&mut self) -> Result<(), End> {
        self.check().await?;
        match timeout(SEND, self.socket.ping(b"")).await {
            Ok(sent) => Ok(sent?),
            Err(_elapsed) => Err(End::Gone),
        }
    }

    /// REALTIME-06: nothing after the session or the membership has ended; a changed role counts at once.
    async fn check(&mut self) -> Result<(), End> {
        let session = self.state.sessions.peek(&self.id).await.map_err(later)?;
        let same = |s: Session| s.org_id == self.session.org_id && s.user_id == self.session.user_id;
        if !session.is_some_and(same) {
            return Err(End::Over);
        }
        match rights(&self.state, &self.session).await {
            Ok(rights) => {
                self.rights = rights;
                Ok(())
            }
            Err(error) if *error.code() == ErrorCode::Unauthenticated => Err(End::Over),
            Err(error) => Err(later(error)),
        }
    }

    /// Tells of a change, unless the client knows it already (it was in the stream and in the queue) or may not.
    async fn tell(&mut self, position: String, change: Change) -> Result<(), End> {
        if place(&position) <= place(&self.position) {
            return Ok(());
        }
        self.position.clone_from(&position);
        if !self.rights.may_hear(&change) {
            return Ok(());
        }
        self.send(&change.at(position)).await
    }

    async fn send(&mut self, message: &LiveMessage) -> Result<(), End> {
        let text = serde_json::to_string(message).map_err(|error| later(ApiError::internal(error)))?;
        match timeout(SEND, self.socket.text(text)).await {
            Ok(sent) => Ok(sent?),
            Err(_elapsed) => Err(End::Gone),
        }
    }
}

fn later(error: ApiError) -> End {
    tracing::warn!(error = format!("{error:?}"), "a live connection ends because its session cannot be checked");
    End::Later
}
