//! Whether the server lives, and whether it can serve.

use crate::error::ApiError;
use crate::state::AppState;
use actix_web::{HttpResponse, get, web};
use serde::Serialize;

/// What `readyz` has looked at.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Readiness {
    /// Whether all is well.
    pub ready: bool,
    /// Whether the database answers.
    pub database: bool,
    /// Whether its schema is the one this build knows.
    pub migrations: bool,
    /// Whether Redis answers.
    pub redis: bool,
}

/// Adds the routes outside `/api/v1`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(healthz).service(readyz);
}

/// Answers as long as the process lives.
#[get("/healthz")]
async fn healthz() -> HttpResponse {
    HttpResponse::Ok().body("ok")
}

/// Answers 200 when requests can be served, else 503.
#[get("/readyz")]
async fn readyz(state: web::Data<AppState>) -> HttpResponse {
    answer(&state).await
}

/// The same at `/api/v1/health`.
#[utoipa::path(tag = "system", operation_id = "health",
    responses((status = 200, body = Readiness), (status = 503, body = Readiness)))]
#[get("/health")]
pub async fn health(state: web::Data<AppState>) -> Result<HttpResponse, ApiError> {
    Ok(answer(&state).await)
}

async fn answer(state: &AppState) -> HttpResponse {
    let schema = state.db.is_ready().await;
    let mut redis = state.redis.clone();
    let pong: Result<String, _> = redis::cmd("PING").query_async(&mut redis).await;
    let readiness = Readiness {
        database: schema.is_ok(),
        migrations: matches!(schema, Ok(true)),
        redis: pong.is_ok(),
        ready: matches!(schema, Ok(true)) && pong.is_ok(),
    };
    let mut response = if readiness.ready { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    response.json(readiness)
}
