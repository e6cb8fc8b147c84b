//! Signing in and out, registration, the person's own profile and active organization.

mod credentials;
mod me;
mod register;
mod routes;

pub(super) use credentials::{authenticate, limit};
pub(super) use me::me;
pub(super) use register::NAME_MAX as USER_NAME_MAX;
pub use register::register;
pub use routes::routes;
pub(super) use routes::signed_in;

use domain::error::FieldError;

/// Keeps what is right and collects what is wrong, so that all wrong fields are named at once.
pub(super) fn keep<T>(errors: &mut Vec<FieldError>, checked: Result<T, FieldError>) -> Option<T> {
    match checked {
        Ok(value) => Some(value),
        Err(error) => {
            errors.push(error);
            None
        }
    }
}
