//! Excel: numbers, days and moments as such, the header fixed; rows go to disk one by one. What does not fit on a sheet
//! goes on on the next.

use super::cell::Cell;
use super::run::Sheet;
use crate::error::{ApiError, ApiResult};
use domain::export::SHEET_ROWS;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use std::fs::File;

/// The longest text of a cell, in characters.
const TEXT_MAX: usize = 32_767;
/// The widest column, in characters.
const WIDEST: usize = 40;

/// A workbook in the making.
pub struct XlsxSheet {
    file: File,
    book: Workbook,
    name: String,
    headers: Vec<String>,
    sheets: usize,
    row: u32,
    header: Format,
    date: Format,
    moment: Format,
}

impl XlsxSheet {
    /// Begins a workbook whose first sheet has this name.
    ///
    /// # Errors
    /// The disk is full.
    pub fn begin(file: File, name: &str, headers: Vec<String>) -> ApiResult<Self> {
        let mut sheet = Self {
            file,
            book: Workbook::new(),
            name: name.to_owned(),
            headers,
            sheets: 0,
            row: 0,
            header: Format::new().set_bold(),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            moment: Format::new().set_num_format("yyyy-mm-dd hh:mm"),
        };
        sheet.next_sheet().map_err(ApiError::internal)?;
        Ok(sheet)
    }

    fn next_sheet(&mut self) -> Result<(), XlsxError> {
        self.sheets += 1;
        let name = if self.sheets == 1 { self.name.clone() } else { format!("{} {}", self.name, self.sheets) };
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?.set_freeze_panes(1, 0)?;
        for (column, header) in (0_u16..).zip(&self.headers) {
            let width = u16::try_from((header.chars().count() + 4).clamp(10, WIDEST)).unwrap_or(10);
            sheet.set_column_width(column, f64::from(width))?;
            sheet.write_string_with_format(0, column, header, &self.header)?;
        }
        self.row = 1;
        Ok(())
    }

    fn write(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        if self.row >= SHEET_ROWS {
            self.next_sheet()?;
        }
        let (row, date, moment) = (self.row, &self.date, &self.moment);
        let sheet = self.book.worksheet_from_index(self.sheets - 1)?;
        for (column, cell) in (0_u16..).zip(cells) {
            write_cell(sheet, (row, column), cell, [date, moment])?;
        }
        self.row += 1;
        Ok(())
    }
}

fn write_cell(
    sheet: &mut Worksheet,
    at: (u32, u16),
    cell: &Cell,
    [date, moment]: [&Format; 2],
) -> Result<(), XlsxError> {
    let (row, column) = at;
    match cell {
        Cell::Empty => {}
        // More than 15 digits are more than a spreadsheet can hold.
        Cell::Number(text) | Cell::Money { amount: text, .. } => match text.parse::<f64>() {
            Ok(number) if text.chars().filter(char::is_ascii_digit).count() <= 15 => {
                sheet.write_number(row, column, number)?;
            }
            _ => write_text(sheet, at, text)?,
        },
        // Days before 1900 are none to a spreadsheet.
        Cell::Date(text) => match ExcelDateTime::parse_from_str(text) {
            Ok(day) => drop(sheet.write_datetime_with_format(row, column, day, date)?),
            Err(_before_1900) => write_text(sheet, at, text)?,
        },
        Cell::Moment(text) => match ExcelDateTime::parse_from_str(text) {
            Ok(at) => drop(sheet.write_datetime_with_format(row, column, at, moment)?),
            Err(_before_1900) => write_text(sheet, at, text)?,
        },
        Cell::Text(text) => write_text(sheet, at, text)?,
    }
    Ok(())
}

fn write_text(sheet: &mut Worksheet, (row, column): (u32, u16), text: &str) -> Result<(), XlsxError> {
    let fits = text.len() <= TEXT_MAX || text.chars().count() <= TEXT_MAX;
    match fits {
        true => sheet.write_string(row, column, text)?,
        false => sheet.write_string(row, column, text.chars().take(TEXT_MAX).collect::<String>())?,
    };
    Ok(())
}

impl Sheet for XlsxSheet {
    fn row(&mut self, cells: &[Cell]) -> ApiResult<()> {
        self.write(cells).map_err(ApiError::internal)
    }

    fn finish(mut self: Box<Self>) -> ApiResult<File> {
        self.book.save_to_writer(&mut self.file).map_err(ApiError::internal)?;
        Ok(self.file)
    }
}
