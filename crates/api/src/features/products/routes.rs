//! Routes of products beyond those that all records have.

use crate::auth::Guard;
use crate::error::ApiResult;
use crate::http::refusals::Refusals;
use crate::records::Parent;
use crate::records::service::{Params, service, sublist_of};
use actix_web::{HttpResponse, get, web};
use domain::deals::Deal;
use domain::products::Product;
use domain::records::View;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Adds the routes.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(deals).service(service::<Product>());
}

/// Lists the deals that have a line with a product. Takes the parameters of the deal list.
///
/// **Permissions:** `crm.deal.view`
#[utoipa::path(tag = "products", operation_id = "products_deals",
    params(("id" = Uuid, Path, description = "The product")), security(("session" = [])),
    responses((status = 200, description = "One page of deals."), Refusals))]
#[get("/products/{id}/deals")]
async fn deals(guard: Guard<View<Deal>>, id: web::Path<Uuid>, params: Params) -> ApiResult<HttpResponse> {
    sublist_of::<Product, Deal>(&guard, &params, *id, Parent::Product).await
}
