//! What happened to a record, newest first.

use crate::api::records::{self, typed};
use crate::data::{queries, schema, use_query};
use crate::features::failed;
use crate::features::records::href::href;
use crate::features::records::lookup::Lookup;
use crate::features::records::value;
use crate::ui::dom::ignore;
use crate::ui::{
    Avatar, AvatarSize, Button, ButtonVariant, EmptyState, Icon, IconName, IconSize, RelativeTime, Skeleton, format,
};
use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};
use domain::catalog::RecordType;
use domain::events::{Activity, Change, Related};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value as Json;
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

/// The timeline of a record.
#[component]
pub fn RecordTimeline(
    /// Its type.
    record: RecordType,
    /// Its id.
    id: Uuid,
    /// Names and colours.
    lookup: Lookup,
) -> impl IntoView {
    let newest = use_query(move || Some(queries::timeline(record, id)));
    let unread = newest.failure();
    let older = RwSignal::new(Vec::<Activity>::new());
    // Where the older entries go on; `None` while none were asked for. From then on what was shown stays: what is new
    // moves the last ones of the newest page out of it.
    let cursor = RwSignal::new(None::<Option<String>>);
    let loading = RwSignal::new(false);
    let failed = RwSignal::new(None::<crate::api::ApiFail>);
    let next = Memo::new(move |_| match cursor.get() {
        Some(cursor) => cursor,
        None => newest.data().and_then(|timeline| timeline.next_cursor.clone()),
    });
    let all = Memo::new(move |before: Option<&Option<Vec<Activity>>>| {
        let mut all = newest.data()?.data.clone();
        if cursor.with(Option::is_some) {
            let mut known: HashSet<Uuid> = all.iter().map(|entry| entry.id).collect();
            let mut add = |entries: &[Activity]| {
                all.extend(entries.iter().filter(|entry| known.insert(entry.id)).cloned());
            };
            add(before.and_then(Option::as_deref).unwrap_or_default());
            older.with(|older| add(older));
        }
        Some(all)
    });
    let load_older = move || {
        let Some(from) = next.get_untracked() else { return };
        loading.set(true);
        failed.set(None);
        cursor.set(Some(Some(from.clone())));
        spawn_local(async move {
            let answer = records::timeline(record, id, Some(&from), 50).await;
            ignore(loading.try_set(false));
            match answer {
                Ok(timeline) => {
                    ignore(older.try_update(|older| older.extend(timeline.data)));
                    ignore(cursor.try_set(Some(timeline.next_cursor)));
                }
                Err(fail) => ignore(failed.try_set(Some(fail))),
            }
        });
    };
    let days = move || {
        let all = all.get().unwrap_or_default();
        by_day(&all).into_iter().map(|(day, entries)| day_view(day, entries, lookup)).collect_view()
    };
    move || {
        match (unread.get(), all.with(Option::is_some), all.with(|all| all.as_ref().is_some_and(Vec::is_empty))) {
        (Some(fail), false, _) => failed::failed("The timeline could not be loaded", &fail, move || newest.refetch()),
        (_, false, _) => view! {
            <div class="rec-timeline-wait" aria-busy="true">
                {(0..4).map(|_| view! { <Skeleton width="70%" /><Skeleton width="40%" /> }).collect_view()}
            </div>
        }
        .into_any(),
        (_, true, true) => view! {
            <EmptyState icon=IconName::History title="Nothing has happened yet"
                text="Changes, links and moves will stand here with who made them." />
        }
        .into_any(),
        (_, true, false) => view! {
            <div class="rec-timeline">{days}</div>
            {move || failed.get().map(|fail| view! { <p class="inline-error" role="alert">{fail.message().to_owned()}</p> })}
            {move || next.with(Option::is_some).then(|| view! {
                <Button variant=ButtonVariant::Ghost loading=loading on_click=move |_| load_older()>"Show older"</Button>
            })}
        }
        .into_any(),
    }
    }
}

/// The day of an instant in the user's time zone.
fn local_day(at: DateTime<Utc>) -> NaiveDate {
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_str(&at.to_rfc3339()));
    let minutes = crate::ui::num::trunc_i64(date.get_timezone_offset());
    (at - Duration::minutes(minutes)).date_naive()
}

fn by_day(all: &[Activity]) -> Vec<(NaiveDate, Vec<Activity>)> {
    let mut days: Vec<(NaiveDate, Vec<Activity>)> = Vec::new();
    for entry in all {
        let day = local_day(entry.created_at);
        match days.last_mut() {
            Some((last, entries)) if *last == day => entries.push(entry.clone()),
            _ => days.push((day, vec![entry.clone()])),
        }
    }
    days
}

fn day_label(day: NaiveDate) -> String {
    let away = format::today().num_days_from_ce() - day.num_days_from_ce();
    match away {
        0 => "Today".to_owned(),
        1 => "Yesterday".to_owned(),
        _ => format::date(day),
    }
}

fn day_view(day: NaiveDate, entries: Vec<Activity>, lookup: Lookup) -> AnyView {
    let label = day_label(day);
    view! {
        <section class="rec-day">
            <h3>{label.clone()}</h3>
            <ol aria-label=label>
                {entries.into_iter().map(|entry| view! { <Entry entry lookup /> }).collect_view()}
            </ol>
        </section>
    }
    .into_any()
}

/// One thing that happened.
#[component]
fn Entry(entry: Activity, lookup: Lookup) -> impl IntoView {
    let actor = entry.user_id;
    let who = move || match actor {
        Some(id) => Some(lookup.member(id)).filter(|name| !name.is_empty()).unwrap_or_else(|| "Somebody".to_owned()),
        None => "System".to_owned(),
    };
    let mark = move || match actor {
        Some(id) => view! { <Avatar name=who() seed=id.to_string() size=AvatarSize::Md /> }.into_any(),
        None => view! { <span class="rec-system"><Icon name=IconName::Zap size=IconSize::Sm /></span> }.into_any(),
    };
    let own = (entry.entity_type.clone(), entry.entity_id);
    let (said, links) = (entry.description.clone(), links(&entry.metadata, &own));
    let at = entry.created_at;
    view! {
        <li class="rec-entry">
            {mark}
            <div class="rec-entry-text">
                <p>
                    <b>{who}</b>" "{said}
                    <span class="rec-entry-time"><RelativeTime at /></span>
                </p>
                // Names of members and stages may still be on their way.
                {move || changes(&entry, lookup)}
                {links}
            </div>
        </li>
    }
}

/// What changed, from what to what, where the sentence does not say it all.
fn changes(entry: &Activity, lookup: Lookup) -> Option<AnyView> {
    let record = RecordType::parse(entry.metadata.get("entity")?.as_str()?)?;
    let all: Vec<Change> = typed(entry.metadata.get("changes")?)?;
    let names: BTreeMap<String, String> = entry.metadata.get("names").and_then(typed).unwrap_or_default();
    let derived = ["total_minor", "domain", "days_in_stage", "stage_order", "stage_entered_at", "name"];
    let created = entry.activity_type == "created";
    let currency = all.iter().find(|c| c.field == "currency").and_then(|c| c.new.as_str()).unwrap_or("USD").to_owned();
    let rows: Vec<AnyView> = all
        .iter()
        .filter(|change| all.len() > 1 && !created && !derived.contains(&change.field.as_str()))
        .filter_map(|change| {
            let field = schema(record).field(&change.field)?;
            let text = |json: &Json| {
                let name = json.as_str().and_then(|id| names.get(id)).map(String::as_str);
                let long = value::text(field, json, &currency, name, lookup);
                if long.chars().count() > 120 { long.chars().take(119).chain(['…']).collect() } else { long }
            };
            let (old, new) = (text(&change.old), text(&change.new));
            Some(
                view! {
                    <div>
                        <dt>{field.label}</dt>
                        <dd><span class="rec-old">{old}</span><Icon name=IconName::ArrowRight size=IconSize::Sm />
                            <span class="sr-only-kit">"to"</span><span>{new}</span></dd>
                    </div>
                }
                .into_any(),
            )
        })
        .collect();
    (!rows.is_empty()).then(|| view! { <dl class="rec-changes">{rows}</dl> }.into_any())
}

/// Links to the other records concerned.
fn links(metadata: &Json, own: &(String, Uuid)) -> Option<AnyView> {
    let mut related: Vec<Related> = metadata.get("related").and_then(typed).unwrap_or_default();
    let subject = || {
        let id = value::id(metadata.get("entity_id")?)?;
        let entity = metadata.get("entity")?.as_str()?.to_owned();
        Some(Related { entity, id, name: metadata.get("title")?.as_str()?.to_owned() })
    };
    related.extend(subject());
    let views: Vec<AnyView> = related
        .into_iter()
        .filter(|other| (other.entity.as_str(), other.id) != (own.0.as_str(), own.1) && !other.name.is_empty())
        .filter_map(|other| {
            let record = RecordType::parse(&other.entity)?;
            Some(view! { <a class="rec-entry-link" href=href(record, other.id)>{other.name}</a> }.into_any())
        })
        .collect();
    (!views.is_empty()).then(|| view! { <p class="rec-entry-links">{views}</p> }.into_any())
}
