//! The button in the top bar: background work under way, and the latest of it.

use super::line::{Lines, href, said};
use super::{HISTORY, list, refresh};
use crate::data::notice::Notice;
use crate::data::{use_cache, use_live, use_notices, use_query, use_session};
use crate::keyboard::{Action, Shortcuts};
use crate::ui::{Icon, IconName, Placement, Popover, Spinner, Tone};
use domain::catalog::RecordType;
use domain::permission::Permission;
use domain::work::{WorkItem, WorkKind};
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_navigate};
use std::time::Duration;
use uuid::Uuid;

/// How often work under way is asked how far it is.
const POLL: Duration = Duration::from_secs(1);
/// How much of it is listed.
const RECENT: u32 = 8;

/// The button; nothing where there is nothing to show.
#[component]
pub fn WorkButton() -> impl IntoView {
    let session = use_session();
    let may = {
        let session = session.clone();
        Memo::new(move |_| session.can(Permission::ImportRun))
    };
    let query = use_query(|| Some(list(RECENT, 1)));
    let jobs = Memo::new(move |_| query.data().map(|page| page.data.clone()).unwrap_or_default());
    let running = Memo::new(move |_| jobs.with(|jobs| jobs.iter().any(|job| !job.status.is_finished())));
    register_actions(may);
    watch(jobs, running);

    let open = RwSignal::new(false);
    let path = use_location().pathname;
    Effect::watch(move || path.get(), move |_, _, _| open.set(false), false);
    let percent =
        Memo::new(move |_| jobs.with(|jobs| jobs.iter().find(|job| !job.status.is_finished()).map(WorkItem::percent)));
    let label = Signal::derive(move || match percent.get() {
        Some(percent) => format!("Background work: {percent}% done"),
        None => "Background work".to_owned(),
    });
    let trigger = move || {
        view! {
            {move || match percent.get() {
                Some(percent) => view! { <Spinner /><span class="work-percent">{percent}"%"</span> }.into_any(),
                None => view! { <Icon name=IconName::History /> }.into_any(),
            }}
        }
    };
    view! {
        <Show when=move || jobs.with(|jobs| !jobs.is_empty())>
            <Popover label=label trigger=trigger placement=Placement::BottomEnd flush=true open=open>
                <div class="work-recent">
                    <h2>"Background work"</h2>
                    <Lines items=jobs />
                    <a class="work-all" href=HISTORY>"Show all"</a>
                </div>
            </Popover>
        </Show>
    }
}

/// "Import contacts" and so on, from everywhere.
fn register_actions(may: Memo<bool>) {
    for record in RecordType::ALL.iter().copied() {
        let navigate = use_navigate();
        let action = Action::new(
            format!("import.{}", record.as_str()),
            format!("Import {}", record.spec().label_plural.to_lowercase()),
            move || {
                navigate(&format!("/import/{}", record.spec().table), Default::default());
            },
        );
        let action = action.group("Create").icon(IconName::Upload).keywords("csv upload file");
        Shortcuts::current().register(action.enabled(may));
    }
}

/// Keeps work under way up to date, and tells the person when an import of theirs is over. Whoever begins other work
/// follows it where it was begun.
fn watch(jobs: Memo<Vec<WorkItem>>, running: Memo<bool>) {
    let cache = use_cache();
    let timer = StoredValue::new(None::<IntervalHandle>);
    let stop = move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    on_cleanup(stop);
    let poll = cache.clone();
    Effect::new(move |_| {
        stop();
        if running.get() {
            let cache = poll.clone();
            let every = set_interval_with_handle(move || refresh(&cache), POLL);
            timer.set_value(every.ok());
        }
    });
    // Records that come in bulk are somebody's import: one that was started elsewhere shows too.
    let live = use_live();
    Effect::new(move |_| {
        let bulk = live.changes().iter().any(|told| told.id.is_none() && told.event.ends_with(".created"));
        if bulk && !running.get_untracked() {
            refresh(&cache);
        }
    });
    let (session, notices, navigate) = (use_session(), use_notices(), use_navigate());
    let path = use_location().pathname;
    Effect::watch(
        move || jobs.get(),
        move |now, before, _| {
            let me = session.me_untracked().map(|me| me.user.id);
            let was_running =
                |id: Uuid| before.is_some_and(|b| b.iter().any(|j| j.id == id && !j.status.is_finished()));
            let imports = now.iter().filter(|job| job.kind == WorkKind::Import && job.created_by == me);
            for job in imports.filter(|job| job.status.is_finished() && was_running(job.id)) {
                let Some(href) = href(job).filter(|href| path.get_untracked() != *href) else { continue };
                let (tone, said) = said(job);
                let mut notice = Notice::done(format!("Import of {} finished", job.file_name));
                if tone == Tone::Danger {
                    notice.tone = crate::data::Tone::Failed;
                }
                notice.text = said;
                let navigate = navigate.clone();
                notices.show(notice.action("View result", move || navigate(&href, Default::default())));
            }
        },
        false,
    );
}
