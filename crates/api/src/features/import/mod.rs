//! Import of CSV files and workbooks as background jobs.

mod context;
mod errors;
mod mappings;
mod preview;
mod routes;
pub mod run;
mod stages;
mod start;
mod store;
mod table;
mod text;
mod upload;
pub mod workbook;

pub use routes::routes;
