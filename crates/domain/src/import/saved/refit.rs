//! Makes the plan of a file from a saved one.

use super::fit::FileColumns;
use crate::auth::Member;
use crate::catalog::{Kind, Schema};
use crate::import::plan::{FieldSource, Match, Options, PhoneKind, Plan, Source, ValueMatch};
use crate::import::target::{Target, target};
use crate::import::{norm, squash, template};
use crate::pipelines::Stage;

/// What a file and an organization have for a saved plan.
#[derive(Debug)]
pub struct Given<'a> {
    /// The fields of the records.
    pub schema: Schema,
    /// The columns of the file.
    pub headers: &'a [String],
    /// The stages of the pipeline that deals go to.
    pub stages: &'a [Stage],
    /// The members of the organization.
    pub members: &'a [Member],
    /// Whether the reader may add stages.
    pub may_add_stages: bool,
    /// Whether the reader may invite.
    pub may_invite: bool,
}

/// What of a saved plan does not fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Misfit {
    /// Columns that are not in the file.
    pub columns: Vec<String>,
    /// Keys of fields that do not exist, or cannot be imported.
    pub fields: Vec<String>,
    /// Texts whose stage, colleague or option is not there, or must not be made by the reader.
    pub values: Vec<String>,
}

/// The plan that a saved one becomes for a file: columns by the file's own names, and without what is not there any
/// more. A field keeps those of its columns that are there; a text composed from columns needs all of them.
pub fn refit(plan: &Plan, given: &Given<'_>) -> (Plan, Misfit) {
    let columns = FileColumns::new(given.headers);
    let mut misfit = Misfit::default();
    let mut mapping = Vec::with_capacity(plan.mapping.len());
    let mut fed: Vec<Target> = Vec::with_capacity(plan.mapping.len());
    for saved in &plan.mapping {
        let Some(target) = target(given.schema, &saved.field) else {
            misfit.fields.push(saved.field.clone());
            continue;
        };
        if let Some(source) = source(&saved.source, &columns, &mut misfit) {
            mapping.push(FieldSource { field: saved.field.clone(), source });
            fed.push(target);
        }
    }
    let mut phone_kinds = Vec::with_capacity(plan.options.phone_kinds.len());
    for pair in &plan.options.phone_kinds {
        let (column, kind) = (misfit.find(&pair.column, &columns), misfit.find(&pair.kind, &columns));
        if let (Some(column), Some(kind)) = (column, kind) {
            phone_kinds.push(PhoneKind { column, kind });
        }
    }
    let mut matches = Vec::with_capacity(plan.options.matches.len());
    for saved in &plan.options.matches {
        // What stood for a field that is not imported is of no importance.
        let Some(target) = fed.iter().find(|target| target.key == saved.field) else { continue };
        match decision(saved, target, given) {
            Some(to) => matches.push(ValueMatch { to, ..saved.clone() }),
            None => misfit.values.push(saved.text.clone()),
        }
    }
    (Plan { mapping, options: Options { phone_kinds, matches, ..plan.options.clone() }, ..plan.clone() }, misfit)
}

impl Misfit {
    /// The file's name of a column; one that is not there is noted.
    fn find(&mut self, name: &str, columns: &FileColumns<'_>) -> Option<String> {
        let found = columns.find(name);
        if found.is_none() && !self.columns.iter().any(|known| known == name) {
            self.columns.push(name.to_owned());
        }
        found.map(str::to_owned)
    }
}

fn source(saved: &Source, columns: &FileColumns<'_>, misfit: &mut Misfit) -> Option<Source> {
    match saved {
        Source::Constant(_) => Some(saved.clone()),
        Source::Columns(names) => {
            let found: Vec<String> = names.iter().filter_map(|name| misfit.find(name, columns)).collect();
            (!found.is_empty()).then_some(Source::Columns(found))
        }
        Source::Template(text) => template::renamed(text, |name| misfit.find(name, columns)).map(Source::Template),
    }
}

/// What a decision means now; `None` where that is not there, or must not be made by the reader.
fn decision(saved: &ValueMatch, target: &Target, given: &Given<'_>) -> Option<Match> {
    let known = match (&saved.to, target.field.kind) {
        (Match::Existing { id }, Kind::Stage) => given.stages.iter().any(|stage| stage.id == *id),
        (Match::Existing { id }, Kind::User) => given.members.iter().any(|member| member.id == *id),
        (Match::Choice { value }, Kind::Select(choices) | Kind::MultiSelect(choices)) => {
            choices.iter().any(|choice| choice.value == value)
        }
        // What was to be made for the first file is there for the next one.
        (Match::Create { .. }, Kind::Stage) => {
            let made = given.stages.iter().find(|stage| squash(&stage.name) == squash(&saved.text));
            return made
                .map(|stage| Match::Existing { id: stage.id })
                .or(given.may_add_stages.then_some(saved.to.clone()));
        }
        (Match::Invite { email }, Kind::User) => {
            let has = |member: &&Member| member.email.as_deref().is_some_and(|known| norm(known) == norm(email));
            let came = given.members.iter().find(has).map(|member| Match::Existing { id: member.id });
            return came.or(given.may_invite.then_some(saved.to.clone()));
        }
        (Match::Empty, _) => true,
        _ => false,
    };
    known.then(|| saved.to.clone())
}
