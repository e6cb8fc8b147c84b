//! One folder per feature.

pub mod auth;
pub mod board;
pub mod companies;
pub mod contacts;
pub mod dashboard;
pub mod deals;
pub mod gallery;
pub mod import;
pub mod records;
pub mod settings;
