//! Identity: signing in, organizations, members and invitations.

use crate::address::is_email;
use crate::draft::one_line;
use crate::error::FieldError;
use crate::permission::{Access, Role};
use crate::value::given;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The longest password, in characters: more only costs hashing time.
pub const PASSWORD_MAX: usize = 200;

/// Makes an organization and its owner.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// Name of the organization.
    pub organization: String,
    /// Name of the person.
    pub name: String,
    /// Sign-in address.
    pub email: String,
    /// Password: at least 8 characters of at least two kinds.
    pub password: String,
    /// IANA time zone of the organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "validate", validate(length(max = 64)))]
    pub timezone: Option<String>,
}

/// Signs in.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// Sign-in address.
    #[cfg_attr(feature = "validate", validate(length(max = 255)))]
    pub email: String,
    /// Password.
    #[cfg_attr(feature = "validate", validate(length(max = 200)))]
    pub password: String,
}

/// Who is signed in, where, and what they may do there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// The person.
    pub user: User,
    /// The active organization.
    pub organization: Organization,
    /// Role in it.
    pub role: Role,
    /// Every permission that is not refused, with its reach.
    pub permissions: BTreeMap<String, Access>,
    /// All organizations of this person.
    pub memberships: Vec<Membership>,
    /// The organization's own fields, in the order of forms.
    pub fields: Vec<crate::fields::FieldDefinition>,
}

impl Me {
    /// How far a permission reaches.
    pub fn access(&self, permission: crate::permission::Permission) -> Access {
        self.permissions.get(permission.as_str()).copied().unwrap_or(Access::No)
    }

    /// Whether a permission is given at all.
    pub fn can(&self, permission: crate::permission::Permission) -> bool {
        self.access(permission) != Access::No
    }
}

/// Whether somebody is signed in. Visitors get an answer, too, and no refusal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionInfo {
    /// Who is signed in; null for visitors.
    pub me: Option<Me>,
    /// The newest position in the organization's stream of changes: what is fetched from now on is at least as new.
    pub position: Option<String>,
}

/// A person who signs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    /// Id.
    pub id: Uuid,
    /// Sign-in address.
    pub email: String,
    /// Name.
    pub name: String,
    /// Web address of a picture.
    pub avatar_url: Option<String>,
}

/// An organization of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "db", derive(sea_orm::FromQueryResult))]
pub struct Membership {
    /// The organization.
    pub org_id: Uuid,
    /// Its name.
    pub name: String,
    /// Role in it.
    pub role: Role,
}

/// An organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Organization {
    /// Id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Settings.
    pub settings: OrgSettings,
}

/// Settings of an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct OrgSettings {
    /// Currency of new records.
    pub currency: String,
    /// IANA time zone: decides what "today" is.
    pub timezone: String,
    /// Country whose numbering plan reads phone numbers without a country code (ISO 3166-1 alpha-2).
    pub phone_region: String,
    /// How imports read ambiguous dates.
    pub date_order: DateOrder,
    /// From which probability, in percent, an open deal is marked as hot; null: none is.
    pub hot_probability: Option<i32>,
    /// From which amount, in minor units of `currency`, a deal is marked as one of high value; null: none is. Deals in
    /// other currencies are not compared.
    pub high_value_minor: Option<i64>,
}

impl Default for OrgSettings {
    fn default() -> Self {
        Self {
            currency: "USD".into(),
            timezone: "UTC".into(),
            phone_region: "US".into(),
            date_order: DateOrder::Mdy,
            hot_probability: Some(75),
            high_value_minor: None,
        }
    }
}

crate::choices! {
    /// The order of day, month and year in dates such as 03/04/2026.
    DateOrder {
        Mdy = "mdy" "Month/day/year",
        Dmy = "dmy" "Day/month/year",
        Ymd = "ymd" "Year-month-day",
    }
}

/// Changes the organization. Absent members stay as they are.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct OrgInput {
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Currency of new records.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// IANA time zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// Country code for phone numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_region: Option<String>,
    /// Order of ambiguous dates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_order: Option<DateOrder>,
    /// From which probability an open deal is hot, 1 to 100 percent; null switches the mark off.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i32>, minimum = 1, maximum = 100))]
    pub hot_probability: Option<Option<i32>>,
    /// From which amount a deal is of high value, in minor units of the organization's currency, more than 0; null
    /// switches the mark off. A new currency without this member also does: the amount was one of the former.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>, minimum = 1))]
    pub high_value_minor: Option<Option<i64>>,
}

/// Changes one's own profile. Absent members stay as they are.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ProfileInput {
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Web address of a picture; empty clears.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
}

/// A member of the organization. Only those who manage members see `email`, `role` and `joined_at`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    /// Id of the person.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Web address of a picture.
    pub avatar_url: Option<String>,
    /// Sign-in address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// When the person joined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined_at: Option<DateTime<Utc>>,
    /// False for former members, who still own records.
    pub active: bool,
}

/// A new role.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RoleInput {
    /// The role.
    pub role: Role,
}

/// Switches the active organization.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SwitchOrg {
    /// One of the person's organizations.
    pub org_id: Uuid,
}

/// Invites a person.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct InvitationInput {
    /// Address of the person.
    #[cfg_attr(feature = "validate", validate(length(max = 255)))]
    pub email: String,
    /// Role they will have.
    pub role: Role,
}

/// A pending invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "db", derive(sea_orm::FromQueryResult))]
pub struct Invitation {
    /// Id.
    pub id: Uuid,
    /// Address invited.
    pub email: String,
    /// Role they will have.
    pub role: Role,
    /// Who invited.
    pub invited_by: Option<Uuid>,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
    /// The link to copy; only in the answer that made the invitation, because only its hash is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "db", sea_orm(skip))]
    pub link: Option<String>,
}

/// What an invitation says to the person invited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationInfo {
    /// Name of the organization.
    pub organization: String,
    /// Address invited.
    pub email: String,
    /// Role.
    pub role: Role,
    /// Whether this address already signs in here: then its password is asked for instead of a new one.
    pub existing_user: bool,
}

/// Accepts an invitation.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct AcceptInvitation {
    /// The secret part of the link.
    #[cfg_attr(feature = "validate", validate(length(max = 100)))]
    pub token: String,
    /// Name of a new person.
    #[serde(default)]
    pub name: String,
    /// New password, or the present one of a known address.
    #[cfg_attr(feature = "validate", validate(length(max = 200)))]
    pub password: String,
}

/// AUTH-23: at least 8 characters of at least two kinds (letters, digits, others), at most 200.
pub fn check_password(password: &str) -> Result<(), FieldError> {
    let fail = |code: &str, message: &str| Err(FieldError::new("password", code, message));
    let count = password.chars().count();
    if count < 8 {
        return fail("too_short", "The password needs at least 8 characters.");
    }
    if count > PASSWORD_MAX {
        return fail("too_long", "The password can have at most 200 characters.");
    }
    let kinds = [
        password.chars().any(char::is_alphabetic),
        password.chars().any(char::is_numeric),
        password.chars().any(|c| !c.is_alphanumeric()),
    ];
    if kinds.into_iter().filter(|k| *k).count() < 2 {
        return fail("too_simple", "The password needs letters together with digits or other characters.");
    }
    Ok(())
}

/// Checks a sign-in address and brings it into the form in which addresses are compared.
pub fn check_email(field: &str, email: &str) -> Result<String, FieldError> {
    let trimmed = email.trim();
    if trimmed.is_empty() {
        return Err(FieldError::new(field, "required", "The email address is required."));
    }
    if trimmed.chars().count() > 255 || !is_email(trimmed) {
        return Err(FieldError::new(field, "email", "Please enter an email address such as ada@example.com."));
    }
    Ok(trimmed.to_lowercase())
}

/// Checks a name that must be there: one line of 1 to `max` characters.
pub fn check_name(field: &str, label: &str, name: &str, max: usize) -> Result<String, FieldError> {
    let cleaned = one_line(name);
    if cleaned.is_empty() {
        return Err(FieldError::new(field, "required", format!("{label} is required.")));
    }
    if cleaned.chars().count() > max {
        return Err(FieldError::new(field, "too_long", format!("{label} can have at most {max} characters.")));
    }
    Ok(cleaned)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AUTH-23: at least 8 characters of mixed kinds.
    #[test]
    fn passwords() {
        for (password, code) in [("short1!", "too_short"), ("onlyletters", "too_simple"), ("1234567890", "too_simple")]
        {
            assert_eq!(check_password(password).unwrap_err().code, code);
        }
        assert_eq!(check_password(&"a1".repeat(150)).unwrap_err().code, "too_long");
        assert!(check_password("correct horse").is_ok());
    }

    /// AUTH-01: addresses compare without case and blanks.
    #[test]
    fn emails() {
        assert_eq!(check_email("email", " Ada@Example.COM ").unwrap(), "ada@example.com");
        assert_eq!(check_email("email", "ada").unwrap_err().code, "email");
        assert_eq!(check_email("email", " ").unwrap_err().code, "required");
    }

    /// SECURITY-01: a name is one line, whatever was pasted.
    #[test]
    fn names() {
        assert_eq!(check_name("name", "Your name", " Ada\nLovelace\u{0} ", 20).unwrap(), "Ada Lovelace");
        assert_eq!(check_name("name", "Your name", "\t\u{7}", 20).unwrap_err().code, "required");
        assert_eq!(check_name("name", "Your name", &"x".repeat(21), 20).unwrap_err().code, "too_long");
    }
}
