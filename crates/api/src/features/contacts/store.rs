//! What is special about contacts: names in two parts, a main company, one primary contact per company.

use super::primary::release_primary;
use crate::db::{TenantTx, statement};
use crate::error::ApiResult;
use crate::features::companies::first_page;
use crate::records::{Parent, SchemaName, Stored, select};
use crate::state::Clock;
use domain::catalog::RecordType;
use domain::contacts::{Contact, ContactCompany};
use domain::deals::Deal;
use domain::draft::Draft;
use domain::events::{Activity, NewEvent};
use domain::permission::Permission;
use domain::value::Value;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, Expr, SelectStatement, SimpleExpr};
use serde_json::Value as Json;
use std::borrow::Cow;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

impl Stored for Contact {
    const INCLUDES: &'static [(&'static str, Option<SchemaName>)] =
        &[("companies", Some(ContactCompany::name)), ("deals", Some(Deal::name)), ("activities", Some(Activity::name))];

    fn routes(cfg: &mut ServiceConfig<'_>) {
        super::routes::routes(cfg);
    }

    fn select_extra(select: &mut SelectStatement) {
        let name = "(SELECT c.name FROM companies c WHERE c.org_id = t.org_id AND c.id = t.company_id)";
        select.expr_as(Expr::cust(name), Alias::new("company_name"));
    }

    fn search_document() -> Cow<'static, str> {
        "SELECT t.id, t.name AS title, concat_ws(' · ', c.name, t.email) AS subtitle, \
             concat_ws(' ', t.phone, t.phone_e164, t.mobile_phone, t.mobile_phone_e164, t.work_phone, \
                t.work_phone_e164, t.job_title, custom_words(t.org_id, 'contact', t.custom_fields)) AS keywords, \
                t.deleted_at IS NOT NULL AS archived \
             FROM contacts t LEFT JOIN companies c ON c.org_id = t.org_id AND c.id = t.company_id \
             WHERE t.org_id = $1 AND t.id = ANY($2)"
            .into()
    }

    async fn prepare(tx: &TenantTx, draft: &mut Draft, current: Option<&Self>) -> ApiResult<()> {
        // Another company: the contact is not that one's primary contact unless said so.
        let moves = draft.get("company_id").map(Value::as_id);
        if let (Some(new), Some(current)) = (moves, current) {
            if new != current.company_id && current.is_primary && draft.get("is_primary").is_none() {
                draft.set("is_primary", Value::Bool(false));
            }
            // The further company that becomes the main one is no further one any more.
            if let Some(company) = new {
                let sql = "DELETE FROM contact_companies WHERE org_id = $1 AND contact_id = $2 AND company_id = $3";
                let values = [tx.org_id().into(), current.id.into(), company.into()];
                tx.conn().execute_raw(statement(sql, values)).await?;
            }
        }
        let company = moves.unwrap_or(current.and_then(|c| c.company_id));
        if draft.get("is_primary") == Some(&Value::Bool(true)) {
            match company {
                Some(company) => release_primary(tx, company, current.map(|c| c.id)).await?,
                None => draft.set("is_primary", Value::Bool(false)),
            }
        }
        Ok(())
    }

    async fn events(tx: &TenantTx, main: NewEvent, before: Option<&Self>, after: &Self) -> ApiResult<Vec<NewEvent>> {
        let (old, new) = (before.and_then(|b| b.company_id), after.company_id);
        let mut events = vec![main];
        if old != new && after.deleted_at.is_none() {
            if let Some(company) = old {
                events.push(link_event(tx, after, "company_unlinked", company).await?);
            }
            if let Some(company) = new {
                events.push(link_event(tx, after, "company_linked", company).await?);
            }
        }
        Ok(events)
    }

    async fn include(tx: &TenantTx, clock: &Clock, contact: &Self, name: &str) -> ApiResult<Option<Json>> {
        let json = match name {
            "deals" => first_page::<Deal>(tx, clock, Some(Parent::Contact(contact.id))).await?,
            "companies" => {
                tx.require(Permission::CompanyView)?;
                serde_json::to_value(super::companies::of(tx, contact).await?)
                    .map_err(crate::error::ApiError::internal)?
            }
            "activities" => crate::features::timeline::included(tx, "contact", contact.id).await?,
            _ => return Ok(None),
        };
        Ok(Some(json))
    }

    /// COMPANY-18: the contacts of a company are those whose main company it is, and those linked to it.
    fn belongs_to(parent: Parent, org_id: Uuid) -> Option<SimpleExpr> {
        match parent {
            Parent::Company(id) => {
                let links = ["contact_companies", "contact_id", "company_id"];
                Some(select::joined("contacts", "company_id", links, id, org_id))
            }
            Parent::Contact(_) | Parent::Product(_) => None,
        }
    }
}

/// COMPANY-19: the event of a link, on the timelines of both.
///
/// # Errors
/// The database cannot be reached.
pub async fn link_event(tx: &TenantTx, contact: &Contact, verb: &str, company: Uuid) -> ApiResult<NewEvent> {
    let sql = "SELECT name FROM companies WHERE org_id = $1 AND id = $2";
    let row = tx.conn().query_one_raw(statement(sql, [tx.org_id().into(), company.into()])).await?;
    let name: String = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
    let event = NewEvent::record(RecordType::Contact, verb, contact.id, &contact.name).version(contact.version);
    Ok(event
        .related(RecordType::Company, company, &name)
        .details(serde_json::json!({ "company": name, "company_id": company })))
}
