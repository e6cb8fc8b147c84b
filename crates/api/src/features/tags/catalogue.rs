//! Reading and changing the tag catalogue. Which records carry a tag is the business of the records.

use crate::db::{Listing, TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::events::emit;
use crate::http::page::Window;
use crate::records::filter_sql::escape_like;
use domain::catalog::{Kind, RecordType};
use domain::error::{ErrorCode, FieldError};
use domain::events::{Change, NewEvent, verb};
use domain::page::Page;
use domain::tags::{Tag, TagCategory, TagInput, norm};
use domain::value::Value;
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::json;
use uuid::Uuid;

const COLUMNS: &str = "id, name, color, category, usage_count, created_at";

/// What the catalogue is asked for.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// One category only.
    pub category: Option<TagCategory>,
    /// Names that contain this.
    pub search: Option<&'a str>,
    /// Which page.
    pub window: Window,
}

/// A page of tags, the most used first.
///
/// # Errors
/// The database cannot be reached.
pub async fn list(tx: &TenantTx, wanted: &Wanted<'_>) -> ApiResult<Page<Tag>> {
    let pattern = wanted.search.map(|text| format!("%{}%", escape_like(&norm(text))));
    let category = wanted.category.map(|c| c.as_str().to_owned());
    let listing = Listing {
        columns: COLUMNS,
        from: "tags WHERE org_id = $1 AND ($2::text IS NULL OR category = $2) \
            AND ($3::text IS NULL OR name_norm LIKE $3)",
        order: "usage_count DESC, name, id",
    };
    tx.page(listing, vec![category.into(), pattern.into()], wanted.window).await
}

/// Adds a tag to the catalogue.
///
/// # Errors
/// 422; 409 for a name that the category has already.
pub async fn create(tx: &TenantTx, input: &TagInput) -> ApiResult<Tag> {
    let Some(name) = checked_name(input)? else {
        return Err(ApiError::field("name", "required", "The name is required."));
    };
    let color = checked_color(input)?.flatten();
    let category = input.category.unwrap_or(TagCategory::General);
    let id = Uuid::now_v7();
    let sql = "INSERT INTO tags (org_id, id, name, name_norm, color, category, created_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        tx.org_id().into(),
        id.into(),
        name.as_str().into(),
        norm(&name).into(),
        color.into(),
        category.as_str().into(),
        tx.user_id().into(),
    ];
    tx.conn().execute_raw(statement(sql, values)).await?;
    let tag = one(tx, id, "").await?;
    emit(tx, event(verb::CREATED, &tag)).await?;
    Ok(tag)
}

/// Renames or recolours a tag; every record that carries it shows the new name.
///
/// # Errors
/// 404; 422; 409 for a name that the category has already.
pub async fn update(tx: &TenantTx, id: Uuid, input: &TagInput) -> ApiResult<Tag> {
    let old = one(tx, id, " FOR NO KEY UPDATE").await?;
    if input.category.is_some_and(|category| category != old.category) {
        return Err(ApiError::field("category", "fixed", "The category of a tag cannot be changed."));
    }
    let name = checked_name(input)?.unwrap_or_else(|| old.name.clone());
    let color = checked_color(input)?.unwrap_or_else(|| old.color.clone());
    let text = |value: &Option<String>| value.clone().map_or(Value::Null, Value::Text);
    let changes: Vec<Change> = [
        Change::between("name", &json!(old.name), &Value::Text(name.clone())),
        Change::between("color", &json!(old.color), &text(&color)),
    ]
    .into_iter()
    .flatten()
    .collect();
    if changes.is_empty() {
        return Ok(old);
    }
    let sql = "UPDATE tags SET name = $3, name_norm = $4, color = $5, version = version + 1, updated_at = now() \
         WHERE org_id = $1 AND id = $2";
    let values = [tx.org_id().into(), id.into(), name.as_str().into(), norm(&name).into(), color.into()];
    tx.conn().execute_raw(statement(sql, values)).await?;
    let tag = one(tx, id, "").await?;
    emit(tx, event(verb::UPDATED, &tag).changes(changes)).await?;
    Ok(tag)
}

/// Deletes a tag from the catalogue and from all records.
///
/// # Errors
/// 404.
pub async fn delete(tx: &TenantTx, id: Uuid) -> ApiResult<()> {
    let tag = one(tx, id, " FOR UPDATE").await?;
    let sql = "DELETE FROM tags WHERE org_id = $1 AND id = $2";
    tx.conn().execute_raw(statement(sql, [tx.org_id().into(), id.into()])).await?;
    emit(tx, event(verb::DELETED, &tag).details(json!({ "usage_count": tag.usage_count }))).await
}

async fn one(tx: &TenantTx, id: Uuid, lock: &'static str) -> ApiResult<Tag> {
    let sql = format!("SELECT {COLUMNS} FROM tags WHERE org_id = $1 AND id = $2{lock}");
    let row = tx.conn().query_one_raw(statement(&sql, [tx.org_id().into(), id.into()])).await?;
    let row = row.ok_or_else(|| ApiError::not_found("tag"))?;
    Ok(Tag::from_query_result(&row, "")?)
}

fn event(verb: &str, tag: &Tag) -> NewEvent {
    NewEvent::new("tag", verb, tag.id, &tag.name)
}

/// The name, held to the rules that tags on records are held to.
fn checked_name(input: &TagInput) -> ApiResult<Option<String>> {
    let Some(name) = &input.name else { return Ok(None) };
    let tags = RecordType::Company.spec().standard.iter().find(|field| matches!(field.kind, Kind::Tags));
    let field = tags.ok_or_else(|| ApiError::internal(anyhow::anyhow!("companies have no tags")))?;
    let checked = domain::draft::check(field, &json!([name])).map_err(|errors| {
        let named = |e: FieldError| FieldError { path: "/name".to_owned(), ..e };
        ApiError::invalid(errors.into_iter().map(named).collect())
    })?;
    match checked {
        Value::Texts(names) => match names.into_iter().next() {
            Some(name) => Ok(Some(name)),
            None => Err(ApiError::field("name", "required", "The name is required.")),
        },
        _ => Err(ApiError::new(ErrorCode::Invalid, "The name is not a tag.")),
    }
}

/// The colour: `None` unless sent; empty clears.
fn checked_color(input: &TagInput) -> ApiResult<Option<Option<String>>> {
    let Some(color) = input.color.as_deref().map(str::trim) else { return Ok(None) };
    if color.is_empty() {
        return Ok(Some(None));
    }
    let number = color.strip_prefix('c').and_then(|n| n.parse::<u8>().ok()).filter(|n| (1..=12).contains(n));
    match number {
        Some(number) => Ok(Some(Some(format!("c{number}")))),
        None => Err(ApiError::field("color", "color", "The colour is c1 to c12.")),
    }
}
