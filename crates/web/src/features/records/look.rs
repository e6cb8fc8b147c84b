//! What the catalogue does not say about a record type: its picture, its words ([`Look`]), and the parts of its page that
//! no other type has ([`PageLook`]). A new type works with the plain ones and gets better from there.

use super::lookup::Lookup;
use crate::api::Row;
use crate::api::records::{Fields, fields};
use crate::shell::NavItem;
use crate::ui::{Avatar, AvatarSize, IconName};
use domain::catalog::RecordType;
use leptos::prelude::*;
use serde_json::Value as Json;
use uuid::Uuid;

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

/// The list of a record type in the sidebar and the palette.
#[derive(Debug)]
pub struct ListLook {
    /// Its icon.
    pub icon: IconName,
    /// The keys that go there.
    pub keys: Option<&'static str>,
    /// Other words that find it.
    pub keywords: &'static str,
    /// Further pages about such records, which stand below it.
    pub beside: &'static [NavItem],
}

/// The picture of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// None.
    None,
    /// A logo, or initials in a square.
    Company,
    /// Initials in a circle.
    Person,
}

/// The looks of a record type.
#[derive(Debug)]
pub struct Look {
    /// Its icon.
    pub icon: IconName,
    /// What such records are for, in a sentence.
    pub about: &'static str,
    /// Its list in the sidebar.
    pub list: ListLook,
    /// The picture of a record beside its name.
    pub mark: Mark,
    /// What an organization may want a field of its own for.
    pub own_field: &'static str,
    /// Fields that lists offer to filter by at once.
    pub quick: &'static [&'static str],
    /// Fields with controls of their own (a deal's stage): values are shown, not edited.
    pub fixed: &'static [&'static str],
    /// Fields shown in the header of a record.
    pub facts: &'static [&'static str],
    /// The fields that a new name sets.
    pub rename: fn(&str) -> Fields,
    /// Whether a name is all that it takes to make one where such a record is chosen.
    pub made_by_name: bool,
}

impl Look {
    /// Looks that fit any type whose name is a single field.
    pub const fn plain(icon: IconName, about: &'static str) -> Self {
        Self {
            icon,
            about,
            list: ListLook { icon, keys: None, keywords: "", beside: &[] },
            mark: Mark::None,
            own_field: "what the standard ones do not cover",
            quick: &["owner_id"],
            fixed: &[],
            facts: &["status"],
            rename: |name| fields([("name", Json::from(name))]),
            made_by_name: false,
        }
    }
}

/// The parts of a record type's page that no other type has. Apart from its looks, because lists do without them.
#[derive(Debug)]
pub struct PageLook {
    /// What follows from the facts in the header, beside them.
    pub marks: fn(Shown) -> AnyView,
    /// Buttons and bars of its own, in the header.
    pub header: fn(Shown) -> AnyView,
    /// Records that can be made for it: their types, with the values that they begin with.
    pub makes: fn(&Row) -> Vec<(RecordType, Fields)>,
    /// Related records.
    pub related: fn(Shown) -> AnyView,
}

impl PageLook {
    /// A page with nothing of its own.
    pub const fn plain() -> Self {
        Self { marks: |_| ().into_any(), header: |_| ().into_any(), makes: |_| Vec::new(), related: |_| ().into_any() }
    }
}

/// The picture of a record with this name; none where its type has none.
pub fn picture(record: RecordType, id: Uuid, name: String, logo: Option<&str>, size: AvatarSize) -> Option<AnyView> {
    let seed = id.to_string();
    match (look(record).mark, logo) {
        (Mark::None, _) => None,
        (Mark::Person, _) => Some(view! { <Avatar name=name seed=seed size=size /> }.into_any()),
        (Mark::Company, Some(src)) => {
            Some(view! { <Avatar name=name seed=seed size=size square=true src=src.to_owned() /> }.into_any())
        }
        (Mark::Company, None) => Some(view! { <Avatar name=name seed=seed size=size square=true /> }.into_any()),
    }
}

/// The looks of a record type. Here and in [`page_look`] alone the web app knows all of them.
pub fn look(record: RecordType) -> &'static Look {
    match record {
        RecordType::Company => &crate::features::companies::LOOK,
        RecordType::Contact => &crate::features::contacts::LOOK,
        RecordType::Deal => &crate::features::deals::LOOK,
        RecordType::Product => &crate::features::products::LOOK,
    }
}

/// The parts of its page.
pub fn page_look(record: RecordType) -> &'static PageLook {
    match record {
        RecordType::Company => &crate::features::companies::PAGE,
        RecordType::Contact => &crate::features::contacts::PAGE,
        RecordType::Deal => &crate::features::deals::PAGE,
        RecordType::Product => &crate::features::products::PAGE,
    }
}
