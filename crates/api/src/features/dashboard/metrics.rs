//! DASH-03 to -05: the figures of the four cards, in three statements.

use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::state::Clock;
use chrono::{Datelike, Days, Months};
use domain::dashboard::{Metrics, conversion_rate};
use domain::deals::board::Total;
use sea_orm::{ConnectionTrait, FromQueryResult};

/// Days that the conversion rate looks back, today among them.
const CONVERSION_DAYS: u64 = 30;

/// Sums by currency, largest first. Sums beyond 64 bits stop at the largest number.
const TOTALS: &str = "SELECT currency, count(*) AS count, \
         least(sum(amount_minor), 9223372036854775807)::bigint AS amount_minor, \
         least(sum(div(amount_minor::numeric * probability, 100)), 9223372036854775807)::bigint AS weighted_minor \
     FROM deals WHERE org_id = $1 AND deleted_at IS NULL AND ";

/// The figures, with month and days of the organization's time zone.
///
/// # Errors
/// The database cannot be reached.
pub async fn read(tx: &TenantTx, clock: &Clock) -> ApiResult<Metrics> {
    let today = clock.today(&tx.settings().timezone);
    let month = today.with_day(1).unwrap_or(today);
    let next_month = month.checked_add_months(Months::new(1)).unwrap_or(month);
    let since = today.checked_sub_days(Days::new(CONVERSION_DAYS - 1)).unwrap_or(today);
    let totals = async |condition: &str, values: Vec<sea_orm::Value>| -> ApiResult<Vec<Total>> {
        let sql = format!("{TOTALS}{condition} GROUP BY currency ORDER BY 3 DESC, currency");
        let values = std::iter::once(tx.org_id().into()).chain(values);
        let rows = tx.conn().query_all_raw(statement(&sql, values)).await?;
        Ok(rows.iter().map(|row| Total::from_query_result(row, "")).collect::<Result<_, _>>()?)
    };
    let pipeline_value = totals("status = 'open'", Vec::new()).await?;
    let won = "status = 'won' AND closed_date >= $2 AND closed_date < $3";
    let won_value = totals(won, vec![month.into(), next_month.into()]).await?;
    let sql = "SELECT count(*) FILTER (WHERE status = 'won'), count(*) FILTER (WHERE status = 'lost') FROM deals \
         WHERE org_id = $1 AND deleted_at IS NULL AND status IN ('won', 'lost') AND closed_date BETWEEN $2 AND $3";
    let row = tx.conn().query_one_raw(statement(sql, [tx.org_id().into(), since.into(), today.into()])).await?;
    let row = row.ok_or_else(|| ApiError::internal(anyhow::anyhow!("a count without a row")))?;
    let (won_30_days, lost_30_days): (i64, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    Ok(Metrics {
        open_deals: pipeline_value.iter().map(|t| t.count).sum(),
        pipeline_value,
        won_this_month: won_value.iter().map(|t| t.count).sum(),
        won_value,
        won_30_days,
        lost_30_days,
        conversion_rate: conversion_rate(won_30_days, lost_30_days),
    })
}
