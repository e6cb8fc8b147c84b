//! What is special about companies: their domain, and what becomes of their contacts.

use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::events::emit_all;
use crate::features::contacts::restore_primary;
use crate::records::values::ids_array;
use crate::records::{Parent, SchemaName, Stored, list, query, select};
use crate::state::Clock;
use domain::catalog::RecordType;
use domain::companies::{Company, domain_of};
use domain::contacts::Contact;
use domain::deals::Deal;
use domain::draft::Draft;
use domain::events::{Activity, NewEvent};
use domain::value::Value;
use sea_orm::sea_query::{Alias, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use std::borrow::Cow;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// What the event of an archived company keeps for a restore.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Unlinked {
    unlinked_contacts: Vec<Uuid>,
    /// The one of them that was the primary contact.
    primary_contact: Option<Uuid>,
}

impl Stored for Company {
    const INCLUDES: &'static [(&'static str, Option<SchemaName>)] =
        &[("contacts", Some(Contact::name)), ("deals", Some(Deal::name)), ("activities", Some(Activity::name))];

    fn routes(cfg: &mut ServiceConfig<'_>) {
        super::routes::routes(cfg);
    }

    fn select_extra(select: &mut SelectStatement) {
        select.expr_as(select::column("primary_phone"), Alias::new("phone"));
    }

    fn search_document() -> Cow<'static, str> {
        "SELECT c.id, c.name AS title, coalesce(c.domain, c.primary_email, c.industry, '') AS subtitle, \
             concat_ws(' ', c.primary_email, c.primary_phone, c.primary_phone_e164, c.domain, c.slug, \
             custom_words(c.org_id, 'company', c.custom_fields)) AS keywords, c.deleted_at IS NOT NULL AS archived \
             FROM companies c WHERE c.org_id = $1 AND c.id = ANY($2)"
            .into()
    }

    fn derived_columns() -> &'static [&'static str] {
        &["domain"]
    }

    fn derive(draft: &Draft, current: Option<&Self>) -> Vec<sea_orm::Value> {
        let text = |name: &str, old: Option<&String>| match draft.get(name) {
            Some(value) => value.as_text().map(str::to_owned),
            None => old.cloned(),
        };
        let website = text("website", current.and_then(|c| c.website.as_ref()));
        let email = text("primary_email", current.and_then(|c| c.primary_email.as_ref()));
        vec![domain_of(website.as_deref(), email.as_deref()).into()]
    }

    async fn prepare(_tx: &TenantTx, draft: &mut Draft, _current: Option<&Self>) -> ApiResult<()> {
        // A slug stands in addresses.
        let Some(Value::Text(slug)) = draft.get("slug") else { return Ok(()) };
        let slug = slug.to_lowercase();
        if !slug.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            return Err(ApiError::field("slug", "slug", "A slug has only letters, digits and hyphens."));
        }
        draft.set("slug", Value::Text(slug));
        Ok(())
    }

    /// COMPANY-10: contacts survive and only lose the link. Which ones is kept in the event, for a restore.
    async fn on_archive(tx: &TenantTx, company: &Self) -> ApiResult<Json> {
        let sql = "UPDATE contacts t SET company_id = NULL, is_primary = false, version = t.version + 1, updated_at = now() \
             FROM (SELECT id, is_primary FROM contacts WHERE org_id = $1 AND company_id = $2 \
                   ORDER BY id FOR NO KEY UPDATE) b \
             WHERE t.org_id = $1 AND t.id = b.id RETURNING t.id, t.name, t.version, b.is_primary";
        let rows = tx.conn().query_all_raw(statement(sql, [tx.org_id().into(), company.id.into()])).await?;
        let unlinked_contacts = tell_contacts(tx, company, "company_unlinked", &rows).await?;
        if unlinked_contacts.is_empty() {
            return Ok(Json::Null);
        }
        let mut primary_contact = None;
        for row in &rows {
            if row.try_get_by_index(3)? {
                primary_contact = Some(row.try_get_by_index(0)?);
            }
        }
        serde_json::to_value(Unlinked { unlinked_contacts, primary_contact }).map_err(ApiError::internal)
    }

    /// Contacts that have found no other company meanwhile come back, the primary one as such.
    async fn on_restore(tx: &TenantTx, company: &Self) -> ApiResult<()> {
        let sql = "SELECT payload -> 'details' FROM domain_events \
             WHERE org_id = $1 AND entity_id = $2 AND type = 'company.archived' ORDER BY id DESC LIMIT 1";
        let row = tx.conn().query_one_raw(statement(sql, [tx.org_id().into(), company.id.into()])).await?;
        let details: Option<Json> = row.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
        let kept: Unlinked = details.and_then(|json| serde_json::from_value(json).ok()).unwrap_or_default();
        let sql = "UPDATE contacts SET company_id = $2, version = version + 1, updated_at = now() \
             WHERE org_id = $1 AND id = ANY($3) AND company_id IS NULL RETURNING id, name, version";
        let values = [tx.org_id().into(), company.id.into(), ids_array(&kept.unlinked_contacts)];
        let rows = tx.conn().query_all_raw(statement(sql, values)).await?;
        tell_contacts(tx, company, "company_linked", &rows).await?;
        match kept.primary_contact {
            Some(contact) => restore_primary(tx, contact, company.id).await,
            None => Ok(()),
        }
    }

    async fn include(tx: &TenantTx, clock: &Clock, company: &Self, name: &str) -> ApiResult<Option<Json>> {
        let parent = Some(Parent::Company(company.id));
        let json = match name {
            "contacts" => first_page::<Contact>(tx, clock, parent).await?,
            "deals" => first_page::<Deal>(tx, clock, parent).await?,
            "activities" => crate::features::timeline::included(tx, "company", company.id).await?,
            _ => return Ok(None),
        };
        Ok(Some(json))
    }
}

/// COMPANY-19: the event of each contact that has lost or found the company; returns their ids.
async fn tell_contacts(tx: &TenantTx, company: &Company, verb: &str, rows: &[QueryResult]) -> ApiResult<Vec<Uuid>> {
    let (mut ids, mut events) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
    for row in rows {
        let (id, name, version): (Uuid, String, i32) =
            (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        events.push(
            NewEvent::record(RecordType::Contact, verb, id, &name)
                .version(version)
                .details(json!({ "company": company.name, "company_id": company.id })),
        );
        ids.push(id);
    }
    emit_all(tx, events).await?;
    Ok(ids)
}

/// The first rows of a sub-list, for `include`.
///
/// # Errors
/// The database cannot be reached.
pub async fn first_page<R: Stored>(tx: &TenantTx, clock: &Clock, parent: Option<Parent>) -> ApiResult<Json> {
    tx.require(R::TYPE.permissions().view)?;
    let query = query::from_body::<R>(tx, &Map::new()).await?;
    let page = list::page::<R>(tx, clock, &query, parent).await?;
    serde_json::to_value(page.data).map_err(ApiError::internal)
}
