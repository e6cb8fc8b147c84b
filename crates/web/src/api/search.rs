//! Search over all records.

use super::client::Call;
use super::error::ApiResult;
use domain::catalog::RecordType;
use domain::search::SearchResults;

/// The best hits for `typed`, grouped by type; of these types only, if any are named.
pub async fn search(typed: &str, types: &[RecordType], limit: u32) -> ApiResult<SearchResults> {
    let call = Call::get("/search").param("q", typed.trim()).param("limit", limit);
    if types.is_empty() {
        return call.json().await;
    }
    let names: Vec<_> = types.iter().map(|t| t.as_str()).collect();
    call.param("types", names.join(",")).json().await
}
