//! `/import/…`

use super::errors;
use super::mappings;
use super::preview;
use super::start;
use super::store;
use super::upload::{PreviewInput, form_config};
use crate::auth::Guard;
use crate::error::{ApiError, ApiResult};
use crate::features::bulk;
use crate::http::body::Body;
use crate::http::page::PageQuery;
use crate::http::query::Query;
use crate::http::refusals::Refusals;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, get, post, web};
use domain::bulk::BulkJob;
use domain::error::ErrorCode;
use domain::import::job::{ImportJob, ImportStatus, StartImport};
use domain::import::preview::{Preview, PreviewRequest};
use domain::page::Page;
use domain::permission::{Permission, perm};
use futures_util::stream;
use serde::Deserialize;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Adds the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.map(|config| config.app_data(form_config()));
    // Before `/import/{id}`, which would take their name for an id.
    mappings::routes(config);
    config
        .service(post_preview)
        .service(post_import)
        .service(get_imports)
        .service(get_import)
        .service(post_cancel)
        .service(post_undo)
        .service(get_errors);
}

/// An upload, for the documentation.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes a form that is read elsewhere")]
struct ImportUpload {
    /// A CSV file (UTF-8, UTF-16 or Windows-1252; separated by comma, semicolon, tab or bar) or an Excel workbook
    /// (`.xlsx`, its first sheet); at most 512 MB and 1,048,576 rows.
    #[schema(value_type = String, format = Binary, content_media_type = "text/csv")]
    file: Vec<u8>,
    /// What its rows are.
    #[schema(example = "deals")]
    entity: String,
}

/// Preview an import
///
/// Uploads a file (`multipart/form-data` with `file` and `entity`) and answers with the plan of the saved mapping that
/// suits it best, or else the one that its headers and contents suggest; the first 20 rows as they will be stored, every
/// unknown stage, owner and choice, and counts over the whole file. With JSON (`file_id` and `plan`) the same for
/// another plan, with `mapping_id` for that of a saved mapping, or of none. Nothing is written but the file.
///
/// **Permissions:** `import.run`.
#[utoipa::path(
    tag = "import",
    request_body(content(
        (ImportUpload = "multipart/form-data"),
        (PreviewRequest = "application/json")
    )),
    responses((status = 200, body = Preview), Refusals),
    security(("session" = []))
)]
#[post("/import/preview")]
async fn post_preview(guard: Guard<perm::ImportRun>, input: PreviewInput) -> ApiResult<web::Json<Preview>> {
    Ok(web::Json(Box::pin(preview::preview(&guard, input)).await?))
}

/// Start an import
///
/// Makes the stages and invitations of the plan and hands the file to a background job. The answer carries the
/// invitations' links.
///
/// **Permissions:** `import.run`; stages need `crm.pipeline.update`, invitations `member.manage`.
#[utoipa::path(
    tag = "import",
    request_body = StartImport,
    responses((status = 202, body = ImportJob), Refusals),
    security(("session" = []))
)]
#[post("/import")]
async fn post_import(guard: Guard<perm::ImportRun>, Body(input): Body<StartImport>) -> ApiResult<HttpResponse> {
    let job = Box::pin(start::start(&guard, input)).await?;
    Ok(HttpResponse::Accepted().json(job))
}

/// List imports
///
/// Newest first.
///
/// **Permissions:** `import.run`.
#[utoipa::path(
    tag = "import",
    params(PageQuery),
    responses((status = 200, body = Page<ImportJob>), Refusals),
    security(("session" = []))
)]
#[get("/import")]
async fn get_imports(
    guard: Guard<perm::ImportRun>,
    Query(query): Query<PageQuery>,
) -> ApiResult<web::Json<Page<ImportJob>>> {
    let window = query.window()?;
    let tx = guard.begin().await?;
    let page = store::list(&tx, window).await?;
    tx.commit().await?;
    Ok(web::Json(page))
}

/// Read an import
///
/// Progress, counts and summary.
///
/// **Permissions:** `import.run`.
#[utoipa::path(
    tag = "import",
    params(("id" = Uuid, Path, description = "Id of the import")),
    responses((status = 200, body = ImportJob), Refusals),
    security(("session" = []))
)]
#[get("/import/{id}")]
async fn get_import(guard: Guard<perm::ImportRun>, id: web::Path<Uuid>) -> ApiResult<web::Json<ImportJob>> {
    let tx = guard.begin().await?;
    let job = store::get(&tx, *id).await?;
    tx.commit().await?;
    Ok(web::Json(job.shown))
}

/// Cancel an import
///
/// Rows that were imported stay; the rest is left out.
///
/// **Permissions:** `import.run`.
#[utoipa::path(
    tag = "import",
    params(("id" = Uuid, Path, description = "Id of the import")),
    responses((status = 200, body = ImportJob), Refusals),
    security(("session" = []))
)]
#[post("/import/{id}/cancel")]
async fn post_cancel(guard: Guard<perm::ImportRun>, id: web::Path<Uuid>) -> ApiResult<web::Json<ImportJob>> {
    let tx = guard.begin().await?;
    let known = store::get(&tx, *id).await?;
    if known.shown.status == ImportStatus::Uploaded || !store::finish(&tx, *id, ImportStatus::Cancelled, None).await? {
        return Err(ApiError::new(ErrorCode::Conflict, "This import is not running."));
    }
    let job = store::get(&tx, *id).await?;
    tx.commit().await?;
    Ok(web::Json(job.shown))
}

/// Undo an import
///
/// As bulk work: records that the import has made are deleted for good, also companies that it has made on the way;
/// records that it has changed get back what they held. What somebody has changed since, or linked other records to,
/// stays, and the results of the bulk work say so. Stages and invitations stay.
///
/// **Permissions:** `import.run`, `bulk.delete` and `crm.record.hard_delete`.
#[utoipa::path(
    tag = "import",
    params(("id" = Uuid, Path, description = "Id of the import")),
    responses((status = 202, body = BulkJob), Refusals),
    security(("session" = []))
)]
#[post("/import/{id}/undo")]
async fn post_undo(guard: Guard<perm::ImportRun>, id: web::Path<Uuid>) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    tx.require(Permission::BulkDelete)?;
    let import = store::lock(&tx, *id).await?.shown;
    if !import.can_undo {
        return Err(ApiError::new(ErrorCode::Conflict, "This import cannot be undone, or was already."));
    }
    let job = bulk::undo_import(&tx, import.entity, import.id).await?;
    tx.commit().await?;
    Ok(HttpResponse::Accepted().json(job))
}

/// What the error file holds.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ErrorsQuery {
    /// Also rows that were stored with a remark, such as a phone number that could not be read.
    #[serde(default)]
    warnings: bool,
}

/// Download the error file
///
/// The original rows that were refused, each with column and reason: ready to be corrected and imported again. Cells
/// that a spreadsheet would run as a formula begin with an apostrophe, which imports take off.
///
/// **Permissions:** `import.run`.
#[utoipa::path(
    tag = "import",
    params(("id" = Uuid, Path, description = "Id of the import"), ErrorsQuery),
    responses((status = 200, body = String, content_type = "text/csv"), Refusals),
    security(("session" = []))
)]
#[get("/import/{id}/errors")]
async fn get_errors(
    guard: Guard<perm::ImportRun>,
    id: web::Path<Uuid>,
    Query(query): Query<ErrorsQuery>,
) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let job = store::get(&tx, *id).await?;
    tx.commit().await?;
    let name = errors::file_name(&job.shown.file_name);
    let lines = errors::file(guard.state(), guard.session().org_id, job, query.warnings);
    let body = stream::unfold(lines, |mut lines| async move { lines.recv().await.map(|chunk| (chunk, lines)) });
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .streaming(body))
}
