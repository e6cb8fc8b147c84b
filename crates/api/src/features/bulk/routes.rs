//! `/bulk/…`

use super::run;
use super::store::{self, Undoes};
use crate::auth::Guard;
use crate::error::{ApiError, ApiResult};
use crate::http::body::Valid;
use crate::http::page::{PageQuery, Window};
use crate::http::query::Query;
use crate::http::rate_limit::{Limit, MINUTE};
use crate::http::record_type::Entity;
use crate::http::refusals::{Limited, Refusals};
use actix_web::{HttpResponse, get, post, web};
use domain::bulk::{BulkAction, BulkJob, BulkOutcome, BulkResult, StartBulk};
use domain::error::ErrorCode;
use domain::page::Page;
use domain::permission::perm;
use domain::work::WorkStatus;
use serde::Deserialize;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Adds the routes. Those of jobs come first: `jobs` is no record type.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(get_jobs)
        .service(get_job)
        .service(get_results)
        .service(post_cancel)
        .service(post_undo)
        .service(post_bulk);
}

/// Bulk work per person: jobs begun per minute (BULK-03).
async fn throttle(guard: &Guard<perm::BulkRun>) -> ApiResult<()> {
    let limit = Limit { name: "bulk", burst: 30, per: MINUTE };
    limit.check(guard.state(), &guard.session().user_id.to_string()).await
}

/// Start bulk work
///
/// Changes many records as a background job: those named by `ids`, or everything that `query` shows when the job
/// begins. Each record is changed by the same rules, rights and events as alone; what is refused is told per record.
///
/// **Permissions:** `bulk.run`; the action `delete` needs `bulk.delete` and `crm.record.hard_delete`, each action the
/// right to change such records.
#[utoipa::path(
    tag = "bulk",
    operation_id = "bulk_start",
    request_body = StartBulk,
    params(("entity" = String, Path, description = "`companies`, `contacts` or `deals`")),
    responses((status = 202, body = BulkJob), Refusals, Limited),
    security(("session" = []))
)]
#[post("/bulk/{entity}")]
async fn post_bulk(
    guard: Guard<perm::BulkRun>,
    Entity(record): Entity,
    Valid(input): Valid<StartBulk>,
) -> ApiResult<HttpResponse> {
    throttle(&guard).await?;
    let tx = guard.begin().await?;
    let errors = input.check(tx.schema(record));
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    let permissions = record.permissions();
    tx.require(permissions.view)?;
    match input.action {
        BulkAction::Update | BulkAction::AddTags | BulkAction::RemoveTags => tx.require(permissions.update)?,
        BulkAction::Archive | BulkAction::Restore => tx.require(permissions.delete)?,
        BulkAction::Delete | BulkAction::UndoImport => super::may_delete(&tx)?,
    };
    let job = store::begin(&tx, record, &input, None).await?;
    tx.commit().await?;
    Ok(HttpResponse::Accepted().json(job))
}

/// List bulk work
///
/// Newest first.
///
/// **Permissions:** `bulk.run`.
#[utoipa::path(tag = "bulk", operation_id = "bulk_list", params(PageQuery),
    responses((status = 200, body = Page<BulkJob>), Refusals), security(("session" = [])))]
#[get("/bulk/jobs")]
async fn get_jobs(guard: Guard<perm::BulkRun>, Query(query): Query<PageQuery>) -> ApiResult<web::Json<Page<BulkJob>>> {
    let window = query.window()?;
    let tx = guard.begin().await?;
    let page = store::list(&tx, window).await?;
    tx.commit().await?;
    Ok(web::Json(page))
}

/// Read bulk work
///
/// Progress and counts.
///
/// **Permissions:** `bulk.run`.
#[utoipa::path(tag = "bulk", operation_id = "bulk_get",
    params(("id" = Uuid, Path, description = "Id of the job")),
    responses((status = 200, body = BulkJob), Refusals), security(("session" = [])))]
#[get("/bulk/jobs/{id}")]
async fn get_job(guard: Guard<perm::BulkRun>, id: web::Path<Uuid>) -> ApiResult<web::Json<BulkJob>> {
    let tx = guard.begin().await?;
    let job = store::get(&tx, *id).await?;
    tx.commit().await?;
    Ok(web::Json(job.shown))
}

/// What the results take.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ResultsQuery {
    /// `waiting`, `changed`, `unchanged` or `refused`.
    outcome: Option<BulkOutcome>,
    /// Number of the page, from 1, while page × limit is at most 10,000.
    page: Option<u64>,
    /// Rows per page, 1 to 200; 50 unless given.
    limit: Option<u32>,
}

/// Read what became of each record
///
/// **Permissions:** `bulk.run`.
#[utoipa::path(tag = "bulk", operation_id = "bulk_results",
    params(("id" = Uuid, Path, description = "Id of the job"), ResultsQuery),
    responses((status = 200, body = Page<BulkResult>), Refusals), security(("session" = [])))]
#[get("/bulk/jobs/{id}/results")]
async fn get_results(
    guard: Guard<perm::BulkRun>,
    id: web::Path<Uuid>,
    Query(query): Query<ResultsQuery>,
) -> ApiResult<web::Json<Page<BulkResult>>> {
    let window = Window::new(query.page, query.limit)?;
    let tx = guard.begin().await?;
    store::get(&tx, *id).await?;
    let page = store::results(&tx, *id, query.outcome, window).await?;
    tx.commit().await?;
    Ok(web::Json(page))
}

/// Cancel bulk work
///
/// Records that were changed stay changed, until that is undone; the rest is left alone.
///
/// **Permissions:** `bulk.run`.
#[utoipa::path(tag = "bulk", operation_id = "bulk_cancel",
    params(("id" = Uuid, Path, description = "Id of the job")),
    responses((status = 200, body = BulkJob), Refusals), security(("session" = [])))]
#[post("/bulk/jobs/{id}/cancel")]
async fn post_cancel(guard: Guard<perm::BulkRun>, id: web::Path<Uuid>) -> ApiResult<web::Json<BulkJob>> {
    let tx = guard.begin().await?;
    store::get(&tx, *id).await?;
    if !run::end(&tx, *id, WorkStatus::Cancelled, None).await? {
        return Err(ApiError::new(ErrorCode::Conflict, "This work is not under way."));
    }
    let job = store::get(&tx, *id).await?;
    tx.commit().await?;
    Ok(web::Json(job.shown))
}

/// Undo bulk work
///
/// Gives each record back what it held, as a job of its own. A record that was changed since stays as it is, and the
/// results say so.
///
/// **Permissions:** `bulk.run`; the right to change such records.
#[utoipa::path(tag = "bulk", operation_id = "bulk_undo",
    params(("id" = Uuid, Path, description = "Id of the job")),
    responses((status = 202, body = BulkJob), Refusals, Limited), security(("session" = [])))]
#[post("/bulk/jobs/{id}/undo")]
async fn post_undo(guard: Guard<perm::BulkRun>, id: web::Path<Uuid>) -> ApiResult<HttpResponse> {
    throttle(&guard).await?;
    let tx = guard.begin().await?;
    let job = store::lock(&tx, *id).await?;
    if !job.shown.can_undo {
        return Err(ApiError::new(ErrorCode::Conflict, "This work cannot be taken back, or was already."));
    }
    let begun = store::begin(&tx, job.record, &job.input, Some(Undoes::Bulk(job.shown.id))).await?;
    tx.commit().await?;
    Ok(HttpResponse::Accepted().json(begun))
}
