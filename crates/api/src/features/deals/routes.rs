//! Routes of deals beyond those that all records have.

use super::service::deals;
use super::{board, closing, links, moves};
use crate::auth::Guard;
use crate::db::TenantTx;
use crate::error::ApiResult;
use crate::http::body::Body;
use crate::http::etag::{IfMatch, tagged};
use crate::http::refusals::{Refusals, Stale};
use crate::records::read::{self, For};
use crate::records::service::Params;
use actix_web::{HttpResponse, delete, get, post, put, web};
use domain::deals::board::PipelineAnalytics;
use domain::deals::close::{CloseDeal, ReopenDeal};
use domain::deals::{Deal, DealCompany, DealCompanyInput, DealContact, DealContactInput, DealStatus, MoveDeal};
use domain::page::{MAX_LIMIT, Page, Pagination};
use domain::permission::{Permission, Requires, perm};
use serde::Serialize;
use serde_json::{Map, Value as Json};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Adds the routes.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(pipeline)
        .service(stage)
        .service(win)
        .service(lose)
        .service(abandon)
        .service(reopen)
        .service(contacts)
        .service(link_contact)
        .service(unlink_contact)
        .service(companies)
        .service(link_company)
        .service(unlink_company)
        .service(deals());
}

/// The end of a change: it lasts, and the answer is the deal with its `ETag`.
async fn answer(tx: TenantTx, deal: &Deal) -> ApiResult<HttpResponse> {
    tx.commit().await?;
    Ok(tagged(HttpResponse::Ok(), deal.version, deal))
}

/// The end of a link made: it lasts, and the answer is the link.
async fn linked(tx: TenantTx, link: impl Serialize) -> ApiResult<HttpResponse> {
    tx.commit().await?;
    Ok(HttpResponse::Created().json(link))
}

/// The end of a link taken away.
async fn unlinked(tx: TenantTx) -> ApiResult<HttpResponse> {
    tx.commit().await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The deal whose contacts or companies are asked for, for somebody who may view these as well.
async fn with<P: Requires>(guard: &Guard<P>, id: Uuid, also: Permission) -> ApiResult<(TenantTx, Deal)> {
    let tx = guard.begin().await?;
    tx.require(also)?;
    let deal = read::one(&tx, id, For::Reading).await?;
    Ok((tx, deal))
}

/// Ends a deal in one of the three ways.
async fn end<P: Requires>(
    guard: &Guard<P>,
    id: Uuid,
    expected: IfMatch,
    status: DealStatus,
    Body(particulars): Body<Map<String, Json>>,
) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let deal = closing::close(&tx, id, expected.0, status, particulars).await?;
    answer(tx, &deal).await
}

/// A list that has one page.
async fn all<T: Serialize>(tx: TenantTx, data: Vec<T>) -> ApiResult<HttpResponse> {
    tx.commit().await?;
    Ok(HttpResponse::Ok().json(Page { pagination: Pagination::single(data.len(), MAX_LIMIT), data }))
}

/// Count, value and weighted value per stage of a pipeline, by currency: open deals, and in stages that close those
/// won or lost. Takes the parameters of the deal list as well.
///
/// **Permissions:** `crm.deal.view`
#[utoipa::path(tag = "deals", operation_id = "deals_pipeline", security(("session" = [])),
    params(("pipeline_id" = Option<Uuid>, Query, description = "The pipeline; the default one unless given"),
        ("closed" = Option<bool>, Query, description = "Abandoned deals as well")),
    responses((status = 200, body = PipelineAnalytics), Refusals))]
#[get("/deals/pipeline")]
async fn pipeline(guard: Guard<perm::DealView>, params: Params) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let figures = board::analytics(&tx, &guard.state().clock, &params).await?;
    tx.commit().await?;
    Ok(HttpResponse::Ok().json(figures))
}

/// Moves a deal to a stage of its pipeline, and to a place in its column. Entering a stage that closes wins or loses
/// the deal.
///
/// **Permissions:** `crm.deal.stage_change`; for a stage that closes also `crm.deal.win` or `crm.deal.lose`
#[utoipa::path(tag = "deals", operation_id = "deals_move", security(("session" = [])), request_body = MoveDeal,
    params(("id" = Uuid, Path, description = "The deal"),
        IfMatch),
    responses((status = 200, body = Deal), Refusals, Stale))]
#[put("/deals/{id}/stage")]
async fn stage(
    guard: Guard<perm::DealStageChange>,
    id: web::Path<Uuid>,
    expected: IfMatch,
    input: Body<Map<String, Json>>,
) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let deal = moves::to_stage(&tx, *id, expected.0, input.0).await?;
    answer(tx, &deal).await
}

/// Wins an open deal and moves it to the pipeline's stage for won deals, if it has one.
///
/// **Permissions:** `crm.deal.win`
#[utoipa::path(tag = "deals", operation_id = "deals_win", security(("session" = [])), request_body = CloseDeal,
    params(("id" = Uuid, Path, description = "The deal"),
        IfMatch),
    responses((status = 200, body = Deal), Refusals, Stale))]
#[post("/deals/{id}/win")]
async fn win(
    guard: Guard<perm::DealWin>,
    id: web::Path<Uuid>,
    expected: IfMatch,
    input: Body<Map<String, Json>>,
) -> ApiResult<HttpResponse> {
    end(&guard, *id, expected, DealStatus::Won, input).await
}

/// Loses an open deal and moves it to the pipeline's stage for lost deals, if it has one.
///
/// **Permissions:** `crm.deal.lose`
#[utoipa::path(tag = "deals", operation_id = "deals_lose", security(("session" = [])), request_body = CloseDeal,
    params(("id" = Uuid, Path, description = "The deal"),
        IfMatch),
    responses((status = 200, body = Deal), Refusals, Stale))]
#[post("/deals/{id}/lose")]
async fn lose(
    guard: Guard<perm::DealLose>,
    id: web::Path<Uuid>,
    expected: IfMatch,
    input: Body<Map<String, Json>>,
) -> ApiResult<HttpResponse> {
    end(&guard, *id, expected, DealStatus::Lost, input).await
}

/// Abandons an open deal; it stays in its stage.
///
/// **Permissions:** `crm.deal.lose`
#[utoipa::path(tag = "deals", operation_id = "deals_abandon", security(("session" = [])), request_body = CloseDeal,
    params(("id" = Uuid, Path, description = "The deal"),
        IfMatch),
    responses((status = 200, body = Deal), Refusals, Stale))]
#[post("/deals/{id}/abandon")]
async fn abandon(
    guard: Guard<perm::DealLose>,
    id: web::Path<Uuid>,
    expected: IfMatch,
    input: Body<Map<String, Json>>,
) -> ApiResult<HttpResponse> {
    end(&guard, *id, expected, DealStatus::Abandoned, input).await
}

/// Opens a closed deal again: in the stage named, else (abandoned) where it is, else in the pipeline's last open stage.
///
/// **Permissions:** `crm.deal.stage_change`
#[utoipa::path(tag = "deals", operation_id = "deals_reopen", security(("session" = [])), request_body = ReopenDeal,
    params(("id" = Uuid, Path, description = "The deal"),
        IfMatch),
    responses((status = 200, body = Deal), Refusals, Stale))]
#[post("/deals/{id}/reopen")]
async fn reopen(
    guard: Guard<perm::DealStageChange>,
    id: web::Path<Uuid>,
    expected: IfMatch,
    input: Body<ReopenDeal>,
) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let deal = closing::reopen(&tx, *id, expected.0, &input.0).await?;
    answer(tx, &deal).await
}

/// Lists the contacts of a deal with their roles, the primary one first.
///
/// **Permissions:** `crm.deal.view` and `crm.contact.view`
#[utoipa::path(tag = "deals", operation_id = "deals_contacts", security(("session" = [])),
    params(("id" = Uuid, Path, description = "The deal")),
    responses((status = 200, body = Page<DealContact>), Refusals))]
#[get("/deals/{id}/contacts")]
async fn contacts(guard: Guard<perm::DealView>, id: web::Path<Uuid>) -> ApiResult<HttpResponse> {
    let (tx, deal) = with(&guard, *id, Permission::ContactView).await?;
    let data = links::contacts(&tx, &deal).await?;
    all(tx, data).await
}

/// Links a contact to a deal, or changes its role there.
///
/// **Permissions:** `crm.deal.update` and `crm.contact.view`
#[utoipa::path(tag = "deals", operation_id = "deals_link_contact", security(("session" = [])),
    request_body = DealContactInput,
    params(("id" = Uuid, Path, description = "The deal"),
        IfMatch),
    responses((status = 201, body = DealContact), Refusals, Stale))]
#[post("/deals/{id}/contacts")]
async fn link_contact(
    guard: Guard<perm::DealUpdate>,
    id: web::Path<Uuid>,
    expected: IfMatch,
    input: Body<DealContactInput>,
) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let link = links::link_contact(&tx, *id, expected.0, &input.0).await?;
    linked(tx, link).await
}

/// Takes a contact off a deal, also as its primary contact.
///
/// **Permissions:** `crm.deal.update`
#[utoipa::path(tag = "deals", operation_id = "deals_unlink_contact", security(("session" = [])),
    params(("id" = Uuid, Path, description = "The deal"), ("contact_id" = Uuid, Path, description = "The contact"),
        IfMatch),
    responses((status = 204, description = "Done."), Refusals, Stale))]
#[delete("/deals/{id}/contacts/{contact_id}")]
async fn unlink_contact(
    guard: Guard<perm::DealUpdate>,
    path: web::Path<(Uuid, Uuid)>,
    expected: IfMatch,
) -> ApiResult<HttpResponse> {
    let (id, contact) = path.into_inner();
    let tx = guard.begin().await?;
    links::unlink_contact(&tx, id, expected.0, contact).await?;
    unlinked(tx).await
}

/// Lists the companies of a deal with their relationships, the main one first.
///
/// **Permissions:** `crm.deal.view` and `crm.company.view`
#[utoipa::path(tag = "deals", operation_id = "deals_companies", security(("session" = [])),
    params(("id" = Uuid, Path, description = "The deal")),
    responses((status = 200, body = Page<DealCompany>), Refusals))]
#[get("/deals/{id}/companies")]
async fn companies(guard: Guard<perm::DealView>, id: web::Path<Uuid>) -> ApiResult<HttpResponse> {
    let (tx, deal) = with(&guard, *id, Permission::CompanyView).await?;
    let data = links::companies(&tx, &deal).await?;
    all(tx, data).await
}

/// Links a company to a deal, or changes its relationship.
///
/// **Permissions:** `crm.deal.update` and `crm.company.view`
#[utoipa::path(tag = "deals", operation_id = "deals_link_company", security(("session" = [])),
    request_body = DealCompanyInput,
    params(("id" = Uuid, Path, description = "The deal"),
        IfMatch),
    responses((status = 201, body = DealCompany), Refusals, Stale))]
#[post("/deals/{id}/companies")]
async fn link_company(
    guard: Guard<perm::DealUpdate>,
    id: web::Path<Uuid>,
    expected: IfMatch,
    input: Body<DealCompanyInput>,
) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let link = links::link_company(&tx, *id, expected.0, &input.0).await?;
    linked(tx, link).await
}

/// Takes a company off a deal, also as its main company.
///
/// **Permissions:** `crm.deal.update`
#[utoipa::path(tag = "deals", operation_id = "deals_unlink_company", security(("session" = [])),
    params(("id" = Uuid, Path, description = "The deal"), ("company_id" = Uuid, Path, description = "The company"),
        IfMatch),
    responses((status = 204, description = "Done."), Refusals, Stale))]
#[delete("/deals/{id}/companies/{company_id}")]
async fn unlink_company(
    guard: Guard<perm::DealUpdate>,
    path: web::Path<(Uuid, Uuid)>,
    expected: IfMatch,
) -> ApiResult<HttpResponse> {
    let (id, company) = path.into_inner();
    let tx = guard.begin().await?;
    links::unlink_company(&tx, id, expected.0, company).await?;
    unlinked(tx).await
}
