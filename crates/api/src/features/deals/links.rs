//! Contacts and companies of a deal: the main ones stand in the deal, any number of others are links with a role or
//! relationship (DEAL-17 to -19).

use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::events::emit;
use crate::records::{Stored, read, write};
use domain::catalog::RecordType;
use domain::companies::Company;
use domain::contacts::Contact;
use domain::deals::{Deal, DealCompany, DealCompanyInput, DealContact, DealContactInput};
use domain::permission::Permission;
use read::For;
use sea_orm::sea_query::Alias;
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::json;
use uuid::Uuid;

/// The two kinds of links, which differ in names only.
#[derive(Debug, Clone, Copy)]
struct Link {
    other: RecordType,
    table: &'static str,
    /// Column of the other record in the link table.
    key: &'static str,
    /// Column of the role or relationship.
    part: &'static str,
    /// Column of the main one in the deal.
    main: &'static str,
}

const CONTACT: Link = Link {
    other: RecordType::Contact,
    table: "deal_contacts",
    key: "contact_id",
    part: "role",
    main: "primary_contact_id",
};
const COMPANY: Link = Link {
    other: RecordType::Company,
    table: "deal_companies",
    key: "company_id",
    part: "relationship",
    main: "company_id",
};

/// The contacts of a deal, the primary one first.
///
/// # Errors
/// The database cannot be reached.
pub async fn contacts(tx: &TenantTx, deal: &Deal) -> ApiResult<Vec<DealContact>> {
    let sql = "SELECT c.id AS contact_id, c.name, c.email, c.job_title, l.role, c.id IS NOT DISTINCT FROM $3 AS is_primary, \
             coalesce(l.created_at, $4) AS created_at FROM contacts c \
         LEFT JOIN deal_contacts l ON l.org_id = c.org_id AND l.deal_id = $2 AND l.contact_id = c.id \
         WHERE c.org_id = $1 AND c.deleted_at IS NULL AND (c.id = $3 \
             OR c.id IN (SELECT k.contact_id FROM deal_contacts k WHERE k.org_id = $1 AND k.deal_id = $2)) \
         ORDER BY is_primary DESC, c.name, c.id";
    rows(tx, sql, deal, deal.primary_contact_id).await
}

/// The companies of a deal, the main one first.
///
/// # Errors
/// The database cannot be reached.
pub async fn companies(tx: &TenantTx, deal: &Deal) -> ApiResult<Vec<DealCompany>> {
    let sql = "SELECT c.id AS company_id, c.name, l.relationship, c.id IS NOT DISTINCT FROM $3 AS is_main, \
             coalesce(l.created_at, $4) AS created_at FROM companies c \
         LEFT JOIN deal_companies l ON l.org_id = c.org_id AND l.deal_id = $2 AND l.company_id = c.id \
         WHERE c.org_id = $1 AND c.deleted_at IS NULL AND (c.id = $3 \
             OR c.id IN (SELECT k.company_id FROM deal_companies k WHERE k.org_id = $1 AND k.deal_id = $2)) \
         ORDER BY is_main DESC, c.name, c.id";
    rows(tx, sql, deal, deal.company_id).await
}

async fn rows<T: FromQueryResult>(tx: &TenantTx, sql: &str, deal: &Deal, main: Option<Uuid>) -> ApiResult<Vec<T>> {
    let values = [tx.org_id().into(), deal.id.into(), main.into(), deal.created_at.into()];
    let rows = tx.conn().query_all_raw(statement(sql, values)).await?;
    Ok(rows.iter().map(|row| T::from_query_result(row, "")).collect::<Result<_, _>>()?)
}

/// Links a contact to a deal, or changes its role.
///
/// # Errors
/// 404, 403, 412; 422 for a contact that does not exist here.
pub async fn link_contact(
    tx: &TenantTx,
    id: Uuid,
    expected: Option<i32>,
    input: &DealContactInput,
) -> ApiResult<DealContact> {
    tx.require(Permission::ContactView)?;
    let role = input.role.map(domain::deals::DealContactRole::as_str);
    let deal = link::<Contact>(tx, CONTACT, id, expected, input.contact_id, role).await?;
    let found = contacts(tx, &deal).await?.into_iter().find(|c| c.contact_id == input.contact_id);
    found.ok_or_else(|| ApiError::not_found("contact"))
}

/// Links a company to a deal, or changes its relationship.
///
/// # Errors
/// 404, 403, 412; 422 for a company that does not exist here.
pub async fn link_company(
    tx: &TenantTx,
    id: Uuid,
    expected: Option<i32>,
    input: &DealCompanyInput,
) -> ApiResult<DealCompany> {
    tx.require(Permission::CompanyView)?;
    let relationship = input.relationship.map(domain::deals::DealCompanyRelationship::as_str);
    let deal = link::<Company>(tx, COMPANY, id, expected, input.company_id, relationship).await?;
    let found = companies(tx, &deal).await?.into_iter().find(|c| c.company_id == input.company_id);
    found.ok_or_else(|| ApiError::not_found("company"))
}

/// Takes a contact off a deal, also as its primary one.
///
/// # Errors
/// 404 where it is not linked; 403, 412.
pub async fn unlink_contact(tx: &TenantTx, id: Uuid, expected: Option<i32>, contact: Uuid) -> ApiResult<()> {
    unlink::<Contact>(tx, CONTACT, id, expected, contact, |deal| deal.primary_contact_id).await
}

/// Takes a company off a deal, also as its main one.
///
/// # Errors
/// 404 where it is not linked; 403, 412.
pub async fn unlink_company(tx: &TenantTx, id: Uuid, expected: Option<i32>, company: Uuid) -> ApiResult<()> {
    unlink::<Company>(tx, COMPANY, id, expected, company, |deal| deal.company_id).await
}

async fn link<R: Stored>(
    tx: &TenantTx,
    kind: Link,
    id: Uuid,
    expected: Option<i32>,
    other: Uuid,
    part: Option<&str>,
) -> ApiResult<Deal> {
    let deal: Deal = write::for_change(tx, id, expected, Permission::DealUpdate).await?;
    let other: R = read::linked(tx, kind.key, other).await?;
    let Link { table, key, part: column, .. } = kind;
    let sql = format!(
        "INSERT INTO {table} AS l (org_id, deal_id, {key}, {column}) VALUES ($1, $2, $3, $4) \
         ON CONFLICT ON CONSTRAINT {table}_pkey DO UPDATE SET {column} = excluded.{column} \
         WHERE l.{column} IS DISTINCT FROM excluded.{column}"
    );
    let values = [tx.org_id().into(), id.into(), other.id().into(), part.map(str::to_owned).into()];
    if tx.conn().execute_raw(statement(&sql, values)).await?.rows_affected() == 0 {
        return Ok(deal);
    }
    tx.conn().execute(&write::touch::<Deal>(tx, id)).await?;
    let after: Deal = read::one(tx, id, For::Reading).await?;
    let name = kind.other.as_str();
    let mut details = json!({ name: other.title(), key: other.id() });
    if let (Some(members), Some(part)) = (details.as_object_mut(), part) {
        members.insert(column.to_owned(), part.into());
    }
    let event = write::event::<Deal>(&format!("{name}_linked"), &after);
    emit(tx, event.related(kind.other, other.id(), other.title()).details(details)).await?;
    Ok(after)
}

async fn unlink<R: Stored>(
    tx: &TenantTx,
    kind: Link,
    id: Uuid,
    expected: Option<i32>,
    other: Uuid,
    main: impl Fn(&Deal) -> Option<Uuid> + Send,
) -> ApiResult<()> {
    let deal: Deal = write::for_change(tx, id, expected, Permission::DealUpdate).await?;
    let was_main = main(&deal) == Some(other);
    let name = kind.other.as_str();
    let sql = format!("DELETE FROM {} WHERE org_id = $1 AND deal_id = $2 AND {} = $3", kind.table, kind.key);
    let values = [tx.org_id().into(), id.into(), other.into()];
    let removed = tx.conn().execute_raw(statement(&sql, values)).await?.rows_affected();
    if removed == 0 && !was_main {
        return Err(ApiError::not_found(&format!("{name} on this deal")));
    }
    let mut update = write::touch::<Deal>(tx, id);
    if was_main {
        update.value(Alias::new(kind.main), None::<Uuid>);
    }
    tx.conn().execute(&update).await?;
    let other: R = read::one(tx, other, For::Reading).await?;
    let after: Deal = read::one(tx, id, For::Reading).await?;
    let details = json!({ name: other.title(), kind.key: other.id(), "was_main": was_main });
    let event = write::event::<Deal>(&format!("{name}_unlinked"), &after);
    emit(tx, event.related(kind.other, other.id(), other.title()).details(details)).await
}
