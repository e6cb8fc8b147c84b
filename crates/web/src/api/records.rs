//! What can be done with records of every type: `records::get(RecordType::Company, id)`.

use super::client::Call;
use super::error::ApiResult;
use super::row::Row;
use domain::catalog::RecordType;
use domain::events::{Activity, Timeline};
use domain::filter::Filter;
use domain::page::{ListCursors, Page};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

/// The fields of an input, as in `domain::draft`.
pub type Fields = Map<String, Json>;

/// Fields of these names and values. They are put in one by one: `collect` would sort them first, by code that is compiled
/// anew for each place where it is called.
pub fn fields<N: Into<String>>(pairs: impl IntoIterator<Item = (N, Json)>) -> Fields {
    let mut fields = Fields::new();
    for (name, value) in pairs {
        fields.insert(name.into(), value);
    }
    fields
}

/// Which records a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Archived {
    /// Live ones.
    #[default]
    No,
    /// Archived ones only.
    Only,
}

/// What is asked of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListParams {
    /// Number of the page from 1; goes with `page × limit ≤ domain::page::MAX_OFFSET`.
    pub page: Option<u64>,
    /// Rows per page.
    pub limit: Option<u32>,
    /// Leads on from another page.
    pub cursor: Option<String>,
    /// Rows passed over from the cursor on, at most `domain::page::MAX_OFFSET`.
    pub skip: Option<u64>,
    /// Sort keys as in `domain::page::parse_sort`: `name,-created_at`.
    pub sort_by: Option<String>,
    /// The filter.
    pub filter: Option<Filter>,
    /// Words to search for in the list.
    pub search: Option<String>,
    /// Only the person's own.
    pub mine: bool,
    /// Live or archived ones.
    pub archived: Archived,
    /// Further parameters of this record type, as in the API's documentation (`closed`, `stage_id`).
    pub more: Vec<(String, String)>,
}

impl ListParams {
    /// As query parameters. Also the form in which lists are told apart in the cache.
    pub fn to_query(&self) -> Vec<(String, String)> {
        let mut query: Vec<(String, String)> = Vec::new();
        let mut add = |name: &str, value: Option<String>| {
            if let Some(value) = value.filter(|v| !v.is_empty()) {
                query.push((name.to_owned(), value));
            }
        };
        add("page", self.page.map(|p| p.to_string()));
        add("limit", self.limit.map(|l| l.to_string()));
        add("cursor", self.cursor.clone());
        add("skip", self.skip.map(|rows| rows.to_string()));
        add("sort_by", self.sort_by.clone());
        add("filter", self.filter.as_ref().and_then(|f| serde_json::to_string(f).ok()));
        add("search", self.search.as_ref().map(|s| s.trim().to_owned()));
        add("mine", self.mine.then(|| "true".to_owned()));
        add(
            "archived",
            match self.archived {
                Archived::No => None,
                Archived::Only => Some("only".to_owned()),
            },
        );
        query.extend(self.more.iter().cloned());
        query
    }
}

/// A typed thing of a JSON value; `None` where it is none. By way of text, so that the code that reads a type from
/// text, which answers need, is not compiled a second time to read it from values.
pub fn typed<T: DeserializeOwned>(json: &Json) -> Option<T> {
    serde_json::from_str(&json.to_string()).ok()
}

/// `/companies`.
pub fn path(record: RecordType) -> String {
    format!("/{}", record.spec().table)
}

/// `/companies/<id>`.
pub fn path_of(record: RecordType, id: Uuid) -> String {
    format!("/{}/{id}", record.spec().table)
}

/// One page of a list.
pub async fn list(record: RecordType, params: &ListParams) -> ApiResult<Page<Row>> {
    Call::get(path(record)).params(params.to_query()).rows(record).await
}

/// Cursors all along a list.
pub async fn cursors(record: RecordType, params: &ListParams) -> ApiResult<ListCursors> {
    Call::get(format!("{}/cursors", path(record))).params(params.to_query()).json().await
}

/// One record.
pub async fn get(record: RecordType, id: Uuid) -> ApiResult<Row> {
    Call::get(path_of(record, id)).row(record).await
}

/// Makes a record.
pub async fn create(record: RecordType, fields: &Fields) -> ApiResult<Row> {
    Call::post(path(record)).body(fields).row(record).await
}

/// Changes the fields sent; null clears. `version` is the one the person saw: if the record has another one by
/// now, the answer is 412 with the record as it is.
pub async fn update(record: RecordType, id: Uuid, version: i32, fields: &Fields) -> ApiResult<Row> {
    Call::patch(path_of(record, id)).if_match(version).body(fields).row(record).await
}

/// Archives.
pub async fn archive(record: RecordType, id: Uuid) -> ApiResult<()> {
    Call::delete(path_of(record, id)).done().await
}

/// Brings back from the archive.
pub async fn restore(record: RecordType, id: Uuid) -> ApiResult<Row> {
    Call::post(format!("{}/restore", path_of(record, id))).row(record).await
}

/// Deletes for good.
pub async fn delete_forever(record: RecordType, id: Uuid) -> ApiResult<()> {
    Call::delete(path_of(record, id)).param("permanent", true).done().await
}

/// A page of the timeline, newest first.
pub async fn timeline(record: RecordType, id: Uuid, cursor: Option<&str>, limit: u32) -> ApiResult<Timeline> {
    let call = Call::get(format!("{}/timeline", path_of(record, id))).param("limit", limit);
    match cursor {
        Some(cursor) => call.param("cursor", cursor),
        None => call,
    }
    .json()
    .await
}

/// The activity feed: what happened in the organization, newest first.
pub async fn activities(params: Vec<(String, String)>) -> ApiResult<Page<Activity>> {
    Call::get("/activities").params(params).json().await
}
