//! The one way to the server.
//!
//! [`send`] is not generic, so it is compiled once. It adds the request id, sends the session cookie (fetch does so to the same origin
//! only; there is no token in JavaScript), sends `If-Match`, waits once where the server asks for it, turns every
//! refusal into [`ApiFail`], and aborts the request when its future is dropped.

use super::error::{ApiFail, ApiResult};
use super::row::Row;
use domain::catalog::RecordType;
use domain::page::Page;
use gloo_net::http::{Headers, Method, RequestBuilder, Response};
use gloo_timers::future::TimeoutFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use std::cell::RefCell;
use std::pin::Pin;
use uuid::Uuid;
use wasm_bindgen::JsValue;
use web_sys::{AbortController, AbortSignal, FormData};

/// Everything is below this path.
pub const BASE: &str = "/api/v1";

/// The longest wait that a `Retry-After` is honoured for, in seconds.
const MAX_WAIT: u32 = 20;

/// A call that can be sent.
#[derive(Debug)]
pub struct Call {
    method: Method,
    path: String,
    query: Vec<(String, String)>,
    body: Body,
    if_match: Option<i32>,
    leaving: bool,
}

#[derive(Debug, Clone)]
enum Body {
    None,
    Json(String),
    Form(FormData),
}

impl Call {
    fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), query: Vec::new(), body: Body::None, if_match: None, leaving: false }
    }

    /// GET a path below [`BASE`].
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    /// POST to a path below [`BASE`].
    pub fn post(path: impl Into<String>) -> Self {
        Self::new(Method::POST, path)
    }

    /// PUT to a path below [`BASE`].
    pub fn put(path: impl Into<String>) -> Self {
        Self::new(Method::PUT, path)
    }

    /// PATCH a path below [`BASE`].
    pub fn patch(path: impl Into<String>) -> Self {
        Self::new(Method::PATCH, path)
    }

    /// DELETE a path below [`BASE`].
    pub fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::DELETE, path)
    }

    /// With a query parameter.
    pub fn param(mut self, name: &str, value: impl ToString) -> Self {
        self.query.push((name.to_owned(), value.to_string()));
        self
    }

    /// With query parameters.
    pub fn params(mut self, params: Vec<(String, String)>) -> Self {
        self.query.extend(params);
        self
    }

    /// With a JSON body.
    pub fn body<T: Serialize + ?Sized>(mut self, body: &T) -> Self {
        // The inputs are plain structs and JSON objects, which always serialise.
        self.body = Body::Json(serde_json::to_string(body).unwrap_or_default());
        self
    }

    /// With a multipart body.
    pub fn form(mut self, form: FormData) -> Self {
        self.body = Body::Form(form);
        self
    }

    /// Only if the record still has this version; otherwise the server answers 412 with the record as it is.
    pub fn if_match(mut self, version: i32) -> Self {
        self.if_match = Some(version);
        self
    }

    /// Ends the session: if that is over already, nobody is asked to sign in.
    pub fn leaving(mut self) -> Self {
        self.leaving = true;
        self
    }

    /// Its address, for links.
    pub fn url(&self) -> String {
        let mut url = format!("{BASE}{}", self.path);
        for (n, (name, value)) in self.query.iter().enumerate() {
            url.push(if n == 0 { '?' } else { '&' });
            url.push_str(&encode(name));
            url.push('=');
            url.push_str(&encode(value));
        }
        url
    }

    /// Sends and reads a JSON answer.
    pub async fn json<T: DeserializeOwned>(self) -> ApiResult<T> {
        send(self).await?.read()
    }

    /// Sends and reads a record.
    pub async fn row(self, record: RecordType) -> ApiResult<Row> {
        let answer = send(self).await?;
        answer.row(record, answer.read()?)
    }

    /// Sends and reads a page of records.
    pub async fn rows(self, record: RecordType) -> ApiResult<Page<Row>> {
        let answer = send(self).await?;
        let Page { data, pagination } = answer.read::<Page<Json>>()?;
        let data = data.into_iter().map(|json| answer.row(record, json)).collect::<ApiResult<_>>()?;
        Ok(Page { data, pagination })
    }

    /// Sends and ignores the answer's body.
    pub async fn done(self) -> ApiResult<()> {
        send(self).await.map(drop)
    }
}

/// Encodes one part of a URL.
pub fn encode(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

/// A successful answer.
#[derive(Debug)]
pub struct Answer {
    /// The body; empty with status 204.
    pub body: String,
    /// The request's id.
    pub request_id: String,
}

impl Answer {
    fn read<T: DeserializeOwned>(&self) -> ApiResult<T> {
        serde_json::from_str(&self.body).map_err(|why| ApiFail::unreadable(&self.request_id, &why))
    }

    fn row(&self, record: RecordType, json: Json) -> ApiResult<Row> {
        let lacking = "a record lacks its id, version or name";
        Row::from_json(record, json).ok_or_else(|| ApiFail::unreadable(&self.request_id, &lacking))
    }
}

type OnSignedOut = Box<dyn Fn() -> Pin<Box<dyn Future<Output = bool>>>>;

thread_local! {
    static ON_SIGNED_OUT: RefCell<Option<OnSignedOut>> = const { RefCell::new(None) };
}

/// Sets what happens when an answer says that nobody is signed in (any more). The future tells whether the same
/// person has signed in again.
pub fn on_signed_out(f: impl Fn() -> Pin<Box<dyn Future<Output = bool>>> + 'static) {
    ON_SIGNED_OUT.with(|slot| *slot.borrow_mut() = Some(Box::new(f)));
}

/// Sends a call. Dropping the future aborts the request.
///
/// Where the session has ended, a change waits for the person to sign in over the page and is sent again. What was
/// to be read is not: the page fetches anew.
async fn send(call: Call) -> ApiResult<Answer> {
    loop {
        let first = attempt(&call).await;
        let outcome = match first {
            Err((fail, Some(seconds))) if call.method == Method::GET && matches!(fail.status(), 429 | 503) => {
                TimeoutFuture::new(seconds.min(MAX_WAIT).saturating_mul(1_000)).await;
                attempt(&call).await
            }
            other => other,
        };
        let fail = match outcome {
            Ok(answer) => return Ok(answer),
            Err((fail, _)) => fail,
        };
        if call.leaving || !fail.is_unauthenticated() {
            return Err(fail);
        }
        let renewed = ON_SIGNED_OUT.with(|slot| slot.borrow().as_ref().map(|ended| ended()));
        let Some(renewed) = renewed.filter(|_| call.method != Method::GET) else { return Err(fail) };
        if !renewed.await {
            return Err(fail);
        }
    }
}

/// Aborts its request when dropped, unless that has ended already (then aborting does nothing).
struct AbortOnDrop(Option<AbortController>);

impl AbortOnDrop {
    fn new() -> Self {
        Self(AbortController::new().ok())
    }

    fn signal(&self) -> Option<AbortSignal> {
        self.0.as_ref().map(AbortController::signal)
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

/// One request; with a failure also the seconds of `Retry-After`.
async fn attempt(call: &Call) -> Result<Answer, (ApiFail, Option<u32>)> {
    let request_id = Uuid::now_v7().to_string();
    let abort = AbortOnDrop::new();
    let headers = Headers::new();
    headers.set("X-Request-Id", &request_id);
    headers.set("Accept", "application/json, application/problem+json");
    if let Some(version) = call.if_match {
        headers.set("If-Match", &format!("\"{version}\""));
    }
    let body = match &call.body {
        Body::None => None,
        Body::Json(json) => {
            headers.set("Content-Type", "application/json");
            Some(JsValue::from_str(json))
        }
        // The browser writes the content type with the boundary.
        Body::Form(form) => Some(JsValue::from(form.clone())),
    };
    let builder = RequestBuilder::new(&call.url())
        .method(call.method.clone())
        .abort_signal(abort.signal().as_ref())
        .headers(headers);
    let request = match body {
        Some(body) => builder.body(body),
        None => builder.build(),
    };
    let no_answer = |_| (ApiFail::network(&request_id), None);
    let response = request.map_err(no_answer)?.send().await.map_err(no_answer)?;
    let answer_id = response.headers().get("x-request-id").unwrap_or_else(|| request_id.clone());
    let text = response.text().await.map_err(no_answer)?;
    if response.ok() {
        return Ok(Answer { body: text, request_id: answer_id });
    }
    Err((ApiFail::from_answer(response.status(), &text, &answer_id), retry_after(&response)))
}

fn retry_after(response: &Response) -> Option<u32> {
    response.headers().get("retry-after")?.trim().parse().ok()
}
