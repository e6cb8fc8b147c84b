//! Routes of pipelines and their stages.

use super::{repo, service, stages};
use crate::auth::Guard;
use crate::error::{ApiError, ApiResult};
use crate::http::body::{Body, Valid};
use crate::http::etag::{IfMatch, tagged};
use crate::http::page::PageQuery;
use crate::http::query::Query;
use crate::http::refusals::{Refusals, Stale};
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, delete, get, post, put, web};
use domain::page::Page;
use domain::permission::perm;
use domain::pipelines::{Pipeline, PipelineInput, ReorderStages, StageInput};
use serde::Deserialize;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Adds the routes.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(list)
        .service(create)
        .service(read)
        .service(update)
        .service(remove)
        .service(add_stage)
        .service(reorder)
        .service(update_stage)
        .service(remove_stage);
}

/// Lists the pipelines with their stages, the default one first.
///
/// **Permissions:** `crm.pipeline.view`
#[utoipa::path(tag = "pipelines", operation_id = "pipelines_list", security(("session" = [])), params(PageQuery),
    responses((status = 200, body = Page<Pipeline>), Refusals))]
#[get("/pipelines")]
async fn list(guard: Guard<perm::PipelineView>, Query(query): Query<PageQuery>) -> ApiResult<HttpResponse> {
    let window = query.window()?;
    let tx = guard.begin().await?;
    let all = repo::all(&tx).await?;
    tx.commit().await?;
    let total = i64::try_from(all.len()).map_err(ApiError::internal)?;
    let (before, limit) = (usize::try_from(window.offset()), usize::try_from(window.limit));
    let (before, limit) = (before.map_err(ApiError::internal)?, limit.map_err(ApiError::internal)?);
    let data: Vec<Pipeline> = all.into_iter().skip(before).take(limit).collect();
    Ok(HttpResponse::Ok().json(window.page(data, total)))
}

/// Makes a pipeline with the default stages. The first one is the default.
///
/// **Permissions:** `crm.pipeline.create`
#[utoipa::path(tag = "pipelines", operation_id = "pipelines_create", security(("session" = [])),
    request_body = PipelineInput, responses((status = 201, body = Pipeline), Refusals))]
#[post("/pipelines")]
async fn create(guard: Guard<perm::PipelineCreate>, input: Body<PipelineInput>) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let pipeline = service::create(&tx, &input.0).await?;
    tx.commit().await?;
    let mut response = HttpResponse::Created();
    response.insert_header((LOCATION, format!("/api/v1/pipelines/{}", pipeline.id)));
    Ok(tagged(response, pipeline.version, &pipeline))
}

/// Reads a pipeline with its stages.
///
/// **Permissions:** `crm.pipeline.view`
#[utoipa::path(tag = "pipelines", operation_id = "pipelines_get", security(("session" = [])),
    params(("id" = Uuid, Path, description = "The pipeline")),
    responses((status = 200, body = Pipeline), Refusals))]
#[get("/pipelines/{id}")]
async fn read(guard: Guard<perm::PipelineView>, id: web::Path<Uuid>) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let pipeline = repo::one(&tx, *id).await?;
    tx.commit().await?;
    Ok(tagged(HttpResponse::Ok(), pipeline.version, &pipeline))
}

/// Changes the members sent of a pipeline. The default one stays the default until another is made it.
///
/// **Permissions:** `crm.pipeline.update`
#[utoipa::path(tag = "pipelines", operation_id = "pipelines_update", security(("session" = [])),
    request_body = PipelineInput,
    params(("id" = Uuid, Path, description = "The pipeline"),
        IfMatch),
    responses((status = 200, body = Pipeline), Refusals, Stale))]
#[put("/pipelines/{id}")]
async fn update(
    guard: Guard<perm::PipelineUpdate>,
    id: web::Path<Uuid>,
    expected: IfMatch,
    input: Body<PipelineInput>,
) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let pipeline = service::update(&tx, *id, expected.0, &input.0).await?;
    tx.commit().await?;
    Ok(tagged(HttpResponse::Ok(), pipeline.version, &pipeline))
}

/// What deleting a pipeline takes.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RemoveParams {
    /// `unlink`: its deals stay, without pipeline and stage.
    on_deals: Option<String>,
}

/// Deletes a pipeline with its stages. Refused while it has deals, unless they are to be unlinked, and for the
/// default pipeline while there are others.
///
/// **Permissions:** `crm.pipeline.delete`
#[utoipa::path(tag = "pipelines", operation_id = "pipelines_delete", security(("session" = [])),
    params(RemoveParams, ("id" = Uuid, Path, description = "The pipeline"),
        IfMatch),
    responses((status = 204, description = "Done."), Refusals, Stale))]
#[delete("/pipelines/{id}")]
async fn remove(
    guard: Guard<perm::PipelineDelete>,
    id: web::Path<Uuid>,
    Query(params): Query<RemoveParams>,
    expected: IfMatch,
) -> ApiResult<HttpResponse> {
    let unlink = match params.on_deals.as_deref() {
        None => false,
        Some("unlink") => true,
        Some(_) => {
            return Err(ApiError::parameter("on_deals", "choice", "on_deals can only be unlink."));
        }
    };
    let tx = guard.begin().await?;
    service::delete(&tx, *id, expected.0, unlink).await?;
    tx.commit().await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Adds a stage to a pipeline.
///
/// **Permissions:** `crm.pipeline.update`
#[utoipa::path(tag = "pipelines", operation_id = "pipelines_add_stage", security(("session" = [])),
    request_body = StageInput,
    params(("id" = Uuid, Path, description = "The pipeline"),
        IfMatch),
    responses((status = 201, body = Pipeline), Refusals, Stale))]
#[post("/pipelines/{id}/stages")]
async fn add_stage(
    guard: Guard<perm::PipelineUpdate>,
    id: web::Path<Uuid>,
    expected: IfMatch,
    input: Body<StageInput>,
) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let pipeline = stages::add(&tx, *id, expected.0, &input.0).await?;
    tx.commit().await?;
    Ok(tagged(HttpResponse::Created(), pipeline.version, &pipeline))
}

/// Puts the stages of a pipeline in a new order: every stage, once.
///
/// **Permissions:** `crm.pipeline.update`
#[utoipa::path(tag = "pipelines", operation_id = "pipelines_reorder_stages", security(("session" = [])),
    request_body = ReorderStages,
    params(("id" = Uuid, Path, description = "The pipeline"),
        IfMatch),
    responses((status = 200, body = Pipeline), Refusals, Stale))]
#[put("/pipelines/{id}/stages/reorder")]
async fn reorder(
    guard: Guard<perm::PipelineUpdate>,
    id: web::Path<Uuid>,
    expected: IfMatch,
    input: Valid<ReorderStages>,
) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let pipeline = stages::reorder(&tx, *id, expected.0, &input.0.stage_ids).await?;
    tx.commit().await?;
    Ok(tagged(HttpResponse::Ok(), pipeline.version, &pipeline))
}

/// Changes the members sent of a stage. A stage with deals of another status cannot become one that closes.
///
/// **Permissions:** `crm.pipeline.update`
#[utoipa::path(tag = "pipelines", operation_id = "pipelines_update_stage", security(("session" = [])),
    request_body = StageInput,
    params(("id" = Uuid, Path, description = "The pipeline"), ("stage_id" = Uuid, Path, description = "The stage"),
        IfMatch),
    responses((status = 200, body = Pipeline), Refusals, Stale))]
#[put("/pipelines/{id}/stages/{stage_id}")]
async fn update_stage(
    guard: Guard<perm::PipelineUpdate>,
    path: web::Path<(Uuid, Uuid)>,
    expected: IfMatch,
    input: Body<StageInput>,
) -> ApiResult<HttpResponse> {
    let (id, stage) = path.into_inner();
    let tx = guard.begin().await?;
    let pipeline = stages::update(&tx, id, stage, expected.0, &input.0).await?;
    tx.commit().await?;
    Ok(tagged(HttpResponse::Ok(), pipeline.version, &pipeline))
}

/// What deleting a stage takes.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RemoveStageParams {
    /// The stage of the same pipeline that receives the deals.
    move_to_stage_id: Option<Uuid>,
}

/// Deletes a stage. Its deals move to the stage named, with all that entering it means; refused without one.
///
/// **Permissions:** `crm.pipeline.delete`; for a target that closes also `crm.deal.win` or `crm.deal.lose`
#[utoipa::path(tag = "pipelines", operation_id = "pipelines_delete_stage", security(("session" = [])),
    params(RemoveStageParams, ("id" = Uuid, Path, description = "The pipeline"),
        ("stage_id" = Uuid, Path, description = "The stage"),
        IfMatch),
    responses((status = 200, body = Pipeline), Refusals, Stale))]
#[delete("/pipelines/{id}/stages/{stage_id}")]
async fn remove_stage(
    guard: Guard<perm::PipelineDelete>,
    path: web::Path<(Uuid, Uuid)>,
    Query(params): Query<RemoveStageParams>,
    expected: IfMatch,
) -> ApiResult<HttpResponse> {
    let (id, stage) = path.into_inner();
    let tx = guard.begin().await?;
    let pipeline = stages::delete(&tx, id, stage, expected.0, params.move_to_stage_id).await?;
    tx.commit().await?;
    Ok(tagged(HttpResponse::Ok(), pipeline.version, &pipeline))
}
