//! Who is signed in.

use crate::db::{TenantTx, live_fields, statement};
use crate::error::{ApiError, ApiResult};
use domain::auth::{Me, Membership, Organization, User};
use domain::permission::{Access, Permission};
use sea_orm::ConnectionTrait;
use serde_json::Value as Json;
use uuid::Uuid;

/// The person of this transaction, the organization, and what the person may do there.
///
/// # Errors
/// 401 when the person has just been removed.
pub async fn me(tx: &TenantTx) -> ApiResult<Me> {
    let user_id = tx.user_id().ok_or_else(ApiError::unauthenticated)?;
    let role = tx.role().ok_or_else(ApiError::unauthenticated)?;
    let sql = "SELECT u.email, u.name, u.avatar_url, o.name AS org_name, \
                   (SELECT jsonb_agg(jsonb_build_object('org_id', m.org_id, 'name', m.org_name, 'role', m.role) \
                        ORDER BY m.joined_at, m.org_id) FROM auth_memberships($2) m) AS memberships \
               FROM organizations o JOIN users u ON u.id = $2 WHERE o.id = $1";
    let row = tx.conn().query_one_raw(statement(sql, [tx.org_id().into(), user_id.into()])).await?;
    let row = row.ok_or_else(ApiError::unauthenticated)?;
    let memberships: Json = row.try_get("", "memberships")?;
    let memberships: Vec<Membership> = serde_json::from_value(memberships).map_err(ApiError::internal)?;
    let permissions = Permission::ALL.iter().filter_map(|permission| match tx.access(*permission) {
        Access::No => None,
        reach => Some((permission.as_str().to_owned(), reach)),
    });
    Ok(Me {
        user: User {
            id: user_id,
            email: row.try_get("", "email")?,
            name: row.try_get("", "name")?,
            avatar_url: row.try_get("", "avatar_url")?,
        },
        organization: Organization {
            id: tx.org_id(),
            name: row.try_get("", "org_name")?,
            settings: tx.settings().clone(),
        },
        role,
        permissions: permissions.collect(),
        memberships,
        fields: live_fields(tx.conn(), tx.org_id()).await?,
    })
}

/// Changes the person's own name and picture.
///
/// # Errors
/// The database cannot be reached.
pub async fn update_profile(tx: &TenantTx, user_id: Uuid, name: &str, avatar_url: Option<&str>) -> ApiResult<()> {
    let values = [user_id.into(), name.into(), avatar_url.map(str::to_owned).into()];
    tx.conn().query_one_raw(statement("SELECT auth_update_user($1, $2, $3)", values)).await?;
    Ok(())
}
