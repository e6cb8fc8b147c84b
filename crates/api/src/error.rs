//! The one error type of the API. What the client may know goes into the problem body; what only we may know goes
//! into the log, once, where the answer is made.

use crate::db::constraints;
use actix_web::http::StatusCode;
use domain::error::{ErrorCode, FieldError, Problem};
use sea_orm::DbErr;
use serde_json::Value as Json;
use std::borrow::Cow;
use std::fmt;
use std::panic::Location;

/// A refusal or a failure.
pub struct ApiError {
    code: ErrorCode,
    detail: Cow<'static, str>,
    fields: Vec<FieldError>,
    current: Option<Box<Json>>,
    hint: Option<Hint>,
    source: Option<anyhow::Error>,
    at: &'static Location<'static>,
}

/// What an answer's headers tell the client to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// `Retry-After`: try again after so many seconds.
    RetryAfter(u64),
    /// `Allow`: the methods that the address has.
    Allow(&'static str),
}

/// What every fallible part of the API returns.
pub type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// A refusal with a sentence for the person.
    #[track_caller]
    pub fn new(code: ErrorCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            detail: detail.into(),
            fields: Vec::new(),
            current: None,
            hint: None,
            source: None,
            at: Location::caller(),
        }
    }

    /// 422 with the fields concerned.
    #[track_caller]
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        let detail = match fields.as_slice() {
            [only] => only.message.clone(),
            _ => "Some values are not right; see the fields.".to_owned(),
        };
        Self { fields, ..Self::new(ErrorCode::Invalid, detail) }
    }

    /// 422 about one field.
    #[track_caller]
    pub fn field(name: &str, code: &str, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError::new(name, code, message)])
    }

    /// 422 about one parameter of the address.
    #[track_caller]
    pub fn parameter(name: &str, code: &str, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError::parameter(name, code, message)])
    }

    /// 404: it does not exist, or not in this organization; the answer is the same.
    #[track_caller]
    pub fn not_found(what: &str) -> Self {
        Self::new(ErrorCode::NotFound, format!("There is no such {what}."))
    }

    /// 403.
    #[track_caller]
    pub fn forbidden() -> Self {
        Self::new(ErrorCode::Forbidden, "Your role does not allow this.")
    }

    /// 401.
    #[track_caller]
    pub fn unauthenticated() -> Self {
        Self::new(ErrorCode::Unauthenticated, "You are not signed in, or your session has ended.")
    }

    /// 412 with the record as it is now.
    #[track_caller]
    pub fn stale(current: Json) -> Self {
        Self {
            current: Some(Box::new(current)),
            ..Self::new(ErrorCode::Stale, "Somebody else has changed this since you loaded it.")
        }
    }

    /// 500; the source goes to the log only.
    #[track_caller]
    pub fn internal(source: impl Into<anyhow::Error>) -> Self {
        Self {
            source: Some(source.into()),
            ..Self::new(ErrorCode::Internal, "Something went wrong on our side. Nothing was saved.")
        }
    }

    /// 503; the source goes to the log only.
    #[track_caller]
    pub fn unavailable(source: impl Into<anyhow::Error>) -> Self {
        Self {
            source: Some(source.into()),
            hint: Some(Hint::RetryAfter(2)),
            ..Self::new(ErrorCode::Unavailable, "The service cannot answer right now. Please try again in a moment.")
        }
    }

    /// The same with `Retry-After`, in seconds.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.hint = Some(Hint::RetryAfter(seconds));
        self
    }

    /// The same with `Allow`: the methods that the address has.
    pub fn allow(mut self, methods: &'static str) -> Self {
        self.hint = Some(Hint::Allow(methods));
        self
    }

    /// The same about these fields, keeping the code.
    pub fn with_field(mut self, field: FieldError) -> Self {
        self.fields.push(field);
        self
    }

    /// The code.
    pub fn code(&self) -> &ErrorCode {
        &self.code
    }

    /// Whether the database can be reached but gave up on a statement, which may go through later or with less to do.
    pub fn is_for_later(&self) -> bool {
        let error = self.source.as_ref().and_then(|source| source.downcast_ref::<DbErr>());
        error.is_some_and(constraints::is_for_later)
    }

    /// The sentence for the person.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The fields concerned.
    pub fn fields(&self) -> &[FieldError] {
        &self.fields
    }

    /// What to do next.
    pub fn hint(&self) -> Option<Hint> {
        self.hint
    }

    /// The body of the answer.
    pub fn problem(&self, request_id: &str) -> Problem {
        let mut problem = Problem::new(self.code.clone(), self.detail.clone(), request_id);
        problem.fields.clone_from(&self.fields);
        problem.current = self.current.as_deref().cloned();
        problem
    }

    /// Writes what the client does not get to see. Called once, where the answer is made.
    pub fn log(&self, request_id: &str) {
        match &self.source {
            Some(source) => {
                tracing::error!(request_id, code = self.code.as_str(), at = %self.at, error = format!("{source:#}"), "request failed");
            }
            None => tracing::debug!(request_id, code = self.code.as_str(), at = %self.at, "request refused"),
        }
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}: {} {:?} {:?}", self.code.as_str(), self.at, self.detail, self.fields, self.source)
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.detail)
    }
}

impl std::error::Error for ApiError {}

/// The body is written by [`crate::http::middleware::problems`], which knows the request id.
impl actix_web::ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<DbErr> for ApiError {
    #[track_caller]
    fn from(error: DbErr) -> Self {
        constraints::translate(error)
    }
}

impl From<redis::RedisError> for ApiError {
    #[track_caller]
    fn from(error: redis::RedisError) -> Self {
        Self::unavailable(error)
    }
}
