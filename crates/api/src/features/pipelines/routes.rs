//! Routes of pipelines and their stages.

use super::{repo, service, stages};
use crate::auth::Guard;
use crate::error::{ApiError, ApiResult};
use crate::http::body::{Body, Valid};
use crate::http::etag::{IfMatch, tagged};
use crate::http::refusals::Refusals;
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, delete, get, post, put, web};
use domain::error::{FieldError, Problem};
use domain::page::{DEFAULT_LIMIT, MAX_LIMIT, Page, Pagination};
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

/// What the list of pipelines takes.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParams {
    /// Number of the page, from 1.
    page: Option<usize>,
    /// Pipelines per page, 1 to 200; 50 unless given.
    limit: Option<u32>,
}

/// Lists the pipelines with their stages, the default one first.
///
/// **Permissions:** `crm.pipeline.view`
#[utoipa::path(tag = "pipelines", operation_id = "pipelines_list", security(("session" = [])), params(ListParams),
    responses((status = 200, body = Page<Pipeline>), Refusals))]
#[get("/pipelines")]
async fn list(guard: Guard<perm::PipelineView>, params: web::Query<ListParams>) -> ApiResult<HttpResponse> {
    let limit = params.limit.unwrap_or(DEFAULT_LIMIT);
    let page = params.page.unwrap_or(1);
    if !(1..=MAX_LIMIT).contains(&limit) || page == 0 {
        let message = format!("limit must be 1 to {MAX_LIMIT}, and page counts from 1.");
        let path = if page == 0 { "page" } else { "limit" };
        return Err(ApiError::invalid(vec![FieldError { path: path.to_owned(), code: "range".to_owned(), message }]));
    }
    let tx = guard.begin().await?;
    let all = repo::all(&tx).await?;
    tx.commit().await?;
    let rows = usize::try_from(limit).map_err(ApiError::internal)?;
    let pagination = Pagination {
        page: Some(u64::try_from(page).map_err(ApiError::internal)?),
        ..Pagination::single(all.len(), limit)
    };
    let data: Vec<Pipeline> = all.into_iter().skip((page - 1).saturating_mul(rows)).take(rows).collect();
    Ok(HttpResponse::Ok().json(Page { data, pagination }))
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
        ("If-Match" = Option<String>, Header, description = "The ETag that was read")),
    responses((status = 200, body = Pipeline), Refusals, (status = 412, body = Problem)))]
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
        ("If-Match" = Option<String>, Header, description = "The ETag that was read")),
    responses((status = 204, description = "Done."), Refusals, (status = 412, body = Problem)))]
#[delete("/pipelines/{id}")]
async fn remove(
    guard: Guard<perm::PipelineDelete>,
    id: web::Path<Uuid>,
    params: web::Query<RemoveParams>,
    expected: IfMatch,
) -> ApiResult<HttpResponse> {
    let unlink = match params.on_deals.as_deref() {
        None => false,
        Some("unlink") => true,
        Some(_) => {
            let message = "on_deals can only be unlink.".to_owned();
            return Err(ApiError::invalid(vec![FieldError {
                path: "on_deals".to_owned(),
                code: "choice".to_owned(),
                message,
            }]));
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
        ("If-Match" = Option<String>, Header, description = "The ETag of the pipeline that was read")),
    responses((status = 201, body = Pipeline), Refusals, (status = 412, body = Problem)))]
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
        ("If-Match" = Option<String>, Header, description = "The ETag of the pipeline that was read")),
    responses((status = 200, body = Pipeline), Refusals, (status = 412, body = Problem)))]
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
        ("If-Match" = Option<String>, Header, description = "The version of the stage that was read")),
    responses((status = 200, body = Pipeline), Refusals, (status = 412, body = Problem)))]
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
/// **Permissions:** `crm.pipeline.update`; for a target that closes also `crm.deal.win` or `crm.deal.lose`
#[utoipa::path(tag = "pipelines", operation_id = "pipelines_delete_stage", security(("session" = [])),
    params(RemoveStageParams, ("id" = Uuid, Path, description = "The pipeline"),
        ("stage_id" = Uuid, Path, description = "The stage"),
        ("If-Match" = Option<String>, Header, description = "The version of the stage that was read")),
    responses((status = 200, body = Pipeline), Refusals, (status = 412, body = Problem)))]
#[delete("/pipelines/{id}/stages/{stage_id}")]
async fn remove_stage(
    guard: Guard<perm::PipelineUpdate>,
    path: web::Path<(Uuid, Uuid)>,
    params: web::Query<RemoveStageParams>,
    expected: IfMatch,
) -> ApiResult<HttpResponse> {
    let (id, stage) = path.into_inner();
    let tx = guard.begin().await?;
    let pipeline = stages::delete(&tx, id, stage, expected.0, params.move_to_stage_id).await?;
    tx.commit().await?;
    Ok(tagged(HttpResponse::Ok(), pipeline.version, &pipeline))
}
