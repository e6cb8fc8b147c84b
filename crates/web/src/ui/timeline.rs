//! What happened, newest first, and lists of properties.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::{
    hue::Hue,
    icon::{Icon, IconName, IconSize},
    time::RelativeTime,
};

/// The list around [`TimelineItem`]s and [`TimelineDay`]s.
#[component]
pub fn Timeline(
    /// What it is about ("Activity of Acme").
    #[prop(into)]
    label: String,
    /// The entries.
    children: Children,
) -> impl IntoView {
    view! { <ol class="timeline" aria-label=label>{children()}</ol> }
}

/// A heading between entries: "Today", "October 2026".
#[component]
pub fn TimelineDay(
    /// The heading.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! { <li class="timeline-day">{label}</li> }
}

/// One thing that happened.
#[component]
pub fn TimelineItem(
    /// What kind of thing.
    icon: IconName,
    /// Colours the icon.
    #[prop(optional, into)]
    hue: Option<Hue>,
    /// When.
    #[prop(optional, into)]
    at: Option<DateTime<Utc>>,
    /// Who did what: text, names, links.
    #[prop(into)]
    title: ViewFnOnce,
    /// Details under it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let mark = hue.map_or_else(|| "timeline-mark".to_owned(), |hue| format!("timeline-mark hued {}", hue.class()));
    view! {
        <li class="timeline-item">
            <span class=mark><Icon name=icon size=IconSize::Sm /></span>
            <div>
                <div class="timeline-head">
                    <span>{title.run()}</span>
                    {at.map(|at| view! { <span class="timeline-time"><RelativeTime at=at /></span> })}
                </div>
                {children.map(|children| view! { <div class="timeline-body">{children()}</div> })}
            </div>
        </li>
    }
}

/// Labels and values in two columns; fill it with [`Property`].
#[component]
pub fn Properties(
    /// The properties.
    children: Children,
) -> impl IntoView {
    view! { <dl class="properties">{children()}</dl> }
}

/// One label and its value, usually an `InlineEdit`.
#[component]
pub fn Property(
    /// The label.
    #[prop(into)]
    label: String,
    /// The value.
    children: Children,
) -> impl IntoView {
    view! {
        <dt>{label}</dt>
        <dd>{children()}</dd>
    }
}
