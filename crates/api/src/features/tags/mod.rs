//! The tag catalogue.

mod catalogue;
mod routes;

pub use routes::routes;
