//! The preview: the first rows as they will be stored, and what a person has to decide about the whole file.

use super::context::Context;
use super::mappings::{By, plan_of};
use super::store::{self, FileRef, Job};
use super::table::{Table, cells};
use super::text::refused;
use super::upload::{PreviewInput, Stored};
use crate::auth::Guard;
use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use crate::state::AppState;
use domain::auth::OrgSettings;
use domain::error::FieldError;
use domain::import::guess::guess;
use domain::import::job::ImportStatus;
use domain::import::preview::{ColumnInfo, Counts, DistinctValue, Preview, PreviewRow};
use domain::import::survey::{Survey, accept_suggestions};
use domain::import::value::shorten;
use domain::import::{PREVIEW_ROWS, Plan, Reader, SAMPLE_ROWS};
use domain::permission::perm;
use object_store::ObjectStoreExt;
use object_store::path::Path;

/// Rows read at a time.
const BATCH: usize = 500;
/// Values of a column that are shown beside its header.
const SAMPLES: usize = 5;

/// Previews a new file, or an uploaded one by another plan.
///
/// # Errors
/// 422 for a file that cannot be imported, 404 for an unknown one, 409 for one whose import was started.
pub async fn preview(guard: &Guard<perm::ImportRun>, input: PreviewInput) -> ApiResult<Preview> {
    match input {
        PreviewInput::Upload(upload) => {
            // Permission first: nobody stores a file who may not import it.
            let tx = guard.begin().await?;
            let org_id = tx.org_id();
            tx.commit().await?;
            let stored = upload.store(guard.state(), org_id).await?;
            let result = first(guard, &stored).await;
            if result.is_err() {
                remove(guard.state(), &stored.key).await;
            }
            result
        }
        PreviewInput::Again(request) => {
            let tx = guard.begin().await?;
            let job = uploaded(store::get(&tx, request.file_id).await?)?;
            let file = job.file();
            let sample = Sample::read(guard.state(), &file).await?;
            match (request.plan, request.mapping_id) {
                (Some(_), Some(_)) => {
                    let sentence = "Send a plan or a saved mapping, not both.";
                    Err(ApiError::field("mapping_id", "conflict", sentence))
                }
                (Some(plan), None) => by_plan(guard.state(), tx, &file, &sample, of_same_kind(&job, plan)?).await,
                (None, None) => proposed(guard.state(), tx, &file, &sample, By::Best).await,
                (None, Some(by)) => proposed(guard.state(), tx, &file, &sample, by.map_or(By::None, By::This)).await,
            }
        }
    }
}

async fn first(guard: &Guard<perm::ImportRun>, stored: &Stored) -> ApiResult<Preview> {
    let file = stored.file();
    let sample = Sample::read(guard.state(), &file).await?;
    if sample.rows.is_empty() {
        return Err(refused("The file has no rows below the names of its columns."));
    }
    let preview = proposed(guard.state(), guard.begin().await?, &file, &sample, By::Best).await?;
    let tx = guard.begin().await?;
    store::insert(&tx, stored).await?;
    let abandoned = store::forget_abandoned(&tx).await?;
    tx.commit().await?;
    for key in abandoned {
        remove(guard.state(), &key).await;
    }
    Ok(preview)
}

/// The preview by the plan of a saved mapping, or by the one that headers, contents and settings suggest. It accepts
/// every proposal for values that the plan does not decide about, and its rows are shown accordingly.
async fn proposed(state: &AppState, tx: TenantTx, file: &FileRef<'_>, sample: &Sample, by: By) -> ApiResult<Preview> {
    let settings = tx.settings().clone();
    let day = today(state, &settings);
    let (mut plan, applied, context) = match plan_of(&tx, file.entity, &sample.headers, by, day).await? {
        Some((plan, applied, context)) => (plan, Some(applied), context),
        None => {
            let plan = guess(tx.schema(file.entity), &sample.headers, &sample.rows, &settings);
            let context = Context::of(&tx, &plan, day).await?;
            (plan, None, context)
        }
    };
    // Reading the file through takes its time; no transaction waits for it.
    tx.commit().await?;
    let mut found = survey(state, file, &sample.headers, &plan, &context).await?;
    let accepted = accept_suggestions(&found.values);
    if !accepted.is_empty() {
        plan.options.matches.extend(accepted);
        let values = std::mem::take(&mut found.values);
        found = Found { values, ..survey(state, file, &sample.headers, &plan, &context).await? };
    }
    Ok(Preview { saved_mapping: applied, ..answer(file, sample, plan, found) })
}

async fn by_plan(
    state: &AppState,
    tx: TenantTx,
    file: &FileRef<'_>,
    sample: &Sample,
    plan: Plan,
) -> ApiResult<Preview> {
    let day = today(state, tx.settings());
    let context = Context::of(&tx, &plan, day).await?;
    tx.commit().await?;
    let found = survey(state, file, &sample.headers, &plan, &context).await?;
    Ok(answer(file, sample, plan, found))
}

fn answer(file: &FileRef<'_>, sample: &Sample, plan: Plan, found: Found) -> Preview {
    Preview {
        file_id: file.id,
        file_name: file.name.to_owned(),
        columns: sample.columns(),
        plan,
        saved_mapping: None,
        problems: found.problems,
        rows: found.rows,
        not_imported: found.not_imported,
        values: found.values,
        counts: found.counts,
    }
}

/// Takes a file away that nobody refers to any more. A failure leaves a file behind, which does no harm.
pub async fn remove(state: &AppState, key: &str) {
    if let Err(error) = state.files.delete(&Path::from(key)).await {
        tracing::warn!(%error, "a file could not be removed");
    }
}

/// Only a file whose import has not been started can be previewed or started.
///
/// # Errors
/// 409.
pub fn uploaded(job: Job) -> ApiResult<Job> {
    if job.shown.status == ImportStatus::Uploaded {
        return Ok(job);
    }
    let sentence = "The import of this file has already been started.";
    Err(ApiError::new(domain::error::ErrorCode::Conflict, sentence))
}

/// A plan for other records than those the file was uploaded as is refused.
///
/// # Errors
/// 422.
pub fn of_same_kind(job: &Job, plan: Plan) -> ApiResult<Plan> {
    if plan.entity == job.shown.entity {
        return Ok(plan);
    }
    let message = format!("The file was uploaded as {}.", job.shown.entity.spec().table);
    Err(ApiError::field("plan/entity", "conflict", message))
}

/// The day of an import in the organization's time zone.
pub fn today(state: &AppState, settings: &OrgSettings) -> chrono::NaiveDate {
    state.clock.today(&settings.timezone)
}

/// The beginning of a file.
struct Sample {
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Sample {
    async fn read(state: &AppState, file: &FileRef<'_>) -> ApiResult<Self> {
        let mut table = Table::open(&state.files, file.key, file.delimiter, 0, SAMPLE_ROWS).await?;
        let rows = match table.next().await.transpose()? {
            Some(batch) => batch.records.iter().map(|r| r.iter().map(str::to_owned).collect()).collect(),
            None => Vec::new(),
        };
        Ok(Self { headers: table.headers, rows })
    }

    fn columns(&self) -> Vec<ColumnInfo> {
        let samples = |at: usize| {
            let mut samples: Vec<String> = Vec::new();
            for value in self.rows.iter().filter_map(|row| row.get(at)).map(|v| shorten(v.trim())) {
                if !value.is_empty() && !samples.contains(&value) {
                    samples.push(value);
                }
                if samples.len() == SAMPLES {
                    break;
                }
            }
            samples
        };
        self.headers
            .iter()
            .enumerate()
            .map(|(at, name)| ColumnInfo { name: name.clone(), samples: samples(at) })
            .collect()
    }
}

#[derive(Default)]
struct Found {
    problems: Vec<FieldError>,
    rows: Vec<PreviewRow>,
    not_imported: Vec<String>,
    values: Vec<DistinctValue>,
    counts: Counts,
}

/// Reads the whole file by a plan. A plan that does not fit the file gives its problems and nothing else.
async fn survey(
    state: &AppState,
    file: &FileRef<'_>,
    headers: &[String],
    plan: &Plan,
    context: &Context,
) -> ApiResult<Found> {
    let reader = match Reader::new(plan, headers, context.lookups()) {
        Ok(reader) => reader,
        Err(problems) => return Ok(Found { problems, not_imported: headers.to_vec(), ..Found::default() }),
    };
    let mut found = Found { problems: reader.unfed(), not_imported: reader.not_imported(), ..Found::default() };
    let mut survey = Survey::default();
    let mut table = Table::open(&state.files, file.key, file.delimiter, 0, BATCH).await?;
    while let Some(batch) = table.next().await.transpose()? {
        for (number, record) in (batch.first..).zip(&batch.records) {
            let cells = cells(record);
            let row = reader.row(&cells);
            survey.add(&reader, &row);
            if found.rows.len() < PREVIEW_ROWS && !row.blank {
                let mut shown = PreviewRow::new(context.schema, number, &row);
                shown.show_refused(headers, &cells);
                found.rows.push(shown);
            }
        }
        // Other requests of this thread have their turn.
        tokio::task::yield_now().await;
    }
    found.counts = survey.counts();
    found.values = survey.values();
    Ok(found)
}
