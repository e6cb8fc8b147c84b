//! The queue of events that still have to be carried.

use crate::db::{TenantTx, statement};
use crate::error::ApiResult;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// Takes events out of the queue by `sql`, which locks them: their ids, the oldest first. The events themselves are read
/// by these ids afterwards; in one statement the planner, who knows nothing of a queue that was empty a moment ago, may
/// read all events there are.
///
/// # Errors
/// The database cannot be reached.
pub(super) async fn claim<const N: usize>(
    tx: &TenantTx,
    sql: &str,
    values: [sea_orm::Value; N],
) -> ApiResult<Vec<Uuid>> {
    let rows = tx.conn().query_all_raw(statement(sql, values)).await?;
    Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
}
