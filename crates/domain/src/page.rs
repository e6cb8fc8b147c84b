//! Lists: what is asked for and how the answer is paged.

use serde::{Deserialize, Serialize};

/// Rows per page unless said otherwise.
pub const DEFAULT_LIMIT: u32 = 50;
/// The most rows per page.
pub const MAX_LIMIT: u32 = 200;
/// How deep numbered pages go: `page × limit` at most. Beyond it a cursor leads on, which passes over as many rows at
/// most.
pub const MAX_OFFSET: u64 = 10_000;
/// Totals are counted exactly up to here and estimated beyond.
pub const EXACT_TOTAL: i64 = 10_000;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The rows.
    pub data: Vec<T>,
    /// Where the page stands.
    pub pagination: Pagination,
}

/// Where a page stands in its list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pagination {
    /// Number of the page, from 1; null when a cursor was used.
    pub page: Option<u64>,
    /// Rows per page.
    pub limit: u32,
    /// How many rows the whole list has.
    pub total: i64,
    /// Whether `total` was counted; false: it is an estimate.
    pub total_exact: bool,
    /// How many pages that makes.
    pub pages: i64,
    /// Pass it as `cursor` for the next page; null at the end.
    pub next_cursor: Option<String>,
    /// Pass it as `cursor` for the page before; null at the beginning.
    pub prev_cursor: Option<String>,
}

impl Pagination {
    /// The pagination of a list that is short enough to come whole.
    pub fn single(rows: usize, limit: u32) -> Self {
        Self::numbered(1, limit, i64::try_from(rows).unwrap_or(i64::MAX))
    }

    /// A numbered page of a list that was counted.
    pub fn numbered(page: u64, limit: u32, total: i64) -> Self {
        let pages = Self::pages_for(total, limit);
        Self { page: Some(page), limit, total, total_exact: true, pages, next_cursor: None, prev_cursor: None }
    }

    /// The number of pages for a total.
    pub fn pages_for(total: i64, limit: u32) -> i64 {
        let limit = i64::from(limit.max(1));
        total.max(0).saturating_add(limit - 1) / limit
    }
}

/// Cursors at regular distances along a list. With `skip` they lead to any of its rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ListCursors {
    /// Rows from one cursor to the next.
    pub every: u64,
    /// How many rows the list has: counted, whatever its length.
    pub total: i64,
    /// The first leads to row number `every`, counted from 0, the second to row 2 × `every`, and so on.
    pub cursors: Vec<String>,
}

impl ListCursors {
    /// How a row, counted from 0, is come to: by which cursor, and passing over how many rows. `None` for rows before
    /// the first cursor, which have numbered pages, and for those that are too far from the last.
    pub fn to(&self, row: u64) -> Option<(&str, u64)> {
        let last = u64::try_from(self.cursors.len()).ok()?;
        let at = row.checked_div(self.every)?.min(last);
        let cursor = self.cursors.get(usize::try_from(at.checked_sub(1)?).ok()?)?;
        let skip = row - at * self.every;
        (skip <= MAX_OFFSET).then_some((cursor, skip))
    }
}

/// One sort key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SortKey {
    /// Name of the field.
    pub field: String,
    /// Largest first.
    pub descending: bool,
}

/// The most sort keys.
pub const MAX_SORT_KEYS: usize = 4;

/// Reads `a,-b`; `order` (`asc` or `desc`) applies where there is a single key.
pub fn parse_sort(sort_by: &str, order: Option<&str>) -> Result<Vec<SortKey>, String> {
    let mut keys: Vec<SortKey> = sort_by
        .split(',')
        .map(str::trim)
        .filter(|key| !key.is_empty())
        .map(|key| match key.strip_prefix('-') {
            Some(field) => SortKey { field: field.to_owned(), descending: true },
            None => SortKey { field: key.to_owned(), descending: false },
        })
        .collect();
    if keys.len() > MAX_SORT_KEYS {
        return Err(format!("A list can be sorted by at most {MAX_SORT_KEYS} fields."));
    }
    match (order, keys.as_mut_slice()) {
        (None, _) => {}
        (Some("asc"), [key]) => key.descending = false,
        (Some("desc"), [key]) => key.descending = true,
        (Some("asc" | "desc"), _) => {
            return Err("sort_order goes with a single sort key; write sort_by=a,-b for several.".to_owned());
        }
        (Some(_), _) => return Err("sort_order is asc or desc.".to_owned()),
    }
    Ok(keys)
}

/// The other direction of [`parse_sort`].
pub fn format_sort(keys: &[SortKey]) -> String {
    let parts: Vec<_> = keys.iter().map(|k| format!("{}{}", if k.descending { "-" } else { "" }, k.field)).collect();
    parts.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// COMPANY-11: `sort_by` takes several keys, `sort_order` a single one.
    #[test]
    fn sort_keys() {
        let keys = parse_sort("name,-created_at", None).unwrap();
        assert_eq!(format_sort(&keys), "name,-created_at");
        assert!(parse_sort("name", Some("desc")).unwrap().first().unwrap().descending);
        assert!(parse_sort("name,email", Some("desc")).is_err());
        assert!(parse_sort("a,b,c,d,e", None).is_err());
        assert!(parse_sort("name", Some("sideways")).is_err());
    }

    /// COMPANY-12: 150 rows at 20 a page are 8 pages.
    #[test]
    fn page_counts() {
        assert_eq!(Pagination::pages_for(150, 20), 8);
        assert_eq!(Pagination::pages_for(0, 20), 0);
    }

    /// COMPANY-12: every row from the first cursor on is come to, also those that a longer list has by now.
    #[test]
    fn cursors_lead_to_rows() {
        let cursors = vec!["a".to_owned(), "b".to_owned()];
        let list = ListCursors { every: 1_000, total: 2_500, cursors };
        for (row, expected) in [
            (0, None),
            (999, None),
            (1_000, Some(("a", 0))),
            (1_999, Some(("a", 999))),
            (2_000, Some(("b", 0))),
            (2_499, Some(("b", 499))),
            (12_000, Some(("b", 10_000))),
            (12_001, None),
        ] {
            assert_eq!(list.to(row), expected, "{row}");
        }
        let none = ListCursors { every: 1_000, total: 400, cursors: Vec::new() };
        assert_eq!((none.to(0), none.to(5_000)), (None, None));
        assert_eq!(ListCursors { every: 0, ..list }.to(1), None);
    }
}
