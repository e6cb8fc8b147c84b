//! The figures of the dashboard.

use super::client::Call;
use super::error::ApiResult;
use super::row::Row;
use domain::catalog::RecordType;
use domain::dashboard::Metrics;
use domain::page::Page;

/// The four cards.
pub async fn metrics() -> ApiResult<Metrics> {
    Call::get("/dashboard/metrics").json().await
}

/// Open deals that should close from today on within so many days; overdue ones are not among them.
pub async fn closing_soon(days: u32) -> ApiResult<Page<Row>> {
    Call::get("/dashboard/deals-closing-soon").param("days", days).rows(RecordType::Deal).await
}
