//! Reading and changing saved views. Every statement names whose views it means: row-level security keeps
//! organizations apart, not colleagues.

use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::features::keeping::{self, person, reader};
use domain::auth::check_name;
use domain::catalog::RecordType;
use domain::draft::one_line;
use domain::permission::Access;
use domain::views::{MAX_VIEWS, NAME_MAX, SavedView, SavedViewInput, ViewMarks};
use sea_orm::{ConnectionTrait, Value};
use serde_json::json;
use uuid::Uuid;

/// $1 organization, $2 reader, $3 whether the reader manages shared views.
const VIEWS: &str = "SELECT to_jsonb(x) FROM ( \
    SELECT v.id, v.entity, v.name, v.filters, v.search, v.sort, v.columns, v.mine, v.archived, v.is_shared, v.user_id, \
        v.user_id = $2 OR v.is_shared AND $3 AS may_edit, coalesce(m.is_favorite, false) AS is_favorite, \
        coalesce(m.is_default, false) AS is_default, v.version, v.created_at, v.updated_at \
    FROM saved_views v \
    LEFT JOIN saved_view_marks m ON m.org_id = v.org_id AND m.view_id = v.id AND m.user_id = $2 \
    WHERE v.org_id = $1";
/// Of [`VIEWS`] those that the reader sees.
const VISIBLE: &str = "(v.user_id = $2 OR v.is_shared)";

/// The person's own views and the shared ones, by name; those of record types that they may view.
///
/// # Errors
/// The database cannot be reached.
pub async fn all(tx: &TenantTx, entity: Option<RecordType>) -> ApiResult<Vec<SavedView>> {
    let sql = format!("{VIEWS} AND {VISIBLE} AND ($4::text IS NULL OR v.entity = $4) ORDER BY v.name, v.id) x");
    let mut values = reader(tx)?;
    values.push(entity.map(|entity| entity.as_str().to_owned()).into());
    let views = keeping::rows::<SavedView>(tx, &sql, values).await?;
    Ok(views.into_iter().filter(|view| may_view(tx, view.entity)).collect())
}

/// One view that the person sees.
///
/// # Errors
/// 404; 403 where they may not view records of the type.
pub async fn one(tx: &TenantTx, id: Uuid) -> ApiResult<SavedView> {
    one_of(tx, VISIBLE, id).await
}

/// One of the views that `condition` leaves.
async fn one_of(tx: &TenantTx, condition: &'static str, id: Uuid) -> ApiResult<SavedView> {
    let mut values = reader(tx)?;
    values.push(id.into());
    let found = keeping::rows::<SavedView>(tx, &format!("{VIEWS} AND {condition} AND v.id = $4) x"), values).await?;
    let view = found.into_iter().next().ok_or_else(|| ApiError::not_found("view"))?;
    tx.require(view.entity.permissions().view)?;
    Ok(view)
}

/// Saves a new view.
///
/// # Errors
/// 422; 403; 409 for a name that is taken, or where there are too many.
pub async fn create(tx: &TenantTx, input: SavedViewInput) -> ApiResult<SavedView> {
    let Some(entity) = input.entity else {
        return Err(ApiError::field("entity", "required", "Say of which list the view is."));
    };
    tx.require(entity.permissions().view)?;
    let name = check_name("name", "The name", input.name.as_deref().unwrap_or_default(), NAME_MAX)
        .map_err(|error| ApiError::invalid(vec![error]))?;
    check(tx, &input, entity)?;
    keeping::room(tx, "saved_views", entity.as_str(), MAX_VIEWS, "views of a list").await?;
    let user = person(tx)?;
    let id = Uuid::now_v7();
    let sql = "INSERT INTO saved_views (org_id, user_id, id, entity, name, filters, search, sort, columns, mine, archived, \
         is_shared) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let values: Vec<Value> = vec![
        tx.org_id().into(),
        user.into(),
        id.into(),
        text(entity),
        name.into(),
        input.filters.flatten().into(),
        one_line(&input.search.unwrap_or_default()).into(),
        input.sort.unwrap_or_default().trim().into(),
        json!(input.columns.unwrap_or_default()).into(),
        input.mine.flatten().into(),
        input.archived.unwrap_or_default().into(),
        input.is_shared.unwrap_or_default().into(),
    ];
    tx.conn().execute_raw(statement(sql, values)).await?;
    one(tx, id).await
}

/// Changes the members sent.
///
/// # Errors
/// 404; 403 for a shared view of somebody else; 412 with the view as it is; 422; 409 for a name that is taken.
pub async fn update(tx: &TenantTx, id: Uuid, expected: Option<i32>, input: SavedViewInput) -> ApiResult<SavedView> {
    let old = for_change(tx, id).await?;
    if expected.is_some_and(|version| version != old.version) {
        return Err(ApiError::stale(serde_json::to_value(&old).map_err(ApiError::internal)?));
    }
    if input.entity.is_some_and(|entity| entity != old.entity) {
        return Err(ApiError::field("entity", "fixed", "A view stays with its list."));
    }
    check(tx, &input, old.entity)?;
    let sql = "UPDATE saved_views SET name = $3, filters = $4, search = $5, sort = $6, columns = $7, mine = $8, \
         archived = $9, is_shared = $10, version = version + 1, updated_at = now() WHERE org_id = $1 AND id = $2";
    let values: Vec<Value> = vec![
        tx.org_id().into(),
        id.into(),
        input.name.as_deref().map_or(old.name, one_line).into(),
        input.filters.unwrap_or(old.filters).into(),
        input.search.as_deref().map_or(old.search, one_line).into(),
        input.sort.map_or(old.sort, |sort| sort.trim().to_owned()).into(),
        json!(input.columns.unwrap_or(old.columns)).into(),
        input.mine.unwrap_or(old.mine).into(),
        input.archived.unwrap_or(old.archived).into(),
        input.is_shared.unwrap_or(old.is_shared).into(),
    ];
    tx.conn().execute_raw(statement(sql, values)).await?;
    // Who has just made it its keeper's own again sees it for the last time.
    one_of(tx, "true", id).await
}

/// Deletes a view.
///
/// # Errors
/// 404; 403 for a shared view of somebody else.
pub async fn delete(tx: &TenantTx, id: Uuid) -> ApiResult<()> {
    for_change(tx, id).await?;
    let sql = "DELETE FROM saved_views WHERE org_id = $1 AND id = $2";
    tx.conn().execute_raw(statement(sql, [tx.org_id().into(), id.into()])).await?;
    Ok(())
}

/// Sets what the person does with a view.
///
/// # Errors
/// 404.
pub async fn mark(tx: &TenantTx, id: Uuid, marks: ViewMarks) -> ApiResult<SavedView> {
    let view = one(tx, id).await?;
    let user = person(tx)?;
    if marks.is_default == Some(true) {
        let sql = "UPDATE saved_view_marks SET is_default = false \
             WHERE org_id = $1 AND user_id = $2 AND entity = $3 AND is_default AND view_id <> $4";
        let values = [tx.org_id().into(), user.into(), text(view.entity), id.into()];
        tx.conn().execute_raw(statement(sql, values)).await?;
    }
    let sql = "INSERT INTO saved_view_marks (org_id, user_id, view_id, entity, is_favorite, is_default) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (org_id, user_id, view_id) \
         DO UPDATE SET is_favorite = excluded.is_favorite, is_default = excluded.is_default";
    let values = [
        tx.org_id().into(),
        user.into(),
        id.into(),
        text(view.entity),
        marks.is_favorite.unwrap_or(view.is_favorite).into(),
        marks.is_default.unwrap_or(view.is_default).into(),
    ];
    tx.conn().execute_raw(statement(sql, values)).await?;
    one(tx, id).await
}

/// A view that the person may change; others wait until that is done.
async fn for_change(tx: &TenantTx, id: Uuid) -> ApiResult<SavedView> {
    keeping::lock(tx, "saved_views", id).await?;
    let view = one(tx, id).await?;
    keeping::editable(view.may_edit, "view")?;
    Ok(view)
}

/// Checks the members sent; viewers share nothing.
fn check(tx: &TenantTx, input: &SavedViewInput, entity: RecordType) -> ApiResult<()> {
    let errors = input.check(tx.schema(entity));
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    keeping::shareable(tx, input.is_shared, "views")
}

fn may_view(tx: &TenantTx, entity: RecordType) -> bool {
    tx.access(entity.permissions().view) != Access::No
}

fn text(entity: RecordType) -> Value {
    entity.as_str().to_owned().into()
}
