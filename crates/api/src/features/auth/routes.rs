//! `/auth/…`

use super::credentials::{authenticate, limit, memberships};
use super::me::{me, update_profile};
use super::register::{NAME_MAX, register};
use crate::auth::audit;
use crate::auth::session;
use crate::auth::{Guard, RequestMeta, SignedIn};
use crate::db::{Reason, TenantTx};
use crate::error::{ApiError, ApiResult};
use crate::events::emit;
use crate::http::body::{Body, Valid};
use crate::http::refusals::{Limited, Refusals};
use crate::state::AppState;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, put, web};
use domain::audit::AuditAction;
use domain::auth::{Login, Me, ProfileInput, Register, SessionInfo, SwitchOrg, check_email, check_name};
use domain::error::ErrorCode;
use domain::events::{NewEvent, verb};
use domain::permission::perm;
use serde_json::Value as Json;
use url::Url;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(post_register)
        .service(post_login)
        .service(post_logout)
        .service(get_session)
        .service(get_me)
        .service(put_me)
        .service(put_organization);
}

/// Commits, begins a session in the transaction's organization, and answers who is signed in.
///
/// # Errors
/// The database or Redis cannot be reached.
pub async fn signed_in(state: &AppState, tx: TenantTx, status: StatusCode) -> ApiResult<HttpResponse> {
    let me = me(&tx).await?;
    tx.commit().await?;
    let id = state.sessions.create(me.user.id, me.organization.id).await?;
    Ok(HttpResponse::build(status).cookie(session::cookie(&state.config, &id)).json(me))
}

/// Register
///
/// Makes an organization, its owner and its default pipeline, and signs the owner in with a session cookie.
///
/// **Permissions:** none (public).
#[utoipa::path(
    tag = "auth",
    request_body = Register,
    responses((status = 201, body = Me, description = "Registered and signed in"), Refusals, Limited)
)]
#[post("/auth/register")]
async fn post_register(meta: RequestMeta, Valid(input): Valid<Register>) -> ApiResult<HttpResponse> {
    limit(&meta.state, &meta.request).await?;
    let tx = register(&meta.state, meta.request.clone(), &input).await?;
    signed_in(&meta.state, tx, StatusCode::CREATED).await
}

/// Sign in
///
/// Begins a session, carried by an `HttpOnly` cookie, in the oldest organization of the person. Several failures with
/// one address lock it for a while, whether or not anybody has it.
///
/// **Permissions:** none (public).
#[utoipa::path(
    tag = "auth",
    request_body = Login,
    responses((status = 200, body = Me, description = "Signed in"), Refusals, Limited)
)]
#[post("/auth/login")]
async fn post_login(meta: RequestMeta, Valid(input): Valid<Login>) -> ApiResult<HttpResponse> {
    let state = &meta.state;
    limit(state, &meta.request).await?;
    let email = check_email("email", &input.email).map_err(|error| ApiError::invalid(vec![error]))?;
    let account = authenticate(state, &email, &input.password).await?;
    let system = state.db.system(Reason::SignIn).await?;
    let Some(home) = memberships(&system, account.id).await?.into_iter().next() else {
        let sentence = "You belong to no organization any more. Ask for an invitation, or register a new organization \
                        with this address and password.";
        return Err(ApiError::new(ErrorCode::Forbidden, sentence));
    };
    let tx = system.enter(home.org_id, account.id, meta.request.clone()).await?;
    audit::record(&tx, AuditAction::Login, ("user", account.id), Json::Null).await?;
    signed_in(state, tx, StatusCode::OK).await
}

/// Sign out
///
/// Ends the session on the server: a copy of the cookie is worthless from now on.
///
/// **Permissions:** signed in.
#[utoipa::path(
    tag = "auth",
    responses((status = 204, description = "Signed out"), Refusals),
    security(("session" = []))
)]
#[post("/auth/logout")]
async fn post_logout(who: SignedIn) -> ApiResult<HttpResponse> {
    let user_id = who.session.user_id;
    who.state.sessions.destroy(&who.id, user_id).await?;
    // The session is over even for somebody who is no member any more and can leave no entry.
    match who.state.db.tenant(who.session.org_id, user_id, who.request).await {
        Ok(tx) => {
            audit::record(&tx, AuditAction::Logout, ("user", user_id), Json::Null).await?;
            tx.commit().await?;
        }
        Err(refused) if *refused.code() == ErrorCode::Unauthenticated => {}
        Err(other) => return Err(other),
    }
    Ok(HttpResponse::NoContent().cookie(session::removal_cookie(&who.state.config)).finish())
}

/// Who is signed in
///
/// The person, the active organization, role and permissions there, and all organizations of the person.
///
/// **Permissions:** signed in.
#[utoipa::path(tag = "auth", responses((status = 200, body = Me, description = "The person, the organization and the rights there"), Refusals), security(("session" = [])))]
#[get("/auth/me")]
async fn get_me(guard: Guard<perm::Session>) -> ApiResult<web::Json<Me>> {
    let tx = guard.begin().await?;
    let me = me(&tx).await?;
    tx.commit().await?;
    Ok(web::Json(me))
}

/// Whether somebody is signed in
///
/// What the web app asks first: who is signed in, or nobody. Unlike `GET /auth/me` this is no refusal for visitors.
///
/// **Permissions:** none (public).
#[utoipa::path(
    tag = "auth",
    responses((status = 200, body = SessionInfo, description = "The person and the rights, or nobody"), Refusals)
)]
#[get("/auth/session")]
async fn get_session(who: Result<SignedIn, ApiError>) -> ApiResult<web::Json<SessionInfo>> {
    match present(who).await {
        Ok(info) => Ok(web::Json(info)),
        Err(error) if *error.code() == ErrorCode::Unauthenticated => {
            Ok(web::Json(SessionInfo { me: None, position: None }))
        }
        Err(error) => Err(error),
    }
}

async fn present(who: Result<SignedIn, ApiError>) -> ApiResult<SessionInfo> {
    let SignedIn { state, session, request, .. } = who?;
    let position = state.live.channel.position(session.org_id).await?;
    let tx = state.db.tenant(session.org_id, session.user_id, request).await?;
    let me = me(&tx).await?;
    tx.commit().await?;
    Ok(SessionInfo { me: Some(me), position: Some(position) })
}

/// Change your profile
///
/// Name and picture, as all your organizations see them.
///
/// **Permissions:** signed in.
#[utoipa::path(
    tag = "auth",
    request_body = ProfileInput,
    responses((status = 200, body = Me, description = "The person, the organization and the rights there"), Refusals),
    security(("session" = []))
)]
#[put("/auth/me")]
async fn put_me(guard: Guard<perm::Session>, Body(input): Body<ProfileInput>) -> ApiResult<web::Json<Me>> {
    let mut errors = Vec::new();
    let name = input.name.as_deref().map(|name| check_name("name", "Your name", name, NAME_MAX));
    let name = name.and_then(|name| super::keep(&mut errors, name));
    let avatar_url = input.avatar_url.as_deref().map(check_avatar_url);
    let avatar_url = avatar_url.and_then(|url| super::keep(&mut errors, url));
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    let tx = guard.begin().await?;
    let before = me(&tx).await?;
    let name = name.unwrap_or_else(|| before.user.name.clone());
    let avatar_url = avatar_url.unwrap_or_else(|| before.user.avatar_url.clone());
    if name == before.user.name && avatar_url == before.user.avatar_url {
        return Ok(web::Json(before));
    }
    update_profile(&tx, before.user.id, &name, avatar_url.as_deref()).await?;
    emit(&tx, NewEvent::new("member", verb::UPDATED, before.user.id, &name)).await?;
    let after = me(&tx).await?;
    tx.commit().await?;
    Ok(web::Json(after))
}

/// An address of a picture; empty clears it.
fn check_avatar_url(raw: &str) -> Result<Option<String>, domain::error::FieldError> {
    let text = raw.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match Url::parse(text) {
        Ok(url) if url.scheme() == "https" && url.as_str().len() <= 2000 => Ok(Some(url.into())),
        _ => {
            let sentence =
                "The picture must be a web address that begins with https:// and has at most 2,000 characters.";
            Err(domain::error::FieldError::new("avatar_url", "url", sentence))
        }
    }
}

/// Switch organization
///
/// Makes another of your organizations the active one of this session.
///
/// **Permissions:** signed in, and a member of that organization.
#[utoipa::path(
    tag = "auth",
    request_body = SwitchOrg,
    responses((status = 200, body = Me, description = "The person, the organization and the rights there"), Refusals),
    security(("session" = []))
)]
#[put("/auth/organization")]
async fn put_organization(who: SignedIn, Body(input): Body<SwitchOrg>) -> ApiResult<web::Json<Me>> {
    let user_id = who.session.user_id;
    let tx = who.state.db.tenant(input.org_id, user_id, who.request).await.map_err(|refused| {
        // Not a member there: the same answer as for an organization that does not exist.
        if *refused.code() == ErrorCode::Unauthenticated {
            ApiError::field("org_id", "unknown", "You are no member of such an organization.")
        } else {
            refused
        }
    })?;
    let me = me(&tx).await?;
    tx.commit().await?;
    who.state.sessions.switch(&who.id, &who.session, input.org_id).await?;
    Ok(web::Json(me))
}
