//! Saves that met a newer version: which fields clash, and what is asked of the person.

use crate::api::Row;
use crate::api::records::Fields;

/// A save that met a newer version.
#[derive(Clone, PartialEq)]
pub struct Conflict {
    /// The fields that somebody else has changed, too, as they were to be saved.
    pub mine: Fields,
    /// The other fields that were to be saved: they are, whatever is chosen.
    pub rest: Fields,
    /// The record as it is now.
    pub current: Row,
}

/// Parts what was to be saved: first the fields that were changed to something else since the person `began`, then
/// those that nobody else has touched.
pub fn part(mine: &Fields, began: &Row, current: &Row) -> (Fields, Fields) {
    mine.iter().map(|(name, value)| (name.clone(), value.clone())).partition(|(name, value)| {
        let (before, now) = (began.get(name), current.get(name));
        before != now && value != now
    })
}
