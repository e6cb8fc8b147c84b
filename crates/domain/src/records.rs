//! What all records have in common.

use crate::catalog::{RecordSpec, RecordType};
use crate::permission::{Access, Permission, Requires};
use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use uuid::Uuid;

/// A record type's typed form: the body of API answers.
pub trait Record: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// The type.
    const TYPE: RecordType;
    /// Its description in the catalogue.
    const SPEC: &'static RecordSpec;
    /// The member that lists further members of the organization who work on it.
    const TEAM: Option<&'static str> = None;

    /// Id, the same for good.
    fn id(&self) -> Uuid;
    /// Number of the present version; grows with each change.
    fn version(&self) -> i32;
    /// What people call it.
    fn title(&self) -> &str;
    /// The responsible member.
    fn owner_id(&self) -> Option<Uuid>;
    /// Who made it.
    fn created_by(&self) -> Option<Uuid>;
    /// When it was archived.
    fn deleted_at(&self) -> Option<DateTime<Utc>>;
    /// Its tags, by name.
    fn tags(&self) -> &[String];
    /// Further members who work on it (deal team).
    fn team(&self) -> &[Uuid] {
        &[]
    }

    /// Whose it is.
    fn whose(&self) -> Whose<'_> {
        Whose { owner: self.owner_id(), creator: self.created_by(), team: Cow::Borrowed(self.team()) }
    }

    /// Whether `access` reaches this record.
    fn allows(&self, access: Access, user: Uuid) -> bool {
        self.whose().allows(access, user)
    }
}

/// Whose a record is: what decides whether a permission reaches it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whose<'a> {
    /// The responsible member.
    pub owner: Option<Uuid>,
    /// Who made it.
    pub creator: Option<Uuid>,
    /// Further members who work on it.
    pub team: Cow<'a, [Uuid]>,
}

impl Whose<'_> {
    /// AUTH-17: whether it counts as `user`'s own: owner, team member, or creator when nobody owns it.
    pub fn is_own(&self, user: Uuid) -> bool {
        self.owner.or(self.creator) == Some(user) || self.team.contains(&user)
    }

    /// Whether `access` reaches the record.
    pub fn allows(&self, access: Access, user: Uuid) -> bool {
        match access {
            Access::All => true,
            Access::Own => self.is_own(user),
            Access::No => false,
        }
    }
}

/// Defines a record type, described by the `SPEC` beside it: its own members, and those that all records have. The member
/// in parentheses lists further members of the organization who work on it.
macro_rules! record {
    ($(#[$meta:meta])* pub struct $name:ident $(($team:ident))? { $($own:tt)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "db", derive(sea_orm::FromQueryResult))]
        pub struct $name {
            /// Id.
            pub id: uuid::Uuid,
            $($own)*
            /// The responsible member.
            pub owner_id: Option<uuid::Uuid>,
            /// Tags.
            pub tags: Vec<String>,
            /// Values of the organization's own fields.
            #[cfg_attr(feature = "openapi", schema(value_type = Object))]
            pub custom_fields: serde_json::Value,
            /// Who made it.
            pub created_by: Option<uuid::Uuid>,
            /// When it was made.
            pub created_at: chrono::DateTime<chrono::Utc>,
            /// When it was last changed.
            pub updated_at: chrono::DateTime<chrono::Utc>,
            /// When it was archived.
            pub deleted_at: Option<chrono::DateTime<chrono::Utc>>,
            /// Number of the version, for `If-Match`.
            pub version: i32,
        }

        impl $crate::records::Record for $name {
            const TYPE: $crate::catalog::RecordType = SPEC.record;
            const SPEC: &'static $crate::catalog::RecordSpec = &SPEC;
            $(const TEAM: Option<&'static str> = Some(stringify!($team));)?
            fn id(&self) -> uuid::Uuid { self.id }
            fn version(&self) -> i32 { self.version }
            fn title(&self) -> &str { &self.name }
            fn owner_id(&self) -> Option<uuid::Uuid> { self.owner_id }
            fn created_by(&self) -> Option<uuid::Uuid> { self.created_by }
            fn deleted_at(&self) -> Option<chrono::DateTime<chrono::Utc>> { self.deleted_at }
            fn tags(&self) -> &[String] { &self.tags }
            $(fn team(&self) -> &[uuid::Uuid] { &self.$team })?
        }
    };
}
pub(crate) use record;

/// A verb on records of one type, as a permission for guards.
macro_rules! verbs {
    ($($verb:ident $member:ident $doc:literal;)+) => {$(
        #[doc = $doc]
        #[derive(Debug, Clone, Copy)]
        pub struct $verb<R>(PhantomData<R>);
        impl<R: Record> Requires for $verb<R> {
            const PERMISSION: Permission = R::SPEC.permissions.$member;
        }
    )+};
}

verbs! {
    View view "Reading records of type `R`.";
    Create create "Making records of type `R`.";
    Update update "Changing records of type `R`.";
    Delete delete "Archiving records of type `R`.";
}

/// A postal address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "db", derive(sea_orm::FromJsonQueryResult))]
#[serde(default)]
pub struct Address {
    /// Street and number.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub street: String,
    /// Town.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub city: String,
    /// State, province or region.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub state: String,
    /// Postal code.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub zip: String,
    /// Country.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub country: String,
}

impl Address {
    /// The parts, in the order of forms.
    pub const FIELDS: &'static [&'static str] = &["street", "city", "state", "zip", "country"];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::companies::Company;

    fn owned_by(owner: Option<Uuid>, creator: Option<Uuid>) -> Company {
        let mut company: Company = serde_json::from_value(crate::companies::sample()).unwrap();
        (company.owner_id, company.created_by) = (owner, creator);
        company
    }

    /// AUTH-17: the owner's; the creator's only while nobody owns it; the team's.
    #[test]
    fn own_records() {
        let (ada, bob) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert!(owned_by(Some(ada), Some(bob)).whose().is_own(ada));
        assert!(!owned_by(Some(ada), Some(bob)).whose().is_own(bob));
        assert!(owned_by(None, Some(bob)).whose().is_own(bob));
        assert!(!owned_by(None, None).whose().is_own(bob));
        assert!(!owned_by(None, Some(ada)).allows(Access::No, ada));
        assert!(Whose { owner: Some(ada), creator: None, team: Cow::Owned(vec![bob]) }.is_own(bob));
        assert_eq!((RecordType::Company.team(), RecordType::Deal.team()), (None, Some("team_members")));
    }
}
