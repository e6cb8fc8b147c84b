//! Deals: what we hope to sell, on its way through a pipeline.

pub mod board;
pub mod close;
mod import;
pub mod markers;
pub mod products;
#[cfg(test)]
mod sample;

use crate::catalog::{Field, Group, Kind, RecordPermissions, RecordSpec, RecordType, Relation};
use crate::permission::Permission;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use products::{DealProduct, LineTotals};

crate::choices! {
    /// How a deal stands.
    DealStatus { Open = "open" "Open", Won = "won" "Won", Lost = "lost" "Lost", Abandoned = "abandoned" "Abandoned" }
}
crate::choices! {
    /// Why a deal was lost.
    LostReason {
        Price = "price" "Price",
        Competition = "competition" "Competition",
        NoBudget = "no_budget" "No budget",
        Timing = "timing" "Timing",
        ProductFit = "product_fit" "Product fit",
        Other = "other" "Other",
    }
}
crate::choices! {
    /// Where a deal came from.
    DealSource {
        Manual = "manual" "Manual",
        Form = "form" "Form",
        Workflow = "workflow" "Workflow",
        Import = "import" "Import",
        Api = "api" "API",
        Inbound = "inbound" "Inbound",
        Outbound = "outbound" "Outbound",
        Referral = "referral" "Referral",
        Partner = "partner" "Partner",
    }
}
crate::choices! {
    /// A contact's part in a deal.
    DealContactRole {
        DecisionMaker = "decision_maker" "Decision maker",
        Champion = "champion" "Champion",
        Influencer = "influencer" "Influencer",
        User = "user" "User",
    }
}
crate::choices! {
    /// A company's part in a deal.
    DealCompanyRelationship { Customer = "customer" "Customer", Partner = "partner" "Partner", Vendor = "vendor" "Vendor" }
}

const MONEY: Kind = Kind::Money { non_negative: true };

/// Deals in the catalogue.
pub static SPEC: RecordSpec = RecordSpec {
    record: RecordType::Deal,
    table: "deals",
    label: "Deal",
    label_plural: "Deals",
    title: "name",
    search: &["name", "deal_number"],
    default_sort: "-created_at",
    tag_category: crate::tags::TagCategory::Deal,
    permissions: RecordPermissions {
        view: Permission::DealView,
        create: Permission::DealCreate,
        update: Permission::DealUpdate,
        delete: Permission::DealDelete,
        export: Permission::DealExport,
        merge: None,
    },
    relations: &[
        Relation::one("company", "Company", RecordType::Company),
        Relation::one("primary_contact", "Primary contact", RecordType::Contact),
        Relation::many("contacts", "Contacts", RecordType::Contact),
        Relation::many("products", "Products", RecordType::Product),
    ],
    import: import::IMPORT,
    standard: &[
        Field::new("name", "Name", Kind::Text { max: 255 })
            .sorted()
            .required()
            .in_list()
            .alias(&["title"])
            .group(Group::About),
        Field::new("company_id", "Company", Kind::Record(RecordType::Company)).in_list().group(Group::About),
        Field::new("primary_contact_id", "Primary contact", Kind::Record(RecordType::Contact)).group(Group::About),
        Field::new("pipeline_id", "Pipeline", Kind::Pipeline).group(Group::Sales),
        Field::new("stage_id", "Stage", Kind::Stage).in_list().alias(&["stage"]).group(Group::Sales),
        Field::new("status", "Status", Kind::Select(DealStatus::CHOICES))
            .sorted()
            .default_to("open")
            .not_in_create()
            .in_list()
            .group(Group::Sales),
        Field::new("amount_minor", "Amount", MONEY).sorted().default_to("0").in_list().group(Group::Value),
        Field::new("currency", "Currency", Kind::Currency).default_to("USD").group(Group::Value),
        Field::new("expected_close_date", "Expected close", Kind::Date).sorted().in_list().group(Group::Value),
        Field::new("probability", "Probability", Kind::Integer { min: 0, max: 100 })
            .sorted()
            .filled()
            .group(Group::Value),
        Field::new("discount_minor", "Discount", MONEY).default_to("0").not_in_create().group(Group::Value),
        Field::new("tax_minor", "Tax", MONEY).default_to("0").not_in_create().group(Group::Value),
        Field::new("total_minor", "Total", MONEY).read_only().filled().group(Group::Value),
        Field::new("closed_date", "Closed", Kind::Date).sorted().not_in_create().group(Group::Value),
        Field::new("owner_id", "Owner", Kind::User).in_list().group(Group::Sales),
        Field::new("team_members", "Team", Kind::Users).not_in_create().no_import().group(Group::Sales),
        Field::new("source", "Source", Kind::Select(DealSource::CHOICES)).group(Group::Sales),
        Field::new("tags", "Tags", Kind::Tags).in_list().group(Group::Sales),
        Field::new("products", "Products", Kind::LineItems).group(Group::Value),
        Field::new("competitors", "Competitors", Kind::Names).not_in_create().group(Group::More),
        Field::new("won_reason", "Reason won", Kind::Text { max: 500 }).not_in_create().group(Group::More),
        Field::new("lost_reason", "Reason lost", Kind::Select(LostReason::CHOICES)).not_in_create().group(Group::More),
        Field::new("lost_to_competitor", "Lost to", Kind::Text { max: 255 }).not_in_create().group(Group::More),
        Field::new("close_notes", "Closing notes", Kind::LongText).not_in_create().group(Group::More),
        Field::new("notes", "Notes", Kind::LongText).group(Group::More),
        Field::new("deal_number", "Deal number", Kind::Text { max: 50 })
            .sorted()
            .filled()
            .not_in_create()
            .group(Group::About),
        Field::new("first_contact_date", "First contact", Kind::DateTime).read_only(),
        Field::new("last_activity_date", "Last activity", Kind::DateTime).sorted().read_only(),
        Field::new("stage_entered_at", "In this stage since", Kind::DateTime).sorted().read_only().filled(),
        Field::new("days_in_stage", "Days in stage", Kind::Integer { min: 0, max: 1_000_000 }).read_only().computed(),
        Field::new("created_at", "Created", Kind::DateTime).sorted().read_only().filled().in_list(),
        Field::new("updated_at", "Updated", Kind::DateTime).sorted().read_only().filled(),
        Field::new("created_by", "Created by", Kind::User).read_only(),
    ],
};

crate::records::record! {
    /// A deal.
    pub struct Deal (team_members) {
        /// Number, unique in the organization.
        pub deal_number: String,
        /// Name.
        pub name: String,
        /// Main company.
        pub company_id: Option<Uuid>,
        /// Name of the main company.
        pub company_name: Option<String>,
        /// Primary contact.
        pub primary_contact_id: Option<Uuid>,
        /// Name of the primary contact.
        pub primary_contact_name: Option<String>,
        /// Pipeline; null only after its pipeline was deleted.
        pub pipeline_id: Option<Uuid>,
        /// Stage of the pipeline; null exactly when the pipeline is.
        pub stage_id: Option<Uuid>,
        /// Name of the stage.
        pub stage_name: Option<String>,
        /// Place of the card in its column: a rank that sorts as text.
        pub stage_order: String,
        /// When it entered its present stage.
        pub stage_entered_at: DateTime<Utc>,
        /// Whole days since it entered its present stage.
        pub days_in_stage: i32,
        /// How it stands.
        pub status: DealStatus,
        /// Probability of winning, in percent.
        pub probability: i32,
        /// Amount in minor units of `currency`.
        pub amount_minor: i64,
        /// ISO-4217 code.
        pub currency: String,
        /// Discount in minor units.
        pub discount_minor: i64,
        /// Tax in minor units.
        pub tax_minor: i64,
        /// Amount less discount plus tax, in minor units.
        pub total_minor: i64,
        /// Further members who work on it.
        pub team_members: Vec<Uuid>,
        /// Competitors' names.
        pub competitors: Vec<String>,
        /// When it should close.
        pub expected_close_date: Option<NaiveDate>,
        /// When it closed.
        pub closed_date: Option<NaiveDate>,
        /// Earliest interaction.
        pub first_contact_date: Option<DateTime<Utc>>,
        /// Latest activity.
        pub last_activity_date: Option<DateTime<Utc>>,
        /// Why it was won.
        pub won_reason: Option<String>,
        /// Why it was lost.
        pub lost_reason: Option<LostReason>,
        /// Which competitor won it.
        pub lost_to_competitor: Option<String>,
        /// Reason for abandoning, notes at loss.
        pub close_notes: Option<String>,
        /// Where it came from.
        pub source: Option<DealSource>,
        /// Free notes.
        pub notes: Option<String>,
        /// Line items, in order.
        #[cfg_attr(feature = "db", sea_orm(skip))]
        #[serde(default)]
        pub products: Vec<DealProduct>,
        /// What the line items come to. The deal's own amount, discount and tax are beside them.
        #[cfg_attr(feature = "db", sea_orm(skip))]
        #[serde(default)]
        pub line_totals: LineTotals,
    }
}

/// Moves a deal to a stage of its pipeline.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MoveDeal {
    /// The stage, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage_id: Option<Uuid>,
    /// The stage, by id or name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// Place it before this deal of the stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_id: Option<Uuid>,
    /// Place it after this deal of the stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_id: Option<Uuid>,
    /// Take the stage's probability.
    #[serde(default)]
    pub update_probability: bool,
    /// A remark for the timeline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// When the stage closes the deal: how it ended.
    #[serde(flatten)]
    pub close: close::CloseDeal,
}

/// Links a contact to a deal.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DealContactInput {
    /// The contact.
    pub contact_id: Uuid,
    /// The contact's part in the deal.
    #[serde(default)]
    pub role: Option<DealContactRole>,
}

/// A contact linked to a deal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "db", derive(sea_orm::FromQueryResult))]
pub struct DealContact {
    /// The contact.
    pub contact_id: Uuid,
    /// The contact's name.
    pub name: String,
    /// The contact's email address.
    pub email: Option<String>,
    /// The contact's job title.
    pub job_title: Option<String>,
    /// The contact's part in the deal.
    pub role: Option<DealContactRole>,
    /// Whether it is the deal's primary contact.
    pub is_primary: bool,
    /// When it was linked.
    pub created_at: DateTime<Utc>,
}

/// Links a company to a deal.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DealCompanyInput {
    /// The company.
    pub company_id: Uuid,
    /// The company's part in the deal.
    #[serde(default)]
    pub relationship: Option<DealCompanyRelationship>,
}

/// A company linked to a deal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "db", derive(sea_orm::FromQueryResult))]
pub struct DealCompany {
    /// The company.
    pub company_id: Uuid,
    /// The company's name.
    pub name: String,
    /// The company's part in the deal.
    pub relationship: Option<DealCompanyRelationship>,
    /// Whether it is the deal's main company.
    pub is_main: bool,
    /// When it was linked.
    pub created_at: DateTime<Utc>,
}
