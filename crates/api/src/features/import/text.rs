//! What kind of text an uploaded file is: its encoding and its delimiter.

use crate::error::{ApiError, ApiResult};
use domain::error::{ErrorCode, FieldError};
use std::io::{self, Read};
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// How a file is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 without a byte order mark.
    Utf8,
    /// UTF-8 that begins with a byte order mark of three bytes.
    Utf8Bom,
    /// Windows-1252, the one-byte encoding of western European office programs.
    Windows1252,
}

const CHUNK: usize = 64 * 1024;
const BOM: &[u8] = &[0xEF, 0xBB, 0xBF];

/// Reads a file through and decides how it is encoded.
///
/// # Errors
/// 422 for a file that is empty or no text we can read.
pub fn inspect(mut file: impl Read) -> ApiResult<Encoding> {
    let mut chunk = vec![0; CHUNK];
    let mut rest: Vec<u8> = Vec::new();
    let (mut is_utf8, mut has_bom, mut total) = (true, false, 0_usize);
    loop {
        let read = read_full(&mut file, &mut chunk).map_err(ApiError::internal)?;
        let bytes = chunk.get(..read).unwrap_or_default();
        if total == 0 {
            refuse_known_formats(bytes)?;
            has_bom = bytes.starts_with(BOM);
        }
        if bytes.is_empty() {
            break;
        }
        total += read;
        if bytes.contains(&0) {
            return Err(refused("This is no text file. Please save the table as CSV."));
        }
        if is_utf8 {
            rest.extend_from_slice(bytes);
            match std::str::from_utf8(&rest) {
                Ok(_) => rest.clear(),
                // A character that the end of the chunk cuts in two is completed by the next one.
                Err(error) if error.error_len().is_none() => {
                    rest.drain(..error.valid_up_to());
                }
                Err(_) => is_utf8 = false,
            }
        }
    }
    match (total, is_utf8 && rest.is_empty(), has_bom) {
        (0, ..) => Err(refused("The file is empty.")),
        (_, true, false) => Ok(Encoding::Utf8),
        (_, true, true) => Ok(Encoding::Utf8Bom),
        (_, false, false) => Ok(Encoding::Windows1252),
        (_, false, true) => Err(refused("The file says that it is UTF-8, but it is not. Please save it again as CSV.")),
    }
}

fn read_full(file: &mut impl Read, chunk: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(room) = chunk.get_mut(filled..).filter(|room| !room.is_empty()) {
        match file.read(room) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

fn refuse_known_formats(head: &[u8]) -> ApiResult<()> {
    if head.starts_with(b"PK\x03\x04") || head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(refused("This is an Excel workbook. Please save the sheet as CSV (UTF-8) and import that file."));
    }
    if head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]) {
        return Err(refused("The file is encoded as UTF-16. Please save it as CSV in UTF-8."));
    }
    Ok(())
}

/// 422 about the file.
pub fn refused(sentence: &str) -> ApiError {
    ApiError::new(ErrorCode::Invalid, sentence.to_owned()).with_field(FieldError::new("file", "file", sentence))
}

/// Copies a file as UTF-8 without byte order mark.
///
/// # Errors
/// The file cannot be read, or its copy not written.
pub async fn copy_as_utf8(
    mut file: tokio::fs::File,
    encoding: Encoding,
    to: &mut (impl AsyncWrite + Unpin),
) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    if encoding == Encoding::Utf8Bom {
        file.read_exact(&mut [0; 3]).await?;
    }
    loop {
        let read = file.read(&mut chunk).await?;
        let bytes = chunk.get(..read).unwrap_or_default();
        if bytes.is_empty() {
            return Ok(());
        }
        match encoding {
            Encoding::Utf8 | Encoding::Utf8Bom => to.write_all(bytes).await?,
            // One byte is one character: chunks need not end anywhere in particular.
            Encoding::Windows1252 => {
                let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
                to.write_all(text.as_bytes()).await?;
            }
        }
    }
}

/// The delimiter that splits the first lines into the most columns, evenly.
pub fn delimiter(head: &str) -> u8 {
    let score = |delimiter: u8| {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(false)
            .from_reader(head.as_bytes());
        let widths: Vec<usize> = reader.records().take(20).map_while(Result::ok).map(|r| r.len()).collect();
        let first = widths.first().copied().unwrap_or(0);
        // The last line of the sample may be cut off.
        let whole = widths.get(..widths.len().saturating_sub(1)).filter(|w| !w.is_empty()).unwrap_or(&widths);
        let even = whole.iter().filter(|w| **w == first).count() * 10 >= whole.len() * 8;
        if first > 1 { (even, first) } else { (false, 0) }
    };
    // The first of the best: the comma wins a tie.
    let mut best = (b',', score(b','));
    for candidate in [b';', b'\t', b'|'] {
        let found = score(candidate);
        if found > best.1 {
            best = (candidate, found);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// IMPORT-04: UTF-8 with and without mark, Windows-1252; anything else is refused with a reason.
    #[test]
    fn encodings() {
        assert_eq!(inspect("name\nZoë".as_bytes()).unwrap(), Encoding::Utf8);
        assert_eq!(inspect("\u{feff}name\nZoë".as_bytes()).unwrap(), Encoding::Utf8Bom);
        assert_eq!(inspect(&b"name\nZo\xEB"[..]).unwrap(), Encoding::Windows1252);
        // A character across the edge of two chunks.
        let long = format!("{}ë", "a".repeat(CHUNK - 1));
        assert_eq!(inspect(long.as_bytes()).unwrap(), Encoding::Utf8);
        assert_eq!(inspect(long.as_bytes().split_last().unwrap().1).unwrap(), Encoding::Windows1252);
        for bad in [&b""[..], b"PK\x03\x04rest", b"\xFF\xFEn\0", b"a\0b", b"\xEF\xBB\xBFZo\xEB"] {
            assert_eq!(*inspect(bad).unwrap_err().code(), ErrorCode::Invalid);
        }
    }

    #[test]
    fn delimiters() {
        assert_eq!(delimiter("a,b,c\n1,2,3\n"), b',');
        assert_eq!(delimiter("name;amount\nA;1,5\nB;2,5\n"), b';');
        assert_eq!(delimiter("a\tb\n1,2\t3\n"), b'\t');
        assert_eq!(delimiter("a|b|c\n1|2|3\n"), b'|');
        assert_eq!(delimiter("name\n\"Smith, John\"\n"), b',');
        assert_eq!(delimiter("a;b\n\"x;y\nz\";2\n"), b';');
    }
}
