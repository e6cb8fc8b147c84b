//! One change: what it shows at once and what it asks of the server.

use super::ops::{self, Apply};
use crate::api::ApiResult;
use crate::api::records::{self, Fields};
use crate::data::query::Cached;
use domain::catalog::member;
use domain::records::Record;
use serde_json::Value as Json;
use std::any::Any;
use std::pin::Pin;
use std::sync::Arc;
use uuid::Uuid;

type Request<R> = Arc<dyn Fn(i32) -> Pin<Box<dyn Future<Output = ApiResult<Option<R>>>>> + Send + Sync>;
type Undo<R> = Arc<dyn Fn(Option<&R>) -> Option<Change<R>> + Send + Sync>;
type Settled<R> = Arc<dyn Fn(&ApiResult<Option<R>>) + Send + Sync>;

/// A change of one record.
pub struct Change<R> {
    pub(super) id: Uuid,
    pub(super) version: i32,
    pub(super) what: String,
    pub(super) apply: Apply,
    pub(super) request: Request<R>,
    /// The fields that are saved, and the record as it was seen by who changed it.
    pub(super) saved: Option<(Fields, Json)>,
    pub(super) undo: Option<(String, Undo<R>)>,
    pub(super) settled: Option<Settled<R>>,
}

impl<R> Clone for Change<R> {
    fn clone(&self) -> Self {
        Self {
            id: self.id,
            version: self.version,
            what: self.what.clone(),
            apply: self.apply.clone(),
            request: self.request.clone(),
            saved: self.saved.clone(),
            undo: self.undo.clone(),
            settled: self.settled.clone(),
        }
    }
}

impl<R: Record + Cached> Change<R> {
    /// A change of `record`, called `what` in messages ("Moving Acme renewal").
    ///
    /// `apply` shows it: it gets cached values of every type (`R`, `Page<R>`, `Board`…) and changes those it knows;
    /// it must give the same when applied twice. `request` gets the version for `If-Match` and answers with the
    /// record, or `None` where the server sends none.
    pub fn new<F>(
        record: &R,
        what: impl Into<String>,
        apply: impl Fn(&mut dyn Any) -> bool + Send + Sync + 'static,
        request: impl Fn(i32) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = ApiResult<Option<R>>> + 'static,
    {
        Self {
            id: record.id(),
            version: record.version(),
            what: what.into(),
            apply: Arc::new(apply),
            request: Arc::new(move |version| Box::pin(request(version))),
            saved: None,
            undo: None,
            settled: None,
        }
    }

    /// Fields of a record; `beside` is shown with them until the answer is there.
    pub fn update(record: &R, fields: Fields, beside: Fields) -> Self {
        let id = record.id();
        let shown: Fields = fields.iter().chain(&beside).map(|(k, v)| (k.clone(), v.clone())).collect();
        let sent = fields.clone();
        let mut change = Self::new(
            record,
            format!("Saving {}", record.title()),
            move |value| ops::visit::<R>(value, &|shown_record| patch(shown_record, id, &shown)),
            move |version| {
                let fields = sent.clone();
                async move { records::update::<R>(id, version, &fields).await.map(Some) }
            },
        );
        change.saved = Some((fields, serde_json::to_value(record).unwrap_or_default()));
        change
    }

    /// Archiving a record.
    pub fn archive(record: &R) -> Self {
        let id = record.id();
        let back = record.clone();
        Self::new(
            record,
            format!("Archiving {}", record.title()),
            move |value| ops::take_out::<R>(value, id),
            move |_| async move { records::archive::<R>(id).await.map(|()| None) },
        )
        .undo(format!("{} archived", record.title()), move |_| Some(Self::restore(&back)))
    }

    /// Bringing a record back from the archive.
    pub fn restore(record: &R) -> Self {
        let id = record.id();
        let cleared: Fields = [("deleted_at".to_owned(), Json::Null)].into_iter().collect();
        Self::new(
            record,
            format!("Restoring {}", record.title()),
            move |value| value.downcast_mut::<R>().is_some_and(|shown| patch(shown, id, &cleared)),
            // No record goes into the answer, so that lists are fetched again and have it back.
            move |_| async move { records::restore::<R>(id).await.map(|_| None) },
        )
    }

    /// With an Undo in a toast that says `done`. `back` makes the change that undoes it from the server's answer.
    pub fn undo(
        mut self,
        done: impl Into<String>,
        back: impl Fn(Option<&R>) -> Option<Self> + Send + Sync + 'static,
    ) -> Self {
        self.undo = Some((done.into(), Arc::new(back)));
        self
    }

    /// Calls `f` with the outcome, after the screen shows it.
    pub fn settled(mut self, f: impl Fn(&ApiResult<Option<R>>) + Send + Sync + 'static) -> Self {
        self.settled = Some(Arc::new(f));
        self
    }
}

/// Sets fields of a record by their JSON names. What does not fit the type is left for the server to refuse.
fn patch<R: Record + PartialEq>(record: &mut R, id: Uuid, fields: &Fields) -> bool {
    if record.id() != id {
        return false;
    }
    let Ok(Json::Object(mut json)) = serde_json::to_value(&*record) else { return false };
    for (name, value) in fields {
        member::set(&mut json, name, value.clone());
    }
    match records::typed::<R>(&Json::Object(json)) {
        Some(changed) if changed != *record => {
            *record = changed;
            true
        }
        _ => false,
    }
}
