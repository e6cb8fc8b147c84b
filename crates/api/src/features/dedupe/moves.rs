//! What leads to a record from elsewhere, made to lead to another one, and back.

use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::events::emit_all;
use crate::records::referrers::{self, LINK_TABLES};
use crate::records::values::ids_array;
use domain::catalog::RecordType;
use domain::events::{Change, NewEvent, verb};
use domain::value::Value;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// One thing that was moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Move {
    /// A record that names it in a column of its own.
    Column {
        /// Table.
        table: String,
        /// Column.
        column: String,
        /// The record.
        id: Uuid,
        /// What it named before.
        from: Uuid,
    },
    /// A row of a link table, as it was.
    Link {
        /// Table.
        table: String,
        /// Column.
        column: String,
        /// The row before.
        row: Json,
        /// Whether the survivor got a row in its place; otherwise it had one already.
        added: bool,
    },
}

/// Makes everything that leads to one of `from` lead to `to`.
///
/// # Errors
/// The database cannot be reached.
pub async fn to_survivor(tx: &TenantTx, record: RecordType, from: &[Uuid], to: Uuid) -> ApiResult<Vec<Move>> {
    let mut moves = Vec::new();
    let mut events = Vec::new();
    for (spec, field) in referrers::columns(record) {
        let (table, column, title) = (spec.table, field.column(), spec.title);
        // Names come from the catalogue.
        let sql = format!(
            "UPDATE {table} AS t SET {column} = $3, version = t.version + 1, updated_at = now() \
             FROM (SELECT id, {column} AS old FROM {table} WHERE org_id = $1 AND {column} = ANY($2) \
                   ORDER BY id FOR NO KEY UPDATE) b \
             WHERE t.org_id = $1 AND t.id = b.id RETURNING t.id, b.old, t.{title}, t.version"
        );
        let rows = tx.conn().query_all_raw(statement(&sql, [tx.org_id().into(), ids_array(from), to.into()])).await?;
        for row in rows {
            let (id, from): (Uuid, Uuid) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            let (name, version): (String, i32) = (row.try_get_by_index(2)?, row.try_get_by_index(3)?);
            let change = Change::between(field.name, &json!(from), &Value::Id(to));
            let event = NewEvent::record(spec.record, verb::UPDATED, id, &name).version(version);
            events.push(event.changes(change.into_iter().collect()));
            moves.push(Move::Column { table: table.to_owned(), column: column.to_owned(), id, from });
        }
    }
    emit_all(tx, events).await?;
    for (table, column) in link_columns(record) {
        let sql = format!("DELETE FROM {table} t WHERE org_id = $1 AND {column} = ANY($2) RETURNING to_jsonb(t)");
        let rows = tx.conn().query_all_raw(statement(&sql, [tx.org_id().into(), ids_array(from)])).await?;
        for row in rows {
            let row: Json = row.try_get_by_index(0)?;
            let added = insert(tx, table, &row, Some((column, to))).await?;
            moves.push(Move::Link { table: table.to_owned(), column: column.to_owned(), row, added });
        }
    }
    Ok(moves)
}

/// Takes moves back: what leads to `survivor` still leads to what it led to before.
///
/// # Errors
/// The database cannot be reached.
pub async fn back(tx: &TenantTx, record: RecordType, survivor: Uuid, moves: &[Move]) -> ApiResult<()> {
    for one in moves.iter().rev() {
        match one {
            Move::Column { table, column, id, from } => {
                let mut known = referrers::columns(record);
                if !known.any(|(spec, field)| spec.table == table && field.column() == column) {
                    continue;
                }
                let sql = format!(
                    "UPDATE {table} SET {column} = $3, version = version + 1, updated_at = now() \
                     WHERE org_id = $1 AND id = $2 AND {column} = $4"
                );
                let values = [tx.org_id().into(), (*id).into(), (*from).into(), survivor.into()];
                tx.conn().execute_raw(statement(&sql, values)).await?;
            }
            Move::Link { table, column, row, added } => {
                let Some((table, column)) = link_columns(record).find(|(t, c)| t == table && c == column) else {
                    continue;
                };
                insert(tx, table, row, None).await?;
                if *added {
                    remove_moved(tx, table, column, row, survivor).await?;
                }
            }
        }
    }
    Ok(())
}

/// Link tables in which such records stand, with the column that names them.
fn link_columns(record: RecordType) -> impl Iterator<Item = (&'static str, &'static str)> {
    LINK_TABLES.iter().flat_map(move |link| {
        [link.from, link.to].into_iter().filter(move |(_, of)| *of == record).map(|(column, _)| (link.table, column))
    })
}

/// Puts a row in, with another record in one column; false where it is there already.
async fn insert(tx: &TenantTx, table: &str, row: &Json, with: Option<(&str, Uuid)>) -> ApiResult<bool> {
    let mut row = row.clone();
    if let (Some((column, to)), Some(members)) = (with, row.as_object_mut()) {
        members.insert(column.to_owned(), Json::from(to.to_string()));
    }
    let sql =
        format!("INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, $1) ON CONFLICT DO NOTHING");
    Ok(tx.conn().execute_raw(statement(&sql, [row.into()])).await?.rows_affected() == 1)
}

/// Takes the row out again that was put in for `row`.
async fn remove_moved(tx: &TenantTx, table: &str, column: &str, row: &Json, survivor: Uuid) -> ApiResult<()> {
    let link = LINK_TABLES.iter().find(|link| link.table == table);
    let link = link.ok_or_else(|| ApiError::internal(anyhow::anyhow!("there is no link table {table}")))?;
    let other = if link.from.0 == column { link.to.0 } else { link.from.0 };
    let id = row.get(other).and_then(Json::as_str).and_then(|text| Uuid::try_parse(text).ok());
    let sql = format!("DELETE FROM {table} WHERE org_id = $1 AND {column} = $2 AND {other} = $3");
    tx.conn().execute_raw(statement(&sql, [tx.org_id().into(), survivor.into(), id.into()])).await?;
    Ok(())
}
