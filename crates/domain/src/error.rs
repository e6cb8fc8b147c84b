//! The one form of every refusal: RFC 9457 `application/problem+json` with a stable code and the fields concerned.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The table of refusals: `Name "code" status "title"`.
macro_rules! error_codes {
    ($($(#[$meta:meta])* $name:ident $code:literal $status:literal $title:literal;)+) => {
        /// What went wrong, as a stable machine-readable code. The web app translates by it.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum ErrorCode {
            $($(#[$meta])* #[doc = $title] $name,)+
            /// A code that this build does not know (a newer server).
            Unknown(String),
        }

        impl ErrorCode {
            /// Every code this build knows.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The code as it stands in JSON.
            pub fn as_str(&self) -> &str {
                match self { $(Self::$name => $code,)+ Self::Unknown(code) => code }
            }

            /// The HTTP status that goes with the code.
            pub const fn status(&self) -> u16 {
                match self { $(Self::$name => $status,)+ Self::Unknown(_) => 500 }
            }

            /// A short English title.
            pub fn title(&self) -> &str {
                match self { $(Self::$name => $title,)+ Self::Unknown(_) => "Unknown error" }
            }

            fn from_code(code: &str) -> Self {
                match code { $($code => Self::$name,)+ other => Self::Unknown(other.to_owned()) }
            }
        }
    };
}

error_codes! {
    BadRequest "bad_request" 400 "The request could not be read";
    Unauthenticated "unauthenticated" 401 "Please sign in";
    InvalidCredentials "invalid_credentials" 401 "Email or password is wrong";
    Locked "account_locked" 429 "Too many failed sign-ins";
    Forbidden "forbidden" 403 "You may not do this";
    CrossSite "cross_site_request" 403 "The request came from another site";
    NotFound "not_found" 404 "Not found";
    MethodNotAllowed "method_not_allowed" 405 "This method is not supported here";
    TimedOut "request_timeout" 408 "The request took too long to arrive";
    Conflict "conflict" 409 "This contradicts the present state";
    Duplicate "duplicate" 409 "Something with this value already exists";
    Gone "gone" 410 "No longer available";
    Stale "stale" 412 "Somebody else changed this in the meantime";
    TooLarge "too_large" 413 "The request is too large";
    UnsupportedMediaType "unsupported_media_type" 415 "This content type is not supported";
    Invalid "invalid" 422 "Please correct the marked fields";
    RateLimited "rate_limited" 429 "Too many requests";
    HeadersTooLarge "headers_too_large" 431 "The request headers are too large";
    Internal "internal" 500 "Something went wrong on our side";
    Unavailable "unavailable" 503 "The service is not available right now";
}

impl Serialize for ErrorCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ErrorCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from_code(&String::deserialize(deserializer)?))
    }
}

/// Codes of [`FieldError`]s that the web app puts into words of its own, because people type these values in another
/// form than the API takes them in.
pub mod code {
    /// No amount of money.
    pub const AMOUNT: &str = "amount";
    /// No calendar date.
    pub const DATE: &str = "date";
    /// No moment.
    pub const DATE_TIME: &str = "date_time";
}

/// One field that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// JSON pointer to the field in the request body, or the name of the query parameter.
    pub path: String,
    /// Stable code of the rule that was broken: `required`, `too_long`, `email`, `unknown_field` and so on.
    pub code: String,
    /// A sentence a person understands.
    pub message: String,
}

impl FieldError {
    /// An error at the top-level field `name`.
    pub fn new(name: &str, code: &str, message: impl Into<String>) -> Self {
        Self { path: format!("/{name}"), code: code.to_owned(), message: message.into() }
    }

    /// An error of the query parameter `name`.
    pub fn parameter(name: &str, code: &str, message: impl Into<String>) -> Self {
        Self { path: name.to_owned(), code: code.to_owned(), message: message.into() }
    }

    /// The name of the top-level field, without the leading slash.
    pub fn field(&self) -> &str {
        let path = self.path.strip_prefix('/').unwrap_or(&self.path);
        path.split('/').next().unwrap_or(path)
    }
}

/// What the web app tells the server when it stopped because of an error of its own.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct ClientError {
    /// What happened and where in the code, at most 2,000 characters.
    #[cfg_attr(feature = "validate", validate(length(max = 2_000)))]
    pub message: String,
    /// The first part of the page's address (`/deals`): the rest may name what is not for a log.
    #[cfg_attr(feature = "validate", validate(length(max = 100)))]
    pub page: String,
}

impl ClientError {
    /// Longest message in characters.
    pub const MESSAGE_MAX: usize = 2_000;

    /// Of the page with this path, cut to what is allowed.
    pub fn new(message: &str, path: &str) -> Self {
        let first = path.split('/').find(|part| !part.is_empty()).unwrap_or_default();
        let page = format!("/{}", first.chars().take(60).collect::<String>());
        Self { message: message.chars().take(Self::MESSAGE_MAX).collect(), page }
    }
}

/// The body of every error answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `/problems/<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Short English title of the code.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What happened, in a sentence.
    pub detail: String,
    /// Stable machine-readable code.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub code: ErrorCode,
    /// The id of the request; it also stands in the server's log.
    pub request_id: String,
    /// The fields concerned, if any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// With status 412: the record as it is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub current: Option<Value>,
}

impl Problem {
    /// A problem of this code.
    pub fn new(code: ErrorCode, detail: impl Into<String>, request_id: impl Into<String>) -> Self {
        Self {
            kind: format!("/problems/{}", code.as_str()),
            title: code.title().to_owned(),
            status: code.status(),
            detail: detail.into(),
            code,
            request_id: request_id.into(),
            fields: Vec::new(),
            current: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PLATFORM-13: codes survive the wire, known or not, and every code has a client or server error status.
    #[test]
    fn codes_round_trip() {
        for code in ErrorCode::ALL {
            let json = serde_json::to_string(code).unwrap();
            assert_eq!(&serde_json::from_str::<ErrorCode>(&json).unwrap(), code);
            assert!((400..600).contains(&code.status()), "{code:?}");
        }
        assert_eq!(
            serde_json::from_str::<ErrorCode>("\"from_tomorrow\"").unwrap(),
            ErrorCode::Unknown("from_tomorrow".into())
        );
    }
}
