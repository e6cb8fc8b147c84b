//! `/members/…`

use super::{repo, service};
use crate::auth::Guard;
use crate::error::ApiResult;
use crate::http::body::Body;
use crate::http::page::PageQuery;
use crate::http::query::Query;
use crate::http::refusals::Refusals;
use actix_web::{HttpResponse, delete, get, put, web};
use domain::auth::{Member, RoleInput};
use domain::page::Page;
use domain::permission::{Access, Permission, perm};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_members).service(put_role).service(delete_member);
}

/// List members
///
/// Active members first, by name. Former members are listed too, because records still show them as owners.
///
/// **Permissions:** `member.view`; email address, role and joining date only with `member.manage`.
#[utoipa::path(
    tag = "members",
    params(PageQuery),
    responses((status = 200, body = Page<Member>, description = "A page of members"), Refusals),
    security(("session" = []))
)]
#[get("/members")]
async fn get_members(
    guard: Guard<perm::MemberView>,
    Query(query): Query<PageQuery>,
) -> ApiResult<web::Json<Page<Member>>> {
    let window = query.window()?;
    let tx = guard.begin().await?;
    let all = tx.access(Permission::MemberManage) != Access::No;
    let Page { data, pagination } = repo::list(&tx, window).await?;
    tx.commit().await?;
    Ok(web::Json(Page { data: data.into_iter().map(|row| row.shown(all)).collect(), pagination }))
}

/// Change a member's role
///
/// The new role holds from the member's next request on. One's own role cannot be changed; only owners make and unmake
/// owners; the last owner stays owner.
///
/// **Permissions:** `member.manage`.
#[utoipa::path(
    tag = "members",
    params(("id" = Uuid, Path, description = "Id of the member")),
    request_body = RoleInput,
    responses((status = 200, body = Member, description = "The member with the new role"), Refusals),
    security(("session" = []))
)]
#[put("/members/{id}/role")]
async fn put_role(
    guard: Guard<perm::MemberManage>,
    id: web::Path<Uuid>,
    Body(input): Body<RoleInput>,
) -> ApiResult<web::Json<Member>> {
    let tx = guard.begin().await?;
    let member = service::change_role(&tx, *id, input.role).await?;
    tx.commit().await?;
    Ok(web::Json(member))
}

/// Remove a member
///
/// Ends the person's access to this organization at once; the records stay with their owner's name. The last owner
/// cannot be removed.
///
/// **Permissions:** `member.manage`.
#[utoipa::path(
    tag = "members",
    params(("id" = Uuid, Path, description = "Id of the member")),
    responses((status = 204, description = "Removed"), Refusals),
    security(("session" = []))
)]
#[delete("/members/{id}")]
async fn delete_member(guard: Guard<perm::MemberManage>, id: web::Path<Uuid>) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    service::remove(&tx, *id).await?;
    tx.commit().await?;
    Ok(HttpResponse::NoContent().finish())
}
