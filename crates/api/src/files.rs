//! Files in the object store: where an organization's are, and what becomes of them when it is deleted.

use crate::error::{ApiError, ApiResult};
use crate::state::AppState;
use futures_util::TryStreamExt;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use std::collections::HashSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// The folder that holds the folders of all organizations.
const ORGANIZATIONS: &str = "org";
/// Organizations looked up at once.
const CHUNK: usize = 500;

/// The folder of an organization: all of its files are below it.
pub fn folder(org_id: Uuid) -> Path {
    Path::from(ORGANIZATIONS).join(org_id.to_string())
}

/// Deletes all files of an organization that is gone.
///
/// # Errors
/// The store cannot be reached.
pub async fn forget(state: &AppState, org_id: Uuid) -> ApiResult<usize> {
    let mut files = state.files.list(Some(&folder(org_id)));
    let mut deleted = 0;
    while let Some(file) = files.try_next().await.map_err(ApiError::unavailable)? {
        match state.files.delete(&file.location).await {
            // Somebody else is sweeping too.
            Ok(()) | Err(object_store::Error::NotFound { .. }) => deleted += 1,
            Err(error) => return Err(ApiError::unavailable(error)),
        }
    }
    Ok(deleted)
}

/// Deletes the files of all organizations that are not there any more: what was left when a server stopped, or could
/// not reach the store, between the deletion of an organization and that of its files.
///
/// # Errors
/// The store or the database cannot be reached.
pub async fn sweep(state: &AppState, stop: &CancellationToken) -> ApiResult<usize> {
    let listed = state.files.list_with_delimiter(Some(&Path::from(ORGANIZATIONS))).await;
    let folders = listed.map_err(ApiError::unavailable)?.common_prefixes;
    let ids: Vec<Uuid> = folders.iter().filter_map(|folder| folder.filename()?.parse().ok()).collect();
    let mut deleted = 0;
    for ids in ids.chunks(CHUNK) {
        // Asked for after the listing: whoever has a file had an organization before.
        let living: HashSet<Uuid> = state.db.existing_organizations(ids).await?.into_iter().collect();
        for gone in ids.iter().filter(|id| !living.contains(id)) {
            if stop.is_cancelled() {
                return Ok(deleted);
            }
            deleted += forget(state, *gone).await?;
        }
    }
    Ok(deleted)
}
