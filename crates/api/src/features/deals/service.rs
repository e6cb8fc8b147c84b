//! The routes that all records have, with the board as a further view of the list.

use super::board;
use crate::auth::Guard;
use crate::error::ApiResult;
use crate::records::document::page_name;
use crate::records::service::{Params, RecordService, service};
use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::guard::GuardContext;
use actix_web::{HttpResponse, web};
use domain::deals::Deal;
use domain::deals::board::{Board, Column, Total};
use domain::permission::perm;
use utoipa::openapi::path::{ParameterBuilder, ParameterIn, Paths};
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Type};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Required, ResponseBuilder, Schema};
use utoipa::{PartialSchema, ToSchema};
use utoipa_actix_web::OpenApiFactory;

/// The routes of deals that all records have.
#[derive(Debug)]
pub struct DealService(RecordService<Deal>);

/// For `cfg.service(…)`.
pub fn deals() -> DealService {
    DealService(service())
}

impl HttpServiceFactory for DealService {
    fn register(self, config: &mut AppService) {
        web::resource("/deals").guard(asks_for_board).route(web::get().to(board_route)).register(config);
        self.0.register(config);
    }
}

/// `GET /deals?view=pipeline`.
fn asks_for_board(context: &GuardContext<'_>) -> bool {
    let head = context.head();
    let query = head.uri.query().unwrap_or_default();
    head.method == actix_web::http::Method::GET && query.split('&').any(|pair| pair == "view=pipeline")
}

async fn board_route(guard: Guard<perm::DealView>, params: Params) -> ApiResult<HttpResponse> {
    let tx = guard.begin().await?;
    let board = board::board(&tx, &guard.state().clock, &params).await?;
    tx.commit().await?;
    Ok(HttpResponse::Ok().json(board))
}

impl OpenApiFactory for DealService {
    fn paths(&self) -> Paths {
        let mut paths = self.0.paths();
        let list = paths.paths.get_mut("/deals").and_then(|item| item.get.as_mut());
        if let Some(list) = list {
            let parameter = |name: &str, description: &str| {
                let text = ObjectBuilder::new().schema_type(Type::String).build();
                ParameterBuilder::new()
                    .name(name)
                    .parameter_in(ParameterIn::Query)
                    .required(Required::False)
                    .description(Some(description))
                    .schema(Some(text))
                    .build()
            };
            let parameters = list.parameters.get_or_insert_default();
            parameters
                .push(parameter("view", "`pipeline`: answers with the board of a pipeline instead of a page.").into());
            parameters.push(
                parameter(
                    "closed",
                    "On the board, `true`: won, lost and abandoned deals as well, unless `status` says which.",
                )
                .into(),
            );
            let either = OneOfBuilder::new()
                .item(Ref::from_schema_name(page_name(&Deal::name())))
                .item(Ref::from_schema_name(Board::name()));
            let content = ContentBuilder::new().schema(Some(either)).build();
            let response = ResponseBuilder::new()
                .description("One page; with `view=pipeline` the board.")
                .content("application/json", content)
                .build();
            list.responses.responses.insert("200".to_owned(), response.into());
        }
        paths
    }

    fn schemas(&self, schemas: &mut Vec<(String, RefOr<Schema>)>) {
        self.0.schemas(schemas);
        schemas.push((Board::name().into_owned(), Board::schema()));
        schemas.push((Column::name().into_owned(), Column::schema()));
        schemas.push((Total::name().into_owned(), Total::schema()));
    }
}
