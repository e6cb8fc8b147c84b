//! The OpenAPI document, collected from the routes themselves.

use crate::router;
use actix_web::{App, HttpResponse, get, web};
use std::sync::LazyLock;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{Info, OpenApi};
use utoipa_actix_web::{AppExt, scope};
use utoipa_swagger_ui::SwaggerUi;

/// The document; it never changes while the server runs.
pub static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(document);

fn document() -> OpenApi {
    let (_, mut document) =
        App::new().into_utoipa_app().service(scope(router::API).configure(router::api)).split_for_parts();
    let mut info = Info::new("Rapport API", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "The CRM's REST API. Sign in with `POST /api/v1/auth/login`; the session travels in a cookie. \
         Errors are `application/problem+json` with a stable `code`, the fields concerned and the request id."
            .to_owned(),
    );
    document.info = info;
    let cookie = ApiKeyValue::with_description("rapport", "The session cookie; `__Host-rapport` over https.");
    document
        .components
        .get_or_insert_default()
        .add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    document
}

/// The document as it stands in the repository.
///
/// # Errors
/// It cannot be written as JSON.
pub fn json() -> anyhow::Result<String> {
    Ok(format!("{}\n", DOCUMENT.to_pretty_json()?))
}

/// The OpenAPI document.
#[utoipa::path(tag = "system", responses((status = 200, description = "OpenAPI 3.1 document.")))]
#[get("/openapi.json")]
pub async fn openapi_json() -> HttpResponse {
    HttpResponse::Ok().json(&*DOCUMENT)
}

/// The document with a page to read and try it, at `/api/docs`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    let redirect = web::redirect("/api/docs", "/api/docs/");
    let config = utoipa_swagger_ui::Config::from("/api/v1/openapi.json");
    cfg.service(redirect).service(SwaggerUi::new("/api/docs/{_:.*}").config(config));
}
