//! Which stage, member or choice a text stands for.

use super::plan::{Match, Options};
use super::{norm, squash};
use crate::auth::Member;
use crate::choice::Choice;
use crate::deals::DealStatus;
use crate::deals::close::{closing_stage, status_in};
use crate::pipelines::Stage;
use std::collections::HashMap;
use uuid::Uuid;

/// The result of looking a text up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<T> {
    /// It stands for this.
    This(T),
    /// A person decided that the field stays empty.
    Empty,
    /// Nobody knows.
    Unknown,
}

/// A stage named by a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageRef {
    /// Its id; none: it is created when the import starts.
    pub id: Option<Uuid>,
    /// Its name.
    pub name: String,
    /// The status that it gives its deals.
    pub status: DealStatus,
}

impl From<&Stage> for StageRef {
    fn from(stage: &Stage) -> Self {
        Self { id: Some(stage.id), name: stage.name.clone(), status: status_in(stage) }
    }
}

/// A member named by a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRef {
    /// Id; none: the person is invited when the import starts.
    pub id: Option<Uuid>,
    /// What to show.
    pub name: String,
}

impl From<&Member> for MemberRef {
    fn from(member: &Member) -> Self {
        Self { id: Some(member.id), name: member.name.clone() }
    }
}

/// What texts can stand for, ready to be asked for every row.
#[derive(Debug)]
pub struct Known<'a> {
    decisions: HashMap<(&'a str, String), &'a Match>,
    stages: &'a [Stage],
    stage_names: HashMap<String, &'a Stage>,
    members: HashMap<Uuid, &'a Member>,
    emails: HashMap<String, &'a Member>,
    names: HashMap<String, Vec<&'a Member>>,
}

impl<'a> Known<'a> {
    /// Prepares decisions, stages and members.
    pub fn new(options: &'a Options, stages: &'a [Stage], members: &'a [Member]) -> Self {
        let mut known = Self {
            decisions: HashMap::with_capacity(options.matches.len()),
            stages,
            stage_names: stages.iter().map(|s| (squash(&s.name), s)).collect(),
            members: members.iter().map(|m| (m.id, m)).collect(),
            emails: members.iter().filter_map(|m| Some((norm(m.email.as_deref()?), m))).collect(),
            names: HashMap::with_capacity(members.len()),
        };
        for decision in &options.matches {
            // The first decision about a text counts.
            known.decisions.entry((&decision.field, norm(&decision.text))).or_insert(&decision.to);
        }
        for member in members {
            known.names.entry(norm(&member.name)).or_default().push(member);
        }
        known
    }

    /// The decision about a text of a field.
    pub fn decision(&self, field: &str, text: &str) -> Option<&'a Match> {
        self.decisions.get(&(field, norm(text))).copied()
    }

    /// The stage that `text` stands for: by decision, by name, or by a word for winning or losing.
    pub fn stage(&self, field: &str, text: &str) -> Found<StageRef> {
        let named = || self.stage_names.get(&squash(text)).copied();
        match self.decision(field, text) {
            Some(Match::Existing { id }) => {
                self.stages.iter().find(|s| s.id == *id).map_or(Found::Unknown, |s| Found::This(s.into()))
            }
            Some(Match::Create { status }) => Found::This(named().map_or_else(
                || StageRef { id: None, name: crate::tags::clean(text), status: *status },
                StageRef::from,
            )),
            Some(Match::Empty) => Found::Empty,
            Some(Match::Choice { .. } | Match::Invite { .. }) => Found::Unknown,
            None => {
                let by_word = || closing_word(text).and_then(|status| closing_stage(self.stages, status));
                named().or_else(by_word).map_or(Found::Unknown, |s| Found::This(s.into()))
            }
        }
    }

    /// The member that `text` stands for: by decision, by address, or by name if only one is called so.
    pub fn member(&self, field: &str, text: &str) -> Found<MemberRef> {
        let by_email = |email: &str| self.emails.get(&norm(email)).copied();
        match self.decision(field, text) {
            Some(Match::Existing { id }) => self.members.get(id).map_or(Found::Unknown, |m| Found::This((*m).into())),
            Some(Match::Invite { email }) => Found::This(
                by_email(email).map_or_else(|| MemberRef { id: None, name: crate::tags::clean(text) }, MemberRef::from),
            ),
            Some(Match::Empty) => Found::Empty,
            Some(Match::Choice { .. } | Match::Create { .. }) => Found::Unknown,
            None => {
                let by_email = by_email(super::value::email(text));
                by_email.or_else(|| self.only_one_called(text)).map_or(Found::Unknown, |m| Found::This(m.into()))
            }
        }
    }

    fn only_one_called(&self, name: &str) -> Option<&'a Member> {
        match self.names.get(&norm(name)).map(Vec::as_slice) {
            Some([only]) => Some(only),
            Some(several) => match several.iter().filter(|m| m.active).collect::<Vec<_>>().as_slice() {
                [only] => Some(only),
                _ => None,
            },
            None => None,
        }
    }

    /// The option of a select field that `text` stands for: by decision, value or label.
    pub fn select(&self, field: &str, text: &str, choices: &'static [Choice]) -> Found<&'static str> {
        let found = match self.decision(field, text) {
            Some(Match::Empty) => return Found::Empty,
            Some(Match::Choice { value }) => choices.iter().find(|c| c.value == value),
            Some(Match::Existing { .. } | Match::Create { .. } | Match::Invite { .. }) => None,
            None => choice(choices, text),
        };
        found.map_or(Found::Unknown, |c| Found::This(c.value))
    }
}

/// Words for having won or lost.
fn closing_word(text: &str) -> Option<DealStatus> {
    match squash(text).as_str() {
        "won" | "closedwon" | "win" => Some(DealStatus::Won),
        "lost" | "closedlost" | "loss" => Some(DealStatus::Lost),
        _ => None,
    }
}

/// The option with this value or label, ignoring case, blanks and hyphens; "Closed won" is `won`.
pub fn choice(choices: &'static [Choice], text: &str) -> Option<&'static Choice> {
    let text = squash(text);
    let find = |wanted: &str| choices.iter().find(|c| squash(c.value) == wanted || squash(c.label) == wanted);
    find(&text).or_else(|| text.strip_prefix("closed").and_then(find))
}

/// What to propose for an unknown stage: one that is called alike, else a new one.
pub fn suggest_stage(text: &str, stages: &[Stage]) -> Match {
    let alike = stages.iter().find(|s| alike(&s.name, text));
    alike.map_or(Match::Create { status: closing_word(text).unwrap_or(DealStatus::Open) }, |s| Match::Existing {
        id: s.id,
    })
}

/// What to propose for an unknown member: one that is called alike, else nobody.
pub fn suggest_member(text: &str, members: &[Member]) -> Match {
    let mut found = members.iter().filter(|m| m.active && alike(&m.name, text));
    match (found.next(), found.next()) {
        (Some(member), None) => Match::Existing { id: member.id },
        _ => Match::Empty,
    }
}

/// What to propose for an unknown choice: one that is called alike, else nothing.
pub fn suggest_choice(text: &str, choices: &'static [Choice]) -> Match {
    let found = choices.iter().find(|c| alike(c.label, text) || alike(c.value, text));
    found.map_or(Match::Empty, |c| Match::Choice { value: c.value.to_owned() })
}

/// Whether two names differ by a typing mistake at most, or one begins with the other.
fn alike(a: &str, b: &str) -> bool {
    let (a, b) = (squash(a), squash(b));
    let (short, long) = if a.chars().count() <= b.chars().count() { (&a, &b) } else { (&b, &a) };
    let length = short.chars().count();
    // Names longer than this are no typing mistakes of each other, and the comparison is not for free.
    let is_typo = || long.chars().count() <= 60 && strsim::levenshtein(short, long) <= length / 5;
    length >= 4 && (long.starts_with(short.as_str()) || is_typo())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::OrgSettings;
    use crate::pipelines::default_stages;

    fn options() -> Options {
        Options::from_settings(&OrgSettings::default())
    }

    fn member_called(id: u128, name: &str, email: &str, active: bool) -> Member {
        let email = Some(email.to_owned());
        Member {
            id: Uuid::from_u128(id),
            name: name.into(),
            avatar_url: None,
            email,
            role: None,
            joined_at: None,
            active,
        }
    }

    /// IMPORT-02: won and lost find the closing stages; other stages are found by name.
    #[test]
    fn stages_by_name_and_word() {
        let stages = default_stages();
        let status = |text: &str| match Known::new(&options(), &stages, &[]).stage("stage_id", text) {
            Found::This(s) => Some((s.name, s.status)),
            Found::Empty | Found::Unknown => None,
        };
        assert_eq!(status("Won"), Some(("Closed won".into(), DealStatus::Won)));
        assert_eq!(status("closed_lost"), Some(("Closed lost".into(), DealStatus::Lost)));
        assert_eq!(status("PROSPECTING"), Some(("Prospecting".into(), DealStatus::Open)));
        assert_eq!(status("Engaging"), None);
        assert_eq!(suggest_stage("Engaging", &stages), Match::Create { status: DealStatus::Open });
        assert_eq!(suggest_stage("Negotiaton", &stages), Match::Existing { id: stages[3].id });
    }

    /// IMPORT-02: members by address or by a name that only one has.
    #[test]
    fn members_by_name_and_address() {
        let members = [
            member_called(1, "Ada Lovelace", "ada@example.com", true),
            member_called(2, "Bob", "bob@example.com", true),
            member_called(3, "bob", "bob2@example.com", true),
            member_called(4, "Eve", "eve@example.com", false),
        ];
        let id = |text: &str| match Known::new(&options(), &[], &members).member("owner_id", text) {
            Found::This(m) => m.id,
            Found::Empty | Found::Unknown => None,
        };
        assert_eq!(id("ada  LOVELACE"), Some(Uuid::from_u128(1)));
        assert_eq!(id("BOB2@example.com"), Some(Uuid::from_u128(3)));
        assert_eq!(id("Bob"), None);
        assert_eq!(id("Eve"), Some(Uuid::from_u128(4)));
        assert_eq!(suggest_member("Ada Lovelase", &members), Match::Existing { id: Uuid::from_u128(1) });
        assert_eq!(suggest_member("Grace", &members), Match::Empty);
    }
}
