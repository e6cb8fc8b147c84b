//! Names and currencies that the sentences of a batch need, in two statements whatever its size.

use super::Event;
use crate::db::{TenantTx, statement};
use crate::error::ApiResult;
use crate::records::values::ids_array;
use domain::catalog::{Kind, RecordType, Schemas};
use domain::events::display::{Lookup, ids_in};
use sea_orm::ConnectionTrait;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

const NAMES: &str = "SELECT id, name FROM companies WHERE org_id = $1 AND id = ANY($2) \
     UNION ALL SELECT id, name FROM contacts WHERE org_id = $1 AND id = ANY($2) \
     UNION ALL SELECT id, name FROM deals WHERE org_id = $1 AND id = ANY($2) \
     UNION ALL SELECT id, name FROM pipelines WHERE org_id = $1 AND id = ANY($2) \
     UNION ALL SELECT id, name FROM pipeline_stages WHERE org_id = $1 AND id = ANY($2) \
     UNION ALL SELECT m.user_id, coalesce(u.name, m.invited_name, 'a former member') FROM org_members m \
        LEFT JOIN users u ON u.id = m.user_id WHERE m.org_id = $1 AND m.user_id = ANY($2)";

const CURRENCIES: &str = "SELECT id, currency FROM companies WHERE org_id = $1 AND id = ANY($2) \
     UNION ALL SELECT id, currency FROM deals WHERE org_id = $1 AND id = ANY($2)";

pub(super) async fn of(tx: &TenantTx, events: &[Event]) -> ApiResult<Lookup> {
    let ids: BTreeSet<Uuid> = events.iter().flat_map(|event| ids_of(tx.schemas(), event)).collect();
    let priced: BTreeSet<Uuid> =
        events.iter().filter(|e| has_money(tx.schemas(), e)).filter_map(|e| e.row.entity_id).collect();
    let (names, currencies) = (names(tx, ids).await?, pairs(tx, CURRENCIES, priced).await?);
    Ok(Lookup { names, currencies, schemas: tx.schemas() })
}

/// Names of records, members, pipelines and stages by their ids.
///
/// # Errors
/// The database cannot be reached.
pub async fn names(tx: &TenantTx, ids: BTreeSet<Uuid>) -> ApiResult<HashMap<Uuid, String>> {
    pairs(tx, NAMES, ids).await
}

/// The ids in an event's changes and particulars that stand for something with a name.
pub(super) fn ids_of(schemas: Schemas, event: &Event) -> Vec<Uuid> {
    let kind = |field: &str| Some(schemas.of(RecordType::parse(&event.row.entity)?).field(field)?.kind);
    let changes = event.payload.changes.iter();
    let changed = changes.filter_map(|c| Some(ids_in(kind(&c.field)?, c))).flatten();
    let details = event.payload.details.as_object().into_iter().flat_map(|members| members.values());
    changed.chain(details.filter_map(|value| Uuid::parse_str(value.as_str()?).ok())).collect()
}

fn has_money(schemas: Schemas, event: &Event) -> bool {
    let schema = RecordType::parse(&event.row.entity).map(|record| schemas.of(record));
    let kind = |field: &str| schema.and_then(|schema| schema.field(field)).map(|field| field.kind);
    event.payload.changes.iter().any(|change| matches!(kind(&change.field), Some(Kind::Money { .. })))
}

async fn pairs<C: FromIterator<(Uuid, String)>>(tx: &TenantTx, sql: &str, ids: BTreeSet<Uuid>) -> ApiResult<C> {
    if ids.is_empty() {
        return Ok(C::from_iter([]));
    }
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let rows = tx.conn().query_all_raw(statement(sql, [tx.org_id().into(), ids_array(&ids)])).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}
