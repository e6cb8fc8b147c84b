//! Members of the organization: list, roles, removal.

mod repo;
mod routes;
mod service;

pub use routes::routes;
pub(super) use service::check_owner;
