//! Sums over deals. Amounts of different currencies are never added up.

use crate::error::ApiResult;
use crate::records::Stored;
use crate::records::select::{self, column};
use domain::deals::Deal;
use domain::deals::board::Total;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, SelectStatement};
use sea_orm::{FromQueryResult, QueryResult};
use uuid::Uuid;

/// The columns of a [`Total`] besides its currency. Sums beyond 64 bits stop at the largest number; what is multiplied is
/// taken apart first, so that a single amount stays within them.
const SUMS: [(&str, &str); 3] = [
    ("count", "count(*)"),
    ("amount_minor", "least(sum(t.amount_minor), 9223372036854775807)::bigint"),
    (
        "weighted_minor",
        "least(sum(t.amount_minor / 100 * t.probability + t.amount_minor % 100 * t.probability / 100), \
         9223372036854775807)::bigint",
    ),
];

/// Makes a [`Total`] per currency of the deals, called `t`, that a statement selects.
pub fn by_currency(deals: &mut SelectStatement) -> &mut SelectStatement {
    deals.expr_as(column("currency"), Alias::new("currency"));
    for (name, sql) in SUMS {
        deals.expr_as(Expr::cust(sql), Alias::new(name));
    }
    deals.add_group_by([column("currency")])
}

/// The deals of the organization that are not archived, as `t`, for sums.
pub fn live(org_id: Uuid) -> SelectStatement {
    let mut deals = select::base(Deal::spec(), org_id);
    deals.and_where(column("deleted_at").is_null());
    deals
}

/// The totals in these rows, in the order in which they are shown: largest first.
///
/// # Errors
/// The rows have other columns.
pub fn read<'a>(rows: impl IntoIterator<Item = &'a QueryResult>) -> ApiResult<Vec<Total>> {
    let rows = rows.into_iter().map(|row| Total::from_query_result(row, ""));
    let mut totals = rows.collect::<Result<Vec<_>, _>>()?;
    largest_first(&mut totals);
    Ok(totals)
}

/// Brings totals into the order in which they are shown.
pub fn largest_first(totals: &mut [Total]) {
    totals.sort_by(|a, b| b.amount_minor.cmp(&a.amount_minor).then_with(|| a.currency.cmp(&b.currency)));
}

/// How many deals these are together.
pub fn count(totals: &[Total]) -> i64 {
    totals.iter().map(|total| total.count).sum()
}
