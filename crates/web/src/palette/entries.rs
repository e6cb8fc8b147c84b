//! What the palette lists, and in which order.

use super::recent::Recent;
use crate::features::records::href::href;
use crate::keyboard::Action;
use crate::shell::icon_of;
use crate::ui::IconName;
use domain::catalog::RecordType;
use domain::search::{SearchResults, fuzzy_score};
use leptos::prelude::*;
use uuid::Uuid;

/// Groups of actions in the order of the palette; those of the page come before, unknown ones between.
const LAST_GROUPS: &[&str] = &["Create", "General", "Navigation"];
/// Recent records shown while nothing is typed.
const RECENT_SHOWN: usize = 5;

/// What choosing an entry does.
#[derive(Clone)]
pub(super) enum Run {
    /// Runs an action.
    Action(Callback<()>),
    /// Goes to an address.
    Open(String),
}

/// One line.
#[derive(Clone)]
pub(super) struct Entry {
    /// Tells entries apart.
    pub id: String,
    pub title: String,
    pub note: String,
    pub icon: IconName,
    pub keys: Option<&'static str>,
    pub run: Run,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.title == other.title && self.note == other.note
    }
}

/// Lines under a heading.
#[derive(Clone, PartialEq)]
pub(super) struct Group {
    pub label: String,
    pub entries: Vec<Entry>,
}

fn record_entry(record: RecordType, id: Uuid, title: &str, note: &str) -> Entry {
    let href = href(record, id);
    Entry {
        id: href.clone(),
        title: title.to_owned(),
        note: note.to_owned(),
        icon: icon_of(record),
        keys: None,
        run: Run::Open(href),
    }
}

fn action_entry(action: &Action) -> Entry {
    Entry {
        id: action.id.clone(),
        title: action.title.clone(),
        note: String::new(),
        icon: action.icon.unwrap_or(IconName::Zap),
        keys: action.keys.first().copied(),
        run: Run::Action(action.run),
    }
}

/// What the server has found.
#[derive(Clone, Copy)]
pub(super) struct Hits<'a> {
    pub results: &'a SearchResults,
    /// For something typed before: only what fits the present text too may stand in, or Enter would open another thing.
    pub stale: bool,
}

/// The groups for what was typed.
pub(super) fn arrange(typed: &str, hits: Option<Hits<'_>>, recent: &[Recent], actions: &[Action]) -> Vec<Group> {
    let mut groups = Vec::new();
    let lately: Vec<Entry> = recent
        .iter()
        .filter(|record| typed.is_empty() || fuzzy_score(typed, &record.title).is_some())
        .map(|record| record_entry(record.record, record.id, &record.title, record.record.spec().label))
        .collect();
    // While something is typed they only stand in until the server has answered.
    if typed.is_empty() || hits.is_none() {
        push(&mut groups, "Recent", lately.into_iter().take(RECENT_SHOWN).collect());
    }
    let stale = hits.is_some_and(|hits| hits.stale);
    for group in hits.map(|hits| hits.results.groups.as_slice()).unwrap_or_default() {
        let fits = |text: &str| fuzzy_score(typed, text).is_some();
        let fitting = group.hits.iter().filter(|hit| !stale || fits(&hit.title) || fits(&hit.subtitle));
        let entries = fitting.map(|hit| record_entry(hit.entity_type, hit.entity_id, &hit.title, &hit.subtitle));
        push(&mut groups, group.entity_type.spec().label_plural, entries.collect());
    }

    let mut scored: Vec<(i32, &Action)> = actions
        .iter()
        .filter(|action| !action.keys_only && action.enabled.try_get().unwrap_or(false))
        .filter_map(|action| Some((score(typed, action)?, action)))
        .collect();
    // Stable: equal scores keep the order in which pages registered them.
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    for label in labels(&scored) {
        let of_group = scored.iter().filter(|(_, action)| action.group == label);
        push(&mut groups, label, of_group.map(|(_, action)| action_entry(action)).collect());
    }
    groups
}

fn push(groups: &mut Vec<Group>, label: &str, entries: Vec<Entry>) {
    if !entries.is_empty() {
        groups.push(Group { label: label.to_owned(), entries });
    }
}

/// How well an action fits; its title counts more than the words beside it.
fn score(typed: &str, action: &Action) -> Option<i32> {
    if typed.is_empty() {
        return Some(0);
    }
    let by_words = || fuzzy_score(typed, &action.keywords).filter(|score| *score > 0).map(|score| score / 2);
    fuzzy_score(typed, &action.title).or_else(by_words)
}

/// The group headings: those of pages first, then the general ones.
fn labels<'a>(actions: &[(i32, &'a Action)]) -> Vec<&'a str> {
    let mut labels: Vec<&str> = Vec::new();
    for (_, action) in actions {
        if !labels.contains(&action.group.as_str()) {
            labels.push(&action.group);
        }
    }
    labels.sort_by_key(|label| LAST_GROUPS.iter().position(|last| last == label).map_or(0, |at| at + 1));
    labels
}
