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

use crate::import::ImportSpec;
use crate::permission::Permission;
use crate::records::Record;
use serde::{Deserialize, Serialize};

crate::choices! {
    /// The types of record. The wire name is the singular (`company`), used in events, search and references.
    RecordType {
        Company = "company" "Company",
        Contact = "contact" "Contact",
        Deal = "deal" "Deal",
        Product = "product" "Product",
    }
}

/// `of_type!(record, R => write::<R>(ctx).await)`: goes on with the typed struct of a record type that is known at run
/// time only. This and the line in [`RecordType`] are all that knows which record types there are.
#[macro_export]
macro_rules! of_type {
    ($record:expr, $R:ident => $body:expr) => {
        match $record {
            $crate::catalog::RecordType::Company => {
                type $R = $crate::companies::Company;
                $body
            }
            $crate::catalog::RecordType::Contact => {
                type $R = $crate::contacts::Contact;
                $body
            }
            $crate::catalog::RecordType::Deal => {
                type $R = $crate::deals::Deal;
                $body
            }
            $crate::catalog::RecordType::Product => {
                type $R = $crate::products::Product;
                $body
            }
        }
    };
}

impl RecordType {
    /// The description of this record type.
    pub fn spec(self) -> &'static RecordSpec {
        of_type!(self, R => <R as Record>::SPEC)
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
    pub fn permissions(self) -> RecordPermissions {
        self.spec().permissions
    }

    /// The member of answers that lists further members of the organization who work on the record.
    pub fn team(self) -> Option<&'static str> {
        of_type!(self, R => <R as Record>::TEAM)
    }

    /// The names of all, as sentences list them.
    pub fn listed(name: impl Fn(Self) -> &'static str) -> String {
        Self::ALL.iter().map(|record| name(*record)).collect::<Vec<_>>().join(", ")
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
    /// What each verb on such records needs.
    pub permissions: RecordPermissions,
    /// The ways to other records that filters go along.
    pub relations: &'static [Relation],
    /// What imports have to know beside the fields.
    pub import: ImportSpec,
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
    /// Merge duplicates, of types that are searched for them.
    pub merge: Option<Permission>,
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
