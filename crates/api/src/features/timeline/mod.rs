//! Timelines: what happened to a record, newest first. Read-only; entries come from the events alone (TIMELINE-10).

use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::http::page::{Window, limit_of};
use crate::records::cursor::Cursor;
use crate::records::select::one_of;
use domain::catalog::RecordType;
use domain::events::{Activity, Timeline};
use domain::page::{MAX_OFFSET, Page};
use domain::permission::Access;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// The order of timelines, as cursors know it.
const ORDER: &str = "-created_at";

/// What a timeline is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimelineParams {
    /// `next_cursor` of an earlier answer.
    cursor: Option<String>,
    /// Entries per page.
    limit: Option<u32>,
}

/// What an activity log is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageParams {
    /// Number of the page, from 1.
    page: Option<u64>,
    /// Entries per page.
    limit: Option<u32>,
}

/// A page of a record's timeline.
///
/// # Errors
/// 422 for a cursor or limit that does not fit.
pub async fn read(tx: &TenantTx, entity: &str, id: Uuid, params: &TimelineParams) -> ApiResult<Timeline> {
    let limit = limit_of(params.limit)?;
    let mut select = of_record(tx, entity, id).await?;
    if let Some(text) = &params.cursor {
        let cursor = Cursor::decode(text, ORDER)?;
        let at =
            cursor.values.first().and_then(Json::as_str).and_then(|t| chrono::DateTime::parse_from_rfc3339(t).ok());
        let at = at.ok_or_else(|| ApiError::parameter("cursor", "cursor", "This is not a cursor of this timeline."))?;
        let at = at.with_timezone(&chrono::Utc);
        select.and_where(Expr::cust_with_values(
            "(a.created_at, a.id) < ($1, $2)",
            [at.into(), sea_orm::Value::from(cursor.id)],
        ));
    }
    newest_first(&mut select).limit(u64::from(limit) + 1);
    let mut data = rows(tx, &select).await?;
    let limit = usize::try_from(limit).map_err(ApiError::internal)?;
    let more = data.len() > limit;
    data.truncate(limit);
    let next_cursor = data.last().filter(|_| more).map(|last| {
        let values = vec![json!(last.created_at)];
        Cursor { sort: ORDER.to_owned(), values, id: last.id, backward: false, total: None }.encode()
    });
    Ok(Timeline { data, next_cursor })
}

/// A numbered page of a record's activity log.
///
/// # Errors
/// 422 for a page or limit that does not fit.
pub async fn page(tx: &TenantTx, entity: &str, id: Uuid, params: &PageParams) -> ApiResult<Page<Activity>> {
    numbered(tx, of_record(tx, entity, id).await?, params.page, params.limit).await
}

/// A numbered page of any selection of activities (alias `a`).
///
/// # Errors
/// 422 for a page or limit that does not fit.
pub async fn numbered(
    tx: &TenantTx,
    select: SelectStatement,
    page: Option<u64>,
    limit: Option<u32>,
) -> ApiResult<Page<Activity>> {
    let window = Window::new(page, limit)?;
    let mut rows_of = select.clone();
    newest_first(&mut rows_of).limit(u64::from(window.limit)).offset(window.offset());
    let data = rows(tx, &rows_of).await?;
    let mut counted = select;
    counted.clear_selects().expr(Expr::val(1_i32)).limit(MAX_OFFSET + 1);
    let count = Query::select().expr(Expr::cust("count(*)")).from_subquery(counted, Alias::new("m")).to_owned();
    let row = tx.conn().query_one(&count).await?;
    let total: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0);
    let total_exact = u64::try_from(total).is_ok_and(|n| n <= MAX_OFFSET);
    let mut page = window.page(data, total);
    page.pagination.total_exact = total_exact;
    Ok(page)
}

/// The newest entries of a record, for `include=activities`.
///
/// # Errors
/// The database cannot be reached.
pub async fn included(tx: &TenantTx, entity: &str, id: Uuid) -> ApiResult<Json> {
    let timeline = read(tx, entity, id, &TimelineParams::default()).await?;
    serde_json::to_value(timeline.data).map_err(ApiError::internal)
}

/// All activities of the organization, as `a`, but for those about records that one may not view, on whichever
/// timeline they stand.
pub fn all(tx: &TenantTx) -> SelectStatement {
    let mut select = Query::select();
    for name in ["id", "activity_type", "entity_type", "entity_id", "description", "user_id", "metadata", "created_at"]
    {
        select.column((Alias::new("a"), Alias::new(name)));
    }
    select.from_as(Alias::new("activities"), Alias::new("a")).and_where(column("org_id").eq(tx.org_id()));
    for hidden in RecordType::ALL.iter().filter(|record| tx.access(record.permissions().view) == Access::No) {
        let about = Expr::cust("coalesce(split_part(a.metadata ->> 'event', '.', 1), '')");
        select.and_where(column("entity_type").ne(hidden.as_str())).and_where(about.ne(hidden.as_str()));
    }
    select
}

/// A column of `activities`.
pub fn column(name: &str) -> Expr {
    Expr::col((Alias::new("a"), Alias::new(name)))
}

/// What happened to a record, and to those that were merged into it (DEDUPE-03).
async fn of_record(tx: &TenantTx, entity: &str, id: Uuid) -> ApiResult<SelectStatement> {
    let sql = "WITH RECURSIVE part AS (SELECT record_id FROM merged_records \
             WHERE org_id = $1 AND entity = $2 AND survivor_id = $3 \
         UNION SELECT m.record_id FROM merged_records m JOIN part p ON m.survivor_id = p.record_id \
             WHERE m.org_id = $1 AND m.entity = $2) SELECT record_id FROM part";
    let parts = tx.conn().query_all_raw(statement(sql, [tx.org_id().into(), entity.into(), id.into()])).await?;
    let mut ids = vec![id];
    for part in parts {
        ids.push(part.try_get_by_index(0)?);
    }
    let mut select = all(tx);
    select.and_where(column("entity_type").eq(entity)).and_where(one_of(column("entity_id"), &ids));
    Ok(select)
}

fn newest_first(select: &mut SelectStatement) -> &mut SelectStatement {
    select.order_by_expr(column("created_at"), Order::Desc).order_by_expr(column("id"), Order::Desc)
}

async fn rows(tx: &TenantTx, select: &SelectStatement) -> ApiResult<Vec<Activity>> {
    let rows = tx.conn().query_all(select).await?;
    Ok(rows.iter().map(|row| Activity::from_query_result(row, "")).collect::<Result<_, _>>()?)
}
