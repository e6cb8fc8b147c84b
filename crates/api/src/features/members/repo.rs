//! Rows of `org_members` with the names of `users`.

use crate::db::{Listing, TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::http::page::Window;
use chrono::{DateTime, Utc};
use domain::auth::Member;
use domain::page::Page;
use domain::permission::Role;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

/// A membership with everything that is known about it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Row {
    /// Id of the person.
    pub id: Uuid,
    /// Name; for somebody who has not joined yet, the one the inviter gave.
    pub name: String,
    /// Web address of a picture.
    pub avatar_url: Option<String>,
    /// Sign-in address; unknown until the person has joined.
    pub email: Option<String>,
    /// Role.
    pub role: Role,
    /// When the person joined.
    pub joined_at: Option<DateTime<Utc>>,
    /// Whether the membership has not been ended.
    pub active: bool,
}

impl Row {
    /// As somebody may see it who manages members, or anybody else.
    pub fn shown(self, all: bool) -> Member {
        Member {
            id: self.id,
            name: self.name,
            avatar_url: self.avatar_url,
            email: self.email.filter(|_| all),
            role: all.then_some(self.role),
            joined_at: self.joined_at.filter(|_| all),
            active: self.active,
        }
    }
}

const COLUMNS: &str = "m.user_id AS id, coalesce(u.name, m.invited_name, '') AS name, u.avatar_url, u.email, m.role, \
                       m.joined_at, m.removed_at IS NULL AS active";

/// A page of the members, active ones first, by name.
///
/// # Errors
/// The database cannot be reached.
pub async fn list(tx: &TenantTx, window: Window) -> ApiResult<Page<Row>> {
    let listing = Listing {
        columns: COLUMNS,
        from: "org_members m LEFT JOIN users u ON u.id = m.user_id WHERE m.org_id = $1",
        order: "m.removed_at IS NOT NULL, norm_text(coalesce(u.name, m.invited_name, '')), m.user_id",
    };
    tx.page(listing, Vec::new(), window).await
}

/// An active membership, held until the end of the transaction.
///
/// # Errors
/// 404 when there is none.
pub async fn locked(tx: &TenantTx, user_id: Uuid) -> ApiResult<Row> {
    let sql = format!(
        "SELECT {COLUMNS} FROM org_members m LEFT JOIN users u ON u.id = m.user_id \
         WHERE m.org_id = $1 AND m.user_id = $2 AND m.removed_at IS NULL FOR NO KEY UPDATE OF m"
    );
    let found = tx.conn().query_one_raw(statement(&sql, [tx.org_id().into(), user_id.into()])).await?;
    Ok(Row::from_query_result(&found.ok_or_else(|| ApiError::not_found("member"))?, "")?)
}

/// Gives a member another role.
///
/// # Errors
/// 409 when the organization would be left without an owner.
pub async fn set_role(tx: &TenantTx, user_id: Uuid, role: Role) -> ApiResult<()> {
    let sql = "UPDATE org_members SET role = $3, version = version + 1, updated_at = now() \
               WHERE org_id = $1 AND user_id = $2";
    let values = [tx.org_id().into(), user_id.into(), role.as_str().into()];
    tx.conn().execute_raw(statement(sql, values)).await?;
    Ok(())
}

/// Ends a membership. The row stays, because records refer to it.
///
/// # Errors
/// 409 when the organization would be left without an owner.
pub async fn remove(tx: &TenantTx, user_id: Uuid) -> ApiResult<()> {
    let sql = "UPDATE org_members SET removed_at = now(), version = version + 1, updated_at = now() \
               WHERE org_id = $1 AND user_id = $2";
    tx.conn().execute_raw(statement(sql, [tx.org_id().into(), user_id.into()])).await?;
    Ok(())
}
