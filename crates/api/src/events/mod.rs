//! Domain events: written with the change, consumed afterwards.

mod emit;

pub use emit::{emit, emit_all};
