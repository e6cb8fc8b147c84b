//! Import of CSV files as background jobs.

mod context;
mod errors;
mod preview;
mod routes;
pub mod run;
mod stages;
mod start;
mod store;
mod table;
mod text;
mod upload;

pub use routes::routes;
