//! Changing a plan by hand, one decision at a time.

use super::norm;
use super::plan::{FieldSource, Match, Plan, Source, ValueMatch};
use crate::auth::check_email;

/// What a column feeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fed {
    /// Key of the target.
    pub field: String,
    /// The column that is asked before this one; none for the first.
    pub after: Option<String>,
    /// How many columns feed the target.
    pub columns: usize,
}

impl Plan {
    /// Where a field comes from.
    pub fn source(&self, field: &str) -> Option<&Source> {
        self.mapping.iter().find(|m| m.field == field).map(|m| &m.source)
    }

    /// What a column feeds directly; templates do not count.
    pub fn fed_by(&self, column: &str) -> Option<Fed> {
        self.mapping.iter().find_map(|m| {
            let Source::Columns(columns) = &m.source else { return None };
            let at = columns.iter().position(|c| c == column)?;
            let after = at.checked_sub(1).and_then(|before| columns.get(before)).cloned();
            Some(Fed { field: m.field.clone(), after, columns: columns.len() })
        })
    }

    /// Lets a column feed this field, after those that feed it already, and no other one; `None`: it is not imported.
    pub fn feed(&mut self, column: &str, field: Option<&str>) {
        for known in &mut self.mapping {
            if let Source::Columns(columns) = &mut known.source {
                columns.retain(|c| c != column);
            }
        }
        self.mapping.retain(|m| !matches!(&m.source, Source::Columns(columns) if columns.is_empty()));
        let Some(field) = field else { return };
        match self.mapping.iter_mut().find(|m| m.field == field).map(|m| &mut m.source) {
            Some(Source::Columns(columns)) => columns.push(column.to_owned()),
            Some(other) => *other = Source::Columns(vec![column.to_owned()]),
            None => self
                .mapping
                .push(FieldSource { field: field.to_owned(), source: Source::Columns(vec![column.to_owned()]) }),
        }
    }

    /// Asks a column before all others of its field.
    pub fn prefer(&mut self, column: &str) {
        for known in &mut self.mapping {
            if let Source::Columns(columns) = &mut known.source
                && let Some(at) = columns.iter().position(|c| c == column)
                && let Some(first) = columns.get_mut(..=at)
            {
                first.rotate_right(1);
            }
        }
    }

    /// Gives a field a text: a template if it names columns in braces, else the same for every row.
    pub fn compose(&mut self, field: &str, text: &str) {
        let text = text.to_owned();
        let source = if text.contains('{') { Source::Template(text) } else { Source::Constant(text) };
        match self.mapping.iter_mut().find(|m| m.field == field) {
            Some(known) => known.source = source,
            None => self.mapping.push(FieldSource { field: field.to_owned(), source }),
        }
    }

    /// Leaves a field out.
    pub fn leave_out(&mut self, field: &str) {
        self.mapping.retain(|m| m.field != field);
    }

    /// The decision about a text of a field.
    pub fn decision(&self, field: &str, text: &str) -> Option<&Match> {
        let wanted = norm(text);
        self.options.matches.iter().find(|m| m.field == field && norm(&m.text) == wanted).map(|m| &m.to)
    }

    /// Decides what a text of a field stands for.
    pub fn decide(&mut self, field: &str, text: &str, to: Match) {
        let wanted = norm(text);
        match self.options.matches.iter_mut().find(|m| m.field == field && norm(&m.text) == wanted) {
            Some(known) => known.to = to,
            None => self.options.matches.push(ValueMatch { field: field.to_owned(), text: text.to_owned(), to }),
        }
    }

    /// Whether another plan decides the same, in whatever order; what is not finished does not count.
    pub fn decides_as(&self, other: &Self) -> bool {
        let in_order = |plan: &Self| {
            let mut plan = plan.finished();
            plan.mapping.sort_by(|a, b| a.field.cmp(&b.field));
            plan.options.matches.sort_by_cached_key(|m| (m.field.clone(), norm(&m.text)));
            plan
        };
        self == other || in_order(self) == in_order(other)
    }

    /// The plan without what is not finished or no longer meant: blank texts, decisions about fields that nothing
    /// feeds, invitations without a whole address (those texts are left empty for the time being).
    pub fn finished(&self) -> Self {
        let mut plan = self.clone();
        plan.mapping.retain(|m| match &m.source {
            Source::Template(text) | Source::Constant(text) => !text.trim().is_empty(),
            Source::Columns(_) => true,
        });
        let fed: Vec<&str> = plan.mapping.iter().map(|m| m.field.as_str()).collect();
        plan.options.matches.retain(|m| fed.contains(&m.field.as_str()));
        for decision in &mut plan.options.matches {
            if matches!(&decision.to, Match::Invite { email } if check_email("email", email).is_err()) {
                decision.to = Match::Empty;
            }
        }
        plan
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::OrgSettings;
    use crate::catalog::RecordType;
    use crate::import::plan::Options;

    fn plan() -> Plan {
        Plan {
            entity: RecordType::Contact,
            mapping: Vec::new(),
            options: Options::from_settings(&OrgSettings::default()),
        }
    }

    /// IMPORT-02: a column feeds one field; several columns of a field stand in an order that can be changed.
    #[test]
    fn columns_are_fed_and_ordered() {
        let mut plan = plan();
        for column in ["email_work", "email_home", "email_other"] {
            plan.feed(column, Some("email"));
        }
        let fed = plan.fed_by("email_home").unwrap();
        assert_eq!((fed.field.as_str(), fed.after.as_deref(), fed.columns), ("email", Some("email_work"), 3));
        plan.prefer("email_other");
        let order = ["email_other", "email_work", "email_home"].map(str::to_owned).to_vec();
        assert_eq!(plan.source("email"), Some(&Source::Columns(order)));
        plan.feed("email_work", Some("title"));
        assert_eq!(plan.fed_by("email_work").unwrap().field, "title");
        plan.feed("email_other", None);
        plan.feed("email_home", None);
        assert_eq!((plan.fed_by("email_home"), plan.source("email")), (None, None));
    }

    /// IMPORT-02: a text with braces is a template, any other one a fixed value; a column takes its place.
    #[test]
    fn texts_are_composed() {
        let mut plan = plan();
        plan.compose("first_name", "{first} {last}");
        assert_eq!(plan.source("first_name"), Some(&Source::Template("{first} {last}".into())));
        plan.compose("source", "import");
        assert_eq!(plan.source("source"), Some(&Source::Constant("import".into())));
        plan.feed("first", Some("first_name"));
        assert_eq!(plan.source("first_name"), Some(&Source::Columns(vec!["first".into()])));
        plan.leave_out("first_name");
        assert_eq!(plan.source("first_name"), None);
    }

    /// IMPORT-02: taken back by hand, a change is none; another order of a field's columns is one.
    #[test]
    fn plans_that_decide_the_same() {
        let mut one = plan();
        for (column, field) in [("mail", "email"), ("home", "email"), ("tel", "phone")] {
            one.feed(column, Some(field));
        }
        one.feed("agent", Some("owner_id"));
        one.decide("owner_id", "Ada", Match::Empty);
        one.decide("owner_id", "Bob", Match::Empty);
        let mut other = one.clone();
        other.leave_out("email");
        assert!(!one.decides_as(&other));
        other.feed("mail", Some("email"));
        other.feed("home", Some("email"));
        other.options.matches.reverse();
        other.compose("notes", " ");
        other.decide("stage_id", "not imported", Match::Empty);
        assert!(one != other && one.decides_as(&other));
        other.prefer("home");
        assert!(!one.decides_as(&other));
    }

    /// What is half typed is not sent: the preview goes on showing the rest.
    #[test]
    fn unfinished_decisions_are_held_back() {
        let mut plan = plan();
        plan.compose("source", " ");
        plan.feed("agent", Some("owner_id"));
        plan.decide("owner_id", "Ada", Match::Invite { email: "ada@".into() });
        plan.decide("stage_id", "Won", Match::Empty);
        let sent = plan.finished();
        assert_eq!(sent.source("source"), None);
        assert_eq!(sent.decision("owner_id", " ADA "), Some(&Match::Empty));
        assert_eq!(sent.options.matches.len(), 1);
        plan.decide("owner_id", "ada", Match::Invite { email: "ada@example.com".into() });
        assert_eq!(plan.finished().decision("owner_id", "Ada"), plan.decision("owner_id", "Ada"));
        assert_eq!(plan.options.matches.len(), 2);
    }
}
