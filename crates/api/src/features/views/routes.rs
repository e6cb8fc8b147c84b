//! Routes of saved views.

use super::store;
use crate::auth::Guard;
use crate::error::ApiResult;
use crate::http::body::Body;
use crate::http::etag::{IfMatch, tagged};
use crate::http::query::Query;
use crate::http::refusals::{Refusals, Stale};
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, delete, get, post, put, web};
use domain::catalog::RecordType;
use domain::page::{Page, Pagination};
use domain::permission::perm;
use domain::views::{SavedView, SavedViewInput, ViewMarks};
use serde::Deserialize;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Adds the routes.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(list).service(create).service(read).service(update).service(remove).service(mark);
}

/// What the list of views takes.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParams {
    /// Views of one record type only: `company`, `contact`, `deal`.
    entity: Option<RecordType>,
}

/// Lists the views that the person sees: their own and the shared ones, by name.
///
/// **Permissions:** signed in; of record types that the person may not view nothing is listed
#[utoipa::path(tag = "views", operation_id = "saved_views_list", security(("session" = [])), params(ListParams),
    responses((status = 200, body = Page<SavedView>), Refusals))]
#[get("/saved-views")]
async fn list(guard: Guard<perm::Session>, Query(params): Query<ListParams>) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let data = store::all(&tx, params.entity).await?;
    tx.commit().await?;
    let limit = u32::try_from(data.len()).unwrap_or(u32::MAX).max(1);
    let pagination = Pagination::single(data.len(), limit);
    Ok(HttpResponse::Ok().json(Page { data, pagination }))
}

/// Saves a view.
///
/// **Permissions:** that to view records of the type; viewers share nothing
#[utoipa::path(tag = "views", operation_id = "saved_views_create", security(("session" = [])),
    request_body = SavedViewInput, responses((status = 201, body = SavedView), Refusals))]
#[post("/saved-views")]
async fn create(guard: Guard<perm::Session>, input: Body<SavedViewInput>) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let view = store::create(&tx, input.0).await?;
    tx.commit().await?;
    let mut response = HttpResponse::Created();
    response.insert_header((LOCATION, format!("/api/v1/saved-views/{}", view.id)));
    Ok(tagged(response, view.version, &view))
}

/// Reads a view.
///
/// **Permissions:** that to view records of the type
#[utoipa::path(tag = "views", operation_id = "saved_views_get", security(("session" = [])),
    params(("id" = Uuid, Path, description = "The view")),
    responses((status = 200, body = SavedView), Refusals))]
#[get("/saved-views/{id}")]
async fn read(guard: Guard<perm::Session>, id: web::Path<Uuid>) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let view = store::one(&tx, *id).await?;
    tx.commit().await?;
    Ok(tagged(HttpResponse::Ok(), view.version, &view))
}

/// Changes the members sent of a view.
///
/// **Permissions:** signed in; `crm.settings.manage` for shared views of others
#[utoipa::path(tag = "views", operation_id = "saved_views_update", security(("session" = [])),
    request_body = SavedViewInput,
    params(("id" = Uuid, Path, description = "The view"), IfMatch),
    responses((status = 200, body = SavedView), Refusals, Stale))]
#[put("/saved-views/{id}")]
async fn update(
    guard: Guard<perm::Session>,
    id: web::Path<Uuid>,
    expected: IfMatch,
    input: Body<SavedViewInput>,
) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let view = store::update(&tx, *id, expected.0, input.0).await?;
    tx.commit().await?;
    Ok(tagged(HttpResponse::Ok(), view.version, &view))
}

/// Deletes a view, for everybody who sees it.
///
/// **Permissions:** signed in; `crm.settings.manage` for shared views of others
#[utoipa::path(tag = "views", operation_id = "saved_views_delete", security(("session" = [])),
    params(("id" = Uuid, Path, description = "The view")),
    responses((status = 204, description = "Done."), Refusals))]
#[delete("/saved-views/{id}")]
async fn remove(guard: Guard<perm::Session>, id: web::Path<Uuid>) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    store::delete(&tx, *id).await?;
    tx.commit().await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Keeps a view in one's own sidebar, or opens the list with it.
///
/// **Permissions:** that to view records of the type
#[utoipa::path(tag = "views", operation_id = "saved_views_mark", security(("session" = [])), request_body = ViewMarks,
    params(("id" = Uuid, Path, description = "The view")),
    responses((status = 200, body = SavedView), Refusals))]
#[put("/saved-views/{id}/marks")]
async fn mark(guard: Guard<perm::Session>, id: web::Path<Uuid>, marks: Body<ViewMarks>) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let view = store::mark(&tx, *id, marks.0).await?;
    tx.commit().await?;
    Ok(tagged(HttpResponse::Ok(), view.version, &view))
}
