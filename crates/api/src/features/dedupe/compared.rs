//! Records whose likeness can be told, and the keys under which they are met.

use super::store;
use crate::db::TenantTx;
use crate::error::ApiResult;
use crate::records::Stored;
use crate::records::select::{self, column};
use domain::catalog::RecordType;
use domain::companies::Company;
use domain::contacts::Contact;
use domain::dedupe::{Profile, StoredCompany, StoredContact, compared, keys};
use sea_orm::sea_query::{Alias, ExprTrait};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::HashMap;
use uuid::Uuid;

/// Records read at a time.
const BATCH: usize = 500;

/// A record as it is compared.
#[derive(Debug)]
pub(super) struct Seen {
    pub id: Uuid,
    pub title: String,
    /// What tells it from its namesakes.
    pub beside: String,
    pub profile: Profile,
}

/// A record whose likeness can be told.
pub(super) trait Compared: Stored {
    /// What is read of it.
    type Row: FromQueryResult;

    /// Columns of it besides those of which the profile of a draft is made.
    const BESIDE: &'static [&'static str];

    fn seen(row: Self::Row) -> Seen;
}

impl Compared for Company {
    type Row = StoredCompany;
    const BESIDE: &'static [&'static str] = &["domain", "industry"];

    fn seen(row: StoredCompany) -> Seen {
        Seen { id: row.id, beside: row.beside().to_owned(), profile: Profile::from(&row), title: row.name }
    }
}

impl Compared for Contact {
    type Row = StoredContact;
    const BESIDE: &'static [&'static str] = &["name"];

    fn seen(row: StoredContact) -> Seen {
        Seen { id: row.id, beside: row.beside().to_owned(), profile: Profile::from(&row), title: row.name }
    }
}

/// Those of the records that are not archived, a few at a time: there may be thousands.
///
/// # Errors
/// The database cannot be reached.
pub(super) async fn see<R: Compared>(tx: &TenantTx, ids: &[Uuid], mut each: impl FnMut(Seen)) -> ApiResult<()> {
    for ids in ids.chunks(BATCH) {
        let mut select = select::base(R::spec(), tx.org_id());
        select.and_where(select::one_of(column("id"), ids)).and_where(column("deleted_at").is_null());
        for name in ["id"].iter().chain(compared(R::TYPE)).chain(R::BESIDE) {
            select.expr_as(column(name), Alias::new(*name));
        }
        R::select_extra(&mut select);
        for row in tx.conn().query_all(&select).await? {
            each(R::seen(R::Row::from_query_result(&row, "")?));
        }
    }
    Ok(())
}

/// Makes the keys of records those of what they hold now, and returns the profiles of those that are not archived.
///
/// # Errors
/// The database cannot be reached.
pub(super) async fn rekey<R: Compared>(tx: &TenantTx, ids: &[Uuid]) -> ApiResult<HashMap<Uuid, Profile>> {
    let mut profiles = HashMap::with_capacity(ids.len());
    see::<R>(tx, ids, |seen| drop(profiles.insert(seen.id, seen.profile))).await?;
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
