//! The companies of a contact: the main one stands in the contact, further ones are links.

use super::primary::release_primary;
use super::store::link_event;
use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::events::emit;
use crate::records::{read, write};
use domain::catalog::RecordRef;
use domain::companies::Company;
use domain::contacts::{Contact, ContactCompany, ContactCompanyInput};
use domain::events::{Change, verb};
use domain::permission::Permission;
use read::For;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::Alias;
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// All companies of a contact that are not archived, the main one first.
///
/// # Errors
/// The database cannot be reached.
pub async fn of(tx: &TenantTx, contact: &Contact) -> ApiResult<Vec<ContactCompany>> {
    let sql = "SELECT c.id, c.name, c.id = $3 AS is_primary FROM companies c WHERE c.org_id = $1 AND c.deleted_at IS NULL \
         AND (c.id = $3 OR c.id IN (SELECT l.company_id FROM contact_companies l WHERE l.org_id = $1 AND l.contact_id = $2)) \
         ORDER BY 3 DESC NULLS LAST, c.name, c.id";
    let values = [tx.org_id().into(), contact.id.into(), contact.company_id.into()];
    let rows = tx.conn().query_all_raw(statement(sql, values)).await?;
    rows.iter()
        .map(|row| {
            let company = RecordRef { id: row.try_get_by_index(0)?, name: row.try_get_by_index(1)? };
            let is_primary: Option<bool> = row.try_get_by_index(2)?;
            Ok(ContactCompany { company, is_primary: is_primary.unwrap_or(false) })
        })
        .collect()
}

/// Links a contact to a company. Linking again changes only which one is the main company.
///
/// # Errors
/// 404, 403, 412; 422 for a company that does not exist here.
pub async fn link(
    tx: &TenantTx,
    id: Uuid,
    expected: Option<i32>,
    input: &ContactCompanyInput,
) -> ApiResult<ContactCompany> {
    let contact: Contact = write::for_change(tx, id, expected, Permission::ContactUpdate).await?;
    let company: Company = read::linked(tx, "company_id", input.company_id).await?;
    let is_main = contact.company_id == Some(company.id);
    let becomes_main = !is_main && (input.is_primary || contact.company_id.is_none());
    let known = of(tx, &contact).await?.iter().any(|c| c.company.id == company.id);
    if becomes_main {
        unlink_further(tx, id, company.id).await?;
        if let Some(old) = contact.company_id {
            link_further(tx, id, old).await?;
        }
        set_main(tx, id, Some(company.id)).await?;
    } else if !is_main && !known {
        link_further(tx, id, company.id).await?;
        tx.conn().execute(&write::touch::<Contact>(tx, id)).await?;
    }
    if !known || becomes_main {
        let after: Contact = read::one(tx, id, For::Reading).await?;
        let event = if known {
            let main = |id: Option<Uuid>| id.map_or(Json::Null, |id| json!(id));
            let (old, new) = (main(contact.company_id), main(after.company_id));
            write::event(verb::UPDATED, &after).changes(vec![Change { field: "company_id".to_owned(), old, new }])
        } else {
            link_event(tx, &after, "company_linked", company.id).await?
        };
        emit(tx, event).await?;
    }
    let company = RecordRef { id: company.id, name: company.name };
    Ok(ContactCompany { company, is_primary: is_main || becomes_main })
}

/// Takes a link away. Where it was the main company, the longest linked further one takes its place.
///
/// # Errors
/// 404 where the contact is not linked to the company; 403, 412.
pub async fn unlink(tx: &TenantTx, id: Uuid, expected: Option<i32>, company: Uuid) -> ApiResult<()> {
    let contact: Contact = write::for_change(tx, id, expected, Permission::ContactUpdate).await?;
    if contact.company_id == Some(company) {
        // An archived company is nobody's main one; its link waits for the company to be restored.
        let sql = "SELECT l.company_id FROM contact_companies l \
             JOIN companies c ON c.org_id = l.org_id AND c.id = l.company_id AND c.deleted_at IS NULL \
             WHERE l.org_id = $1 AND l.contact_id = $2 ORDER BY l.created_at, l.company_id LIMIT 1";
        let row = tx.conn().query_one_raw(statement(sql, [tx.org_id().into(), id.into()])).await?;
        let next: Option<Uuid> = row.map(|row| row.try_get_by_index(0)).transpose()?;
        if let Some(next) = next {
            unlink_further(tx, id, next).await?;
        }
        set_main(tx, id, next).await?;
    } else {
        if unlink_further(tx, id, company).await? == 0 {
            return Err(ApiError::not_found("link to this company"));
        }
        tx.conn().execute(&write::touch::<Contact>(tx, id)).await?;
    }
    let after: Contact = read::one(tx, id, For::Reading).await?;
    emit(tx, link_event(tx, &after, "company_unlinked", company).await?).await
}

/// CONTACT-18: makes the contact the primary one of its main company.
///
/// # Errors
/// 404, 403, 412; 409 for a contact without a company.
pub async fn set_primary(tx: &TenantTx, id: Uuid, expected: Option<i32>) -> ApiResult<Contact> {
    let contact: Contact = write::for_change(tx, id, expected, Permission::ContactUpdate).await?;
    let Some(company) = contact.company_id else {
        let sentence = "This contact has no company whose primary contact it could be.";
        return Err(ApiError::new(domain::error::ErrorCode::Conflict, sentence));
    };
    release_primary(tx, company, Some(id)).await?;
    let input = serde_json::Map::from_iter([("is_primary".to_owned(), true.into())]);
    write::update(tx, id, None, &input).await
}

async fn set_main(tx: &TenantTx, id: Uuid, company: Option<Uuid>) -> ApiResult<()> {
    let mut update = write::touch::<Contact>(tx, id);
    update.value(Alias::new("company_id"), company).value(Alias::new("is_primary"), false);
    tx.conn().execute(&update).await?;
    Ok(())
}

async fn link_further(tx: &TenantTx, contact: Uuid, company: Uuid) -> ApiResult<()> {
    let sql =
        "INSERT INTO contact_companies (org_id, contact_id, company_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    tx.conn().execute_raw(statement(sql, [tx.org_id().into(), contact.into(), company.into()])).await?;
    Ok(())
}

async fn unlink_further(tx: &TenantTx, contact: Uuid, company: Uuid) -> ApiResult<u64> {
    let sql = "DELETE FROM contact_companies WHERE org_id = $1 AND contact_id = $2 AND company_id = $3";
    let values = [tx.org_id().into(), contact.into(), company.into()];
    Ok(tx.conn().execute_raw(statement(sql, values)).await?.rows_affected())
}
