//! The Rapport server. Start at [`startup`] for how it runs, at [`router`] for what it answers, and at [`records`]
//! for the machinery that all record types share.

pub mod auth;
pub mod config;
pub mod db;
pub mod embedded;
pub mod error;
pub mod http;
pub mod state;
