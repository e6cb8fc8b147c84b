//! Request bodies: JSON objects, read up to a limit, with errors that name what is wrong.

use super::misfit;
use crate::error::{ApiError, ApiResult};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use domain::error::{ErrorCode, FieldError};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;
use validator::{Validate, ValidationError, ValidationErrors};

/// The largest JSON body, in bytes.
pub const JSON_LIMIT: usize = 1024 * 1024;

/// How long a body may take to arrive: a client that announces one and never sends it must not hold a connection for
/// ever.
const PATIENCE: Duration = Duration::from_secs(30);

/// A JSON object of any content, for inputs that the catalogue checks.
#[derive(Debug, Clone)]
pub struct JsonObject(pub Map<String, Json>);

impl FromRequest for JsonObject {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = ApiResult<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = read(request, payload);
        Box::pin(async move { Ok(Self(object(&bytes.await?)?)) })
    }
}

/// A JSON object with the members of `T`. An empty body counts as `{}`.
#[derive(Debug, Clone)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = ApiResult<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = read(request, payload);
        Box::pin(async move {
            let bytes = bytes.await?;
            let bytes = if bytes.is_empty() { web::Bytes::from_static(b"{}") } else { bytes };
            Ok(Self(typed(Json::Object(object(&bytes)?))?))
        })
    }
}

/// A [`Body`] that keeps to the bounds that its type declares. They are checked before anything is done with it, such
/// as hashing a password; what a value means is checked by the rules that the web app knows too.
#[derive(Debug, Clone)]
pub struct Valid<T>(pub T);

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Valid<T> {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = ApiResult<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = Body::<T>::from_request(request, payload);
        Box::pin(async move {
            let Body(value) = body.await?;
            match value.validate() {
                Ok(()) => Ok(Self(value)),
                Err(errors) => Err(ApiError::invalid(out_of_bounds(&errors))),
            }
        })
    }
}

/// One error per member that is longer than it may be.
fn out_of_bounds(errors: &ValidationErrors) -> Vec<FieldError> {
    let sentence = |error: &ValidationError| match error.params.get("max") {
        Some(max) => format!("This can have at most {max} characters or entries."),
        None => "This value does not fit.".to_owned(),
    };
    let mut fields = Vec::new();
    for (name, errors) in errors.field_errors() {
        fields.extend(errors.iter().map(|error| FieldError::new(&name, "too_long", sentence(error))));
    }
    fields.sort_by(|a, b| a.path.cmp(&b.path));
    fields
}

/// Gives a JSON value its type; the error names the member that does not fit.
///
/// # Errors
/// 422.
pub fn typed<T: DeserializeOwned>(json: Json) -> ApiResult<T> {
    serde_path_to_error::deserialize(json).map_err(|error| ApiError::invalid(vec![misfit::explain(&error)]))
}

fn object(bytes: &[u8]) -> ApiResult<Map<String, Json>> {
    match serde_json::from_slice(bytes) {
        Ok(Json::Object(map)) => Ok(map),
        Ok(_) => Err(ApiError::new(ErrorCode::BadRequest, "The body must be a JSON object.")),
        Err(error) => Err(ApiError::new(ErrorCode::BadRequest, format!("The body is not valid JSON: {error}."))),
    }
}

fn read(request: &HttpRequest, payload: &mut Payload) -> impl Future<Output = ApiResult<web::Bytes>> + use<> {
    let json = actix_web::HttpMessage::content_type(request);
    let fits = json.is_empty() || json == "application/json" || json.ends_with("+json");
    let bytes = web::Bytes::from_request(request, payload);
    async move {
        if !fits {
            let sentence = "The body must be JSON (Content-Type: application/json).";
            return Err(ApiError::new(ErrorCode::UnsupportedMediaType, sentence));
        }
        let Ok(bytes) = tokio::time::timeout(PATIENCE, bytes).await else {
            let sentence = format!("The body did not arrive within {} seconds.", PATIENCE.as_secs());
            return Err(ApiError::new(ErrorCode::TimedOut, sentence));
        };
        bytes.map_err(|error| {
            if error.as_response_error().status_code() == actix_web::http::StatusCode::PAYLOAD_TOO_LARGE {
                ApiError::new(ErrorCode::TooLarge, format!("The body can have at most {JSON_LIMIT} bytes."))
            } else {
                ApiError::new(ErrorCode::BadRequest, "The body could not be read.")
            }
        })
    }
}
