//! What holds for every request: ids, error bodies, cross-site protection, headers, bodies, entity tags.

pub mod body;
pub mod etag;
pub mod methods;
pub mod middleware;
mod misfit;
pub mod moment;
pub mod origin;
pub mod page;
pub mod query;
pub mod rate_limit;
pub mod record_type;
pub mod refusals;
pub mod request_id;
pub mod span;
pub mod unread;
