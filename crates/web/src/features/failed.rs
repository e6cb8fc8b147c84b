//! What is shown in place of something that could not be loaded.

use crate::api::ApiFail;
use crate::ui::ErrorState;
use leptos::prelude::*;

/// What failed, why, the request's id, and Retry.
pub(crate) fn failed(title: impl Into<String>, fail: &ApiFail, retry: impl Into<Callback<()>>) -> AnyView {
    let (title, retry): (String, Callback<()>) = (title.into(), retry.into());
    view! {
        <ErrorState title=title text=fail.message().to_owned() request_id=fail.request_id().to_owned()
            on_retry=retry />
    }
    .into_any()
}
