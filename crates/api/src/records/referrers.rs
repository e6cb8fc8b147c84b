//! What leads to a record from elsewhere: columns of other record types, and tables that link two records.

use super::Stored;
use super::values::ids_array;
use crate::db::{TenantTx, statement};
use crate::error::ApiResult;
use domain::catalog::{Field, Kind, RecordSpec, RecordType};
use sea_orm::ConnectionTrait;
use std::collections::HashSet;
use uuid::Uuid;

/// A table whose rows link two records.
#[derive(Debug, Clone, Copy)]
pub struct LinkTable {
    /// Its name.
    pub table: &'static str,
    /// The column of the record whose link it is, with its type: the link goes when that record goes.
    pub from: (&'static str, RecordType),
    /// The column of the record that is linked, with its type.
    pub to: (&'static str, RecordType),
}

/// All of them.
pub const LINK_TABLES: &[LinkTable] = &[
    LinkTable {
        table: "contact_companies",
        from: ("contact_id", RecordType::Contact),
        to: ("company_id", RecordType::Company),
    },
    LinkTable { table: "deal_companies", from: ("deal_id", RecordType::Deal), to: ("company_id", RecordType::Company) },
    LinkTable { table: "deal_contacts", from: ("deal_id", RecordType::Deal), to: ("contact_id", RecordType::Contact) },
    LinkTable {
        table: "deal_products",
        from: ("deal_id", RecordType::Deal),
        to: ("catalogue_product_id", RecordType::Product),
    },
];

/// Fields of other record types that hold ids of such records.
pub fn columns(record: RecordType) -> impl Iterator<Item = (&'static RecordSpec, &'static Field)> {
    RecordType::ALL.iter().flat_map(move |other| {
        let spec = other.spec();
        let leading =
            spec.standard.iter().filter(move |f| f.is_column() && matches!(f.kind, Kind::Record(of) if of == record));
        leading.map(move |field| (spec, field))
    })
}

/// A record that named another one in a column of its own, which has changed.
#[derive(Debug)]
pub struct Led {
    /// Its type.
    pub spec: &'static RecordSpec,
    /// The column's field.
    pub field: &'static Field,
    /// The record.
    pub id: Uuid,
    /// What it named before.
    pub from: Uuid,
    /// How it is called.
    pub name: String,
    /// Its version, which is new.
    pub version: i32,
}

/// Makes the columns that name one of `from` name `to`, or nothing. The events are the caller's.
///
/// # Errors
/// The database cannot be reached.
pub async fn lead(tx: &TenantTx, record: RecordType, from: &[Uuid], to: Option<Uuid>) -> ApiResult<Vec<Led>> {
    let mut led = Vec::new();
    for (spec, field) in columns(record) {
        let (table, column, title) = (spec.table, field.column(), spec.title);
        // Without a company a contact is nobody's primary contact.
        let unmarked =
            if to.is_none() && column == "company_id" && table == "contacts" { ", is_primary = false" } else { "" };
        // Names come from the catalogue.
        let sql = format!(
            "UPDATE {table} AS t SET {column} = $3{unmarked}, version = t.version + 1, updated_at = now() \
             FROM (SELECT id, {column} AS old FROM {table} WHERE org_id = $1 AND {column} = ANY($2) \
                   ORDER BY id FOR NO KEY UPDATE) b \
             WHERE t.org_id = $1 AND t.id = b.id RETURNING t.id, b.old, t.{title}, t.version"
        );
        let rows = tx.conn().query_all_raw(statement(&sql, [tx.org_id().into(), ids_array(from), to.into()])).await?;
        for row in rows {
            let (id, from) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            let (name, version) = (row.try_get_by_index(2)?, row.try_get_by_index(3)?);
            led.push(Led { spec, field, id, from, name, version });
        }
    }
    Ok(led)
}

/// Those of the records that something else leads to: what other records hold or link, not what is their own.
///
/// # Errors
/// The database cannot be reached.
pub async fn in_use<R: Stored>(tx: &TenantTx, ids: &[Uuid]) -> ApiResult<HashSet<Uuid>> {
    let links = LINK_TABLES.iter().filter(|link| link.to.1 == R::TYPE).map(|link| (link.table, link.to.0));
    let parts: Vec<String> = columns(R::TYPE)
        .map(|(spec, field)| (spec.table, field.column()))
        .chain(links)
        .map(|(table, column)| format!("SELECT {column} FROM {table} WHERE org_id = $1 AND {column} = ANY($2)"))
        .collect();
    if ids.is_empty() || parts.is_empty() {
        return Ok(HashSet::new());
    }
    let rows = tx.conn().query_all_raw(statement(&parts.join(" UNION "), [tx.org_id().into(), ids_array(ids)])).await?;
    Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
}
