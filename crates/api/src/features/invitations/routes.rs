//! `/invitations/…`

use super::{accept, repo, service};
use crate::auth::{Guard, RequestMeta};
use crate::error::ApiResult;
use crate::features::auth::{limit, signed_in};
use crate::http::body::Valid;
use crate::http::page::PageQuery;
use crate::http::query::Query;
use crate::http::refusals::{Gone, Limited, Refusals};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, get, post, web};
use domain::auth::{AcceptInvitation, Invitation, InvitationInfo, InvitationInput, Me};
use domain::page::Page;
use domain::permission::perm;
use serde::Deserialize;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(get_invitations)
        .service(post_invitations)
        .service(post_link)
        .service(delete_invitation)
        .service(post_lookup)
        .service(post_accept);
}

/// The secret part of an invitation's link.
#[derive(Debug, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct InvitationToken {
    /// What stands after `/invite/`.
    #[validate(length(max = 100))]
    token: String,
}

/// List open invitations
///
/// Newest first; without their links, of which only a digest is kept.
///
/// **Permissions:** `member.manage`.
#[utoipa::path(
    tag = "invitations",
    params(PageQuery),
    responses((status = 200, body = Page<Invitation>, description = "A page of open invitations"), Refusals),
    security(("session" = []))
)]
#[get("/invitations")]
async fn get_invitations(
    guard: Guard<perm::MemberManage>,
    Query(query): Query<PageQuery>,
) -> ApiResult<web::Json<Page<Invitation>>> {
    let window = query.window()?;
    let tx = guard.begin().await?;
    let page = repo::list(&tx, window).await?;
    tx.commit().await?;
    Ok(web::Json(page))
}

/// Invite a person
///
/// The answer carries the link to send; it works once, within seven days. Only owners invite owners.
///
/// **Permissions:** `member.manage`.
#[utoipa::path(
    tag = "invitations",
    request_body = InvitationInput,
    responses((status = 201, body = Invitation, description = "Invited; the link stands in this answer only"), Refusals),
    security(("session" = []))
)]
#[post("/invitations")]
async fn post_invitations(
    guard: Guard<perm::MemberManage>,
    Valid(input): Valid<InvitationInput>,
) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let invitation = service::invite(guard.state(), &tx, &input).await?;
    tx.commit().await?;
    Ok(HttpResponse::Created().json(invitation))
}

/// Replace the link of an invitation
///
/// For whoever has lost it: the answer carries another one, which works once, within seven days from now; the one
/// before is worthless. Only owners renew the invitation of an owner.
///
/// **Permissions:** `member.manage`.
#[utoipa::path(
    tag = "invitations",
    params(("id" = Uuid, Path, description = "Id of the invitation")),
    responses((status = 200, body = Invitation, description = "The new link stands in this answer only"), Refusals),
    security(("session" = []))
)]
#[post("/invitations/{id}/link")]
async fn post_link(guard: Guard<perm::MemberManage>, id: web::Path<Uuid>) -> ApiResult<web::Json<Invitation>> {
    let tx = guard.begin().await?;
    let invitation = service::renew(guard.state(), &tx, *id).await?;
    tx.commit().await?;
    Ok(web::Json(invitation))
}

/// Revoke an invitation
///
/// Its link is worthless from now on.
///
/// **Permissions:** `member.manage`.
#[utoipa::path(
    tag = "invitations",
    params(("id" = Uuid, Path, description = "Id of the invitation")),
    responses((status = 204, description = "Revoked"), Refusals),
    security(("session" = []))
)]
#[delete("/invitations/{id}")]
async fn delete_invitation(guard: Guard<perm::MemberManage>, id: web::Path<Uuid>) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    service::revoke(&tx, *id).await?;
    tx.commit().await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Read an invitation
///
/// What the link says: the organization, the address, the role, and whether the address already signs in here.
///
/// **Permissions:** none (public; the secret of the link decides).
#[utoipa::path(
    tag = "invitations",
    request_body = InvitationToken,
    responses(
        (status = 200, body = InvitationInfo, description = "What the invitation says"),
        Refusals,
        Gone,
        Limited
    )
)]
#[post("/invitations/lookup")]
async fn post_lookup(meta: RequestMeta, Valid(input): Valid<InvitationToken>) -> ApiResult<web::Json<InvitationInfo>> {
    limit(&meta.state, &meta.request).await?;
    Ok(web::Json(accept::lookup(&meta.state, &input.token).await?))
}

/// Accept an invitation
///
/// Makes an account with this name and password, or, where the address already has one, checks its password; then
/// signs in to the organization. Works once.
///
/// **Permissions:** none (public; the secret of the link decides).
#[utoipa::path(
    tag = "invitations",
    request_body = AcceptInvitation,
    responses(
        (status = 200, body = Me, description = "Joined and signed in"),
        Refusals,
        Gone,
        Limited
    )
)]
#[post("/invitations/accept")]
async fn post_accept(meta: RequestMeta, Valid(input): Valid<AcceptInvitation>) -> ApiResult<HttpResponse> {
    limit(&meta.state, &meta.request).await?;
    let tx = accept::accept(&meta.state, meta.request.clone(), &input).await?;
    signed_in(&meta.state, tx, StatusCode::OK).await
}
