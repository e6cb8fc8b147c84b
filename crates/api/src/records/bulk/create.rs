//! Making many records.

use crate::db::{TenantTx, statement};
use crate::error::ApiResult;
use crate::events::emit_all;
use crate::records::values::ids_array;
use crate::records::write::{first_values, insert_many};
use crate::records::{Stored, tagging};
use domain::catalog::RecordType;
use domain::draft::Draft;
use domain::events::{NewEvent, verb};
use domain::tags;
use domain::value::Value;
use sea_orm::ConnectionTrait;
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use std::future::Future;
use uuid::Uuid;

/// A record about to be made.
#[derive(Debug)]
pub struct New {
    /// Its id.
    pub id: Uuid,
    /// Its fields, checked.
    pub draft: Draft,
    /// Records it is linked to, by type, id and name: they appear in its events.
    pub related: Vec<(RecordType, Uuid, String)>,
}

/// What a record type does for many records with few statements. The defaults do it one by one.
pub trait Bulk: Stored {
    /// What people call the record.
    fn title_of(draft: &Draft) -> String {
        draft.get(Self::spec().title).and_then(Value::as_text).unwrap_or_default().to_owned()
    }

    /// [`Stored::prepare`] for new records.
    fn prepare_new(tx: &TenantTx, rows: &mut [New]) -> impl Future<Output = ApiResult<()>> + Send {
        async move {
            for row in rows {
                Self::prepare(tx, &mut row.draft, None).await?;
            }
            Ok(())
        }
    }

    /// [`Stored::write_links`] for new records.
    fn link_new(tx: &TenantTx, rows: &[New]) -> impl Future<Output = ApiResult<()>> + Send {
        async move {
            for row in rows {
                Self::write_links(tx, row.id, &row.draft).await?;
            }
            Ok(())
        }
    }

    /// Events beside `created` and the tags'.
    fn events_new(_row: &New, _title: &str) -> Vec<NewEvent> {
        Vec::new()
    }
}

/// Makes records, at most 1,000 at a time. Ids in the drafts must have been looked up in this transaction. `details` go
/// into each `created` event.
///
/// # Errors
/// A constraint refuses a row: then none is written, and the transaction is lost unless there is a savepoint.
pub async fn create<R: Bulk>(tx: &TenantTx, rows: &mut [New], details: &Json) -> ApiResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    R::prepare_new(tx, rows).await?;
    let lines: Vec<(Uuid, &Draft)> = rows.iter().map(|row| (row.id, &row.draft)).collect();
    insert_many::<R>(tx, &lines).await?;
    tag::<R>(tx, rows).await?;
    R::link_new(tx, rows).await?;
    let mut events = Vec::with_capacity(rows.len());
    for row in rows.iter() {
        let title = R::title_of(&row.draft);
        events.push(created::<R>(tx, row, &title, details));
        if let Some(Value::Texts(names)) = row.draft.get("tags") {
            let tagged = |name| {
                NewEvent::record(R::TYPE, verb::TAG_ADDED, row.id, &title).version(1).details(json!({"tag": name}))
            };
            events.extend(names.iter().map(tagged));
        }
        events.extend(R::events_new(row, &title));
    }
    emit_all(tx, events).await
}

fn created<R: Bulk>(tx: &TenantTx, row: &New, title: &str, details: &Json) -> NewEvent {
    let event = NewEvent::record(R::TYPE, verb::CREATED, row.id, title).version(1);
    let event = event.changes(first_values(tx, &row.draft));
    let linked = row.related.iter().fold(event, |event, (record, id, name)| event.related(*record, *id, name));
    linked.details(details.clone())
}

/// Tags of all rows: the catalogue in one statement, the links in another.
async fn tag<R: Bulk>(tx: &TenantTx, rows: &[New]) -> ApiResult<()> {
    let names_of = |row: &New| match row.draft.get("tags") {
        Some(Value::Texts(names)) => names.clone(),
        _ => Vec::new(),
    };
    let mut names: HashMap<String, String> = HashMap::new();
    for name in rows.iter().flat_map(names_of) {
        names.entry(tags::norm(&name)).or_insert(name);
    }
    if names.is_empty() {
        return Ok(());
    }
    let distinct: Vec<String> = names.into_values().collect();
    let ids = tagging::ids_of::<R>(tx, &distinct).await?;
    let sql = "SELECT id, name_norm FROM tags WHERE org_id = $1 AND id = ANY($2)";
    let found = tx.conn().query_all_raw(statement(sql, [tx.org_id().into(), ids_array(&ids)])).await?;
    let mut known: HashMap<String, Uuid> = HashMap::new();
    for row in found {
        known.insert(row.try_get_by_index(1)?, row.try_get_by_index(0)?);
    }
    let (mut records, mut links) = (Vec::new(), Vec::new());
    for row in rows {
        for id in names_of(row).iter().filter_map(|name| known.get(&tags::norm(name))) {
            records.push(row.id);
            links.push(*id);
        }
    }
    let sql = format!(
        "INSERT INTO {} (org_id, record_id, tag_id) SELECT $1, r, t FROM unnest($2, $3) AS x (r, t) ON CONFLICT DO NOTHING",
        R::spec().tag_table()
    );
    tx.conn().execute_raw(statement(&sql, [tx.org_id().into(), ids_array(&records), ids_array(&links)])).await?;
    Ok(())
}
