//! The figures of the dashboard.

use crate::deals::board::Total;
use serde::{Deserialize, Serialize};

/// DASH-03, -04, -05: the four cards.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Metrics {
    /// Number of open deals.
    pub open_deals: i64,
    /// Amounts of the open deals by currency, largest first.
    pub pipeline_value: Vec<Total>,
    /// Number of deals won in the present month.
    pub won_this_month: i64,
    /// Amounts of the deals won in the present month by currency.
    pub won_value: Vec<Total>,
    /// Deals won in the last 30 days.
    pub won_30_days: i64,
    /// Deals lost in the last 30 days.
    pub lost_30_days: i64,
    /// Won of won and lost in the last 30 days, in percent; null where there were none.
    pub conversion_rate: Option<f64>,
}

/// Won of won and lost in percent, with one decimal; `None` where there were none (DASH-05).
pub fn conversion_rate(won: i64, lost: i64) -> Option<f64> {
    let (won, closed) = (i32::try_from(won).ok()?, i32::try_from(won.checked_add(lost)?).ok()?);
    (closed > 0).then(|| (f64::from(won) * 1_000.0 / f64::from(closed)).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// DASH-05: a dash, not an error, where nothing closed.
    #[test]
    fn rates() {
        assert_eq!(conversion_rate(0, 0), None);
        assert_eq!(conversion_rate(1, 2), Some(33.3));
        assert_eq!(conversion_rate(5, 0), Some(100.0));
    }
}
