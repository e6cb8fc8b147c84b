//! Products: what their pages have beside the catalogue's fields.

use crate::features::records::look::{ListLook, Look};
use crate::ui::IconName;

/// The looks of products.
pub static LOOK: Look = Look {
    list: ListLook {
        icon: IconName::Package,
        keys: Some("g o"),
        keywords: "articles items catalogue prices",
        beside: &[],
    },
    quick: &["active", "tags"],
    facts: &["code", "price_minor", "unit"],
    own_field: "a warranty in months or the supplier",
    ..Look::plain(IconName::Package, "Products are what you sell. Deals take names and prices from here.")
};
