//! The HTTP API as typed functions over `domain` types. Nothing here knows about signals or caches: that is
//! [`crate::data`].
//!
//! - [`client`]: one non-generic `send`, which everything goes through, and [`ApiFail`], what it refuses with.
//! - [`records`]: list, get, create, change, archive… for every record type, as [`Row`]s.
//! - One file per further area of the API.

pub mod audit;
pub mod auth;
pub mod bulk;
pub mod client;
pub mod dashboard;
pub mod deals;
pub mod dedupe;
mod error;
pub mod export;
pub mod fields;
pub mod import;
pub mod links;
pub mod mappings;
pub mod members;
pub mod org;
pub mod pipelines;
pub mod records;
pub mod row;
pub mod search;
pub mod tags;
pub mod views;
pub mod work;

pub use client::Call;
pub use error::{ApiFail, ApiResult};
pub use row::Row;
