//! Invitations: a link that makes somebody a member, once, within seven days.

mod accept;
mod repo;
mod routes;
mod service;

pub use accept::accept as join;
pub(super) use repo::{is_invited, is_member};
pub use routes::routes;
pub use service::invite;
