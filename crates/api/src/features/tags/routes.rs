//! Routes of the tag catalogue.

use super::catalogue::{self, Wanted};
use crate::auth::Guard;
use crate::error::{ApiError, ApiResult};
use crate::http::body::Body;
use crate::http::page::Window;
use crate::http::query::Query;
use crate::http::refusals::Refusals;
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, delete, get, post, put, web};
use domain::page::Page;
use domain::permission::perm;
use domain::tags::{TAG_MAX, Tag, TagCategory, TagInput};
use serde::Deserialize;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Adds the routes.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(list).service(create).service(update).service(remove);
}

/// What the list of tags takes.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParams {
    /// `company`, `lead`, `deal` or `general`.
    category: Option<String>,
    /// Part of the name.
    search: Option<String>,
    /// Number of the page, from 1, while page × limit is at most 10,000.
    page: Option<u64>,
    /// Tags per page, 1 to 200; 50 unless given.
    limit: Option<u32>,
}

/// Lists the tags in use in the organization, the most used first.
///
/// **Permissions:** `crm.tag.view`
#[utoipa::path(tag = "tags", operation_id = "tags_list", security(("session" = [])), params(ListParams),
    responses((status = 200, body = Page<Tag>), Refusals))]
#[get("/tags")]
async fn list(guard: Guard<perm::TagView>, Query(params): Query<ListParams>) -> ApiResult<HttpResponse> {
    let category = params.category.as_deref().filter(|text| !text.is_empty());
    let category = category.map(|text| {
        let sentence = "category is company, lead, deal or general.";
        TagCategory::parse(text).ok_or_else(|| ApiError::parameter("category", "choice", sentence))
    });
    let search = params.search.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if search.is_some_and(|text| text.chars().count() > TAG_MAX) {
        return Err(ApiError::parameter("search", "too_long", format!("A tag has at most {TAG_MAX} characters.")));
    }
    let wanted = Wanted { category: category.transpose()?, search, window: Window::new(params.page, params.limit)? };
    let tx = guard.begin().await?;
    let tags = catalogue::list(&tx, &wanted).await?;
    tx.commit().await?;
    Ok(HttpResponse::Ok().json(tags))
}

/// Adds a tag to the catalogue. Tags typed at a record join it by themselves.
///
/// **Permissions:** `crm.tag.manage`
#[utoipa::path(tag = "tags", operation_id = "tags_create", security(("session" = [])), request_body = TagInput,
    responses((status = 201, body = Tag), Refusals))]
#[post("/tags")]
async fn create(guard: Guard<perm::TagManage>, input: Body<TagInput>) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let tag = catalogue::create(&tx, &input.0).await?;
    tx.commit().await?;
    Ok(HttpResponse::Created().insert_header((LOCATION, format!("/api/v1/tags/{}", tag.id))).json(tag))
}

/// Renames or recolours a tag, on every record that carries it.
///
/// **Permissions:** `crm.tag.manage`
#[utoipa::path(tag = "tags", operation_id = "tags_update", security(("session" = [])), request_body = TagInput,
    params(("id" = Uuid, Path, description = "The tag")),
    responses((status = 200, body = Tag), Refusals))]
#[put("/tags/{id}")]
async fn update(guard: Guard<perm::TagManage>, id: web::Path<Uuid>, input: Body<TagInput>) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let tag = catalogue::update(&tx, *id, &input.0).await?;
    tx.commit().await?;
    Ok(HttpResponse::Ok().json(tag))
}

/// Deletes a tag from the catalogue and from all records.
///
/// **Permissions:** `crm.tag.delete`
#[utoipa::path(tag = "tags", operation_id = "tags_delete", security(("session" = [])),
    params(("id" = Uuid, Path, description = "The tag")),
    responses((status = 204, description = "Done."), Refusals))]
#[delete("/tags/{id}")]
async fn remove(guard: Guard<perm::TagDelete>, id: web::Path<Uuid>) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    catalogue::delete(&tx, *id).await?;
    tx.commit().await?;
    Ok(HttpResponse::NoContent().finish())
}
