//! The refusals that the API document lists with a route.

use domain::error::Problem;

/// What any route may answer when it refuses. Only the API document uses it: the bodies are made in `http::middleware`.
#[derive(Debug, utoipa::IntoResponses)]
pub enum Refusals {
    /// The request could not be read.
    #[response(status = 400, content_type = "application/problem+json")]
    BadRequest(Problem),
    /// Not signed in, or no member of the organization any more.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(Problem),
    /// The role does not allow it, or another site has triggered the request.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// There is no such thing in this organization.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// It contradicts the present state, or a unique value is taken.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(Problem),
    /// Fields are wrong.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
}

/// What a change of a record of an older version is answered with.
#[derive(Debug, utoipa::IntoResponses)]
pub enum Stale {
    /// It has changed since; it stands in `current`.
    #[response(status = 412, content_type = "application/problem+json")]
    Stale(Problem),
}

/// What the secret of an invitation may be answered with besides.
#[derive(Debug, utoipa::IntoResponses)]
pub enum Gone {
    /// Used, revoked or expired.
    #[response(status = 410, content_type = "application/problem+json")]
    Gone(Problem),
}

/// What rate-limited routes may answer besides.
#[derive(Debug, utoipa::IntoResponses)]
pub enum Limited {
    /// Too many requests or failed sign-ins; `Retry-After` says how many seconds to wait.
    #[response(status = 429, content_type = "application/problem+json")]
    RateLimited(Problem),
}
