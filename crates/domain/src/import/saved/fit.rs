//! Which saved mapping suits a file.

use super::SavedMapping;
use crate::import::norm;
use crate::import::plan::{Plan, Source};
use crate::import::template;
use std::cmp::Reverse;
use std::collections::HashMap;
use uuid::Uuid;

/// The columns of a file, to be found by the names that another file had for them: case, blanks around and between
/// words and the order of the columns do not matter.
#[derive(Debug)]
pub struct FileColumns<'f> {
    headers: &'f [String],
    exact: HashMap<&'f str, &'f str>,
    alike: HashMap<String, &'f str>,
}

impl<'f> FileColumns<'f> {
    /// Of the headers of [`crate::import::clean_headers`].
    pub fn new(headers: &'f [String]) -> Self {
        let exact = headers.iter().map(|header| (header.as_str(), header.as_str())).collect();
        let mut alike = HashMap::with_capacity(headers.len());
        for header in headers {
            alike.entry(norm(header)).or_insert(header.as_str());
        }
        Self { headers, exact, alike }
    }

    /// The file's own name of a column.
    pub fn find(&self, name: &str) -> Option<&'f str> {
        self.exact.get(name).or_else(|| self.alike.get(&norm(name))).copied()
    }

    /// How a saved mapping suits the file.
    pub fn fit(&self, mapping: &SavedMapping) -> Fit {
        let missing = mapping.reads.iter().filter(|name| self.find(name).is_none()).cloned().collect();
        let known = FileColumns::new(&mapping.columns);
        let new: Vec<String> = self.headers.iter().filter(|header| known.find(header).is_none()).cloned().collect();
        let gone = mapping.columns.iter().filter(|name| self.find(name).is_none()).count();
        Fit { missing, known: self.headers.len() - new.len(), new, gone, reads: mapping.reads.len() }
    }
}

/// How a saved mapping suits a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    /// Columns that the mapping reads and the file does not have.
    pub missing: Vec<String>,
    /// Columns of the file that the mapping does not know.
    pub new: Vec<String>,
    known: usize,
    gone: usize,
    reads: usize,
}

impl Fit {
    /// Whether the file is read by the mapping unless somebody says otherwise: all columns that it reads are there, and
    /// at least half of the file's columns were there when it was saved. A mapping that reads a single `Email` does not
    /// take every file with such a column.
    pub fn suits(&self) -> bool {
        self.reads > 0 && self.missing.is_empty() && self.known >= self.new.len()
    }
}

/// The mapping by which a file is read unless somebody says otherwise: of those that suit it the one that knows most of
/// its columns, then the one whose file had fewest others, the reader's own before those of colleagues, the one changed
/// last.
pub fn best<'m>(mappings: &'m [SavedMapping], headers: &[String], reader: Uuid) -> Option<&'m SavedMapping> {
    let columns = FileColumns::new(headers);
    let fits = mappings.iter().map(|mapping| (mapping, columns.fit(mapping))).filter(|(_, fit)| fit.suits());
    let rank = |(mapping, fit): &(&SavedMapping, Fit)| {
        (fit.known, Reverse(fit.gone), mapping.user_id == reader, mapping.updated_at, mapping.id)
    };
    fits.max_by_key(rank).map(|(mapping, _)| mapping)
}

impl Plan {
    /// The columns that the plan reads, each once.
    pub fn reads(&self) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        let mut add = |name: &str| {
            if !out.iter().any(|known| known == name) {
                out.push(name.to_owned());
            }
        };
        for field in &self.mapping {
            match &field.source {
                Source::Columns(names) => names.iter().for_each(|name| add(name)),
                Source::Template(text) => template::columns_of(text).for_each(&mut add),
                Source::Constant(_) => {}
            }
        }
        for kind in &self.options.phone_kinds {
            add(&kind.column);
            add(&kind.kind);
        }
        out
    }
}
