//! The end of a file's time.

use super::store;
use crate::jobs::JobCtx;
use object_store::ObjectStoreExt;
use object_store::path::Path;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The job: deletes the file of an export, and what is known of it.
#[derive(Debug, Serialize, Deserialize)]
pub struct ExportExpiry {
    /// Id of the export.
    pub export_id: Uuid,
}

impl crate::jobs::Job for ExportExpiry {
    const NAME: &'static str = "export_expiry";

    async fn run(self, ctx: JobCtx) -> anyhow::Result<()> {
        let tx = ctx.begin().await?;
        let Some(key) = store::delete(&tx, self.export_id).await? else { return Ok(()) };
        // The file first: if that fails, the row is still there for the next attempt.
        match ctx.state.files.delete(&Path::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(tx.commit().await?),
            Err(error) => Err(error.into()),
        }
    }
}
