//! Companies.

mod routes;
mod store;
pub mod summary;

pub use routes::routes;
pub use store::first_page;
