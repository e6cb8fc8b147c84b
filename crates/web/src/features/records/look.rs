//! What the catalogue does not say about a record type: its picture, its words, and the parts of its page that no
//! other type has. A new type works with [`Look::plain`] and gets better from there.

use super::lookup::Lookup;
use super::row::Row;
use crate::api::records::Fields;
use crate::ui::IconName;
use domain::catalog::RecordType;
use leptos::prelude::*;
use serde_json::Value as Json;

/// A record that is shown, with what its parts need. Copy it freely.
#[derive(Clone, Copy)]
pub struct Shown {
    /// The record with pending changes applied.
    pub row: ReadSignal<Row>,
    /// Names and colours.
    pub lookup: Lookup,
    /// Whether this person may change it now: their rights, and it is not archived.
    pub may_edit: Memo<bool>,
}

/// The looks of a record type.
#[derive(Debug)]
pub struct Look {
    /// Its icon.
    pub icon: IconName,
    /// What such records are for, in a sentence.
    pub about: &'static str,
    /// Fields that lists offer to filter by at once.
    pub quick: &'static [&'static str],
    /// Fields with controls of their own (a deal's stage): values are shown, not edited.
    pub fixed: &'static [&'static str],
    /// Fields shown in the header of a record.
    pub facts: &'static [&'static str],
    /// What follows from them, beside them.
    pub marks: fn(Shown) -> AnyView,
    /// The fields that a new name sets.
    pub rename: fn(&str) -> Fields,
    /// Buttons and bars of its own, in the header.
    pub header: fn(Shown) -> AnyView,
    /// Records that can be made for it: their types, with the values that they begin with.
    pub makes: fn(&Row) -> Vec<(RecordType, Fields)>,
    /// Related records.
    pub related: fn(Shown) -> AnyView,
}

impl Look {
    /// Looks that fit any type whose name is a single field.
    pub const fn plain(icon: IconName, about: &'static str) -> Self {
        Self {
            icon,
            about,
            quick: &["owner_id"],
            fixed: &[],
            facts: &["status"],
            marks: |_| ().into_any(),
            rename: |name| [("name".to_owned(), Json::from(name))].into_iter().collect(),
            header: |_| ().into_any(),
            makes: |_| Vec::new(),
            related: |_| ().into_any(),
        }
    }
}

/// The looks of a record type.
pub fn look(record: RecordType) -> &'static Look {
    match record {
        RecordType::Company => &crate::features::companies::LOOK,
        RecordType::Contact => &crate::features::contacts::LOOK,
        RecordType::Deal => &crate::features::deals::LOOK,
    }
}
