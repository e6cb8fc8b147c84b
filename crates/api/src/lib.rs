//! The Rapport server. Start at [`startup`] for how it runs, at [`router`] for what it answers, and at [`records`]
//! for the machinery that all record types share.

pub mod auth;
pub mod commands;
pub mod config;
pub mod db;
pub mod embedded;
pub mod error;
pub mod events;
pub mod features;
pub mod files;
pub mod housekeeping;
pub mod http;
pub mod jobs;
pub mod openapi;
pub mod realtime;
pub mod records;
pub mod router;
pub mod seed;
pub mod spreadsheet;
pub mod startup;
pub mod state;
pub mod web_app;
pub mod workers;
