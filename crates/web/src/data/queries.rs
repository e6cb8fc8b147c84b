//! What can be fetched, and under which names it is kept.

use super::query::{Def, Key};
use crate::api::Row;
use crate::api::records::ListParams;
use crate::api::{dashboard, links, members, pipelines, records, search, tags, views};
use domain::auth::{Invitation, Member};
use domain::catalog::RecordType;
use domain::companies::summary::CompanySummary;
use domain::contacts::ContactCompany;
use domain::dashboard::Metrics;
use domain::deals::{DealCompany, DealContact};
use domain::events::{Activity, Timeline};
use domain::page::{ListCursors, Page};
use domain::pipelines::Pipeline;
use domain::search::SearchResults;
use domain::tags::{Tag, TagCategory};
use domain::views::SavedView;
use uuid::Uuid;

/// Parameters in the form of a key.
fn flat(query: &[(String, String)]) -> String {
    query.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// The key of something below a record: `["deals", "one", id, part]`.
fn below(record: RecordType, id: Uuid, part: &str) -> Key {
    Key::new([record.spec().table, "one", &id.to_string(), part])
}

/// One page of a list.
pub fn list(record: RecordType, params: ListParams) -> Def<Page<Row>> {
    let key = Key::new([record.spec().table, "list", &flat(&params.to_query())]);
    Def::new(key, move || {
        let params = params.clone();
        async move { records::list(record, &params).await }
    })
}

/// Cursors all along a list.
pub fn cursors(record: RecordType, params: ListParams) -> Def<ListCursors> {
    let key = Key::new([record.spec().table, "cursors", &flat(&params.to_query())]);
    Def::new(key, move || {
        let params = params.clone();
        async move { records::cursors(record, &params).await }
    })
}

/// One record.
pub fn one(record: RecordType, id: Uuid) -> Def<Row> {
    Def::new(Key::new([record.spec().table, "one", &id.to_string()]), move || records::get(record, id))
}

/// The first page of a record's timeline; older ones through [`records::timeline`].
pub fn timeline(record: RecordType, id: Uuid) -> Def<Timeline> {
    Def::new(below(record, id, "timeline"), move || records::timeline(record, id, None, 50))
}

/// The figures of a company.
pub fn company_summary(id: Uuid) -> Def<CompanySummary> {
    Def::new(below(RecordType::Company, id, "summary"), move || links::company_summary(id))
}

/// The contacts of a company.
pub fn company_contacts(id: Uuid) -> Def<Page<Row>> {
    Def::new(below(RecordType::Company, id, "contacts"), move || links::company_contacts(id))
}

/// The deals of a company, contact or product.
pub fn deals_of(record: RecordType, id: Uuid) -> Def<Page<Row>> {
    Def::new(below(record, id, "deals"), move || links::deals_of(record, id))
}

/// The companies of a contact.
pub fn contact_companies(id: Uuid) -> Def<Page<ContactCompany>> {
    Def::new(below(RecordType::Contact, id, "companies"), move || links::contact_companies(id))
}

/// The people of a deal.
pub fn deal_contacts(id: Uuid) -> Def<Page<DealContact>> {
    Def::new(below(RecordType::Deal, id, "contacts"), move || links::deal_contacts(id))
}

/// The companies of a deal.
pub fn deal_companies(id: Uuid) -> Def<Page<DealCompany>> {
    Def::new(below(RecordType::Deal, id, "companies"), move || links::deal_companies(id))
}

/// All pipelines with their stages.
pub fn pipelines() -> Def<Page<Pipeline>> {
    Def::new(Key::new(["pipelines"]), pipelines::list)
}

/// Everybody in the organization.
pub fn members() -> Def<Page<Member>> {
    Def::new(Key::new(["members"]), members::list)
}

/// Pending invitations.
pub fn invitations() -> Def<Page<Invitation>> {
    Def::new(Key::new(["invitations"]), members::invitations)
}

/// Tags of a category, or all.
pub fn tags(category: Option<TagCategory>) -> Def<Page<Tag>> {
    let name = category.map_or("all", TagCategory::as_str);
    Def::new(Key::new(["tags", name]), move || tags::list(category, ""))
}

/// The saved views of all lists.
pub fn views() -> Def<Page<SavedView>> {
    Def::new(Key::new(["views"]), views::list)
}

/// How many records a list has, and whether that was counted.
pub fn count(record: RecordType, params: ListParams) -> Def<(i64, bool)> {
    let key = Key::new([record.spec().table, "list", "count", &flat(&params.to_query())]);
    Def::new(key, move || {
        let params = params.clone();
        async move { views::count(record, &params).await }
    })
}

/// What was typed, and its search hits.
pub fn search(typed: String) -> Def<(String, SearchResults)> {
    Def::new(Key::new(["search", &typed]), move || {
        let typed = typed.clone();
        async move {
            let results = search::search(&typed, &[], 5).await?;
            Ok((typed, results))
        }
    })
}

/// The four cards of the dashboard.
pub fn metrics() -> Def<Metrics> {
    Def::new(Key::new(["dashboard", "metrics"]), dashboard::metrics)
}

/// Deals that should close soon.
pub fn closing_soon(days: u32) -> Def<Page<Row>> {
    Def::new(Key::new(["dashboard", "closing", &days.to_string()]), move || dashboard::closing_soon(days))
}

/// The latest activities of the organization.
pub fn activities(limit: u32) -> Def<Page<Activity>> {
    Def::new(Key::new(["activities", &limit.to_string()]), move || {
        records::activities(vec![("limit".to_owned(), limit.to_string())])
    })
}
