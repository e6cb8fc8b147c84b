//! The place of a card in its column.

use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use chrono::{DateTime, Utc};
use domain::error::ErrorCode;
use domain::rank;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// A column whose ranks grow longer than this is numbered anew.
const RANK_MAX: usize = 200;

/// Where in a column a card is put.
#[derive(Debug, Clone, Copy, Default)]
pub struct Neighbours {
    /// The card that comes right after it.
    pub before: Option<Uuid>,
    /// The card that comes right before it.
    pub after: Option<Uuid>,
}

/// Makes the moves within one column wait for each other: each sees the places that the one before gave.
///
/// # Errors
/// The database cannot be reached.
pub async fn lock_column(tx: &TenantTx, stage: Uuid) -> ApiResult<()> {
    let sql = "SELECT pg_advisory_xact_lock(hashtextextended('deals.stage_order:' || $1::text, 0))";
    tx.conn().query_one_raw(statement(sql, [stage.into()])).await?;
    Ok(())
}

/// A rank for `deal` between its neighbours, at the end of the column without any.
///
/// # Errors
/// 422 for a neighbour that does not exist, 409 for one that stands in another column by now.
pub async fn rank_for(tx: &TenantTx, deal: Uuid, stage: Uuid, at: Neighbours, now: DateTime<Utc>) -> ApiResult<String> {
    for numbered in [false, true] {
        let (low, high) = bounds(tx, deal, stage, at).await?;
        let rank = match (&low, &high) {
            (low, None) => at_end(low.as_deref(), now),
            (Some(low), Some(high)) if low >= high => String::new(),
            (low, Some(high)) => rank::between(low.as_deref(), Some(high)),
        };
        if (1..=RANK_MAX).contains(&rank.len()) {
            return Ok(rank);
        }
        if !numbered {
            renumber(tx, stage).await?;
        }
    }
    Err(ApiError::internal(anyhow::anyhow!("a column numbered anew has no room")))
}

/// After the last card, and before those that are appended later.
fn at_end(last: Option<&str>, now: DateTime<Utc>) -> String {
    let appended = rank::appended(now.timestamp_millis(), 0);
    match last {
        // Longer, not higher: a higher one would stand below all that enters the column from now on.
        Some(last) if last >= appended.as_str() => format!("{last}i"),
        _ => appended,
    }
}

/// The ranks of the cards on both sides of the place.
async fn bounds(tx: &TenantTx, deal: Uuid, stage: Uuid, at: Neighbours) -> ApiResult<(Option<String>, Option<String>)> {
    let before = rank_of(tx, deal, stage, "before_id", at.before).await?;
    let after = rank_of(tx, deal, stage, "after_id", at.after).await?;
    Ok(match (after, before) {
        // Equal ranks, of cards that came at the same moment, leave no room: the caller numbers the column anew.
        (Some(low), Some(high)) if low <= high => (Some(low), Some(high)),
        (_, Some(high)) => (next(tx, deal, stage, "<", "DESC", Some(&high)).await?, Some(high)),
        (Some(low), None) => {
            let high = next(tx, deal, stage, ">", "ASC", Some(&low)).await?;
            (Some(low), high)
        }
        (None, None) => (next(tx, deal, stage, "<", "DESC", None).await?, None),
    })
}

/// The rank of a card that the place is named by.
async fn rank_of(tx: &TenantTx, deal: Uuid, stage: Uuid, name: &str, card: Option<Uuid>) -> ApiResult<Option<String>> {
    let Some(card) = card else { return Ok(None) };
    if card == deal {
        return Err(ApiError::field(name, "itself", "A deal cannot be placed next to itself."));
    }
    let sql = "SELECT stage_id, stage_order FROM deals WHERE org_id = $1 AND id = $2 AND deleted_at IS NULL";
    let row = tx.conn().query_one_raw(statement(sql, [tx.org_id().into(), card.into()])).await?;
    let Some(row) = row else {
        return Err(ApiError::field(name, "not_found", "There is no such deal to place it next to."));
    };
    let (column, rank): (Option<Uuid>, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    if column == Some(stage) {
        return Ok(Some(rank));
    }
    let sentence = "The deal to place it next to is not in this stage any more.";
    Err(ApiError::new(ErrorCode::Conflict, sentence))
}

/// The nearest rank of another live card on one side of `from`, or at the end of the column.
async fn next(
    tx: &TenantTx,
    deal: Uuid,
    stage: Uuid,
    comparison: &'static str,
    order: &'static str,
    from: Option<&str>,
) -> ApiResult<Option<String>> {
    let sql = format!(
        "SELECT d.stage_order FROM deals d JOIN pipeline_stages s ON s.org_id = d.org_id AND s.pipeline_id = d.pipeline_id \
         AND s.id = d.stage_id WHERE d.org_id = $1 AND d.stage_id = $2 AND d.id <> $3 AND d.deleted_at IS NULL \
         AND ($4::text IS NULL OR d.stage_order {comparison} $4) ORDER BY d.stage_order {order} LIMIT 1"
    );
    let values = [tx.org_id().into(), stage.into(), deal.into(), from.map(str::to_owned).into()];
    let row = tx.conn().query_one_raw(statement(&sql, values)).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}

/// Numbers a column anew, keeping its order. Versions stay: places are nobody's edits.
async fn renumber(tx: &TenantTx, stage: Uuid) -> ApiResult<()> {
    // Leading zeros keep these ranks before those that are appended later, which begin with the time.
    let sql = "UPDATE deals d SET stage_order = lpad(x.n::text, 12, '0') || 'i' \
         FROM (SELECT id, row_number() OVER (ORDER BY stage_order, id) AS n FROM deals \
               WHERE org_id = $1 AND stage_id = $2) x \
         WHERE d.org_id = $1 AND d.id = x.id";
    tx.conn().execute_raw(statement(sql, [tx.org_id().into(), stage.into()])).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    /// PIPELINE-11: the end of a column is after its last card, though that came at the same moment or by a clock that is
    /// ahead, and before all that comes later.
    #[test]
    fn the_end_is_not_beyond_what_comes_later() {
        let now = DateTime::from_timestamp_millis(1_795_000_000_000).unwrap();
        let later = |millis| rank::appended((now + TimeDelta::milliseconds(millis)).timestamp_millis(), 0);
        assert_eq!([at_end(None, now), at_end(Some(&later(-1)), now)], [later(0), later(0)]);
        for ahead in [0, 1, 5_000] {
            let mut last = later(ahead);
            for _ in 0..100 {
                let end = at_end(Some(&last), now);
                assert!(last < end && end < later(ahead + 1), "{last} {end}");
                last = end;
            }
            assert!(last.len() <= RANK_MAX && last < at_end(Some(&last), now + TimeDelta::milliseconds(ahead + 1)));
        }
    }
}
