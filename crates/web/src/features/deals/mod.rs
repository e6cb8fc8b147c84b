//! Deals: what their pages have beside the catalogue's fields, and how they move.

pub mod closing;
pub mod marks;
pub mod moves;
pub mod products;
pub mod totals;

mod links;
mod progress;
mod rows;

pub use rows::DealRows;

use crate::features::records::look::Look;
use crate::ui::IconName;
use leptos::prelude::*;

/// The looks of deals. Status, stage and pipeline change by moving and closing, never as plain values.
pub static LOOK: Look = Look {
    quick: &["status", "stage_id", "owner_id"],
    fixed: &["status", "stage_id", "pipeline_id", "closed_date"],
    facts: &["status", "amount_minor", "company_id", "primary_contact_id", "expected_close_date"],
    marks: |shown| view! { <marks::DealMarks shown /> }.into_any(),
    header: |shown| view! { <progress::Progress shown /> }.into_any(),
    related: |shown| {
        view! { <links::DealPeople shown /><links::DealCompanies shown /><products::DealProducts shown /> }.into_any()
    },
    ..Look::plain(IconName::Handshake, "Deals are what you hope to sell, on its way through a pipeline.")
};
