//! Bulk work under way, and what became of it. The page can be left and found again.

use super::{Seen, bulk_href, of_address, one, refused, title};
use crate::api;
use crate::data::{Load, use_cache, use_directory, use_mutations, use_notices, use_query};
use crate::features::failed::failed;
use crate::features::records::href::{href, list_page};
use crate::shell::PageHeader;
use crate::ui::dom::ignore;
use crate::ui::num::int_f64;
use crate::ui::{
    Announcer, Banner, Button, ButtonVariant, Card, ConfirmDialog, IconName, ProgressBar, RelativeTime, Skeleton,
    StatCard, Tone, format,
};
use domain::bulk::{BulkAction, BulkJob, BulkResult};
use domain::page::Page;
use domain::permission::Permission;
use domain::work::WorkStatus;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use std::sync::Arc;
use std::time::Duration;

/// How often work under way is asked how far it is.
const POLL: Duration = Duration::from_millis(700);

/// The page.
#[component]
pub fn BulkPage() -> impl IntoView {
    let seen = Seen {
        by: Permission::BulkRun,
        otherwise: "Owners, admins and managers see bulk work.",
        failed: "The work could not be loaded",
    };
    of_address(seen, one, |job| view! { <Job job /> }.into_any())
}

#[component]
fn Job(job: Memo<Arc<BulkJob>>) -> impl IntoView {
    let first = job.get_untracked();
    let (id, record) = (first.id, first.record);
    let (cache, mutations, directory) = (use_cache(), use_mutations(), use_directory());
    let over = Memo::new(move |_| job.with(|job| job.status.is_finished()));
    let poll = StoredValue::new(None::<IntervalHandle>);
    let stop = move || {
        if let Some(timer) = poll.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    on_cleanup(stop);
    let announcer = Announcer::current();
    Effect::new(move |was_over: Option<bool>| {
        stop();
        let over = over.get();
        if !over {
            let cache = cache.clone();
            let key = id.to_string();
            poll.set_value(set_interval_with_handle(move || cache.invalidate(&["bulk", &key]), POLL).ok());
        } else if was_over == Some(false) {
            mutations.touched(record.as_str(), None);
            announcer.polite(job.with_untracked(|job| outcome(job).1));
        }
        over
    });
    let by = move || {
        let name = job.with(|job| job.created_by).map(|id| directory.member_name(id)).filter(|name| !name.is_empty());
        name.map(|name| format!("{name} · "))
    };
    view! {
        <div class="page import">
            <PageHeader title=title(first.action, first.undoes.is_some(), first.record) parents=vec![list_page(record)] />
            <p class="import-by">{by}<RelativeTime at=first.created_at /></p>
            {move || if over.get() {
                view! { <Summary job=job.get() /> }.into_any()
            } else {
                view! { <Progress job /> }.into_any()
            }}
        </div>
    }
}

#[component]
fn Progress(job: Memo<Arc<BulkJob>>) -> impl IntoView {
    let (cache, notices) = (use_cache(), use_notices());
    let id = job.with_untracked(|job| job.id);
    let busy = RwSignal::new(false);
    let cancel = move |_| {
        let (cache, notices) = (cache.clone(), notices.clone());
        busy.set(true);
        spawn_local(async move {
            let answer = api::bulk::cancel(id).await;
            ignore(busy.try_set(false));
            if let Err(fail) = answer {
                notices.failed("The work was not cancelled", &fail);
            }
            cache.invalidate(&["bulk", &id.to_string()]);
        });
    };
    let share = Signal::derive(move || {
        job.with(|job| (job.total > 0).then(|| int_f64(i64::from(job.processed)) / int_f64(i64::from(job.total))))
    });
    let note = Signal::derive(move || {
        job.with(|job| {
            let of = |n: i32| format::integer(i64::from(n));
            Some(match job.total {
                0 => "Waiting for its turn".to_owned(),
                total => format!("{} of {}", of(job.processed), of(total)),
            })
        })
    });
    view! {
        <Card>
            <div class="import-progress">
                <ProgressBar label=job.with_untracked(|job| title(job.action, job.undoes.is_some(), job.record)) value=share note=note />
                <p class="import-hint">"You can leave this page: the work goes on."</p>
                <div><Button icon=IconName::Ban loading=busy on_click=cancel>"Cancel"</Button></div>
            </div>
        </Card>
    }
}

/// How it ended, as tone and sentence.
fn outcome(job: &BulkJob) -> (Tone, String) {
    let spec = job.record.spec();
    // An undone import may be about companies, too.
    let (one, many) = match job.action {
        BulkAction::UndoImport => ("record".to_owned(), "records".to_owned()),
        _ => (spec.label.to_lowercase(), spec.label_plural.to_lowercase()),
    };
    let count = |n: i32| format::count(i64::from(n), &one, &many);
    let done = format!("{} {}", count(job.changed), super::done(job));
    let left = (job.refused > 0).then(|| format!("; {} left as they were", count(job.refused)));
    match job.status {
        WorkStatus::Failed => {
            let why = job.failure.as_deref().unwrap_or("Something went wrong.");
            (Tone::Danger, format!("Stopped: {done}. {why}"))
        }
        WorkStatus::Cancelled => (Tone::Warning, format!("Cancelled: {done}. The rest was left alone.")),
        _ if job.changed == 0 && job.refused == 0 => (Tone::Info, "Nothing had to be changed.".to_owned()),
        _ => {
            let tone = if job.refused > 0 { Tone::Warning } else { Tone::Success };
            (tone, format!("{done}{}.", left.unwrap_or_default()))
        }
    }
}

#[component]
fn Summary(job: Arc<BulkJob>) -> impl IntoView {
    let (tone, sentence) = outcome(&job);
    let counts = [("Changed", job.changed), ("Nothing to change", job.unchanged), ("Left alone", job.refused)];
    let record = job.record;
    let (id, any_refused) = (job.id, job.refused > 0);
    let (asking, busy) = (RwSignal::new(false), RwSignal::new(false));
    let (notices, navigate) = (use_notices(), use_navigate());
    let undo = Callback::new(move |()| {
        let (notices, navigate) = (notices.clone(), navigate.clone());
        busy.set(true);
        spawn_local(async move {
            let answer = api::bulk::undo(id).await;
            ignore((busy.try_set(false), asking.try_set(false)));
            match answer {
                Ok(begun) => navigate(&bulk_href(begun.id), Default::default()),
                Err(fail) => notices.failed("Nothing was put back", &fail),
            }
        });
    });
    let results = use_query(move || any_refused.then(|| refused(id)));
    view! {
        <Banner tone=tone>{sentence}</Banner>
        <div class="import-counts">
            {counts.map(|(label, n)| view! {
                <StatCard label=label value=Signal::stored(format::integer(i64::from(n))) />
            }).collect_view()}
        </div>
        {any_refused.then(|| view! {
            <Card title="What was left alone, and why" flush=true>
                {move || match results.state() {
                    Load::Loading => view! { <Skeleton height="80px" /> }.into_any(),
                    Load::Failed(fail) => {
                        failed("The records could not be loaded", &fail, move || results.refetch()).into_any()
                    }
                    Load::Ready(page) => view! { <Left page /> }.into_any(),
                }}
            </Card>
        })}
        <div class="import-files">
            <Button variant=ButtonVariant::Primary href=list_page(record).1>
                {format!("Open {}", record.spec().label_plural.to_lowercase())}
            </Button>
            {job.can_undo.then(|| view! {
                <Button icon=IconName::Undo2 on_click=move |_| asking.set(true)>"Undo…"</Button>
            })}
            {job.undone_by.map(|undo| view! { <Button href=bulk_href(undo)>"See its undo"</Button> })}
        </div>
        <ConfirmDialog open=asking busy=busy title="Undo this work?" confirm="Undo" on_confirm=undo
            text="Each record gets back what it held. What somebody has changed since stays as it is now." />
    }
}

#[component]
fn Left(page: Arc<Page<BulkResult>>) -> impl IntoView {
    let shown = page.data.len();
    let total = page.pagination.total;
    let more = usize::try_from(total).unwrap_or(shown).saturating_sub(shown);
    view! {
        <ul class="work-left">
            {page.data.iter().map(|line| {
                let name = if line.name.is_empty() { "Deleted record".to_owned() } else { line.name.clone() };
                let href = (!line.name.is_empty()).then(|| href(line.record, line.record_id));
                view! {
                    <li>
                        {match href {
                            Some(href) => view! { <a href=href>{name}</a> }.into_any(),
                            None => view! { <span>{name}</span> }.into_any(),
                        }}
                        <span class="work-why">{line.reason.clone()}</span>
                    </li>
                }
            }).collect_view()}
        </ul>
        {(more > 0).then(|| view! {
            <p class="import-hint import-card-hint">{format!("And {} more.", format::integer(i64::try_from(more).unwrap_or(i64::MAX)))}</p>
        })}
    }
}
