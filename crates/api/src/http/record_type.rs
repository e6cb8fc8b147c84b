//! A record type as a part of an address.

use crate::error::ApiError;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use domain::catalog::RecordType;
use std::future::{Ready, ready};

/// The record type that the part `{entity}` of the address names by its plural (`companies`). 404 for any other.
#[derive(Debug, Clone, Copy)]
pub struct Entity(pub RecordType);

impl FromRequest for Entity {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let name = request.match_info().get("entity").unwrap_or_default();
        ready(RecordType::of_table(name).map(Self).ok_or_else(|| ApiError::not_found("record type")))
    }
}
