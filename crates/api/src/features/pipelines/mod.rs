//! Pipelines and their stages.

pub mod seed;
