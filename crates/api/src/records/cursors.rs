//! Cursors at regular distances along a list, by which a list of any length can be jumped into.

use super::keyset::Part;
use super::query::{self, ListQuery};
use super::select::{self, T, column};
use super::total::Total;
use super::{Stored, list};
use crate::auth::session::digest;
use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use crate::state::{AppState, Clock};
use domain::error::FieldError;
use domain::page::{ListCursors, MAX_OFFSET};
use redis::AsyncCommands;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, JoinType, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};

/// Rows from one cursor to the next; a multiple of it in lists that would have more than [`MOST`].
const EVERY: u64 = 1_000;
/// The most cursors of a list, as long as they are no further apart than `skip` reaches.
const MOST: usize = 1_000;
/// How long an answer is kept, in seconds: it takes a look at the whole list.
const KEPT_SECONDS: u64 = 60;

/// Parameters of a list that say which of its rows to answer with.
pub const OF_PAGES: &[&str] = &["page", "limit", "cursor", "skip", "fields"];

/// Answers with the cursors of a list. For a minute they may be those of the list as it was.
///
/// # Errors
/// 422 with each parameter that is unknown or has a value that does not fit.
pub async fn answer<R: Stored>(state: &AppState, tx: &TenantTx, params: &[(String, String)]) -> ApiResult<ListCursors> {
    let needless = params.iter().filter(|(name, _)| OF_PAGES.contains(&name.as_str()));
    let errors: Vec<_> = needless
        .map(|(name, _)| {
            let sentence = format!("{name} belongs to a page; these cursors are of the whole list.");
            FieldError::parameter(name, "unknown_field", sentence)
        })
        .collect();
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    let query = query::from_params::<R>(tx, params).await?;
    let key = format!("{}{}", state.config.redis_prefix, name_of::<R>(tx, &query, params)?);
    let mut redis = state.redis.clone();
    let kept: Option<String> = redis.get(&key).await?;
    if let Some(kept) = kept.and_then(|text| serde_json::from_str(&text).ok()) {
        return Ok(kept);
    }
    let found = along::<R>(tx, &state.clock, &query, EVERY).await?;
    // Short lists take no time, and what is added to them is looked for at once.
    if !found.cursors.is_empty() {
        let text = serde_json::to_string(&found).map_err(ApiError::internal)?;
        let () = redis.set_ex(&key, text, KEPT_SECONDS).await?;
    }
    Ok(found)
}

/// The name under which an answer is kept: one for all members, unless it depends on who asks.
fn name_of<R: Stored>(tx: &TenantTx, query: &ListQuery, params: &[(String, String)]) -> ApiResult<String> {
    let mut params = params.to_vec();
    params.sort_unstable();
    let whose = tx.user_id().filter(|_| query.mine);
    let text = serde_json::to_string(&(R::TYPE.as_str(), whose, params)).map_err(ApiError::internal)?;
    Ok(format!("cursors:{}:{}", tx.org_id(), digest(&text)))
}

/// The cursors of a list, `every` rows or a multiple of it apart.
///
/// # Errors
/// The database cannot be reached, or takes too long.
pub async fn along<R: Stored>(tx: &TenantTx, clock: &Clock, query: &ListQuery, every: u64) -> ApiResult<ListCursors> {
    let (mut total, mut found) = (0_u64, Vec::new());
    for (part, _) in query.sorting.parts(None) {
        let before = total;
        for row in tx.conn().query_all(&marks::<R>(tx, clock, query, part, before, every)?).await? {
            let number = before + count_in(&row, "number")?;
            total = before + count_in(&row, "rows_in_part")?;
            if number.is_multiple_of(every) {
                found.push((number, R::from_query_result(&row, "")?));
            }
        }
    }
    found.sort_unstable_by_key(|(number, _)| *number);
    let every = every * times(found.len(), every);
    let rows = i64::try_from(total).map_err(ApiError::internal)?;
    // After the last row comes nothing.
    found.retain(|(number, _)| number.is_multiple_of(every) && *number < total);
    let at = |(_, record): &(u64, R)| {
        let json = serde_json::to_value(record).map_err(ApiError::internal)?;
        Ok(query.sorting.cursor_at(&json, record.id(), false, Some(Total { rows, exact: true })).encode())
    };
    Ok(ListCursors { every, total: rows, cursors: found.iter().map(at).collect::<ApiResult<_>>()? })
}

fn count_in(row: &QueryResult, name: &str) -> ApiResult<u64> {
    u64::try_from(row.try_get::<i64>("", name)?).map_err(ApiError::internal)
}

/// Every how many of the cursors found stays.
fn times(found: usize, every: u64) -> u64 {
    let wanted = u64::try_from(found.div_ceil(MOST)).unwrap_or(u64::MAX);
    wanted.clamp(1, Ord::max(MAX_OFFSET / every, 1))
}

/// Reads the records of a part that cursors stand at, with their `number` in the part, counted from 1, and the number
/// of all `rows_in_part`; the first record comes along in any case, so that there is a row which tells that. `before` is
/// how many records the parts before have.
///
/// The innermost select names what an order's index has and nothing else, so that this index alone is read; the marked
/// records are then few, and found by their ids.
///
/// # Errors
/// None that a request can cause.
pub fn marks<R: Stored>(
    tx: &TenantTx,
    clock: &Clock,
    query: &ListQuery,
    part: Part,
    before: u64,
    every: u64,
) -> ApiResult<SelectStatement> {
    let name = |name: &str| Alias::new(name);
    let of = |table: &str, column: &str| Expr::col((Alias::new(table), Alias::new(column)));
    let mut ordered = select::base(R::spec(), tx.org_id());
    list::restrict::<R>(&mut ordered, tx, clock, query, None);
    query.sorting.order(&mut ordered, part, false);
    ordered.expr_as(column("id"), name("id"));
    let numbered = Query::select()
        .expr_as(of("o", "id"), name("id"))
        .expr_as(Expr::cust("row_number() OVER ()"), name("number"))
        .from_subquery(ordered, name("o"))
        .to_owned();
    let [before, every] = [before, every].map(|n| i64::try_from(n).map_err(ApiError::internal));
    let distance = [before?, every?];
    let marked = |what: &str| {
        let sql = format!("array_agg(n.{what}) FILTER (WHERE (n.number + $1) % $2 = 0 OR n.number = 1)");
        Expr::cust_with_values(sql, distance)
    };
    let arrays = Query::select()
        .expr_as(marked("id"), name("ids"))
        .expr_as(marked("number"), name("numbers"))
        .expr_as(Expr::cust("count(*)"), name("rows_in_part"))
        .from_subquery(numbered, name("n"))
        .to_owned();
    let marks = Query::select()
        .expr_as(Expr::cust("unnest(a.ids)"), name("id"))
        .expr_as(Expr::cust("unnest(a.numbers)"), name("number"))
        .expr_as(of("a", "rows_in_part"), name("rows_in_part"))
        .from_subquery(arrays, name("a"))
        .to_owned();
    let mut select = select::records::<R>(tx.org_id());
    select.join_subquery(JoinType::InnerJoin, marks, name("m"), of("m", "id").eq(of(T, "id")));
    select.expr_as(of("m", "number"), name("number")).expr_as(of("m", "rows_in_part"), name("rows_in_part"));
    Ok(select)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// COMPANY-12: a list has at most a thousand cursors, unless rows between them would be out of reach.
    #[test]
    fn distances_of_cursors() {
        for (rows, expected) in
            [(0, 1), (999_999, 1), (1_000_000, 1), (1_001_000, 2), (9_500_000, 10), (50_000_000, 10)]
        {
            assert_eq!(times(rows / 1_000, 1_000), expected, "{rows}");
        }
        assert_eq!(times(5_000, 20_000), 1);
    }
}
