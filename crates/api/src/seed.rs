//! The demo organization: a small sales team's week, made through the same rules as everybody's records.

use crate::db::{RequestInfo, TenantTx};
use crate::error::ApiResult;
use crate::features::auth::register;
use crate::records::write;
use crate::state::AppState;
use chrono::Days;
use domain::auth::Register;
use domain::companies::Company;
use domain::contacts::Contact;
use domain::deals::Deal;
use domain::error::ErrorCode;
use serde_json::{Map, Value as Json, json};

/// How to sign in to the demo organization.
#[derive(Debug)]
pub struct Demo {
    /// Sign-in address.
    pub email: String,
    /// Password.
    pub password: String,
}

/// Name, industry, website, city, size, tags.
type CompanyRow = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static [&'static str]);

const COMPANIES: &[CompanyRow] = &[
    ("Northwind Optics", "Manufacturing", "northwind-optics.example", "Portland", "medium", &["Key account"]),
    ("Harbor & Pine", "Hospitality", "harborpine.example", "Seattle", "small", &[]),
    ("Lumen Analytics", "Software", "lumen-analytics.example", "Austin", "startup", &["Inbound"]),
    ("Caldera Foods", "Food", "calderafoods.example", "Denver", "large", &["Key account", "Renewal"]),
    ("Brightwater Clinics", "Health care", "brightwater.example", "Chicago", "enterprise", &[]),
    ("Osprey Logistics", "Transport", "ospreylogistics.example", "Atlanta", "large", &["Renewal"]),
    ("Tallgrass Energy Partners", "Energy", "tallgrass-energy.example", "Tulsa", "enterprise", &[]),
    ("Fernhill Books", "Retail", "fernhillbooks.example", "Boston", "small", &["Inbound"]),
];

/// First name, last name, title, place of the company in the list above.
const CONTACTS: &[(&str, &str, &str, usize)] = &[
    ("Priya", "Raman", "Head of Procurement", 0),
    ("Tomás", "Iglesias", "Plant Manager", 0),
    ("Ellen", "Sørby", "Owner", 1),
    ("Marcus", "Webb", "CTO", 2),
    ("Yuki", "Tanabe", "VP Operations", 3),
    ("Dana", "Whitfield", "CFO", 3),
    ("Amara", "Okafor", "IT Director", 4),
    ("Luca", "Ferretti", "Fleet Manager", 5),
    ("Grace", "Hollis", "Purchasing Lead", 6),
    ("Noah", "Lindqvist", "Founder", 7),
];

/// Name, place of the contact, stage, amount in cents, days until it should close.
const DEALS: &[(&str, usize, &str, i64, i64)] = &[
    ("Lens coating line", 0, "Negotiation", 8_400_000, 12),
    ("Maintenance contract", 1, "Proposal", 1_950_000, 25),
    ("Reservation system", 2, "Qualification", 640_000, 40),
    ("Usage dashboards", 3, "Prospecting", 1_200_000, 55),
    ("Warehouse roll-out", 4, "Proposal", 15_750_000, 18),
    ("Annual renewal", 5, "Closed won", 4_300_000, 0),
    ("Patient check-in pilot", 6, "Qualification", 2_600_000, 33),
    ("Fleet tracking", 7, "Negotiation", 7_100_000, 9),
    ("Grid monitoring study", 8, "Prospecting", 9_900_000, 70),
    ("Point of sale", 9, "Closed lost", 380_000, 0),
    ("Spare parts portal", 1, "Prospecting", 2_250_000, 48),
    ("Training package", 4, "Closed won", 890_000, 0),
];

/// Makes the demo organization; `None` when it is already there.
///
/// # Errors
/// The database cannot be reached.
pub async fn run(state: &AppState) -> anyhow::Result<Option<Demo>> {
    let demo = Demo { email: "demo@rapport.example".to_owned(), password: "rapport demo 1".to_owned() };
    let input = Register {
        organization: "Demo Sales".to_owned(),
        name: "Dana Demo".to_owned(),
        email: demo.email.clone(),
        password: demo.password.clone(),
        timezone: None,
    };
    let tx = match register(state, RequestInfo::default(), &input).await {
        Ok(tx) => tx,
        Err(error) if *error.code() == ErrorCode::Duplicate => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    fill(state, &tx).await?;
    tx.commit().await?;
    Ok(Some(demo))
}

async fn fill(state: &AppState, tx: &TenantTx) -> ApiResult<()> {
    let mut companies = Vec::new();
    for (name, industry, website, city, size, tags) in COMPANIES {
        let input = json!({
            "name": name, "industry": industry, "website": website, "company_size": size, "tags": tags,
            "lifecycle_stage": "prospect", "billing_address": {"city": city, "country": "US"},
        });
        let company: Company = write::create(tx, object(input)).await?;
        companies.push(company.id);
    }
    let mut contacts = Vec::new();
    for ((first, last, title, company), number) in CONTACTS.iter().zip(2671..) {
        let site = COMPANIES.get(*company).map_or("rapport.example", |c| c.2);
        let input = json!({
            "first_name": first, "last_name": last, "job_title": title, "company_id": companies.get(*company),
            "email": format!("{}@{site}", first.to_lowercase().replace('á', "a")), "phone": format!("+1 415 555 {number}"),
        });
        let contact: Contact = write::create(tx, object(input)).await?;
        contacts.push((contact.id, contact.company_id));
    }
    let today = state.clock.today(&tx.settings().timezone);
    for (name, contact, stage, amount, days) in DEALS {
        let (contact, company) = contacts.get(*contact).copied().unzip();
        let close = u64::try_from(*days).ok().and_then(|n| today.checked_add_days(Days::new(n)));
        let input = json!({
            "name": name, "stage": stage, "amount_minor": amount, "primary_contact_id": contact,
            "company_id": company.flatten(), "expected_close_date": close, "source": "outbound",
        });
        let _deal: Deal = write::create(tx, object(input)).await?;
    }
    Ok(())
}

fn object(json: Json) -> Map<String, Json> {
    match json {
        Json::Object(members) => members,
        _ => Map::new(),
    }
}
