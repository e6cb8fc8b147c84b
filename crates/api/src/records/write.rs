//! Writing records: create, change, archive, restore, delete. Each writes its events in the same transaction.

use super::read::{self, For};
use super::select::one_of;
use super::values::to_sql;
use super::{Stored, bulk, phone, references, tagging};
use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use crate::events::emit_all;
use domain::catalog::{Field, Kind, Uses, member};
use domain::draft::{Draft, Mode};
use domain::events::{Change, NewEvent, verb};
use domain::permission::Permission;
use domain::value::Value;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SimpleExpr, UpdateStatement};
use sea_orm::{ConnectionTrait, Value as Sql};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

/// Creates a record from an input.
///
/// # Errors
/// 422 with every wrong field, 409 for a value that must be unique.
pub async fn create<R: Stored>(tx: &TenantTx, mut input: Map<String, Json>) -> ApiResult<R> {
    with_defaults::<R>(tx, &mut input);
    R::normalise_input(tx, &mut input, None).await?;
    let mut draft = Draft::parse(tx.schema(R::TYPE), Mode::Create, &input).map_err(ApiError::invalid)?;
    references::check(tx, &draft).await?;
    R::prepare(tx, &mut draft, None).await?;
    let id = Uuid::now_v7();
    insert_many::<R>(tx, &[(id, &draft)]).await?;
    finish_links::<R>(tx, id, &draft).await?;
    let record: R = read::one(tx, id, For::Reading).await?;
    let event = event::<R>(verb::CREATED, &record).changes(first_values(tx, &draft));
    let mut events = R::events(tx, event, None, &record).await?;
    events.extend(tagging::events::<R>(&record, &[], tags_of(&draft)));
    emit_all(tx, events).await?;
    Ok(record)
}

/// What a new record was made with, as its `created` event tells it.
pub fn first_values(tx: &TenantTx, draft: &Draft) -> Vec<Change> {
    let given = draft.values().filter(|(_, value)| !value.is_null());
    given.filter_map(|(f, value)| Change::between(f.name, &Json::Null, &displayed(tx, f, value))).collect()
}

/// What a new record gets from the organization's settings and from who makes it.
fn with_defaults<R: Stored>(tx: &TenantTx, input: &mut Map<String, Json>) {
    let currency = R::spec().standard.iter().any(|f| matches!(f.kind, Kind::Currency));
    if currency && !input.contains_key("currency") {
        input.insert("currency".to_owned(), Json::from(tx.settings().currency.as_str()));
    }
    if let (false, Some(user)) = (input.contains_key("owner_id"), tx.user_id()) {
        input.insert("owner_id".to_owned(), Json::from(user.to_string()));
    }
}

/// Values of one statement: `PostgreSQL` counts them with 16 bits.
const MAX_VALUES: usize = 60_000;

/// Inserts prepared records, as many with one statement as go. Link tables and events are the caller's.
///
/// # Errors
/// A constraint refuses a row: then none is written.
pub async fn insert_many<R: Stored>(tx: &TenantTx, rows: &[(Uuid, &Draft)]) -> ApiResult<()> {
    // Of the columns that are empty unless something is given only those that get something: of fifty, few do.
    let given =
        |field: &Field| rows.iter().any(|(_, draft)| draft.get(field.name).is_some_and(|value| !value.is_null()));
    let columns = R::TYPE.standard().writable().filter(|f| f.is_column() && (f.uses.has(Uses::NOT_NULL) || given(f)));
    let columns: Vec<&'static Field> = columns.collect();
    let shadows: Vec<(&Field, String)> = columns.iter().filter_map(|f| shadow_column(f).map(|c| (*f, c))).collect();
    let mut insert = Query::insert();
    let mut names = vec![Alias::new("org_id"), Alias::new("id"), Alias::new("created_by"), Alias::new(member::CUSTOM)];
    names.extend(columns.iter().map(|f| Alias::new(f.column())));
    names.extend(shadows.iter().map(|(_, column)| Alias::new(column.as_str())));
    names.extend(R::derived_columns().iter().map(|c| Alias::new(*c)));
    let values_of = |id: &Uuid, draft: &Draft| {
        let mut values: Vec<SimpleExpr> =
            vec![tx.org_id().into(), (*id).into(), tx.user_id().into(), own_values(draft).into()];
        let value = |field: &Field| draft.get(field.name).cloned().unwrap_or(Value::Null);
        values.extend(columns.iter().map(|f| display_value(tx, f, &value(f))));
        values.extend(shadows.iter().map(|(f, _)| shadow_value(tx, f, &value(f))));
        values.extend(R::derive(draft, None).into_iter().map(SimpleExpr::from));
        values
    };
    let at_once = (MAX_VALUES / names.len()).max(1);
    insert.into_table(Alias::new(R::spec().table)).columns(names);
    for part in rows.chunks(at_once) {
        let mut insert = insert.clone();
        for (id, draft) in part {
            insert.values(values_of(id, draft)).map_err(ApiError::internal)?;
        }
        tx.conn().execute(&insert).await?;
    }
    Ok(())
}

/// Changes the fields sent.
///
/// # Errors
/// 404; 403 for somebody else's record; 412 when `expected` is not the present version; 422; 409.
pub async fn update<R: Stored>(
    tx: &TenantTx,
    id: Uuid,
    expected: Option<i32>,
    input: &Map<String, Json>,
) -> ApiResult<R> {
    let current = for_change::<R>(tx, id, expected, R::TYPE.permissions().update).await?;
    let mut input = input.clone();
    R::normalise_input(tx, &mut input, Some(&current)).await?;
    let draft = Draft::parse(tx.schema(R::TYPE), Mode::Update, &input).map_err(ApiError::invalid)?;
    apply(tx, current, draft).await
}

/// Applies a checked draft to a record that is locked for the change. Without a difference nothing is written.
///
/// # Errors
/// 422 for references and rules; 409.
pub async fn apply<R: Stored>(tx: &TenantTx, current: R, draft: Draft) -> ApiResult<R> {
    let (record, events) = change(tx, current, draft).await?;
    emit_all(tx, events).await?;
    Ok(record)
}

/// [`apply`] with the events left to the caller, who adds particulars and writes them.
///
/// # Errors
/// As [`apply`].
pub async fn change<R: Stored>(tx: &TenantTx, current: R, mut draft: Draft) -> ApiResult<(R, Vec<NewEvent>)> {
    references::check_change(tx, &draft, &current).await?;
    R::prepare(tx, &mut draft, Some(&current)).await?;
    let Difference { fields, changes } = difference(tx, &current, &draft)?;
    if fields.is_empty() && !draft.has_derived() {
        return Ok((current, Vec::new()));
    }
    let mut update = touch::<R>(tx, current.id());
    if let Some(patch) = own_patch(&fields) {
        update.value(Alias::new(member::CUSTOM), Expr::cust_with_values(OWN_PATCHED, [patch]));
    }
    for (field, value) in &fields {
        if field.is_column() {
            update.value(Alias::new(field.column()), to_sql(field, value));
        }
        if let Some(column) = shadow_column(field) {
            update.value(Alias::new(column), shadow_value(tx, field, value));
        }
    }
    for (column, value) in R::derived_columns().iter().zip(R::derive(&draft, Some(&current))) {
        update.value(Alias::new(*column), value);
    }
    tx.conn().execute(&update).await?;
    finish_links::<R>(tx, current.id(), &draft).await?;
    let record: R = read::one(tx, current.id(), For::Reading).await?;
    let mut events = Vec::new();
    if !changes.is_empty() {
        let main = event::<R>(verb::UPDATED, &record).changes(changes);
        events = R::events(tx, main, Some(&current), &record).await?;
    }
    if draft.get("tags").is_some() {
        events.extend(tagging::events::<R>(&record, current.tags(), tags_of(&draft)));
    }
    Ok((record, events))
}

/// How a draft differs from the record that it is to change.
#[derive(Debug)]
pub struct Difference {
    /// The fields that change, with their values as they are stored.
    pub fields: Vec<(&'static Field, Value)>,
    /// What of it the event tells: all but tags, which have events of their own.
    pub changes: Vec<Change>,
}

/// Compares a draft with the record.
///
/// # Errors
/// The record cannot be written as JSON.
pub fn difference<R: Stored>(tx: &TenantTx, before: &R, draft: &Draft) -> ApiResult<Difference> {
    let before = serde_json::to_value(before).map_err(ApiError::internal)?;
    let old = |field: &Field| field.of(&before);
    let stored = draft.values().map(|(field, value)| (field, displayed(tx, field, value)));
    let fields: Vec<_> = stored.filter(|(field, value)| differs(old(field), value)).collect();
    let told = fields.iter().filter(|(field, _)| !matches!(field.kind, Kind::Tags));
    let changes = told.filter_map(|(field, value)| Change::between(field.name, old(field), value)).collect();
    Ok(Difference { fields, changes })
}

/// Null, the empty text and the empty list are the same absence.
pub fn differs(old: &Json, new: &Value) -> bool {
    let new = new.to_json();
    let absent = |json: &Json| match json {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        _ => false,
    };
    *old != new && !(absent(old) && absent(&new))
}

/// Loads a record for a change and checks that this member may make it and saw the present version.
///
/// # Errors
/// 404, 403, 412.
pub async fn for_change<R: Stored>(
    tx: &TenantTx,
    id: Uuid,
    expected: Option<i32>,
    permission: Permission,
) -> ApiResult<R> {
    let current: R = read::one(tx, id, For::Update).await?;
    let access = tx.require(permission)?;
    if !current.allows(access, tx.user_id().unwrap_or_default()) {
        let sentence = format!("You can only change your own {}.", R::spec().label_plural.to_lowercase());
        return Err(ApiError::new(domain::error::ErrorCode::Forbidden, sentence));
    }
    if expected.is_some_and(|version| version != current.version()) {
        return Err(ApiError::stale(serde_json::to_value(&current).map_err(ApiError::internal)?));
    }
    Ok(current)
}

/// Archives a record: it leaves the lists and can be restored. Archiving it again changes nothing.
///
/// # Errors
/// 404, 403, 412.
pub async fn archive<R: Stored>(tx: &TenantTx, id: Uuid, expected: Option<i32>) -> ApiResult<()> {
    let current = for_change::<R>(tx, id, expected, R::TYPE.permissions().delete).await?;
    if current.deleted_at().is_some() {
        return Ok(());
    }
    bulk::archive(tx, &[current]).await?;
    Ok(())
}

/// Brings a record back from the archive.
///
/// # Errors
/// 404, 403, 412; 409 when its unique value was given to another record meanwhile.
pub async fn restore<R: Stored>(tx: &TenantTx, id: Uuid, expected: Option<i32>) -> ApiResult<R> {
    let current = for_change::<R>(tx, id, expected, R::TYPE.permissions().delete).await?;
    if current.deleted_at().is_none() {
        return Ok(current);
    }
    let mut restored = bulk::restore(tx, &[current]).await?;
    restored.remove(&id).ok_or_else(|| ApiError::not_found(&R::spec().label.to_lowercase()))
}

/// Deletes a record for good.
///
/// # Errors
/// 404, 403, 412; 409 while something that must not vanish refers to it.
pub async fn delete<R: Stored>(tx: &TenantTx, id: Uuid, expected: Option<i32>) -> ApiResult<()> {
    tx.require(Permission::RecordHardDelete)?;
    let current = for_change::<R>(tx, id, expected, R::TYPE.permissions().delete).await?;
    bulk::delete(tx, &[current]).await
}

/// `UPDATE companies SET version = version + 1, updated_at = now() WHERE …`: the beginning of every change.
pub fn touch<R: Stored>(tx: &TenantTx, id: Uuid) -> UpdateStatement {
    touch_all::<R>(tx, &[id])
}

/// [`touch`] for many records.
pub fn touch_all<R: Stored>(tx: &TenantTx, ids: &[Uuid]) -> UpdateStatement {
    let mut update = Query::update();
    update
        .table(Alias::new(R::spec().table))
        .value(Alias::new("version"), Expr::col(Alias::new("version")).add(1))
        .value(Alias::new("updated_at"), Expr::cust("now()"))
        .and_where(Expr::col(Alias::new("org_id")).eq(tx.org_id()))
        .and_where(one_of(Expr::col(Alias::new("id")), ids));
    update
}

/// An event about a record, with its version.
pub fn event<R: Stored>(verb: &str, record: &R) -> NewEvent {
    NewEvent::record(R::TYPE, verb, record.id(), record.title()).version(record.version())
}

pub(super) async fn finish_links<R: Stored>(tx: &TenantTx, id: Uuid, draft: &Draft) -> ApiResult<()> {
    if let Some(Value::Texts(names)) = draft.get("tags") {
        tagging::replace::<R>(tx, id, names).await?;
    }
    R::write_links(tx, id, draft).await
}

fn tags_of(draft: &Draft) -> &[String] {
    match draft.get("tags") {
        Some(Value::Texts(names)) => names,
        _ => &[],
    }
}

/// The normalised copy of a column, by which it is compared.
pub(super) fn shadow_column(field: &Field) -> Option<String> {
    match field.kind {
        Kind::Email => Some(format!("{}_norm", field.column())),
        Kind::Phone => Some(format!("{}_e164", field.column())),
        _ => None,
    }
}

fn shadow_value(tx: &TenantTx, field: &Field, value: &Value) -> SimpleExpr {
    Expr::val(shadow_text(tx, field, value))
}

/// The value of [`shadow_column`].
pub(super) fn shadow_text(tx: &TenantTx, field: &Field, value: &Value) -> Option<String> {
    match (field.kind, value) {
        (Kind::Email, Value::Text(text)) => Some(text.to_lowercase()),
        (Kind::Phone, Value::Text(text)) => phone::parse(text, &tx.settings().phone_region).map(|p| p.e164),
        _ => None,
    }
}

/// Phone numbers are stored in one format where they can be read, as written where not.
pub fn displayed(tx: &TenantTx, field: &Field, value: &Value) -> Value {
    match (field.kind, value) {
        (Kind::Phone, Value::Text(text)) => match phone::parse(text, &tx.settings().phone_region) {
            Some(phone) => Value::Text(phone.display),
            None => value.clone(),
        },
        _ => value.clone(),
    }
}

/// The organization's own fields of a new record, as they are stored.
fn own_values(draft: &Draft) -> Sql {
    let mut own = draft.custom_fields();
    own.retain(|_, value| *value != Json::Null);
    Json::Object(own).into()
}

/// `custom_fields` after a patch with what changes; null takes a value out.
const OWN_PATCHED: &str = "jsonb_strip_nulls(custom_fields || $1)";

/// What changes of the organization's own fields; `None` where nothing does.
pub(super) fn own_patch(fields: &[(&'static Field, Value)]) -> Option<Sql> {
    let own = fields.iter().filter_map(|(field, value)| Some((field.custom_key()?.to_owned(), value.to_json())));
    let patch: Map<String, Json> = own.collect();
    (!Map::is_empty(&patch)).then(|| Json::Object(patch).into())
}

fn display_value(tx: &TenantTx, field: &Field, value: &Value) -> SimpleExpr {
    Expr::val(to_sql(field, &displayed(tx, field, value)))
}
