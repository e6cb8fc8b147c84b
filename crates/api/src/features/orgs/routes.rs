//! `/orgs/…`

use super::{repo, service};
use crate::auth::session;
use crate::auth::{Guard, SignedIn};
use crate::error::ApiResult;
use crate::features::auth::me;
use crate::files;
use crate::http::body::Body;
use crate::http::rate_limit::{Limit, MINUTE};
use crate::http::refusals::{Limited, Refusals};
use actix_web::{HttpResponse, delete, get, post, put, web};
use domain::auth::{Me, OrgInput, Organization};
use domain::permission::perm;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(post_orgs).service(get_current).service(put_current).service(delete_current);
}

/// Make a further organization
///
/// You become its owner, it begins with the default pipeline, and it becomes the active organization of this session.
///
/// **Permissions:** signed in.
#[utoipa::path(
    tag = "organizations",
    request_body = OrgInput,
    responses((status = 201, body = Me, description = "Made, and now the active organization"), Refusals, Limited),
    security(("session" = []))
)]
#[post("/orgs")]
async fn post_orgs(who: SignedIn, Body(input): Body<OrgInput>) -> ApiResult<HttpResponse> {
    let (name, settings) = service::checked(&input)?;
    let user_id = who.session.user_id;
    Limit { name: "orgs", burst: 10, per: MINUTE }.check(&who.state, &user_id.to_string()).await?;
    let tx = service::found(&who.state, user_id, who.request, &name, &settings).await?;
    let me = me(&tx).await?;
    tx.commit().await?;
    who.state.sessions.switch(&who.id, &who.session, me.organization.id).await?;
    Ok(HttpResponse::Created().json(me))
}

/// The active organization
///
/// **Permissions:** `org.view`.
#[utoipa::path(
    tag = "organizations",
    responses((status = 200, body = Organization, description = "The organization"), Refusals),
    security(("session" = []))
)]
#[get("/orgs/current")]
async fn get_current(guard: Guard<perm::OrgView>) -> ApiResult<web::Json<Organization>> {
    let tx = guard.begin().await?;
    let organization = repo::current(&tx).await?;
    tx.commit().await?;
    Ok(web::Json(organization))
}

/// Change the organization
///
/// Name and settings; members that are absent stay as they are.
///
/// **Permissions:** `crm.settings.manage`.
#[utoipa::path(
    tag = "organizations",
    request_body = OrgInput,
    responses((status = 200, body = Organization, description = "The organization"), Refusals),
    security(("session" = []))
)]
#[put("/orgs/current")]
async fn put_current(
    guard: Guard<perm::SettingsManage>,
    Body(input): Body<OrgInput>,
) -> ApiResult<web::Json<Organization>> {
    let tx = guard.begin().await?;
    let organization = service::update(&tx, &input).await?;
    tx.commit().await?;
    Ok(web::Json(organization))
}

/// Delete the organization
///
/// Everything in it is deleted for good. The session goes on in another of your organizations, or ends.
///
/// **Permissions:** `org.delete` (the owner alone).
#[utoipa::path(
    tag = "organizations",
    responses((status = 204, description = "Deleted"), Refusals),
    security(("session" = []))
)]
#[delete("/orgs/current")]
async fn delete_current(guard: Guard<perm::OrgDelete>, who: SignedIn) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let org_id = tx.org_id();
    let next = me(&tx).await?.memberships.into_iter().find(|membership| membership.org_id != org_id);
    repo::delete(&tx).await?;
    tx.commit().await?;
    tracing::info!(%org_id, user_id = %who.session.user_id, "organization deleted");
    if let Err(error) = files::forget(&who.state, org_id).await {
        tracing::warn!(%org_id, ?error, "files of a deleted organization wait for the nightly sweep");
    }
    let mut response = HttpResponse::NoContent();
    if let Some(next) = next {
        who.state.sessions.switch(&who.id, &who.session, next.org_id).await?;
    } else {
        who.state.sessions.destroy(&who.id, who.session.user_id).await?;
        response.cookie(session::removal_cookie(&who.state.config));
    }
    Ok(response.finish())
}
