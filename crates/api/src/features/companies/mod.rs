//! Companies.

mod routes;
mod store;

pub use routes::routes;
pub use store::first_page;
