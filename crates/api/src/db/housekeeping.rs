//! What the workers tidy up outside any tenant: narrow functions of the owner.

use super::{Db, statement};
use crate::error::ApiResult;
use crate::records::values::ids_array;
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

impl Db {
    /// Deletes some of the events that all consumers dealt with before a moment; returns how many, 0 at the end.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn prune_events(&self, before: DateTime<Utc>) -> ApiResult<i64> {
        let row = self.worker.query_one_raw(statement("SELECT prune_events($1)", [before.into()])).await?;
        Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0))
    }

    /// Takes words that no search document has any more out of the vocabulary of the organization that comes after this
    /// one; returns which one that was, `None` at the end.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn forget_words(&self, after: Uuid) -> ApiResult<Option<Uuid>> {
        let row = self.worker.query_one_raw(statement("SELECT forget_words($1)", [after.into()])).await?;
        Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.flatten())
    }

    /// Those of these organizations that exist.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn existing_organizations(&self, ids: &[Uuid]) -> ApiResult<Vec<Uuid>> {
        let sql = "SELECT existing_organizations($1)";
        let rows = self.worker.query_all_raw(statement(sql, [ids_array(ids)])).await?;
        Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
    }
}
