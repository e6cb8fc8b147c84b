//! All routes. Each feature adds its own; what is added through `utoipa_actix_web` is documented as well.

use crate::features::{
    activities, audit, auth, bulk, client_errors, dashboard, dedupe, export, fields, health, import, invitations, live,
    members, orgs, pipelines, query_builder, search, tags, views, work,
};
use crate::http::{body, methods, query};
use crate::records::Stored;
use actix_web::web;
use domain::catalog::RecordType;
use domain::of_type;
use utoipa_actix_web::service_config::ServiceConfig;

/// Prefix of the API.
pub const API: &str = "/api/v1";

/// The documented routes, relative to [`API`].
pub fn api(cfg: &mut ServiceConfig<'_>) {
    auth::routes(cfg);
    orgs::routes(cfg);
    members::routes(cfg);
    invitations::routes(cfg);
    for record in RecordType::ALL {
        of_type!(*record, R => R::routes(cfg));
    }
    pipelines::routes(cfg);
    activities::routes(cfg);
    audit::routes(cfg);
    search::routes(cfg);
    live::routes(cfg);
    import::routes(cfg);
    tags::routes(cfg);
    dashboard::routes(cfg);
    query_builder::routes(cfg);
    fields::routes(cfg);
    views::routes(cfg);
    bulk::routes(cfg);
    export::routes(cfg);
    work::routes(cfg);
    dedupe::routes(cfg);
    client_errors::routes(cfg);
    cfg.service(health::health).service(crate::openapi::openapi_json);
    cfg.map(|cfg| cfg.default_service(web::to(methods::no_route)));
}

/// Everything: API, documentation, health, web app.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.app_data(query::path_config()).app_data(web::PayloadConfig::new(body::JSON_LIMIT));
    health::routes(cfg);
    crate::openapi::routes(cfg);
    cfg.service(web::scope(API).configure(|cfg| api(&mut ServiceConfig::new(cfg))));
    cfg.default_service(web::to(crate::web_app::serve));
}
