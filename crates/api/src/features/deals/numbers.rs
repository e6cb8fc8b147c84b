//! Deal numbers: given, or made by the system (DEAL-08).

use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::records::values::texts_array;
use sea_orm::ConnectionTrait;
use std::collections::HashSet;

/// `count` numbers that no deal of the organization has, none of `taken` among them.
///
/// # Errors
/// The database cannot be reached.
pub async fn reserve(tx: &TenantTx, count: usize, taken: &HashSet<String>) -> ApiResult<Vec<String>> {
    let mut numbers = Vec::with_capacity(count);
    while numbers.len() < count {
        let missing = i32::try_from(count - numbers.len()).map_err(ApiError::internal)?;
        let row = tx.conn().query_one_raw(statement("SELECT next_counter('deals', $1)", [missing.into()])).await?;
        let first: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(1);
        let mut block: Vec<String> = (first..).take(count - numbers.len()).map(format).collect();
        // People may have given such numbers themselves.
        let sql = "SELECT deal_number FROM deals WHERE org_id = $1 AND deal_number = ANY($2)";
        let rows = tx.conn().query_all_raw(statement(sql, [tx.org_id().into(), texts_array(&block)])).await?;
        let used = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<HashSet<String>, _>>()?;
        block.retain(|number| !used.contains(number) && !taken.contains(number));
        numbers.append(&mut block);
    }
    Ok(numbers)
}

fn format(number: i64) -> String {
    format!("D-{number:06}")
}
