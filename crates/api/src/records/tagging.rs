//! Tags on records: rows of a link table, names in the organization's tag catalogue.

use super::read::{self, For};
use super::values::{ids_array, texts_array};
use super::{Stored, write};
use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::events::emit_all;
use domain::catalog::field_limits::LIST_MAX;
use domain::events::{NewEvent, verb};
use domain::tags;
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

/// Adds tags to a record; those it has already stay.
///
/// # Errors
/// 404, 403, 412; 422 for a name that cannot be a tag.
pub async fn add<R: Stored>(tx: &TenantTx, id: Uuid, expected: Option<i32>, names: &[String]) -> ApiResult<R> {
    change::<R>(tx, id, expected, names, |old, name| {
        if !old.iter().any(|o| tags::norm(o) == tags::norm(name)) {
            old.push(name.to_owned());
        }
    })
    .await
}

/// Takes tags off a record; those it does not have are ignored.
///
/// # Errors
/// As [`add`].
pub async fn remove<R: Stored>(tx: &TenantTx, id: Uuid, expected: Option<i32>, names: &[String]) -> ApiResult<R> {
    change::<R>(tx, id, expected, names, |old, name| old.retain(|o| tags::norm(o) != tags::norm(name))).await
}

async fn change<R: Stored>(
    tx: &TenantTx,
    id: Uuid,
    expected: Option<i32>,
    names: &[String],
    step: impl Fn(&mut Vec<String>, &str),
) -> ApiResult<R> {
    let current = write::for_change::<R>(tx, id, expected, R::TYPE.permissions().update).await?;
    let field = R::TYPE.standard().field("tags").ok_or_else(|| ApiError::not_found("field"))?;
    let checked = domain::draft::check(field, &json!(names)).map_err(|mut errors| {
        for error in &mut errors {
            error.path = format!("/tags{}", error.path);
        }
        ApiError::invalid(errors)
    })?;
    let domain::value::Value::Texts(names) = checked else { return Ok(current) };
    let old = current.tags();
    let mut new = old.to_vec();
    for name in &names {
        step(&mut new, name);
    }
    if new == old {
        return Ok(current);
    }
    if new.len() > LIST_MAX {
        let sentence = format!("A record can have at most {LIST_MAX} tags.");
        return Err(ApiError::field("tags", "too_many", sentence));
    }
    tx.conn().execute(&write::touch::<R>(tx, id)).await?;
    replace::<R>(tx, id, &new).await?;
    let record: R = read::one(tx, id, For::Reading).await?;
    emit_all(tx, events::<R>(&record, old, &new)).await?;
    Ok(record)
}

/// Makes `names` the tags of a record. Unknown names join the catalogue.
///
/// # Errors
/// The database cannot be reached.
pub async fn replace<R: Stored>(tx: &TenantTx, id: Uuid, names: &[String]) -> ApiResult<()> {
    let ids = ids_of::<R>(tx, names).await?;
    let table = R::spec().tag_table();
    let delete = format!("DELETE FROM {table} WHERE org_id = $1 AND record_id = $2 AND NOT tag_id = ANY($3)");
    let values = || [tx.org_id().into(), id.into(), ids_array(&ids)];
    tx.conn().execute_raw(statement(&delete, values())).await?;
    let insert = format!(
        "INSERT INTO {table} (org_id, record_id, tag_id) SELECT $1, $2, x FROM unnest($3) x ON CONFLICT DO NOTHING"
    );
    tx.conn().execute_raw(statement(&insert, values())).await?;
    Ok(())
}

/// The catalogue's ids of these names, in any order; missing ones are made.
///
/// # Errors
/// The database cannot be reached.
pub async fn ids_of<R: Stored>(tx: &TenantTx, names: &[String]) -> ApiResult<Vec<Uuid>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let new_ids: Vec<Uuid> = names.iter().map(|_| Uuid::now_v7()).collect();
    let category = R::spec().tag_category.as_str();
    let norms: Vec<String> = names.iter().map(|name| tags::norm(name)).collect();
    // In a fixed order, so that two requests with the same new tags wait for each other instead of deadlocking.
    let insert = "INSERT INTO tags (org_id, id, name, name_norm, category, created_by) \
         SELECT $1, i, n, m, $5, $6 FROM unnest($2, $3, $4) AS x (i, n, m) ORDER BY m \
         ON CONFLICT ON CONSTRAINT tags_name_key DO NOTHING";
    let (org, user) = (tx.org_id(), tx.user_id());
    let values =
        [org.into(), ids_array(&new_ids), texts_array(names), texts_array(&norms), category.into(), user.into()];
    tx.conn().execute_raw(statement(insert, values)).await?;
    let select = "SELECT id FROM tags WHERE org_id = $1 AND category = $2 AND name_norm = ANY($3)";
    let values = [org.into(), category.into(), texts_array(&norms)];
    let rows = tx.conn().query_all_raw(statement(select, values)).await?;
    Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
}

/// One event per tag added or removed (TAG-04).
pub fn events<R: Stored>(record: &R, old: &[String], new: &[String]) -> Vec<NewEvent> {
    let has = |list: &[String], name: &str| list.iter().any(|known| tags::norm(known) == tags::norm(name));
    let about = |verb: &str, name: &String| write::event::<R>(verb, record).details(json!({ "tag": name }));
    let added = new.iter().filter(|n| !has(old, n)).map(|n| about(verb::TAG_ADDED, n));
    let removed = old.iter().filter(|o| !has(new, o)).map(|o| about(verb::TAG_REMOVED, o));
    added.chain(removed).collect()
}
