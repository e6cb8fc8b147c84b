//! Statements that find many records by their keys.

use crate::db::{TenantTx, statement};
use crate::error::ApiResult;
use crate::records::values::texts_array;
use sea_orm::ConnectionTrait;
use std::collections::HashMap;
use uuid::Uuid;

/// A record that was found.
#[derive(Debug, Clone)]
pub(crate) struct Hit {
    /// Its id.
    pub id: Uuid,
    /// What people call it.
    pub name: String,
    /// Another key of it as it is compared, where the statement gives one: a contact's address, a product's code.
    pub other_key: Option<String>,
    /// Whether it is in the archive.
    pub archived: bool,
}

/// Runs a statement that gives key, id, name, another key and archived for `$2`, the keys; the first row of a key wins.
pub(crate) async fn find(tx: &TenantTx, sql: &str, keys: Vec<String>) -> ApiResult<HashMap<String, Hit>> {
    let mut found = HashMap::new();
    if keys.is_empty() {
        return Ok(found);
    }
    let rows = tx.conn().query_all_raw(statement(sql, [tx.org_id().into(), texts_array(&keys)])).await?;
    for row in rows {
        let hit = Hit {
            id: row.try_get_by_index(1)?,
            name: row.try_get_by_index(2)?,
            other_key: row.try_get_by_index(3)?,
            archived: row.try_get_by_index(4)?,
        };
        found.entry(row.try_get_by_index::<String>(0)?).or_insert(hit);
    }
    Ok(found)
}

/// Each text once.
pub(crate) fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut texts: Vec<String> = texts.collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}
