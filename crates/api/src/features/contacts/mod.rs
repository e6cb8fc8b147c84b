//! Contacts.

mod companies;
pub(crate) mod import;
mod primary;
mod routes;
mod store;

pub use primary::{primary_contacts, restore_primary, step_back};
