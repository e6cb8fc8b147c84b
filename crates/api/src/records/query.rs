//! What a list is asked for: parameters of a `GET`, or the body of the query builder.

use super::Stored;
use super::keyset::Sorting;
use super::search::Search;
use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use domain::catalog::{Field, Kind, member};
use domain::error::FieldError;
use domain::filter::{self, Checked, Filter, Op};
use domain::page::{DEFAULT_LIMIT, MAX_LIMIT, MAX_OFFSET, parse_sort};
use serde_json::{Map, Value as Json, json};

/// The longest `search` text, in characters.
pub const SEARCH_MAX: usize = 200;

/// Whether archived records are in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Archived {
    /// Live records only.
    #[default]
    Without,
    /// Archived ones only.
    Only,
    /// Both.
    Include,
}

/// A checked request for a list.
#[derive(Debug, Clone)]
pub struct ListQuery {
    /// The filter, with all shorthands.
    pub filter: Checked,
    /// What is searched for.
    pub search: Option<Search>,
    /// Own records only.
    pub mine: bool,
    /// Archived records.
    pub archived: Archived,
    /// The order.
    pub sorting: Sorting,
    /// Number of the page, from 1.
    pub page: u64,
    /// Rows per page.
    pub limit: u32,
    /// Where to go on, instead of a numbered page.
    pub cursor: Option<String>,
    /// Rows passed over from the cursor on.
    pub skip: u64,
    /// Members of each record to answer with; all if empty.
    pub fields: Vec<String>,
}

impl ListQuery {
    /// Whether it has conditions, not counting the search.
    pub fn is_filtered(&self) -> bool {
        self.archived != Archived::Without || self.mine || !self.filter.is_all()
    }
}

/// Parameters that every list takes, with descriptions for the documentation.
pub const PARAMETERS: &[(&str, &str)] = &[
    ("page", "Number of the page, from 1, while page × limit is at most 10,000. Beyond that use `cursor`."),
    ("limit", "Rows per page, 1 to 200; 50 unless given."),
    ("cursor", "Where to go on: `next_cursor` or `prev_cursor` of an earlier answer with the same order."),
    ("skip", "Rows to pass over from `cursor` on, 0 to 10,000."),
    ("sort_by", "Sort keys, such as `name` or `-created_at,name`; a minus sorts downwards."),
    ("sort_order", "`asc` or `desc`, for a single sort key."),
    ("filter", "A filter as JSON: `{\"and\"|\"or\": […]}` or `{\"field\", \"op\", \"value\"}`."),
    ("search", "Words to search for in names, addresses and numbers."),
    ("mine", "`true`: only records that I own."),
    ("archived", "`only`: archived records; `include`: these as well."),
    ("fields", "Members to answer with, separated by commas; `id` always comes along."),
];

/// Reads the parameters of a list. Every filterable field's name is a shorthand for a comparison with it.
///
/// # Errors
/// 422 with each parameter that is unknown or has a value that does not fit.
pub async fn from_params<R: Stored>(tx: &TenantTx, params: &[(String, String)]) -> ApiResult<ListQuery> {
    let mut body = Map::new();
    let (mut shorthands, mut errors) = (Vec::new(), Vec::new());
    for (name, value) in params {
        let read = match name.as_str() {
            "filter" => serde_json::from_str::<Json>(value)
                .map_err(|error| ("json", format!("The filter is not valid JSON: {error}."))),
            "page" | "limit" | "skip" => value
                .parse::<u64>()
                .map(Json::from)
                .map_err(|_e| ("integer", format!("{name} must be a whole number."))),
            "mine" => match value.as_str() {
                "true" | "1" => Ok(json!(true)),
                "false" | "0" | "" => Ok(json!(false)),
                _ => Err(("boolean", "mine is true or false.".to_owned())),
            },
            name if PARAMETERS.iter().any(|(known, _)| *known == name) => Ok(json!(value)),
            "include" | "view" => continue,
            _ => match shorthand::<R>(tx, name, value).await? {
                Some(filter) => {
                    shorthands.push((name, filter));
                    continue;
                }
                None => {
                    let shown: String = name.chars().take(60).collect();
                    let sentence = format!("There is no parameter called {shown} here.");
                    errors.push(FieldError::parameter(&shown, "unknown_field", sentence));
                    continue;
                }
            },
        };
        let refused = match read {
            Ok(json) => body.insert(name.clone(), json).map(|_| ("duplicate", format!("Send {name} only once."))),
            Err(refused) => Some(refused),
        };
        errors.extend(refused.map(|(code, sentence)| FieldError::parameter(name, code, sentence)));
    }
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    let mut query = from_body::<R>(tx, &body).await?;
    for (name, filter) in shorthands {
        let json = serde_json::to_value(filter).map_err(ApiError::internal)?;
        match filter::check(tx.schema(R::TYPE), &json) {
            Ok(extra) => query.filter = query.filter.and(extra),
            Err(found) => errors.extend(found.into_iter().map(|e| FieldError::parameter(name, &e.code, e.message))),
        }
    }
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    Ok(query)
}

/// The same from the query builder's body.
///
/// # Errors
/// As [`from_params`].
pub async fn from_body<R: Stored>(tx: &TenantTx, body: &Map<String, Json>) -> ApiResult<ListQuery> {
    let schema = tx.schema(R::TYPE);
    let mut errors = Vec::new();
    let checked = match body.get("filter") {
        None | Some(Json::Null) => Checked::ALL,
        Some(json) => filter::check(schema, json).unwrap_or_else(|found| {
            errors.extend(found.into_iter().map(|e| FieldError { path: format!("/filter{}", e.path), ..e }));
            Checked::ALL
        }),
    };
    let text = |name: &str| body.get(name).and_then(Json::as_str).map(str::trim).filter(|t| !t.is_empty());
    let search = text("search");
    if search.is_some_and(|s| s.chars().count() > SEARCH_MAX || s.contains('\0')) {
        errors.push(FieldError::parameter(
            "search",
            "too_long",
            format!("The search text can have at most {SEARCH_MAX} characters."),
        ));
    }
    let limit = body.get("limit").map_or(Some(u64::from(DEFAULT_LIMIT)), Json::as_u64);
    let limit = limit.and_then(|n| u32::try_from(n).ok()).filter(|n| (1..=MAX_LIMIT).contains(n));
    if limit.is_none() {
        errors.push(FieldError::parameter("limit", "range", format!("limit must be 1 to {MAX_LIMIT}.")));
    }
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    let page = body.get("page").map_or(Some(1), Json::as_u64).filter(|n| *n >= 1);
    let cursor = text("cursor").map(str::to_owned);
    if page.is_none() {
        errors.push(FieldError::parameter("page", "range", "page counts from 1."));
    } else if cursor.is_none() && page.is_some_and(|n| n.saturating_mul(u64::from(limit)) > MAX_OFFSET) {
        let sentence =
            format!("Numbered pages end at row {MAX_OFFSET}; go on with cursor (next_cursor of the answer).");
        errors.push(FieldError::parameter("page", "use_cursor", sentence));
    }
    let skip = body.get("skip").map_or(Some(0), Json::as_u64).filter(|n| *n <= MAX_OFFSET);
    if skip.is_none() {
        errors.push(FieldError::parameter("skip", "range", format!("skip must be 0 to {MAX_OFFSET}.")));
    } else if cursor.is_none() && skip.is_some_and(|n| n > 0) {
        let sentence = "skip goes with cursor; from the beginning of the list on there is page.";
        errors.push(FieldError::parameter("skip", "use_page", sentence));
    }
    if body.get("mine").is_some_and(|mine| !mine.is_boolean() && !mine.is_null()) {
        errors.push(FieldError::parameter("mine", "boolean", "mine is true or false."));
    }
    let archived = match text("archived") {
        None | Some("false") => Archived::Without,
        Some("only") => Archived::Only,
        Some("include") => Archived::Include,
        Some(_) => {
            errors.push(FieldError::parameter("archived", "choice", "archived is only or include."));
            Archived::Without
        }
    };
    let keys = match parse_sort(text("sort_by").unwrap_or(schema.default_sort), text("sort_order")) {
        Ok(keys) => keys,
        Err(sentence) => {
            errors.push(FieldError::parameter("sort_by", "sort", sentence));
            Vec::new()
        }
    };
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    // Whoever may not see deals does not learn of them by way of companies.
    for record in checked.looks_at() {
        tx.require(record.permissions().view)?;
    }
    let search = match search {
        Some(words) => Some(Search::resolve(tx, R::TYPE, archived, words).await?),
        None => None,
    };
    Ok(ListQuery {
        filter: checked,
        search,
        mine: body.get("mine").and_then(Json::as_bool).unwrap_or(false),
        archived,
        sorting: Sorting::new::<R>(tx, &keys)?,
        page: page.unwrap_or(1),
        limit,
        cursor,
        skip: skip.unwrap_or(0),
        fields: field_names(body.get("fields"))?,
    })
}

/// `fields` as a list or separated by commas.
///
/// # Errors
/// 422 for another type.
pub fn field_names(json: Option<&Json>) -> ApiResult<Vec<String>> {
    let names: Vec<String> = match json {
        None | Some(Json::Null) => Vec::new(),
        Some(Json::String(text)) => text.split(',').map(|n| n.trim().to_owned()).filter(|n| !n.is_empty()).collect(),
        Some(Json::Array(items)) => items.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
        Some(_) => return Err(ApiError::field("fields", "list", "fields is a list of names.")),
    };
    Ok(names)
}

/// The members of a record that were asked for.
pub fn pick(record: Json, fields: &[String]) -> Json {
    match record {
        Json::Object(members) if !fields.is_empty() => {
            let mut picked = Map::new();
            for name in fields {
                let value = member::get(&members, name);
                if member::custom_key(name).is_some() || members.contains_key(name) {
                    member::set(&mut picked, name, value.clone());
                }
            }
            picked.extend(members.get("id").map(|id| ("id".to_owned(), id.clone())));
            Json::Object(picked)
        }
        other => other,
    }
}

/// A parameter that stands for a comparison: one of the record type's own, a range of a date, or a field's name.
async fn shorthand<R: Stored>(tx: &TenantTx, name: &str, value: &str) -> ApiResult<Option<Filter>> {
    if let Some(filter) = R::shorthand(tx, name, value).await? {
        return Ok(Some(filter));
    }
    let schema = tx.schema(R::TYPE);
    for (suffix, op) in [("_from", Op::Gte), ("_to", Op::Lte)] {
        let Some(stem) = name.strip_suffix(suffix) else { continue };
        let field = schema.field(stem).or_else(|| schema.field(&format!("{stem}_at")));
        if let Some(field) = field.filter(|f| matches!(f.kind, Kind::Date | Kind::DateTime)) {
            return Ok(Some(Filter::condition(field.name, op, value)));
        }
    }
    let Some(field) = schema.field(name).filter(|f| f.is_filterable()) else { return Ok(None) };
    let values: Vec<Json> = value.split(',').map(str::trim).map(|part| typed(field, part)).collect();
    Ok(Some(match values.as_slice() {
        [only] => Filter::condition(field.name, Op::Eq, only.clone()),
        _ => Filter::condition(field.name, Op::In, Json::Array(values)),
    }))
}

/// A parameter's text as the JSON that the field compares with.
fn typed(field: &Field, text: &str) -> Json {
    match field.kind {
        _ if text.is_empty() || text == "null" => Json::Null,
        Kind::Integer { .. } | Kind::Money { .. } => text.parse::<i64>().map_or_else(|_e| json!(text), Json::from),
        Kind::Number => text.parse::<f64>().map_or_else(|_e| json!(text), Json::from),
        Kind::Boolean => match text {
            "true" | "1" => json!(true),
            "false" | "0" => json!(false),
            other => json!(other),
        },
        _ => json!(text),
    }
}
