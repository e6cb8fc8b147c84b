//! Signing in, registering, accepting an invitation, renewing a lapsed session.

mod expired;
mod frame;
mod invite;
mod login;
mod password;
mod register;

pub use expired::SessionExpired;
pub use invite::InvitePage;
pub use login::LoginPage;
pub use register::RegisterPage;
