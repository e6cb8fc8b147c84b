//! One folder per feature.

pub mod auth;
pub mod dashboard;
pub mod gallery;
pub mod settings;
