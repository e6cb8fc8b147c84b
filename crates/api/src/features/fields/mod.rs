//! The organization's own fields: their definitions. What is done with their values is the records' business.

mod documents;
mod routes;
mod store;

pub use documents::FieldDocuments;
pub use routes::routes;
