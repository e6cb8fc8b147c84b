//! Routes of contacts beyond those that all records have.

use super::companies;
use crate::auth::Guard;
use crate::error::ApiResult;
use crate::http::body::Body;
use crate::http::etag::{IfMatch, tagged};
use crate::http::refusals::{Refusals, Stale};
use crate::records::Parent;
use crate::records::read::{self, For};
use crate::records::service::{Params, service, sublist_of};
use actix_web::{HttpResponse, delete, get, post, put, web};
use domain::contacts::{Contact, ContactCompany, ContactCompanyInput};
use domain::deals::Deal;
use domain::page::{MAX_LIMIT, Page, Pagination};
use domain::permission::{Permission, perm};
use domain::records::View;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Adds the routes.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(deals)
        .service(set_primary)
        .service(list_companies)
        .service(link_company)
        .service(unlink_company)
        .service(service::<Contact>());
}

/// Lists the deals of a contact: those it is the primary contact of, and those it is linked to with a role. Takes
/// the parameters of the deal list.
///
/// **Permissions:** `crm.deal.view`
#[utoipa::path(tag = "contacts", operation_id = "contacts_deals",
    params(("id" = Uuid, Path, description = "The contact")), security(("session" = [])),
    responses((status = 200, description = "One page of deals."), Refusals))]
#[get("/contacts/{id}/deals")]
async fn deals(guard: Guard<View<Deal>>, id: web::Path<Uuid>, params: Params) -> ApiResult<HttpResponse> {
    sublist_of::<Contact, Deal>(&guard, &params, *id, Parent::Contact).await
}

/// Makes the contact its company's primary one; the present primary contact steps back.
///
/// **Permissions:** `crm.contact.update`
#[utoipa::path(tag = "contacts", params(("id" = Uuid, Path, description = "The contact"), IfMatch), security(("session" = [])),
    responses((status = 200, body = Contact), Refusals, Stale))]
#[put("/contacts/{id}/set-primary")]
async fn set_primary(
    guard: Guard<perm::ContactUpdate>,
    id: web::Path<Uuid>,
    expected: IfMatch,
) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let contact = companies::set_primary(&tx, *id, expected.0).await?;
    tx.commit().await?;
    Ok(tagged(HttpResponse::Ok(), contact.version, &contact))
}

/// Lists the companies of a contact, the main one first.
///
/// **Permissions:** `crm.contact.view` and `crm.company.view`
#[utoipa::path(tag = "contacts", operation_id = "contacts_companies",
    params(("id" = Uuid, Path, description = "The contact")), security(("session" = [])),
    responses((status = 200, body = Page<ContactCompany>), Refusals))]
#[get("/contacts/{id}/companies")]
async fn list_companies(guard: Guard<perm::ContactView>, id: web::Path<Uuid>) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    tx.require(Permission::CompanyView)?;
    let contact: Contact = read::one(&tx, *id, For::Reading).await?;
    let data = companies::of(&tx, &contact).await?;
    tx.commit().await?;
    Ok(HttpResponse::Ok().json(Page { pagination: Pagination::single(data.len(), MAX_LIMIT), data }))
}

/// Links the contact to a company; the first one becomes the main company.
///
/// **Permissions:** `crm.contact.update`
#[utoipa::path(tag = "contacts", params(("id" = Uuid, Path, description = "The contact"), IfMatch), security(("session" = [])),
    request_body = ContactCompanyInput,
    responses((status = 201, body = ContactCompany), Refusals, Stale))]
#[post("/contacts/{id}/companies")]
async fn link_company(
    guard: Guard<perm::ContactUpdate>,
    id: web::Path<Uuid>,
    expected: IfMatch,
    input: Body<ContactCompanyInput>,
) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let linked = companies::link(&tx, *id, expected.0, &input.0).await?;
    tx.commit().await?;
    Ok(HttpResponse::Created().json(linked))
}

/// Takes a link to a company away. Where it was the main company, a further one takes its place.
///
/// **Permissions:** `crm.contact.update`
#[utoipa::path(tag = "contacts", security(("session" = [])),
    params(("id" = Uuid, Path, description = "The contact"), ("company_id" = Uuid, Path, description = "The company"),
        IfMatch),
    responses((status = 204, description = "Done."), Refusals, Stale))]
#[delete("/contacts/{id}/companies/{company_id}")]
async fn unlink_company(
    guard: Guard<perm::ContactUpdate>,
    path: web::Path<(Uuid, Uuid)>,
    expected: IfMatch,
) -> ApiResult<HttpResponse> {
    let (id, company) = path.into_inner();
    let tx = guard.begin().await?;
    companies::unlink(&tx, id, expected.0, company).await?;
    tx.commit().await?;
    Ok(HttpResponse::NoContent().finish())
}
