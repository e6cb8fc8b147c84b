//! Records of every type: lists, forms, pages and side panels, all from the catalogue.
//!
//! - [`look`]: pictures, words and the parts of a page that a type has for itself; the one place that knows the types.
//! - [`value`], [`cell`], [`editor`]: how values are shown and edited, by the kind of their field.
//! - [`address`]: filters, order and the open record, in the address of the page.
//! - [`list`], [`form`], [`page`]: the pages.

pub mod address;
pub mod cell;
pub mod editor;
pub mod form;
pub mod href;
pub mod linking;
pub mod list;
pub mod look;
pub mod lookup;
pub mod merge;
pub mod page;
pub mod prefs;
pub mod related;
pub mod value;

pub use form::CreateDialogs;
pub use list::ListPage;
pub use page::ConflictDialog;
