//! One folder per feature. Files beside them are what several features share.

pub mod auth;
pub mod board;
pub mod companies;
pub mod contacts;
pub mod dashboard;
pub mod deals;
pub(crate) mod failed;
pub(crate) mod forms;
pub mod gallery;
pub mod import;
pub(crate) mod keeping;
pub(crate) mod paging;
pub(crate) mod places;
pub mod products;
pub mod records;
pub mod settings;
pub(crate) mod work;
