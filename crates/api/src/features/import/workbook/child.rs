//! The process that reads a workbook: with limits on its memory and time, and nothing but the file.

use calamine::{DataRef, ExcelDateTime, Reader, SheetVisible, Xlsx, XlsxError};
use domain::import::MAX_COLUMNS;
use rustix::process::{Resource, Rlimit, setrlimit};
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;

/// The exit code after a sentence about the file on standard error.
pub const REFUSED: u8 = 3;
/// The most memory, in bytes.
pub const MEMORY: u64 = 512 * 1024 * 1024;
/// The most processor time, in seconds.
pub const SECONDS: u64 = 300;

/// Writes the first visible sheet that has anything in it as CSV.
///
/// # Errors
/// A sentence about the file.
pub fn run(workbook: &Path, out: impl Write) -> Result<(), String> {
    let limit = |most| Rlimit { current: Some(most), maximum: Some(most) };
    for (resource, most) in [(Resource::Data, MEMORY), (Resource::Cpu, SECONDS), (Resource::Core, 0)] {
        setrlimit(resource, limit(most)).map_err(|error| format!("The limits could not be set: {error}."))?;
    }
    let file = File::open(workbook).map_err(|error| format!("The workbook could not be opened: {error}."))?;
    let mut book: Xlsx<_> = Xlsx::new(BufReader::new(file)).map_err(|error| unreadable(&error))?;
    let sheets = book.sheets_metadata().iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    let names: Vec<String> = sheets.map(|sheet| sheet.name.clone()).collect();
    let mut lines = Lines::new(BufWriter::with_capacity(256 * 1024, out));
    for name in names {
        sheet(&mut book, &name, &mut lines)?;
        if lines.any {
            return lines.writer.flush().map_err(stopped);
        }
    }
    Err("The workbook has no visible sheet with anything in it.".to_owned())
}

fn sheet<W: Write>(book: &mut Xlsx<BufReader<File>>, name: &str, lines: &mut Lines<W>) -> Result<(), String> {
    let mut cells = match book.worksheet_cells_reader(name) {
        Ok(cells) => cells,
        // A sheet of diagrams only.
        Err(XlsxError::WorksheetNotFound(_) | XlsxError::NotAWorksheet(_)) => return Ok(()),
        Err(error) => return Err(unreadable(&error)),
    };
    while let Some(cell) = cells.next_cell().map_err(|error| unreadable(&error))? {
        let (row, column) = cell.get_position();
        lines.put(row, column, text(cell.get_value()))?;
    }
    lines.end()
}

/// Lines of CSV, from cells that come row by row.
struct Lines<W: Write> {
    writer: csv::Writer<W>,
    row: u32,
    cells: Vec<String>,
    /// Whether a line was written.
    any: bool,
}

impl<W: Write> Lines<W> {
    fn new(out: W) -> Self {
        let writer = csv::WriterBuilder::new().flexible(true).from_writer(out);
        Self { writer, row: 0, cells: Vec::new(), any: false }
    }

    fn put(&mut self, row: u32, column: u32, text: String) -> Result<(), String> {
        if text.is_empty() {
            return Ok(());
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= MAX_COLUMNS {
            return Err(format!("The sheet has more than {MAX_COLUMNS} columns."));
        }
        if row != self.row {
            self.line()?;
            // Rows without anything keep their place, but those before the header.
            for _ in (self.row + 1..row).take_while(|_| self.any) {
                self.writer.write_record([""]).map_err(|_closed| String::new())?;
            }
            self.row = row;
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        if let Some(cell) = self.cells.get_mut(column) {
            *cell = text;
        }
        Ok(())
    }

    fn line(&mut self) -> Result<(), String> {
        if !self.cells.is_empty() {
            self.writer.write_record(&self.cells).map_err(|_closed| String::new())?;
            self.any = true;
            self.cells.clear();
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), String> {
        self.line()?;
        self.row = 0;
        Ok(())
    }
}

/// A cell as people would write it: numbers with a point, days as ISO 8601 has them.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(moment) => moment_text(moment),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// With the 15 digits that a spreadsheet shows: 0.1 + 0.2 is 0.3.
fn number_text(number: f64) -> String {
    let rounded = format!("{number:.14e}").parse::<f64>().unwrap_or(number);
    format!("{rounded}")
}

fn moment_text(moment: &ExcelDateTime) -> String {
    if !moment.is_datetime() {
        return number_text(moment.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) { date } else { format!("{date}T{hour:02}:{minute:02}:{second:02}") }
}

fn unreadable(error: &XlsxError) -> String {
    match error {
        XlsxError::Password => "The workbook is protected by a password. Please save it without one.".to_owned(),
        _ => "The workbook cannot be read. Please save it again as .xlsx, or the sheet as CSV.".to_owned(),
    }
}

/// Nobody reads any more.
fn stopped(_error: std::io::Error) -> String {
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// IMPORT-01: numbers come as a spreadsheet shows them.
    #[test]
    fn numbers() {
        let cases =
            [(3.0, "3"), (0.1 + 0.2, "0.3"), (-1250.5, "-1250.5"), (1e15, "1000000000000000"), (1e-7, "0.0000001")];
        for (number, expected) in cases {
            assert_eq!(number_text(number), expected);
        }
    }

    /// IMPORT-01: gaps keep their place, and what stands before the header is passed over.
    #[test]
    fn gaps() {
        let mut out = Vec::new();
        let mut lines = Lines::new(&mut out);
        for (row, column, text) in [(2, 0, "name"), (2, 2, "city"), (3, 2, "Ulm"), (3, 3, ""), (6, 0, "Acme")] {
            lines.put(row, column, text.to_owned()).unwrap();
        }
        lines.end().unwrap();
        assert!(lines.put(7, 500, "x".to_owned()).is_err());
        drop(lines);
        assert_eq!(String::from_utf8(out).unwrap(), "name,,city\n,,Ulm\n\"\"\n\"\"\nAcme\n");
    }
}
