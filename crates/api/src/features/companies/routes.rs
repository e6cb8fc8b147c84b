//! Routes of companies beyond those that all records have.

use crate::auth::Guard;
use crate::error::ApiResult;
use crate::http::refusals::Refusals;
use crate::records::Parent;
use crate::records::service::{Params, service, sublist_of};
use actix_web::{HttpResponse, get, web};
use domain::companies::Company;
use domain::companies::summary::CompanySummary;
use domain::contacts::Contact;
use domain::deals::Deal;
use domain::permission::perm;
use domain::records::View;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Adds the routes.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(contacts).service(deals).service(summary).service(service::<Company>());
}

/// Lists the contacts of a company, main and further ones. Takes the parameters of the contact list.
///
/// **Permissions:** `crm.contact.view`
#[utoipa::path(tag = "companies", params(("id" = Uuid, Path, description = "The company")),
    security(("session" = [])),
    responses((status = 200, description = "One page of contacts."), Refusals))]
#[get("/companies/{id}/contacts")]
async fn contacts(guard: Guard<View<Contact>>, id: web::Path<Uuid>, params: Params) -> ApiResult<HttpResponse> {
    sublist_of::<Company, Contact>(&guard, &params, *id, Parent::Company).await
}

/// Lists the deals of a company: those it is the main company of, and those it is linked to. Takes the parameters of
/// the deal list.
///
/// **Permissions:** `crm.deal.view`
#[utoipa::path(tag = "companies", params(("id" = Uuid, Path, description = "The company")),
    security(("session" = [])),
    responses((status = 200, description = "One page of deals."), Refusals))]
#[get("/companies/{id}/deals")]
async fn deals(guard: Guard<View<Deal>>, id: web::Path<Uuid>, params: Params) -> ApiResult<HttpResponse> {
    sublist_of::<Company, Deal>(&guard, &params, *id, Parent::Company).await
}

/// The figures of a company: number of contacts, open deals and their value, deals won and their value, sums by
/// currency. Deals are those of `/companies/{id}/deals`.
///
/// **Permissions:** `crm.company.view`; `contacts` is null without `crm.contact.view`, `deals` without `crm.deal.view`
#[utoipa::path(tag = "companies", operation_id = "companies_summary", security(("session" = [])),
    params(("id" = Uuid, Path, description = "The company")),
    responses((status = 200, body = CompanySummary), Refusals))]
#[get("/companies/{id}/summary")]
async fn summary(guard: Guard<perm::CompanyView>, id: web::Path<Uuid>) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let figures = super::summary::read(&tx, *id).await?;
    tx.commit().await?;
    Ok(HttpResponse::Ok().json(figures))
}
