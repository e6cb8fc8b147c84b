//! Bulk work under way: begun, followed to its end, and taken back.

use crate::api;
use crate::data::notice::Notice;
use crate::data::{Cache, Mutations, Notices, use_cache, use_mutations, use_notices};
use crate::features::work::{bulk_href, done, refresh, until};
use crate::ui::format;
use domain::bulk::{BulkJob, BulkOutcome, StartBulk};
use domain::catalog::RecordType;
use domain::work::WorkStatus;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use std::sync::Arc;

/// Begins bulk work on one record type. It goes on when the page is left.
#[derive(Clone, Copy)]
pub(in super::super) struct Work(StoredValue<Tools>);

type Navigate = Arc<dyn Fn(&str, NavigateOptions) + Send + Sync>;

#[derive(Clone)]
struct Tools {
    record: RecordType,
    mutations: Mutations,
    cache: Cache,
    notices: Notices,
    navigate: Navigate,
}

impl Work {
    pub fn current(record: RecordType) -> Self {
        let navigate: Navigate = Arc::new(use_navigate());
        Self(StoredValue::new(Tools {
            record,
            mutations: use_mutations(),
            cache: use_cache(),
            notices: use_notices(),
            navigate,
        }))
    }

    /// Begins, and says how it ended.
    pub fn run(self, input: StartBulk) {
        let Some(tools) = self.0.try_get_value() else { return };
        let record = tools.record;
        spawn_local(follow(tools, async move { api::bulk::start(record, &input).await }));
    }
}

async fn follow(tools: Tools, begin: impl Future<Output = api::ApiResult<BulkJob>>) {
    let begun = match begin.await {
        Ok(job) => job,
        Err(fail) => return tools.notices.failed("Nothing was changed", &fail),
    };
    refresh(&tools.cache);
    let job = until(
        begun,
        |job| job.status.is_finished(),
        async |before: &BulkJob| {
            let now = api::bulk::job(before.id).await?;
            if now.processed > before.processed {
                tools.mutations.touched(tools.record.as_str(), None);
            }
            Ok(now)
        },
    )
    .await;
    refresh(&tools.cache);
    tools.mutations.touched(tools.record.as_str(), None);
    let reason = match job.refused {
        0 => None,
        _ => api::bulk::results(job.id, BulkOutcome::Refused).await.ok(),
    };
    let first = reason.and_then(|page| page.data.into_iter().next());
    let first = first.map(|one| format!("{}: {}", one.name, one.reason.unwrap_or_default()));
    tools.tell(job, first);
}

impl Tools {
    fn tell(&self, job: BulkJob, first_refused: Option<String>) {
        let spec = self.record.spec();
        let count = |n: i32| format::count(i64::from(n), &spec.label.to_lowercase(), &spec.label_plural.to_lowercase());
        let title = match (job.status, job.changed) {
            (WorkStatus::Failed, _) => format!("{} {}, then it failed", count(job.changed), done(&job)),
            (_, 0) => "Nothing was changed".to_owned(),
            (_, changed) => format!("{} {}", count(changed), done(&job)),
        };
        let mut notice = Notice::done(title);
        let mut said = Vec::new();
        said.extend(job.failure.clone());
        if job.refused > 0 {
            said.push(format!("{} could not be.", count(job.refused)));
            said.extend(first_refused);
        }
        notice.text = said.join(" ");
        if job.status == WorkStatus::Failed || (job.refused > 0 && job.changed == 0) {
            notice.tone = crate::data::Tone::Failed;
        }
        if job.refused > 0 {
            let (navigate, href) = (self.navigate.clone(), bulk_href(job.id));
            notice = notice.action("View result", move || navigate(&href, Default::default()));
        } else if job.can_undo {
            let (again, id) = (self.clone(), job.id);
            notice = notice.action("Undo", move || {
                spawn_local(follow(again.clone(), async move { api::bulk::undo(id).await }));
            });
        }
        self.notices.show(notice);
    }
}
