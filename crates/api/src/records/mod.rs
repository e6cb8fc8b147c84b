//! The machinery that all record types share: list, read, create, change, archive, restore, delete, tag.
//!
//! A record type is a [`Record`] in the domain crate with its fields in the catalogue, and here an implementation of
//! [`Stored`] that adds what is special about it. Routes and their documentation come from [`service`].

pub mod bulk;
pub mod cursor;
pub mod cursors;
pub mod document;
pub mod filter_sql;
pub mod keyset;
pub mod list;
pub mod own;
pub mod phone;
pub mod phone_filter;
pub mod query;
pub mod read;
pub mod references;
pub mod referrers;
pub mod relation;
pub mod scope;
pub mod search;
pub mod select;
pub mod service;
pub mod tagging;
pub mod total;
pub mod values;
pub mod write;

use crate::db::TenantTx;
use crate::error::ApiResult;
use crate::state::Clock;
use domain::catalog::{Field, RecordSpec};
use domain::draft::Draft;
use domain::events::NewEvent;
use domain::filter::Filter;
use domain::records::Record;
use sea_orm::FromQueryResult;
use sea_orm::sea_query::{SelectStatement, SimpleExpr};
use serde_json::{Map, Value as Json};
use std::borrow::Cow;
use std::future::{Future, ready};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// A record type with its table. The hooks have defaults: a plain record type needs none of them.
pub trait Stored: Record + FromQueryResult + utoipa::ToSchema {
    /// What holds for the type as a whole. Its fields are those of an organization: [`TenantTx::schema`].
    fn spec() -> &'static RecordSpec {
        Self::TYPE.spec()
    }

    /// Adds its routes: those that all records have, and before them what it has besides.
    fn routes(cfg: &mut ServiceConfig<'_>) {
        cfg.service(service::service::<Self>());
    }

    /// Adds computed columns to the select; the record's table is called `t` there.
    fn select_extra(_select: &mut SelectStatement) {}

    /// What search knows of the records `$2`: a select of `id`, `title`, `subtitle` and `keywords`, and whether they are
    /// `archived`. Phone numbers stand there as written and normalised; blanks between words are of no importance.
    fn search_document() -> Cow<'static, str> {
        select::search_document(Self::spec()).into()
    }

    /// The line items of the records `q` as one text, for exports: an expression of SQL.
    fn lines_as_text() -> &'static str {
        "NULL::text"
    }

    /// Reads what belongs to the records but stands in other tables (line items), for detail answers.
    fn load_details(_tx: &TenantTx, _records: &mut [Self]) -> impl Future<Output = ApiResult<()>> + Send {
        ready(Ok(()))
    }

    /// Rewrites members of an input before it is checked against the catalogue: a stage by name becomes its id.
    /// `current` is the record before the change, `None` on create.
    fn normalise_input(
        _tx: &TenantTx,
        _input: &mut Map<String, Json>,
        _current: Option<&Self>,
    ) -> impl Future<Output = ApiResult<()>> + Send {
        ready(Ok(()))
    }

    /// Applies the rules of the record type before it is written: derived values, states that belong together.
    /// `current` is the record before the change, `None` on create.
    fn prepare(
        _tx: &TenantTx,
        _draft: &mut Draft,
        _current: Option<&Self>,
    ) -> impl Future<Output = ApiResult<()>> + Send {
        ready(Ok(()))
    }

    /// Columns that follow from others (a company's domain) and are written with them.
    fn derived_columns() -> &'static [&'static str] {
        &[]
    }

    /// Values of the derived columns, in the same order, after `draft` is applied to `current`.
    fn derive(_draft: &Draft, _current: Option<&Self>) -> Vec<sea_orm::Value> {
        Vec::new()
    }

    /// Writes what stands in other tables, after the record itself.
    fn write_links(_tx: &TenantTx, _id: Uuid, _draft: &Draft) -> impl Future<Output = ApiResult<()>> + Send {
        ready(Ok(()))
    }

    /// Completes the event of a change: further records concerned, particulars; or adds events of its own.
    fn events(
        _tx: &TenantTx,
        main: NewEvent,
        _before: Option<&Self>,
        _after: &Self,
    ) -> impl Future<Output = ApiResult<Vec<NewEvent>>> + Send {
        ready(Ok(vec![main]))
    }

    /// What else happens when a record is archived; returns particulars for the event.
    fn on_archive(_tx: &TenantTx, _record: &Self) -> impl Future<Output = ApiResult<Json>> + Send {
        ready(Ok(Json::Null))
    }

    /// What else happens when an archived record comes back.
    fn on_restore(_tx: &TenantTx, _record: &Self) -> impl Future<Output = ApiResult<()>> + Send {
        ready(Ok(()))
    }

    /// A list parameter of this record type that is not simply a field's name (`min_value`, `stage`).
    fn shorthand(_tx: &TenantTx, _name: &str, _value: &str) -> impl Future<Output = ApiResult<Option<Filter>>> + Send {
        ready(Ok(None))
    }

    /// Names of the parameters that [`Stored::shorthand`] knows, with descriptions.
    const SHORTHANDS: &'static [(&'static str, &'static str)] = &[];

    /// Columns that lists can be sorted by though they are no fields that people see.
    const HIDDEN_KEYS: &'static [Field] = &[];

    /// What `include` of a detail answer can name, with the schema of an entry where it becomes a list of its own.
    const INCLUDES: &'static [(&'static str, Option<SchemaName>)] = &[];

    /// What a detail answer includes unless `include` or `fields` asks for something else, as far as it may be viewed.
    const ALWAYS_INCLUDED: &'static str = "";

    /// Related data of a detail answer; `None` for a name that is not in [`Stored::INCLUDES`], 403 for what may not be
    /// viewed.
    fn include(
        _tx: &TenantTx,
        _clock: &Clock,
        _record: &Self,
        _name: &str,
    ) -> impl Future<Output = ApiResult<Option<Json>>> + Send {
        ready(Ok(None))
    }

    /// A restriction that a sub-list adds (the deals of a company).
    fn belongs_to(_parent: Parent, _org_id: Uuid) -> Option<SimpleExpr> {
        None
    }
}

/// How a type is called in the API document.
pub type SchemaName = fn() -> Cow<'static, str>;

/// The record whose sub-list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parent {
    /// A company.
    Company(Uuid),
    /// A contact.
    Contact(Uuid),
    /// A product.
    Product(Uuid),
}
