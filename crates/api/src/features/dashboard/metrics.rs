//! DASH-03 to -05: the figures of the four cards, in three statements.

use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::features::deals::totals;
use crate::records::select::column;
use crate::state::Clock;
use chrono::{Datelike, Days, Months};
use domain::dashboard::{Metrics, conversion_rate};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{ExprTrait, SimpleExpr};

/// Days that the conversion rate looks back, today among them.
const CONVERSION_DAYS: u64 = 30;

/// The figures, with month and days of the organization's time zone.
///
/// # Errors
/// The database cannot be reached.
pub async fn read(tx: &TenantTx, clock: &Clock) -> ApiResult<Metrics> {
    let today = clock.today(&tx.settings().timezone);
    let month = today.with_day(1).unwrap_or(today);
    let next_month = month.checked_add_months(Months::new(1)).unwrap_or(month);
    let since = today.checked_sub_days(Days::new(CONVERSION_DAYS - 1)).unwrap_or(today);
    let totals = async |condition: SimpleExpr| {
        let mut deals = totals::live(tx.org_id());
        totals::by_currency(deals.and_where(condition));
        totals::read(&tx.conn().query_all(&deals).await?)
    };
    let pipeline_value = totals(column("status").eq("open")).await?;
    let this_month = column("closed_date").gte(month).and(column("closed_date").lt(next_month));
    let won_value = totals(column("status").eq("won").and(this_month)).await?;
    let sql = "SELECT count(*) FILTER (WHERE status = 'won'), count(*) FILTER (WHERE status = 'lost') FROM deals \
         WHERE org_id = $1 AND deleted_at IS NULL AND status IN ('won', 'lost') AND closed_date BETWEEN $2 AND $3";
    let row = tx.conn().query_one_raw(statement(sql, [tx.org_id().into(), since.into(), today.into()])).await?;
    let row = row.ok_or_else(|| ApiError::internal(anyhow::anyhow!("a count without a row")))?;
    let (won_30_days, lost_30_days): (i64, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    Ok(Metrics {
        open_deals: totals::count(&pipeline_value),
        pipeline_value,
        won_this_month: totals::count(&won_value),
        won_value,
        won_30_days,
        lost_30_days,
        conversion_rate: conversion_rate(won_30_days, lost_30_days),
    })
}
