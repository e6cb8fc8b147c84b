//! The tag catalogue.

mod catalogue;
mod routes;

pub use catalogue::create;
pub use routes::routes;
