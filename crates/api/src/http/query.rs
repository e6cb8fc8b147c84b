//! Query strings and path parameters, with the same errors as bodies.

use super::misfit;
use crate::error::{ApiError, ApiResult};
use actix_web::dev::Payload;
use actix_web::web::PathConfig;
use actix_web::{FromRequest, HttpRequest};
use domain::error::{ErrorCode, FieldError};
use serde::de::DeserializeOwned;
use std::future::{Ready, ready};
use std::ops::Deref;

/// Refuses a query string with the character NUL, which no text in the database can have: no parameter needs it.
///
/// # Errors
/// 422 that names the parameter.
pub fn check(query: &str) -> Result<(), ApiError> {
    if !query.contains("%00") && !query.contains('\0') {
        return Ok(());
    }
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    match pairs.into_iter().find(|(name, value)| name.contains('\0') || value.contains('\0')) {
        None => Ok(()),
        Some((name, _)) => {
            let name: String = name.chars().filter(|c| *c != '\0').take(60).collect();
            let message = "A parameter cannot contain the character NUL.";
            Err(ApiError::parameter(&name, "text", message))
        }
    }
}

/// The parameters of an address, with the type of `T`; the refusal names the parameter that does not fit.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<T> Deref for Query<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(typed(request.query_string()).map(Self))
    }
}

fn typed<T: DeserializeOwned>(query: &str) -> ApiResult<T> {
    let pairs = serde_urlencoded::Deserializer::new(url::form_urlencoded::parse(query.as_bytes()));
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let FieldError { path, code, message } = misfit::explain(&error);
        let name = path.strip_prefix('/').unwrap_or(&path);
        let message = match code.as_str() {
            "unknown_field" => format!("There is no parameter called {name} here."),
            _ => message,
        };
        ApiError::parameter(name, &code, message)
    })
}

/// Errors of typed path parameters: an id that is none names nothing.
pub fn path_config() -> PathConfig {
    PathConfig::default().error_handler(|_error, _request| {
        ApiError::new(ErrorCode::NotFound, "There is nothing at this address.").into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use uuid::Uuid;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its reading is of interest")]
    struct Sample {
        q: String,
        page: Option<u32>,
        id: Option<Uuid>,
        #[serde(default)]
        permanent: bool,
    }

    /// PLATFORM-13: the parameter that does not fit is named, with what would fit.
    #[test]
    fn parameters_are_named() {
        for (query, name, code, message) in [
            ("page=1", "q", "required", "q is required."),
            ("q=x&page=one", "page", "type", "This must be a whole number."),
            ("q=x&page=", "page", "type", "This must be a whole number."),
            ("q=x&page=99999999999", "page", "type", "This number is out of range."),
            ("q=x&id=7", "id", "type", "This must be an id (UUID)."),
            ("q=x&permanent=maybe", "permanent", "type", "This must be true or false."),
            ("q=x&q=y", "q", "duplicate", "Send q only once."),
            ("q=x&size=1", "size", "unknown_field", "There is no parameter called size here."),
        ] {
            let refused = typed::<Sample>(query).unwrap_err();
            let expected = FieldError::parameter(name, code, message);
            assert_eq!(refused.fields(), [expected], "{query}");
        }
        assert!(typed::<Sample>("q=%C3%A4&page=2").is_ok());
    }
}
