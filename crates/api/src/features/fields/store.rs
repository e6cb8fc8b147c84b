//! Reading and changing definitions of fields.

use super::documents;
use crate::db::{TenantTx, definitions, statement};
use crate::error::{ApiError, ApiResult};
use crate::events::emit;
use crate::records::values::ids_array;
use domain::auth::check_name;
use domain::catalog::RecordType;
use domain::error::{ErrorCode, FieldError};
use domain::events::{Change, NewEvent, verb};
use domain::fields::{
    FieldDefinition, FieldDefinitionInput, FieldOption, FieldOrder, FieldType, FieldUsage, MAX_FIELDS, NAME_MAX, key_of,
};
use domain::tags::norm;
use domain::value::Value;
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

/// The definitions, in the order of forms: live ones, or deleted ones.
///
/// # Errors
/// The database cannot be reached.
pub async fn all(tx: &TenantTx, entity: Option<RecordType>, deleted: bool) -> ApiResult<Vec<FieldDefinition>> {
    let rest = "AND ($2::text IS NULL OR entity = $2) AND (deleted_at IS NOT NULL) = $3 ORDER BY entity, position, id";
    let values = vec![entity.map(|entity| entity.as_str().to_owned()).into(), deleted.into()];
    Ok(definitions(tx.conn(), tx.org_id(), rest, values).await?)
}

/// One definition, deleted or not.
///
/// # Errors
/// 404.
pub async fn one(tx: &TenantTx, id: Uuid) -> ApiResult<FieldDefinition> {
    let found = definitions(tx.conn(), tx.org_id(), "AND id = $2", vec![id.into()]).await?;
    found.into_iter().next().ok_or_else(|| ApiError::not_found("field"))
}

/// Defines a field.
///
/// # Errors
/// 422; 409 for a name or key that is taken, or where there are too many.
pub async fn create(tx: &TenantTx, mut input: FieldDefinitionInput) -> ApiResult<FieldDefinition> {
    let required = |name: &str, sentence: &str| FieldError::new(name, "required", sentence);
    let (Some(entity), Some(kind)) = (input.entity, input.kind) else {
        let entity = input.entity.is_none().then(|| required("entity", "Say which records have the field."));
        let kind = input.kind.is_none().then(|| required("type", "Say what values the field takes."));
        return Err(ApiError::invalid(entity.into_iter().chain(kind).collect()));
    };
    lock(tx).await?;
    input.name.get_or_insert_default();
    if kind.has_options() {
        input.options.get_or_insert_default();
    }
    checked(tx, entity, None, &mut input, kind)?;
    let name = one_name(&input)?;
    let (live, deleted) = (all(tx, Some(entity), false).await?, all(tx, Some(entity), true).await?);
    if live.len() >= MAX_FIELDS {
        let sentence = format!("Records of a type can have at most {MAX_FIELDS} own fields. Delete some first.");
        return Err(ApiError::new(ErrorCode::Conflict, sentence));
    }
    let is_taken = |key: &str| live.iter().chain(&deleted).any(|field| field.key == key);
    let key = input.key.unwrap_or_else(|| key_of(&name, is_taken));
    let id = Uuid::now_v7();
    let sql = "INSERT INTO field_definitions \
         (org_id, id, entity, key, name, name_norm, type, required, options, show_in_list, created_by, position) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, \
            (SELECT coalesce(max(position) + 1, 0) FROM field_definitions WHERE org_id = $1 AND entity = $3))";
    let values = [
        tx.org_id().into(),
        id.into(),
        entity.as_str().into(),
        key.into(),
        name.as_str().into(),
        norm(&name).into(),
        kind.as_str().into(),
        input.required.unwrap_or_default().into(),
        json!(input.options.unwrap_or_default()).into(),
        input.show_in_list.unwrap_or_default().into(),
        tx.user_id().into(),
    ];
    tx.conn().execute_raw(statement(sql, values)).await?;
    let field = one(tx, id).await?;
    emit(tx, event(verb::CREATED, &field)).await?;
    Ok(field)
}

/// Changes the members sent.
///
/// # Errors
/// 404; 412 with the definition as it is; 422; 409 for a name that is taken, and for a deleted field.
pub async fn update(
    tx: &TenantTx,
    id: Uuid,
    expected: Option<i32>,
    mut input: FieldDefinitionInput,
) -> ApiResult<FieldDefinition> {
    let old = for_change(tx, id, expected).await?;
    live(&old)?;
    let fixed = [
        ("entity", input.entity.is_some_and(|entity| entity != old.entity), "A field stays with its record type."),
        ("type", input.kind.is_some_and(|kind| kind != old.kind), "The type of a field cannot be changed."),
        ("key", input.key.as_ref().is_some_and(|key| *key != old.key), "The key of a field cannot be changed."),
    ];
    let fixed = fixed.iter().filter(|(_, differs, _)| *differs);
    let errors: Vec<_> = fixed.map(|(name, _, sentence)| FieldError::new(name, "fixed", *sentence)).collect();
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    checked(tx, old.entity, Some(&old), &mut input, old.kind)?;
    let new = FieldDefinition {
        name: if input.name.is_some() { one_name(&input)? } else { old.name.clone() },
        required: input.required.unwrap_or(old.required),
        options: input.options.unwrap_or_else(|| old.options.clone()),
        show_in_list: input.show_in_list.unwrap_or(old.show_in_list),
        ..old.clone()
    };
    let changes = changes(&old, &new);
    if changes.is_empty() && new.options == old.options {
        return Ok(old);
    }
    let sql = "UPDATE field_definitions SET name = $3, name_norm = $4, required = $5, options = $6, show_in_list = $7, \
         version = version + 1, updated_at = now() WHERE org_id = $1 AND id = $2";
    let values = [
        tx.org_id().into(),
        id.into(),
        new.name.as_str().into(),
        norm(&new.name).into(),
        new.required.into(),
        json!(new.options).into(),
        new.show_in_list.into(),
    ];
    tx.conn().execute_raw(statement(sql, values)).await?;
    let field = one(tx, id).await?;
    if documents::differ(&old.options, &field.options) {
        documents::begin(tx, &field).await?;
    }
    emit(tx, event(verb::UPDATED, &field).changes(changes)).await?;
    Ok(field)
}

/// Puts the live fields of a record type in a new order.
///
/// # Errors
/// 422 unless every one of them is named once.
pub async fn reorder(tx: &TenantTx, order: &FieldOrder) -> ApiResult<Vec<FieldDefinition>> {
    lock(tx).await?;
    let old: Vec<Uuid> = all(tx, Some(order.entity), false).await?.iter().map(|field| field.id).collect();
    let sorted = |ids: &[Uuid]| {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids
    };
    if sorted(&order.ids) != sorted(&old) {
        return Err(ApiError::field("ids", "fields", "Name every field of the record type once."));
    }
    if order.ids != old {
        let sql = "UPDATE field_definitions f SET position = x.place - 1 FROM unnest($2) WITH ORDINALITY AS x (id, place) \
             WHERE f.org_id = $1 AND f.id = x.id";
        tx.conn().execute_raw(statement(sql, [tx.org_id().into(), ids_array(&order.ids)])).await?;
        if let Some(first) = order.ids.first() {
            let about = order.entity.spec().label_plural;
            emit(tx, NewEvent::new("field", "reordered", *first, about)).await?;
        }
    }
    all(tx, Some(order.entity), false).await
}

/// Deletes a field, and keeps its values.
///
/// # Errors
/// 404.
pub async fn delete(tx: &TenantTx, id: Uuid) -> ApiResult<()> {
    let field = for_change(tx, id, None).await?;
    if field.deleted_at.is_some() {
        return Ok(());
    }
    let kept = usage(tx, id).await?.records;
    set_deleted(tx, id, "now()").await?;
    documents::begin(tx, &field).await?;
    emit(tx, event(verb::DELETED, &field).details(json!({ "records": kept }))).await
}

/// Brings a deleted field back.
///
/// # Errors
/// 404; 409 where another field has its name meanwhile, or there are too many.
pub async fn restore(tx: &TenantTx, id: Uuid) -> ApiResult<FieldDefinition> {
    let field = for_change(tx, id, None).await?;
    if field.deleted_at.is_none() {
        return Ok(field);
    }
    if all(tx, Some(field.entity), false).await?.len() >= MAX_FIELDS {
        let sentence = format!("Records of a type can have at most {MAX_FIELDS} own fields. Delete some first.");
        return Err(ApiError::new(ErrorCode::Conflict, sentence));
    }
    set_deleted(tx, id, "NULL").await?;
    let field = one(tx, id).await?;
    documents::begin(tx, &field).await?;
    emit(tx, event(verb::RESTORED, &field)).await?;
    Ok(field)
}

/// How many records have a value, archived ones included.
///
/// # Errors
/// 404.
pub async fn usage(tx: &TenantTx, id: Uuid) -> ApiResult<FieldUsage> {
    let field = one(tx, id).await?;
    let sql = "SELECT count(*) FROM custom_values WHERE org_id = $1 AND field = $2 AND n = 1";
    let row = tx.conn().query_one_raw(statement(sql, [tx.org_id().into(), in_values(&field).into()])).await?;
    Ok(FieldUsage { records: row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0) })
}

/// Some of the records that have a value, archived ones included: those that follow `after`, in the order of their ids.
///
/// # Errors
/// The database cannot be reached.
pub async fn records_with(tx: &TenantTx, field: &FieldDefinition, after: Uuid, limit: u32) -> ApiResult<Vec<Uuid>> {
    let sql = "SELECT record_id FROM custom_values WHERE org_id = $1 AND field = $2 AND n = 1 AND record_id > $3 \
         ORDER BY record_id LIMIT $4";
    let values = [tx.org_id().into(), in_values(field).into(), after.into(), i64::from(limit).into()];
    let rows = tx.conn().query_all_raw(statement(sql, values)).await?;
    Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
}

/// The field's name in `custom_values`.
fn in_values(field: &FieldDefinition) -> String {
    format!("{}.{}", field.entity.spec().table, field.key)
}

async fn set_deleted(tx: &TenantTx, id: Uuid, at: &'static str) -> ApiResult<()> {
    let sql = format!(
        "UPDATE field_definitions SET deleted_at = {at}, version = version + 1, updated_at = now() \
         WHERE org_id = $1 AND id = $2"
    );
    tx.conn().execute_raw(statement(&sql, [tx.org_id().into(), id.into()])).await?;
    Ok(())
}

/// Changes of an organization's definitions wait for each other: keys, names and places are compared with all others.
async fn lock(tx: &TenantTx) -> ApiResult<()> {
    let sql = "SELECT pg_advisory_xact_lock(hashtextextended('fields:' || $1::text, 0))";
    tx.conn().query_one_raw(statement(sql, [tx.org_id().into()])).await?;
    Ok(())
}

async fn for_change(tx: &TenantTx, id: Uuid, expected: Option<i32>) -> ApiResult<FieldDefinition> {
    lock(tx).await?;
    let field = one(tx, id).await?;
    if expected.is_some_and(|version| version != field.version) {
        return Err(ApiError::stale(serde_json::to_value(&field).map_err(ApiError::internal)?));
    }
    Ok(field)
}

fn live(field: &FieldDefinition) -> ApiResult<()> {
    match field.deleted_at {
        None => Ok(()),
        Some(_) => Err(ApiError::new(ErrorCode::Conflict, "This field was deleted. Restore it first.")),
    }
}

fn one_name(input: &FieldDefinitionInput) -> ApiResult<String> {
    let name = input.name.as_deref().unwrap_or_default();
    check_name("name", "The name", name, NAME_MAX).map_err(|error| ApiError::invalid(vec![error]))
}

/// Checks the members sent. A name is unlike that of any other field, standard ones included: people tell fields apart
/// by it, and imports recognise columns by it.
fn checked(
    tx: &TenantTx,
    entity: RecordType,
    old: Option<&FieldDefinition>,
    input: &mut FieldDefinitionInput,
    kind: FieldType,
) -> ApiResult<()> {
    let mut errors = input.check(kind);
    let name = input.name.as_deref().map(norm).unwrap_or_default();
    let own = old.map(FieldDefinition::field_name);
    let is_other = |name: &str| own.as_deref() != Some(name);
    if tx.schema(entity).fields().any(|field| is_other(field.name) && norm(field.label) == name) {
        let plural = entity.spec().label_plural;
        errors.push(FieldError::new("name", "duplicate", format!("{plural} already have a field of this name.")));
    }
    if errors.is_empty() { Ok(()) } else { Err(ApiError::invalid(errors)) }
}

fn changes(old: &FieldDefinition, new: &FieldDefinition) -> Vec<Change> {
    let labels = |options: &[FieldOption]| options.iter().map(|option| option.label.clone()).collect::<Vec<_>>();
    let found = [
        Change::between("name", &json!(old.name), &Value::Text(new.name.clone())),
        Change::between("required", &json!(old.required), &Value::Bool(new.required)),
        Change::between("options", &json!(labels(&old.options)), &Value::Texts(labels(&new.options))),
        Change::between("show_in_list", &json!(old.show_in_list), &Value::Bool(new.show_in_list)),
    ];
    found.into_iter().flatten().collect()
}

fn event(verb: &str, field: &FieldDefinition) -> NewEvent {
    let title = format!("{} ({})", field.name, field.entity.spec().label_plural.to_lowercase());
    NewEvent::new("field", verb, field.id, &title)
}
