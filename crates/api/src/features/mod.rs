//! What the product does, one folder per feature.

pub mod activities;
pub mod auth;
pub mod bulk;
pub mod client_errors;
pub mod companies;
pub mod contacts;
pub mod dashboard;
pub mod deals;
pub mod dedupe;
pub mod export;
pub mod fields;
pub mod health;
pub mod import;
pub mod invitations;
pub mod keeping;
pub mod live;
pub mod members;
pub mod orgs;
pub mod pipelines;
pub mod products;
pub mod query_builder;
pub mod search;
pub mod tags;
pub mod timeline;
pub mod views;
pub mod work;
