//! One change: what it shows at once and what it asks of the server.

use super::ops::{self, Apply};
use crate::api::records::{self, Fields};
use crate::api::{ApiResult, Row};
use domain::catalog::RecordType;
use serde_json::Value as Json;
use std::any::Any;
use std::pin::Pin;
use std::sync::Arc;
use uuid::Uuid;

type Request = Arc<dyn Fn(i32) -> Pin<Box<dyn Future<Output = ApiResult<Option<Row>>>>> + Send + Sync>;
type Undo = Arc<dyn Fn(Option<&Row>) -> Option<Change> + Send + Sync>;
type Settled = Arc<dyn Fn(&ApiResult<Option<Row>>) + Send + Sync>;

/// A change of one record.
#[derive(Clone)]
pub struct Change {
    pub(super) record: RecordType,
    pub(super) id: Uuid,
    pub(super) version: i32,
    pub(super) what: String,
    pub(super) apply: Apply,
    pub(super) request: Request,
    /// The fields that are saved, and the record as it was seen by who changed it.
    pub(super) saved: Option<(Fields, Row)>,
    pub(super) undo: Option<(String, Undo)>,
    pub(super) settled: Option<Settled>,
}

impl Change {
    /// A change of a record, called `what` in messages ("Moving Acme renewal").
    ///
    /// `apply` shows it: it gets cached values of every type (`Row`, `Page<Row>`, `Board`…) and changes those it knows;
    /// it must give the same when applied twice. `request` gets the version for `If-Match` and answers with the
    /// record, or `None` where the server sends none.
    pub fn new<F>(
        row: &Row,
        what: impl Into<String>,
        apply: impl Fn(&mut dyn Any) -> bool + Send + Sync + 'static,
        request: impl Fn(i32) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = ApiResult<Option<Row>>> + 'static,
    {
        Self {
            record: row.record,
            id: row.id,
            version: row.version,
            what: what.into(),
            apply: Arc::new(apply),
            request: Arc::new(move |version| Box::pin(request(version))),
            saved: None,
            undo: None,
            settled: None,
        }
    }

    /// Fields of a record; `beside` is shown with them until the answer is there.
    pub fn update(row: &Row, fields: Fields, beside: Fields) -> Self {
        let (record, id) = (row.record, row.id);
        let shown = records::fields(fields.iter().chain(&beside).map(|(name, value)| (name.as_str(), value.clone())));
        let sent = fields.clone();
        let mut change = Self::new(
            row,
            format!("Saving {}", row.title),
            move |value| ops::show(value, id, &shown),
            move |version| {
                let fields = sent.clone();
                async move { records::update(record, id, version, &fields).await.map(Some) }
            },
        );
        change.saved = Some((fields, row.clone()));
        change
    }

    /// Archiving a record.
    pub fn archive(row: &Row) -> Self {
        let (record, id) = (row.record, row.id);
        let back = row.clone();
        Self::new(
            row,
            format!("Archiving {}", row.title),
            move |value| ops::take_out(value, id),
            move |_| async move { records::archive(record, id).await.map(|()| None) },
        )
        .undo(format!("{} archived", row.title), move |_| Some(Self::restore(&back)))
    }

    /// Bringing a record back from the archive.
    pub fn restore(row: &Row) -> Self {
        let (record, id) = (row.record, row.id);
        let cleared = records::fields([("deleted_at", Json::Null)]);
        Self::new(
            row,
            format!("Restoring {}", row.title),
            move |value| value.downcast_mut::<Row>().is_some_and(|row| row.id == id && row.set(&cleared)),
            // No record goes into the answer, so that lists are fetched again and have it back.
            move |_| async move { records::restore(record, id).await.map(|_| None) },
        )
    }

    /// With an Undo in a toast that says `done`. `back` makes the change that undoes it from the server's answer.
    pub fn undo(
        mut self,
        done: impl Into<String>,
        back: impl Fn(Option<&Row>) -> Option<Self> + Send + Sync + 'static,
    ) -> Self {
        self.undo = Some((done.into(), Arc::new(back)));
        self
    }

    /// Calls `f` with the outcome, after the screen shows it.
    pub fn settled(mut self, f: impl Fn(&ApiResult<Option<Row>>) + Send + Sync + 'static) -> Self {
        self.settled = Some(Arc::new(f));
        self
    }
}
