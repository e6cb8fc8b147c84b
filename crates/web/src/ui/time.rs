//! Times shown relative to now, exact on hover.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::format;

/// A moment as "3 hours ago", with the exact time in the user's zone on hover.
#[component]
pub fn RelativeTime(
    /// The moment.
    at: DateTime<Utc>,
) -> impl IntoView {
    view! {
        <time datetime=at.to_rfc3339() data-tip=format::exact(at)>{format::relative(at)}</time>
    }
}
