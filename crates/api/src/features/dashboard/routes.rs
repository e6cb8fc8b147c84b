//! Routes of the dashboard.

use super::metrics;
use crate::auth::Guard;
use crate::error::{ApiError, ApiResult};
use crate::http::query::Query;
use crate::http::refusals::Refusals;
use crate::records::{list, query};
use actix_web::{HttpResponse, get};
use chrono::Days;
use domain::dashboard::Metrics;
use domain::deals::Deal;
use domain::page::{DEFAULT_LIMIT, Page};
use domain::permission::perm;
use serde::Deserialize;
use serde_json::{Map, json};
use utoipa_actix_web::service_config::ServiceConfig;

/// Adds the routes.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(figures).service(closing_soon);
}

/// Open deals and their value, deals won this month, conversion over the last 30 days; sums by currency.
///
/// **Permissions:** `crm.deal.view`
#[utoipa::path(tag = "dashboard", operation_id = "dashboard_metrics", security(("session" = [])),
    responses((status = 200, body = Metrics), Refusals))]
#[get("/dashboard/metrics")]
async fn figures(guard: Guard<perm::DealView>) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let metrics = metrics::read(&tx, &guard.state().clock).await?;
    tx.commit().await?;
    Ok(HttpResponse::Ok().json(metrics))
}

/// What the list of deals closing soon takes.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SoonParams {
    /// Days from today, 1 to 365; 30 unless given.
    days: Option<u64>,
    /// Number of the page, from 1.
    page: Option<u64>,
    /// Deals per page, 1 to 200; 50 unless given.
    limit: Option<u64>,
}

/// Lists open deals whose expected close date is today or within the next days, the nearest first.
///
/// **Permissions:** `crm.deal.view`
#[utoipa::path(tag = "dashboard", operation_id = "dashboard_deals_closing_soon", security(("session" = [])),
    params(SoonParams), responses((status = 200, body = Page<Deal>), Refusals))]
#[get("/dashboard/deals-closing-soon")]
async fn closing_soon(guard: Guard<perm::DealView>, Query(params): Query<SoonParams>) -> ApiResult<HttpResponse> {
    let days = params.days.unwrap_or(30);
    if !(1..=365).contains(&days) {
        return Err(ApiError::parameter("days", "range", "days must be 1 to 365."));
    }
    let tx = guard.begin().await?;
    let clock = &guard.state().clock;
    let today = clock.today(&tx.settings().timezone);
    let last = today.checked_add_days(Days::new(days)).unwrap_or(today);
    let filter = json!({ "and": [
        { "field": "status", "op": "eq", "value": "open" },
        { "field": "expected_close_date", "op": "between", "value": [today, last] },
    ]});
    let body = Map::from_iter([
        ("filter".to_owned(), filter),
        ("sort_by".to_owned(), json!("expected_close_date")),
        ("page".to_owned(), json!(params.page.unwrap_or(1))),
        ("limit".to_owned(), json!(params.limit.unwrap_or(u64::from(DEFAULT_LIMIT)))),
    ]);
    let query = query::from_body::<Deal>(&tx, &body).await?;
    let page = list::page::<Deal>(&tx, clock, &query, None).await?;
    tx.commit().await?;
    Ok(HttpResponse::Ok().json(page))
}
