//! An import under way, and what became of it. The page can be left and found again.

use super::{begin_href, counted, invitations, one, plural};
use crate::api;
use crate::data::{use_cache, use_directory, use_notices, use_session};
use crate::features::records::href::list_page;
use crate::features::work::{Seen, bulk_href, of_address, refresh};
use crate::shell::PageHeader;
use crate::ui::dom::ignore;
use crate::ui::num::int_f64;
use crate::ui::{
    Announcer, Banner, Button, ButtonVariant, Card, ConfirmDialog, CopyButton, Download, IconName, ProgressBar,
    Properties, Property, RelativeTime, StatCard, Tone, format,
};
use domain::auth::Invitation;
use domain::import::job::{ImportJob, ImportStatus};
use domain::permission::Permission;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use std::sync::Arc;

/// The page.
#[component]
pub fn JobPage() -> impl IntoView {
    let seen = Seen {
        by: Permission::ImportRun,
        otherwise: "Owners, admins and managers see imports.",
        failed: "The import could not be loaded",
    };
    of_address(seen, one, |job| view! { <Job job /> }.into_any())
}

#[component]
fn Job(job: Memo<Arc<ImportJob>>) -> impl IntoView {
    let first = job.get_untracked();
    let (id, record) = (first.id, first.entity);
    let directory = use_directory();
    let status = Memo::new(move |_| job.with(|job| job.status));
    if status.get_untracked() == ImportStatus::Uploaded {
        // Not started yet: back to its steps.
        let to = format!("{}/{id}", begin_href(record));
        use_navigate()(&to, NavigateOptions { replace: true, ..Default::default() });
    }
    let announcer = Announcer::current();
    Effect::watch(
        move || status.get(),
        move |now, before, _| {
            if now.is_finished() && before.is_some_and(|before| !before.is_finished()) {
                announcer.polite(job.with_untracked(|job| outcome(job).1));
            }
        },
        false,
    );
    let by = move || {
        let name = job.with(|job| job.created_by).map(|id| directory.member_name(id)).filter(|name| !name.is_empty());
        name.map(|name| format!("{name} · "))
    };
    let links = use_cache().peek(&invitations(id)).filter(|links| !links.is_empty());
    view! {
        <div class="page import">
            <PageHeader title=format!("Import of {}", first.file_name) parents=vec![list_page(record)] />
            <p class="import-by">
                {record.spec().label_plural}" · "{by}<RelativeTime at=first.started_at.unwrap_or(first.created_at) />
            </p>
            {move || if status.get().is_finished() {
                view! { <Summary job=job.get() /> }.into_any()
            } else {
                view! { <Progress job /> }.into_any()
            }}
            {links.map(|links| view! { <Links links /> })}
            <Show when=move || status.get().is_finished()>
                <div class="import-files">
                    <Button variant=ButtonVariant::Primary href=list_page(record).1>
                        {format!("Open {}", plural(record))}
                    </Button>
                    <Button icon=IconName::Upload href=begin_href(record)>"Import another file"</Button>
                    <Undo job />
                </div>
            </Show>
        </div>
    }
}

/// Takes the whole import back, or leads to where that was done.
#[component]
fn Undo(job: Memo<Arc<ImportJob>>) -> impl IntoView {
    let (session, notices, cache, navigate) = (use_session(), use_notices(), use_cache(), use_navigate());
    let may = Memo::new(move |_| session.may_delete_many());
    let (asking, busy) = (RwSignal::new(false), RwSignal::new(false));
    let undo = Callback::new(move |()| {
        let (notices, cache, navigate) = (notices.clone(), cache.clone(), navigate.clone());
        let id = job.with_untracked(|job| job.id);
        busy.set(true);
        spawn_local(async move {
            let answer = api::import::undo(id).await;
            ignore((busy.try_set(false), asking.try_set(false)));
            match answer {
                Ok(begun) => {
                    refresh(&cache);
                    navigate(&bulk_href(begun.id), Default::default());
                }
                Err(fail) => notices.failed("The import was not undone", &fail),
            }
        });
    });
    view! {
        {move || match job.with(|job| (job.can_undo && may.get(), job.undone_by)) {
            (true, _) => view! {
                <Button icon=IconName::Undo2 on_click=move |_| asking.set(true)>"Undo import…"</Button>
            }.into_any(),
            (false, Some(undo)) => view! { <Button href=bulk_href(undo)>"See its undo"</Button> }.into_any(),
            (false, None) => ().into_any(),
        }}
        <ConfirmDialog open=asking busy=busy danger=true title="Undo this import?" confirm="Undo import" on_confirm=undo
            text="Records that it has made are deleted, and records that it has changed get back what they held. What somebody has changed or linked since stays, and is listed. Stages and invitations stay." />
    }
}

/// The links of new invitations: they are told only once.
#[component]
fn Links(links: Arc<Vec<Invitation>>) -> impl IntoView {
    view! {
        <Card title="Send these links to whom you have invited" flush=true>
            <p class="import-hint import-card-hint">
                "Each works once and is shown only here and now. Under Settings, Members you can make new ones."
            </p>
            <ul class="import-links">
                {links.iter().map(|invitation| {
                    let link = api::members::link(invitation);
                    view! {
                        <li>
                            <strong>{invitation.email.clone()}</strong>
                            <code>{link.clone()}</code>
                            <CopyButton text=link label=format!("Copy link for {}", invitation.email) />
                        </li>
                    }
                }).collect_view()}
            </ul>
        </Card>
    }
}

/// Rows done of all rows, and the share.
fn progress(job: &ImportJob) -> (String, f64) {
    let (done, all) = (i64::from(job.processed), i64::from(job.total));
    let share = if all == 0 { 0.0 } else { int_f64(done) / int_f64(all) };
    (format!("{} of {}", format::integer(done), format::integer(all)), share)
}

#[component]
fn Progress(job: Memo<Arc<ImportJob>>) -> impl IntoView {
    let (cache, notices) = (use_cache(), use_notices());
    let record = job.with_untracked(|job| job.entity);
    let (asking, busy) = (RwSignal::new(false), RwSignal::new(false));
    let cancel = Callback::new(move |()| {
        let (cache, notices) = (cache.clone(), notices.clone());
        let id = job.with_untracked(|job| job.id);
        busy.set(true);
        spawn_local(async move {
            let answer = api::import::cancel(id).await;
            ignore((busy.try_set(false), asking.try_set(false)));
            if let Err(fail) = answer {
                notices.failed("The import was not cancelled", &fail);
            }
            refresh(&cache);
        });
    });
    view! {
        <Card>
            <div class="import-progress">
                <ProgressBar label=format!("Importing {}", plural(record))
                    value=Signal::derive(move || Some(job.with(|job| progress(job).1)))
                    note=Signal::derive(move || Some(job.with(|job| progress(job).0))) />
                <p class="import-hint">
                    {move || job.with(|job| {
                        let done = [(job.created, "created"), (job.updated, "updated"), (job.skipped, "skipped"), (job.failed, "refused")];
                        let parts = done.into_iter().filter(|(n, _)| *n > 0);
                        let parts: Vec<_> = parts.map(|(n, what)| format!("{} {what}", format::integer(i64::from(n)))).collect();
                        if parts.is_empty() { "Waiting for its turn".to_owned() } else { parts.join(", ") }
                    })}
                    ". You can leave this page: the import goes on, and the button in the top bar leads back here."
                </p>
                <div>
                    <Button icon=IconName::Ban on_click=move |_| asking.set(true)>"Cancel import"</Button>
                </div>
            </div>
        </Card>
        <ConfirmDialog open=asking busy=busy danger=true title="Cancel this import?"
            text="Rows that were imported stay; the rest of the file is left out."
            confirm="Cancel import" on_confirm=cancel />
    }
}

/// How it ended, as tone and sentence.
fn outcome(job: &ImportJob) -> (Tone, String) {
    let done = i64::from(job.processed);
    let stored = i64::from(job.created) + i64::from(job.updated);
    match job.status {
        ImportStatus::Failed => {
            let why = job.summary.failure.as_deref().unwrap_or("Something went wrong.");
            (Tone::Danger, format!("The import stopped after {} rows. {why}", format::integer(done)))
        }
        ImportStatus::Cancelled => (
            Tone::Warning,
            format!(
                "Cancelled after {} of {} rows. What was imported stays.",
                format::integer(done),
                format::integer(i64::from(job.total))
            ),
        ),
        _ if job.failed > 0 => {
            let refused = format::count(i64::from(job.failed), "row was", "rows were");
            (Tone::Warning, format!("{} imported; {refused} refused.", counted(job.entity, stored)))
        }
        _ => (Tone::Success, format!("{} imported.", counted(job.entity, stored))),
    }
}

#[component]
fn Summary(job: Arc<ImportJob>) -> impl IntoView {
    let (tone, sentence) = outcome(&job);
    let counts =
        [("Created", job.created), ("Updated", job.updated), ("Skipped", job.skipped), ("Refused", job.failed)];
    let summary = &job.summary;
    let also = [
        (
            "Companies added",
            (summary.companies_created > 0).then(|| format::integer(i64::from(summary.companies_created))),
        ),
        ("Stages added", some_of(&summary.stages_created)),
        ("People invited", some_of(&summary.invited)),
        (
            "Stored with a remark",
            (summary.warnings > 0).then(|| format::count(i64::from(summary.warnings), "row", "rows")),
        ),
        ("Columns left out", some_of(&summary.not_imported)),
    ];
    let also: Vec<_> = also.into_iter().filter_map(|(label, text)| text.map(|text| (label, text))).collect();
    let (id, failed, warned) = (job.id, job.failed > 0, summary.warnings > 0);
    view! {
        <Banner tone=tone>{sentence}</Banner>
        <div class="import-counts">
            {counts.map(|(label, n)| view! {
                <StatCard label=label value=Signal::stored(format::integer(i64::from(n))) />
            }).collect_view()}
        </div>
        {(failed || warned).then(|| view! {
            <Card title="What was refused or stored with a remark">
                <p class="import-hint">
                    "A CSV file with those rows as they stood, and with column and reason beside them. Correct it and import it again."
                </p>
                <div class="import-files">
                    {failed.then(|| view! { <Download href=api::import::errors_href(id, false) label="Refused rows" /> })}
                    {warned.then(|| view! { <Download href=api::import::errors_href(id, true) label="Rows with remarks too" /> })}
                </div>
            </Card>
        })}
        {(!also.is_empty()).then(|| view! {
            <Card title="What else it did">
                <Properties>
                    {also.into_iter().map(|(label, text)| view! { <Property label=label>{text}</Property> }).collect_view()}
                </Properties>
            </Card>
        })}
    }
}

fn some_of(texts: &[String]) -> Option<String> {
    (!texts.is_empty()).then(|| texts.join(", "))
}
