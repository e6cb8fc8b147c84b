//! `/members/…`

use super::{repo, service};
use crate::auth::Guard;
use crate::error::{ApiError, ApiResult};
use crate::http::body::Body;
use crate::http::refusals::Refusals;
use actix_web::{HttpResponse, delete, get, put, web};
use domain::auth::{Member, RoleInput};
use domain::page::{MAX_LIMIT, MAX_OFFSET, Page, Pagination};
use domain::permission::{Access, Permission, perm};
use serde::Deserialize;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_members).service(put_role).service(delete_member);
}

/// Which page of a short list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Number of the page, from 1.
    #[serde(default = "first")]
    #[param(default = 1, minimum = 1)]
    page: u64,
    /// Rows per page, 1 to 200.
    #[serde(default = "most")]
    #[param(default = 200, minimum = 1, maximum = 200)]
    limit: u32,
}

const fn first() -> u64 {
    1
}

const fn most() -> u32 {
    MAX_LIMIT
}

impl PageQuery {
    /// Rows per page, and how many rows come before.
    ///
    /// # Errors
    /// 422 for a page that does not exist or is too far.
    pub fn window(&self) -> ApiResult<(u32, u64)> {
        if !(1..=MAX_LIMIT).contains(&self.limit) {
            return Err(ApiError::field("limit", "range", format!("A page can have 1 to {MAX_LIMIT} rows.")));
        }
        if self.page == 0 || self.page.saturating_mul(u64::from(self.limit)) > MAX_OFFSET {
            return Err(ApiError::field("page", "range", format!("Pages begin with 1 and end at row {MAX_OFFSET}.")));
        }
        Ok((self.limit, (self.page - 1) * u64::from(self.limit)))
    }

    /// The page with these rows of `total`.
    pub fn page<T>(&self, data: Vec<T>, total: i64) -> Page<T> {
        let pages = Pagination::pages_for(total, self.limit);
        let (page, limit) = (Some(self.page), self.limit);
        let pagination =
            Pagination { page, limit, total, total_exact: true, pages, next_cursor: None, prev_cursor: None };
        Page { data, pagination }
    }
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
    query: web::Query<PageQuery>,
) -> ApiResult<web::Json<Page<Member>>> {
    let (limit, offset) = query.window()?;
    let tx = guard.begin().await?;
    let all = tx.access(Permission::MemberManage) != Access::No;
    let (rows, total) = repo::list(&tx, limit, offset).await?;
    tx.commit().await?;
    Ok(web::Json(query.page(rows.into_iter().map(|row| row.shown(all)).collect(), total)))
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
