//! Everything that a list shows, as a statement.

use super::query::{self, ListQuery};
use super::{Stored, list, select};
use crate::db::TenantTx;
use crate::error::ApiResult;
use crate::state::Clock;
use domain::scope::ListScope;
use sea_orm::sea_query::SelectStatement;
use serde_json::{Map, json};

/// The list that shows it.
///
/// # Errors
/// 422 for a scope that does not fit (any more).
pub async fn query<R: Stored>(tx: &TenantTx, scope: &ListScope) -> ApiResult<ListQuery> {
    let mut body = Map::new();
    body.extend(scope.filter.clone().map(|filter| ("filter".to_owned(), filter)));
    body.insert("search".to_owned(), json!(scope.search));
    body.insert("mine".to_owned(), json!(scope.mine));
    if scope.archived {
        body.insert("archived".to_owned(), json!("only"));
    }
    body.insert("sort_by".to_owned(), json!(scope.sort_by));
    query::from_body::<R>(tx, &body).await
}

/// `FROM … WHERE …` of all its records, without columns and order.
///
/// # Errors
/// As [`query`].
pub async fn matching<R: Stored>(tx: &TenantTx, clock: &Clock, scope: &ListScope) -> ApiResult<SelectStatement> {
    let mut matching = select::base(R::spec(), tx.org_id());
    list::restrict::<R>(&mut matching, tx, clock, &query::<R>(tx, scope).await?, None);
    Ok(matching)
}
