//! The error file: the original rows that were refused, with the reason beside them.

use super::store::{self, Job};
use super::table::Table;
use crate::db::TenantTx;
use crate::error::ApiResult;
use crate::spreadsheet::{UTF8_MARK, csv_line};
use crate::state::AppState;
use actix_web::web::Bytes;
use domain::import::row::Note;
use std::collections::HashMap;
use tokio::sync::mpsc;

/// Rows read at a time.
const BATCH: usize = 500;
/// Headers of the columns that are added.
const ADDED: [&str; 3] = ["Import row", "Import column", "Import reason"];

/// The file as a stream of CSV. With `warnings`, also rows that were stored with a remark.
///
/// # Errors
/// The database cannot be reached.
pub async fn file(
    state: &AppState,
    tx: &TenantTx,
    job: Job,
    warnings: bool,
) -> ApiResult<mpsc::Receiver<ApiResult<Bytes>>> {
    let rows = store::notes(tx, job.shown.id, warnings).await?;
    let notes: HashMap<u64, Vec<Note>> = rows.into_iter().map(|row| (row.number, row.notes)).collect();
    let (send, receive) = mpsc::channel(4);
    let files = state.files.clone();
    actix_web::rt::spawn(async move {
        let table = Table::open(&files, &job.file_key, job.delimiter, 0, BATCH).await;
        let result = match table {
            Ok(table) => write(table, &notes, &send).await,
            Err(error) => Err(error),
        };
        if let Err(error) = result {
            let _nobody_listens = send.send(Err(error)).await;
        }
    });
    Ok(receive)
}

async fn write(
    mut table: Table,
    notes: &HashMap<u64, Vec<Note>>,
    to: &mpsc::Sender<ApiResult<Bytes>>,
) -> ApiResult<()> {
    let mut chunk = UTF8_MARK.as_bytes().to_vec();
    let headers = table.headers.iter().map(String::as_str).chain(ADDED);
    csv_line(&mut chunk, headers)?;
    while let Some(batch) = table.next().await.transpose()? {
        for (number, record) in (batch.first..).zip(&batch.records) {
            let Some(notes) = notes.get(&number) else { continue };
            let number = number.to_string();
            let columns = joined(notes, |n| if n.column.is_empty() { &n.field } else { &n.column });
            let reasons = joined(notes, |n| &n.message);
            // Ragged rows are filled up, so that the reason stands under its header.
            let padding = std::iter::repeat_n("", table.headers.len().saturating_sub(record.len()));
            csv_line(
                &mut chunk,
                record.iter().chain(padding).chain([number.as_str(), columns.as_str(), reasons.as_str()]),
            )?;
        }
        if !chunk.is_empty() && to.send(Ok(Bytes::from(std::mem::take(&mut chunk)))).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}

fn joined(notes: &[Note], part: impl Fn(&Note) -> &String) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for text in notes.iter().map(|n| part(n).as_str()) {
        if !text.is_empty() && !parts.contains(&text) {
            parts.push(text);
        }
    }
    parts.join("; ")
}
