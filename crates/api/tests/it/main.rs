//! The API, tested as its users meet it: over HTTP, against a real PostgreSQL and a real Redis.
//!
//! All tests share one database. Each makes organizations of its own, so that every test also runs beside other
//! tenants. `make unit` starts the servers and sets their addresses.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking, their helpers too")]
#![expect(clippy::disallowed_methods, reason = "the rules on clock, environment and HTTP client are for the server")]

mod support;

mod auth;
mod bad_input;
mod board;
mod catalogue;
mod companies;
mod contacts;
mod dashboard;
mod deals;
mod document;
mod events;
mod fields;
mod housekeeping;
mod import;
mod invitations;
mod isolation;
mod jobs;
mod lists;
mod malformed;
mod members;
mod orgs;
mod pipelines;
mod plans;
mod process;
mod realtime;
mod relations;
mod rights;
mod search;
mod tags;
mod timeline;
