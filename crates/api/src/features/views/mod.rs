//! Saved views of lists.

mod routes;
mod store;

pub use routes::routes;
