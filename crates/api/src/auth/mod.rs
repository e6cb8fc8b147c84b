//! Who is asking: sessions, guards, passwords, cross-site protection.

pub mod csrf;
pub mod guard;
pub mod session;

pub use guard::{Guard, RequestMeta, SignedIn};
