//! The dashboard: its figures, and the deals that should close soon.

mod metrics;
mod routes;

pub use routes::routes;
