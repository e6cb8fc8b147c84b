//! Changing many records.

use super::load;
use crate::db::{TenantTx, statement};
use crate::error::ApiResult;
use crate::events::emit_all;
use crate::records::read::For;
use crate::records::values::to_sql;
use crate::records::write::{self, Difference, shadow_column, shadow_text};
use crate::records::{Stored, tagging};
use domain::catalog::{Field, member};
use domain::draft::Draft;
use domain::events::{Change, verb};
use domain::value::Value;
use sea_orm::{ConnectionTrait, Value as Sql};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A record with what is to change.
struct Changed<R> {
    before: R,
    draft: Draft,
    changes: Vec<Change>,
}

/// A record that was changed.
#[derive(Debug)]
pub struct Updated<R> {
    /// As it was.
    pub before: R,
    /// As it is.
    pub after: R,
}

/// Applies drafts to records that are locked for the change, and returns those that differ now. Ids in the drafts must
/// have been looked up in this transaction.
///
/// # Errors
/// 422 for a rule of the record type, 409 for a value that must be unique: then none is written.
pub async fn update<R: Stored>(tx: &TenantTx, rows: Vec<(R, Draft)>) -> ApiResult<Vec<Updated<R>>> {
    let mut changed = Vec::with_capacity(rows.len());
    // Rows that change the same columns travel in one statement.
    let mut groups: BTreeMap<Vec<String>, Vec<Vec<Sql>>> = BTreeMap::new();
    for (before, mut draft) in rows {
        R::prepare(tx, &mut draft, Some(&before)).await?;
        let Difference { fields, changes } = write::difference(tx, &before, &draft)?;
        if fields.is_empty() && !draft.has_derived() {
            continue;
        }
        let (columns, values) = line::<R>(tx, &before, &draft, &fields);
        groups.entry(columns).or_default().push(values);
        changed.push(Changed { before, draft, changes });
    }
    for (columns, lines) in groups {
        write::<R>(tx, &columns, lines).await?;
    }
    for row in &changed {
        write::finish_links::<R>(tx, row.before.id(), &row.draft).await?;
    }
    tell(tx, changed).await
}

/// The columns of a change with their values; the id comes first.
fn line<R: Stored>(
    tx: &TenantTx,
    before: &R,
    draft: &Draft,
    fields: &[(&'static Field, Value)],
) -> (Vec<String>, Vec<Sql>) {
    let mut columns = Vec::new();
    let mut values: Vec<Sql> = vec![before.id().into()];
    if let Some(patch) = write::own_patch(fields) {
        columns.push(member::CUSTOM.to_owned());
        values.push(patch);
    }
    for (field, value) in fields {
        if field.is_column() {
            columns.push(field.column().to_owned());
            values.push(to_sql(field, value));
        }
        if let Some(column) = shadow_column(field) {
            columns.push(column);
            values.push(shadow_text(tx, field, value).into());
        }
    }
    columns.extend(R::derived_columns().iter().map(|c| (*c).to_owned()));
    values.extend(R::derive(draft, Some(before)));
    (columns, values)
}

/// One statement for rows that change the same columns. Names of tables and columns come from the catalogue.
async fn write<R: Stored>(tx: &TenantTx, columns: &[String], lines: Vec<Vec<Sql>>) -> ApiResult<()> {
    let mut sql = format!("UPDATE {} AS t SET version = t.version + 1, updated_at = now()", R::spec().table);
    for column in columns {
        match column.as_str() {
            member::CUSTOM => sql.push_str(", custom_fields = jsonb_strip_nulls(t.custom_fields || v.custom_fields)"),
            _ => sql.push_str(&format!(", \"{column}\" = v.\"{column}\"")),
        }
    }
    sql.push_str(" FROM (VALUES ");
    let mut bound: Vec<Sql> = vec![tx.org_id().into()];
    for (at, line) in lines.into_iter().enumerate() {
        sql.push_str(if at == 0 { "(" } else { ", (" });
        for (at, value) in line.into_iter().enumerate() {
            bound.push(value);
            sql.push_str(&format!("{}${}", if at == 0 { "" } else { ", " }, bound.len()));
        }
        sql.push(')');
    }
    sql.push_str(") AS v (id");
    for column in columns {
        sql.push_str(&format!(", \"{column}\""));
    }
    sql.push_str(") WHERE t.org_id = $1 AND t.id = v.id");
    tx.conn().execute_raw(statement(&sql, bound)).await?;
    Ok(())
}

async fn tell<R: Stored>(tx: &TenantTx, changed: Vec<Changed<R>>) -> ApiResult<Vec<Updated<R>>> {
    let ids: Vec<Uuid> = changed.iter().map(|row| row.before.id()).collect();
    let mut loaded = load::<R>(tx, &ids, For::Reading).await?;
    let mut events = Vec::with_capacity(changed.len());
    let mut updated = Vec::with_capacity(changed.len());
    for Changed { before, draft, changes } in changed {
        let Some(after) = loaded.remove(&before.id()) else { continue };
        if !changes.is_empty() {
            let main = write::event::<R>(verb::UPDATED, &after).changes(changes);
            events.extend(R::events(tx, main, Some(&before), &after).await?);
        }
        if let Some(Value::Texts(names)) = draft.get("tags") {
            events.extend(tagging::events::<R>(&after, before.tags(), names));
        }
        updated.push(Updated { before, after });
    }
    emit_all(tx, events).await?;
    Ok(updated)
}
