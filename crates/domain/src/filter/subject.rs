//! What conditions are about.

use crate::catalog::{Field, Kind, Relation, Schema};

/// What a condition is about.
#[derive(Clone, Copy, Debug)]
pub enum Subject {
    /// A field of the record.
    Own(&'static Field),
    /// A field of the record that a reference leads to.
    Along(&'static Relation, &'static Field),
    /// Whether there are records that belong to it.
    Many(&'static Relation),
}

impl PartialEq for Subject {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Subject {
    /// What `name` means in conditions on records of this type; `None` for what cannot be filtered by.
    pub fn of(schema: Schema, name: &str) -> Option<Self> {
        if let Some(relation) = schema.relation(name).filter(|relation| relation.many) {
            return Some(Self::Many(relation));
        }
        let own = schema.field(name).map(Self::Own);
        let along = || {
            let (way, field) = name.split_once('.')?;
            let relation = schema.relation(way).filter(|relation| !relation.many)?;
            Some(Self::Along(relation, schema.related(relation.record).field(field)?))
        };
        own.or_else(along).filter(|subject| subject.field().is_none_or(Field::is_filterable))
    }

    /// Everything that records of this type can be filtered by: their fields, what belongs to them, and the fields of
    /// what they refer to.
    pub fn all(schema: Schema) -> impl Iterator<Item = Self> + Clone {
        let relations = schema.relations.iter();
        let along = relations.clone().filter(|relation| !relation.many).flat_map(move |relation| {
            let fields = schema.related(relation.record).fields().filter(|field| field.is_filterable());
            // Where a reference leads is told by itself, and by whom it leads elsewhere by the other end.
            fields.filter(|field| !matches!(field.kind, Kind::Record(_))).map(move |field| Self::Along(relation, field))
        });
        let many = relations.filter(|relation| relation.many).map(Self::Many);
        schema.fields().filter(|field| field.is_filterable()).map(Self::Own).chain(many).chain(along)
    }

    /// As a condition names it.
    pub fn name(self) -> String {
        match self {
            Self::Own(field) => field.name.to_owned(),
            Self::Along(relation, field) => format!("{}.{}", relation.name, field.name),
            Self::Many(relation) => relation.name.to_owned(),
        }
    }

    /// As people read it.
    pub fn label(self) -> String {
        match self {
            Self::Own(field) => field.label.to_owned(),
            Self::Along(relation, field) => format!("{}: {}", relation.label, field.label),
            Self::Many(relation) => relation.label.to_owned(),
        }
    }

    /// The field compared; none where records are counted.
    pub const fn field(self) -> Option<&'static Field> {
        match self {
            Self::Own(field) | Self::Along(_, field) => Some(field),
            Self::Many(_) => None,
        }
    }
}
