//! The id of a request: made by the tracing layer, repeated in the answer and in every log line.

use actix_web::{HttpMessage, HttpRequest};
use tracing_actix_web::RequestId;

/// The header that carries it.
pub const HEADER: &str = "x-request-id";

/// The id of this request.
pub fn of(request: &HttpRequest) -> String {
    request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default()
}
