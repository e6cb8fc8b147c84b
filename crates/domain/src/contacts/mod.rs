//! Contacts: the people we talk to.

mod import;

use crate::catalog::{Field, Group, Kind, RecordPermissions, RecordRef, RecordSpec, RecordType, Relation};
use crate::permission::Permission;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

crate::choices! {
    /// The contact's part in decisions.
    ContactRole {
        DecisionMaker = "decision_maker" "Decision maker",
        Influencer = "influencer" "Influencer",
        User = "user" "User",
        Gatekeeper = "gatekeeper" "Gatekeeper",
    }
}
crate::choices! {
    /// Whether the contact can be reached.
    ContactStatus { Active = "active" "Active", Inactive = "inactive" "Inactive", Bounced = "bounced" "Bounced" }
}
crate::choices! {
    /// How the contact likes to be reached.
    ContactChannel { Email = "email" "Email", Phone = "phone" "Phone", Sms = "sms" "SMS" }
}

const TEXT_100: Kind = Kind::Text { max: 100 };

/// Contacts in the catalogue.
pub static SPEC: RecordSpec = RecordSpec {
    record: RecordType::Contact,
    table: "contacts",
    label: "Contact",
    label_plural: "Contacts",
    title: "name",
    search: &["name", "email", "phone", "mobile_phone", "work_phone"],
    default_sort: "-created_at",
    tag_category: crate::tags::TagCategory::General,
    permissions: RecordPermissions {
        view: Permission::ContactView,
        create: Permission::ContactCreate,
        update: Permission::ContactUpdate,
        delete: Permission::ContactDelete,
        export: Permission::ContactExport,
        merge: Some(Permission::ContactMerge),
    },
    relations: &[
        Relation::one("company", "Company", RecordType::Company),
        Relation::many("deals", "Deals", RecordType::Deal),
    ],
    import: import::IMPORT,
    standard: &[
        Field::new("name", "Name", Kind::Text { max: 201 }).sorted().read_only().filled().in_list().group(Group::About),
        Field::new("first_name", "First name", TEXT_100).required().group(Group::About),
        Field::new("last_name", "Last name", TEXT_100).default_to("").group(Group::About),
        Field::new("job_title", "Job title", TEXT_100).sorted().in_list().group(Group::About),
        Field::new("department", "Department", TEXT_100).not_in_create().group(Group::About),
        Field::new("company_id", "Company", Kind::Record(RecordType::Company)).in_list().group(Group::About),
        Field::new("is_primary", "Primary contact", Kind::Boolean)
            .default_to("false")
            .not_in_create()
            .no_import()
            .group(Group::About),
        Field::new("email", "Email", Kind::Email).sorted().in_list().group(Group::Reach),
        Field::new("phone", "Phone", Kind::Phone).in_list().group(Group::Reach),
        Field::new("mobile_phone", "Mobile phone", Kind::Phone).not_in_create().group(Group::Reach),
        Field::new("work_phone", "Work phone", Kind::Phone).not_in_create().group(Group::Reach),
        Field::new("preferred_channel", "Preferred channel", Kind::Select(ContactChannel::CHOICES))
            .not_in_create()
            .group(Group::Reach),
        Field::new("linkedin_url", "LinkedIn", Kind::Url).not_in_create().group(Group::Reach),
        Field::new("twitter_handle", "Twitter", TEXT_100).not_in_create().group(Group::Reach),
        Field::new("social_profiles", "Social profiles", Kind::Object).not_in_create().no_import().group(Group::Reach),
        Field::new("owner_id", "Owner", Kind::User).in_list().group(Group::Sales),
        Field::new("status", "Status", Kind::Select(ContactStatus::CHOICES))
            .sorted()
            .default_to("active")
            .in_list()
            .group(Group::Sales),
        Field::new("role", "Role", Kind::Select(ContactRole::CHOICES)).group(Group::Sales),
        Field::new("lead_source", "Lead source", TEXT_100).group(Group::Sales),
        Field::new("lead_score", "Lead score", Kind::Integer { min: 0, max: 100 })
            .sorted()
            .not_in_create()
            .group(Group::Sales),
        Field::new("tags", "Tags", Kind::Tags).in_list().group(Group::Sales),
        Field::new("email_opt_in", "May get email", Kind::Boolean)
            .default_to("true")
            .not_in_create()
            .group(Group::Consent),
        Field::new("sms_opt_in", "May get SMS", Kind::Boolean)
            .default_to("false")
            .not_in_create()
            .group(Group::Consent),
        Field::new("do_not_call", "Do not call", Kind::Boolean)
            .default_to("false")
            .not_in_create()
            .group(Group::Consent),
        Field::new("birthday", "Birthday", Kind::Date).sorted().not_in_create().group(Group::More),
        Field::new("anniversary", "Anniversary", Kind::Date).not_in_create().group(Group::More),
        Field::new("preferences", "Preferences", Kind::Object).not_in_create().no_import().group(Group::More),
        Field::new("notes", "Notes", Kind::LongText).group(Group::More),
        Field::new("is_new_lead", "New lead", Kind::Boolean)
            .default_to("false")
            .not_in_create()
            .no_import()
            .group(Group::More),
        Field::new("unsubscribed_at", "Unsubscribed", Kind::DateTime).read_only(),
        Field::new("last_contacted_at", "Last contacted", Kind::DateTime).sorted().read_only(),
        Field::new("created_at", "Created", Kind::DateTime).sorted().read_only().filled().in_list(),
        Field::new("updated_at", "Updated", Kind::DateTime).sorted().read_only().filled(),
        Field::new("created_by", "Created by", Kind::User).read_only(),
    ],
};

crate::records::record! {
    /// A contact.
    pub struct Contact {
        /// Main company.
        pub company_id: Option<Uuid>,
        /// Name of the main company.
        pub company_name: Option<String>,
        /// First name.
        pub first_name: String,
        /// Last name; may be empty.
        pub last_name: String,
        /// Both names together.
        pub name: String,
        /// Email address, unique among live contacts, ignoring case.
        pub email: Option<String>,
        /// Phone number, E.164 where it could be normalised.
        pub phone: Option<String>,
        /// Mobile phone number.
        pub mobile_phone: Option<String>,
        /// Work phone number.
        pub work_phone: Option<String>,
        /// Job title.
        pub job_title: Option<String>,
        /// Department.
        pub department: Option<String>,
        /// Part in decisions.
        pub role: Option<ContactRole>,
        /// Whether the contact can be reached.
        pub status: ContactStatus,
        /// Whether this is the company's primary contact.
        pub is_primary: bool,
        /// How the contact likes to be reached.
        pub preferred_channel: Option<ContactChannel>,
        /// `LinkedIn` address.
        pub linkedin_url: Option<String>,
        /// Twitter handle.
        pub twitter_handle: Option<String>,
        /// Further profiles by name.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
        pub social_profiles: Option<Json>,
        /// Preferences by name.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
        pub preferences: Option<Json>,
        /// Where the contact came from.
        pub lead_source: Option<String>,
        /// Score from 0 to 100.
        pub lead_score: Option<i32>,
        /// Made automatically from an unknown sender.
        pub is_new_lead: bool,
        /// Latest message, call or meeting.
        pub last_contacted_at: Option<DateTime<Utc>>,
        /// Birthday.
        pub birthday: Option<NaiveDate>,
        /// Anniversary.
        pub anniversary: Option<NaiveDate>,
        /// May get email.
        pub email_opt_in: bool,
        /// May get SMS.
        pub sms_opt_in: bool,
        /// Must not be called.
        pub do_not_call: bool,
        /// When the contact unsubscribed from email.
        pub unsubscribed_at: Option<DateTime<Utc>>,
        /// Free notes.
        pub notes: Option<String>,
    }
}

/// Links a contact to a further company.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ContactCompanyInput {
    /// The company.
    pub company_id: Uuid,
    /// Make it the main company; the present main company becomes a further one.
    #[serde(default)]
    pub is_primary: bool,
}

/// A company that a contact belongs to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactCompany {
    /// The company.
    pub company: RecordRef,
    /// Whether it is the main company.
    pub is_primary: bool,
}

/// The whole name from both parts.
pub fn full_name(first: &str, last: &str) -> String {
    format!("{first} {last}").trim().to_owned()
}

/// Splits a whole name: the last word is the last name; a single word is the first name.
pub fn split_name(name: &str) -> (String, String) {
    let words: Vec<_> = name.split_whitespace().collect();
    match words.as_slice() {
        [] => (String::new(), String::new()),
        [only] => ((*only).to_owned(), String::new()),
        [first @ .., last] => (first.join(" "), (*last).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CONTACT-03: two parts are stored, the whole name is returned; the last name may be empty.
    #[test]
    fn names() {
        assert_eq!(full_name("Ada", "Lovelace"), "Ada Lovelace");
        assert_eq!(full_name("Ada", ""), "Ada");
        assert_eq!(split_name("Ada  King Lovelace"), ("Ada King".into(), "Lovelace".into()));
        assert_eq!(split_name("Ada"), ("Ada".into(), String::new()));
    }
}
