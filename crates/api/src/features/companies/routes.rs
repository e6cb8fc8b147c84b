//! Routes of companies beyond those that all records have.

use crate::auth::Guard;
use crate::error::ApiResult;
use crate::records::Parent;
use crate::records::read::{self, For};
use crate::records::service::{Params, list_of, service};
use actix_web::{HttpResponse, get, web};
use domain::companies::Company;
use domain::contacts::Contact;
use domain::deals::Deal;
use domain::error::Problem;
use domain::permission::perm;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Adds the routes.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(contacts).service(deals).service(service::<Company>());
}

/// Lists the contacts of a company, main and further ones. Takes the parameters of the contact list.
///
/// **Permissions:** `crm.contact.view`
#[utoipa::path(tag = "companies", params(("id" = Uuid, Path, description = "The company")),
    security(("session" = [])),
    responses((status = 200, description = "One page of contacts."), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
#[get("/companies/{id}/contacts")]
async fn contacts(guard: Guard<perm::ContactView>, id: web::Path<Uuid>, params: Params) -> ApiResult<HttpResponse> {
    exists(&guard, *id).await?;
    list_of::<Contact, _>(&guard, &params, Some(Parent::Company(*id))).await
}

/// Lists the deals of a company: those it is the main company of, and those it is linked to. Takes the parameters of
/// the deal list.
///
/// **Permissions:** `crm.deal.view`
#[utoipa::path(tag = "companies", params(("id" = Uuid, Path, description = "The company")),
    security(("session" = [])),
    responses((status = 200, description = "One page of deals."), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
#[get("/companies/{id}/deals")]
async fn deals(guard: Guard<perm::DealView>, id: web::Path<Uuid>, params: Params) -> ApiResult<HttpResponse> {
    exists(&guard, *id).await?;
    list_of::<Deal, _>(&guard, &params, Some(Parent::Company(*id))).await
}

async fn exists<P: domain::permission::Requires>(guard: &Guard<P>, id: Uuid) -> ApiResult<()> {
    let tx = guard.begin().await?;
    let _company: Company = read::one(&tx, id, For::Reading).await?;
    tx.commit().await
}
