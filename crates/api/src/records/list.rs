//! Running a list: one page of rows, its place, and the total.

use super::cursor::Cursor;
use super::filter_sql::{self, Local};
use super::keyset::Part;
use super::query::{Archived, ListQuery, pick};
use super::select::{self, column};
use super::{Parent, Stored, total};
use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::state::Clock;
use domain::page::{Page, Pagination};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, PostgresQueryBuilder, Query, SelectStatement};
use sea_orm::{ConnectionTrait, Statement};
use serde::Serialize;
use serde_json::Value as Json;

/// A record of a list: whole, or the members asked for.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Listed<R> {
    /// As it is; by far the most are, and they become text without a step between.
    Whole(R),
    /// Some members.
    Picked(Json),
}

/// One page, with only the members asked for.
///
/// # Errors
/// 422 for a cursor that does not fit.
pub async fn page<R: Stored>(
    tx: &TenantTx,
    clock: &Clock,
    query: &ListQuery,
    parent: Option<Parent>,
) -> ApiResult<Page<Listed<R>>> {
    let found = typed_page::<R>(tx, clock, query, parent).await?;
    let listed = |record: R| {
        if query.fields.is_empty() {
            return Ok(Listed::Whole(record));
        }
        serde_json::to_value(record).map(|json| Listed::Picked(pick(json, &query.fields)))
    };
    let data = found.data.into_iter().map(listed).collect::<Result<_, _>>().map_err(ApiError::internal)?;
    Ok(Page { data, pagination: found.pagination })
}

/// One page of typed records.
///
/// # Errors
/// As [`page`].
pub async fn typed_page<R: Stored>(
    tx: &TenantTx,
    clock: &Clock,
    query: &ListQuery,
    parent: Option<Parent>,
) -> ApiResult<Page<R>> {
    let cursor = query.cursor.as_deref().map(|text| Cursor::decode(text, query.sorting.as_text())).transpose()?;
    let backward = cursor.as_ref().is_some_and(|c| c.backward);
    let limit = usize::try_from(query.limit).map_err(ApiError::internal)?;
    let mut records = read::<R>(tx, clock, query, parent, cursor.as_ref(), limit + 1).await?;
    let more = records.len() > limit;
    records.truncate(limit);
    if backward {
        records.reverse();
    }
    // Lists answer with the whole record, unless asked for some members only.
    R::load_details(tx, &mut records).await?;
    let read = total::Read { cursor: cursor.as_ref(), rows: records.len(), more };
    let total = total::of::<R>(tx, clock, query, parent, read).await?;
    let at = |record: Option<&R>, backward: bool| -> ApiResult<Option<String>> {
        let Some(record) = record else { return Ok(None) };
        let json = serde_json::to_value(record).map_err(ApiError::internal)?;
        Ok(Some(query.sorting.cursor_at(&json, record.id(), backward, Some(total)).encode()))
    };
    let has_next = if backward { true } else { more };
    let has_prev = if backward { more } else { cursor.is_some() || query.page > 1 };
    let pagination = Pagination {
        page: cursor.is_none().then_some(query.page),
        limit: query.limit,
        total: total.rows,
        total_exact: total.exact,
        pages: Pagination::pages_for(total.rows, query.limit),
        next_cursor: if has_next { at(records.last(), false)? } else { None },
        prev_cursor: if has_prev { at(records.first(), true)? } else { None },
    };
    Ok(Page { data: records, pagination })
}

/// At most `most` records from a place on, part after part.
async fn read<R: Stored>(
    tx: &TenantTx,
    clock: &Clock,
    query: &ListQuery,
    parent: Option<Parent>,
    cursor: Option<&Cursor>,
    most: usize,
) -> ApiResult<Vec<R>> {
    let mut records: Vec<R> = Vec::new();
    let before = (query.page - 1).saturating_mul(u64::from(query.limit));
    let mut offset = if cursor.is_some() { query.skip } else { before };
    let mut parts = query.sorting.parts(cursor).into_iter().peekable();
    while let Some((part, from_cursor)) = parts.next() {
        let wanted = u64::try_from(most - records.len()).map_err(ApiError::internal)?;
        let place = Place { part, cursor, from_cursor, offset, limit: wanted };
        let rows = tx.conn().query_all_raw(page_of::<R>(tx, clock, query, parent, place)?).await?;
        for row in &rows {
            records.push(R::from_query_result(row, "")?);
        }
        if records.len() >= most {
            break;
        }
        // What the page leaves out of this part, the next one does not.
        if offset > 0 && parts.peek().is_some() {
            offset -= if rows.is_empty() { passed::<R>(tx, clock, query, parent, place).await? } else { offset };
        }
    }
    Ok(records)
}

/// How many records there are to pass over in a part that has no more than that.
async fn passed<R: Stored>(
    tx: &TenantTx,
    clock: &Clock,
    query: &ListQuery,
    parent: Option<Parent>,
    place: Place<'_>,
) -> ApiResult<u64> {
    let mut few = select::base(R::spec(), tx.org_id());
    narrow::<R>(&mut few, tx, clock, query, parent, place)?;
    few.expr(Expr::val(1_i32)).limit(place.offset);
    let count = Query::select().expr(Expr::cust("count(*)")).from_subquery(few, Alias::new("m")).to_owned();
    let row = tx.conn().query_one(&count).await?;
    let counted: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0);
    u64::try_from(counted).map_err(ApiError::internal)
}

/// Where a statement reads, and how many records.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Which of the records.
    pub part: Part,
    /// Where the list goes on, and in which direction.
    pub cursor: Option<&'a Cursor>,
    /// Whether this part begins there, or at its own beginning.
    pub from_cursor: bool,
    /// Records passed over.
    pub offset: u64,
    /// The most records.
    pub limit: u64,
}

/// The statement that reads records of a list.
///
/// # Errors
/// 422 for a cursor whose values do not fit.
pub fn rows_of<R: Stored>(
    tx: &TenantTx,
    clock: &Clock,
    query: &ListQuery,
    parent: Option<Parent>,
    place: Place<'_>,
) -> ApiResult<SelectStatement> {
    let mut select = select::records::<R>(tx.org_id());
    narrow::<R>(&mut select, tx, clock, query, parent, place)?;
    select.offset(place.offset).limit(place.limit);
    Ok(select)
}

/// The same as it is run. With its limit as a parameter PostgreSQL would plan a statement anew each time, which takes
/// longer than to run it, because it could not tell how few rows are wanted. Conditions have such different shares of the
/// records that a list with any is better planned with their values.
fn page_of<R: Stored>(
    tx: &TenantTx,
    clock: &Clock,
    query: &ListQuery,
    parent: Option<Parent>,
    place: Place<'_>,
) -> ApiResult<Statement> {
    let mut select = rows_of::<R>(tx, clock, query, parent, place)?;
    if place.offset > 0 || parent.is_some() || query.is_filtered() || query.search.is_some() {
        let (sql, values) = select.build(PostgresQueryBuilder);
        return Ok(statement(&sql, values.0));
    }
    let (sql, values) = select.reset_limit().reset_offset().build(PostgresQueryBuilder);
    Ok(statement(&format!("{sql} LIMIT {}", place.limit), values.0))
}

/// Adds the conditions and the order of a part of a list, from its place on.
fn narrow<R: Stored>(
    select: &mut SelectStatement,
    tx: &TenantTx,
    clock: &Clock,
    query: &ListQuery,
    parent: Option<Parent>,
    place: Place<'_>,
) -> ApiResult<()> {
    filter::<R>(select, tx, clock, query, parent);
    if let Some(search) = &query.search {
        select.and_where(search.condition_of_page());
    }
    if let Some(cursor) = place.cursor.filter(|_| place.from_cursor) {
        select.and_where(query.sorting.after(cursor, place.part)?);
    }
    query.sorting.order(select, place.part, place.cursor.is_some_and(|cursor| cursor.backward));
    Ok(())
}

/// Adds the conditions of a list that is read as a whole.
pub fn restrict<R: Stored>(
    select: &mut SelectStatement,
    tx: &TenantTx,
    clock: &Clock,
    query: &ListQuery,
    parent: Option<Parent>,
) {
    filter::<R>(select, tx, clock, query, parent);
    if let Some(search) = &query.search {
        select.and_where(search.condition());
    }
}

/// Adds its conditions without the search.
fn filter<R: Stored>(
    select: &mut SelectStatement,
    tx: &TenantTx,
    clock: &Clock,
    query: &ListQuery,
    parent: Option<Parent>,
) {
    let settings = tx.settings();
    let zone = settings.timezone.parse().unwrap_or(chrono_tz::UTC);
    let local = Local { date: clock.today(&settings.timezone), zone, region: &settings.phone_region };
    match query.archived {
        Archived::Without => select.and_where(column("deleted_at").is_null()),
        Archived::Only => select.and_where(column("deleted_at").is_not_null()),
        Archived::Include => select,
    };
    select.cond_where(filter_sql::condition(R::spec(), &query.filter, local));
    if query.mine {
        select.and_where(column("owner_id").eq(tx.user_id()));
    }
    if let Some(condition) = parent.and_then(|parent| R::belongs_to(parent, tx.org_id())) {
        select.and_where(condition);
    }
}
