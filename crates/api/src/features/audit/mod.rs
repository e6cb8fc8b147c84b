//! Reading the audit log (AUDIT-03, AUDIT-04). [`crate::auth::audit`] writes it, nobody changes it.

mod file;
mod repo;
mod routes;
mod said;

pub use routes::routes;
