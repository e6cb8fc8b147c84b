//! Rows of `invitations`.

use crate::db::{Listing, System, TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::http::page::Window;
use chrono::{DateTime, Utc};
use domain::auth::Invitation;
use domain::page::Page;
use domain::permission::Role;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

/// A new invitation.
#[derive(Debug)]
pub struct New<'a> {
    /// Id.
    pub id: Uuid,
    /// Address as it was typed.
    pub email: &'a str,
    /// Address in the form in which addresses are compared.
    pub email_norm: &'a str,
    /// Role.
    pub role: Role,
    /// Digest of the secret part of the link.
    pub token_hash: &'a str,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
}

const COLUMNS: &str = "id, email, role, invited_by, created_at, expires_at";

/// Stores an invitation. An expired one to the same address makes room for it.
///
/// # Errors
/// 409 while another one to the same address is open.
pub async fn insert(tx: &TenantTx, new: &New<'_>) -> ApiResult<Invitation> {
    let expire = "UPDATE invitations SET status = 'expired' \
                  WHERE org_id = $1 AND email_norm = $2 AND status = 'pending' AND expires_at <= now()";
    tx.conn().execute_raw(statement(expire, [tx.org_id().into(), new.email_norm.into()])).await?;
    let sql = format!(
        "INSERT INTO invitations (org_id, id, email, email_norm, role, token_hash, invited_by, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING {COLUMNS}"
    );
    let values = [
        tx.org_id().into(),
        new.id.into(),
        new.email.into(),
        new.email_norm.into(),
        new.role.as_str().into(),
        new.token_hash.into(),
        tx.user_id().into(),
        new.expires_at.into(),
    ];
    let row = tx.conn().query_one_raw(statement(&sql, values)).await?;
    let row = row.ok_or_else(|| ApiError::internal(anyhow::anyhow!("the insert returned nothing")))?;
    Ok(Invitation::from_query_result(&row, "")?)
}

/// Open invitations, newest first.
///
/// # Errors
/// The database cannot be reached.
pub async fn list(tx: &TenantTx, window: Window) -> ApiResult<Page<Invitation>> {
    let listing = Listing {
        columns: COLUMNS,
        from: "invitations WHERE org_id = $1 AND status = 'pending' AND expires_at > now()",
        order: "created_at DESC, id DESC",
    };
    tx.page(listing, Vec::new(), window).await
}

/// Gives an open invitation another link and a new term.
///
/// # Errors
/// 404 for an unknown one, or one that is not open any more.
pub async fn renew(tx: &TenantTx, id: Uuid, token_hash: &str, expires_at: DateTime<Utc>) -> ApiResult<Invitation> {
    let sql = format!(
        "UPDATE invitations SET token_hash = $3, expires_at = $4 \
         WHERE org_id = $1 AND id = $2 AND status = 'pending' AND expires_at > now() RETURNING {COLUMNS}"
    );
    let values = [tx.org_id().into(), id.into(), token_hash.into(), expires_at.into()];
    let row = tx.conn().query_one_raw(statement(&sql, values)).await?;
    let row = row.ok_or_else(|| ApiError::not_found("open invitation"))?;
    Ok(Invitation::from_query_result(&row, "")?)
}

/// Withdraws an open invitation; returns its address.
///
/// # Errors
/// 404 for an unknown one, or one that is not open any more.
pub async fn revoke(tx: &TenantTx, id: Uuid) -> ApiResult<String> {
    let sql = "UPDATE invitations SET status = 'revoked' WHERE org_id = $1 AND id = $2 AND status = 'pending' \
               RETURNING email";
    let row = tx.conn().query_one_raw(statement(sql, [tx.org_id().into(), id.into()])).await?;
    Ok(row.ok_or_else(|| ApiError::not_found("open invitation"))?.try_get_by_index(0)?)
}

/// Whether somebody with this address is a member now.
///
/// # Errors
/// The database cannot be reached.
pub async fn is_member(tx: &TenantTx, email_norm: &str) -> ApiResult<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM org_members m JOIN users u ON u.id = m.user_id \
               WHERE m.org_id = $1 AND m.joined_at IS NOT NULL AND m.removed_at IS NULL AND u.email_norm = $2)";
    let row = tx.conn().query_one_raw(statement(sql, [tx.org_id().into(), email_norm.into()])).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(false))
}

/// Whether an invitation to this address is open.
///
/// # Errors
/// The database cannot be reached.
pub async fn is_invited(tx: &TenantTx, email_norm: &str) -> ApiResult<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM invitations WHERE org_id = $1 AND email_norm = $2 \
               AND status = 'pending' AND expires_at > now())";
    let row = tx.conn().query_one_raw(statement(sql, [tx.org_id().into(), email_norm.into()])).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(false))
}

/// An invitation as the person invited finds it.
#[derive(Debug, FromQueryResult)]
pub struct Found {
    /// Name of the organization.
    pub org_name: String,
    /// Address as it was typed.
    pub email: String,
    /// Address in the form in which addresses are compared.
    pub email_norm: String,
    /// Role.
    pub role: Role,
    /// `pending`, `accepted`, `revoked` or `expired`.
    pub status: String,
    /// Whether the address already signs in here.
    pub has_account: bool,
}

/// The invitation with this secret.
///
/// # Errors
/// The database cannot be reached.
pub async fn by_token(system: &System, token_hash: &str) -> ApiResult<Option<Found>> {
    let sql = "SELECT org_name, email, email_norm, role, status, has_account FROM auth_invitation_by_token($1)";
    let row = system.call(sql, vec![token_hash.into()]).await?;
    Ok(row.map(|row| Found::from_query_result(&row, "")).transpose()?)
}

/// Accepts an invitation: the organization, the person and the invitation's id; `None` when it is not open any more.
///
/// # Errors
/// The database cannot be reached.
pub async fn accept(
    system: &System,
    token_hash: &str,
    user_id: Uuid,
    name: &str,
    password_hash: Option<String>,
) -> ApiResult<Option<(Uuid, Uuid, Uuid)>> {
    let sql = "SELECT org_id, user_id, invitation_id FROM auth_accept_invitation($1, $2, $3, $4)";
    let values = vec![token_hash.into(), user_id.into(), name.into(), password_hash.into()];
    let Some(row) = system.call(sql, values).await? else { return Ok(None) };
    Ok(Some((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?)))
}
