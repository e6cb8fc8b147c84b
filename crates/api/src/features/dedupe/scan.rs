//! The search for duplicates: records that are new or have changed since the last search meet the others under the keys
//! that they share, and pairs that are alike are written down.

use super::compared::{Compared, rekey, see};
use super::store::{self, Found};
use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use crate::jobs::{JobCtx, Options, enqueue};
use domain::catalog::RecordType;
use domain::companies::Company;
use domain::contacts::Contact;
use domain::dedupe::{Likeness, POSSIBLE, Reason, compare};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

/// Records per transaction: each may meet some hundred others, which are in memory together.
const BATCH: u32 = 100;

/// The job: searches the records of one type.
#[derive(Debug, Serialize, Deserialize)]
pub struct DedupeScan {
    /// The records searched.
    pub record: RecordType,
}

impl crate::jobs::Job for DedupeScan {
    const NAME: &'static str = "dedupe";

    async fn run(self, ctx: JobCtx) -> anyhow::Result<()> {
        // Comparing is work for a thread of its own: the runtime's threads carry everybody's requests.
        let runtime = tokio::runtime::Handle::current();
        tokio::task::spawn_blocking(move || runtime.block_on(in_engine(ctx, self.record))).await?
    }
}

async fn in_engine(ctx: JobCtx, record: RecordType) -> anyhow::Result<()> {
    let result = match record {
        RecordType::Company => search::<Company>(&ctx).await,
        RecordType::Contact => search::<Contact>(&ctx).await,
        _ => Ok(()),
    };
    let Some(error) = ctx.settle(result)? else { return Ok(()) };
    error.log("dedupe");
    let tx = ctx.begin().await?;
    store::end_scan(&tx, record).await?;
    Ok(tx.commit().await?)
}

async fn search<R: Compared>(ctx: &JobCtx) -> ApiResult<()> {
    loop {
        ctx.check_stop()?;
        let tx = ctx.begin().await?;
        let fresh = store::changed::<R>(&tx, BATCH).await?;
        let Some(last) = fresh.last().copied() else {
            store::end_scan(&tx, R::TYPE).await?;
            return tx.commit().await;
        };
        let ids: Vec<Uuid> = fresh.iter().map(|(id, _)| *id).collect();
        step::<R>(&tx, &ids).await?;
        store::advance(&tx, R::TYPE, last, ids.len()).await?;
        tx.commit().await?;
    }
}

/// Looks at some records: writes down their keys, and the pairs that they make.
async fn step<R: Compared>(tx: &TenantTx, ids: &[Uuid]) -> ApiResult<()> {
    let mut profiles = rekey::<R>(tx, ids).await?;
    let met = store::partners(tx, R::TYPE, ids).await?;
    let others: HashSet<Uuid> = met.iter().map(|meeting| meeting.other).collect();
    let others: Vec<Uuid> = others.into_iter().filter(|id| !profiles.contains_key(id)).collect();
    see::<R>(tx, &others, |seen| drop(profiles.insert(seen.id, seen.profile))).await?;
    let mut found: BTreeMap<(Uuid, Uuid), Found> = BTreeMap::new();
    for meeting in met {
        let (one, other) = (meeting.record.min(meeting.other), meeting.record.max(meeting.other));
        let (Some(a), Some(b)) = (profiles.get(&one), profiles.get(&other)) else { continue };
        if let Some(likeness) = compare(a, b).filter(|likeness| is_worth_a_look(likeness, meeting.alone)) {
            found.insert((one, other), Found { a: one, b: other, likeness });
        }
    }
    store::set_candidates(tx, R::TYPE, ids, found.into_values().collect()).await
}

/// DEDUPE-01: two records that alone share a phone number are worth a look, too, whatever their names.
pub(super) fn is_worth_a_look(likeness: &Likeness, alone: bool) -> bool {
    likeness.score >= POSSIBLE || (alone && likeness.reasons.contains(&Reason::SamePhone))
}

/// Begins a search for duplicates among records of a type: what is new or has changed since the last one. A search that
/// runs goes on with it.
///
/// # Errors
/// 422 for records that are not searched.
pub async fn begin(tx: &TenantTx, record: RecordType) -> ApiResult<()> {
    check(record)?;
    let options = Options { key: Some(record.as_str().to_owned()), background: true, ..Options::default() };
    enqueue(tx, &DedupeScan { record }, options).await?;
    store::begin_scan(tx, record).await
}

/// What is searched: of other records nobody has told duplicates yet.
///
/// # Errors
/// 422.
pub fn check(record: RecordType) -> ApiResult<()> {
    if domain::dedupe::is_mergeable(record) {
        return Ok(());
    }
    Err(ApiError::field("record", "choice", "Companies and contacts are searched for duplicates."))
}
