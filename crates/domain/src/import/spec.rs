//! What imports have to know of a record type beside its fields.

use super::row::{Key, Row};
use super::words::Word;

/// Names that headers give to targets: the target's key, and the names in lower-case letters and digits only.
pub type Names = &'static [(&'static str, &'static [&'static str])];

/// What imports have to know of a record type beside its fields. Begin with [`ImportSpec::BY_NAME`].
#[derive(Debug)]
pub struct ImportSpec {
    /// Words for the record itself, which headers put before the name of a field: `account name`, `deal_stage`.
    pub prefixes: &'static [&'static str],
    /// Other names of its targets, beside the catalogue's names, labels and aliases.
    pub names: Names,
    /// The targets that words of other languages mean.
    pub(crate) words: &'static [(Word, &'static str)],
    /// The targets whose columns make the name where no column has it, the best first.
    pub composed_of: &'static [&'static str],
    /// How many of these columns make it.
    pub composed_most: usize,
    /// By what the record of a row is recognised, strongest first.
    pub keys: fn(&Row) -> Vec<Key>,
    /// The same in words: "domain or name".
    pub same: &'static str,
    /// Whether a second record with the same keys can exist.
    pub twins: bool,
}

impl ImportSpec {
    /// Of records that are recognised by their name.
    pub const BY_NAME: Self = Self {
        prefixes: &[],
        names: &[],
        words: &[(Word::Name, "name"), (Word::NameOrFirst, "name"), (Word::NameOrLast, "name")],
        composed_of: &[],
        composed_most: 1,
        keys: |row| row.text("name").map(Key::name).into_iter().collect(),
        same: "name",
        twins: true,
    };
}
