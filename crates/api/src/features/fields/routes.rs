//! Routes of field definitions.

use super::store;
use crate::auth::Guard;
use crate::error::ApiResult;
use crate::http::body::Body;
use crate::http::etag::{IfMatch, tagged};
use crate::http::query::Query;
use crate::http::rate_limit::{Limit, MINUTE};
use crate::http::refusals::{Limited, Refusals, Stale};
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, delete, get, post, put, web};
use domain::catalog::RecordType;
use domain::fields::{FieldDefinition, FieldDefinitionInput, FieldOrder, FieldUsage};
use domain::page::{Page, Pagination};
use domain::permission::perm;
use serde::Deserialize;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Adds the routes.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(list)
        .service(create)
        .service(reorder)
        .service(read)
        .service(update)
        .service(remove)
        .service(restore)
        .service(usage);
}

/// What the list of fields takes.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParams {
    /// Fields of one record type only: `company`, `contact`, `deal`.
    entity: Option<RecordType>,
    /// `true`: deleted fields instead of live ones.
    #[serde(default)]
    deleted: bool,
}

/// Lists the organization's own fields, in the order of forms. Their values stand in the records' `custom_fields`; in
/// filters, sort keys, columns and import plans they are called `custom_fields.<key>`.
///
/// **Permissions:** `org.view`
#[utoipa::path(tag = "fields", operation_id = "field_definitions_list", security(("session" = [])), params(ListParams),
    responses((status = 200, body = Page<FieldDefinition>), Refusals))]
#[get("/field-definitions")]
async fn list(guard: Guard<perm::OrgView>, Query(params): Query<ListParams>) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let data = store::all(&tx, params.entity, params.deleted).await?;
    tx.commit().await?;
    Ok(HttpResponse::Ok().json(single(data)))
}

fn single(data: Vec<FieldDefinition>) -> Page<FieldDefinition> {
    let limit = u32::try_from(data.len()).unwrap_or(u32::MAX).max(1);
    Page { pagination: Pagination::single(data.len(), limit), data }
}

/// Defines a field.
///
/// **Permissions:** `crm.settings.manage`
#[utoipa::path(tag = "fields", operation_id = "field_definitions_create", security(("session" = [])),
    request_body = FieldDefinitionInput, responses((status = 201, body = FieldDefinition), Refusals, Limited))]
#[post("/field-definitions")]
async fn create(guard: Guard<perm::SettingsManage>, input: Body<FieldDefinitionInput>) -> ApiResult<HttpResponse> {
    throttle(&guard).await?;
    let tx = guard.begin().await?;
    let field = store::create(&tx, input.0).await?;
    tx.commit().await?;
    let mut response = HttpResponse::Created();
    response.insert_header((LOCATION, format!("/api/v1/field-definitions/{}", field.id)));
    Ok(tagged(response, field.version, &field))
}

/// Reads a field, deleted or not.
///
/// **Permissions:** `org.view`
#[utoipa::path(tag = "fields", operation_id = "field_definitions_get", security(("session" = [])),
    params(("id" = Uuid, Path, description = "The field")),
    responses((status = 200, body = FieldDefinition), Refusals))]
#[get("/field-definitions/{id}")]
async fn read(guard: Guard<perm::OrgView>, id: web::Path<Uuid>) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let field = store::one(&tx, *id).await?;
    tx.commit().await?;
    Ok(tagged(HttpResponse::Ok(), field.version, &field))
}

/// Changes the members sent of a field: its name, whether it is required or shown in lists, its options.
///
/// **Permissions:** `crm.settings.manage`
#[utoipa::path(tag = "fields", operation_id = "field_definitions_update", security(("session" = [])),
    request_body = FieldDefinitionInput, params(("id" = Uuid, Path, description = "The field"), IfMatch),
    responses((status = 200, body = FieldDefinition), Refusals, Stale, Limited))]
#[put("/field-definitions/{id}")]
async fn update(
    guard: Guard<perm::SettingsManage>,
    id: web::Path<Uuid>,
    expected: IfMatch,
    input: Body<FieldDefinitionInput>,
) -> ApiResult<HttpResponse> {
    throttle(&guard).await?;
    let tx = guard.begin().await?;
    let field = store::update(&tx, *id, expected.0, input.0).await?;
    tx.commit().await?;
    Ok(tagged(HttpResponse::Ok(), field.version, &field))
}

/// Puts the fields of a record type in a new order: every live field, once.
///
/// **Permissions:** `crm.settings.manage`
#[utoipa::path(tag = "fields", operation_id = "field_definitions_reorder", security(("session" = [])),
    request_body = FieldOrder, responses((status = 200, body = Page<FieldDefinition>), Refusals, Limited))]
#[put("/field-definitions/reorder")]
async fn reorder(guard: Guard<perm::SettingsManage>, input: Body<FieldOrder>) -> ApiResult<HttpResponse> {
    throttle(&guard).await?;
    let tx = guard.begin().await?;
    let data = store::reorder(&tx, &input.0).await?;
    tx.commit().await?;
    Ok(HttpResponse::Ok().json(single(data)))
}

/// Deletes a field: it leaves forms, lists and filters. Its values are kept, and come back with it when it is restored.
///
/// **Permissions:** `crm.settings.manage`
#[utoipa::path(tag = "fields", operation_id = "field_definitions_delete", security(("session" = [])),
    params(("id" = Uuid, Path, description = "The field")), responses((status = 204), Refusals, Limited))]
#[delete("/field-definitions/{id}")]
async fn remove(guard: Guard<perm::SettingsManage>, id: web::Path<Uuid>) -> ApiResult<HttpResponse> {
    throttle(&guard).await?;
    let tx = guard.begin().await?;
    store::delete(&tx, *id).await?;
    tx.commit().await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Brings a deleted field back, with the values that records have.
///
/// **Permissions:** `crm.settings.manage`
#[utoipa::path(tag = "fields", operation_id = "field_definitions_restore", security(("session" = [])),
    params(("id" = Uuid, Path, description = "The field")),
    responses((status = 200, body = FieldDefinition), Refusals, Limited))]
#[post("/field-definitions/{id}/restore")]
async fn restore(guard: Guard<perm::SettingsManage>, id: web::Path<Uuid>) -> ApiResult<HttpResponse> {
    throttle(&guard).await?;
    let tx = guard.begin().await?;
    let field = store::restore(&tx, *id).await?;
    tx.commit().await?;
    Ok(tagged(HttpResponse::Ok(), field.version, &field))
}

/// Counts the records that have a value in a field.
///
/// **Permissions:** `crm.settings.manage`
#[utoipa::path(tag = "fields", operation_id = "field_definitions_usage", security(("session" = [])),
    params(("id" = Uuid, Path, description = "The field")),
    responses((status = 200, body = FieldUsage), Refusals))]
#[get("/field-definitions/{id}/usage")]
async fn usage(guard: Guard<perm::SettingsManage>, id: web::Path<Uuid>) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let usage = store::usage(&tx, *id).await?;
    tx.commit().await?;
    Ok(HttpResponse::Ok().json(usage))
}

/// Each distinct definition takes memory of every server for as long as it runs (see `domain::catalog::own_fields`).
async fn throttle(guard: &Guard<perm::SettingsManage>) -> ApiResult<()> {
    let limit = Limit { name: "field-definitions", burst: 100, per: 60 * MINUTE };
    limit.check(guard.state(), &guard.session().org_id.to_string()).await
}
