//! The keys under which possible duplicates are met: made anew from the records' present rows, as search documents are.

use super::Event;
use crate::db::TenantTx;
use crate::error::ApiResult;
use crate::features::dedupe::refresh_keys;
use domain::catalog::RecordType;
use domain::dedupe::compared;
use domain::events::verb;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Brings the keys of the records up to date that somebody has changed by a request. What jobs do, imports above all,
/// is left to the search for duplicates that follows them: it reads every record once.
pub(super) async fn refresh(tx: &TenantTx, events: &[Event]) -> ApiResult<()> {
    for record in RecordType::ALL {
        let of_record = events.iter().filter(|event| event.row.entity == record.as_str());
        let concerned = of_record.filter(|event| event.row.request_id.is_some() && changes_keys(*record, event));
        let ids: BTreeSet<Uuid> = concerned.filter_map(|event| event.row.entity_id).collect();
        if !ids.is_empty() {
            refresh_keys(tx, *record, &ids.into_iter().collect::<Vec<_>>()).await?;
        }
    }
    Ok(())
}

fn changes_keys(record: RecordType, event: &Event) -> bool {
    match super::verb_of(event) {
        verb::UPDATED => event.payload.changes.iter().any(|change| compared(record).contains(&change.field.as_str())),
        verb::CREATED | verb::ARCHIVED | verb::RESTORED | verb::DELETED => true,
        _ => false,
    }
}
