//! The span around each request: its id, method and route stand on every log line that is written meanwhile, and
//! organization and person from when they are known. Never addresses with their parameters, bodies, cookies or names.

use super::request_id;
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use tracing::Span;
use tracing::field::Empty;
use tracing_actix_web::RootSpanBuilder;
use uuid::Uuid;

/// Makes the span.
#[derive(Debug, Clone, Copy)]
pub struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let id = request_id::of(request.request());
        let route = request.match_pattern().unwrap_or_else(|| "none".to_owned());
        tracing::info_span!(
            "request",
            request_id = id,
            method = %request.method(),
            route,
            org.id = Empty,
            user.id = Empty,
            status = Empty
        )
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status = match outcome {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        span.record("status", status.as_u16());
        span.in_scope(|| tracing::debug!("request answered"));
    }
}

/// Notes on the present request's span who acts where.
pub fn acts(org_id: Uuid, user_id: Uuid) {
    let span = Span::current();
    span.record("org.id", tracing::field::display(org_id));
    span.record("user.id", tracing::field::display(user_id));
}
