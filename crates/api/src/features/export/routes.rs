//! `/exports/…`

use super::{rows, store};
use crate::auth::Guard;
use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use crate::http::body::Valid;
use crate::http::page::PageQuery;
use crate::http::query::Query;
use crate::http::rate_limit::{Limit, MINUTE};
use crate::http::record_type::Entity;
use crate::http::refusals::{Limited, Refusals};
use crate::state::AppState;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::{HttpResponse, get, post, web};
use domain::catalog::RecordType;
use domain::error::ErrorCode;
use domain::export::{ExportFormat, ExportJob, StartExport};
use domain::of_type;
use domain::page::Page;
use domain::permission::perm;
use domain::work::WorkStatus;
use futures_util::StreamExt;
use object_store::ObjectStoreExt;
use object_store::path::Path;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Adds the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(post_export).service(get_exports).service(get_export).service(post_cancel).service(get_file);
}

/// Start an export
///
/// Writes the records named by `ids`, or everything that `query` shows in its order, to a CSV, Excel or PDF file, as
/// a background job. The file holds names instead of ids, amounts with a point, and moments in the organization's time;
/// its headers are those that imports recognise. It is deleted after seven days.
///
/// A PDF is for reading and printing and holds at most 2,000 records and 100,000 values: more are refused
/// at `format` or `columns`. Its texts are broken
/// into up to three lines and end in … where they are longer. Columns that do not fit on a page go on on further ones
/// side by side, each of which begins with the first column. Where no columns are chosen, it leaves out the id, and names
/// at its end the columns that are empty in every record.
///
/// **Permissions:** `crm.company.export`, `crm.contact.export` or `crm.deal.export`, as the records are.
#[utoipa::path(
    tag = "exports",
    operation_id = "export_start",
    request_body = StartExport,
    params(("entity" = String, Path, description = "`companies`, `contacts` or `deals`")),
    responses((status = 202, body = ExportJob), Refusals, Limited),
    security(("session" = []))
)]
#[post("/exports/{entity}")]
async fn post_export(
    guard: Guard<perm::Session>,
    Entity(record): Entity,
    Valid(input): Valid<StartExport>,
) -> ApiResult<HttpResponse> {
    let limit = Limit { name: "export", burst: 20, per: MINUTE };
    limit.check(guard.state(), &guard.session().user_id.to_string()).await?;
    let tx = guard.begin().await?;
    tx.require(record.permissions().export)?;
    let errors = input.check(tx.schema(record));
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    // The others have no limit, so that nobody has to wait for counting.
    if input.format == ExportFormat::Pdf {
        let records = count(&tx, guard.state(), record, &input).await?;
        if let Some(refusal) = input.format.refuses(records, input.columns.len()) {
            return Err(ApiError::invalid(vec![refusal]));
        }
    }
    let today = guard.state().clock.today(&tx.settings().timezone);
    let name = format!("{} {today}.{}", record.spec().label_plural, input.format);
    let job = store::begin(&tx, record, &input, &name).await?;
    tx.commit().await?;
    Ok(HttpResponse::Accepted().json(job))
}

/// How many records an export would have.
async fn count(tx: &TenantTx, state: &AppState, record: RecordType, input: &StartExport) -> ApiResult<u64> {
    of_type!(record, R => rows::count::<R>(tx, &state.clock, input).await)
}

/// List one's exports
///
/// Newest first.
///
/// **Permissions:** signed in.
#[utoipa::path(tag = "exports", operation_id = "export_list", params(PageQuery),
    responses((status = 200, body = Page<ExportJob>), Refusals), security(("session" = [])))]
#[get("/exports/files")]
async fn get_exports(
    guard: Guard<perm::Session>,
    Query(query): Query<PageQuery>,
) -> ApiResult<web::Json<Page<ExportJob>>> {
    let window = query.window()?;
    let tx = guard.begin().await?;
    let page = store::list(&tx, window).await?;
    tx.commit().await?;
    Ok(web::Json(page))
}

/// Read an export
///
/// Progress, and whether the file is there.
///
/// **Permissions:** signed in; one's own.
#[utoipa::path(tag = "exports", operation_id = "export_get",
    params(("id" = Uuid, Path, description = "Id of the export")),
    responses((status = 200, body = ExportJob), Refusals), security(("session" = [])))]
#[get("/exports/files/{id}")]
async fn get_export(guard: Guard<perm::Session>, id: web::Path<Uuid>) -> ApiResult<web::Json<ExportJob>> {
    let tx = guard.begin().await?;
    let job = store::get(&tx, *id).await?;
    tx.commit().await?;
    Ok(web::Json(job.shown))
}

/// Cancel an export
///
/// **Permissions:** signed in; one's own.
#[utoipa::path(tag = "exports", operation_id = "export_cancel",
    params(("id" = Uuid, Path, description = "Id of the export")),
    responses((status = 200, body = ExportJob), Refusals), security(("session" = [])))]
#[post("/exports/files/{id}/cancel")]
async fn post_cancel(guard: Guard<perm::Session>, id: web::Path<Uuid>) -> ApiResult<web::Json<ExportJob>> {
    let tx = guard.begin().await?;
    store::get(&tx, *id).await?;
    if !store::finish(&tx, *id, WorkStatus::Cancelled, None).await? {
        return Err(ApiError::new(ErrorCode::Conflict, "This export is not under way."));
    }
    let job = store::get(&tx, *id).await?;
    tx.commit().await?;
    Ok(web::Json(job.shown))
}

/// Download an export
///
/// The file, until it expires.
///
/// **Permissions:** signed in; one's own.
#[utoipa::path(tag = "exports", operation_id = "export_file",
    params(("id" = Uuid, Path, description = "Id of the export")),
    responses((status = 200, content((String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (Vec<u8> = "application/pdf"))), Refusals), security(("session" = [])))]
#[get("/exports/files/{id}/content")]
async fn get_file(guard: Guard<perm::Session>, id: web::Path<Uuid>) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let job = store::get(&tx, *id).await?;
    tx.require(job.shown.record.permissions().export)?;
    tx.commit().await?;
    if !job.shown.can_download {
        return Err(ApiError::new(ErrorCode::Conflict, "The file is not there yet, or has expired."));
    }
    let found = guard.state().files.get(&Path::from(job.file_key.as_str())).await.map_err(ApiError::unavailable)?;
    let size = found.meta.size;
    let body = found.into_stream().map(|chunk| chunk.map_err(ApiError::unavailable));
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, job.shown.format.media_type()))
        .insert_header((CONTENT_LENGTH, size))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", job.shown.file_name)))
        .no_chunking(size)
        .streaming(body))
}
