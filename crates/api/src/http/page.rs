//! Numbered pages of lists that have no cursor: members, invitations, tags, activities and the like.

use crate::error::{ApiError, ApiResult};
use domain::page::{DEFAULT_LIMIT, MAX_LIMIT, MAX_OFFSET, Page, Pagination};
use serde::Deserialize;

/// Which page of a short list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Number of the page, from 1.
    #[param(default = 1, minimum = 1)]
    page: Option<u64>,
    /// Rows per page, 1 to 200.
    #[param(default = 200, minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

impl PageQuery {
    /// The page asked for; short lists come whole unless asked for otherwise.
    ///
    /// # Errors
    /// As [`Window::new`].
    pub fn window(&self) -> ApiResult<Window> {
        Window::new(self.page, Some(self.limit.unwrap_or(MAX_LIMIT)))
    }
}

/// A numbered page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Number of the page, from 1.
    pub page: u64,
    /// Rows per page.
    pub limit: u32,
}

impl Window {
    /// Checks number and size of a page: the first one and [`DEFAULT_LIMIT`] rows unless given.
    ///
    /// # Errors
    /// 422 for a page that does not exist or is too far.
    pub fn new(page: Option<u64>, limit: Option<u32>) -> ApiResult<Self> {
        let limit = limit_of(limit)?;
        let page = page.unwrap_or(1);
        if page == 0 || page.saturating_mul(u64::from(limit)) > MAX_OFFSET {
            let sentence = format!("Pages count from 1 and end at row {MAX_OFFSET}; narrow the selection instead.");
            return Err(ApiError::parameter("page", "range", sentence));
        }
        Ok(Self { page, limit })
    }

    /// How many rows come before the page.
    pub fn offset(self) -> u64 {
        (self.page - 1) * u64::from(self.limit)
    }

    /// `LIMIT` and `OFFSET` as bound values.
    pub fn bounds(self) -> [sea_orm::Value; 2] {
        // At most `MAX_OFFSET`, as the constructor has seen to it.
        let offset = i64::try_from(self.offset()).unwrap_or(i64::MAX);
        [i64::from(self.limit).into(), offset.into()]
    }

    /// The page with these rows of `total`.
    pub fn page<T>(self, data: Vec<T>, total: i64) -> Page<T> {
        Page { data, pagination: Pagination::numbered(self.page, self.limit, total) }
    }
}

/// Rows per page: [`DEFAULT_LIMIT`] unless given.
///
/// # Errors
/// 422 for none or too many.
pub fn limit_of(limit: Option<u32>) -> ApiResult<u32> {
    match limit.unwrap_or(DEFAULT_LIMIT) {
        limit @ 1..=MAX_LIMIT => Ok(limit),
        _ => Err(ApiError::parameter("limit", "range", format!("limit must be 1 to {MAX_LIMIT}."))),
    }
}
