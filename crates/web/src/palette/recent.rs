//! The records opened lately, per person and organization, in this browser.

use crate::api::Row;
use crate::data::use_session;
use crate::ui::dom::{storage_get, storage_set};
use domain::auth::Me;
use domain::catalog::RecordType;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How many are kept.
const KEPT: usize = 20;

/// A record opened lately.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Recent {
    /// Its type.
    pub record: RecordType,
    /// Its id.
    pub id: Uuid,
    /// What people call it.
    pub title: String,
}

fn storage_key(me: &Me) -> String {
    format!("rapport.recent.{}.{}", me.user.id, me.organization.id)
}

/// The list, latest first.
pub(super) fn of(me: &Me) -> Vec<Recent> {
    storage_get(&storage_key(me)).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

/// Puts a record on top of the list. Record pages call this when they show one.
pub fn remember(row: &Row) {
    let Some(me) = use_session().me_untracked() else { return };
    let opened = Recent { record: row.record, id: row.id, title: row.title.clone() };
    let mut list = of(&me);
    list.retain(|other| (other.record, other.id) != (opened.record, opened.id));
    list.insert(0, opened);
    list.truncate(KEPT);
    storage_set(&storage_key(&me), serde_json::to_string(&list).ok().as_deref());
}
