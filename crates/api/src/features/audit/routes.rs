//! `/audit-log/…`

use super::file;
use super::repo::{self, Wanted};
use crate::auth::Guard;
use crate::db::TenantTx;
use crate::error::ApiResult;
use crate::http::moment;
use crate::http::page::Window;
use crate::http::query::Query;
use crate::http::refusals::Refusals;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{self, Bytes};
use actix_web::{HttpResponse, get};
use chrono::{DateTime, Utc};
use domain::audit::{AuditAction, AuditEntry};
use domain::page::Page;
use domain::permission::perm;
use futures_util::{StreamExt, stream};
use serde::Deserialize;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Entries that are read at once for the file.
const BATCH: u16 = 1_000;

/// Adds the routes.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(list).service(export);
}

/// Which entries, and which page of them.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParams {
    /// Entries of this kind.
    action: Option<AuditAction>,
    /// What this person did.
    user_id: Option<Uuid>,
    /// From this day (in the organization's time zone) or moment on.
    date_from: Option<String>,
    /// Up to this day, inclusive, or before this moment.
    date_to: Option<String>,
    /// Number of the page, from 1.
    page: Option<u64>,
    /// Entries per page, at most 200.
    limit: Option<u32>,
}

/// Which entries.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FileParams {
    /// Entries of this kind.
    action: Option<AuditAction>,
    /// What this person did.
    user_id: Option<Uuid>,
    /// From this day (in the organization's time zone) or moment on.
    date_from: Option<String>,
    /// Up to this day, inclusive, or before this moment.
    date_to: Option<String>,
}

impl FileParams {
    fn wanted(&self, tx: &TenantTx) -> ApiResult<Wanted> {
        let zone = &tx.settings().timezone;
        Ok(Wanted {
            action: self.action,
            user_id: self.user_id,
            from: moment::from(zone, "date_from", self.date_from.as_deref())?,
            to: moment::to(zone, "date_to", self.date_to.as_deref())?,
        })
    }
}

/// List the audit log
///
/// Sign-ins, accounts, members and their roles, invitations, settings, and records deleted in bulk, newest first, each
/// with who did it and from where. Nobody can change or delete an entry.
///
/// **Permissions:** `audit.view`.
#[utoipa::path(tag = "audit-log", operation_id = "audit_log_list", params(ListParams), security(("session" = [])),
    responses((status = 200, body = Page<AuditEntry>, description = "One page of entries"), Refusals))]
#[get("/audit-log")]
async fn list(
    guard: Guard<perm::AuditView>,
    Query(params): Query<ListParams>,
) -> ApiResult<web::Json<Page<AuditEntry>>> {
    let window = Window::new(params.page, params.limit)?;
    let ListParams { action, user_id, date_from, date_to, .. } = params;
    let tx = guard.begin().await?;
    let wanted = FileParams { action, user_id, date_from, date_to }.wanted(&tx)?;
    let page = repo::page(&tx, &wanted, window).await?;
    tx.commit().await?;
    Ok(web::Json(page))
}

/// Download the audit log
///
/// All entries that were asked for as CSV, newest first, with times in UTC. Cells that a spreadsheet would run as a
/// formula begin with an apostrophe.
///
/// **Permissions:** `audit.export`.
#[utoipa::path(tag = "audit-log", operation_id = "audit_log_export", params(FileParams), security(("session" = [])),
    responses((status = 200, body = String, content_type = "text/csv"), Refusals))]
#[get("/audit-log/export")]
async fn export(guard: Guard<perm::AuditExport>, Query(params): Query<FileParams>) -> ApiResult<HttpResponse> {
    let today = guard.state().clock.now().date_naive();
    let mut begin = file::head()?;
    // Read before the answer begins, so that a refusal is one.
    let next = lines(&guard, &params, None, &mut begin).await?;
    let rest = stream::try_unfold((guard, params, next), |(guard, params, next)| async move {
        let Some(last) = next else { return ApiResult::Ok(None) };
        let mut out = Vec::new();
        let next = lines(&guard, &params, Some(last), &mut out).await?;
        Ok(Some((Bytes::from(out), (guard, params, next))))
    });
    let body = stream::once(std::future::ready(ApiResult::Ok(Bytes::from(begin)))).chain(rest);
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"Audit log {today}.csv\"")))
        .streaming(body))
}

/// Adds the lines of the entries before another one; the last of them where more may follow. Each batch is read in a
/// transaction of its own, which asks for the permission again.
async fn lines(
    guard: &Guard<perm::AuditExport>,
    params: &FileParams,
    last: Option<(DateTime<Utc>, Uuid)>,
    out: &mut Vec<u8>,
) -> ApiResult<Option<(DateTime<Utc>, Uuid)>> {
    let tx = guard.begin().await?;
    let entries = repo::before(&tx, &params.wanted(&tx)?, last, BATCH).await?;
    tx.commit().await?;
    for entry in &entries {
        file::line(out, entry)?;
    }
    let full = entries.len() == usize::from(BATCH);
    Ok(entries.last().filter(|_| full).map(|entry| (entry.created_at, entry.id)))
}
