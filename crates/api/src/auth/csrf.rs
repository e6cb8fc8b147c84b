//! Requests that change something must come from our own pages: browsers say where a request comes from.

use crate::error::ApiError;
use actix_web::http::Method;
use actix_web::http::header::{HOST, HeaderMap, ORIGIN};
use domain::error::ErrorCode;

/// Whether a request with this method and these headers may act with the session cookie.
///
/// `Sec-Fetch-Site` decides where the browser sends it; older browsers send `Origin` with every unsafe method;
/// programs that are no browser send neither and cannot be tricked by a page.
///
/// # Errors
/// 403 for a request that another site has triggered.
pub fn check(method: &Method, headers: &HeaderMap, public_host: &str) -> Result<(), ApiError> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    if same_site(headers, public_host) {
        Ok(())
    } else {
        Err(ApiError::new(ErrorCode::CrossSite, "This request did not come from a page of this server."))
    }
}

/// The same test for a WebSocket handshake, which is a GET but acts with the cookie.
///
/// # Errors
/// 403 for a handshake that another site has triggered.
pub fn check_handshake(headers: &HeaderMap, public_host: &str) -> Result<(), ApiError> {
    check(&Method::POST, headers, public_host)
}

fn same_site(headers: &HeaderMap, public_host: &str) -> bool {
    let text = |name| headers.get(name).and_then(|v: &actix_web::http::header::HeaderValue| v.to_str().ok());
    if let Some(site) = headers.get("sec-fetch-site") {
        return matches!(site.to_str(), Ok("same-origin" | "none"));
    }
    let Some(origin) = text(ORIGIN) else { return !headers.contains_key(ORIGIN) };
    let Some((_, origin_host)) = origin.split_once("://") else { return false };
    origin_host == public_host || text(HOST) == Some(origin_host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    fn allowed(method: &Method, headers: &[(&'static str, &'static str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        check(method, &map, "crm.example.com").is_ok()
    }

    /// A page of another site cannot act with a member's cookie.
    #[test]
    fn other_sites_are_refused() {
        assert!(allowed(&Method::POST, &[("sec-fetch-site", "same-origin")]));
        assert!(!allowed(&Method::POST, &[("sec-fetch-site", "cross-site")]));
        assert!(!allowed(&Method::POST, &[("sec-fetch-site", "same-site")]));
        assert!(!allowed(&Method::DELETE, &[("origin", "https://evil.example"), ("host", "crm.example.com")]));
        assert!(allowed(&Method::PUT, &[("origin", "https://crm.example.com")]));
        assert!(!allowed(&Method::PUT, &[("origin", "null")]));
        assert!(allowed(&Method::POST, &[]));
        assert!(allowed(&Method::GET, &[("sec-fetch-site", "cross-site")]));
    }
}
