//! Contacts.

mod companies;
mod routes;
mod store;

pub use routes::routes;
pub use store::release_primary;
