//! The activity log of the organization (TIMELINE-06): the same entries as the timelines, over all records.

use crate::auth::Guard;
use crate::db::TenantTx;
use crate::error::ApiResult;
use crate::features::timeline;
use crate::http::moment;
use crate::http::query::Query;
use crate::http::refusals::Refusals;
use actix_web::{HttpResponse, get};
use domain::events::Activity;
use domain::page::Page;
use domain::permission::perm;
use sea_orm::sea_query::{ExprTrait, SelectStatement};
use serde::Deserialize;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Adds the routes.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(list);
}

/// What the log is asked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ActivityParams {
    /// Entries about this type of thing: `company`, `contact`, `deal`, `pipeline`, `member` and so on.
    entity_type: Option<String>,
    /// Entries on the timeline of this record, also those about related records.
    entity_id: Option<Uuid>,
    /// Entries of this kind: `created`, `updated`, `status_changed`, `stage_moved`, `tag_added` and so on.
    activity_type: Option<String>,
    /// What this member did.
    user_id: Option<Uuid>,
    /// From this day (in the organization's time zone) or moment on.
    date_from: Option<String>,
    /// Up to this day, inclusive, or before this moment.
    date_to: Option<String>,
    /// Number of the page, from 1.
    page: Option<u64>,
    /// Entries per page, at most 200.
    limit: Option<u32>,
}

/// Lists what happened in the organization, newest first.
///
/// Without `entity_id` each event stands there once, with the record it is about.
///
/// **Permissions:** `crm.activity.view`; entries about records that one may not view are left out.
#[utoipa::path(tag = "activities", params(ActivityParams), security(("session" = [])),
    responses((status = 200, body = Page<Activity>, description = "One page of activities."), Refusals))]
#[get("/activities")]
async fn list(guard: Guard<perm::ActivityView>, Query(params): Query<ActivityParams>) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let select = selection(&tx, &params)?;
    let page = timeline::numbered(&tx, select, params.page, params.limit).await?;
    tx.commit().await?;
    Ok(HttpResponse::Ok().json(page))
}

fn selection(tx: &TenantTx, params: &ActivityParams) -> ApiResult<SelectStatement> {
    let column = timeline::column;
    let mut select = timeline::all(tx);
    match params.entity_id {
        Some(id) => select.and_where(column("entity_id").eq(id)),
        // The first entry of an event has the event's id: entries on related records' timelines are left out.
        None => select.and_where(column("id").eq(column("event_id"))),
    };
    if let Some(entity) = &params.entity_type {
        select.and_where(column("entity_type").eq(entity.as_str()));
    }
    if let Some(kind) = &params.activity_type {
        select.and_where(column("activity_type").eq(kind.as_str()));
    }
    if let Some(user) = params.user_id {
        select.and_where(column("user_id").eq(user));
    }
    let zone = &tx.settings().timezone;
    if let Some(from) = moment::from(zone, "date_from", params.date_from.as_deref())? {
        select.and_where(column("created_at").gte(from));
    }
    if let Some(to) = moment::to(zone, "date_to", params.date_to.as_deref())? {
        select.and_where(column("created_at").lt(to));
    }
    Ok(select)
}
