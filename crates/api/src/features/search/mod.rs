//! Search over all record types (SEARCH-01, -03, -11): typo-tolerant, by beginnings and fragments, ranked and grouped.

use crate::auth::Guard;
use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::http::query::Query;
use crate::http::refusals::Refusals;
use crate::records::values::texts_array;
use actix_web::{HttpResponse, get};
use domain::catalog::RecordType;
use domain::error::FieldError;
use domain::permission::{Access, perm};
use domain::search::{DEFAULT_PER_TYPE, MAX_PER_TYPE, SearchGroup, SearchHit, SearchResults};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::Deserialize;
use utoipa_actix_web::service_config::ServiceConfig;

/// The longest query that is looked at, in characters.
const QUERY_MAX: usize = 200;

/// Adds the routes.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(search);
}

/// What is looked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SearchParams {
    /// Words, or parts of them: of names, email addresses, phone numbers, domains. At most 200 characters.
    q: String,
    /// Record types by their singular, separated by commas: `company` (also `customer`), `deal`. All, where left out.
    types: Option<String>,
    /// The most hits per type, 1 to 50; 5 where left out.
    limit: Option<u32>,
}

/// Finds records by name, email address, phone number, domain or number.
///
/// Groups come in the order of their best hits, hits best first. Misspelt words are looked for where nothing matches
/// as written. A query without a letter or digit finds nothing.
///
/// **Permissions:** `session`; only record types that one may view are searched.
#[utoipa::path(tag = "search", params(SearchParams), security(("session" = [])),
    responses((status = 200, body = SearchResults, description = "What was found, by record type."), Refusals))]
#[get("/search")]
async fn search(guard: Guard<perm::Session>, Query(params): Query<SearchParams>) -> ApiResult<HttpResponse> {
    let (types, limit) = checked(&params)?;
    let tx = guard.begin().await?;
    let visible: Vec<RecordType> =
        types.into_iter().filter(|record| tx.access(record.permissions().view) != Access::No).collect();
    let results = find(&tx, &params.q, &visible, limit).await?;
    tx.commit().await?;
    Ok(HttpResponse::Ok().json(results))
}

fn checked(params: &SearchParams) -> ApiResult<(Vec<RecordType>, u32)> {
    let mut errors = Vec::new();
    if params.q.chars().count() > QUERY_MAX {
        errors.push(FieldError::parameter("q", "too_long", format!("Search for at most {QUERY_MAX} characters.")));
    }
    let limit = params.limit.unwrap_or(DEFAULT_PER_TYPE);
    if !(1..=MAX_PER_TYPE).contains(&limit) {
        errors.push(FieldError::parameter("limit", "range", format!("limit must be 1 to {MAX_PER_TYPE}.")));
    }
    let mut types = Vec::new();
    for name in params.types.as_deref().unwrap_or_default().split(',').map(str::trim).filter(|t| !t.is_empty()) {
        match record_type(name) {
            Some(record) if types.contains(&record) => {}
            Some(record) => types.push(record),
            None => {
                let sentence = format!("types can be {}.", RecordType::listed(RecordType::as_str));
                errors.push(FieldError::parameter("types", "choice", sentence));
            }
        }
    }
    if types.is_empty() {
        types.extend(RecordType::ALL);
    }
    if errors.is_empty() { Ok((types, limit)) } else { Err(ApiError::invalid(errors)) }
}

fn record_type(name: &str) -> Option<RecordType> {
    match name {
        "customer" => Some(RecordType::Company),
        other => RecordType::parse(other),
    }
}

async fn find(tx: &TenantTx, q: &str, types: &[RecordType], limit: u32) -> ApiResult<SearchResults> {
    let names: Vec<String> = types.iter().map(|record| record.as_str().to_owned()).collect();
    let limit = i32::try_from(limit).map_err(ApiError::internal)?;
    let sql = "SELECT entity_type, entity_id, title, subtitle, score FROM search_records($1, $2, $3)";
    let rows = tx.conn().query_all_raw(statement(sql, [q.into(), texts_array(&names), limit.into()])).await?;
    let hits = rows.iter().map(|row| SearchHit::from_query_result(row, "")).collect::<Result<Vec<_>, _>>()?;
    Ok(grouped(hits))
}

/// Hits of one type follow each other, best first.
fn grouped(hits: Vec<SearchHit>) -> SearchResults {
    let mut groups: Vec<SearchGroup> = Vec::new();
    for hit in hits {
        match groups.last_mut() {
            Some(group) if group.entity_type == hit.entity_type => group.hits.push(hit),
            _ => groups.push(SearchGroup { entity_type: hit.entity_type, hits: vec![hit] }),
        }
    }
    let best = |group: &SearchGroup| group.hits.first().map_or(0.0, |hit| hit.score);
    groups.sort_by(|a, b| best(b).total_cmp(&best(a)));
    SearchResults { groups }
}
