//! One folder per feature.

pub mod gallery;
