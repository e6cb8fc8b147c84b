//! Search documents carry the labels of options, and words of live fields only: after a change of a definition those of
//! all records that have a value are written anew, in the background.

use super::store;
use crate::db::TenantTx;
use crate::error::ApiResult;
use crate::events::{relay, rewrite_documents};
use crate::jobs::{Job, JobCtx, Options, enqueue};
use domain::fields::{FieldDefinition, FieldOption};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Records per transaction.
const BATCH: u32 = 1_000;

/// The job: writes the search documents of all records that have a value in a field. What breaks off begins anew, and
/// passes over what is written already without a change.
#[derive(Debug, Serialize, Deserialize)]
pub struct FieldDocuments {
    /// Id of the field, deleted or not.
    pub field_id: Uuid,
}

impl Job for FieldDocuments {
    const NAME: &'static str = "field_documents";

    async fn run(self, ctx: JobCtx) -> anyhow::Result<()> {
        if let Some(error) = ctx.settle(Box::pin(attempt(&ctx, self.field_id)).await)? {
            error.log(Self::NAME);
        }
        Ok(())
    }
}

/// Has the documents written once the change is committed. A later change while that is at work has them written again,
/// after it.
///
/// # Errors
/// The database cannot be reached.
pub async fn begin(tx: &TenantTx, field: &FieldDefinition) -> ApiResult<()> {
    let options = Options { key: Some(field.id.to_string()), background: true, ..Options::default() };
    enqueue(tx, &FieldDocuments { field_id: field.id }, options).await?;
    Ok(())
}

/// Whether records are found by other words with the new options than with the old ones. Their order is of no interest.
pub fn differ(old: &[FieldOption], new: &[FieldOption]) -> bool {
    words(old) != words(new)
}

fn words(options: &[FieldOption]) -> BTreeSet<(&str, &str)> {
    options.iter().map(|option| (option.value.as_str(), option.label.as_str())).collect()
}

async fn attempt(ctx: &JobCtx, id: Uuid) -> ApiResult<()> {
    let mut after = Uuid::nil();
    loop {
        ctx.check_stop()?;
        let tx = ctx.begin().await?;
        let field = store::one(&tx, id).await?;
        let records = store::records_with(&tx, &field, after, BATCH).await?;
        let Some(last) = records.last().copied() else { return Ok(()) };
        rewrite_documents(&tx, field.entity, &records).await?;
        tx.commit_repeatable().await?;
        after = last;
        // The relay was kept out meanwhile, and its events are not to wait for the last batch. Its troubles are its own.
        if let Err(error) = relay::carry(&ctx.state, ctx.org_id).await {
            tracing::debug!(error = format!("{error:?}"), "events wait for the relay");
        }
    }
}
