//! Line items of deals, read with them.

use crate::db::{TenantTx, statement};
use crate::error::ApiResult;
use crate::records::values::ids_array;
use domain::deals::{Deal, DealProduct};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::HashMap;
use uuid::Uuid;

/// Reads the lines of these deals, in order.
///
/// # Errors
/// The database cannot be reached.
pub async fn load(tx: &TenantTx, deals: &mut [Deal]) -> ApiResult<()> {
    let ids: Vec<Uuid> = deals.iter().map(|deal| deal.id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let sql = "SELECT deal_id, id, product_id, name, quantity::float8 AS quantity, price_minor, total_minor \
         FROM deal_products WHERE org_id = $1 AND deal_id = ANY($2) ORDER BY deal_id, position";
    let rows = tx.conn().query_all_raw(statement(sql, [tx.org_id().into(), ids_array(&ids)])).await?;
    let mut lines: HashMap<Uuid, Vec<DealProduct>> = HashMap::new();
    for row in &rows {
        let deal: Uuid = row.try_get_by_index(0)?;
        lines.entry(deal).or_default().push(DealProduct::from_query_result(row, "")?);
    }
    for deal in deals {
        deal.products = lines.remove(&deal.id).unwrap_or_default();
    }
    Ok(())
}
