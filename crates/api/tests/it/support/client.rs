//! A signed-in browser, as far as HTTP goes.

use domain::error::Problem;
use reqwest::header::{ETAG, HeaderMap, IF_MATCH};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Method, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// The password of everybody in the tests.
pub const PASSWORD: &str = "correct horse 1";

/// A member of an organization, with a session of their own.
pub struct Member {
    /// The HTTP client with the session's cookie.
    pub client: Client,
    /// `http://127.0.0.1:<port>`.
    pub url: String,
    /// Sign-in address.
    pub email: String,
    /// Who-am-I, as of signing in.
    pub me: Json,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub text: String,
}

impl Answer {
    /// Fails unless the answer has this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The body as a type of the domain.
    #[track_caller]
    pub fn typed<T: DeserializeOwned>(&self) -> T {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The body as a problem; also checks what holds for every problem.
    #[track_caller]
    pub fn problem(&self) -> Problem {
        let problem: Problem = self.typed();
        assert_eq!(self.headers.get("content-type").unwrap(), "application/problem+json");
        assert_eq!(problem.status, self.status.as_u16());
        assert_eq!(self.headers.get("x-request-id").unwrap().to_str().unwrap(), problem.request_id);
        assert!(!problem.detail.is_empty());
        problem
    }

    /// Paths and codes of the fields that a problem names.
    #[track_caller]
    pub fn fields(&self) -> Vec<(String, String)> {
        self.problem().fields.into_iter().map(|f| (f.path, f.code)).collect()
    }

    /// The `id` of the record in the body.
    #[track_caller]
    pub fn id(&self) -> Uuid {
        self.json()["id"].as_str().unwrap().parse().unwrap()
    }

    /// The entity tag.
    pub fn etag(&self) -> String {
        self.headers.get(ETAG).unwrap().to_str().unwrap().to_owned()
    }

    /// The ids of a list's rows.
    #[track_caller]
    pub fn ids(&self) -> Vec<Uuid> {
        self.json()["data"].as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap().parse().unwrap()).collect()
    }

    /// One member of each of a list's rows.
    #[track_caller]
    pub fn column(&self, name: &str) -> Vec<Json> {
        self.json()["data"].as_array().unwrap().iter().map(|r| r[name].clone()).collect()
    }
}

/// What the tests' clients call themselves.
pub const USER_AGENT: &str = "rapport-tests/1.0";

fn client() -> Client {
    super::install_tls();
    Client::builder().cookie_store(true).user_agent(USER_AGENT).build().unwrap()
}

impl Member {
    /// Nobody: a client without a session.
    pub fn nobody(url: &str) -> Self {
        Self { client: client(), url: url.to_owned(), email: String::new(), me: Json::Null }
    }

    /// Makes an organization.
    pub async fn register(url: &str, organization: &str, name: &str, email: &str) -> Self {
        let mut member = Self { email: email.to_owned(), ..Self::nobody(url) };
        let body = json!({"organization": organization, "name": name, "email": email, "password": PASSWORD});
        member.me = member.post("/auth/register", &body).await.expect(201).json();
        member
    }

    /// Signs in anew, as another browser would.
    pub async fn login(url: &str, email: &str) -> Self {
        let mut member = Self { email: email.to_owned(), ..Self::nobody(url) };
        member.me = member.post("/auth/login", &json!({"email": email, "password": PASSWORD})).await.expect(200).json();
        member
    }

    /// A new colleague with this role, by an invitation.
    pub async fn colleague(&self, role: &str) -> Self {
        let email = format!("{role}-{}@example.com", Uuid::now_v7());
        let invitation = self.post("/invitations", &json!({"email": email, "role": role})).await.expect(201).json();
        let token = invitation["link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let mut member = Self { email: email.clone(), ..Self::nobody(&self.url) };
        let body = json!({"token": token, "name": format!("The {role}"), "password": PASSWORD});
        member.me = member.post("/invitations/accept", &body).await.expect(200).json();
        member
    }

    /// The person's id.
    pub fn user_id(&self) -> Uuid {
        self.me["user"]["id"].as_str().unwrap().parse().unwrap()
    }

    /// The organization's id.
    pub fn org_id(&self) -> Uuid {
        self.me["organization"]["id"].as_str().unwrap().parse().unwrap()
    }

    /// Sends a request to an address below `/api/v1`.
    pub async fn send(&self, method: Method, path: &str, body: Option<&Json>, if_match: Option<&str>) -> Answer {
        let mut request = self.client.request(method, format!("{}/api/v1{path}", self.url));
        if let Some(tag) = if_match {
            request = request.header(IF_MATCH, tag);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.unwrap();
        assert_ne!(status.as_u16(), 500, "{path}: {text}");
        Answer { status, headers, text }
    }

    /// Uploads a file for an import and answers with its preview.
    pub async fn upload(&self, entity: &str, name: &str, bytes: impl Into<Vec<u8>>) -> Answer {
        let part = Part::bytes(bytes.into()).file_name(name.to_owned()).mime_str("text/csv").unwrap();
        let form = Form::new().text("entity", entity.to_owned()).part("file", part);
        let request = self.client.post(format!("{}/api/v1/import/preview", self.url)).multipart(form);
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.unwrap();
        assert_ne!(status.as_u16(), 500, "{text}");
        Answer { status, headers, text }
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, None).await
    }

    /// GET with parameters.
    pub async fn list(&self, path: &str, params: &[(&str, &str)]) -> Answer {
        let query: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish();
        self.get(&format!("{path}?{query}")).await
    }

    /// POST.
    pub async fn post(&self, path: &str, body: &Json) -> Answer {
        self.send(Method::POST, path, Some(body), None).await
    }

    /// PUT.
    pub async fn put(&self, path: &str, body: &Json) -> Answer {
        self.send(Method::PUT, path, Some(body), None).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, None).await
    }
}
