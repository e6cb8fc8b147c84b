//! Optimistic concurrency: `ETag` on records, `If-Match` on changes.

use crate::error::{ApiError, ApiResult};
use actix_web::dev::Payload;
use actix_web::http::header::{ETAG, IF_MATCH};
use actix_web::{FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder};
use domain::error::ErrorCode;
use serde::Serialize;
use std::future::{Ready, ready};
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};

/// The version that a change expects, from `If-Match: "3"`; `None` without the header or with `*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(pub Option<i32>);

impl FromRequest for IfMatch {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let raw = request.headers().get(IF_MATCH).map(|value| value.to_str().unwrap_or_default().trim().to_owned());
        ready(match raw.as_deref() {
            None | Some("*") => Ok(Self(None)),
            Some(tag) => {
                let digits = tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"');
                digits.parse().map(|version| Self(Some(version))).map_err(|e| {
                    tracing::debug!(error = %e, "unreadable If-Match");
                    ApiError::new(ErrorCode::BadRequest, "If-Match must carry the ETag of the record, such as \"3\".")
                })
            }
        })
    }
}

impl IntoParams for IfMatch {
    fn into_params(_given_in: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let parameter = ParameterBuilder::new()
            .name("If-Match")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some("The ETag that was read; 412 if it has changed since."))
            .schema(Some(ObjectBuilder::new().schema_type(Type::String)));
        vec![parameter.build()]
    }
}

/// An answer with one record and its entity tag.
pub fn tagged(mut response: HttpResponseBuilder, version: i32, body: &impl Serialize) -> HttpResponse {
    response.insert_header((ETAG, format!("\"{version}\""))).json(body)
}
