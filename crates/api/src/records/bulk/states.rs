//! Archiving, restoring and deleting records that are locked for the change.

use super::load;
use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use crate::events::emit_all;
use crate::records::read::For;
use crate::records::referrers::{self, Led};
use crate::records::select::one_of;
use crate::records::{Stored, write};
use domain::events::{NewEvent, verb};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SimpleExpr};
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use uuid::Uuid;

/// Archives live records: they leave the lists and can be restored. Returns them as they are now.
///
/// # Errors
/// The database cannot be reached.
pub async fn archive<R: Stored>(tx: &TenantTx, rows: &[R]) -> ApiResult<HashMap<Uuid, R>> {
    let mut details = Vec::with_capacity(rows.len());
    for row in rows {
        details.push(R::on_archive(tx, row).await?);
    }
    set_archived(tx, rows, Expr::cust("now()")).await?;
    tell(tx, verb::ARCHIVED, rows, details).await
}

/// Brings archived records back. Returns them as they are now.
///
/// # Errors
/// 409 when a unique value was given to another record meanwhile.
pub async fn restore<R: Stored>(tx: &TenantTx, rows: &[R]) -> ApiResult<HashMap<Uuid, R>> {
    set_archived(tx, rows, Expr::val(None::<chrono::DateTime<chrono::Utc>>)).await?;
    for row in rows {
        R::on_restore(tx, row).await?;
    }
    tell(tx, verb::RESTORED, rows, vec![Json::Null; rows.len()]).await
}

/// Deletes records for good.
///
/// # Errors
/// 409 while something that must not vanish refers to one of them; 403 where the database's rules keep one.
pub async fn delete<R: Stored>(tx: &TenantTx, rows: &[R]) -> ApiResult<()> {
    let mut events = Vec::with_capacity(rows.len());
    for row in rows {
        events.extend(R::events(tx, write::event::<R>(verb::DELETED, row), Some(row), row).await?);
    }
    let ids: Vec<Uuid> = rows.iter().map(R::id).collect();
    events.extend(let_go(tx, rows, &ids).await?);
    let delete = Query::delete()
        .from_table(Alias::new(R::spec().table))
        .and_where(Expr::col(Alias::new("org_id")).eq(tx.org_id()))
        .and_where(one_of(Expr::col(Alias::new("id")), &ids))
        .to_owned();
    let deleted = tx.conn().execute(&delete).await?.rows_affected();
    if usize::try_from(deleted).ok() != Some(rows.len()) {
        return Err(ApiError::forbidden());
    }
    emit_all(tx, events).await
}

/// Clears what names records that are about to go: their references would do it and tell nobody.
async fn let_go<R: Stored>(tx: &TenantTx, rows: &[R], ids: &[Uuid]) -> ApiResult<Vec<NewEvent>> {
    let titles: HashMap<Uuid, &str> = rows.iter().map(|row| (row.id(), row.title())).collect();
    let record = R::TYPE.as_str();
    let told = |Led { spec, id, from, name, version, .. }: Led| {
        let details = json!({ record: titles.get(&from), format!("{record}_id"): from });
        let event = NewEvent::record(spec.record, &format!("{record}_unlinked"), id, &name);
        event.version(version).details(details)
    };
    Ok(referrers::lead(tx, R::TYPE, ids, None).await?.into_iter().map(told).collect())
}

async fn set_archived<R: Stored>(tx: &TenantTx, rows: &[R], at: SimpleExpr) -> ApiResult<()> {
    let mut update = write::touch_all::<R>(tx, &rows.iter().map(R::id).collect::<Vec<_>>());
    update.value(Alias::new("deleted_at"), at);
    tx.conn().execute(&update).await?;
    Ok(())
}

async fn tell<R: Stored>(tx: &TenantTx, verb: &str, before: &[R], details: Vec<Json>) -> ApiResult<HashMap<Uuid, R>> {
    let ids: Vec<Uuid> = before.iter().map(R::id).collect();
    let after = load::<R>(tx, &ids, For::Reading).await?;
    let mut events = Vec::with_capacity(before.len());
    for (old, details) in before.iter().zip(details) {
        let Some(now) = after.get(&old.id()) else { continue };
        events.extend(R::events(tx, write::event::<R>(verb, now).details(details), Some(old), now).await?);
    }
    emit_all(tx, events).await?;
    Ok(after)
}
