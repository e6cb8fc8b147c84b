//! How an organization begins and changes.

use super::{name_of, repo, settings_of};
use crate::auth::audit;
use crate::db::{Reason, RequestInfo, TenantTx};
use crate::error::{ApiError, ApiResult};
use crate::events::emit;
use crate::features::pipelines::seed::seed_default_pipeline;
use crate::state::AppState;
use domain::audit::AuditAction;
use domain::auth::{OrgInput, OrgSettings, Organization};
use domain::error::FieldError;
use domain::events::{Change, NewEvent, verb};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// A person with an account makes a further organization; goes on inside it.
///
/// # Errors
/// 401 when there is no such account.
pub async fn found(
    state: &AppState,
    user_id: Uuid,
    request: RequestInfo,
    name: &str,
    settings: &OrgSettings,
) -> ApiResult<TenantTx> {
    let org_id = Uuid::now_v7();
    let settings = serde_json::to_value(settings).map_err(ApiError::internal)?;
    let system = state.db.system(Reason::Registration).await?;
    let values = vec![user_id.into(), org_id.into(), name.into(), settings.into()];
    let row = system.call("SELECT auth_create_organization($1, $2, $3, $4)", values).await?;
    let made = row.map(|row| row.try_get_by_index::<bool>(0)).transpose()?;
    if made != Some(true) {
        return Err(ApiError::unauthenticated());
    }
    let tx = system.enter(org_id, user_id, request).await?;
    furnish(&tx, name).await?;
    Ok(tx)
}

/// TENANCY-10: what every organization begins with.
///
/// # Errors
/// The database cannot be reached.
pub async fn furnish(tx: &TenantTx, name: &str) -> ApiResult<()> {
    seed_default_pipeline(tx).await?;
    audit::record(tx, AuditAction::OrganizationCreated, ("organization", tx.org_id()), Json::Null).await?;
    emit(tx, NewEvent::new("organization", verb::CREATED, tx.org_id(), name)).await
}

/// The input of a new organization: a name, and settings where they differ from the defaults.
///
/// # Errors
/// 422 with the fields that are wrong.
pub fn checked(input: &OrgInput) -> ApiResult<(String, OrgSettings)> {
    let name = name_of("name", input.name.as_deref().unwrap_or_default());
    both(name, settings_of(input, &OrgSettings::default()))
}

/// Changes name and settings.
///
/// # Errors
/// 422 with the fields that are wrong.
pub async fn update(tx: &TenantTx, input: &OrgInput) -> ApiResult<Organization> {
    let name = input.name.as_deref().map(|name| name_of("name", name)).transpose();
    let before = repo::locked(tx).await?;
    let (name, settings) = both(name, settings_of(input, &before.settings))?;
    let after = repo::update(tx, name.as_deref(), &settings).await?;
    let changes = changes(&before, &after)?;
    if !changes.is_empty() {
        let details = json!({ "changes": changes });
        audit::record(tx, AuditAction::OrganizationUpdated, ("organization", after.id), details).await?;
        let event = NewEvent::new("organization", verb::UPDATED, after.id, &after.name).changes(changes);
        emit(tx, event).await?;
    }
    Ok(after)
}

/// Both values, or everything that is wrong with either.
fn both<A, B>(a: Result<A, FieldError>, b: Result<B, Vec<FieldError>>) -> ApiResult<(A, B)> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (a, b) => Err(ApiError::invalid(a.err().into_iter().chain(b.err().into_iter().flatten()).collect())),
    }
}

/// What differs between two states, field by field.
fn changes(before: &Organization, after: &Organization) -> ApiResult<Vec<Change>> {
    let flat = |organization: &Organization| -> ApiResult<serde_json::Map<String, Json>> {
        let settings = serde_json::to_value(&organization.settings).map_err(ApiError::internal)?;
        let mut fields = settings.as_object().cloned().unwrap_or_default();
        fields.insert("name".to_owned(), organization.name.clone().into());
        Ok(fields)
    };
    let before = flat(before)?;
    Ok(flat(after)?
        .into_iter()
        .filter_map(|(field, new)| {
            let old = before.get(&field).cloned().unwrap_or_default();
            (old != new).then_some(Change { field, old, new })
        })
        .collect())
}
