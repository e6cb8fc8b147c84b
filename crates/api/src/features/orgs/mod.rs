//! Organizations: making one, its name and settings, deleting it.

mod input;
mod repo;
mod routes;
mod service;

pub(super) use input::{name_of, settings_of};
pub(super) use repo::current;
pub use routes::routes;
pub use service::update;
pub(super) use service::{found, furnish};
