//! Which columns feed which target, while a plan is being guessed.

use super::compile::COLUMNS_MAX;
use super::norm;
use super::plan::{FieldSource, Source};
use super::preset::Place;
use super::sniff::Column;
use super::target::Target;

/// The targets of a record type and what feeds them.
pub(super) struct Feeding<'t, 'c> {
    targets: &'t [Target],
    /// The targets that are fed, with their columns.
    pub columns: Vec<(&'t Target, Vec<(Place, &'c Column<'c>)>)>,
}

impl<'t, 'c> Feeding<'t, 'c> {
    /// Nothing is fed yet.
    pub fn new(targets: &'t [Target]) -> Self {
        Self { targets, columns: Vec::new() }
    }

    /// The target with this key.
    pub fn target(&self, key: &str) -> Option<&'t Target> {
        self.targets.iter().find(|t| t.key == key)
    }

    /// Lets a column feed a target, at its place among the target's columns.
    pub fn feed(&mut self, target: &'t Target, place: Place, column: &'c Column<'c>) {
        let at = match self.columns.iter().position(|(known, _)| known.key == target.key) {
            Some(at) => at,
            None => {
                self.columns.push((target, Vec::new()));
                self.columns.len() - 1
            }
        };
        if let Some((_, columns)) = self.columns.get_mut(at) {
            columns.push((place, column));
            // Stable: columns without a place of their own stay in the order of the file.
            columns.sort_by_key(|(place, _)| *place);
        }
    }

    /// Whether anything feeds the target.
    pub fn has(&self, key: &str) -> bool {
        self.columns.iter().any(|(known, _)| known.key == key)
    }

    /// Whether anything feeds the name of a person or a part of it.
    pub fn has_name(&self) -> bool {
        ["name", "first_name", "last_name"].into_iter().any(|key| self.has(key))
    }

    /// Tells names from parts of names by their contents, where one word stands for both: beside a first name `Name` is
    /// the last one, and a lone first or last name of two words is a whole one.
    pub fn settle_names(&mut self, rows: &[Vec<String>]) {
        match (self.first_of("name"), self.first_of("first_name"), self.first_of("last_name")) {
            (Some(name), Some(first), None) => {
                let cell = |row: &[String], column: &Column<'_>| row.get(column.at).map(|cell| norm(cell));
                let pairs = rows.iter().filter_map(|row| Some((cell(row, name)?, cell(row, first)?)));
                let pairs: Vec<_> = pairs.filter(|(name, first)| !name.is_empty() && !first.is_empty()).collect();
                let whole = pairs.iter().filter(|(name, first)| name.contains(first.as_str())).count();
                if !pairs.is_empty() && whole * 2 < pairs.len() {
                    self.rename("name", "last_name");
                }
            }
            (None, Some(only), None) if is_whole_name(only) => self.rename("first_name", "name"),
            (None, None, Some(only)) if is_whole_name(only) => self.rename("last_name", "name"),
            _ => {}
        }
    }

    fn first_of(&self, key: &str) -> Option<&'c Column<'c>> {
        self.columns.iter().find(|(known, _)| known.key == key).and_then(|(_, c)| c.first()).map(|(_, column)| *column)
    }

    fn rename(&mut self, from: &str, to: &str) {
        if let Some(target) = self.target(to)
            && let Some((known, _)) = self.columns.iter_mut().find(|(known, _)| known.key == from)
        {
            *known = target;
        }
    }

    /// The same as a plan says it.
    pub fn mapping(&self) -> Vec<FieldSource> {
        let headers = |columns: &[(Place, &Column<'_>)]| {
            columns.iter().take(COLUMNS_MAX).map(|(_, c)| c.header.to_owned()).collect()
        };
        self.columns
            .iter()
            .map(|(target, columns)| FieldSource {
                field: target.key.clone(),
                source: Source::Columns(headers(columns)),
            })
            .collect()
    }
}

fn is_whole_name(column: &Column<'_>) -> bool {
    column.mostly(60, |value| value.split_whitespace().count() > 1)
}
