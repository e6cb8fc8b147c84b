//! The demo organization: a small sales team's last three months, made through the same rules as everybody's records.

mod rows;

use crate::auth::session::random_token;
use crate::db::{RequestInfo, TenantTx, statement};
use crate::error::ApiResult;
use crate::features::auth::register;
use crate::features::{invitations, orgs, tags};
use crate::records::write;
use crate::state::AppState;
use chrono::{DateTime, TimeDelta, Utc};
use domain::auth::{AcceptInvitation, InvitationInput, OrgInput, Register};
use domain::companies::Company;
use domain::contacts::Contact;
use domain::deals::Deal;
use domain::error::ErrorCode;
use domain::permission::Role;
use domain::pipelines::DEFAULT_STAGES;
use domain::products::Product;
use domain::tags::{TagCategory, TagInput};
use rows::{COLLEAGUES, COMPANIES, COMPANY_TAGS, DEAL_TAGS, PRODUCTS};
use sea_orm::ConnectionTrait;
use serde_json::{Map, Value as Json, json};
use std::collections::HashMap;
use uuid::Uuid;

/// How to sign in to the demo organization.
#[derive(Debug)]
pub struct Demo {
    /// Sign-in address.
    pub email: String,
    /// Password.
    pub password: String,
}

/// Makes the demo organization; `None` when it is already there.
///
/// # Errors
/// The database cannot be reached.
pub async fn run(state: &AppState) -> anyhow::Result<Option<Demo>> {
    let demo = Demo { email: "demo@rapport.example".to_owned(), password: "rapport demo 1".to_owned() };
    let input = Register {
        organization: "Fieldstone Systems".to_owned(),
        name: "Dana Reyes".to_owned(),
        email: demo.email.clone(),
        password: demo.password.clone(),
        timezone: None,
    };
    let now = state.clock.now();
    let request = |days| RequestInfo { at: Some(now - TimeDelta::days(days)), ..RequestInfo::default() };
    let tx = match register(state, request(120), &input).await {
        Ok(tx) => tx,
        Err(error) if *error.code() == ErrorCode::Duplicate => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let links = furnish(state, &tx).await?;
    let mut past = Past { tx, now, at: 0, products: HashMap::new() };
    past.stock().await?;
    past.live_through(0).await?;
    let products = past.products;
    past.tx.commit().await?;
    // Nobody signs in as a colleague: their passwords are random and forgotten. Each does their own work.
    for (number, ((name, _), token)) in (1_usize..).zip(COLLEAGUES.iter().zip(links)) {
        let input = AcceptInvitation { token, name: (*name).to_owned(), password: format!("{}1", random_token()) };
        let tx = invitations::join(state, request(110), &input).await?;
        let mut past = Past { tx, now, at: 0, products: products.clone() };
        past.live_through(number).await?;
        past.tx.commit().await?;
    }
    Ok(Some(demo))
}

/// What is a large deal here, in cents.
const HIGH_VALUE: i64 = 9_000_000;

/// The settings, the tags, and the invitations of the colleagues; returns the secret parts of their links.
async fn furnish(state: &AppState, tx: &TenantTx) -> ApiResult<Vec<String>> {
    orgs::update(tx, &OrgInput { high_value_minor: Some(Some(HIGH_VALUE)), ..OrgInput::default() }).await?;
    let of = |category, (name, color): (&str, &str)| TagInput {
        name: Some(name.to_owned()),
        color: Some(color.to_owned()),
        category: Some(category),
    };
    let company = COMPANY_TAGS.iter().map(|tag| of(TagCategory::Company, *tag));
    for tag in company.chain(DEAL_TAGS.iter().map(|tag| of(TagCategory::Deal, *tag))) {
        tags::create(tx, &tag).await?;
    }
    let mut links = Vec::new();
    for (_, email) in COLLEAGUES {
        let input = InvitationInput { email: email.to_owned(), role: Role::Member };
        let link = invitations::invite(state, tx, &input).await?.link.unwrap_or_default();
        links.push(link.rsplit('/').next().unwrap_or_default().to_owned());
    }
    Ok(links)
}

/// One person's past. What is written is told as if it had happened then.
struct Past {
    tx: TenantTx,
    now: DateTime<Utc>,
    /// How many things happened so far: no two at the same minute of the day.
    at: i64,
    /// The products by their names.
    products: HashMap<&'static str, Uuid>,
}

impl Past {
    /// What is sold.
    async fn stock(&mut self) -> ApiResult<()> {
        for row in PRODUCTS {
            self.days_ago(119);
            let product: Product = self
                .create(json!({
                    "name": row.name, "code": row.code, "price_minor": row.price, "unit": row.unit,
                    "description": row.about, "active": row.active,
                }))
                .await?;
            self.date_back("products", product.id).await?;
            self.products.insert(row.name, product.id);
        }
        Ok(())
    }

    /// The companies of the person with this number, with people and deals.
    async fn live_through(&mut self, person: usize) -> ApiResult<()> {
        for row in COMPANIES.iter().filter(|row| row.owner == person) {
            let age = row.deals.iter().map(|deal| deal.age[0]).max().unwrap_or(0) + 6;
            self.days_ago(age);
            let [city, state, country] = row.place;
            let company: Company = self
                .create(json!({
                    "name": row.name, "industry": row.industry, "website": row.site, "company_size": row.size,
                    "employee_count": row.employees, "annual_revenue_minor": i64::from(row.employees) * 21_000_000,
                    "lifecycle_stage": row.lifecycle, "tags": row.tags,
                    "primary_phone": row.phone, "billing_address": {"city": city, "state": state, "country": country},
                }))
                .await?;
            self.date_back("companies", company.id).await?;
            let mut people = Vec::new();
            for [first, last, title, role] in row.people {
                self.days_ago(age - 1);
                let contact: Contact = self
                    .create(json!({
                        "first_name": first, "last_name": last, "job_title": title, "role": role,
                        "company_id": company.id, "is_primary": people.is_empty(),
                        "email": format!("{}@{}", plain(first), row.site), "phone": row.phone,
                    }))
                    .await?;
                self.date_back("contacts", contact.id).await?;
                people.push(contact.id);
            }
            for deal in row.deals {
                self.pursue(deal, company.id, people.get(deal.contact).copied()).await?;
            }
        }
        Ok(())
    }

    /// A line of a deal.
    fn line(&self, (name, quantity, price, discount): &(&str, u32, i64, f64)) -> Json {
        let sold = PRODUCTS.iter().find(|product| product.name == *name);
        json!({
            "name": name, "quantity": quantity, "price_minor": price, "discount_percent": discount,
            "product_id": self.products.get(name), "unit": sold.map(|product| product.unit),
        })
    }

    /// A deal from its first stage to the present one.
    async fn pursue(&mut self, row: &rows::Deal, company: Uuid, contact: Option<Uuid>) -> ApiResult<()> {
        let today = self.now.date_naive();
        let [age, entered] = row.age;
        let lines: Vec<Json> = row.lines.iter().map(|line| self.line(line)).collect();
        self.days_ago(age);
        let deal: Deal = self
            .create(json!({
                "name": row.name, "amount_minor": row.amount * 100, "primary_contact_id": contact,
                "company_id": company, "expected_close_date": today + TimeDelta::days(row.closes), "tags": row.tags,
                "products": lines, "source": if age % 3 == 0 { "inbound" } else { "outbound" },
            }))
            .await?;
        self.date_back("deals", deal.id).await?;
        let open = DEFAULT_STAGES.iter().filter(|stage| !stage.is_closed_won && !stage.is_closed_lost).count();
        let passed = (1..row.stage.min(open)).map(|at| (at, false)).chain((row.stage > 0).then_some((row.stage, true)));
        let steps: Vec<_> = passed.collect();
        for (number, (at, last)) in (1_i64..).zip(&steps) {
            let Some(stage) = DEFAULT_STAGES.get(*at) else { continue };
            let step = (age - entered) / i64::try_from(steps.len()).unwrap_or(1);
            let day = if *last { entered } else { age - step * number };
            self.days_ago(day);
            // Without one of its own the deal takes the stage's probability.
            let mut change = object(json!({"stage": stage.name, "probability": null}));
            if stage.is_closed_won || stage.is_closed_lost {
                change.insert("closed_date".to_owned(), json!(today - TimeDelta::days(day)));
            }
            if stage.is_closed_won {
                change.insert("won_reason".to_owned(), json!("Best total cost over three years"));
            }
            if stage.is_closed_lost {
                change.insert("lost_reason".to_owned(), json!("price"));
            }
            write::update::<Deal>(&self.tx, deal.id, None, &change).await?;
        }
        let sql = "UPDATE deals SET updated_at = $3, stage_entered_at = $3 WHERE org_id = $1 AND id = $2";
        self.execute(sql, deal.id).await
    }

    /// What follows happens this many days ago, some time in the working day.
    fn days_ago(&mut self, days: i64) {
        self.at += 1;
        let minutes = 20 + self.at * 47 % 400;
        self.tx.happens_at(self.now - TimeDelta::days(days) - TimeDelta::minutes(minutes));
    }

    async fn create<R: crate::records::Stored>(&self, input: Json) -> ApiResult<R> {
        write::create(&self.tx, object(input)).await
    }

    async fn date_back(&self, table: &str, id: Uuid) -> ApiResult<()> {
        self.execute(&format!("UPDATE {table} SET created_at = $3, updated_at = $3 WHERE org_id = $1 AND id = $2"), id)
            .await
    }

    async fn execute(&self, sql: &str, id: Uuid) -> ApiResult<()> {
        let values = [self.tx.org_id().into(), id.into(), self.tx.request().at.into()];
        self.tx.conn().execute_raw(statement(sql, values)).await?;
        Ok(())
    }
}

/// A first name as it stands in an address.
fn plain(name: &str) -> String {
    name.to_lowercase().replace('á', "a").replace('ø', "o")
}

fn object(json: Json) -> Map<String, Json> {
    match json {
        Json::Object(members) => members,
        _ => Map::new(),
    }
}
