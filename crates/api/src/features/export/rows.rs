//! Reading the records of an export: the chosen columns as texts, by a cursor of the database.

use super::cell::{Cell, amount};
use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::records::keyset::Part;
use crate::records::query::ListQuery;
use crate::records::{Stored, list, scope, select};
use crate::state::Clock;
use domain::catalog::{Field, Kind, RecordSpec};
use domain::export::{Column, StartExport};
use sea_orm::sea_query::{Alias, Expr, PostgresQueryBuilder, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use std::collections::HashMap;
use tokio::sync::mpsc;
use uuid::Uuid;

/// The records of an export.
pub struct Rows {
    /// Name of the cursor: another one for each export. A connection keeps prepared statements by their text, with the
    /// columns that they had at first.
    cursor: String,
    columns: Vec<Column>,
    names: HashMap<String, String>,
    /// The currency of records that have none of their own.
    currency: String,
}

impl Rows {
    /// Opens the cursor and says how many records there are. It stays open until the end of the transaction.
    ///
    /// # Errors
    /// 422 for a query that does not fit any more.
    pub async fn open<R: Stored>(tx: &TenantTx, clock: &Clock, input: &StartExport) -> ApiResult<(Self, u64)> {
        let columns = input.chosen(tx.schema(R::TYPE));
        let total = count::<R>(tx, clock, input).await?;

        let mut records = select::records::<R>(tx.org_id());
        restrict::<R>(&mut records, tx, clock, input).await?.sorting.order(&mut records, Part::Whole, false);
        records.expr_as(select::column("org_id"), Alias::new("org_id"));
        let (inner, values) = records.build(PostgresQueryBuilder);
        let mut values = values.0;
        values.push(tx.settings().timezone.as_str().into());
        let zone = values.len();
        let mut shown: Vec<String> = columns.iter().map(|column| expression::<R>(column, zone, &mut values)).collect();
        let has_currency = R::TYPE.standard().field("currency").is_some();
        shown.push(if has_currency { "q.currency".to_owned() } else { "NULL::text".to_owned() });
        let cursor = format!("export_{}", Uuid::now_v7().simple());
        // The zone is always used, so that every value has its place.
        let sql = format!(
            "DECLARE {cursor} NO SCROLL CURSOR FOR SELECT {} FROM ({inner}) q WHERE ${zone}::text IS NOT NULL",
            shown.join(", ")
        );
        tx.conn().execute_raw(statement(&sql, values)).await?;
        let rows = Self { cursor, columns, names: names(tx).await?, currency: tx.settings().currency.clone() };
        Ok((rows, total))
    }

    /// The columns.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// What stands over the columns.
    pub fn headers(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.label.clone()).collect()
    }

    /// Reads to the end, so many records at a time, and ahead of whoever writes them: the database is at work meanwhile. The
    /// last batch is empty.
    pub fn read(&self, tx: TenantTx, many: u32) -> mpsc::Receiver<ApiResult<Vec<QueryResult>>> {
        let sql = format!("FETCH {many} FROM {}", self.cursor);
        let (read, batches) = mpsc::channel(1);
        tokio::spawn(async move {
            loop {
                let batch = tx.conn().query_all_raw(statement(&sql, [])).await;
                let is_last = batch.as_ref().map_or(true, Vec::is_empty);
                // Nobody takes it where the export was cancelled or broke off.
                if read.send(batch.map_err(ApiError::from)).await.is_err() || is_last {
                    return;
                }
            }
        });
        batches
    }

    /// The cells of a record that [`Rows::read`] has read.
    ///
    /// # Errors
    /// It was read with other columns.
    pub fn cells(&self, row: &QueryResult) -> ApiResult<Vec<Cell>> {
        let currency: Option<String> = row.try_get_by_index(self.columns.len())?;
        let currency = currency.as_deref().unwrap_or(&self.currency);
        let mut cells = Vec::with_capacity(self.columns.len());
        for (at, column) in self.columns.iter().enumerate() {
            let text: Option<String> = row.try_get_by_index(at)?;
            cells.push(match text {
                Some(text) if !text.is_empty() => self.cell(column, text, currency),
                _ => Cell::Empty,
            });
        }
        Ok(cells)
    }

    fn cell(&self, column: &Column, text: String, currency: &str) -> Cell {
        let Some(field) = column.field else { return Cell::Text(text) };
        let named = |id: &str| self.names.get(id).cloned().unwrap_or_default();
        match field.kind {
            Kind::Money { .. } => Cell::Money { amount: amount(&text, currency), currency: currency.to_owned() },
            Kind::Integer { .. } | Kind::Number => Cell::Number(text),
            Kind::Date => Cell::Date(text),
            Kind::DateTime => Cell::Moment(text),
            Kind::Boolean => Cell::Text(if text == "true" { "Yes" } else { "No" }.to_owned()),
            Kind::Select(_) => Cell::Text(field.label_of(&text).to_owned()),
            Kind::MultiSelect(_) => {
                let labels: Vec<&str> = text.split(' ').map(|value| field.label_of(value)).collect();
                Cell::Text(labels.join(", "))
            }
            Kind::User | Kind::Pipeline => Cell::Text(named(&text)),
            Kind::Users => {
                let names: Vec<String> = text.split(' ').map(named).filter(|name| !name.is_empty()).collect();
                Cell::Text(names.join(", "))
            }
            _ => Cell::Text(text),
        }
    }
}

/// How many records there are.
///
/// # Errors
/// 422 for a query that does not fit.
pub async fn count<R: Stored>(tx: &TenantTx, clock: &Clock, input: &StartExport) -> ApiResult<u64> {
    let mut matching = select::base(R::spec(), tx.org_id());
    restrict::<R>(&mut matching, tx, clock, input).await?;
    matching.expr(select::column("id"));
    let count = Query::select().expr(Expr::cust("count(*)")).from_subquery(matching, Alias::new("m")).to_owned();
    let total = tx.conn().query_one(&count).await?;
    let total: i64 = total.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0);
    Ok(u64::try_from(total).unwrap_or(0))
}

/// Adds the conditions; answers with the list that is exported, for its order.
async fn restrict<R: Stored>(
    select: &mut SelectStatement,
    tx: &TenantTx,
    clock: &Clock,
    input: &StartExport,
) -> ApiResult<ListQuery> {
    if let Some(ids) = &input.ids {
        select.and_where(select::one_of(select::column("id"), ids));
    }
    let query = scope::query::<R>(tx, &input.query.clone().unwrap_or_default()).await?;
    if input.query.is_some() {
        list::restrict::<R>(select, tx, clock, &query, None);
    }
    Ok(query)
}

/// A column as a text, of the records `q`. Names of tables and columns come from the catalogue, never from a request.
fn expression<R: Stored>(column: &Column, zone: usize, values: &mut Vec<Value>) -> String {
    let Some(field) = column.field else { return "q.id::text".to_owned() };
    if let Some(key) = field.custom_key() {
        values.push(key.into());
        return own(field, values.len());
    }
    let name = format!("q.\"{}\"", field.name);
    match (field.kind, column.part) {
        (Kind::Address, Some(part)) => format!("{name} ->> '{part}'"),
        (Kind::Tags | Kind::Names, _) => format!("array_to_string({name}, ', ')"),
        (Kind::Users, _) => format!("array_to_string({name}, ' ')"),
        (Kind::Record(other), _) => title_of(other.spec(), &name),
        (Kind::Stage, _) => {
            format!("(SELECT s.name FROM pipeline_stages s WHERE s.org_id = q.org_id AND s.id = {name})")
        }
        (Kind::DateTime, _) => format!("to_char({name} AT TIME ZONE ${zone}, 'YYYY-MM-DD\"T\"HH24:MI:SS')"),
        (Kind::LineItems, _) => R::lines_as_text().to_owned(),
        _ => format!("{name}::text"),
    }
}

/// One of the organization's own fields; its key is the value at `place`.
fn own(field: &Field, place: usize) -> String {
    let value = format!("q.custom_fields -> ${place}::text");
    match field.kind {
        Kind::MultiSelect(_) => format!(
            "(SELECT string_agg(x.value #>> '{{}}', ' ' ORDER BY x.n) FROM jsonb_array_elements( \
              CASE jsonb_typeof({value}) WHEN 'array' THEN {value} END) WITH ORDINALITY AS x (value, n))"
        ),
        _ => format!("({value}) #>> '{{}}'"),
    }
}

fn title_of(other: &RecordSpec, id: &str) -> String {
    format!("(SELECT o.\"{}\" FROM {} o WHERE o.org_id = q.org_id AND o.id = {id})", other.title, other.table)
}

/// Names of members and pipelines, by id.
async fn names(tx: &TenantTx) -> ApiResult<HashMap<String, String>> {
    let sql = "SELECT m.user_id AS id, coalesce(u.name, m.invited_name, '') AS name \
         FROM org_members m LEFT JOIN users u ON u.id = m.user_id WHERE m.org_id = $1 \
         UNION ALL SELECT p.id, p.name FROM pipelines p WHERE p.org_id = $1";
    let rows = tx.conn().query_all_raw(statement(sql, [tx.org_id().into()])).await?;
    rows.iter()
        .map(|row| {
            let id: Uuid = row.try_get_by_index(0)?;
            Ok((id.to_string(), row.try_get_by_index(1)?))
        })
        .collect::<Result<_, sea_orm::DbErr>>()
        .map_err(ApiError::from)
}
