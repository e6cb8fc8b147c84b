//! Registration: an organization and its owner.

use super::credentials::{account, authenticate, memberships};
use super::keep;
use crate::auth::audit;
use crate::auth::password;
use crate::db::{Reason, RequestInfo, TenantTx};
use crate::error::{ApiError, ApiResult};
use crate::features::orgs::{found, furnish, name_of, settings_of};
use crate::state::AppState;
use domain::audit::AuditAction;
use domain::auth::{OrgInput, OrgSettings, Register, check_email, check_name, check_password};
use domain::error::{ErrorCode, FieldError};
use serde_json::Value as Json;
use uuid::Uuid;

/// The longest name of a person, in characters.
pub const NAME_MAX: usize = 200;

struct Checked {
    organization: String,
    name: String,
    email: String,
    settings: OrgSettings,
}

fn check(input: &Register) -> ApiResult<Checked> {
    let mut errors = Vec::new();
    let organization = keep(&mut errors, name_of("organization", &input.organization));
    let name = keep(&mut errors, check_name("name", "Your name", &input.name, NAME_MAX));
    let email = keep(&mut errors, check_email("email", &input.email));
    let _ = keep(&mut errors, check_password(&input.password));
    let settings = OrgInput { timezone: input.timezone.clone(), ..OrgInput::default() };
    let settings = settings_of(&settings, &OrgSettings::default()).map_err(|wrong| errors.extend(wrong)).ok();
    match (organization, name, email, settings) {
        (Some(organization), Some(name), Some(email), Some(settings)) if errors.is_empty() => {
            Ok(Checked { organization, name, email, settings })
        }
        _ => Err(ApiError::invalid(errors)),
    }
}

/// Makes the organization, its owner and its default pipeline; nothing of it stays if anything fails.
///
/// # Errors
/// 422 for wrong fields, 409 when the address is known.
pub async fn register(state: &AppState, request: RequestInfo, input: &Register) -> ApiResult<TenantTx> {
    let checked = check(input)?;
    let Checked { organization, name, email, settings } = &checked;
    if let Some(tx) = again(state, &request, &checked, &input.password).await? {
        return Ok(tx);
    }
    let hash = password::hash(&input.password).await?;
    let org_id = Uuid::now_v7();
    let settings = serde_json::to_value(settings).map_err(ApiError::internal)?;
    let system = state.db.system(Reason::Registration).await?;
    let values = vec![
        Uuid::now_v7().into(),
        input.email.trim().into(),
        email.as_str().into(),
        hash.into(),
        name.as_str().into(),
        org_id.into(),
        organization.as_str().into(),
        settings.into(),
    ];
    let row = system.call("SELECT auth_register($1, $2, $3, $4, $5, $6, $7, $8)", values).await?;
    let row = row.ok_or_else(|| ApiError::internal(anyhow::anyhow!("auth_register returned nothing")))?;
    let user_id: Uuid = row.try_get_by_index(0)?;
    let tx = system.enter(org_id, user_id, request).await?;
    audit::record(&tx, AuditAction::UserCreated, ("user", user_id), Json::Null).await?;
    furnish(&tx, organization).await?;
    Ok(tx)
}

/// A known address is refused, except for somebody who belongs to no organization any more and knows the password:
/// there is no other way back for the owner of a deleted organization.
async fn again(
    state: &AppState,
    request: &RequestInfo,
    checked: &Checked,
    password: &str,
) -> ApiResult<Option<TenantTx>> {
    let system = state.db.system(Reason::SignIn).await?;
    let Some(known) = account(&system, &checked.email).await?.filter(super::credentials::Account::is_open) else {
        return Ok(None);
    };
    let homeless = memberships(&system, known.id).await?.is_empty();
    system.commit().await?;
    if homeless {
        match authenticate(state, &checked.email, password).await {
            Ok(account) => {
                let tx = found(state, account.id, request.clone(), &checked.organization, &checked.settings).await?;
                return Ok(Some(tx));
            }
            Err(refused) if *refused.code() == ErrorCode::InvalidCredentials => {}
            Err(other) => return Err(other),
        }
    }
    let sentence = "This email address is already registered. Please sign in instead.";
    Err(ApiError::new(ErrorCode::Duplicate, sentence).with_field(FieldError::new("email", "duplicate", sentence)))
}
