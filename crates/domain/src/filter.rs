//! The filter language: `{"and"|"or": […]}` or `{"field", "op", "value"}`, checked against the catalogue.
//!
//! A condition can go along a relation: `company.industry` is the field of the record that a reference leads to, and
//! `{"field": "deals", "op": "none", "value": <filter>}` holds where no deal passes the filter.
//!
//! [`Filter`] is what travels in URLs and bodies, [`Checked`] what the server runs: every field is known, every
//! operator fits its field's kind and every value has its type.

mod check;
mod subject;
mod within;
mod words;

pub use check::check;
pub use subject::Subject;
pub use within::{Range, Span, Unit, Within};
pub use words::Naming;

use crate::catalog::{Field, RecordType, Relation};
use crate::value::Value;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// The deepest nesting of groups.
pub const MAX_DEPTH: usize = 5;
/// The most conditions in one filter.
pub const MAX_CONDITIONS: usize = 50;
/// The most values of `in` and `nin`.
pub const MAX_VALUES: usize = 200;

crate::choices! {
    /// A comparison.
    Op {
        Eq = "eq" "is",
        Ne = "ne" "is not",
        In = "in" "is any of",
        Nin = "nin" "is none of",
        Lt = "lt" "is less than",
        Lte = "lte" "is at most",
        Gt = "gt" "is more than",
        Gte = "gte" "is at least",
        Between = "between" "is between",
        Contains = "contains" "contains",
        StartsWith = "starts_with" "starts with",
        Empty = "empty" "is empty",
        NotEmpty = "not_empty" "is not empty",
        Within = "within" "is within",
        HasAny = "any" "has any",
        HasNone = "none" "has none",
    }
}

/// A filter as it travels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Filter {
    /// All parts hold.
    And {
        /// The parts.
        and: Vec<Filter>,
    },
    /// At least one part holds.
    Or {
        /// The parts.
        or: Vec<Filter>,
    },
    /// One comparison.
    Condition(Condition),
}

/// One comparison as it travels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// Name of the field.
    pub field: String,
    /// The comparison.
    pub op: Op,
    /// What to compare with; absent for `empty` and `not_empty`.
    #[serde(default, skip_serializing_if = "Json::is_null")]
    pub value: Json,
}

impl Filter {
    /// One comparison.
    pub fn condition(field: &str, op: Op, value: impl Into<Json>) -> Self {
        Self::Condition(Condition { field: field.to_owned(), op, value: value.into() })
    }
}

/// A filter that can be run.
#[derive(Clone, Debug, PartialEq)]
pub enum Checked {
    /// All parts hold; no parts: everything.
    And(Vec<Checked>),
    /// At least one part holds; no parts: nothing.
    Or(Vec<Checked>),
    /// One comparison.
    Test(Test),
    /// Records that a relation leads to.
    Related(Related),
}

/// A condition on the records that a relation leads to. Archived ones do not count.
#[derive(Clone, Debug, PartialEq)]
pub struct Related {
    /// The relation.
    pub relation: &'static Relation,
    /// Whether there must be none that passes, instead of at least one.
    pub none: bool,
    /// What passes.
    pub filter: Box<Checked>,
}

impl Checked {
    /// The filter that lets everything through.
    pub const ALL: Self = Self::And(Vec::new());

    /// Whether it lets everything pass because it asks for nothing.
    pub fn is_all(&self) -> bool {
        matches!(self, Self::And(parts) if parts.iter().all(Self::is_all))
    }

    /// Both filters at once.
    pub fn and(self, other: Self) -> Self {
        match self {
            Self::And(mut parts) => {
                parts.push(other);
                Self::And(parts)
            }
            first => Self::And(vec![first, other]),
        }
    }

    /// Whether any comparison, however deep, is with this field.
    pub fn mentions(&self, field: &str) -> bool {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().any(|part| part.mentions(field)),
            Self::Test(test) => test.field.name == field,
            Self::Related(_) => false,
        }
    }

    /// The types of other records that it looks at.
    pub fn looks_at(&self) -> BTreeSet<RecordType> {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().flat_map(Self::looks_at).collect(),
            Self::Test(_) => BTreeSet::new(),
            Self::Related(Related { relation, filter, .. }) => {
                let mut types = filter.looks_at();
                types.insert(relation.record);
                types
            }
        }
    }
}

/// One comparison that can be run.
#[derive(Clone, Debug)]
pub struct Test {
    /// The field compared.
    pub field: &'static Field,
    /// How and with what.
    pub operand: Operand,
}

impl PartialEq for Test {
    fn eq(&self, other: &Self) -> bool {
        self.field.name == other.field.name && self.operand == other.operand
    }
}

/// A comparison with its typed values.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// Equal; with [`Value::Null`] the same as empty.
    Eq(Value),
    /// Not equal; records where the field is empty are included.
    Ne(Value),
    /// Equal to one of these.
    In(Vec<Value>),
    /// Equal to none of these; records where the field is empty are included.
    Nin(Vec<Value>),
    /// Smaller.
    Lt(Value),
    /// Smaller or equal.
    Lte(Value),
    /// Greater.
    Gt(Value),
    /// Greater or equal.
    Gte(Value),
    /// Between two values, both included.
    Between(Value, Value),
    /// The text has this part, ignoring case.
    Contains(String),
    /// The text begins so, ignoring case.
    StartsWith(String),
    /// Nothing is set.
    Empty,
    /// Something is set.
    NotEmpty,
    /// A day or instant within a span of time around today.
    Within(Within),
}

#[cfg(test)]
mod tests;
