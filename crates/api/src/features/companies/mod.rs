//! Companies.

pub(crate) mod import;
mod routes;
mod store;
pub mod summary;

pub use store::first_page;
