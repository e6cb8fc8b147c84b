//! The active organization.

use super::client::Call;
use super::error::ApiResult;
use domain::auth::{OrgInput, Organization};

/// Changes the organization.
pub async fn update(input: &OrgInput) -> ApiResult<Organization> {
    Call::put("/orgs/current").body(input).json().await
}

/// Deletes the organization with everything in it.
pub async fn delete() -> ApiResult<()> {
    Call::delete("/orgs/current").done().await
}
