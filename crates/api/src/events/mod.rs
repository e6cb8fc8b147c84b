//! Domain events: written with the change they tell of (EVENT-03), carried to their consumers by the relay (EVENT-04).

mod emit;
mod projection;
mod publish;
mod queue;
pub mod relay;

pub use emit::{emit, emit_all};
pub use projection::{names, rewrite_documents};
