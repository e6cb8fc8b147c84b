//! `/dedupe/…`

use super::check;
use super::scan;
use super::{merge, store, undo};
use crate::auth::Guard;
use crate::error::{ApiError, ApiResult};
use crate::http::body::Body;
use crate::http::page::Window;
use crate::http::query::Query;
use crate::http::rate_limit::{Limit, MINUTE};
use crate::http::refusals::{Limited, Refusals};
use actix_web::{HttpResponse, get, post, web};
use domain::catalog::RecordType;
use domain::companies::Company;
use domain::contacts::Contact;
use domain::dedupe::{Candidate, CandidateStatus, CheckInput, Checked, MergeInput, Merged, Scan, ScanInput};
use domain::page::Page;
use domain::permission::{Permission, perm};
use serde::Deserialize;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Adds the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(post_scan)
        .service(get_scan)
        .service(post_check)
        .service(get_candidates)
        .service(post_dismiss)
        .service(post_reopen)
        .service(post_merge)
        .service(post_undo);
}

/// The permission to merge records of a type. Types that are not merged are refused by the check of what is asked.
fn permission(record: RecordType) -> Permission {
    record.permissions().merge.unwrap_or(Permission::CompanyMerge)
}

/// Search for duplicates
///
/// Looks at the records that are new or have changed since the last search, in the background.
///
/// **Permissions:** `crm.company.merge` or `crm.contact.merge`, as the records are.
#[utoipa::path(tag = "dedupe", operation_id = "dedupe_scan", request_body = ScanInput,
    responses((status = 202, body = Scan), Refusals), security(("session" = [])))]
#[post("/dedupe/scan")]
async fn post_scan(guard: Guard<perm::Session>, Body(input): Body<ScanInput>) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    tx.require(permission(input.record))?;
    scan::begin(&tx, input.record).await?;
    let scan = store::scan(&tx, input.record).await?;
    tx.commit().await?;
    Ok(HttpResponse::Accepted().json(scan))
}

/// What a search is asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ScanQuery {
    /// `company` or `contact`.
    record: RecordType,
}

/// Read how the search for duplicates stands
///
/// **Permissions:** `crm.company.merge` or `crm.contact.merge`, as the records are.
#[utoipa::path(tag = "dedupe", operation_id = "dedupe_scan_get", params(ScanQuery),
    responses((status = 200, body = Scan), Refusals), security(("session" = [])))]
#[get("/dedupe/scan")]
async fn get_scan(guard: Guard<perm::Session>, Query(query): Query<ScanQuery>) -> ApiResult<web::Json<Scan>> {
    let tx = guard.begin().await?;
    tx.require(permission(query.record))?;
    let scan = store::scan(&tx, query.record).await?;
    tx.commit().await?;
    Ok(web::Json(scan))
}

/// Check a draft for duplicates
///
/// The records that one which is being typed may double: by the same keys and the same score as the search for
/// duplicates. Nothing is written of the draft. An organization whose records have not been searched for a day is
/// searched in the background.
///
/// **Permissions:** `crm.company.create` and `crm.company.view`, or `crm.contact.create` and `crm.contact.view`, as the
/// record is.
#[utoipa::path(tag = "dedupe", operation_id = "dedupe_check", request_body = CheckInput,
    responses((status = 200, body = Checked), Refusals, Limited), security(("session" = [])))]
#[post("/dedupe/check")]
async fn post_check(guard: Guard<perm::Session>, Body(input): Body<CheckInput>) -> ApiResult<web::Json<Checked>> {
    // More than a person types.
    let limit = Limit { name: "dedupe-check", burst: 120, per: MINUTE };
    limit.check(guard.state(), &guard.session().user_id.to_string()).await?;
    let tx = guard.begin().await?;
    let found = check::check(&tx, &input).await?;
    tx.commit().await?;
    Ok(web::Json(found))
}

/// What the pairs are asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CandidatesQuery {
    /// `company` or `contact`.
    record: RecordType,
    /// `open` (unless given), `dismissed` or `merged`.
    status: Option<CandidateStatus>,
    /// Number of the page, from 1, while page × limit is at most 10,000.
    page: Option<u64>,
    /// Pairs per page, 1 to 200; 50 unless given.
    limit: Option<u32>,
}

/// List possible duplicates
///
/// The likeliest first.
///
/// **Permissions:** `crm.company.merge` and `crm.company.view`, or `crm.contact.merge` and `crm.contact.view`, as the
/// records are.
#[utoipa::path(tag = "dedupe", operation_id = "dedupe_candidates", params(CandidatesQuery),
    responses((status = 200, body = Page<Candidate>), Refusals), security(("session" = [])))]
#[get("/dedupe/candidates")]
async fn get_candidates(
    guard: Guard<perm::Session>,
    Query(query): Query<CandidatesQuery>,
) -> ApiResult<web::Json<Page<Candidate>>> {
    let window = Window::new(query.page, query.limit)?;
    let tx = guard.begin().await?;
    tx.require(permission(query.record))?;
    tx.require(query.record.permissions().view)?;
    let page = store::list(&tx, query.record, query.status.unwrap_or(CandidateStatus::Open), window).await?;
    tx.commit().await?;
    Ok(web::Json(page))
}

/// Say that a pair is not the same
///
/// It does not come back.
///
/// **Permissions:** `crm.company.merge` and `crm.contact.merge`.
#[utoipa::path(tag = "dedupe", operation_id = "dedupe_dismiss",
    params(("id" = Uuid, Path, description = "Id of the pair")),
    responses((status = 204), Refusals), security(("session" = [])))]
#[post("/dedupe/candidates/{id}/dismiss")]
async fn post_dismiss(guard: Guard<perm::CompanyMerge>, id: web::Path<Uuid>) -> ApiResult<HttpResponse> {
    resolve(guard, *id, CandidateStatus::Dismissed).await
}

/// Take a pair up again that was dismissed
///
/// **Permissions:** `crm.company.merge` and `crm.contact.merge`.
#[utoipa::path(tag = "dedupe", operation_id = "dedupe_reopen",
    params(("id" = Uuid, Path, description = "Id of the pair")),
    responses((status = 204), Refusals), security(("session" = [])))]
#[post("/dedupe/candidates/{id}/reopen")]
async fn post_reopen(guard: Guard<perm::CompanyMerge>, id: web::Path<Uuid>) -> ApiResult<HttpResponse> {
    resolve(guard, *id, CandidateStatus::Open).await
}

async fn resolve(guard: Guard<perm::CompanyMerge>, id: Uuid, status: CandidateStatus) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    tx.require(Permission::ContactMerge)?;
    store::resolve(&tx, id, status).await?;
    tx.commit().await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Merge records
///
/// Makes one of two to ten records: the survivor gets the chosen values, all tags, and what led to the others (deals,
/// contacts, links); its timeline shows theirs, too. The others go to the archive. With `preview` nothing is written and
/// the answer shows what would be.
///
/// **Permissions:** `crm.company.merge` and `crm.company.view`, or `crm.contact.merge` and `crm.contact.view`, as the
/// records are.
#[utoipa::path(tag = "dedupe", operation_id = "dedupe_merge", request_body = MergeInput,
    responses((status = 200, body = Merged), Refusals), security(("session" = [])))]
#[post("/dedupe/merge")]
async fn post_merge(guard: Guard<perm::Session>, Body(input): Body<MergeInput>) -> ApiResult<web::Json<Merged>> {
    let tx = guard.begin().await?;
    tx.require(permission(input.record))?;
    tx.require(input.record.permissions().view)?;
    let errors = input.check(tx.schema(input.record));
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    let merged = match input.record {
        RecordType::Company => merge::merge::<Company>(&tx, &input).await?,
        _ => merge::merge::<Contact>(&tx, &input).await?,
    };
    if input.preview {
        // Never committed: what it has done goes with the transaction.
        return Ok(web::Json(Merged { id: None, ..merged }));
    }
    tx.commit().await?;
    Ok(web::Json(merged))
}

/// Undo a merge
///
/// The merged records come back with what led to them; the survivor gets back what it held, but for what somebody has
/// changed since and what does not pass any more. While the survivor itself is merged or archived, that comes first.
///
/// **Permissions:** `crm.company.merge` and `crm.contact.merge`.
#[utoipa::path(tag = "dedupe", operation_id = "dedupe_undo",
    params(("id" = Uuid, Path, description = "Id of the merge")),
    responses((status = 204), Refusals), security(("session" = [])))]
#[post("/dedupe/merges/{id}/undo")]
async fn post_undo(guard: Guard<perm::CompanyMerge>, id: web::Path<Uuid>) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    tx.require(Permission::ContactMerge)?;
    undo::undo(&tx, *id).await?;
    tx.commit().await?;
    Ok(HttpResponse::NoContent().finish())
}
