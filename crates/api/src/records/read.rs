//! Reading one record.

use super::Stored;
use super::select::{self, column, one_of};
use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use domain::error::ErrorCode;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, ExprTrait, LockType, Order};
use uuid::Uuid;

/// Whether the row is locked for a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// Reading only.
    Reading,
    /// A change follows in the same transaction: others wait.
    Update,
}

/// The record with this id, archived or not.
///
/// # Errors
/// 404 where it does not exist in this organization.
#[track_caller]
pub fn one<R: Stored>(tx: &TenantTx, id: Uuid, lock: For) -> impl Future<Output = ApiResult<R>> + Send {
    let mut select = select::records::<R>(tx.org_id());
    select.and_where(column("id").eq(id));
    async move {
        if lock == For::Update {
            hold::<R>(tx, &[id]).await?;
        }
        let row = tx.conn().query_one(&select).await?;
        let row = row.ok_or_else(|| ApiError::not_found(&R::spec().label.to_lowercase()))?;
        let mut records = [R::from_query_result(&row, "")?];
        R::load_details(tx, &mut records).await?;
        let [record] = records;
        Ok(record)
    }
}

/// Locks records until the end of the transaction, in the order of their ids, so that two transactions cannot deadlock.
///
/// What is to be changed is read after that, by another statement: one that has waited for the lock has the row as it is
/// by then, but all that it fetched for it from elsewhere (tags, a deal's team) as it was before the wait.
///
/// # Errors
/// The database cannot be reached.
pub async fn hold<R: Stored>(tx: &TenantTx, ids: &[Uuid]) -> ApiResult<()> {
    let mut select = select::base(R::spec(), tx.org_id());
    select
        .expr(column("id"))
        .and_where(one_of(column("id"), ids))
        .order_by((Alias::new(select::T), Alias::new("id")), Order::Asc)
        .lock(LockType::NoKeyUpdate);
    tx.conn().query_all(&select).await?;
    Ok(())
}

/// The record that a link in the member `member` of an input leads to: it must be there and not archived.
///
/// # Errors
/// 422 at the member.
pub async fn linked<R: Stored>(tx: &TenantTx, member: &str, id: Uuid) -> ApiResult<R> {
    let found: ApiResult<R> = one(tx, id, For::Reading).await;
    match found {
        Ok(record) if record.deleted_at().is_none() => Ok(record),
        Err(error) if *error.code() != ErrorCode::NotFound => Err(error),
        Ok(_) | Err(_) => {
            let sentence = format!("There is no such {} here.", R::spec().label.to_lowercase());
            Err(ApiError::field(member, "not_found", sentence))
        }
    }
}
