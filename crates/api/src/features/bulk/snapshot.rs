//! Which records a job is about, decided once when it begins.

use super::store::Job;
use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::records::select::{self, column};
use crate::records::values::ids_array;
use crate::records::{Stored, list, query};
use crate::state::Clock;
use domain::bulk::BulkQuery;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{ExprTrait, PostgresQueryBuilder};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

/// Writes down the records of a job and says how many they are.
///
/// # Errors
/// 422 for a query that does not fit any more.
pub async fn take<R: Stored>(tx: &TenantTx, clock: &Clock, job: &Job) -> ApiResult<u64> {
    match (&job.shown.undoes, &job.input.ids, &job.input.query) {
        (Some(undone), ..) => of_undone(tx, job.shown.id, *undone).await,
        (None, Some(ids), _) => of_ids(tx, job.shown.id, ids).await,
        (None, None, Some(query)) => of_query::<R>(tx, clock, job, query).await,
        (None, None, None) => Err(ApiError::internal(anyhow::anyhow!("bulk work without records"))),
    }
}

/// Those that the other job has changed, the last one first.
async fn of_undone(tx: &TenantTx, id: Uuid, undone: Uuid) -> ApiResult<u64> {
    let sql = "INSERT INTO bulk_items (org_id, job_id, position, record_id) \
         SELECT $1, $2, row_number() OVER (ORDER BY position DESC), record_id FROM bulk_items \
         WHERE org_id = $1 AND job_id = $3 AND outcome = 'changed'";
    let values = [tx.org_id().into(), id.into(), undone.into()];
    Ok(tx.conn().execute_raw(statement(sql, values)).await?.rows_affected())
}

async fn of_ids(tx: &TenantTx, id: Uuid, ids: &[Uuid]) -> ApiResult<u64> {
    let sql = "INSERT INTO bulk_items (org_id, job_id, position, record_id) \
         SELECT $1, $2, min(at), record FROM unnest($3) WITH ORDINALITY AS x (record, at) GROUP BY record";
    let values = [tx.org_id().into(), id.into(), ids_array(ids)];
    Ok(tx.conn().execute_raw(statement(sql, values)).await?.rows_affected())
}

async fn of_query<R: Stored>(tx: &TenantTx, clock: &Clock, job: &Job, wanted: &BulkQuery) -> ApiResult<u64> {
    let mut body: Map<String, Json> = Map::new();
    if let Some(filter) = &wanted.filter {
        body.insert("filter".to_owned(), filter.clone());
    }
    body.insert("search".to_owned(), json!(wanted.search));
    body.insert("mine".to_owned(), json!(wanted.mine));
    if wanted.archived {
        body.insert("archived".to_owned(), json!("only"));
    }
    let query = query::from_body::<R>(&body)?;
    let mut matching = select::base(R::spec(), tx.org_id());
    list::restrict::<R>(&mut matching, tx, clock, &query, None);
    if !job.input.except.is_empty() {
        matching.and_where(column("id").is_not_in(job.input.except.iter().copied()));
    }
    matching.expr(column("id"));
    let (inner, values) = matching.build(PostgresQueryBuilder);
    let mut values = values.0;
    let (org, id) = (values.len() + 1, values.len() + 2);
    values.extend([tx.org_id().into(), job.shown.id.into()]);
    let sql = format!(
        "INSERT INTO bulk_items (org_id, job_id, position, record_id) \
         SELECT ${org}, ${id}, row_number() OVER (ORDER BY m.id), m.id FROM ({inner}) AS m (id)"
    );
    Ok(tx.conn().execute_raw(statement(&sql, values)).await?.rows_affected())
}
