//! The organization's own fields: their definitions. What is done with their values is the records' business.

mod routes;
mod store;

pub use routes::routes;
