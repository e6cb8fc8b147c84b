//! Products: what their pages have beside the catalogue's fields.

use crate::features::deals::DealRows;
use crate::features::records::look::{ListLook, Look, PageLook};
use crate::ui::IconName;
use domain::catalog::RecordType;
use leptos::prelude::*;
use serde_json::json;

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

/// Their pages.
pub static PAGE: PageLook = PageLook {
    makes: |row| {
        let price = row.get("price_minor").as_i64().unwrap_or_default();
        let line = json!({ "product_id": row.id, "name": row.title, "unit": row.get("unit"), "price_minor": price });
        let given = json!({ "currency": row.get("currency"), "products": [line] });
        vec![(RecordType::Deal, given.as_object().cloned().unwrap_or_default())]
    },
    related: |shown| view! { <DealRows shown /> }.into_any(),
    ..PageLook::plain()
};
