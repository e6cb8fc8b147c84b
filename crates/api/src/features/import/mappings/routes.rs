//! `/import/mappings…`

use super::store;
use crate::auth::Guard;
use crate::error::{ApiError, ApiResult};
use crate::http::body::Body;
use crate::http::etag::{IfMatch, tagged};
use crate::http::query::Query;
use crate::http::refusals::{Refusals, Stale};
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, delete, get, post, put, web};
use domain::catalog::RecordType;
use domain::import::saved::{SavedMapping, SavedMappingInput};
use domain::page::{Page, Pagination};
use domain::permission::perm;
use serde::Deserialize;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Adds the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(create).service(read).service(update).service(remove);
}

/// What the list of saved mappings takes.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParams {
    /// Mappings for one type of records only: `companies`, `contacts`, `deals`.
    entity: Option<String>,
}

/// List saved mappings
///
/// One's own and the shared ones, by name, without their plans.
///
/// **Permissions:** `import.run`.
#[utoipa::path(tag = "import", operation_id = "import_mappings_list", params(ListParams),
    responses((status = 200, body = Page<SavedMapping>), Refusals), security(("session" = [])))]
#[get("/import/mappings")]
async fn list(guard: Guard<perm::ImportRun>, Query(params): Query<ListParams>) -> ApiResult<HttpResponse> {
    let record = |name: &str| {
        let sentence = "entity must be companies, contacts or deals.";
        RecordType::of_table(name).ok_or_else(|| ApiError::parameter("entity", "choice", sentence))
    };
    let entity = params.entity.as_deref().map(record).transpose()?;
    let tx = guard.begin().await?;
    let data = store::all(&tx, entity).await?;
    tx.commit().await?;
    let limit = u32::try_from(data.len()).unwrap_or(u32::MAX).max(1);
    let pagination = Pagination::single(data.len(), limit);
    Ok(HttpResponse::Ok().json(Page { data, pagination }))
}

/// Save a mapping
///
/// The plan of an import and the columns of its file, under a name. The preview of the next file with these columns, in
/// whatever order and case, is made by it.
///
/// **Permissions:** `import.run`; viewers share nothing.
#[utoipa::path(tag = "import", operation_id = "import_mappings_create", request_body = SavedMappingInput,
    responses((status = 201, body = SavedMapping), Refusals), security(("session" = [])))]
#[post("/import/mappings")]
async fn create(guard: Guard<perm::ImportRun>, Body(input): Body<SavedMappingInput>) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let mapping = store::create(&tx, input).await?;
    tx.commit().await?;
    let mut response = HttpResponse::Created();
    response.insert_header((LOCATION, format!("/api/v1/import/mappings/{}", mapping.id)));
    Ok(tagged(response, mapping.version, &mapping))
}

/// Read a saved mapping
///
/// With its plan.
///
/// **Permissions:** `import.run`.
#[utoipa::path(tag = "import", operation_id = "import_mappings_get",
    params(("id" = Uuid, Path, description = "Id of the saved mapping")),
    responses((status = 200, body = SavedMapping), Refusals), security(("session" = [])))]
#[get("/import/mappings/{id}")]
async fn read(guard: Guard<perm::ImportRun>, id: web::Path<Uuid>) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let mapping = store::one(&tx, *id).await?;
    tx.commit().await?;
    Ok(tagged(HttpResponse::Ok(), mapping.version, &mapping))
}

/// Change a saved mapping
///
/// Only the members sent. Imports that used it stay as they are.
///
/// **Permissions:** `import.run`; `crm.settings.manage` for shared mappings of others.
#[utoipa::path(tag = "import", operation_id = "import_mappings_update", request_body = SavedMappingInput,
    params(("id" = Uuid, Path, description = "Id of the saved mapping"), IfMatch),
    responses((status = 200, body = SavedMapping), Refusals, Stale), security(("session" = [])))]
#[put("/import/mappings/{id}")]
async fn update(
    guard: Guard<perm::ImportRun>,
    id: web::Path<Uuid>,
    expected: IfMatch,
    Body(input): Body<SavedMappingInput>,
) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let mapping = store::update(&tx, *id, expected.0, input).await?;
    tx.commit().await?;
    Ok(tagged(HttpResponse::Ok(), mapping.version, &mapping))
}

/// Delete a saved mapping
///
/// For everybody who sees it. Imports that used it stay as they are.
///
/// **Permissions:** `import.run`; `crm.settings.manage` for shared mappings of others.
#[utoipa::path(tag = "import", operation_id = "import_mappings_delete",
    params(("id" = Uuid, Path, description = "Id of the saved mapping")),
    responses((status = 204, description = "Done."), Refusals), security(("session" = [])))]
#[delete("/import/mappings/{id}")]
async fn remove(guard: Guard<perm::ImportRun>, id: web::Path<Uuid>) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    store::delete(&tx, *id).await?;
    tx.commit().await?;
    Ok(HttpResponse::NoContent().finish())
}
