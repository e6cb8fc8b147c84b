//! How many records a list has.

use super::cursor::Cursor;
use super::list::restrict;
use super::query::ListQuery;
use super::{Parent, Stored, select};
use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::state::Clock;
use domain::page::EXACT_TOTAL;
use num_traits::ToPrimitive;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, Expr, PostgresQueryBuilder, Query, SelectStatement};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// The length of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Total {
    /// How many records.
    #[serde(rename = "n")]
    pub rows: i64,
    /// Whether they were counted; otherwise it is an estimate.
    #[serde(rename = "e")]
    pub exact: bool,
}

/// What has been read of the list.
#[derive(Debug, Clone, Copy)]
pub struct Read<'a> {
    /// Where the page began.
    pub cursor: Option<&'a Cursor>,
    /// Records on the page.
    pub rows: usize,
    /// Whether more follow.
    pub more: bool,
}

/// The whole list's length. A cursor brings it along from the first page; a page may be all there is; how many live
/// records there are is known at any size; other lists are counted up to [`EXACT_TOTAL`], beyond that the planner says.
///
/// # Errors
/// The database cannot be reached.
pub async fn of<R: Stored>(
    tx: &TenantTx,
    clock: &Clock,
    query: &ListQuery,
    parent: Option<Parent>,
    read: Read<'_>,
) -> ApiResult<Total> {
    if let Some(total) = read.cursor.and_then(|cursor| cursor.total) {
        return Ok(total);
    }
    let exact = |rows: i64| Total { rows, exact: true };
    if read.cursor.is_none() && !read.more && (read.rows > 0 || query.page == 1) {
        let before = (query.page - 1).saturating_mul(u64::from(query.limit));
        let rows = u64::try_from(read.rows).map_err(ApiError::internal)?;
        return Ok(exact(i64::try_from(before + rows).map_err(ApiError::internal)?));
    }
    if parent.is_none() && !query.is_filtered() {
        let Some(search) = &query.search else { return live::<R>(tx).await.map(exact) };
        if let Some(rows) = search.about(EXACT_TOTAL) {
            return Ok(Total { rows, exact: false });
        }
    }
    let mut matching = select::base(R::spec(), tx.org_id());
    restrict::<R>(&mut matching, tx, clock, query, parent);
    let mut limited = matching.clone();
    limited.expr(Expr::val(1_i32)).limit(u64::try_from(EXACT_TOTAL).map_err(ApiError::internal)? + 1);
    let count = Query::select().expr(Expr::cust("count(*)")).from_subquery(limited, Alias::new("m")).to_owned();
    let row = tx.conn().query_one(&count).await?;
    let counted: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0);
    if counted <= EXACT_TOTAL {
        return Ok(exact(counted));
    }
    Ok(Total { rows: Ord::max(estimate(tx, matching).await?, counted), exact: false })
}

/// The live records of a type: triggers keep the number.
async fn live<R: Stored>(tx: &TenantTx) -> ApiResult<i64> {
    let sql = "SELECT coalesce(sum(live), 0)::bigint FROM record_counts WHERE org_id = $1 AND entity = $2";
    let row = tx.conn().query_one_raw(statement(sql, [tx.org_id().into(), R::TYPE.as_str().into()])).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0))
}

async fn estimate(tx: &TenantTx, mut matching: SelectStatement) -> ApiResult<i64> {
    let (sql, values) = matching.expr(Expr::val(1_i32)).build(PostgresQueryBuilder);
    let explain = statement(&format!("EXPLAIN (FORMAT JSON) {sql}"), values.0);
    let row = tx.conn().query_one_raw(explain).await?;
    let plan: Json = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
    let rows = plan.pointer("/0/Plan/Plan Rows").and_then(Json::as_f64).unwrap_or(0.0);
    Ok(rows.round().to_i64().unwrap_or(0))
}
