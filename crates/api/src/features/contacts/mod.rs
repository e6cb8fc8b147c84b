//! Contacts.

mod companies;
pub(crate) mod import;
mod routes;
mod store;

pub use store::release_primary;
