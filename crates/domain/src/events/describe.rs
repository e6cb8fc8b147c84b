//! Events as sentences of a timeline (TIMELINE-09). The actor's name comes before them: "Ada *moved the deal …*".

use super::display::{self, Lookup};
use super::{Change, Payload, Related};
use crate::catalog::{Field, RecordType, member};
use crate::deals::{DealCompanyRelationship, DealContactRole, LostReason};
use serde_json::Value as Json;
use uuid::Uuid;

/// Fields that a sentence names with their values; of more it only gives the number.
const NAMED_CHANGES: usize = 3;

/// An event with what its sentence needs.
#[derive(Debug, Clone, Copy)]
pub struct Story<'a> {
    /// Name of the event: `deal.moved`.
    pub name: &'a str,
    /// Type of the record or thing it is about.
    pub entity: &'a str,
    /// Its id.
    pub entity_id: Option<Uuid>,
    /// The particulars.
    pub payload: &'a Payload,
    /// Names of the records, members, pipelines and stages in it.
    pub lookup: &'a Lookup,
}

/// The kind of an activity: the event's verb, with the names that people filter by.
pub fn activity_type(name: &str, payload: &Payload) -> String {
    let verb = verb_of(name);
    match verb {
        "moved" => "stage_moved".to_owned(),
        "updated" if payload.changes.iter().any(|c| c.field == "status") => "status_changed".to_owned(),
        other => other.to_owned(),
    }
}

fn verb_of(name: &str) -> &str {
    name.split_once('.').map_or(name, |(_, verb)| verb)
}

impl Story<'_> {
    /// The sentence on the timeline of the record that the event is about.
    pub fn own(&self) -> String {
        self.sentence(&format!("the {}", label(self.entity)), false)
    }

    /// The sentence on the timeline of `related`, which names the record that the event is about.
    pub fn on(&self, related: &Related) -> String {
        let subject = format!("the {} {}", label(self.entity), self.title());
        match linked_kind(verb_of(self.name)) {
            Some((_, "linked")) => format!("linked {subject} to the {}{}", label(&related.entity), self.part()),
            Some(_) => format!("unlinked {subject} from the {}", label(&related.entity)),
            None => self.sentence(&subject, true),
        }
    }

    fn sentence(&self, subject: &str, elsewhere: bool) -> String {
        match verb_of(self.name) {
            verb if RecordType::parse(self.entity).is_none() => self.about_others(verb),
            "updated" => self.changed(subject, elsewhere),
            "restored" => format!("restored {subject} from the archive"),
            "deleted" => format!("deleted {subject} for good"),
            "merged" => format!("merged {} into {subject}", self.merged()),
            "unmerged" => format!("took a merge into {subject} back{}", self.kept()),
            "tag_added" => self.tagged("added", if elsewhere { format!(" to {subject}") } else { String::new() }),
            "tag_removed" => self.tagged("removed", if elsewhere { format!(" from {subject}") } else { String::new() }),
            "moved" => self.moved(subject),
            "won" => format!("won {subject}{}", self.because(self.detail("won_reason"))),
            "lost" => {
                let reason = self.detail("lost_reason");
                let reason = reason.map(|r| LostReason::parse(&r).map_or(r, |known| known.label().to_owned()));
                format!("lost {subject}{}", self.because(reason))
            }
            "abandoned" => format!("abandoned {subject}{}", self.because(self.detail("close_notes"))),
            "reopened" => {
                let stage = self.first_detail(&["to", "to_stage", "stage"]).map(|s| format!(" in {s}"));
                format!("reopened {subject}{}", stage.unwrap_or_default())
            }
            verb => match linked_kind(verb) {
                Some((kind, "linked")) => format!("linked the {kind} {} to {subject}{}", self.other(kind), self.part()),
                Some((kind, _)) => format!("unlinked the {kind} {} from {subject}", self.other(kind)),
                None => format!("{} {subject}", words(verb)),
            },
        }
    }

    /// Things that have no timeline of their own but stand in the activity log.
    fn about_others(&self, verb: &str) -> String {
        let title = self.title();
        match (self.entity, verb) {
            ("member", "created" | "joined") => "joined the organization".to_owned(),
            ("member", "removed" | "deleted") => format!("removed {title} from the organization"),
            ("member", "updated") => self.changed(&format!("the member {title}"), true),
            ("organization", "created") => format!("founded {title}"),
            ("organization", _) => self.changed("the organization", true),
            ("import", "completed") => format!("imported {title}"),
            ("import", "failed") => format!("could not finish the import of {title}"),
            ("bulk", "completed") => {
                format!("changed many {} at once: {title}", self.detail("entity").unwrap_or_default())
            }
            ("bulk", "cancelled") => format!("stopped changing many records: {title}"),
            ("bulk", "failed") => format!("could not finish changing many records: {title}"),
            ("export", "completed") => format!("exported {}", self.detail("entity").unwrap_or_default()),
            ("export", "failed") => format!("could not finish the export {title}"),
            ("import", verb) => format!("{} the import of {title}", words(verb)),
            ("stage", "reordered") => format!("put the stages of {title} in a new order"),
            (entity, "updated") => self.changed(&format!("the {} {title}", label(entity)), true),
            (entity, verb) => format!("{} the {} {title}", words(verb), label(entity)),
        }
    }

    /// The names of the records that were merged.
    fn merged(&self) -> String {
        let list = self.payload.details.get("merged").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
        let names = list.iter().filter_map(|one| one.get("name").and_then(Json::as_str)).map(str::to_owned);
        match names.collect::<Vec<_>>() {
            names if names.is_empty() => format!("another {}", label(self.entity)),
            names => enumerate(&names),
        }
    }

    /// The fields that an undo has left as they were.
    fn kept(&self) -> String {
        let list = self.payload.details.get("kept").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
        let labels: Vec<String> = list.iter().filter_map(Json::as_str).map(|name| self.field_label(name)).collect();
        if labels.is_empty() { String::new() } else { format!(", but for {}", enumerate(&labels)) }
    }

    fn changed(&self, subject: &str, elsewhere: bool) -> String {
        let changes = &self.payload.changes;
        let (named, rest) = changes.split_at_checked(NAMED_CHANGES).unwrap_or((changes.as_slice(), &[]));
        let of = if elsewhere { format!(" of {subject}") } else { String::new() };
        if named.is_empty() {
            return format!("updated {subject}");
        }
        if let ([only], []) = (named, rest) {
            return self.one_change(only, &of);
        }
        let mut labels: Vec<String> = named.iter().map(|c| self.field_label(&c.field)).collect();
        match rest.len() {
            0 => {}
            1 => labels.extend(rest.iter().map(|c| self.field_label(&c.field))),
            more => labels.push(format!("{more} more fields")),
        }
        format!("changed {}{of}", enumerate(&labels))
    }

    fn one_change(&self, change: &Change, of: &str) -> String {
        let label = self.field_label(&change.field);
        let show = |value: &Json, new: bool| display::value(self, &change.field, value, new);
        match (show(&change.old, false), show(&change.new, true)) {
            (Some(old), Some(new)) => format!("changed {label}{of} from {old} to {new}"),
            (None, Some(new)) if display::is_absent(&change.old) => format!("set {label}{of} to {new}"),
            (Some(_), None) if display::is_absent(&change.new) => format!("cleared {label}{of}"),
            _ => format!("changed {label}{of}"),
        }
    }

    fn field_label(&self, name: &str) -> String {
        let unknown = || words(member::custom_key(name).unwrap_or(name));
        self.field(name).map_or_else(unknown, |field| field.label.to_owned())
    }

    fn moved(&self, subject: &str) -> String {
        let from = self.first_detail(&["from", "from_stage"]).or_else(|| self.stage_of(|c| &c.old));
        let to = self.first_detail(&["to", "to_stage", "stage"]).or_else(|| self.stage_of(|c| &c.new));
        match (from, to) {
            (Some(from), Some(to)) => format!("moved {subject} from {from} to {to}"),
            (None, Some(to)) => format!("moved {subject} to {to}"),
            _ => format!("moved {subject} to another stage"),
        }
    }

    fn stage_of(&self, side: impl Fn(&Change) -> &Json) -> Option<String> {
        let change = self.payload.changes.iter().find(|c| c.field == "stage_id")?;
        self.lookup.name(side(change))
    }

    fn tagged(&self, done: &str, where_to: String) -> String {
        match self.detail("tag") {
            Some(tag) => format!("{done} the tag {tag}{where_to}"),
            None => format!("{done} a tag{where_to}"),
        }
    }

    /// The name of the record linked: from the particulars, or from the related records.
    fn other(&self, kind: &str) -> String {
        let related = || self.payload.related.iter().find(|r| r.entity == kind).map(|r| display::short(&r.name));
        self.detail(kind).or_else(related).unwrap_or_default()
    }

    /// The part that the linked record has in the deal.
    fn part(&self) -> String {
        let label = |text: String| {
            let role = DealContactRole::parse(&text).map(DealContactRole::label);
            role.or_else(|| DealCompanyRelationship::parse(&text).map(DealCompanyRelationship::label))
        };
        let part = self.first_detail(&["role", "relationship"]).and_then(label);
        part.map(|part| format!(" as {}", part.to_lowercase())).unwrap_or_default()
    }

    fn because(&self, reason: Option<String>) -> String {
        reason.map(|reason| format!(": {reason}")).unwrap_or_default()
    }

    fn title(&self) -> String {
        display::short(&self.payload.title)
    }

    fn first_detail(&self, keys: &[&str]) -> Option<String> {
        keys.iter().find_map(|key| self.detail(key))
    }

    /// A particular as text: itself, the `name` in it, or the name of what its id stands for.
    fn detail(&self, key: &str) -> Option<String> {
        let value = self.payload.details.get(key)?;
        let text = value.as_str().or_else(|| value.get("name").and_then(Json::as_str))?;
        let text = match Uuid::parse_str(text) {
            Ok(_) => self.lookup.name(value)?,
            Err(_) => text.to_owned(),
        };
        (!text.trim().is_empty()).then(|| display::short(&text))
    }

    /// A field; `None` for names that the record type does not have (any more).
    pub(super) fn field(&self, name: &str) -> Option<&'static Field> {
        self.lookup.schemas.of(RecordType::parse(self.entity)?).field(name)
    }
}

/// `company_unlinked` as the kind of the other record and what happened to the link.
fn linked_kind(verb: &str) -> Option<(&str, &str)> {
    verb.rsplit_once('_').filter(|(_, done)| matches!(*done, "linked" | "unlinked"))
}

/// A type of thing, as it stands within a sentence.
fn label(entity: &str) -> String {
    entity.replace('_', " ")
}

fn words(name: &str) -> String {
    name.replace('_', " ")
}

fn enumerate(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [firsts @ .., last] => format!("{} and {last}", firsts.join(", ")),
    }
}

#[cfg(test)]
mod tests;
