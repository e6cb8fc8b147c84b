//! Addresses that do not have the method asked for, told apart from addresses that there are not.

use crate::error::{ApiError, ApiResult};
use crate::openapi::DOCUMENT;
use actix_web::{HttpRequest, HttpResponse};
use domain::error::ErrorCode;
use std::sync::LazyLock;

/// The addresses of the document with the methods that they have, as in the header `Allow`. Those with the fewest
/// parameters come first: a fixed part of a path wins over a parameter.
static ADDRESSES: LazyLock<Vec<(Vec<&'static str>, String)>> = LazyLock::new(|| {
    let mut addresses: Vec<(Vec<&str>, String)> = DOCUMENT
        .paths
        .paths
        .iter()
        .map(|(path, item)| {
            let methods = [
                ("GET", item.get.is_some()),
                ("POST", item.post.is_some()),
                ("PUT", item.put.is_some()),
                ("PATCH", item.patch.is_some()),
                ("DELETE", item.delete.is_some()),
            ];
            let known: Vec<_> = methods.iter().filter(|(_, known)| *known).map(|(name, _)| *name).collect();
            (path.split('/').collect(), known.join(", "))
        })
        .collect();
    addresses.sort_by_key(|(parts, _)| parts.iter().filter(|part| is_parameter(part)).count());
    addresses
});

fn is_parameter(part: &str) -> bool {
    part.starts_with('{')
}

/// The methods of the address that a path belongs to, as in the header `Allow`.
fn allowed(path: &str) -> Option<&'static str> {
    let asked: Vec<_> = path.split('/').collect();
    let fits = |parts: &[&str]| {
        parts.len() == asked.len() && parts.iter().zip(&asked).all(|(part, asked)| is_parameter(part) || part == asked)
    };
    ADDRESSES.iter().find(|(parts, _)| fits(parts)).map(|(_, methods)| methods.as_str())
}

/// What answers where no route does.
///
/// # Errors
/// Always: 405 with `Allow` for an address that has other methods, else 404.
pub async fn no_route(request: HttpRequest) -> ApiResult<HttpResponse> {
    match allowed(request.path()) {
        Some(methods) => {
            let sentence = format!("This address does not support {}, but {methods}.", request.method());
            Err(ApiError::new(ErrorCode::MethodNotAllowed, sentence).allow(methods))
        }
        None => Err(ApiError::new(ErrorCode::NotFound, "There is nothing at this address.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_parts_win_over_parameters() {
        assert_eq!(allowed("/api/v1/deals/pipeline"), Some("GET"));
        assert_eq!(allowed("/api/v1/deals/x"), Some("GET, PUT, PATCH, DELETE"));
        assert_eq!(allowed("/api/v1/deals/x/y/z"), None);
        assert_eq!(allowed("/"), None);
    }
}
