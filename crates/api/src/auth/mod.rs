//! Who is asking: sessions, guards, passwords, lockout, the audit log, cross-site protection.

pub mod audit;
pub mod csrf;
pub mod guard;
pub mod lockout;
pub mod password;
pub mod session;

pub use guard::{Guard, RequestMeta, SignedIn};
