//! The API, tested as its users meet it: over HTTP, against a real PostgreSQL and a real Redis.
//!
//! All tests share one database. Each makes organizations of its own, so that every test also runs beside other
//! tenants. `make unit` starts the servers and sets their addresses.
//!
//! A test names the requirements that it proves. Some rows also speak of things that the product does not have yet, and
//! are proven but for these, which the work that brings them has to add:
//! - leads and further record types: CONTACT-20, DEAL-01, EVENT-02, IMPORT-01 (Excel files too), SEARCH-01, TAG-03,
//!   TENANCY-06, TIMELINE-12;
//! - notes, interactions, tasks, projects: COMPANY-13, COMPANY-14, COMPANY-16;
//! - sales documents: COMPANY-22 (orders, revenue of 90 days), DEAL-14 (`create_sales_order`);
//! - sending and calling, workflows, webhooks, notifications: CONTACT-09, EVENT-04, TIMELINE-08;
//! - mails: AUTH-24 (password reset), AUTH-31;
//! - custom fields: COMPANY-11, SEARCH-04, SEARCH-05; impersonation: TENANCY-11; phone numbers: TENANCY-14.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking, their helpers too")]
#![expect(clippy::disallowed_methods, reason = "the rules on clock, environment and HTTP client are for the server")]

mod support;

mod audit;
mod auth;
mod bad_input;
mod board;
mod bulk;
mod catalogue;
mod companies;
mod contacts;
mod crash;
mod cursors;
mod custom_fields;
mod dashboard;
mod deals;
mod dedupe;
mod document;
mod events;
mod exports;
mod exports_pdf;
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
mod products;
mod realtime;
mod relations;
mod rights;
mod search;
mod tags;
mod timeline;
mod views;
