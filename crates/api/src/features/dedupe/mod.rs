//! Duplicates: the search for them, their review, merging and its undo.
//!
//! - [`scan`]: the job that looks at what is new or has changed and writes down pairs; [`check`]: what a record that is
//!   being typed may double. Both meet records under the keys of [`compared`].
//! - [`merge`]: one record out of several; [`moves`]: what led to the others leads to it; [`undo`]: all of it back,
//!   but for values that no longer pass ([`fits`]).

mod check;
mod compared;
mod fits;
mod merge;
mod moves;
mod routes;
mod scan;
mod store;
mod undo;

pub use compared::refresh_keys;
pub use routes::routes;
pub use scan::{DedupeScan, begin as begin_scan};
pub use store::under_sql;
