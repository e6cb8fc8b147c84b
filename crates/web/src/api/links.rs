//! Records linked to records: contacts of a company, companies of a contact, people and companies of a deal.

use super::client::Call;
use super::error::ApiResult;
use super::row::Row;
use domain::catalog::RecordType;
use domain::companies::summary::CompanySummary;
use domain::contacts::{ContactCompany, ContactCompanyInput};
use domain::deals::{DealCompany, DealCompanyInput, DealContact, DealContactInput};
use domain::page::Page;
use uuid::Uuid;

use super::records::path_of;

/// Members of a list of linked things that are asked for at once.
const LINKED: u32 = domain::page::MAX_LIMIT;

/// What stands behind a company, in figures.
pub async fn company_summary(id: Uuid) -> ApiResult<CompanySummary> {
    Call::get(format!("{}/summary", path_of(RecordType::Company, id))).json().await
}

/// The contacts of a company, the primary one first.
pub async fn company_contacts(id: Uuid) -> ApiResult<Page<Row>> {
    let call = Call::get(format!("{}/contacts", path_of(RecordType::Company, id)));
    call.param("limit", LINKED).rows(RecordType::Contact).await
}

/// The deals of a company, contact or product.
pub async fn deals_of(record: RecordType, id: Uuid) -> ApiResult<Page<Row>> {
    Call::get(format!("{}/deals", path_of(record, id))).param("limit", LINKED).rows(RecordType::Deal).await
}

/// Makes a contact the primary one of its company.
pub async fn set_primary_contact(id: Uuid) -> ApiResult<()> {
    Call::put(format!("{}/set-primary", path_of(RecordType::Contact, id))).done().await
}

/// The companies that a contact belongs to.
pub async fn contact_companies(id: Uuid) -> ApiResult<Page<ContactCompany>> {
    Call::get(format!("{}/companies", path_of(RecordType::Contact, id))).json().await
}

/// Links a contact to a further company.
pub async fn link_contact_company(id: Uuid, input: &ContactCompanyInput) -> ApiResult<ContactCompany> {
    Call::post(format!("{}/companies", path_of(RecordType::Contact, id))).body(input).json().await
}

/// Takes a contact out of a company.
pub async fn unlink_contact_company(id: Uuid, company: Uuid) -> ApiResult<()> {
    Call::delete(format!("{}/companies/{company}", path_of(RecordType::Contact, id))).done().await
}

/// The people of a deal.
pub async fn deal_contacts(id: Uuid) -> ApiResult<Page<DealContact>> {
    Call::get(format!("{}/contacts", path_of(RecordType::Deal, id))).json().await
}

/// Links a person to a deal, or changes the part they have in it.
pub async fn link_deal_contact(id: Uuid, input: &DealContactInput) -> ApiResult<DealContact> {
    Call::post(format!("{}/contacts", path_of(RecordType::Deal, id))).body(input).json().await
}

/// Takes a person off a deal.
pub async fn unlink_deal_contact(id: Uuid, contact: Uuid) -> ApiResult<()> {
    Call::delete(format!("{}/contacts/{contact}", path_of(RecordType::Deal, id))).done().await
}

/// The companies of a deal.
pub async fn deal_companies(id: Uuid) -> ApiResult<Page<DealCompany>> {
    Call::get(format!("{}/companies", path_of(RecordType::Deal, id))).json().await
}

/// Links a company to a deal, or changes its part in it.
pub async fn link_deal_company(id: Uuid, input: &DealCompanyInput) -> ApiResult<DealCompany> {
    Call::post(format!("{}/companies", path_of(RecordType::Deal, id))).body(input).json().await
}

/// Takes a company off a deal.
pub async fn unlink_deal_company(id: Uuid, company: Uuid) -> ApiResult<()> {
    Call::delete(format!("{}/companies/{company}", path_of(RecordType::Deal, id))).done().await
}
