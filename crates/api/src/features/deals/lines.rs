//! Line items of deals, read and written with them.

use crate::db::{TenantTx, statement};
use crate::error::ApiResult;
use crate::records::values::ids_array;
use domain::deals::{Deal, DealProduct, LineTotals};
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::Serialize;
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
    let sql = "SELECT deal_id, id, catalogue_product_id AS product_id, name, unit, quantity::float8 AS quantity, \
             price_minor, discount_percent::float8 AS discount_percent, tax_percent::float8 AS tax_percent, \
             total_minor, tax_minor \
         FROM deal_products WHERE org_id = $1 AND deal_id = ANY($2) ORDER BY deal_id, position";
    let rows = tx.conn().query_all_raw(statement(sql, [tx.org_id().into(), ids_array(&ids)])).await?;
    let mut lines: HashMap<Uuid, Vec<DealProduct>> = HashMap::new();
    for row in &rows {
        let deal: Uuid = row.try_get_by_index(0)?;
        lines.entry(deal).or_default().push(DealProduct::from_query_result(row, "")?);
    }
    for deal in deals {
        deal.products = lines.remove(&deal.id).unwrap_or_default();
        deal.line_totals = LineTotals::of(&deal.products).unwrap_or_default();
    }
    Ok(())
}

/// A line as [`INSERT`] takes it.
#[derive(Debug, Serialize)]
pub struct Row {
    /// Whose line it is.
    pub deal_id: Uuid,
    /// Its place.
    pub position: usize,
    /// The line.
    #[serde(flatten)]
    pub line: DealProduct,
}

/// Writes `$2`, a list of [`Row`]s.
pub const INSERT: &str = "INSERT INTO deal_products (org_id, id, deal_id, position, catalogue_product_id, name, unit, \
         quantity, price_minor, discount_percent, tax_percent, total_minor, tax_minor) \
     SELECT $1, l.id, l.deal_id, l.position, l.product_id, l.name, l.unit, \
         l.quantity, l.price_minor, l.discount_percent, l.tax_percent, l.total_minor, l.tax_minor \
     FROM jsonb_to_recordset($2) AS l (id uuid, deal_id uuid, position integer, product_id uuid, name text, unit text, \
         quantity numeric, price_minor bigint, discount_percent numeric, tax_percent numeric, total_minor bigint, \
         tax_minor bigint)";

/// The deals that have a line with this product.
pub fn of_product(product: Uuid, org_id: Uuid) -> SimpleExpr {
    let sql = "t.id IN (SELECT l.deal_id FROM deal_products l WHERE l.org_id = $2 AND l.catalogue_product_id = $1)";
    Expr::cust_with_values(sql, [product, org_id])
}
