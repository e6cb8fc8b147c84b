//! What makes a deal stand out among others (PIPELINE-10).

use super::{Deal, DealStatus};
use crate::auth::OrgSettings;
use chrono::NaiveDate;

/// The marks of a deal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Markers {
    /// It is open and likely to be won.
    pub hot: bool,
    /// It is open and should have closed before today.
    pub overdue: bool,
    /// It is a large one, however it stands.
    pub high_value: bool,
}

impl Markers {
    /// The marks of `deal` on the day `today` of its organization.
    ///
    /// An amount in a currency other than the organization's is never high: there is no rate to compare it by.
    pub fn of(deal: &Deal, settings: &OrgSettings, today: NaiveDate) -> Self {
        let open = deal.status == DealStatus::Open;
        Self {
            hot: open && settings.hot_probability.is_some_and(|from| deal.probability >= from),
            overdue: open && deal.expected_close_date.is_some_and(|day| day < today),
            high_value: deal.currency == settings.currency
                && settings.high_value_minor.is_some_and(|from| deal.amount_minor >= from),
        }
    }
}

#[cfg(test)]
mod tests;
