//! Guards: the permission of a route stands in its handler's type, and only a guard opens a tenant's transaction.

use super::session::{Session, SessionId};
use crate::db::{RequestInfo, TenantTx};
use crate::error::{ApiError, ApiResult};
use crate::http::{request_id, span};
use crate::state::AppState;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use domain::permission::Requires;
use std::future::{Future, Ready, ready};
use std::marker::PhantomData;
use std::pin::Pin;

/// A signed-in request to a route that needs the permission `P`.
///
/// Extracting it checks the session (401). [`Guard::begin`] opens the transaction, which checks membership and
/// permission (401, 403) in the same round trip; it comes after the body is read, so that a slow client holds no
/// connection.
pub struct Guard<P> {
    state: web::Data<AppState>,
    session: Session,
    request: RequestInfo,
    reads: bool,
    permission: PhantomData<P>,
}

impl<P> std::fmt::Debug for Guard<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guard").field("session", &self.session).finish_non_exhaustive()
    }
}

impl<P: Requires> Guard<P> {
    /// Opens the organization's transaction. That of a GET can only read.
    ///
    /// # Errors
    /// 401 when the person is no member any more, 403 when the permission is refused.
    pub async fn begin(&self) -> ApiResult<TenantTx> {
        let (db, session) = (&self.state.db, &self.session);
        let tx = if self.reads {
            db.tenant_reading(session.org_id, session.user_id, self.request.clone()).await?
        } else {
            db.tenant(session.org_id, session.user_id, self.request.clone()).await?
        };
        tx.require(P::PERMISSION)?;
        Ok(tx)
    }

    /// The state of the server.
    pub fn state(&self) -> &AppState {
        &self.state
    }

    /// The session.
    pub fn session(&self) -> &Session {
        &self.session
    }
}

impl<P: Requires> FromRequest for Guard<P> {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = ApiResult<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let signed_in = SignedIn::from_request(request, payload);
        let reads = request.method().is_safe();
        Box::pin(async move {
            let SignedIn { state, session, request, .. } = signed_in.await?;
            Ok(Self { state, session, request, reads, permission: PhantomData })
        })
    }
}

/// A signed-in request to a route about the person, not the organization's data: sign-out, switching organization.
#[derive(Debug)]
pub struct SignedIn {
    /// The state of the server.
    pub state: web::Data<AppState>,
    /// The session's secret id.
    pub id: SessionId,
    /// The session.
    pub session: Session,
    /// Where the request came from.
    pub request: RequestInfo,
}

impl FromRequest for SignedIn {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = ApiResult<Self>>>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let found = state(request).map(|state| {
            let cookie = request.cookie(state.config.cookie_name());
            (state.clone(), cookie.and_then(|c| SessionId::from_cookie(c.value())), request_info(request, &state))
        });
        Box::pin(async move {
            let (state, id, request) = found?;
            let id = id.ok_or_else(ApiError::unauthenticated)?;
            let session = state.sessions.load(&id).await?.ok_or_else(ApiError::unauthenticated)?;
            span::acts(session.org_id, session.user_id);
            Ok(Self { state, id, session, request })
        })
    }
}

/// A request to a public route.
#[derive(Debug)]
pub struct RequestMeta {
    /// The state of the server.
    pub state: web::Data<AppState>,
    /// Where the request came from.
    pub request: RequestInfo,
}

impl FromRequest for RequestMeta {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(state(request).map(|state| Self { request: request_info(request, &state), state }))
    }
}

fn state(request: &HttpRequest) -> ApiResult<web::Data<AppState>> {
    let state = request.app_data::<web::Data<AppState>>().cloned();
    state.ok_or_else(|| ApiError::internal(anyhow::anyhow!("the server has no state")))
}

/// Where a request came from.
fn request_info(request: &HttpRequest, state: &AppState) -> RequestInfo {
    let user_agent = request.headers().get("user-agent").and_then(|v| v.to_str().ok());
    RequestInfo {
        id: request_id::of(request),
        ip: state.config.trusted_proxies.origin(request).map(|address| address.to_string()),
        user_agent: user_agent.map(|text| text.chars().take(300).collect()),
        at: None,
    }
}
