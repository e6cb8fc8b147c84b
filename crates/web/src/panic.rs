//! What happens when the app itself breaks: the person gets a bar with Reload, the operator a report.

use domain::error::ClientError;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, RequestInit};

/// Where reports go.
const REPORTS: &str = "/api/v1/client-errors";

/// Sets the panic hook.
pub(crate) fn report() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        let Some(window) = web_sys::window() else { return };
        let error = ClientError::new(&info.to_string(), &window.location().pathname().unwrap_or_default());
        let request = RequestInit::new();
        request.set_method("POST");
        request.set_body(&JsValue::from_str(&serde_json::json!(error).to_string()));
        if let Ok(headers) = web_sys::Headers::new() {
            drop(headers.set("Content-Type", "application/json"));
            request.set_headers(&headers);
        }
        // Nobody waits for the answer: after a panic no code of ours runs any more.
        drop(window.fetch_with_str_and_init(REPORTS, &request));
        if let Some(document) = window.document() {
            drop(show_bar(&document));
        }
    }));
}

/// Built from the bare DOM, because the framework may be what broke. The link works without it, too.
fn show_bar(document: &Document) -> Result<(), JsValue> {
    if document.get_element_by_id("crash").is_some() {
        return Ok(());
    }
    let bar: Element = document.create_element("div")?;
    bar.set_id("crash");
    bar.set_class_name("crash-bar");
    bar.set_attribute("role", "alert")?;
    let text = document.create_element("span")?;
    text.set_text_content(Some("The app stopped because of an error. What you saved is kept. It was reported."));
    let reload = document.create_element("a")?;
    reload.set_class_name("btn btn-secondary btn-sm");
    reload.set_text_content(Some("Reload"));
    reload.set_attribute("href", &web_sys::window().map(|w| w.location().href()).transpose()?.unwrap_or_default())?;
    // The router must not take the click.
    reload.set_attribute("rel", "external")?;
    bar.append_child(text.unchecked_ref())?;
    bar.append_child(reload.unchecked_ref())?;
    if let Some(body) = document.body() {
        body.append_child(bar.unchecked_ref())?;
    }
    Ok(())
}
