//! Products: what we sell, with the price of one.

mod import;

use crate::catalog::{Field, Group, Kind, RecordPermissions, RecordSpec, RecordType, Relation};
use crate::permission::Permission;

/// Products in the catalogue.
pub static SPEC: RecordSpec = RecordSpec {
    record: RecordType::Product,
    table: "products",
    label: "Product",
    label_plural: "Products",
    title: "name",
    search: &["name", "code"],
    default_sort: "name",
    tag_category: crate::tags::TagCategory::General,
    permissions: RecordPermissions {
        view: Permission::ProductView,
        create: Permission::ProductCreate,
        update: Permission::ProductUpdate,
        delete: Permission::ProductDelete,
        export: Permission::ProductExport,
        merge: None,
    },
    relations: &[Relation::many("deals", "Deals", RecordType::Deal)],
    import: import::IMPORT,
    standard: &[
        Field::new("name", "Name", Kind::Text { max: 255 }).sorted().required().in_list().group(Group::About),
        Field::new("code", "Code", Kind::Text { max: 100 }).sorted().in_list().alias(&["sku"]).group(Group::About),
        Field::new("active", "Active", Kind::Boolean).default_to("true").in_list().group(Group::About),
        Field::new("price_minor", "Price", Kind::Money { non_negative: true }).sorted().in_list().group(Group::Value),
        Field::new("currency", "Currency", Kind::Currency).default_to("USD").group(Group::Value),
        Field::new("unit", "Unit", Kind::Text { max: 50 }).in_list().group(Group::Value),
        Field::new("owner_id", "Owner", Kind::User).not_in_create().group(Group::Sales),
        Field::new("tags", "Tags", Kind::Tags).in_list().group(Group::Sales),
        Field::new("description", "Description", Kind::LongText).group(Group::More),
        Field::new("created_at", "Created", Kind::DateTime).sorted().read_only().filled().in_list(),
        Field::new("updated_at", "Updated", Kind::DateTime).sorted().read_only().filled(),
        Field::new("created_by", "Created by", Kind::User).read_only(),
    ],
};

crate::records::record! {
    /// A product.
    pub struct Product {
        /// Name.
        pub name: String,
        /// Article number, unique among live products however it is written.
        pub code: Option<String>,
        /// Price of one in minor units of `currency`.
        pub price_minor: Option<i64>,
        /// ISO-4217 code.
        pub currency: String,
        /// What one is: an hour, a piece.
        pub unit: Option<String>,
        /// Whether it is sold at present.
        pub active: bool,
        /// What it is, at length.
        pub description: Option<String>,
    }
}
