//! Record types as one organization has them: the standard fields and its own.

use super::{Field, RecordSpec, RecordType, Relation};
use std::ops::Deref;

/// A record type as an organization has it, beside the others. Copy it freely.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    spec: &'static RecordSpec,
    all: Schemas,
}

impl Schema {
    /// Another record type of the same organization.
    pub fn related(self, record: RecordType) -> Self {
        self.all.of(record)
    }

    /// The way to other records that is called so.
    pub fn relation(self, name: &str) -> Option<&'static Relation> {
        self.spec.relations.iter().find(|relation| relation.name == name)
    }

    /// All fields, in the order of forms: the standard ones, then the organization's own.
    pub fn fields(self) -> impl Iterator<Item = &'static Field> + Clone {
        self.spec.standard.iter().chain(self.own().iter().copied())
    }

    /// The organization's own fields, in their order.
    pub fn own(self) -> &'static [&'static Field] {
        self.all.own_of(self.spec.record)
    }

    /// The field called `name`, or one whose alias it is.
    pub fn field(self, name: &str) -> Option<&'static Field> {
        self.fields().find(|f| f.name == name).or_else(|| self.fields().find(|f| f.aliases.contains(&name)))
    }

    /// The fields that a person or program may set.
    pub fn writable(self) -> impl Iterator<Item = &'static Field> + Clone {
        self.fields().filter(|f| f.is_writable())
    }
}

/// What holds for the type as a whole.
impl Deref for Schema {
    type Target = RecordSpec;

    fn deref(&self) -> &RecordSpec {
        self.spec
    }
}

impl PartialEq for Schema {
    fn eq(&self, other: &Self) -> bool {
        self.spec.record == other.spec.record && self.all == other.all
    }
}

/// All record types as an organization has them. Copy it freely.
#[derive(Clone, Copy, Debug, Default)]
pub struct Schemas {
    own: [&'static [&'static Field]; RecordType::ALL.len()],
}

impl Schemas {
    /// One of them.
    pub fn of(self, record: RecordType) -> Schema {
        Schema { spec: record.spec(), all: self }
    }

    fn own_of(self, record: RecordType) -> &'static [&'static Field] {
        let at = RecordType::ALL.iter().position(|known| *known == record);
        at.and_then(|at| self.own.get(at)).copied().unwrap_or_default()
    }

    /// Those with the own fields that `own` names for each type.
    pub fn with(mut own: impl FnMut(RecordType) -> &'static [&'static Field]) -> Self {
        let mut schemas = Self::default();
        for (record, place) in RecordType::ALL.iter().zip(&mut schemas.own) {
            *place = own(*record);
        }
        schemas
    }
}

impl PartialEq for Schemas {
    fn eq(&self, other: &Self) -> bool {
        self.own.iter().zip(&other.own).all(|(a, b)| is_same(a, b))
    }
}

/// Fields are interned: the same field stands at the same place.
fn is_same(a: &[&'static Field], b: &[&'static Field]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| std::ptr::eq(*a, *b))
}
