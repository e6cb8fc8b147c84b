//! The query builder: a list of any record type, asked for with a body instead of parameters.

use crate::auth::Guard;
use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use crate::http::body::JsonObject;
use crate::http::refusals::Refusals;
use crate::records::{Stored, list, query};
use crate::state::Clock;
use actix_web::{HttpResponse, post};
use domain::catalog::RecordType;
use domain::error::FieldError;
use domain::of_type;
use domain::permission::perm;
use serde_json::{Map, Value as Json};
use utoipa_actix_web::service_config::ServiceConfig;

/// Adds the route.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(search_query);
}

/// Name of a member of the body, whether a value suits it, and what would.
type Member = (&'static str, fn(&Json) -> bool, &'static str);

/// The members of the body, and whether each is text, a number, a truth value or anything.
const MEMBERS: &[Member] = &[
    ("entity", Json::is_string, "the name of a record type"),
    ("filter", Json::is_object, "a filter"),
    ("search", Json::is_string, "text"),
    ("sort_by", Json::is_string, "text such as name,-created_at"),
    ("sort_order", Json::is_string, "asc or desc"),
    ("page", Json::is_u64, "a whole number"),
    ("limit", Json::is_u64, "a whole number"),
    ("cursor", Json::is_string, "a cursor of an earlier answer"),
    ("skip", Json::is_u64, "a whole number"),
    ("fields", |json| json.is_string() || json.is_array(), "a list of names"),
    ("mine", Json::is_boolean, "true or false"),
    ("archived", Json::is_string, "only or include"),
];

/// The body of a query, as the documentation shows it.
#[derive(Debug, utoipa::ToSchema)]
#[expect(dead_code, reason = "described for the documentation; the body is read member by member")]
struct SearchQuery {
    /// The record type, by its singular: `company`.
    entity: String,
    /// `{"and"|"or": […]}` or `{"field", "op", "value"}`, at most 5 deep and 50 conditions.
    #[schema(value_type = Option<Object>)]
    filter: Option<Json>,
    /// Words to search for.
    search: Option<String>,
    /// Sort keys, such as `name` or `-created_at,name`.
    sort_by: Option<String>,
    /// `asc` or `desc`, for a single sort key.
    sort_order: Option<String>,
    /// Number of the page, from 1.
    page: Option<u64>,
    /// Rows per page, 1 to 200.
    limit: Option<u32>,
    /// Where to go on, instead of a page.
    cursor: Option<String>,
    /// Rows to pass over from the cursor on, 0 to 10,000.
    skip: Option<u64>,
    /// Members to answer with.
    fields: Option<Vec<String>>,
    /// Own records only.
    mine: Option<bool>,
    /// `only` or `include`.
    archived: Option<String>,
}

/// Lists records of one type by a filter of any shape: the list's contract, with a body.
///
/// **Permissions:** that to view records of the type: `crm.company.view` and its like
#[utoipa::path(tag = "search", operation_id = "search_query", security(("session" = [])), request_body = SearchQuery,
    responses((status = 200, description = "One page of records of the type asked for.", body = Page<Object>), Refusals))]
#[post("/search/query")]
async fn search_query(guard: Guard<perm::Session>, input: JsonObject) -> ApiResult<HttpResponse> {
    let mut body = input.0;
    let entity = checked(&mut body)?;
    let tx = guard.begin().await?;
    let clock = &guard.state().clock;
    let answer = of_type!(entity, R => page_of::<R>(&tx, clock, &body).await?);
    tx.commit().await?;
    Ok(answer)
}

async fn page_of<R: Stored>(tx: &TenantTx, clock: &Clock, body: &Map<String, Json>) -> ApiResult<HttpResponse> {
    tx.require(R::TYPE.permissions().view)?;
    let query = query::from_body::<R>(tx, body).await?;
    Ok(HttpResponse::Ok().json(list::page::<R>(tx, clock, &query, None).await?))
}

/// Checks the members of the body and takes the record type out of it.
fn checked(body: &mut Map<String, Json>) -> ApiResult<RecordType> {
    body.retain(|_, json| !json.is_null());
    let errors: Vec<FieldError> = body
        .iter()
        .filter_map(|(name, json)| match MEMBERS.iter().find(|(known, ..)| known == name) {
            Some((_, fits, _)) if fits(json) => None,
            Some((_, _, expected)) => Some(FieldError::new(name, "type", format!("{name} must be {expected}."))),
            None => {
                let shown: String = name.chars().take(60).collect();
                Some(FieldError::new(&shown, "unknown_field", format!("There is no member called {shown} here.")))
            }
        })
        .collect();
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    let entity = body.remove("entity");
    let name = entity.as_ref().and_then(Json::as_str).unwrap_or_default();
    let found = RecordType::ALL.iter().copied().find(|r| r.as_str() == name || r.spec().table == name);
    found.ok_or_else(|| {
        ApiError::field("entity", "choice", format!("entity is one of {}.", RecordType::listed(RecordType::as_str)))
    })
}
