//! The routes that every record type has. Their documentation is in [`super::document`]; a test holds both together.

use super::read::{self, For};
use super::{Parent, Stored, cursors, list, query, tagging, write};
use crate::auth::Guard;
use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use crate::features::timeline;
use crate::http::body::{Body, JsonObject};
use crate::http::etag::{IfMatch, tagged};
use crate::http::methods;
use crate::http::query::Query;
use crate::state::Clock;
use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, guard, web};
use domain::error::ErrorCode;
use domain::records::{Create, Delete, Update, View};
use domain::tags::TagNames;
use serde::Deserialize;
use std::marker::PhantomData;
use utoipa::openapi::path::Paths;
use utoipa::openapi::{RefOr, Schema};
use utoipa_actix_web::OpenApiFactory;
use uuid::Uuid;

/// The routes of a record type, with their documentation.
#[derive(Debug, Clone, Copy)]
pub struct RecordService<R>(PhantomData<R>);

/// The routes of record type `R`, for `cfg.service(…)`.
pub fn service<R: Stored>() -> RecordService<R> {
    RecordService(PhantomData)
}

impl<R: Stored> HttpServiceFactory for RecordService<R> {
    fn register(self, config: &mut AppService) {
        let path = |rest: &str| format!("/{}{rest}", R::spec().table);
        let resource = |rest: &str| web::resource(path(rest)).default_service(web::to(methods::no_route));
        resource("").route(web::get().to(list_route::<R>)).route(web::post().to(create_route::<R>)).register(config);
        // Other methods take the last part for an id.
        resource("/cursors").guard(guard::Get()).route(web::get().to(cursors_route::<R>)).register(config);
        resource("/{id}")
            .route(web::get().to(get_route::<R>))
            .route(web::put().to(update_route::<R>))
            .route(web::patch().to(update_route::<R>))
            .route(web::delete().to(delete_route::<R>))
            .register(config);
        resource("/{id}/restore").route(web::post().to(restore_route::<R>)).register(config);
        resource("/{id}/tags")
            .route(web::post().to(tag_route::<R>))
            .route(web::delete().to(untag_route::<R>))
            .register(config);
        resource("/{id}/timeline").route(web::get().to(timeline_route::<R>)).register(config);
        resource("/{id}/activities").route(web::get().to(activities_route::<R>)).register(config);
    }
}

impl<R: Stored> OpenApiFactory for RecordService<R> {
    fn paths(&self) -> Paths {
        super::document::paths::<R>()
    }

    fn schemas(&self, schemas: &mut Vec<(String, RefOr<Schema>)>) {
        super::document::schemas::<R>(schemas);
    }
}

/// The parameters of a list, in the order sent.
pub type Params = Query<Vec<(String, String)>>;

async fn list_route<R: Stored>(guard: Guard<View<R>>, params: Params) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    answer_list::<R>(tx, &guard.state().clock, &params, None).await
}

async fn cursors_route<R: Stored>(guard: Guard<View<R>>, params: Params) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let found = cursors::answer::<R>(guard.state(), &tx, &params).await?;
    tx.commit().await?;
    Ok(HttpResponse::Ok().json(found))
}

/// Answers with one page of the records of type `R` that belong to the record of type `P` with this id, archived or
/// not. Takes the parameters of `R`'s list.
///
/// # Errors
/// 404 where there is no such record; 422 for parameters that do not fit.
pub async fn sublist_of<P: Stored, R: Stored>(
    guard: &Guard<View<R>>,
    params: &[(String, String)],
    id: Uuid,
    parent: impl FnOnce(Uuid) -> Parent,
) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let _exists: P = read::one(&tx, id, For::Reading).await?;
    answer_list::<R>(tx, &guard.state().clock, params, Some(parent(id))).await
}

async fn answer_list<R: Stored>(
    tx: TenantTx,
    clock: &Clock,
    params: &[(String, String)],
    parent: Option<Parent>,
) -> ApiResult<HttpResponse> {
    let query = query::from_params::<R>(&tx, params).await?;
    let page = list::page::<R>(&tx, clock, &query, parent).await?;
    tx.commit().await?;
    Ok(HttpResponse::Ok().json(page))
}

async fn create_route<R: Stored>(guard: Guard<Create<R>>, input: JsonObject) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let record: R = write::create(&tx, input.0).await?;
    tx.commit().await?;
    let mut response = HttpResponse::Created();
    response.insert_header((LOCATION, format!("/api/v1/{}/{}", R::spec().table, record.id())));
    Ok(tagged(response, record.version(), &record))
}

async fn get_route<R: Stored>(guard: Guard<View<R>>, id: web::Path<Uuid>, params: Params) -> ApiResult<HttpResponse> {
    let fields = params.iter().find(|(name, _)| name == "fields").map(|(_, value)| serde_json::json!(value));
    let fields = query::field_names(fields.as_ref())?;
    let always = if fields.is_empty() { R::ALWAYS_INCLUDED } else { "" };
    let asked = params.iter().find(|(name, _)| name == "include").map(|(_, value)| value.as_str());
    let tx = guard.begin().await?;
    let record: R = read::one(&tx, *id, For::Reading).await?;
    let mut json = query::pick(serde_json::to_value(&record).map_err(ApiError::internal)?, &fields);
    for name in asked.unwrap_or(always).split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let included = match R::include(&tx, &guard.state().clock, &record, name).await {
            // What nobody has asked for is no reason to withhold the record.
            Err(error) if asked.is_none() && *error.code() == ErrorCode::Forbidden => continue,
            included => included?,
        };
        let Some(included) = included else {
            let known: Vec<_> = R::INCLUDES.iter().map(|(name, _)| *name).collect();
            let known = known.join(", ");
            let sentence = match known.as_str() {
                "" => "Nothing can be included here.".to_owned(),
                known => format!("include takes {known}."),
            };
            return Err(ApiError::parameter("include", "choice", sentence));
        };
        if let Some(members) = json.as_object_mut() {
            members.insert(name.to_owned(), included);
        }
    }
    tx.commit().await?;
    Ok(tagged(HttpResponse::Ok(), record.version(), &json))
}

async fn update_route<R: Stored>(
    guard: Guard<Update<R>>,
    id: web::Path<Uuid>,
    expected: IfMatch,
    input: JsonObject,
) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let record: R = write::update(&tx, *id, expected.0, &input.0).await?;
    tx.commit().await?;
    Ok(tagged(HttpResponse::Ok(), record.version(), &record))
}

/// How a record is deleted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DeleteParams {
    /// For good instead of into the archive.
    #[serde(default)]
    permanent: bool,
}

async fn delete_route<R: Stored>(
    guard: Guard<Delete<R>>,
    id: web::Path<Uuid>,
    Query(params): Query<DeleteParams>,
    expected: IfMatch,
) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    if params.permanent {
        write::delete::<R>(&tx, *id, expected.0).await?;
    } else {
        write::archive::<R>(&tx, *id, expected.0).await?;
    }
    tx.commit().await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn restore_route<R: Stored>(
    guard: Guard<Delete<R>>,
    id: web::Path<Uuid>,
    expected: IfMatch,
) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let record: R = write::restore(&tx, *id, expected.0).await?;
    tx.commit().await?;
    Ok(tagged(HttpResponse::Ok(), record.version(), &record))
}

async fn tag_route<R: Stored>(
    guard: Guard<Update<R>>,
    id: web::Path<Uuid>,
    expected: IfMatch,
    input: Body<TagNames>,
) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let record: R = tagging::add(&tx, *id, expected.0, &input.0.tags).await?;
    tx.commit().await?;
    Ok(tagged(HttpResponse::Ok(), record.version(), &record))
}

/// The tags to take off.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UntagParams {
    /// Names, separated by commas.
    tags: String,
}

async fn untag_route<R: Stored>(
    guard: Guard<Update<R>>,
    id: web::Path<Uuid>,
    Query(params): Query<UntagParams>,
    expected: IfMatch,
) -> ApiResult<HttpResponse> {
    let names: Vec<String> = params.tags.split(',').map(str::to_owned).collect();
    let tx = guard.begin().await?;
    let record: R = tagging::remove(&tx, *id, expected.0, &names).await?;
    tx.commit().await?;
    Ok(tagged(HttpResponse::Ok(), record.version(), &record))
}

async fn timeline_route<R: Stored>(
    guard: Guard<View<R>>,
    id: web::Path<Uuid>,
    Query(params): Query<timeline::TimelineParams>,
) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let _exists: R = read::one(&tx, *id, For::Reading).await?;
    let timeline = timeline::read(&tx, R::TYPE.as_str(), *id, &params).await?;
    tx.commit().await?;
    Ok(HttpResponse::Ok().json(timeline))
}

async fn activities_route<R: Stored>(
    guard: Guard<View<R>>,
    id: web::Path<Uuid>,
    Query(params): Query<timeline::PageParams>,
) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let _exists: R = read::one(&tx, *id, For::Reading).await?;
    let page = timeline::page(&tx, R::TYPE.as_str(), *id, &params).await?;
    tx.commit().await?;
    Ok(HttpResponse::Ok().json(page))
}
