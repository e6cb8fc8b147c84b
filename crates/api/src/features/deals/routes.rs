//! Routes of deals beyond those that all records have.

use crate::records::service::service;
use domain::deals::Deal;
use utoipa_actix_web::service_config::ServiceConfig;

/// Adds the routes.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(service::<Deal>());
}
