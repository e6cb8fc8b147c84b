//! Background work of all kinds in one list: imports, bulk work, exports.

use crate::auth::Guard;
use crate::db::{Listing, TenantTx};
use crate::error::{ApiError, ApiResult};
use crate::http::page::{PageQuery, Window};
use crate::http::query::Query;
use crate::http::refusals::Refusals;
use actix_web::{get, web};
use chrono::{DateTime, Utc};
use domain::bulk::BulkAction;
use domain::catalog::RecordType;
use domain::page::Page;
use domain::permission::{Access, Permission, perm};
use domain::work::{WorkItem, WorkKind, WorkStatus};
use sea_orm::FromQueryResult;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Adds the route.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_work);
}

/// List background work
///
/// Imports and bulk work of the organization, where one may do such, and one's own exports, newest first.
///
/// **Permissions:** signed in; imports `import.run`, bulk work `bulk.run`.
#[utoipa::path(tag = "work", operation_id = "work_list", params(PageQuery),
    responses((status = 200, body = Page<WorkItem>), Refusals), security(("session" = [])))]
#[get("/work")]
async fn get_work(guard: Guard<perm::Session>, Query(query): Query<PageQuery>) -> ApiResult<web::Json<Page<WorkItem>>> {
    let window = query.window()?;
    let tx = guard.begin().await?;
    let page = list(&tx, window).await?;
    tx.commit().await?;
    Ok(web::Json(page))
}

/// One line per import that was started, bulk work and export. `$2`, `$3`: whether imports and bulk work are seen;
/// `$4`: who asks.
const ALL: &str = "(\
    SELECT org_id, 'import' AS kind, id, entity, NULL AS action, false AS is_undo, file_name, status, total, processed, \
        created + updated AS changed, failed AS refused, summary ->> 'failure' AS failure, false AS can_download, \
        created_by, created_at, finished_at \
    FROM import_jobs WHERE org_id = $1 AND $2 AND status <> 'uploaded' \
    UNION ALL \
    SELECT org_id, 'bulk', id, entity, action, undoes IS NOT NULL, '', status, total, processed, changed, refused, \
        failure, false, created_by, created_at, finished_at \
    FROM bulk_jobs WHERE org_id = $1 AND $3 \
    UNION ALL \
    SELECT org_id, 'export', id, entity, NULL, false, file_name, status, total, processed, processed, 0, failure, \
        status = 'completed' AND expires_at > now(), created_by, created_at, finished_at \
    FROM exports WHERE org_id = $1 AND created_by = $4) w";

async fn list(tx: &TenantTx, window: Window) -> ApiResult<Page<WorkItem>> {
    let listing = Listing {
        columns: "kind, id, entity, action, is_undo, file_name, status, total, processed, changed, refused, failure, \
             can_download, created_by, created_at, finished_at",
        from: ALL,
        order: "created_at DESC, id DESC",
    };
    let sees = |permission| tx.access(permission) != Access::No;
    let values = vec![sees(Permission::ImportRun).into(), sees(Permission::BulkRun).into(), tx.user_id().into()];
    let Page { data, pagination } = tx.page::<Row>(listing, values, window).await?;
    Ok(Page { data: data.into_iter().map(Row::item).collect::<ApiResult<_>>()?, pagination })
}

#[derive(Debug, FromQueryResult)]
struct Row {
    kind: WorkKind,
    id: Uuid,
    entity: String,
    action: Option<BulkAction>,
    is_undo: bool,
    file_name: String,
    status: WorkStatus,
    total: i32,
    processed: i32,
    changed: i32,
    refused: i32,
    failure: Option<String>,
    can_download: bool,
    created_by: Option<Uuid>,
    created_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
}

impl Row {
    fn item(self) -> ApiResult<WorkItem> {
        let record = RecordType::of_table(&self.entity);
        let record = record.ok_or_else(|| ApiError::internal(anyhow::anyhow!("work on unknown {}", self.entity)))?;
        Ok(WorkItem {
            kind: self.kind,
            id: self.id,
            record,
            action: self.action,
            is_undo: self.is_undo,
            file_name: self.file_name,
            status: self.status,
            total: self.total,
            processed: self.processed,
            changed: self.changed,
            refused: self.refused,
            failure: self.failure,
            can_download: self.can_download,
            created_by: self.created_by,
            created_at: self.created_at,
            finished_at: self.finished_at,
        })
    }
}
