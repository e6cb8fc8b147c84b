//! Deals: their way through a pipeline, the board, people and companies linked to them.

pub mod board;
pub mod bulk;
mod closing;
mod figures;
pub mod happenings;
mod import;
mod lines;
mod links;
mod moves;
mod numbers;
mod place;
mod routes;
pub mod rules;
mod service;
mod store;
pub mod totals;
pub mod transfer;
