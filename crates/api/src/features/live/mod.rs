//! The live connection of the web app.

use crate::auth::{SignedIn, csrf};
use crate::error::{ApiError, ApiResult};
use crate::http::middleware::public_host;
use crate::http::query::Query;
use crate::realtime::socket::{FRAME_BYTES, Ticket};
use actix_web::{HttpRequest, HttpResponse, get, web};
use domain::error::{ErrorCode, Problem};
use serde::Deserialize;
use utoipa_actix_web::service_config::ServiceConfig;

/// The one address that changes the protocol.
pub const PATH: &str = "/api/v1/ws";

/// Adds the routes.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(connect);
}

/// Where a returning client goes on.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct LiveParams {
    /// The last `position` that was received: what was missed since then is told first.
    since: Option<String>,
}

/// Opens a WebSocket that tells what changes in the organization (REALTIME-01).
///
/// Each text frame is a JSON object with `kind`: `hello`, `changed`, `resync` (fetch again what is shown) or `ended`
/// (sign in again). They say what changed, never how: fetch it with the usual requests.
///
/// **Permissions:** `session`; changes are told to those who may view the thing.
#[utoipa::path(tag = "live", params(LiveParams), security(("session" = [])),
    responses((status = 101, description = "The connection stands."),
        (status = 400, body = Problem, description = "Not a WebSocket handshake."),
        (status = 401, body = Problem, description = "Not signed in, or no member any more."),
        (status = 403, body = Problem, description = "The handshake comes from another site."),
        (status = 429, body = Problem, description = "Too many open connections.")))]
#[get("/ws")]
async fn connect(
    request: HttpRequest,
    signed_in: SignedIn,
    Query(params): Query<LiveParams>,
    body: web::Payload,
) -> ApiResult<HttpResponse> {
    let SignedIn { state, id, session, .. } = signed_in;
    csrf::check_handshake(request.headers(), &public_host(&state))?;
    let ticket = Ticket::take(&state, id, session).await?;
    let (response, socket, frames) = actix_ws::handle(&request, body).map_err(|error| {
        ApiError::new(ErrorCode::BadRequest, format!("This is not a WebSocket handshake: {error}."))
    })?;
    let connection = ticket.connect(state.get_ref().clone(), socket);
    let frames = frames.max_frame_size(FRAME_BYTES);
    actix_web::rt::spawn(connection.run(frames, params.since));
    Ok(response)
}
