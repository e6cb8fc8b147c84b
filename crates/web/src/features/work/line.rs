//! One piece of background work, in lists.

use super::{bulk_href, done_by, title};
use crate::api;
use crate::ui::{Each, Icon, IconName, IconSize, RelativeTime, Tone, format};
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

/// Lines that lead to some work. A line stays the same element while its work goes on, and keeps the focus.
#[component]
pub(super) fn Lines(
    /// The work.
    #[prop(into)]
    items: Signal<Vec<WorkItem>>,
    /// Who asked for it; nothing where that goes without saying.
    #[prop(optional, into)]
    by: Option<Callback<WorkItem, String>>,
) -> impl IntoView {
    let line = move |first: WorkItem| {
        let id = first.id;
        let now = move || items.with(|items| items.iter().find(|item| item.id == id).cloned());
        let item = Memo::new(move |_| now().unwrap_or_else(|| first.clone()));
        view! { <li><Line item by /></li> }
    };
    view! {
        <ul class="work-list">
            <Each each=move || items.get() key=|item| item.id children=line />
        </ul>
    }
}

#[component]
fn Line(item: Memo<WorkItem>, by: Option<Callback<WorkItem, String>>) -> impl IntoView {
    let icon = move || {
        let (icon, class) = match item.with(said).0 {
            Tone::Success => (IconName::CircleCheck, "work-ok"),
            Tone::Warning => (IconName::TriangleAlert, "work-warn"),
            Tone::Danger => (IconName::CircleX, "work-bad"),
            _ => (IconName::LoaderCircle, "work-busy"),
        };
        view! { <span class=class><Icon name=icon size=IconSize::Md /></span> }
    };
    let text = move || {
        let by = by.map(|by| by.run(item.get())).filter(|by| !by.is_empty());
        format!("{}{}", item.with(said).1, by.map(|by| format!(" · {by}")).unwrap_or_default())
    };
    let kind = item.with_untracked(|item| item.kind);
    let kind_icon = match kind {
        WorkKind::Import => Some(IconName::Upload),
        WorkKind::Export => Some(IconName::Download),
        WorkKind::Bulk => None,
    };
    let at = Memo::new(move |_| item.with(|item| item.finished_at.unwrap_or(item.created_at)));
    let inside = move || {
        view! {
            {icon}
            <span class="work-text">
                <strong>{move || item.with(name)}</strong>
                <span>{text}</span>
            </span>
            <span class="work-kind">{kind_icon.map(|icon| view! { <Icon name=icon size=IconSize::Sm /> })}</span>
            {move || view! { <RelativeTime at=at.get() /> }}
        }
    };
    let leads = Memo::new(move |_| item.with(href));
    move || match (leads.get(), kind) {
        (Some(href), WorkKind::Export) => {
            view! { <a class="work-line" href=href download="" rel="external">{inside()}</a> }.into_any()
        }
        (Some(href), _) => view! { <a class="work-line" href=href>{inside()}</a> }.into_any(),
        (None, _) => view! { <span class="work-line">{inside()}</span> }.into_any(),
    }
}
