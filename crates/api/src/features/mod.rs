//! What the product does, one folder per feature.

pub mod companies;
pub mod contacts;
pub mod deals;
pub mod health;
pub mod timeline;
