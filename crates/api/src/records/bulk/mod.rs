//! Many records at once: the same rules and events as for single ones, with a number of statements that does not
//! grow with theirs.

pub mod batch;
pub mod changes;
mod create;
mod states;
mod update;

pub use create::{Bulk, New, create};
pub use states::{archive, delete, restore};
pub use update::{Updated, update};

use super::read::{self, For};
use super::{Stored, select};
use crate::db::TenantTx;
use crate::error::ApiResult;
use sea_orm::ConnectionTrait;
use std::collections::HashMap;
use uuid::Uuid;

/// Records by id; with [`For::Update`] locked first.
///
/// # Errors
/// The database cannot be reached.
pub async fn load<R: Stored>(tx: &TenantTx, ids: &[Uuid], lock: For) -> ApiResult<HashMap<Uuid, R>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    if lock == For::Update {
        read::hold::<R>(tx, ids).await?;
    }
    let mut select = select::records::<R>(tx.org_id());
    select.and_where(select::one_of(select::column("id"), ids));
    let rows = tx.conn().query_all(&select).await?;
    let mut records = rows.iter().map(|row| R::from_query_result(row, "")).collect::<Result<Vec<R>, _>>()?;
    R::load_details(tx, &mut records).await?;
    Ok(records.into_iter().map(|record| (record.id(), record)).collect())
}
