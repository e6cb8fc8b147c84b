//! The state of a list in its address: filters, search, order, whose, archived, and the record that is open beside it.

use super::page::TAB;
use super::prefs::Mine;
use crate::api::client::encode;
use crate::api::records::{Archived, ListParams};
use crate::shell::Leaving;
use domain::catalog::{RecordSpec, Schema};
use domain::filter::{Condition, Filter};
use domain::page::{SortKey, format_sort, parse_sort};
use domain::views::{SavedView, SavedViewInput, ViewColumn};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};
use leptos_router::params::ParamsMap;
use uuid::Uuid;

/// What the address says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListState {
    /// Conditions that all hold.
    pub conditions: Vec<Condition>,
    /// A filter that is not a plain list of conditions: a link made elsewhere. It is kept as it is.
    pub other: Option<Filter>,
    /// Words to search for.
    pub search: String,
    /// The order; the type's own where it is empty.
    pub sort: Vec<SortKey>,
    /// Only the person's own; `None`: as they chose last.
    pub mine: Option<bool>,
    /// Archived records instead of live ones.
    pub archived: bool,
    /// The record open beside the list.
    pub open: Option<Uuid>,
    /// The saved view that the list began with. What it holds stands in the address as well.
    pub view: Option<ViewName>,
    /// The columns; `None`: as the person chose them for the list.
    pub columns: Option<Vec<ViewColumn>>,
    /// Parameters that belong to the page (the board's pipeline).
    pub more: Vec<(String, String)>,
}

/// Which view a list began with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewName {
    /// All records, although another view is the person's default.
    All,
    /// A saved one.
    Saved(Uuid),
}

impl ViewName {
    fn parse(text: &str) -> Option<Self> {
        if text == "all" { Some(Self::All) } else { Uuid::try_parse(text).ok().map(Self::Saved) }
    }

    fn to_text(self) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::Saved(id) => id.to_string(),
        }
    }
}

/// `name:240,amount_minor:120`.
fn parse_columns(text: &str) -> Option<Vec<ViewColumn>> {
    let columns = text.split(',').map(|part| {
        let (field, width) = part.split_once(':')?;
        Some(ViewColumn { field: field.to_owned(), width: width.parse().ok()? })
    });
    columns.collect()
}

fn columns_text(columns: &[ViewColumn]) -> String {
    columns.iter().map(|column| format!("{}:{}", column.field, column.width)).collect::<Vec<_>>().join(",")
}

impl ListState {
    fn parse(map: &ParamsMap, more: &[&str]) -> Self {
        let filter = map.get("filter").and_then(|text| serde_json::from_str::<Filter>(&text).ok());
        let (conditions, other) = apart(filter);
        Self {
            conditions,
            other,
            search: map.get("search").unwrap_or_default(),
            sort: map.get("sort_by").and_then(|text| parse_sort(&text, None).ok()).unwrap_or_default(),
            mine: map.get("mine").map(|text| text == "true"),
            archived: map.get("archived").is_some_and(|text| text == "only"),
            open: map.get("open").and_then(|text| Uuid::try_parse(&text).ok()),
            view: map.get("view").and_then(|text| ViewName::parse(&text)),
            columns: map.get("columns").and_then(|text| parse_columns(&text)),
            more: more.iter().filter_map(|name| Some(((*name).to_owned(), map.get(name)?))).collect(),
        }
    }

    /// What a saved view shows.
    pub fn of_view(view: &SavedView) -> Self {
        let filter = view.filters.as_ref().and_then(crate::api::records::typed::<Filter>);
        let (conditions, other) = apart(filter);
        Self {
            conditions,
            other,
            search: view.search.clone(),
            sort: parse_sort(&view.sort, None).unwrap_or_default(),
            mine: view.mine,
            archived: view.archived,
            view: Some(ViewName::Saved(view.id)),
            columns: (!view.columns.is_empty()).then(|| view.columns.clone()),
            ..Self::default()
        }
    }

    /// Filters by something else.
    pub fn set_filter(&mut self, filter: Option<Filter>) {
        (self.conditions, self.other) = apart(filter);
    }

    /// Shows what a saved view shows; what is open beside the list stays.
    pub fn show(&mut self, view: &SavedView) {
        let (open, more) = (self.open, std::mem::take(&mut self.more));
        *self = Self { open, more, ..Self::of_view(view) };
    }

    /// Whether it shows what another one shows, whatever is open beside it.
    pub fn shows_as(&self, other: &Self) -> bool {
        self.conditions == other.conditions
            && self.other == other.other
            && self.search.trim() == other.search.trim()
            && self.sort == other.sort
            && self.mine == other.mine
            && self.archived == other.archived
            && self.columns == other.columns
    }

    /// As a saved view keeps it.
    pub fn to_view(&self) -> SavedViewInput {
        SavedViewInput {
            filters: Some(self.filter().and_then(|filter| serde_json::to_value(filter).ok())),
            search: Some(self.search.trim().to_owned()),
            sort: Some(format_sort(&self.sort)),
            columns: Some(self.columns.clone().unwrap_or_default()),
            mine: Some(self.mine),
            archived: Some(self.archived),
            ..SavedViewInput::default()
        }
    }

    /// The filter that the server gets.
    pub fn filter(&self) -> Option<Filter> {
        if let Some(other) = &self.other {
            return Some(other.clone());
        }
        let all: Vec<Filter> = self.conditions.iter().cloned().map(Filter::Condition).collect();
        (!all.is_empty()).then_some(Filter::And { and: all })
    }

    /// A page's own parameter.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.more.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Sets or removes a page's own parameter.
    pub fn set_param(&mut self, name: &str, value: Option<String>) {
        self.more.retain(|(known, _)| known != name);
        if let Some(value) = value {
            self.more.push((name.to_owned(), value));
        }
    }

    /// Whether anything narrows the list, beside whose it is.
    pub fn is_narrowed(&self) -> bool {
        !self.conditions.is_empty() || self.other.is_some() || !self.search.trim().is_empty()
    }

    /// Takes away everything that narrows it.
    pub fn widen(&mut self) {
        self.conditions.clear();
        self.other = None;
        self.search.clear();
    }

    /// The order asked for, or the type's own.
    pub fn order(&self, spec: &RecordSpec) -> Vec<SortKey> {
        if self.sort.is_empty() { parse_sort(spec.default_sort, None).unwrap_or_default() } else { self.sort.clone() }
    }

    /// The order asked for, without fields that are gone: by those nothing can be sorted.
    pub fn known_sort(&self, schema: Schema) -> Option<String> {
        let known = self.sort.iter().filter(|key| schema.field(&key.field).is_some()).cloned().collect::<Vec<_>>();
        (!known.is_empty()).then(|| format_sort(&known))
    }

    /// As parameters of a list call. `mine` is what holds where the address does not say. Tracked.
    pub fn params(&self, schema: Schema, mine: Mine) -> ListParams {
        ListParams {
            sort_by: self.known_sort(schema),
            filter: self.filter(),
            search: Some(self.search.clone()),
            mine: mine.holds(self.mine),
            archived: if self.archived { Archived::Only } else { Archived::No },
            ..ListParams::default()
        }
    }

    /// As the query part of an address, with its `?`.
    pub fn to_query(&self) -> String {
        let mut parts = Vec::new();
        let mut add = |name: &str, value: Option<String>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                parts.push(format!("{name}={}", encode(&value)));
            }
        };
        for (name, value) in &self.more {
            add(name, Some(value.clone()));
        }
        add("filter", self.filter().and_then(|filter| serde_json::to_string(&filter).ok()));
        add("search", Some(self.search.clone()));
        add("sort_by", Some(format_sort(&self.sort)));
        add("mine", self.mine.map(|mine| mine.to_string()));
        add("archived", self.archived.then(|| "only".to_owned()));
        add("columns", self.columns.as_deref().map(columns_text));
        add("view", self.view.map(ViewName::to_text));
        add("open", self.open.map(|id| id.to_string()));
        if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
    }
}

/// The address of a saved view.
pub fn view_href(view: &SavedView) -> String {
    format!("/{}{}", view.entity.spec().table, ListState::of_view(view).to_query())
}

/// A plain list of conditions, or a filter of another shape.
fn apart(filter: Option<Filter>) -> (Vec<Condition>, Option<Filter>) {
    match filter.as_ref().map(flat) {
        None => (Vec::new(), None),
        Some(Some(conditions)) => (conditions, None),
        Some(None) => (Vec::new(), filter),
    }
}

/// The conditions of a filter that is a plain list of them.
fn flat(filter: &Filter) -> Option<Vec<Condition>> {
    match filter {
        Filter::Condition(condition) => Some(vec![condition.clone()]),
        Filter::And { and } => and
            .iter()
            .map(|part| if let Filter::Condition(condition) = part { Some(condition.clone()) } else { None })
            .collect(),
        Filter::Or { .. } => None,
    }
}

/// The address as state, both ways.
#[derive(Clone, Copy)]
pub struct Address {
    state: Memo<ListState>,
    go: Callback<(String, bool)>,
    path: Memo<String>,
    leaving: Leaving,
}

impl Address {
    /// Of the current page. `more` are parameters of its own that it reads.
    pub fn current(more: &'static [&'static str]) -> Self {
        let map = use_query_map();
        let state = Memo::new(move |_| map.with(|map| ListState::parse(map, more)));
        let navigate = use_navigate();
        let go = Callback::new(move |(address, replace): (String, bool)| {
            navigate(&address, NavigateOptions { replace, scroll: false, ..NavigateOptions::default() });
        });
        Self { state, go, path: use_location().pathname, leaving: Leaving::current() }
    }

    /// What it says. Tracked.
    pub fn get(self) -> ListState {
        self.state.get()
    }

    /// What it says, without subscribing.
    pub fn peek(self) -> ListState {
        self.state.get_untracked()
    }

    /// One aspect of it, told only when that changes.
    pub fn aspect<T: PartialEq + Clone + Send + Sync + 'static>(
        self,
        read: impl Fn(&ListState) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        Memo::new(move |_| self.state.with(&read))
    }

    /// Goes to a changed state; Back leads to the present one.
    pub fn change(self, change: impl FnOnce(&mut ListState)) {
        self.write(change, false);
    }

    /// Goes to a changed state in place of the present one: while typing or moving through records.
    pub fn replace(self, change: impl FnOnce(&mut ListState)) {
        self.write(change, true);
    }

    fn write(self, change: impl FnOnce(&mut ListState), replace: bool) {
        let before = self.peek();
        let mut state = before.clone();
        change(&mut state);
        if state == before {
            return;
        }
        let address = format!("{}{}", self.path.get_untracked(), state.to_query());
        // With the record beside the list, or the part of it that is shown, goes what is being written there.
        let stays = (before.open, before.param(TAB)) == (state.open, state.param(TAB));
        if stays || self.leaving.may_go(&address) {
            self.go.run((address, replace));
        }
    }

    /// Opens a record beside the list, or closes it.
    pub fn open(self, id: Option<Uuid>) {
        // From one record to the next is one step for Back.
        let replace = id.is_some() && self.peek().open.is_some();
        self.write(
            |state| {
                state.open = id;
                if id.is_none() {
                    state.set_param(TAB, None);
                }
            },
            replace,
        );
    }
}
