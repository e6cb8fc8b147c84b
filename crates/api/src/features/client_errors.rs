//! What the web app reports when it broke.

use crate::auth::RequestMeta;
use crate::error::ApiResult;
use crate::http::body::Valid;
use crate::http::rate_limit::{Limit, MINUTE, client};
use crate::http::refusals::{Limited, Refusals};
use actix_web::{HttpResponse, post};
use domain::draft::one_line;
use domain::error::ClientError;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the route.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(post_client_error);
}

/// Report an error of the web app
///
/// Writes it to the server's log, under the id of this request. The web app sends it when it has to stop.
///
/// **Permissions:** none (public).
#[utoipa::path(
    tag = "system",
    operation_id = "client_errors_report",
    request_body = ClientError,
    responses((status = 204, description = "Noted"), Refusals, Limited)
)]
#[post("/client-errors")]
async fn post_client_error(meta: RequestMeta, Valid(error): Valid<ClientError>) -> ApiResult<HttpResponse> {
    Limit { name: "client-errors", burst: 30, per: MINUTE }.check(&meta.state, &client(&meta.request)).await?;
    // One line each, whatever was sent: nobody writes lines of their own into the log.
    tracing::error!(page = %one_line(&error.page), error = %one_line(&error.message), "the web app stopped");
    Ok(HttpResponse::NoContent().finish())
}
