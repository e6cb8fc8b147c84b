//! Import of tables (CSV): which column feeds which field, how texts are read, and what a row becomes.
//!
//! The way of a file: [`guess::guess`] proposes a [`plan::Plan`] from headers and sample rows, by a [`preset`] where the
//! file is an export of a known product; a [`reader::Reader`]
//! turns each record into a [`row::Row`] by that plan; a [`survey::Survey`] collects over the whole file what a
//! person has to decide (unknown stages, owners, choices). The server then links, matches and writes the rows. All of
//! it is pure, so the preview and the import itself cannot disagree.

pub mod guess;
pub mod job;
pub mod plan;
pub mod preset;
pub mod preview;
pub mod reader;
pub mod row;
pub mod saved;
pub mod spec;
pub mod survey;
pub mod target;
pub mod value;

mod compile;
mod countries;
mod deal;
mod decision;
mod edit;
mod feeding;
mod fill;
mod looks;
mod origin;
mod phones;
mod resolve;
mod sniff;
mod synonyms;
mod template;
mod words;

pub use deal::{NO_CLOSE_DATE, RowLine};
pub use edit::Fed;
pub use plan::Plan;
pub use reader::{Lookups, Reader};
pub use row::Row;
pub use spec::ImportSpec;
pub(crate) use words::Word;

/// The largest file, in megabytes of a million bytes.
pub const MAX_MEGABYTES: u64 = 512;
/// The same in bytes.
pub const MAX_BYTES: u64 = MAX_MEGABYTES * 1_000_000;
/// The most rows of a file, without the header.
pub const MAX_ROWS: u32 = 1_048_576;
/// The most columns of a file.
pub const MAX_COLUMNS: usize = 500;
/// The most bytes of one row: a quotation mark left open would make the rest of the file one.
pub const MAX_ROW_BYTES: u64 = 4_000_000;
/// Rows that a preview shows.
pub const PREVIEW_ROWS: usize = 20;
/// Rows that guesses look at.
pub const SAMPLE_ROWS: usize = 200;
/// The longest header, in characters; longer ones are cut.
pub const HEADER_MAX: usize = 100;

/// The headers of a file in the form in which plans name its columns: trimmed, never empty and each only once.
///
/// An empty header becomes `Column 3`, and a repeated one gets a number: `Email (2)`.
pub fn clean_headers<S: AsRef<str>>(raw: &[S]) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(raw.len());
    for (at, header) in raw.iter().enumerate() {
        let words: Vec<&str> = header.as_ref().split(|c: char| c.is_whitespace() || c.is_control()).collect();
        let joined = words.into_iter().filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ");
        let mut name: String = joined.chars().take(HEADER_MAX).collect();
        if name.is_empty() {
            name = format!("Column {}", at + 1);
        }
        let taken = |name: &str| out.iter().any(|known| known.eq_ignore_ascii_case(name));
        let unique = (2..).map(|n| format!("{name} ({n})")).find(|numbered| !taken(numbered));
        out.push(if taken(&name) { unique.unwrap_or(name) } else { name });
    }
    out
}

/// How texts are compared when a value is looked up: lower case, single blanks, trimmed.
pub fn norm(text: &str) -> String {
    crate::tags::norm(text)
}

/// The form in which headers, choices and stages are compared: lower-case letters and digits only.
fn squash(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests;
