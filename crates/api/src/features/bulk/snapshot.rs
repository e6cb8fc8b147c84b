//! Which records a job is about, decided once when it begins.

use super::store::Job;
use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::records::select::column;
use crate::records::values::ids_array;
use crate::records::{Stored, scope};
use crate::state::Clock;
use domain::of_type;
use domain::scope::ListScope;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{ExprTrait, PostgresQueryBuilder};
use uuid::Uuid;

/// Writes down the records of a job and says how many they are.
///
/// # Errors
/// 422 for a query that does not fit any more.
pub async fn take(tx: &TenantTx, clock: &Clock, job: &Job) -> ApiResult<u64> {
    let shown = &job.shown;
    match (shown.undoes, shown.undoes_import, &job.input.ids, &job.input.query) {
        (Some(undone), ..) => of_undone(tx, shown.id, undone).await,
        (None, Some(import), ..) => of_import(tx, shown.id, import).await,
        (None, None, Some(ids), _) => of_ids(tx, job, ids).await,
        (None, None, None, Some(query)) => of_type!(job.record, R => of_query::<R>(tx, clock, job, query).await),
        (None, None, None, None) => Err(ApiError::internal(anyhow::anyhow!("bulk work without records"))),
    }
}

/// Those that the other job has changed, the last one first.
async fn of_undone(tx: &TenantTx, id: Uuid, undone: Uuid) -> ApiResult<u64> {
    let sql = "INSERT INTO bulk_items (org_id, job_id, position, entity, record_id) \
         SELECT $1, $2, row_number() OVER (ORDER BY position DESC), entity, record_id FROM bulk_items \
         WHERE org_id = $1 AND job_id = $3 AND outcome = 'changed'";
    let values = [tx.org_id().into(), id.into(), undone.into()];
    Ok(tx.conn().execute_raw(statement(sql, values)).await?.rows_affected())
}

/// Those that the import has made or changed: the last one first, and companies that were made on the way after the
/// records that name them.
async fn of_import(tx: &TenantTx, id: Uuid, import: Uuid) -> ApiResult<u64> {
    let sql = "INSERT INTO bulk_items (org_id, job_id, position, entity, record_id) \
         SELECT $1, $2, row_number() OVER (ORDER BY c.entity <> j.entity, c.row_number DESC, c.record_id), \
             c.entity, c.record_id \
         FROM import_changes c JOIN import_jobs j ON j.org_id = c.org_id AND j.id = c.job_id \
         WHERE c.org_id = $1 AND c.job_id = $3";
    let values = [tx.org_id().into(), id.into(), import.into()];
    Ok(tx.conn().execute_raw(statement(sql, values)).await?.rows_affected())
}

async fn of_ids(tx: &TenantTx, job: &Job, ids: &[Uuid]) -> ApiResult<u64> {
    let sql = "INSERT INTO bulk_items (org_id, job_id, position, entity, record_id) \
         SELECT $1, $2, min(at), $3, record FROM unnest($4) WITH ORDINALITY AS x (record, at) GROUP BY record";
    let values = [tx.org_id().into(), job.shown.id.into(), job.record.spec().table.into(), ids_array(ids)];
    Ok(tx.conn().execute_raw(statement(sql, values)).await?.rows_affected())
}

async fn of_query<R: Stored>(tx: &TenantTx, clock: &Clock, job: &Job, wanted: &ListScope) -> ApiResult<u64> {
    let mut matching = scope::matching::<R>(tx, clock, wanted).await?;
    if !job.input.except.is_empty() {
        matching.and_where(column("id").is_not_in(job.input.except.iter().copied()));
    }
    matching.expr(column("id"));
    let (inner, values) = matching.build(PostgresQueryBuilder);
    let mut values = values.0;
    let (org, id, entity) = (values.len() + 1, values.len() + 2, values.len() + 3);
    values.extend([tx.org_id().into(), job.shown.id.into(), R::spec().table.into()]);
    let sql = format!(
        "INSERT INTO bulk_items (org_id, job_id, position, entity, record_id) \
         SELECT ${org}, ${id}, row_number() OVER (ORDER BY m.id), ${entity}, m.id FROM ({inner}) AS m (id)"
    );
    Ok(tx.conn().execute_raw(statement(&sql, values)).await?.rows_affected())
}
