//! One piece of background work, in lists.

use super::{bulk_href, done_by, title};
use crate::api;
use crate::ui::{Icon, IconName, IconSize, RelativeTime, Tone, format};
use domain::bulk::BulkAction;
use domain::work::{WorkItem, WorkKind, WorkStatus};
use leptos::prelude::*;

/// What it is called.
pub(super) fn name(item: &WorkItem) -> String {
    match item.kind {
        WorkKind::Import | WorkKind::Export => item.file_name.clone(),
        WorkKind::Bulk => title(item.action.unwrap_or(BulkAction::Update), item.is_undo, item.record),
    }
}

/// Where it leads: to its page, or to the file.
pub(super) fn href(item: &WorkItem) -> Option<String> {
    match item.kind {
        WorkKind::Import => Some(format!("/imports/{}", item.id)),
        WorkKind::Bulk => Some(bulk_href(item.id)),
        WorkKind::Export => item.can_download.then(|| api::export::file_href(item.id)),
    }
}

/// How far it is or how it ended, as tone and sentence.
pub(super) fn said(item: &WorkItem) -> (Tone, String) {
    let spec = item.record.spec();
    let many = spec.label_plural.to_lowercase();
    let of = |n: i32| format::integer(i64::from(n));
    let count = |n: i32| format::count(i64::from(n), &spec.label.to_lowercase(), &many);
    let is_bulk = item.kind == WorkKind::Bulk;
    let done = match item.kind {
        WorkKind::Import => "imported",
        WorkKind::Export => "exported",
        WorkKind::Bulk => done_by(item.action.unwrap_or(BulkAction::Update), item.is_undo),
    };
    match item.status {
        WorkStatus::Queued => (Tone::Neutral, "Waiting for its turn".to_owned()),
        WorkStatus::Running => (Tone::Neutral, format!("{} of {}", of(item.processed), of(item.total))),
        WorkStatus::Failed => {
            let why = item.failure.clone().unwrap_or_else(|| "Something went wrong.".to_owned());
            (Tone::Danger, format!("Failed. {why}"))
        }
        WorkStatus::Cancelled => {
            (Tone::Warning, format!("Cancelled after {} of {}", of(item.processed), of(item.total)))
        }
        WorkStatus::Completed if item.refused > 0 => {
            let rest = if is_bulk { "left alone" } else { "refused" };
            (Tone::Warning, format!("{} {done}, {} {rest}", count(item.changed), of(item.refused)))
        }
        WorkStatus::Completed => (Tone::Success, format!("{} {done}", count(item.changed))),
    }
}

/// A line that leads to it.
#[component]
pub(super) fn Line(
    /// The work.
    item: WorkItem,
    /// Who asked for it; nothing where that goes without saying.
    #[prop(optional, into)]
    by: Option<String>,
) -> impl IntoView {
    let (tone, sentence) = said(&item);
    let (icon, class) = match tone {
        Tone::Success => (IconName::CircleCheck, "work-ok"),
        Tone::Warning => (IconName::TriangleAlert, "work-warn"),
        Tone::Danger => (IconName::CircleX, "work-bad"),
        _ => (IconName::LoaderCircle, "work-busy"),
    };
    let kind = match item.kind {
        WorkKind::Import => Some(IconName::Upload),
        WorkKind::Export => Some(IconName::Download),
        WorkKind::Bulk => None,
    };
    let at = item.finished_at.unwrap_or(item.created_at);
    let inside = view! {
        <span class=class><Icon name=icon size=IconSize::Md /></span>
        <span class="work-text">
            <strong>{name(&item)}</strong>
            <span>{sentence}{by.filter(|by| !by.is_empty()).map(|by| format!(" · {by}"))}</span>
        </span>
        <span class="work-kind">{kind.map(|icon| view! { <Icon name=icon size=IconSize::Sm /> })}</span>
        <RelativeTime at=at />
    };
    match (href(&item), item.kind) {
        (Some(href), WorkKind::Export) => {
            view! { <a class="work-line" href=href download="" rel="external">{inside}</a> }.into_any()
        }
        (Some(href), _) => view! { <a class="work-line" href=href>{inside}</a> }.into_any(),
        (None, _) => view! { <span class="work-line">{inside}</span> }.into_any(),
    }
}
