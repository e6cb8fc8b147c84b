//! Products.

mod import;
mod routes;

use crate::records::Stored;
use domain::products::Product;
use utoipa_actix_web::service_config::ServiceConfig;

impl Stored for Product {
    fn routes(cfg: &mut ServiceConfig<'_>) {
        routes::routes(cfg);
    }
}
