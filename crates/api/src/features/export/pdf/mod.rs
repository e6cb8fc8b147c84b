//! PDF: a table for reading and printing, A4 on its side.
//!
//! The records are kept until all are there, because the widths of the columns follow from all of them; `PDF_ROWS`
//! and `PDF_CELLS` say how much there can be. [`table`] puts the cells into words, [`fit`] finds the widths of the columns, [`flow`] the
//! lines and pages, [`paint`] and [`grid`] draw them, [`tags`] say
//! what is what. [`head`] says what the table shows.

mod face;
mod fit;
mod flow;
mod grid;
mod head;
mod ink;
mod paint;
mod table;
mod tags;
#[cfg(test)]
mod tests;
mod wrap;

pub use head::Head;

use super::cell::Cell;
use super::run::Sheet;
use crate::error::{ApiError, ApiResult};
use domain::export::{Column, ExportFormat};
use face::Face;
use fit::Fit;
use flow::Flow;
use paint::Painter;
use std::fs::File;
use std::io::Write;
use table::Table;

/// The weights of the typeface.
struct Faces {
    regular: Face,
    semibold: Face,
}

/// A document in the making.
pub struct PdfSheet {
    file: File,
    head: Head,
    columns: Vec<Column>,
    /// Whether the id, and columns that are empty in every record, are left out.
    only_filled: bool,
    records: Vec<Vec<Cell>>,
}

impl PdfSheet {
    /// Begins a document. Where nobody has chosen the columns, the id is left out, and those that are empty in
    /// every record.
    pub fn begin(file: File, head: Head, columns: Vec<Column>, only_filled: bool) -> Self {
        Self { file, head, columns, only_filled, records: Vec::new() }
    }

    fn bytes(self) -> ApiResult<Vec<u8>> {
        let mut faces = Faces { regular: Face::regular()?, semibold: Face::semibold()? };
        let table = Table::of(&self.columns, self.records, self.only_filled);
        let records = u64::try_from(table.rows.len()).unwrap_or(u64::MAX);
        if let Some(refusal) = ExportFormat::Pdf.refuses(records, table.columns.len()) {
            return Err(ApiError::invalid(vec![refusal]));
        }
        let fit = Fit::of(&table, &mut faces, paint::WIDTH);
        let flow = Flow::of(&table, &fit, &mut faces);
        Painter::new(&self.head, &table, &fit, &flow, faces).finish()
    }
}

impl Sheet for PdfSheet {
    fn row(&mut self, cells: &[Cell]) -> ApiResult<()> {
        self.records.push(cells.iter().map(table::kept).collect());
        Ok(())
    }

    fn finish(self: Box<Self>) -> ApiResult<File> {
        let mut file = self.file.try_clone().map_err(ApiError::internal)?;
        file.write_all(&self.bytes()?).map_err(ApiError::internal)?;
        Ok(file)
    }
}
