//! What cells of files need that people open in a spreadsheet.

use crate::error::{ApiError, ApiResult};

/// The mark that makes Excel read a CSV file as UTF-8.
pub const UTF8_MARK: &str = "\u{feff}";

/// Adds a line of CSV. Cells that a spreadsheet would run as a formula are neutralised.
///
/// # Errors
/// None that a buffer in memory can have.
pub fn csv_line<'a>(out: &mut Vec<u8>, cells: impl Iterator<Item = &'a str>) -> ApiResult<()> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    writer.write_record(cells.map(|cell| neutral(cell))).map_err(ApiError::internal)?;
    writer.flush().map_err(ApiError::internal)
}

/// SECURITY-11: a cell that a spreadsheet would run as a formula gets an apostrophe, which imports take off again.
pub fn neutral(cell: &str) -> std::borrow::Cow<'_, [u8]> {
    let starts = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if starts { format!("'{cell}").into_bytes().into() } else { cell.as_bytes().into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// IMPORT-08, SECURITY-11: formula characters are neutralised.
    #[test]
    fn formulas_are_neutral() {
        assert_eq!(&*neutral("=HYPERLINK(\"x\")"), b"'=HYPERLINK(\"x\")");
        assert_eq!(&*neutral("+1 415"), b"'+1 415");
        assert_eq!(&*neutral("plain = text"), b"plain = text");
        let mut out = Vec::new();
        csv_line(&mut out, ["a,b", "@x"].into_iter()).unwrap();
        assert_eq!(out, b"\"a,b\",'@x\r\n");
    }
}
