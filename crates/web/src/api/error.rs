//! Why a call failed.

use domain::error::{ErrorCode, FieldError, Problem};
use serde_json::Value as Json;

/// The outcome of a call.
pub type ApiResult<T> = Result<T, ApiFail>;

/// Code of failures where no answer came at all.
const NETWORK: &str = "network";
/// Code of answers that this build cannot read.
const UNREADABLE: &str = "unreadable_answer";

/// A failed call: always with a sentence for the person, and the request id where a request was made.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiFail(Box<Problem>);

impl ApiFail {
    /// No answer came: offline, server down, connection cut.
    pub fn network(request_id: &str) -> Self {
        let text = "The server could not be reached. Check your connection and try again.";
        let mut problem = Problem::new(ErrorCode::Unknown(NETWORK.to_owned()), text, request_id);
        (problem.status, problem.title) = (0, "No connection".to_owned());
        Self(Box::new(problem))
    }

    /// An answer came that is not what the API promises.
    pub fn unreadable(request_id: &str, why: &dyn std::fmt::Display) -> Self {
        let text = format!("The answer of the server could not be read ({why}). Reloading the page may help.");
        let mut problem = Problem::new(ErrorCode::Unknown(UNREADABLE.to_owned()), text, request_id);
        problem.title = "Unexpected answer".to_owned();
        Self(Box::new(problem))
    }

    /// Reads the body of a refusal. Proxies and crashes answer with something else than a problem document: then
    /// the status alone tells what happened.
    pub fn from_answer(status: u16, body: &str, request_id: &str) -> Self {
        if let Ok(mut problem) = serde_json::from_str::<Problem>(body) {
            if problem.request_id.is_empty() {
                request_id.clone_into(&mut problem.request_id);
            }
            return Self(Box::new(problem));
        }
        let known = ErrorCode::ALL.iter().find(|code| code.status() == status).cloned();
        let text = match status {
            413 => "That is too large for the server.",
            429 => "Too many requests in a short time. Wait a moment and try again.",
            502..=504 => "The server is not available right now. Try again in a moment.",
            _ => "The server could not do this.",
        };
        let mut problem = Problem::new(known.unwrap_or(ErrorCode::Internal), text, request_id);
        problem.status = status;
        Self(Box::new(problem))
    }

    /// The HTTP status; 0 where no answer came.
    pub fn status(&self) -> u16 {
        self.0.status
    }

    /// What happened, in a sentence.
    pub fn message(&self) -> &str {
        if self.0.detail.is_empty() { &self.0.title } else { &self.0.detail }
    }

    /// The request's id, as in the server's log.
    pub fn request_id(&self) -> &str {
        &self.0.request_id
    }

    /// The fields that are wrong.
    pub fn fields(&self) -> &[FieldError] {
        &self.0.fields
    }

    /// With status 412: the record as it is now.
    pub fn current(&self) -> Option<&Json> {
        self.0.current.as_ref()
    }

    /// Whether the session is over.
    pub fn is_unauthenticated(&self) -> bool {
        self.0.code == ErrorCode::Unauthenticated
    }

    /// Whether the thing does not exist, or not for this person.
    pub fn is_not_found(&self) -> bool {
        matches!(self.0.status, 404 | 410)
    }

    /// Whether somebody else changed the record in the meantime.
    pub fn is_stale(&self) -> bool {
        self.0.code == ErrorCode::Stale
    }

    /// Whether doing the same again may succeed.
    pub fn is_retryable(&self) -> bool {
        matches!(self.0.status, 0 | 429 | 500..=599)
    }
}
