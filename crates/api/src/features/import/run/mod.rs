//! The import itself, as a background job: batch after batch, each in a transaction of its own that also moves the
//! job's position. After a crash it goes on with the first row that was not committed.

mod batch;
pub(crate) mod item;
pub(crate) mod matching;
pub(crate) mod tally;
mod update;

use super::context::Context;
use super::store::{self, Job, Progress, RowNotes};
use super::table::{Table, cells};
use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::events::emit;
use crate::features::companies::import as companies;
use crate::features::dedupe;
use crate::jobs::{JobCtx, failure, passes};
use crate::records::values::texts_array;
use crate::state::AppState;
use domain::catalog::RecordType;
use domain::dedupe::is_mergeable;
use domain::error::ErrorCode;
use domain::events::NewEvent;
use domain::import::job::{ImportJob, ImportStatus, ImportSummary};
use domain::import::{Plan, Reader};
use domain::of_type;
use item::{Importable, Item, Outcome};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use tally::Tally;
use uuid::Uuid;

/// Rows per transaction.
const BATCH: usize = 1_000;
/// Rows after which a long import brings the statistics up to date for its own sake.
const STATISTICS_AFTER: u64 = 2_000;

/// The job: imports a file that was put into the queue.
#[derive(Debug, Serialize, Deserialize)]
pub struct ImportFile {
    /// Id of the import.
    pub import_id: Uuid,
}

impl crate::jobs::Job for ImportFile {
    const NAME: &'static str = "import";

    async fn run(self, ctx: JobCtx) -> anyhow::Result<()> {
        // Reading and checking rows is work for a thread of its own: the runtime's threads carry everybody's requests.
        let runtime = tokio::runtime::Handle::current();
        tokio::task::spawn_blocking(move || runtime.block_on(in_engine(ctx, self.import_id))).await?
    }
}

async fn in_engine(ctx: JobCtx, id: Uuid) -> anyhow::Result<()> {
    let result = Box::pin(attempt(&ctx.state, ctx.org_id, ctx.actor, id, Some(&ctx))).await;
    match ctx.settle(result)? {
        Some(error) => Ok(fail(&ctx.state, ctx.org_id, ctx.actor, id, &error).await?),
        None => Ok(()),
    }
}

/// Imports a file in the caller's own time, without the job engine: where a program loads data of its own.
///
/// # Errors
/// Only what may pass by itself (the database cannot be reached): then it can be called again and goes on where it was.
/// Everything else ends the import as failed.
pub async fn run(state: &AppState, org_id: Uuid, actor: Option<Uuid>, id: Uuid) -> ApiResult<()> {
    match Box::pin(attempt(state, org_id, actor, id, None)).await {
        Err(error) if !passes(&error) => fail(state, org_id, actor, id, &error).await,
        result => result,
    }
}

/// What stays the same from the first row to the last.
pub(crate) struct Import<'a> {
    state: &'a AppState,
    org_id: Uuid,
    actor: Option<Uuid>,
    engine: Option<&'a JobCtx>,
    job: &'a Job,
    /// What a person has decided.
    pub plan: &'a Plan,
    /// What rows refer to.
    pub context: &'a Context,
    /// Particulars of the events of records that it makes.
    pub details: Json,
}

async fn attempt(
    state: &AppState,
    org_id: Uuid,
    actor: Option<Uuid>,
    id: Uuid,
    engine: Option<&JobCtx>,
) -> ApiResult<()> {
    let Some(tx) = begin(state, org_id, actor, engine).await? else { return Ok(()) };
    if !store::start(&tx, id).await? {
        return Ok(());
    }
    let job = store::get(&tx, id).await?;
    let plan = job.plan.clone().ok_or_else(|| ApiError::internal(anyhow::anyhow!("an import without a plan")))?;
    let context = Context::of(&tx, &plan, super::preview::today(state, tx.settings())).await?;
    tx.commit().await?;
    let details = json!({"source": "import", "import_id": id});
    let import = Import { state, org_id, actor, engine, job: &job, plan: &plan, context: &context, details };
    of_type!(plan.entity, R => rows::<R>(&import).await)
}

/// A transaction of the job; none when the organization is gone.
async fn begin(
    state: &AppState,
    org_id: Uuid,
    actor: Option<Uuid>,
    engine: Option<&JobCtx>,
) -> ApiResult<Option<TenantTx>> {
    match engine {
        Some(engine) => engine.begin().await.map(Some),
        None => state.db.worker_tenant(org_id, actor).await,
    }
}

impl Import<'_> {
    async fn begin(&self) -> ApiResult<Option<TenantTx>> {
        begin(self.state, self.org_id, self.actor, self.engine).await
    }

    /// Between two batches: an error when the server is about to stop.
    fn check_stop(&self) -> ApiResult<()> {
        self.engine.map_or(Ok(()), JobCtx::check_stop)
    }
}

async fn rows<R: Importable>(import: &Import<'_>) -> ApiResult<()> {
    let (id, file) = (import.job.shown.id, import.job.file());
    let mut position = import.job.position;
    let mut summary = import.job.shown.summary.clone();
    let mut table = Table::open(&import.state.files, file.key, file.delimiter, position, BATCH).await?;
    let headers = std::mem::take(&mut table.headers);
    let reader = Reader::new(import.plan, &headers, import.context.lookups()).map_err(ApiError::invalid)?;
    while let Some(batch) = table.next().await.transpose()? {
        let mut items: Vec<Item> =
            (batch.first..).zip(&batch.records).map(|(number, r)| Item::new(number, reader.row(&cells(r)))).collect();
        let Some(tx) = import.begin().await? else { return Ok(()) };
        companies::lock(&tx, import, &items).await?;
        let mut tally = Tally::after(&summary);
        let mut rows = batch::Rows::<R>::new(import, &mut tally);
        Box::pin(batch::apply(&tx, &mut rows, &mut items)).await?;
        let (step, notes) = counted(&items, &mut tally.summary);
        // Before the rows' notes, of which there can be one each: whoever is second at a batch is to leave it, not to fail.
        if !store::advance(&tx, id, position, &step, &tally.summary).await? {
            // Cancelled, or somebody else goes on with it: this batch is rolled back.
            return Ok(());
        }
        store::insert_notes(&tx, id, &notes).await?;
        store::insert_changes(&tx, id, &tally.records).await?;
        tx.commit_repeatable().await?;
        position += step.rows;
        summary = tally.summary;
        import.check_stop()?;
        if position == STATISTICS_AFTER {
            refresh_statistics::<R>(import, position).await?;
        }
    }
    refresh_statistics::<R>(import, position).await?;
    let Some(tx) = import.begin().await? else { return Ok(()) };
    if store::finish(&tx, id, ImportStatus::Completed, Some(&summary)).await? {
        let job = store::get(&tx, id).await?.shown;
        emit(&tx, finished("completed", &job)).await?;
        // DEDUPE-05: rows that met no record by their keys may be like one all the same.
        if is_mergeable(R::TYPE) && job.created > 0 {
            dedupe::begin_scan(&tx, R::TYPE).await?;
        }
    }
    tx.commit().await
}

/// Lists and counts are planned by what the tables hold now, not by what they held before so many rows of the import.
async fn refresh_statistics<R: Importable>(import: &Import<'_>, rows: u64) -> ApiResult<()> {
    let Some(tx) = import.begin().await? else { return Ok(()) };
    let company = RecordType::Company.spec();
    let tables = [R::spec().table, &R::spec().tag_table(), company.table, "deal_products"].map(str::to_owned);
    tx.conn().execute_raw(statement("SELECT refresh_statistics($1, $2)", [texts_array(&tables), rows.into()])).await?;
    tx.commit().await
}

fn counted(items: &[Item], summary: &mut ImportSummary) -> (Progress, Vec<RowNotes>) {
    let mut step = Progress { rows: u64::try_from(items.len()).unwrap_or(0), ..Progress::default() };
    let mut notes = Vec::new();
    for item in items {
        match &item.outcome {
            Outcome::Created => step.created += 1,
            Outcome::Updated => step.updated += 1,
            Outcome::Waiting | Outcome::Unchanged => step.skipped += 1,
            Outcome::Refused(why) => {
                step.failed += 1;
                notes.push(RowNotes { number: item.number, rejected: true, notes: why.clone() });
            }
        }
        let told = match item.outcome {
            Outcome::Created | Outcome::Updated => true,
            Outcome::Unchanged => item.told,
            Outcome::Waiting | Outcome::Refused(_) => false,
        };
        if told && !item.row.warnings.is_empty() {
            summary.warnings = summary.warnings.saturating_add(1);
            notes.push(RowNotes { number: item.number, rejected: false, notes: item.row.warnings.clone() });
        }
    }
    (step, notes)
}

async fn fail(state: &AppState, org_id: Uuid, actor: Option<Uuid>, id: Uuid, why: &ApiError) -> ApiResult<()> {
    why.log(&id.to_string());
    let Some(tx) = state.db.worker_tenant(org_id, actor).await? else { return Ok(()) };
    let job = match store::get(&tx, id).await {
        Ok(job) => job,
        // The organization has deleted it.
        Err(error) if *error.code() == ErrorCode::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let failure = failure(why, "Rows that were counted are imported.");
    let summary = ImportSummary { failure: Some(failure), ..job.shown.summary };
    if store::finish(&tx, id, ImportStatus::Failed, Some(&summary)).await? {
        let job = store::get(&tx, id).await?.shown;
        emit(&tx, finished("failed", &job)).await?;
    }
    tx.commit().await
}

/// IMPORT-07: tells the end of an import to whoever listens.
fn finished(verb: &str, job: &ImportJob) -> NewEvent {
    NewEvent::new("import", verb, job.id, &job.file_name).details(json!({
        "entity": job.entity.spec().table,
        "total": job.total,
        "created": job.created,
        "updated": job.updated,
        "skipped": job.skipped,
        "failed": job.failed,
    }))
}
