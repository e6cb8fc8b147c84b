//! The record types as each organization has them, kept in memory for as long as its definitions stay.

use super::statement;
use domain::catalog::{Schemas, own_fields};
use domain::fields::FieldDefinition;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// How many organizations are kept. Beyond that all are forgotten, and read again when they come.
const KEPT: usize = 10_000;

/// The definitions of the organization `$1` as JSON; further conditions, the order and `) x` follow.
const DEFINITIONS: &str = "SELECT to_jsonb(x) FROM (SELECT id, entity, key, name, type, required, options, position, \
    show_in_list, deleted_at, version, created_at, updated_at FROM field_definitions WHERE org_id = $1";

/// What is known of the organizations' own fields. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct Known(Arc<Mutex<HashMap<Uuid, (i64, Schemas)>>>);

impl Known {
    /// The schemas of an organization whose definitions stand at `version`. They are read in `tx`, which sees that
    /// version or a newer one; after a newer one the next transaction asks again.
    pub async fn of(&self, tx: &DatabaseTransaction, org_id: Uuid, version: i64) -> Result<Schemas, DbErr> {
        if version == 0 {
            return Ok(Schemas::default());
        }
        if let Some((known, schemas)) = self.lock().get(&org_id)
            && *known == version
        {
            return Ok(*schemas);
        }
        let schemas = own_fields(&live_fields(tx, org_id).await?);
        let mut known = self.lock();
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(org_id, (version, schemas));
        Ok(schemas)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Uuid, (i64, Schemas)>> {
        // Entries are replaced as a whole: a panic beside leaves the map as it was.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The definitions of an organization's own fields, without deleted ones, in the order of forms.
///
/// # Errors
/// The database cannot be reached.
pub async fn live_fields(conn: &impl ConnectionTrait, org_id: Uuid) -> Result<Vec<FieldDefinition>, DbErr> {
    definitions(conn, org_id, "AND deleted_at IS NULL ORDER BY entity, position, id", Vec::new()).await
}

/// The definitions that `rest`, conditions and order, leaves; its values begin with `$2`.
///
/// # Errors
/// As [`live_fields`].
pub async fn definitions(
    conn: &impl ConnectionTrait,
    org_id: Uuid,
    rest: &str,
    values: Vec<sea_orm::Value>,
) -> Result<Vec<FieldDefinition>, DbErr> {
    let bound = std::iter::once(org_id.into()).chain(values);
    let rows = conn.query_all_raw(statement(&format!("{DEFINITIONS} {rest}) x"), bound)).await?;
    rows.iter()
        .map(|row| {
            let json: Json = row.try_get_by_index(0)?;
            serde_json::from_value(json).map_err(|error| DbErr::Json(error.to_string()))
        })
        .collect()
}
