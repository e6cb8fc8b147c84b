//! Where rows come from.

use std::{ops::Range, sync::Arc};

use leptos::prelude::*;

type CellFn = Arc<dyn Fn(&str) -> AnyView + Send + Sync>;
type RawFn = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;
type SpansFn = Arc<dyn Fn() -> Vec<Range<usize>> + Send + Sync>;
type RowFn = Arc<dyn Fn(usize) -> Option<TableRow> + Send + Sync>;

/// One row as the table sees it.
#[derive(Clone)]
pub struct TableRow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) href: Option<String>,
    /// Address of the data. The row keeps the data alive, so that equal addresses mean the same data.
    identity: usize,
    version: u32,
    pub(super) cell: CellFn,
    pub(super) raw: RawFn,
}

impl TableRow {
    /// A row over shared data. `cell` draws the cell of a column by its key. The row is drawn anew only when
    /// another `Arc` arrives for its index, so replace the `Arc` when the data changes, or with another [`Self::version`].
    /// It is drawn for as long as it is on the screen: signals are for [`Self::version`], or for `passing` memos.
    pub fn new<T: Send + Sync + 'static>(
        data: &Arc<T>,
        id: impl Into<String>,
        name: impl Into<String>,
        cell: impl Fn(&T, &str) -> AnyView + Send + Sync + 'static,
    ) -> Self {
        let shared = Arc::clone(data);
        Self {
            id: id.into(),
            name: name.into(),
            href: None,
            identity: Arc::as_ptr(data).addr(),
            version: 0,
            cell: Arc::new(move |key| cell(&shared, key)),
            raw: Arc::new(|_| None),
        }
    }

    /// Of how the cells are drawn: another one draws them anew though the data is the same.
    #[must_use]
    pub const fn version(mut self, version: u32) -> Self {
        self.version = version;
        self
    }

    /// Address of the record: makes the row a link.
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// The text that the editor of a column starts with; `None` if this row's cell cannot be edited.
    #[must_use]
    pub fn raw(mut self, raw: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        self.raw = Arc::new(raw);
        self
    }

    /// Id of the record.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Name of the record.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Address of the record.
    pub fn address(&self) -> Option<&str> {
        self.href.as_deref()
    }

    pub(super) fn same(&self, other: &Self) -> bool {
        self.identity == other.identity && self.version == other.version && self.id == other.id
    }
}

/// All rows, most of them not loaded.
#[derive(Clone)]
pub struct TableSource {
    /// How many rows there are; `None` until known.
    pub total: Signal<Option<usize>>,
    pub(super) row: RowFn,
    pub(super) ensure: Callback<Range<usize>>,
    spans: Option<SpansFn>,
}

impl TableSource {
    /// `row` returns the row at an index if it is loaded, and reads signals so that it is asked again when more
    /// arrives. `ensure` is told which rows are on the screen, unless they fly past: load what is missing.
    pub fn new(
        total: impl Into<Signal<Option<usize>>>,
        row: impl Fn(usize) -> Option<TableRow> + Send + Sync + 'static,
        ensure: impl Fn(Range<usize>) + Send + Sync + 'static,
    ) -> Self {
        Self { total: total.into(), row: Arc::new(row), ensure: Callback::new(ensure), spans: None }
    }

    /// `spans` says where loaded rows are, so that nobody asks a million rows for the few that are.
    #[must_use]
    pub fn spans(mut self, spans: impl Fn() -> Vec<Range<usize>> + Send + Sync + 'static) -> Self {
        self.spans = Some(Arc::new(spans));
        self
    }

    /// Ids of the loaded rows of a range.
    pub(super) fn loaded(&self, range: &Range<usize>) -> Vec<String> {
        let spans = self.spans.as_ref().map_or_else(|| vec![range.clone()], |spans| spans());
        let rows = spans.into_iter().flat_map(|span| span.start.max(range.start)..span.end.min(range.end));
        untrack(|| rows.filter_map(|index| (self.row)(index)).map(|row| row.id).collect())
    }
}
