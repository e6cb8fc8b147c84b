//! The record catalogue: each record type and each of its fields, described once.
//!
//! From these tables come the filter grammar, the sort keys, list columns, forms and in-place editors, import
//! mapping, validation of every input, the change lists in events and the timeline, and the `OpenAPI` schemas of the
//! inputs. A test in the API holds them against the typed structs and the database.

mod field;
pub mod member;
mod own;
mod relation;
mod schema;

pub use field::{Field, Group, Kind, Uses};
pub use own::fields as own_fields;
pub use relation::Relation;
pub use schema::{Schema, Schemas};

/// The sizes that inputs are held to.
pub mod field_limits {
    pub use super::field::{EMAIL_MAX, LIST_MAX, LONG_TEXT_MAX, PHONE_MAX, URL_MAX};
}

use crate::permission::Permission;
use serde::{Deserialize, Serialize};

crate::choices! {
    /// The types of record. The wire name is the singular (`company`), used in events, search and references.
    RecordType {
        Company = "company" "Company",
        Contact = "contact" "Contact",
        Deal = "deal" "Deal",
    }
}

impl RecordType {
    /// The description of this record type.
    pub fn spec(self) -> &'static RecordSpec {
        match self {
            Self::Company => &crate::companies::SPEC,
            Self::Contact => &crate::contacts::SPEC,
            Self::Deal => &crate::deals::SPEC,
        }
    }

    /// Its standard fields, without those that an organization adds.
    pub fn standard(self) -> Schema {
        Schemas::default().of(self)
    }

    /// The type whose table and address have this name (`companies`).
    pub fn of_table(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|record| record.spec().table == name)
    }

    /// The permissions of the verbs on this record type.
    pub const fn permissions(self) -> RecordPermissions {
        match self {
            Self::Company => RecordPermissions {
                view: Permission::CompanyView,
                create: Permission::CompanyCreate,
                update: Permission::CompanyUpdate,
                delete: Permission::CompanyDelete,
                export: Permission::CompanyExport,
            },
            Self::Contact => RecordPermissions {
                view: Permission::ContactView,
                create: Permission::ContactCreate,
                update: Permission::ContactUpdate,
                delete: Permission::ContactDelete,
                export: Permission::ContactExport,
            },
            Self::Deal => RecordPermissions {
                view: Permission::DealView,
                create: Permission::DealCreate,
                update: Permission::DealUpdate,
                delete: Permission::DealDelete,
                export: Permission::DealExport,
            },
        }
    }
}

/// What holds for a record type as a whole.
#[derive(Debug)]
pub struct RecordSpec {
    /// The type described.
    pub record: RecordType,
    /// Database table, path segment in URLs and name in bulk and import calls: the plural (`companies`).
    pub table: &'static str,
    /// English singular for people.
    pub label: &'static str,
    /// English plural for people.
    pub label_plural: &'static str,
    /// The field that names a record to people.
    pub title: &'static str,
    /// The fields that every organization has, in the order of forms. With those that one has beside them they make a
    /// [`Schema`].
    pub standard: &'static [Field],
    /// Fields that the `search` parameter and the search documents cover.
    pub search: &'static [&'static str],
    /// Default order of lists, as in `sort_by`.
    pub default_sort: &'static str,
    /// Category of this record's tags in the tag catalogue.
    pub tag_category: crate::tags::TagCategory,
}

/// The permission that each verb on a record type needs.
#[derive(Debug, Clone, Copy)]
pub struct RecordPermissions {
    /// Read, list, search.
    pub view: Permission,
    /// Create.
    pub create: Permission,
    /// Change, tag, link.
    pub update: Permission,
    /// Archive and restore. Permanent deletion also asks for [`Permission::RecordHardDelete`].
    pub delete: Permission,
    /// Export.
    pub export: Permission,
}

impl RecordSpec {
    /// The tag link table, `company_tags`.
    pub fn tag_table(&self) -> String {
        format!("{}_tags", self.record)
    }
}

/// A record named in another record's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordRef {
    /// Id of the record.
    pub id: uuid::Uuid,
    /// What people call it.
    pub name: String,
}

#[cfg(test)]
mod tests;
