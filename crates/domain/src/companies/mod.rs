//! Companies: the organizations we sell to and work with.

mod import;
pub mod summary;

use crate::catalog::{Field, Group, Kind, RecordPermissions, RecordSpec, RecordType, Relation};
use crate::permission::Permission;
use crate::records::Address;
use chrono::{DateTime, Utc};
use uuid::Uuid;

crate::choices! {
    /// Whether it is an organization or a single person.
    CompanyType { Business = "business" "Business", Individual = "individual" "Individual" }
}
crate::choices! {
    /// Rough size.
    CompanySize {
        Startup = "startup" "Startup",
        Small = "small" "Small",
        Medium = "medium" "Medium",
        Large = "large" "Large",
        Enterprise = "enterprise" "Enterprise",
    }
}
crate::choices! {
    /// Whether we work with it at present.
    CompanyStatus { Active = "active" "Active", Inactive = "inactive" "Inactive" }
}
crate::choices! {
    /// Where it stands on its way to becoming a customer.
    LifecycleStage {
        Lead = "lead" "Lead",
        Prospect = "prospect" "Prospect",
        Customer = "customer" "Customer",
        Churned = "churned" "Churned",
    }
}
crate::choices! {
    /// What it is to us.
    CompanyCategory { Customer = "customer" "Customer", Partner = "partner" "Partner", Prospect = "prospect" "Prospect" }
}
crate::choices! {
    /// How we found each other.
    CompanySource { Web = "web" "Web", Referral = "referral" "Referral", Event = "event" "Event", Campaign = "campaign" "Campaign" }
}
crate::choices! {
    /// How the company likes to be reached.
    CompanyChannel { Email = "email" "Email", Phone = "phone" "Phone", Sms = "sms" "SMS", InPerson = "in_person" "In person" }
}

const TEXT_100: Kind = Kind::Text { max: 100 };

/// Companies in the catalogue.
pub static SPEC: RecordSpec = RecordSpec {
    record: RecordType::Company,
    table: "companies",
    label: "Company",
    label_plural: "Companies",
    title: "name",
    search: &["name", "primary_email", "primary_phone", "domain"],
    default_sort: "-created_at",
    tag_category: crate::tags::TagCategory::Company,
    permissions: RecordPermissions {
        view: Permission::CompanyView,
        create: Permission::CompanyCreate,
        update: Permission::CompanyUpdate,
        delete: Permission::CompanyDelete,
        export: Permission::CompanyExport,
        merge: Some(Permission::CompanyMerge),
    },
    relations: &[
        Relation::many("contacts", "Contacts", RecordType::Contact),
        Relation::many("deals", "Deals", RecordType::Deal),
    ],
    import: import::IMPORT,
    standard: &[
        Field::new("name", "Name", Kind::Text { max: 255 }).sorted().required().in_list().group(Group::About),
        Field::new("website", "Website", Kind::Url).group(Group::About),
        Field::new("industry", "Industry", TEXT_100).sorted().in_list().group(Group::About),
        Field::new("company_size", "Company size", Kind::Select(CompanySize::CHOICES)).group(Group::About),
        Field::new("employee_count", "Employees", Kind::Integer { min: 0, max: 100_000_000 })
            .sorted()
            .group(Group::About),
        Field::new("annual_revenue_minor", "Annual revenue", Kind::Money { non_negative: true })
            .sorted()
            .in_list()
            .group(Group::About),
        Field::new("currency", "Currency", Kind::Currency).default_to("USD").not_in_create().group(Group::About),
        Field::new("type", "Type", Kind::Select(CompanyType::CHOICES))
            .default_to("business")
            .not_in_create()
            .group(Group::About),
        Field::new("primary_email", "Email", Kind::Email).sorted().group(Group::Reach),
        Field::new("primary_phone", "Phone", Kind::Phone).in_list().alias(&["phone"]).group(Group::Reach),
        Field::new("preferred_channel", "Preferred channel", Kind::Select(CompanyChannel::CHOICES))
            .not_in_create()
            .group(Group::Reach),
        Field::new("timezone", "Time zone", Kind::TimeZone).not_in_create().group(Group::Reach),
        Field::new("owner_id", "Owner", Kind::User).in_list().group(Group::Sales),
        Field::new("account_manager_id", "Account manager", Kind::User).not_in_create().group(Group::Sales),
        Field::new("status", "Status", Kind::Select(CompanyStatus::CHOICES))
            .sorted()
            .default_to("active")
            .in_list()
            .group(Group::Sales),
        Field::new("lifecycle_stage", "Lifecycle stage", Kind::Select(LifecycleStage::CHOICES)).group(Group::Sales),
        Field::new("category", "Category", Kind::Select(CompanyCategory::CHOICES)).group(Group::Sales),
        Field::new("source", "Source", Kind::Select(CompanySource::CHOICES)).group(Group::Sales),
        Field::new("tags", "Tags", Kind::Tags).in_list().group(Group::Sales),
        Field::new("billing_address", "Billing address", Kind::Address).group(Group::Address),
        Field::new("shipping_address", "Shipping address", Kind::Address).not_in_create().group(Group::Address),
        Field::new("notes", "Notes", Kind::LongText).group(Group::More),
        Field::new("slug", "Slug", TEXT_100).not_in_create().group(Group::More),
        Field::new("logo_url", "Logo address", Kind::Url).not_in_create().group(Group::More),
        Field::new("lead_score", "Score", Kind::Integer { min: 0, max: 100 })
            .sorted()
            .not_in_create()
            .group(Group::More),
        Field::new("domain", "Domain", Kind::Text { max: 255 }).read_only(),
        Field::new("first_contact_date", "First contact", Kind::DateTime).read_only(),
        Field::new("last_contact_date", "Last contact", Kind::DateTime).sorted().read_only(),
        Field::new("created_at", "Created", Kind::DateTime).sorted().read_only().filled().in_list(),
        Field::new("updated_at", "Updated", Kind::DateTime).sorted().read_only().filled(),
        Field::new("created_by", "Created by", Kind::User).read_only(),
    ],
};

crate::records::record! {
    /// A company.
    pub struct Company {
        /// Name.
        pub name: String,
        /// Short name for addresses, unique among live companies.
        pub slug: Option<String>,
        /// Line of business.
        pub industry: Option<String>,
        /// Rough size.
        pub company_size: Option<CompanySize>,
        /// Web address.
        pub website: Option<String>,
        /// Host name of the website or email, the key of imports.
        pub domain: Option<String>,
        /// The same as `primary_phone`.
        pub phone: Option<String>,
        /// Main email address.
        pub primary_email: Option<String>,
        /// Main phone number, E.164 where it could be normalised.
        pub primary_phone: Option<String>,
        /// Billing address.
        pub billing_address: Option<Address>,
        /// Shipping address.
        pub shipping_address: Option<Address>,
        /// Annual revenue in minor units of `currency`.
        pub annual_revenue_minor: Option<i64>,
        /// ISO-4217 code.
        pub currency: String,
        /// Number of employees.
        pub employee_count: Option<i32>,
        /// Organization or person.
        #[serde(rename = "type")]
        #[cfg_attr(feature = "db", sea_orm(from_alias = "type"))]
        pub kind: CompanyType,
        /// Active or not.
        pub status: CompanyStatus,
        /// Stage on the way to becoming a customer.
        pub lifecycle_stage: Option<LifecycleStage>,
        /// What it is to us.
        pub category: Option<CompanyCategory>,
        /// How we found each other.
        pub source: Option<CompanySource>,
        /// The account manager.
        pub account_manager_id: Option<Uuid>,
        /// Earliest interaction.
        pub first_contact_date: Option<DateTime<Utc>>,
        /// Latest interaction.
        pub last_contact_date: Option<DateTime<Utc>>,
        /// How it likes to be reached.
        pub preferred_channel: Option<CompanyChannel>,
        /// IANA time zone.
        pub timezone: Option<String>,
        /// Web address of the logo.
        pub logo_url: Option<String>,
        /// Score from 0 to 100.
        pub lead_score: Option<i32>,
        /// Free notes.
        pub notes: Option<String>,
    }
}

/// Hosts whose mailboxes belong to anybody: they say nothing about the company.
pub(crate) const MAILBOX_PROVIDERS: &[&str] = &[
    "aol.com",
    "gmail.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "outlook.com",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "web.de",
    "yahoo.com",
    "yandex.ru",
];

/// The host name that identifies a company: of its website, else of its email unless that is a mailbox provider's.
pub fn domain_of(website: Option<&str>, email: Option<&str>) -> Option<String> {
    let from_site = website.and_then(|url| {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        rest.split(['/', '?', '#', ':']).next()
    });
    let from_mail = || {
        email
            .and_then(|e| e.rsplit_once('@'))
            .map(|(_, host)| host)
            .filter(|host| !MAILBOX_PROVIDERS.contains(&host.to_lowercase().as_str()))
    };
    let host = from_site.or_else(from_mail)?.trim().trim_end_matches('.').to_lowercase();
    let host = host.strip_prefix("www.").map(str::to_owned).unwrap_or(host);
    (host.contains('.') && host.chars().count() <= 255).then_some(host)
}

#[cfg(test)]
pub(crate) fn sample() -> serde_json::Value {
    serde_json::json!({
        "id": Uuid::nil(), "name": "Acme", "currency": "USD", "type": "business", "status": "active", "tags": [],
        "custom_fields": {}, "created_at": "2026-11-21T00:00:00Z", "updated_at": "2026-11-21T00:00:00Z", "version": 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// IMPORT-05: a company is recognised by its domain, however the address is written.
    #[test]
    fn domains() {
        let of = |w, e| domain_of(w, e);
        assert_eq!(of(Some("https://www.Acme.com/about?x=1"), None).as_deref(), Some("acme.com"));
        assert_eq!(of(Some("acme.co.uk:8080"), None).as_deref(), Some("acme.co.uk"));
        assert_eq!(of(None, Some("ada@Acme.io")).as_deref(), Some("acme.io"));
        assert_eq!(of(None, Some("ada@gmail.com")), None);
        assert_eq!(of(None, None), None);
    }
}
