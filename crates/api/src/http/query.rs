//! Query strings and path parameters, with the same errors as bodies.

use crate::error::ApiError;
use actix_web::web::{PathConfig, QueryConfig};
use domain::error::{ErrorCode, FieldError};

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
            let message = "A parameter cannot contain the character NUL.".to_owned();
            Err(ApiError::invalid(vec![FieldError { path: name, code: "text".to_owned(), message }]))
        }
    }
}

/// Errors of typed query strings.
pub fn query_config() -> QueryConfig {
    QueryConfig::default().error_handler(|error, _request| {
        let message = error.to_string();
        let name = message.split('`').nth(1).unwrap_or("query").chars().take(60).collect::<String>();
        let sentence = if message.contains("unknown field") {
            format!("There is no parameter called {name} here.")
        } else if message.contains("missing field") {
            format!("The parameter {name} is required.")
        } else {
            "A parameter of the address has a value that does not fit.".to_owned()
        };
        ApiError::invalid(vec![FieldError { path: name, code: "query".to_owned(), message: sentence }]).into()
    })
}

/// Errors of typed path parameters: an id that is none names nothing.
pub fn path_config() -> PathConfig {
    PathConfig::default().error_handler(|_error, _request| {
        ApiError::new(ErrorCode::NotFound, "There is nothing at this address.").into()
    })
}
