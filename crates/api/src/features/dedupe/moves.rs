//! What leads to a record from elsewhere, made to lead to another one, and back.

use crate::db::{TenantTx, statement};
use crate::error::ApiResult;
use crate::events::emit_all;
use crate::features::contacts::{primary_contacts, restore_primary, step_back};
use crate::records::referrers::{self, LINK_TABLES, Led};
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
    /// Nothing that was moved, but what goes back after it: who was the primary contact of a company.
    Primary {
        /// The contact.
        contact: Uuid,
        /// The company.
        company: Uuid,
    },
}

impl Move {
    /// Whether it led to a merged record and leads to the survivor now.
    pub fn leads(&self) -> bool {
        !matches!(self, Self::Primary { .. })
    }
}

/// Makes everything that leads to one of `from` lead to `to`. Of the primary contacts of companies one stays it: that of
/// `to`, or else that of the first of `from` that has one.
///
/// # Errors
/// The database cannot be reached.
pub async fn to_survivor(tx: &TenantTx, record: RecordType, from: &[Uuid], to: Uuid) -> ApiResult<Vec<Move>> {
    let primaries = primary_contacts(tx, record, &[std::slice::from_ref(&to), from].concat()).await?;
    if record == RecordType::Company {
        step_back(tx, &primaries.iter().skip(1).map(|(contact, _)| *contact).collect::<Vec<_>>()).await?;
    }
    let mut moves: Vec<Move> =
        primaries.into_iter().map(|(contact, company)| Move::Primary { contact, company }).collect();
    let mut events = Vec::new();
    for Led { spec, field, id, from, name, version } in referrers::lead(tx, record, from, Some(to)).await? {
        let change = Change::between(field.name, &json!(from), &Value::Id(to));
        let event = NewEvent::record(spec.record, verb::UPDATED, id, &name).version(version);
        events.push(event.changes(change.into_iter().collect()));
        moves.push(Move::Column { table: spec.table.to_owned(), column: field.column().to_owned(), id, from });
    }
    emit_all(tx, events).await?;
    for link in links(record) {
        let Link { table, column, .. } = link;
        let sql = format!("DELETE FROM {table} t WHERE org_id = $1 AND {column} = ANY($2) RETURNING to_jsonb(t)");
        let rows = tx.conn().query_all_raw(statement(&sql, [tx.org_id().into(), ids_array(from)])).await?;
        for row in rows {
            let row: Json = row.try_get_by_index(0)?;
            let mut moved = row.clone();
            if let Some(members) = moved.as_object_mut() {
                members.insert(column.to_owned(), json!(to));
            }
            let added = insert(tx, link, &moved).await?;
            moves.push(Move::Link { table: table.to_owned(), column: column.to_owned(), row, added });
        }
    }
    Ok(moves)
}

/// Takes moves back: what leads to `survivor` still leads to what it led to before, unless one of both is gone for good.
///
/// # Errors
/// The database cannot be reached.
pub async fn back(tx: &TenantTx, record: RecordType, survivor: Uuid, moves: &[Move]) -> ApiResult<()> {
    let merged = record.spec().table;
    for one in moves.iter().rev() {
        match one {
            Move::Column { table, column, id, from } => {
                let mut known = referrers::columns(record);
                if !known.any(|(spec, field)| spec.table == table && field.column() == column) {
                    continue;
                }
                // Whether a contact is the primary one of the company that it comes back to is told by another move.
                let unmarked = if table == "contacts" { ", is_primary = false" } else { "" };
                let sql = format!(
                    "UPDATE {table} SET {column} = $3{unmarked}, version = version + 1, updated_at = now() \
                     WHERE org_id = $1 AND id = $2 AND {column} = $4 \
                     AND EXISTS (SELECT 1 FROM {merged} m WHERE m.org_id = $1 AND m.id = $3)"
                );
                let values = [tx.org_id().into(), (*id).into(), (*from).into(), survivor.into()];
                tx.conn().execute_raw(statement(&sql, values)).await?;
            }
            Move::Link { table, column, row, added } => {
                let Some(link) = links(record).find(|link| link.table == table && link.column == column) else {
                    continue;
                };
                insert(tx, link, row).await?;
                if *added {
                    remove_moved(tx, link, row, survivor).await?;
                }
            }
            Move::Primary { contact, company } => restore_primary(tx, *contact, *company).await?,
        }
    }
    Ok(())
}

/// A link table in which records of a type stand.
#[derive(Debug, Clone, Copy)]
struct Link {
    table: &'static str,
    /// The column that names them, and their type.
    column: &'static str,
    record: RecordType,
    /// The column that names what they are linked with, and the type of that.
    other: &'static str,
    of: RecordType,
}

/// The link tables in which such records stand.
fn links(record: RecordType) -> impl Iterator<Item = Link> {
    let both = LINK_TABLES.iter().flat_map(|link| [(link.table, link.from, link.to), (link.table, link.to, link.from)]);
    both.map(|(table, (column, record), (other, of))| Link { table, column, record, other, of })
        .filter(move |link| link.record == record)
}

/// Puts a row in; false where it is there already, and where a record that it links is gone for good.
async fn insert(tx: &TenantTx, link: Link, row: &Json) -> ApiResult<bool> {
    let Link { table, column, record, other, of } = link;
    let sql = format!(
        "INSERT INTO {table} SELECT r.* FROM jsonb_populate_record(NULL::{table}, $2) r WHERE r.org_id = $1 \
         AND EXISTS (SELECT 1 FROM {} a WHERE a.org_id = $1 AND a.id = r.{column}) \
         AND EXISTS (SELECT 1 FROM {} b WHERE b.org_id = $1 AND b.id = r.{other}) ON CONFLICT DO NOTHING",
        record.spec().table,
        of.spec().table
    );
    Ok(tx.conn().execute_raw(statement(&sql, [tx.org_id().into(), row.clone().into()])).await?.rows_affected() == 1)
}

/// Takes the row out again that was put in for `row`, which stays for a record that is gone for good.
async fn remove_moved(tx: &TenantTx, link: Link, row: &Json, survivor: Uuid) -> ApiResult<()> {
    let Link { table, column, record, other, .. } = link;
    let id = |column: &str| row.get(column).and_then(Json::as_str).and_then(|text| Uuid::try_parse(text).ok());
    let sql = format!(
        "DELETE FROM {table} WHERE org_id = $1 AND {column} = $2 AND {other} = $3 \
         AND EXISTS (SELECT 1 FROM {} m WHERE m.org_id = $1 AND m.id = $4)",
        record.spec().table
    );
    let values = [tx.org_id().into(), survivor.into(), id(other).into(), id(column).into()];
    tx.conn().execute_raw(statement(&sql, values)).await?;
    Ok(())
}
