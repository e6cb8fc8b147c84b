//! The error file: the original rows that were refused, with the reason beside them.

use super::store::{self, Job};
use super::table::{Batch, Table};
use crate::error::ApiResult;
use crate::spreadsheet::{UTF8_MARK, csv_line};
use crate::state::AppState;
use actix_web::web::Bytes;
use domain::import::row::Note;
use std::collections::HashMap;
use std::path::Path;
use tokio::sync::mpsc;
use uuid::Uuid;

/// Rows read at a time.
const BATCH: usize = 2_000;
/// Headers of the columns that are added.
const ADDED: [&str; 3] = ["Import row", "Import column", "Import reason"];

/// Which file is asked for.
struct Asked {
    org_id: Uuid,
    job: Job,
    /// Also rows that were stored with a remark.
    warnings: bool,
}

/// The file as a stream of CSV. With `warnings`, also rows that were stored with a remark.
pub fn file(state: &AppState, org_id: Uuid, job: Job, warnings: bool) -> mpsc::Receiver<ApiResult<Bytes>> {
    let (send, receive) = mpsc::channel(4);
    let state = state.clone();
    actix_web::rt::spawn(async move {
        let asked = Asked { org_id, job, warnings };
        if let Err(error) = write(&state, &asked, &send).await {
            let _nobody_listens = send.send(Err(error)).await;
        }
    });
    receive
}

/// What the error file of an uploaded file is called: whatever that one was, this is CSV.
pub fn file_name(uploaded: &str) -> String {
    let is_plain = |c: &char| c.is_ascii_alphanumeric() || "._- ".contains(*c);
    let plain: String = uploaded.chars().map(|c| if is_plain(&c) { c } else { '_' }).collect();
    Path::new(&format!("errors-{plain}")).with_extension("csv").display().to_string()
}

async fn write(state: &AppState, asked: &Asked, to: &mpsc::Sender<ApiResult<Bytes>>) -> ApiResult<()> {
    let job = &asked.job;
    let mut table = Table::open(&state.files, &job.file_key, job.delimiter, 0, BATCH).await?;
    let mut chunk = UTF8_MARK.as_bytes().to_vec();
    let headers = table.headers.iter().map(String::as_str).chain(ADDED);
    csv_line(&mut chunk, headers)?;
    while let Some(batch) = table.next().await.transpose()? {
        let notes = notes(state, asked, &batch).await?;
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

/// What there is to say about the rows of a batch. A transaction of its own: whoever fetches the file may be slow.
async fn notes(state: &AppState, asked: &Asked, batch: &Batch) -> ApiResult<HashMap<u64, Vec<Note>>> {
    let last = batch.first + u64::try_from(batch.records.len()).unwrap_or(0);
    let Some(tx) = state.db.worker_tenant(asked.org_id, None).await? else { return Ok(HashMap::new()) };
    let rows = store::notes(&tx, asked.job.shown.id, asked.warnings, batch.first..=last).await?;
    tx.commit().await?;
    Ok(rows.into_iter().map(|row| (row.number, row.notes)).collect())
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
