//! Numbered pages of a table.

use super::{TenantTx, statement};
use crate::error::ApiResult;
use crate::http::page::Window;
use domain::page::Page;
use sea_orm::{ConnectionTrait, FromQueryResult};

/// What a page is made from. The parts are written by the code, never by a request.
#[derive(Debug, Clone, Copy)]
pub struct Listing<'a> {
    /// The columns.
    pub columns: &'a str,
    /// From where, and under which conditions; `$1` is the organization, what follows are the values.
    pub from: &'a str,
    /// The order, which must be that of one row only: pages would otherwise overlap.
    pub order: &'a str,
}

impl TenantTx {
    /// One page, and how many rows there are in all.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn page<T: FromQueryResult>(
        &self,
        listing: Listing<'_>,
        values: Vec<sea_orm::Value>,
        window: Window,
    ) -> ApiResult<Page<T>> {
        let Listing { columns, from, order } = listing;
        let values: Vec<sea_orm::Value> = std::iter::once(self.org_id().into()).chain(values).collect();
        let (limit, offset) = (values.len() + 1, values.len() + 2);
        let sql = format!("SELECT {columns} FROM {from} ORDER BY {order} LIMIT ${limit} OFFSET ${offset}");
        let bound = values.iter().cloned().chain(window.bounds());
        let rows = self.conn().query_all_raw(statement(&sql, bound)).await?;
        let data = rows.iter().map(|row| T::from_query_result(row, "")).collect::<Result<_, _>>()?;
        let count = self.conn().query_one_raw(statement(&format!("SELECT count(*) FROM {from}"), values)).await?;
        let total = count.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0);
        Ok(window.page(data, total))
    }
}
