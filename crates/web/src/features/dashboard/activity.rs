//! What happened lately in the organization.

use crate::data::{Directory, Load, queries, use_directory, use_query};
use crate::features::failed::failed;
use crate::features::records::href::href;
use crate::shell::icon_of;
use crate::ui::{Card, EmptyState, Icon, IconName, IconSize, RelativeTime, Skeleton};
use domain::catalog::RecordType;
use domain::events::Activity;
use leptos::prelude::*;

/// Entries shown.
const SHOWN: u32 = 12;

/// The card with the latest activities; live, because the cache is told of every change.
#[component]
pub(super) fn RecentActivity() -> impl IntoView {
    let feed = use_query(|| Some(queries::activities(SHOWN)));
    let directory = use_directory();
    view! {
        <Card title="Recent activity" flush=true>
            {move || match feed.state() {
                Load::Loading => loading(),
                // Without the names the lines would be shorter, and move when they come.
                Load::Ready(_) if matches!(directory.members.state(), Load::Loading) => loading(),
                Load::Failed(fail) => failed("The activities could not be loaded", &fail, move || feed.refetch()),
                Load::Ready(page) if page.data.is_empty() => view! {
                    <EmptyState icon=IconName::Activity title="Nothing has happened yet"
                        text="New companies, contacts and deals, moves between stages and everything else that \
                              changes will be listed here." />
                }.into_any(),
                Load::Ready(page) => view! {
                    <ol class="feed">
                        {page.data.iter().map(|activity| entry(activity, directory)).collect_view()}
                    </ol>
                }.into_any(),
            }}
        </Card>
    }
}

fn loading() -> AnyView {
    view! {
        <ol class="feed" aria-busy="true">
            {(0..SHOWN).map(|n| view! {
                <li class="feed-item">
                    <Skeleton width="24px" height="24px" round=true />
                    <span class="feed-text skeleton-line"><Skeleton width=if n % 2 == 0 { "70%" } else { "55%" } /></span>
                </li>
            }).collect_view()}
        </ol>
    }
    .into_any()
}

fn entry(activity: &Activity, directory: Directory) -> impl IntoView + use<> {
    let record = RecordType::parse(&activity.entity_type);
    let mark = icon(&activity.activity_type, record);
    let to = record.map(|record| href(record, activity.entity_id));
    let (text, title) = (activity.description.clone(), title(activity));
    let who = activity.user_id;
    let who = move || match who {
        Some(id) => directory.member_name(id),
        None => "Rapport".to_owned(),
    };
    view! {
        <li class="feed-item">
            <span class="timeline-mark feed-mark"><Icon name=mark size=IconSize::Sm /></span>
            <span class="feed-text">
                <strong>{who}</strong>" "{text}
                {match to.filter(|_| !title.is_empty()) {
                    Some(to) => view! { " · "<a class="feed-record" href=to>{title}</a> }.into_any(),
                    None => ().into_any(),
                }}
            </span>
            <span class="feed-time"><RelativeTime at=activity.created_at /></span>
        </li>
    }
}

/// The name of the record that it is about: here no page around it says so.
fn title(activity: &Activity) -> String {
    let title = activity.metadata.get("title").and_then(|title| title.as_str());
    title.unwrap_or_default().to_owned()
}

/// The icon of what happened; of the record where the kind says nothing more.
fn icon(kind: &str, record: Option<RecordType>) -> IconName {
    match kind {
        "stage_moved" | "moved" => IconName::ArrowRight,
        "won" => IconName::CircleCheck,
        "lost" => IconName::CircleX,
        "abandoned" => IconName::Ban,
        "reopened" => IconName::RotateCcw,
        "archived" => IconName::Archive,
        "restored" => IconName::ArchiveRestore,
        "deleted" => IconName::Trash2,
        "tag_added" | "tag_removed" => IconName::Tag,
        "updated" => IconName::Pencil,
        // Of an import.
        "completed" | "failed" => IconName::Upload,
        _ => record.map_or(IconName::Activity, icon_of),
    }
}
