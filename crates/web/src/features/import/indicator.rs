//! The button in the top bar: imports under way, and the last ones.

use super::job::{outcome, progress};
use super::{begin_href, job_href, plural, recent};
use crate::data::notice::Notice;
use crate::data::{use_cache, use_live, use_notices, use_query, use_session};
use crate::keyboard::{Action, Shortcuts};
use crate::ui::{Icon, IconName, IconSize, Placement, Popover, RelativeTime, Spinner, Tone};
use domain::catalog::RecordType;
use domain::import::job::{ImportJob, ImportStatus};
use domain::permission::Permission;
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_navigate};
use std::time::Duration;
use uuid::Uuid;

/// How often a running import is asked how far it is.
const POLL: Duration = Duration::from_secs(1);

/// The button; nothing where there are no imports to show.
#[component]
pub fn ImportsButton() -> impl IntoView {
    let session = use_session();
    let may = {
        let session = session.clone();
        Memo::new(move |_| session.can(Permission::ImportRun))
    };
    let query = use_query(move || may.get().then(recent));
    let jobs = Memo::new(move |_| query.data().map(|page| page.data.clone()).unwrap_or_default());
    let running = Memo::new(move |_| jobs.with(|jobs| jobs.iter().any(|job| !job.status.is_finished())));
    register_actions(may);
    watch(jobs, running);

    let open = RwSignal::new(false);
    let path = use_location().pathname;
    Effect::watch(move || path.get(), move |_, _, _| open.set(false), false);
    let percent =
        Memo::new(move |_| jobs.with(|jobs| jobs.iter().find(|job| !job.status.is_finished()).map(ImportJob::percent)));
    let label = Signal::derive(move || match percent.get() {
        Some(percent) => format!("Imports: {percent}% done"),
        None => "Imports".to_owned(),
    });
    let trigger = move || {
        view! {
            {move || match percent.get() {
                Some(percent) => view! { <Spinner /><span class="import-percent">{percent}"%"</span> }.into_any(),
                None => view! { <Icon name=IconName::Upload /> }.into_any(),
            }}
        }
    };
    view! {
        <Show when=move || jobs.with(|jobs| !jobs.is_empty())>
            <Popover label=label trigger=trigger placement=Placement::BottomEnd flush=true open=open>
                <div class="import-recent">
                    <h2>"Imports"</h2>
                    <ul>
                        <For each=move || jobs.get() key=|job| (job.id, job.status, job.processed) let:job>
                            <li><Line job /></li>
                        </For>
                    </ul>
                </div>
            </Popover>
        </Show>
    }
}

#[component]
fn Line(job: ImportJob) -> impl IntoView {
    let (icon, class) = match (job.status, outcome(&job).0) {
        (ImportStatus::Completed, Tone::Success) => (IconName::CircleCheck, "import-ok"),
        (ImportStatus::Completed | ImportStatus::Cancelled, _) => (IconName::TriangleAlert, "import-warn"),
        (ImportStatus::Failed, _) => (IconName::CircleX, "import-bad"),
        _ => (IconName::LoaderCircle, "import-busy"),
    };
    let said = match job.status {
        status if status.is_finished() => outcome(&job).1,
        _ => format!("Importing {}: {}", plural(job.entity), progress(&job).0),
    };
    let at = job.finished_at.or(job.started_at).unwrap_or(job.created_at);
    view! {
        <a href=job_href(job.id)>
            <span class=class><Icon name=icon size=IconSize::Md /></span>
            <span class="import-recent-text">
                <strong>{job.file_name}</strong>
                <span>{said}</span>
            </span>
            <RelativeTime at=at />
        </a>
    }
}

/// "Import contacts" and so on, from everywhere.
fn register_actions(may: Memo<bool>) {
    for record in RecordType::ALL.iter().copied() {
        let navigate = use_navigate();
        let action =
            Action::new(format!("import.{}", record.as_str()), format!("Import {}", plural(record)), move || {
                navigate(&begin_href(record), Default::default());
            });
        let action = action.group("Create").icon(IconName::Upload).keywords("csv upload file");
        Shortcuts::current().register(action.enabled(may));
    }
}

/// Keeps running imports up to date and tells the person when one of theirs is over.
fn watch(jobs: Memo<Vec<ImportJob>>, running: Memo<bool>) {
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
            let every = set_interval_with_handle(move || cache.invalidate(&["imports"]), POLL);
            timer.set_value(every.ok());
        }
    });
    // Records that come in bulk are somebody's import: one that was started elsewhere shows too.
    let live = use_live();
    Effect::new(move |_| {
        let bulk = live.changes().iter().any(|told| told.id.is_none() && told.event.ends_with(".created"));
        if bulk && !running.get_untracked() {
            cache.invalidate(&["imports"]);
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
            for job in now.iter().filter(|j| j.status.is_finished() && j.created_by == me && was_running(j.id)) {
                let href = job_href(job.id);
                if path.get_untracked() == href {
                    continue;
                }
                let (tone, said) = outcome(job);
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
