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

use crate::features::records::look::{ListLook, Look, PageLook};
use crate::features::records::related::Viewable;
use crate::shell::item;
use crate::ui::IconName;
use domain::catalog::RecordType;
use domain::permission::Permission;
use leptos::prelude::*;

/// The looks of deals. Status, stage and pipeline change by moving and closing, never as plain values.
pub static LOOK: Look = Look {
    quick: &["status", "stage_id", "owner_id"],
    fixed: &["status", "stage_id", "pipeline_id", "closed_date"],
    facts: &["status", "amount_minor", "company_id", "primary_contact_id", "expected_close_date"],
    list: ListLook {
        icon: IconName::Handshake,
        keys: Some("g d"),
        keywords: "opportunities",
        beside: &[item("/pipeline", "Pipeline", IconName::SquareKanban, Some("g b"))
            .needs(Permission::PipelineView)
            .keywords("board kanban stages")],
    },
    own_field: "a contract number or the day of delivery",
    ..Look::plain(IconName::Handshake, "Deals are what you hope to sell, on its way through a pipeline.")
};

/// Their pages.
pub static PAGE: PageLook = PageLook {
    marks: |shown| view! { <marks::DealMarks shown /> }.into_any(),
    header: |shown| view! { <progress::Progress shown /> }.into_any(),
    related: |shown| {
        view! {
            <Viewable record=RecordType::Contact><links::DealPeople shown /></Viewable>
            <Viewable record=RecordType::Company><links::DealCompanies shown /></Viewable>
            <products::DealProducts shown />
        }
        .into_any()
    },
    ..PageLook::plain()
};
