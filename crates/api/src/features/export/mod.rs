//! Exports: the records of a list as a file.
//!
//! - [`run`]: the job. It reads by a cursor of the database ([`rows`]), so that the file is what the list showed at one
//!   moment, writes a temporary file ([`csv`], [`xlsx`], [`pdf`]), and stores it.
//! - [`expiry`]: deletes the file when its time has come.

mod cell;
mod csv;
mod expiry;
mod pdf;
mod routes;
mod rows;
mod run;
mod store;
mod xlsx;

pub use expiry::ExportExpiry;
pub use routes::routes;
pub use run::ExportRun;
