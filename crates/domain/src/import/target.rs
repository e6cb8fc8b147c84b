//! What columns can feed: the importable fields of a record type, and parts of them.

use crate::catalog::{Field, Kind, RecordType, Schema};
use crate::records::Address;

/// Which part of a field a target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The field itself.
    Whole,
    /// A part of an address.
    Address(&'static str),
    /// A whole name, which is split into first and last name.
    FullName,
    /// The web address or domain of the company that the row is linked to.
    CompanyDomain,
    /// Name of the deal's one product line.
    LineName,
    /// Price of one in the deal's product line.
    LinePrice,
    /// Quantity in the deal's product line.
    LineQuantity,
}

/// One thing that columns can feed.
#[derive(Clone, Debug)]
pub struct Target {
    /// Key in plans: the field's name, with the part after a point.
    pub key: String,
    /// English label.
    pub label: String,
    /// The field.
    pub field: &'static Field,
    /// Which part of it.
    pub part: Part,
}

impl Target {
    /// Whether a new record needs it.
    pub fn is_required(&self) -> bool {
        self.part == Part::Whole && self.field.is_required()
    }
}

/// Everything that columns can feed in records of this type, in the order of forms.
pub fn targets(schema: Schema) -> Vec<Target> {
    let mut out = Vec::new();
    for field in schema.fields() {
        let mut add = |key: String, label: String, part: Part| out.push(Target { key, label, field, part });
        let (name, label) = (field.name, field.label);
        match field.kind {
            Kind::Text { .. } if name == "name" && !field.is_writable() => {
                add(name.to_owned(), "Full name".to_owned(), Part::FullName);
            }
            _ if !field.is_importable() => {}
            Kind::Pipeline | Kind::Users | Kind::Object => {}
            Kind::Address => {
                for part in Address::FIELDS {
                    add(format!("{name}.{part}"), format!("{label}: {part}"), Part::Address(part));
                }
            }
            Kind::LineItems => {
                add(format!("{name}.name"), "Product".to_owned(), Part::LineName);
                add(format!("{name}.price"), "Product price".to_owned(), Part::LinePrice);
                add(format!("{name}.quantity"), "Product quantity".to_owned(), Part::LineQuantity);
            }
            Kind::Record(RecordType::Company) => {
                add(name.to_owned(), label.to_owned(), Part::Whole);
                add("company.domain".to_owned(), "Company website".to_owned(), Part::CompanyDomain);
            }
            _ => add(name.to_owned(), label.to_owned(), Part::Whole),
        }
    }
    out
}

/// The target with this key.
pub fn target(schema: Schema, key: &str) -> Option<Target> {
    targets(schema).into_iter().find(|t| t.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// IMPORT-02: contacts take at least name, email, phone, tags and company; nothing that the system keeps.
    #[test]
    fn targets_of_the_record_types() {
        let keys = |record: RecordType| targets(record.standard()).into_iter().map(|t| t.key).collect::<Vec<_>>();
        let contact = keys(RecordType::Contact);
        for key in ["name", "first_name", "email", "phone", "tags", "company_id", "company.domain", "owner_id"] {
            assert!(contact.iter().any(|k| k == key), "{key}");
        }
        assert!(!contact.iter().any(|k| k == "created_at" || k == "is_primary"));
        assert!(keys(RecordType::Company).iter().any(|k| k == "billing_address.country"));
        let deal = keys(RecordType::Deal);
        assert!(deal.iter().any(|k| k == "products.quantity") && !deal.iter().any(|k| k == "pipeline_id"));
        for record in RecordType::ALL {
            let mut all = keys(*record);
            all.sort_unstable();
            assert!(all.windows(2).all(|pair| pair[0] != pair[1]), "{record}");
        }
    }
}
