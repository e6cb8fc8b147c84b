//! What stands behind a company, in figures.

use crate::deals::board::Total;
use serde::{Deserialize, Serialize};

/// COMPANY-22: the figures of a company's overview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CompanySummary {
    /// Number of contacts whose main or further company it is; null for those who may not view contacts.
    pub contacts: Option<i64>,
    /// Its deals; null for those who may not view deals.
    pub deals: Option<CompanyDeals>,
}

/// The deals of a company: those that name it as their company, and those linked to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CompanyDeals {
    /// Number of open deals.
    pub open: i64,
    /// Amounts of the open deals by currency, largest first.
    pub pipeline_value: Vec<Total>,
    /// Number of deals won.
    pub won: i64,
    /// Amounts of the deals won by currency, largest first: what the company has brought so far.
    pub total_value: Vec<Total>,
}
