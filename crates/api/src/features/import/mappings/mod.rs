//! Saved mappings: kept under a name, and applied to files with the same columns.

mod apply;
mod routes;
mod store;

pub use apply::{By, plan_of};
pub use routes::routes;
