//! What can be done with records of a type, without knowing the type at compile time.
//!
//! Lists, forms and pages are written once, over [`Row`]s. A [`Desk`] leads from there to the typed data layer.

use super::row::Row;
use crate::api::records::{self, Fields, ListParams};
use crate::api::{ApiFail, ApiResult};
use crate::data::query::Cached;
use crate::data::{Mutations, Query, Session, queries, use_query};
use crate::palette::remember;
use domain::catalog::RecordType;
use domain::events::Timeline;
use domain::of_type;
use domain::page::{Page, Pagination};
use domain::records::Record;
use leptos::prelude::*;
use std::pin::Pin;
use std::sync::Arc;
use uuid::Uuid;

type Later<T> = Pin<Box<dyn Future<Output = ApiResult<T>>>>;

/// The rows of one page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    /// The rows. One that did not change keeps its pointer.
    pub rows: Vec<Arc<Row>>,
    /// Where the page stands.
    pub pagination: Pagination,
}

/// Something fetched, erased.
pub struct Fetched<T: Send + Sync + 'static> {
    /// The data with pending changes applied.
    pub data: Memo<Option<T>>,
    /// Why there is none.
    pub failed: Memo<Option<ApiFail>>,
    /// Fetches again.
    pub refetch: Callback<()>,
}

impl<T: Send + Sync + 'static> Clone for Fetched<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Fetched<T> {}

/// A reactive choice of what to fetch.
pub type Wanted<T> = Signal<Option<T>>;

/// The operations on one record type.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The record type.
    pub record: RecordType,
    /// A page of the list.
    pub rows: fn(Wanted<ListParams>) -> Fetched<Rows>,
    /// One record.
    pub one: fn(Wanted<Uuid>) -> Fetched<Row>,
    /// The newest part of a record's timeline.
    pub timeline: fn(Wanted<Uuid>) -> Fetched<Timeline>,
    /// Older parts of it.
    pub older: fn(Uuid, String) -> Later<Timeline>,
    /// Makes a record.
    pub create: fn(Mutations, Fields) -> Later<Row>,
    /// Saves fields and waits for the answer (forms).
    pub save: fn(Mutations, Row, Fields) -> Later<Row>,
    /// Saves fields at once, with names to show beside them.
    pub update: fn(&Mutations, &Row, Fields, Fields),
    /// Archives, with Undo.
    pub archive: fn(&Mutations, &Row),
    /// Brings back from the archive.
    pub restore: fn(&Mutations, &Row),
    /// Deletes for good.
    pub delete: fn(Mutations, Uuid) -> Later<()>,
    /// Notes that it was opened: the palette offers it again.
    pub remember: fn(&Row),
    /// Whether this person may change it.
    pub may_update: fn(&Session, &Row) -> bool,
    /// Whether this person may archive it.
    pub may_delete: fn(&Session, &Row) -> bool,
}

/// The operations on a record type.
pub fn desk(record: RecordType) -> Desk {
    of_type!(record, R => of::<R>())
}

/// The rows' number on one page of a virtual list.
pub const PAGE: u32 = 100;

fn of<R: Record + Cached>() -> Desk {
    Desk {
        record: R::TYPE,
        rows: |wanted| {
            let query = use_query(move || wanted.get().map(queries::list::<R>));
            fetched(query, |page: &Page<R>, before: Option<&Rows>| Rows {
                rows: page.data.iter().enumerate().map(|(at, record)| kept(before, at, Row::of(record))).collect(),
                pagination: page.pagination.clone(),
            })
        },
        one: |wanted| fetched(use_query(move || wanted.get().map(queries::one::<R>)), |record, _| Row::of::<R>(record)),
        timeline: |wanted| {
            fetched(use_query(move || wanted.get().map(queries::timeline::<R>)), |timeline, _| timeline.clone())
        },
        older: |id, cursor| Box::pin(async move { records::timeline::<R>(id, Some(&cursor), 50).await }),
        create: |mutations, fields| Box::pin(async move { Ok(Row::of(&mutations.create::<R>(&fields).await?)) }),
        save: |mutations, row, fields| {
            Box::pin(async move {
                let fresh = records::update::<R>(row.id, row.version, &fields).await?;
                mutations.absorb(&fresh);
                mutations.touched(R::TYPE.as_str(), Some(row.id));
                Ok(Row::of(&fresh))
            })
        },
        update: |mutations, row, fields, beside| {
            if let Some(record) = row.typed::<R>() {
                mutations.update_showing(&record, fields, beside);
            }
        },
        archive: |mutations, row| {
            if let Some(record) = row.typed::<R>() {
                mutations.archive(&record);
            }
        },
        restore: |mutations, row| {
            if let Some(record) = row.typed::<R>() {
                mutations.restore(&record);
            }
        },
        delete: |mutations, id| {
            Box::pin(async move {
                records::delete_forever::<R>(id).await?;
                mutations.touched(R::TYPE.as_str(), None);
                Ok(())
            })
        },
        remember: |row| {
            if let Some(record) = row.typed::<R>() {
                remember(&record);
            }
        },
        may_update: |session, row| row.typed::<R>().is_some_and(|record| session.may_update(&record)),
        may_delete: |session, row| row.typed::<R>().is_some_and(|record| session.may_delete(&record)),
    }
}

/// The row of before at this place if it is still the same.
fn kept(before: Option<&Rows>, at: usize, row: Row) -> Arc<Row> {
    let old = before.and_then(|before| before.rows.get(at)).filter(|old| ***old == row);
    old.cloned().unwrap_or_else(|| Arc::new(row))
}

/// A typed query, erased.
fn fetched<T: Cached, U: Clone + PartialEq + Send + Sync + 'static>(
    query: Query<T>,
    erase: impl Fn(&T, Option<&U>) -> U + Send + Sync + 'static,
) -> Fetched<U> {
    Fetched {
        data: Memo::new(move |before: Option<&Option<U>>| {
            query.data().map(|data| erase(&data, before.and_then(Option::as_ref)))
        }),
        failed: query.failure(),
        refetch: Callback::new(move |()| query.refetch()),
    }
}
