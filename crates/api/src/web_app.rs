//! The web app's files, built into the binary (read from `dist` in debug builds), with compressed siblings.

use crate::error::ApiError;
use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, IF_NONE_MATCH, VARY,
};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse};
use domain::error::ErrorCode;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../dist"]
#[allow_missing = true]
struct Dist;

/// Any address outside the API: a file of the app, or the app itself, which then shows the page of that address.
///
/// # Errors
/// 404 for files that do not exist, 405 for methods that change something.
pub async fn serve(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let refused = ApiError::new(ErrorCode::MethodNotAllowed, "This address does not support this method.");
        return Err(refused.allow("GET, HEAD"));
    }
    let path = request.path().trim_start_matches('/');
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let name = if is_file { path } else { "index.html" };
    if path.starts_with("api/") || Dist::get(name).is_none() {
        return Err(ApiError::new(ErrorCode::NotFound, "There is nothing at this address."));
    }
    let (file, encoding) = best(name, request.headers()).ok_or_else(|| ApiError::not_found("file"))?;
    let tag =
        format!("\"{}\"", file.metadata.sha256_hash().iter().take(8).map(|b| format!("{b:02x}")).collect::<String>());
    let mut response = HttpResponse::build(StatusCode::OK);
    if request.headers().get(IF_NONE_MATCH).and_then(|v| v.to_str().ok()) == Some(&tag) {
        response.status(StatusCode::NOT_MODIFIED);
    }
    // There, names carry the digest of the content, so that a file never changes; the page that names them may.
    let caching = if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    response
        .insert_header((ETAG, tag))
        .insert_header((CACHE_CONTROL, caching))
        .insert_header((VARY, "accept-encoding"));
    response.insert_header((CONTENT_TYPE, content_type(name)));
    if let Some(encoding) = encoding {
        response.insert_header((CONTENT_ENCODING, encoding));
    }
    Ok(response.body(file.data.into_owned()))
}

/// The file in the best encoding that the client takes.
fn best(name: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    for (token, suffix) in [("br", ".br"), ("gzip", ".gz")] {
        let takes = accepted.split(',').any(|part| part.trim().split(';').next() == Some(token));
        if let (true, Some(file)) = (takes, Dist::get(&format!("{name}{suffix}"))) {
            return Some((file, Some(token)));
        }
    }
    Dist::get(name).map(|file| (file, None))
}

fn content_type(name: &str) -> String {
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    // All texts of the app are UTF-8.
    if kind.type_() == mime_guess::mime::TEXT { format!("{kind}; charset=utf-8") } else { kind.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Browsers run scripts and WebAssembly only under their own types.
    #[test]
    fn types_of_the_app() {
        for (name, kind) in [
            ("index.html", "text/html; charset=utf-8"),
            ("assets/app.0a1b.js", "text/javascript; charset=utf-8"),
            ("assets/app.css", "text/css; charset=utf-8"),
            ("assets/app.wasm", "application/wasm"),
            ("logo.svg", "image/svg+xml"),
            ("fonts/inter.woff2", "font/woff2"),
            ("icon.png", "image/png"),
            ("robots.txt", "text/plain; charset=utf-8"),
            ("unknown.thing", "application/octet-stream"),
        ] {
            assert_eq!(content_type(name), kind, "{name}");
        }
    }
}
