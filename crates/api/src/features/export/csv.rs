//! CSV: UTF-8 with a mark, commas, quotes where needed, lines as RFC 4180 ends them.

use super::cell::Cell;
use super::run::Sheet;
use crate::error::{ApiError, ApiResult};
use crate::spreadsheet::{UTF8_MARK, neutral};
use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Write};

/// A file in the making.
pub struct CsvSheet(csv::Writer<BufWriter<File>>);

impl CsvSheet {
    /// Begins a file with its header.
    ///
    /// # Errors
    /// The disk is full.
    pub fn begin(file: File, headers: &[String]) -> ApiResult<Self> {
        let mut file = BufWriter::with_capacity(256 * 1024, file);
        file.write_all(UTF8_MARK.as_bytes()).map_err(ApiError::internal)?;
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(file);
        writer.write_record(headers.iter().map(|header| neutral(header))).map_err(ApiError::internal)?;
        Ok(Self(writer))
    }
}

impl Sheet for CsvSheet {
    fn row(&mut self, cells: &[Cell]) -> ApiResult<()> {
        let texts = cells.iter().map(|cell| match cell {
            // What cannot be but a number is none of a formula.
            Cell::Number(text) | Cell::Money { amount: text, .. } => Cow::Borrowed(text.as_bytes()),
            other => neutral(other.text()),
        });
        self.0.write_record(texts).map_err(ApiError::internal)
    }

    fn finish(self: Box<Self>) -> ApiResult<File> {
        let buffer = self.0.into_inner().map_err(|error| ApiError::internal(error.into_error()))?;
        buffer.into_inner().map_err(|error| ApiError::internal(error.into_error()))
    }
}
