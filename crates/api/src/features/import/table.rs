//! Reading a stored file: headers and batches of records, never the whole of it at once.

use super::text::refused;
use crate::error::{ApiError, ApiResult};
use domain::import::{MAX_COLUMNS, MAX_ROW_BYTES, MAX_ROWS, clean_headers};
use domain::money::grouped;
use futures_util::StreamExt;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio_util::io::{StreamReader, SyncIoBridge};

/// Records that travel together.
#[derive(Debug)]
pub struct Batch {
    /// Number of the first record; the first after the header is 1.
    pub first: u64,
    /// The records.
    pub records: Vec<csv::StringRecord>,
}

/// A file in the making of its records.
#[derive(Debug)]
pub struct Table {
    /// Headers in the form in which plans name the columns.
    pub headers: Vec<String>,
    batches: mpsc::Receiver<ApiResult<Batch>>,
}

impl Table {
    /// Opens a file and passes over the first `skip` records.
    ///
    /// # Errors
    /// 422 for a file without columns or rows, or with too many.
    pub async fn open(
        files: &Arc<dyn ObjectStore>,
        key: &str,
        delimiter: u8,
        skip: u64,
        size: usize,
    ) -> ApiResult<Self> {
        let stream = files.get(&Path::from(key)).await.map_err(ApiError::internal)?.into_stream();
        let source = SyncIoBridge::new(StreamReader::new(stream.map(|chunk| chunk.map_err(io::Error::from))));
        let (send_headers, headers) = tokio::sync::oneshot::channel();
        let (send, batches) = mpsc::channel(2);
        // The CSV reader waits for its source: it has a thread of its own.
        tokio::task::spawn_blocking(move || {
            let since = Rc::new(Cell::new(0));
            let source = Metered { source, since: since.clone() };
            let mut reader = csv::ReaderBuilder::new()
                .delimiter(delimiter)
                .flexible(true)
                .buffer_capacity(64 * 1024)
                .from_reader(source);
            let found = read_headers(&mut reader);
            let goes_on = found.is_ok();
            if send_headers.send(found).is_ok() && goes_on {
                send_batches(&mut reader, &since, skip, size, &send);
            }
        });
        Ok(Self { headers: headers.await.map_err(ApiError::internal)??, batches })
    }

    /// The next records; `None` at the end.
    ///
    /// # Errors
    /// The file cannot be read any further.
    pub async fn next(&mut self) -> Option<ApiResult<Batch>> {
        self.batches.recv().await
    }
}

fn read_headers(reader: &mut csv::Reader<impl Read>) -> ApiResult<Vec<String>> {
    let raw = reader.headers().map_err(unreadable)?;
    if raw.is_empty() || raw.iter().all(|h| h.trim().is_empty()) {
        return Err(refused("The first line of the file must hold the names of the columns."));
    }
    if raw.len() > MAX_COLUMNS {
        return Err(refused("The file has more than 500 columns."));
    }
    Ok(clean_headers(&raw.iter().collect::<Vec<_>>()))
}

/// Sends batches until the end, or until nobody listens any more.
fn send_batches(
    reader: &mut csv::Reader<impl Read>,
    since: &Cell<u64>,
    skip: u64,
    size: usize,
    to: &mpsc::Sender<ApiResult<Batch>>,
) {
    let mut number = 0_u64;
    let mut batch = Batch { first: skip + 1, records: Vec::with_capacity(size) };
    for record in reader.records() {
        since.set(0);
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let _closed = to.blocking_send(Err(unreadable(error)));
                return;
            }
        };
        number += 1;
        if number > u64::from(MAX_ROWS) {
            let sentence = format!("The file has more than {} rows. Please split it.", grouped(u64::from(MAX_ROWS)));
            let _closed = to.blocking_send(Err(refused(&sentence)));
            return;
        }
        if number <= skip {
            continue;
        }
        batch.records.push(record);
        if batch.records.len() == size {
            let next = Batch { first: number + 1, records: Vec::with_capacity(size) };
            if to.blocking_send(Ok(std::mem::replace(&mut batch, next))).is_err() {
                return;
            }
        }
    }
    if !batch.records.is_empty() {
        let _closed = to.blocking_send(Ok(batch));
    }
}

/// A source that ends when a row becomes too long: the reader would keep all of it in memory.
struct Metered<R> {
    source: R,
    /// Bytes read since the last whole row.
    since: Rc<Cell<u64>>,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since.get() > MAX_ROW_BYTES {
            return Err(io::Error::new(io::ErrorKind::InvalidData, TOO_LONG));
        }
        let read = self.source.read(buffer)?;
        self.since.set(self.since.get() + u64::try_from(read).unwrap_or(u64::MAX));
        Ok(read)
    }
}

const TOO_LONG: &str = "A row of the file is longer than 4 MB. Is a quotation mark left open somewhere?";

fn unreadable(error: csv::Error) -> ApiError {
    match error.kind() {
        csv::ErrorKind::Io(cause) if cause.kind() == io::ErrorKind::InvalidData => refused(TOO_LONG),
        csv::ErrorKind::Io(_) => ApiError::unavailable(error),
        _ => refused("The file cannot be read as CSV."),
    }
}

/// The cells of a record.
pub fn cells(record: &csv::StringRecord) -> Vec<&str> {
    record.iter().collect()
}
