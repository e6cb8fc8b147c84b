//! The types and rules of Rapport that the API and the web app share.
//!
//! Everything here is pure: no I/O, no clock, no random numbers (they are passed in), so that the same rule runs on
//! the server, in the browser and in a unit test. Start reading at [`catalog`]: a record type is described there
//! once, and lists, forms, filters, import, events and the timeline all follow from that description.

pub mod address;
pub mod audit;
pub mod auth;
pub mod bulk;
pub mod catalog;
pub mod choice;
pub mod companies;
pub mod contacts;
pub mod dashboard;
pub mod deals;
pub mod dedupe;
pub mod draft;
pub mod error;
pub mod events;
pub mod export;
pub mod fields;
pub mod filter;
pub mod import;
pub mod live;
pub mod money;
pub mod page;
pub mod permission;
pub mod pipelines;
pub mod products;
pub mod rank;
pub mod records;
pub mod scope;
pub mod search;
pub mod tags;
pub mod value;
pub mod views;
pub mod work;
pub mod written;
