//! Deals.

mod routes;
mod store;

pub use routes::routes;
