//! Pipelines and their stages.

pub mod repo;
mod routes;
pub mod seed;
mod service;
pub mod stages;

pub use routes::routes;
