//! A batch of items of which any may be refused: all together where possible, in halves where something in it does not
//! go, so that one bad item costs its neighbours nothing but a few statements more.

use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use domain::error::ErrorCode;
use sea_orm::ConnectionTrait;
use std::future::Future;
use std::ops::Range;

/// What is done to the items of a batch.
pub trait Batch: Send {
    /// One of many.
    type Item: Clone + Send;

    /// Works on some items as a whole. After an error what it wrote is rolled back and the items get back what they were;
    /// what it counts in `self` it counts last.
    fn together(&mut self, tx: &TenantTx, items: &mut [Self::Item]) -> impl Future<Output = ApiResult<()>> + Send;

    /// Marks an item that does not go even alone, as the attempt left it.
    fn refuse(&self, item: &mut Self::Item, error: &ApiError);
}

/// Works on a batch, in the order of its items.
///
/// # Errors
/// The database cannot be reached. An item that is refused is no error.
pub async fn apply<B: Batch>(tx: &TenantTx, batch: &mut B, items: &mut [B::Item]) -> ApiResult<()> {
    let mut waiting: Vec<Range<usize>> = std::iter::once(0..items.len()).collect();
    while let Some(range) = waiting.pop() {
        let Some(part) = items.get_mut(range.clone()) else { continue };
        let before = part.to_vec();
        let Err(error) = attempt(tx, batch, part).await? else { continue };
        if let [item] = part {
            if *error.code() == ErrorCode::Internal {
                error.log("batch");
            }
            batch.refuse(item, &error);
        } else {
            part.clone_from_slice(&before);
            let middle = range.start + part.len() / 2;
            waiting.push(middle..range.end);
            waiting.push(range.start..middle);
        }
    }
    Ok(())
}

/// Runs in a savepoint; the inner error is one that the items themselves have caused.
async fn attempt<B: Batch>(tx: &TenantTx, batch: &mut B, items: &mut [B::Item]) -> ApiResult<Result<(), ApiError>> {
    if items.is_empty() {
        return Ok(Ok(()));
    }
    tx.conn().execute_unprepared("SAVEPOINT batch").await?;
    match Box::pin(batch.together(tx, items)).await {
        Ok(()) => {
            tx.conn().execute_unprepared("RELEASE SAVEPOINT batch").await?;
            Ok(Ok(()))
        }
        Err(error) if *error.code() == ErrorCode::Unavailable => Err(error),
        Err(error) => {
            tx.conn().execute_unprepared("ROLLBACK TO SAVEPOINT batch").await?;
            Ok(Err(error))
        }
    }
}
