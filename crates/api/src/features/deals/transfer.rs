//! Moving all deals of a stage to another one, when the stage is deleted.

use super::happenings;
use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::events::emit_all;
use domain::catalog::RecordType;
use domain::deals::DealStatus;
use domain::deals::close::status_in;
use domain::events::NewEvent;
use domain::pipelines::Stage;
use domain::rank;
use sea_orm::{ConnectionTrait, QueryResult};
use serde_json::json;
use uuid::Uuid;

use super::rules::Rules;

/// Deals whose events are written at a time.
const BATCH: usize = 500;

/// Moves every deal of `from`, archived ones too, to the end of `to`; returns how many. A stage that closes wins or
/// loses them (DEAL-04); otherwise each keeps its status.
///
/// # Errors
/// The database cannot be reached.
pub async fn all(tx: &TenantTx, from: &Stage, to: &Stage) -> ApiResult<usize> {
    let rules = Rules::load(tx).await?;
    let status = status_in(to);
    let ends = (status != DealStatus::Open).then(|| status.as_str().to_owned());
    // The time, as in ranks that are appended one by one; then the deals in their order.
    let rank = rank::appended(rules.now.timestamp_millis(), 0);
    let time = rank.get(..9).unwrap_or_default().to_owned();
    let sql = "UPDATE deals d SET stage_id = $3, stage_entered_at = now(), version = d.version + 1, updated_at = now(), \
             stage_order = $4 || lpad(x.n::text, 9, '0') || 'i', status = coalesce($5, d.status), \
             closed_date = CASE WHEN $5 IS NULL OR $5 = d.status THEN d.closed_date ELSE $6 END \
         FROM (SELECT o.id, o.status, row_number() OVER (ORDER BY o.stage_order, o.id) AS n FROM deals o \
               WHERE o.org_id = $1 AND o.stage_id = $2) x \
         WHERE d.org_id = $1 AND d.id = x.id AND d.stage_id = $2 \
         RETURNING d.id, d.name, d.version, x.status <> d.status, d.amount_minor, d.currency, d.closed_date";
    let values = [tx.org_id().into(), from.id.into(), to.id.into(), time.into(), ends.into(), rules.today.into()];
    let rows = tx.conn().query_all_raw(statement(sql, values)).await?;
    for batch in rows.chunks(BATCH) {
        tell(tx, batch, from, to).await?;
    }
    Ok(rows.len())
}

/// Writes the events of a batch: for each deal the move, then the ending.
async fn tell(tx: &TenantTx, rows: &[QueryResult], from: &Stage, to: &Stage) -> ApiResult<()> {
    let ids = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<Uuid>, _>>()?;
    let mut related = happenings::related(tx, &ids).await?;
    let mut events = Vec::with_capacity(rows.len() * 2);
    for (row, id) in rows.iter().zip(&ids) {
        let (title, version, ended): (String, i32, bool) =
            (row.try_get_by_index(1)?, row.try_get_by_index(2)?, row.try_get_by_index(3)?);
        let concerned = related.remove(id).unwrap_or_default();
        let mut about = |verb: &str, details: serde_json::Value| {
            let mut event = NewEvent::record(RecordType::Deal, verb, *id, &title).version(version).details(details);
            event.payload.related.clone_from(&concerned);
            events.push(event);
        };
        about(
            "moved",
            json!({
                "from_stage": from.name, "from_stage_id": from.id, "to_stage": to.name, "to_stage_id": to.id,
                "stage_deleted": true,
            }),
        );
        if ended {
            let (amount, currency): (i64, String) = (row.try_get_by_index(4)?, row.try_get_by_index(5)?);
            let date: Option<chrono::NaiveDate> = row.try_get_by_index(6).map_err(ApiError::from)?;
            let details = json!({ "amount_minor": amount, "currency": currency, "closed_date": date });
            about(happenings::verb_of(status_in(to)), details);
        }
    }
    emit_all(tx, events).await
}
