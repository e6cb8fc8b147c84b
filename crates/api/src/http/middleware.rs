//! The layers around all handlers.

use super::request_id;
use crate::auth::csrf;
use crate::error::{ApiError, Hint};
use crate::state::AppState;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY, RETRY_AFTER,
    STRICT_TRANSPORT_SECURITY, UPGRADE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse, web};
use domain::error::ErrorCode;

/// Writes the body of every error answer, logs what the client does not see, and adds the request id.
///
/// # Errors
/// None of its own.
pub async fn problems<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let id = request_id::of(request.request());
    let mut response = render(next.call(request).await?, &id);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static(request_id::HEADER), value);
    }
    Ok(response)
}

fn render<B: MessageBody + 'static>(response: ServiceResponse<B>, id: &str) -> ServiceResponse<BoxBody> {
    let status = response.status();
    let Some(error) = response.response().error() else { return response.map_into_boxed_body() };
    let made;
    let error = match error.as_error::<ApiError>() {
        Some(error) => error,
        None => {
            made = plain(status, error);
            &made
        }
    };
    error.log(id);
    let problem = error.problem(id);
    let mut built = HttpResponse::build(status);
    built.insert_header((CONTENT_TYPE, "application/problem+json"));
    match error.hint() {
        Some(Hint::RetryAfter(seconds)) => {
            built.insert_header((RETRY_AFTER, seconds.to_string()));
        }
        Some(Hint::Allow(methods)) => {
            built.insert_header((ALLOW, methods));
        }
        None => {}
    }
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    response.into_response(built.body(body))
}

/// Errors that actix itself answers with.
fn plain(status: StatusCode, error: &Error) -> ApiError {
    match status {
        StatusCode::NOT_FOUND => ApiError::new(ErrorCode::NotFound, "There is nothing at this address."),
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::new(ErrorCode::TooLarge, "The request is too large."),
        status if status.is_client_error() => ApiError::new(ErrorCode::BadRequest, "The request could not be read."),
        _ => ApiError::internal(anyhow::anyhow!("{error}")),
    }
}

/// Refuses what no route can deal with: a text that no database takes, and a change of protocol, after which the body
/// of a request has no end.
///
/// # Errors
/// None of its own: the refusal is an answer, so that [`problems`] can write its body.
pub async fn acceptable<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let refused = if request.headers().contains_key(UPGRADE) && request.path() != crate::features::live::PATH {
        Some(ApiError::new(ErrorCode::BadRequest, "This address does not change the protocol (Upgrade)."))
    } else {
        super::query::check(request.query_string()).err()
    };
    match refused {
        None => Ok(next.call(request).await?.map_into_boxed_body()),
        Some(refused) => Ok(request.error_response(refused)),
    }
}

/// Refuses requests that another site has triggered.
///
/// # Errors
/// None of its own: the refusal is an answer, so that [`problems`] can write its body.
pub async fn same_site<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let host = request.app_data::<web::Data<AppState>>().map(|state| public_host(state));
    match csrf::check(request.method(), request.headers(), host.as_deref().unwrap_or_default()) {
        Ok(()) => Ok(next.call(request).await?.map_into_boxed_body()),
        Err(refused) => Ok(request.error_response(refused)),
    }
}

/// Host and port of the address that people use.
pub fn public_host(state: &AppState) -> String {
    let url = &state.config.public_url;
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => String::new(),
    }
}

/// Headers that keep browsers strict. Scripts and styles come from us alone; the WASM module needs its own keyword.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: https:; connect-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'";

/// Adds security headers; answers of the API are never cached.
///
/// # Errors
/// None of its own.
pub async fn headers<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let is_api = request.path().starts_with("/api/v1/");
    let https = request.app_data::<web::Data<AppState>>().is_some_and(|state| state.config.is_https());
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    if !headers.contains_key(CONTENT_SECURITY_POLICY) {
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    }
    if https {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(STRICT_TRANSPORT_SECURITY, year);
    }
    if is_api && !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}
