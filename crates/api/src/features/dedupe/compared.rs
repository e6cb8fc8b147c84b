//! Records whose likeness can be told, and the keys under which they are met.

use super::store;
use crate::db::TenantTx;
use crate::error::ApiResult;
use crate::records::read::For;
use crate::records::{Stored, bulk};
use domain::catalog::RecordType;
use domain::companies::Company;
use domain::contacts::Contact;
use domain::dedupe::{Profile, keys};
use std::collections::HashMap;
use uuid::Uuid;

/// Records read at a time.
const BATCH: usize = 500;

/// A record whose likeness can be told.
pub(super) trait Compared: Stored {
    /// What is compared of it.
    fn profile(&self) -> Profile;

    /// What tells it from its namesakes.
    fn beside(&self) -> &str;
}

impl Compared for Company {
    fn profile(&self) -> Profile {
        Profile::from(self)
    }

    fn beside(&self) -> &str {
        [&self.domain, &self.primary_email, &self.industry].into_iter().flatten().next().map_or("", String::as_str)
    }
}

impl Compared for Contact {
    fn profile(&self) -> Profile {
        Profile::from(self)
    }

    fn beside(&self) -> &str {
        [&self.company_name, &self.email].into_iter().flatten().next().map_or("", String::as_str)
    }
}

/// Those of the records that are not archived.
///
/// # Errors
/// The database cannot be reached.
pub(super) async fn live<R: Compared>(tx: &TenantTx, ids: &[Uuid]) -> ApiResult<Vec<R>> {
    let records = bulk::load::<R>(tx, ids, For::Reading).await?;
    Ok(records.into_values().filter(|record| record.deleted_at().is_none()).collect())
}

/// Makes the keys of records those of what they hold now, and returns the profiles of those that are not archived.
///
/// # Errors
/// The database cannot be reached.
pub(super) async fn rekey<R: Compared>(tx: &TenantTx, ids: &[Uuid]) -> ApiResult<HashMap<Uuid, Profile>> {
    let records: Vec<R> = live(tx, ids).await?;
    let profiles: HashMap<Uuid, Profile> = records.iter().map(|record| (record.id(), record.profile())).collect();
    let keys: Vec<_> = profiles.iter().map(|(id, profile)| (*id, keys(profile))).collect();
    store::set_keys(tx, R::TYPE, ids, &keys).await?;
    Ok(profiles)
}

/// Makes the keys of records those of what they hold now, so that who types one like them meets them.
///
/// # Errors
/// The database cannot be reached.
pub async fn refresh_keys(tx: &TenantTx, record: RecordType, ids: &[Uuid]) -> ApiResult<()> {
    for ids in ids.chunks(BATCH) {
        match record {
            RecordType::Company => drop(rekey::<Company>(tx, ids).await?),
            RecordType::Contact => drop(rekey::<Contact>(tx, ids).await?),
            _ => {}
        }
    }
    Ok(())
}
