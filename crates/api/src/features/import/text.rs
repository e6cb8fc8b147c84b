//! What kind of text an uploaded file is: its encoding and its delimiter.

use crate::error::{ApiError, ApiResult};
use domain::error::{ErrorCode, FieldError};
use encoding_rs::Decoder;
use std::io::{self, Read};
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// How a file is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 without a byte order mark.
    Utf8,
    /// UTF-8 that begins with a byte order mark of three bytes.
    Utf8Bom,
    /// UTF-16, little end first, with its mark.
    Utf16Le,
    /// UTF-16, big end first, with its mark.
    Utf16Be,
    /// Windows-1252, the one-byte encoding of western European office programs.
    Windows1252,
}

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A text.
    Text(Encoding),
    /// An Excel workbook (`.xlsx`).
    Workbook,
}

impl Encoding {
    /// A decoder for what is not UTF-8 already.
    fn decoder(self) -> Option<Decoder> {
        let encoding = match self {
            Self::Utf8 | Self::Utf8Bom => return None,
            Self::Utf16Le => encoding_rs::UTF_16LE,
            Self::Utf16Be => encoding_rs::UTF_16BE,
            Self::Windows1252 => encoding_rs::WINDOWS_1252,
        };
        Some(encoding.new_decoder_with_bom_removal())
    }

    /// The beginning of a file as text.
    pub fn decode_head(self, bytes: &[u8]) -> String {
        let Some(mut decoder) = self.decoder() else {
            return String::from_utf8_lossy(bytes).trim_start_matches('\u{feff}').to_owned();
        };
        let mut text = String::with_capacity(decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(0));
        let _what_was_read = decoder.decode_to_string(bytes, &mut text, false);
        text
    }
}

const CHUNK: usize = 64 * 1024;
const BOM: &[u8] = &[0xEF, 0xBB, 0xBF];

/// Reads a file through and decides what it is.
///
/// # Errors
/// 422 for a file that is empty or nothing we can read.
pub fn inspect(mut file: impl Read) -> ApiResult<FileKind> {
    let mut chunk = vec![0; CHUNK];
    let mut rest: Vec<u8> = Vec::new();
    let (mut is_utf8, mut has_bom, mut total) = (true, false, 0_usize);
    loop {
        let read = read_full(&mut file, &mut chunk).map_err(ApiError::internal)?;
        let bytes = chunk.get(..read).unwrap_or_default();
        if total == 0 {
            match by_signature(bytes)? {
                None => {}
                Some(FileKind::Text(encoding)) => return inspect_utf16(encoding, bytes, file),
                Some(FileKind::Workbook) => return Ok(FileKind::Workbook),
            }
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
    let encoding = match (total, is_utf8 && rest.is_empty(), has_bom) {
        (0, ..) => return Err(refused("The file is empty.")),
        (_, true, false) => Encoding::Utf8,
        (_, true, true) => Encoding::Utf8Bom,
        (_, false, false) => Encoding::Windows1252,
        (_, false, true) => return Err(broken("UTF-8")),
    };
    Ok(FileKind::Text(encoding))
}

/// Reads on in a file that says it is UTF-16, of which the first bytes are known.
fn inspect_utf16(encoding: Encoding, first: &[u8], mut file: impl Read) -> ApiResult<FileKind> {
    let Some(mut decoder) = encoding.decoder() else { return Ok(FileKind::Text(encoding)) };
    let mut chunk = first.to_vec();
    let mut text = String::new();
    let mut characters = 0;
    loop {
        let last = chunk.is_empty();
        text.clear();
        text.reserve(decoder.max_utf8_buffer_length(chunk.len()).unwrap_or(0));
        let (_, _, had_errors) = decoder.decode_to_string(&chunk, &mut text, last);
        if had_errors || text.contains('\0') {
            return Err(broken("UTF-16"));
        }
        characters += text.len();
        if last {
            break;
        }
        chunk.resize(CHUNK, 0);
        let read = read_full(&mut file, &mut chunk).map_err(ApiError::internal)?;
        chunk.truncate(read);
    }
    if characters == 0 { Err(refused("The file is empty.")) } else { Ok(FileKind::Text(encoding)) }
}

fn broken(encoding: &str) -> ApiError {
    refused(&format!("The file says that it is {encoding}, but it is not. Please save it again as CSV in UTF-8."))
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

/// What the first bytes say.
fn by_signature(head: &[u8]) -> ApiResult<Option<FileKind>> {
    if head.starts_with(b"PK\x03\x04") {
        return Ok(Some(FileKind::Workbook));
    }
    if head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        let sentence =
            "This workbook is of the old form (.xls) or protected. Please save it as .xlsx without a password.";
        return Err(refused(sentence));
    }
    if head.starts_with(&[0xFF, 0xFE]) {
        return Ok(Some(FileKind::Text(Encoding::Utf16Le)));
    }
    if head.starts_with(&[0xFE, 0xFF]) {
        return Ok(Some(FileKind::Text(Encoding::Utf16Be)));
    }
    Ok(None)
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
    let mut decoder = encoding.decoder();
    let mut text = String::new();
    loop {
        let read = file.read(&mut chunk).await?;
        let bytes = chunk.get(..read).unwrap_or_default();
        match &mut decoder {
            None => to.write_all(bytes).await?,
            Some(decoder) => {
                text.clear();
                text.reserve(decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(0));
                let _errors_were_looked_for = decoder.decode_to_string(bytes, &mut text, bytes.is_empty());
                to.write_all(text.as_bytes()).await?;
            }
        }
        if bytes.is_empty() {
            return Ok(());
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

    fn utf16(text: &str, little: bool) -> Vec<u8> {
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        units.flat_map(|unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    }

    /// IMPORT-04: UTF-8 with and without mark, UTF-16 of both ends, Windows-1252; anything else is refused with a reason.
    #[test]
    fn encodings() {
        let text = |bytes: &[u8]| match inspect(bytes).unwrap() {
            FileKind::Text(encoding) => encoding,
            FileKind::Workbook => panic!("a workbook"),
        };
        assert_eq!(text("name\nZoë".as_bytes()), Encoding::Utf8);
        assert_eq!(text("\u{feff}name\nZoë".as_bytes()), Encoding::Utf8Bom);
        assert_eq!(text(b"name\nZo\xEB"), Encoding::Windows1252);
        // A character across the edge of two chunks.
        let long = format!("{}ë", "a".repeat(CHUNK - 1));
        assert_eq!(text(long.as_bytes()), Encoding::Utf8);
        assert_eq!(text(long.as_bytes().split_last().unwrap().1), Encoding::Windows1252);
        let wide = format!("{}😀", "a".repeat(CHUNK / 2 - 2));
        assert_eq!(text(&utf16(&wide, true)), Encoding::Utf16Le);
        assert_eq!(text(&utf16("name\nZoë", false)), Encoding::Utf16Be);
        assert_eq!(Encoding::Utf16Be.decode_head(&utf16("name\nZoë", false)), "name\nZoë");
        assert_eq!(inspect(&b"PK\x03\x04rest"[..]).unwrap(), FileKind::Workbook);
        let half = utf16("😀", true).get(..4).unwrap().to_vec();
        for bad in [&b""[..], b"\xD0\xCF\x11\xE0", b"\xFF\xFE", b"\xFF\xFEa", &half, b"a\0b", b"\xEF\xBB\xBFZo\xEB"] {
            assert_eq!(*inspect(bad).unwrap_err().code(), ErrorCode::Invalid, "{bad:?}");
        }
    }

    /// IMPORT-04: what was cut in two by the edge of a chunk is whole in the copy.
    #[tokio::test]
    async fn copies() {
        let long = format!("{}😀ë\n", "a".repeat(CHUNK / 2 - 2));
        let cases = [
            (Encoding::Utf16Le, utf16(&long, true)),
            (Encoding::Utf16Be, utf16(&long, false)),
            (Encoding::Utf8Bom, format!("\u{feff}{long}").into_bytes()),
        ];
        for (encoding, bytes) in cases {
            let mut file = tempfile::tempfile().unwrap();
            io::Write::write_all(&mut file, &bytes).unwrap();
            io::Seek::rewind(&mut file).unwrap();
            let mut copy = Vec::new();
            copy_as_utf8(tokio::fs::File::from_std(file), encoding, &mut copy).await.unwrap();
            assert_eq!(String::from_utf8(copy).unwrap(), long, "{encoding:?}");
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
