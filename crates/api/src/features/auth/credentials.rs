//! Address and password: the one place where they are compared.

use crate::auth::lockout::Attempt;
use crate::auth::password;
use crate::db::{Reason, RequestInfo, System};
use crate::error::{ApiError, ApiResult};
use crate::http::rate_limit::{Limit, MINUTE, client};
use crate::state::AppState;
use domain::auth::Membership;
use domain::error::ErrorCode;
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// An account, as sign-in looks it up.
#[derive(Debug, FromQueryResult)]
pub struct Account {
    /// Id of the person.
    pub id: Uuid,
    password_hash: Option<String>,
}

impl Account {
    /// Whether the person has chosen a password. Somebody who was only invited has not.
    pub fn is_open(&self) -> bool {
        self.password_hash.is_some()
    }
}

/// Takes one of the attempts that an address of the network has per minute to sign in, to register or to use an
/// invitation.
///
/// # Errors
/// 429.
pub async fn limit(state: &AppState, request: &RequestInfo) -> ApiResult<()> {
    let limit = Limit { name: "sign-in", burst: state.config.sign_in_rate, per: MINUTE };
    limit.check(state, &client(request)).await
}

/// The account with this address, if anybody has it.
///
/// # Errors
/// The database cannot be reached.
pub async fn account(system: &System, email_norm: &str) -> ApiResult<Option<Account>> {
    let sql = "SELECT id, password_hash FROM auth_user_by_email($1)";
    let row = system.call(sql, vec![email_norm.into()]).await?;
    Ok(row.map(|row| Account::from_query_result(&row, "")).transpose()?)
}

/// The organizations in which a person works, oldest membership first.
///
/// # Errors
/// The database cannot be reached.
pub async fn memberships(system: &System, user_id: Uuid) -> ApiResult<Vec<Membership>> {
    let rows = system
        .call_all("SELECT org_id, org_name AS name, role FROM auth_memberships($1)", vec![user_id.into()])
        .await?;
    Ok(rows.iter().map(|row| Membership::from_query_result(row, "")).collect::<Result<_, _>>()?)
}

/// Whose address and password these are. Unknown address, account without a password and wrong password are refused
/// with the same answer after the same work; the database is not held while the password is hashed.
///
/// # Errors
/// 401 for wrong credentials, 429 while the address is locked.
pub async fn authenticate(state: &AppState, email_norm: &str, password: &str) -> ApiResult<Account> {
    let attempt = Attempt::begin(state, email_norm).await?;
    let system = state.db.system(Reason::SignIn).await?;
    let account = account(&system, email_norm).await?;
    system.commit().await?;
    let stored = account.as_ref().and_then(|account| account.password_hash.clone());
    let right = password::verify(stored, password).await?;
    match account {
        Some(account) if right => {
            attempt.succeeded(state).await?;
            Ok(account)
        }
        _ => Err(ApiError::new(ErrorCode::InvalidCredentials, "Email address or password is wrong.")),
    }
}
