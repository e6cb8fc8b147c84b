//! Applying a saved mapping to a file.

use super::store;
use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::features::import::context::Context;
use crate::features::keeping::person;
use crate::features::pipelines::repo;
use crate::records::values::texts_array;
use chrono::NaiveDate;
use domain::catalog::RecordType;
use domain::catalog::member;
use domain::error::ErrorCode;
use domain::import::Plan;
use domain::import::saved::{AppliedMapping, FileColumns, Given, SavedMapping, best, refit};
use domain::permission::{Access, Permission};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;
use uuid::Uuid;

/// By which saved mapping a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The one that suits it best, if one does.
    Best,
    /// This one, as well as it goes.
    This(Uuid),
    /// None.
    None,
}

/// The plan of a file by a saved mapping, with what of that does not fit, and what rows refer to; `None` where no
/// mapping is asked for or suits the file.
///
/// # Errors
/// 404 for a mapping that the person does not see; 422 for one of other records.
pub async fn plan_of(
    tx: &TenantTx,
    record: RecordType,
    headers: &[String],
    by: By,
    today: NaiveDate,
) -> ApiResult<Option<(Plan, AppliedMapping, Context)>> {
    let Some(mapping) = mapping(tx, record, headers, by).await? else { return Ok(None) };
    let fit = FileColumns::new(headers).fit(&mapping);
    let Some(mut plan) = mapping.plan else { return Ok(None) };
    let missing_pipeline = is_gone(tx, &plan).await?;
    if missing_pipeline {
        plan.options.pipeline_id = None;
    }
    let context = Context::of(tx, &plan, today).await?;
    let given = Given {
        schema: context.schema,
        headers,
        stages: &context.stages,
        members: &context.members,
        may_add_stages: tx.access(Permission::PipelineUpdate) != Access::No,
        may_invite: tx.access(Permission::MemberManage) != Access::No,
    };
    let (plan, misfit) = refit(&plan, &given);
    let applied = AppliedMapping {
        id: mapping.id,
        name: mapping.name,
        missing_columns: misfit.columns,
        new_columns: fit.new,
        missing_fields: names(tx, record, misfit.fields).await?,
        missing_values: misfit.values,
        missing_pipeline,
    };
    Ok(Some((plan, applied, context)))
}

async fn mapping(tx: &TenantTx, record: RecordType, headers: &[String], by: By) -> ApiResult<Option<SavedMapping>> {
    let id = match by {
        By::None => return Ok(None),
        By::This(id) => id,
        By::Best => match best(&store::all(tx, Some(record)).await?, headers, person(tx)?) {
            Some(found) => found.id,
            None => return Ok(None),
        },
    };
    let mapping = store::one(tx, id).await?;
    if mapping.entity != record {
        let sentence = format!("This mapping is for {}.", mapping.entity.spec().table);
        return Err(ApiError::field("mapping_id", "conflict", sentence));
    }
    Ok(Some(mapping))
}

/// Whether the plan names a pipeline that is not there any more.
async fn is_gone(tx: &TenantTx, plan: &Plan) -> ApiResult<bool> {
    let Some(id) = plan.options.pipeline_id else { return Ok(false) };
    match repo::one(tx, id).await {
        Err(error) if *error.code() == ErrorCode::NotFound => Ok(true),
        found => found.map(|_| false),
    }
}

/// What fields are, or were, called: deleted ones keep their names.
async fn names(tx: &TenantTx, record: RecordType, fields: Vec<String>) -> ApiResult<Vec<String>> {
    if fields.is_empty() {
        return Ok(fields);
    }
    let key =
        |field: &str| field.strip_prefix(member::CUSTOM).and_then(|rest| rest.strip_prefix('.')).map(str::to_owned);
    let keys: Vec<String> = fields.iter().filter_map(|field| key(field)).collect();
    let sql = "SELECT key, name FROM field_definitions WHERE org_id = $1 AND entity = $2 AND key = ANY($3)";
    let values = [tx.org_id().into(), record.as_str().into(), texts_array(&keys)];
    let rows = tx.conn().query_all_raw(statement(sql, values)).await?;
    let known: HashMap<String, String> =
        rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect::<ApiResult<_>>()?;
    let named = |field: String| key(&field).and_then(|key| known.get(&key).cloned()).unwrap_or(field);
    Ok(fields.into_iter().map(named).collect())
}
