//! Query strings and path parameters, with the same errors as bodies.

use crate::error::ApiError;
use actix_web::web::{PathConfig, QueryConfig};
use domain::error::{ErrorCode, FieldError};

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
