//! What the steps of the wizard share: the plan, which is kept as a draft, and the server's preview of it.

mod exchange;

pub(super) use exchange::{Kept, Used};

use crate::api::{self, ApiFail, ApiResult};
use crate::data::{Cache, Session, schema};
use crate::ui::dom::{storage_get, storage_set};
use domain::catalog::RecordType;
use domain::error::FieldError;
use domain::import::Plan;
use domain::import::plan::{Match, Source};
use domain::import::preview::Preview;
use domain::import::target::{Target, targets};
use domain::permission::Permission;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// How long changes must pause before the server is asked for a new preview.
const PAUSE: Duration = Duration::from_millis(300);

/// A place in the plan that a refusal is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The source of the field with this key.
    Field(String),
    /// An option, by name.
    Setting(String),
    /// What a text of a field stands for.
    Value(String, String),
    /// The mapping as a whole.
    Mapping,
    /// Anything else.
    Plan,
}

impl Place {
    /// The place that a path into `sent` leads to.
    fn of(path: &str, sent: &Plan) -> Self {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != "plan").collect();
        let index = |text: &str| text.parse::<usize>().ok();
        match parts.as_slice() {
            ["mapping", at, ..] => index(at)
                .and_then(|at| sent.mapping.get(at))
                .map_or(Self::Mapping, |source| Self::Field(source.field.clone())),
            ["mapping"] => Self::Mapping,
            ["options", "matches", at, ..] => index(at)
                .and_then(|at| sent.options.matches.get(at))
                .map_or(Self::Plan, |value| Self::Value(value.field.clone(), value.text.clone())),
            ["options", name, ..] => Self::Setting((*name).to_owned()),
            _ => Self::Plan,
        }
    }
}

/// A problem at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub place: Place,
    pub message: String,
}

/// The state. Copy it freely.
#[derive(Clone, Copy)]
pub(super) struct Wizard {
    /// The file.
    pub file: Uuid,
    /// What its rows are.
    pub record: RecordType,
    /// What was decided.
    pub plan: RwSignal<Plan>,
    /// The saved mapping that the plan began with.
    pub used: RwSignal<Option<Used>>,
    /// How often the plan was exchanged as a whole: its controls are then drawn anew.
    pub exchanged: RwSignal<u32>,
    /// The server's last preview.
    pub preview: RwSignal<Arc<Preview>>,
    /// Whether a newer preview is under way.
    pub busy: RwSignal<bool>,
    /// Why there is no newer preview.
    pub fail: RwSignal<Option<ApiFail>>,
    /// What is wrong with the plan.
    pub troubles: RwSignal<Vec<Trouble>>,
    /// Everything that columns can feed.
    pub targets: StoredValue<Vec<Target>>,
    /// Whether this person may add stages.
    pub may_add_stages: bool,
    /// Whether this person may invite.
    pub may_invite: bool,
    draft: StoredValue<String>,
    round: StoredValue<u32>,
}

impl Wizard {
    /// Asks for the first preview: by the draft, if there is one, else by what the file suggests.
    pub(super) async fn load(
        owner: Owner,
        cache: Cache,
        session: Session,
        record: RecordType,
        file: Uuid,
    ) -> ApiResult<Self> {
        let user = session.me_untracked().map(|me| me.user.id).unwrap_or_default();
        let draft = format!("draft:{user}:import:{file}");
        let kept = storage_get(&draft).and_then(|text| serde_json::from_str::<Kept>(&text).ok());
        let first = match kept {
            Some(kept) => match api::import::preview(file, kept.plan.finished()).await {
                Ok(preview) => Ok((Some(kept), Arc::new(preview))),
                // A draft that no longer fits is given up.
                Err(fail) if fail.status() == 422 => Err(None),
                Err(fail) => Err(Some(fail)),
            },
            None => Err(None),
        };
        let (kept, preview) = match first {
            Ok(first) => first,
            Err(Some(fail)) => return Err(fail),
            Err(None) => (None, cache.fetch(super::first_preview(file)).await?),
        };
        let is_new = kept.is_none();
        let Kept { plan, used } = kept.unwrap_or_else(|| Kept { plan: preview.plan.clone(), used: None });
        let wizard = owner.with(|| Self {
            file,
            record,
            plan: RwSignal::new(plan),
            used: RwSignal::new(used),
            exchanged: RwSignal::new(0),
            troubles: RwSignal::new(troubles(&preview.problems, &preview.plan)),
            preview: RwSignal::new(preview),
            busy: RwSignal::new(false),
            fail: RwSignal::new(None),
            targets: StoredValue::new(targets(schema(record))),
            may_add_stages: session.can(Permission::PipelineUpdate),
            may_invite: session.can(Permission::MemberManage),
            draft: StoredValue::new(draft),
            round: StoredValue::new(0),
        });
        wizard.give_up_what_is_not_allowed();
        if is_new {
            wizard.note_what_is_used();
        }
        wizard.accept_suggestions();
        Ok(wizard)
    }

    /// Changes the plan, keeps it as a draft and asks for a new preview.
    pub(super) fn change(self, edit: impl FnOnce(&mut Plan)) {
        self.plan.update(edit);
        self.keep();
        self.refresh(PAUSE);
    }

    fn keep(self) {
        if let Ok(text) = serde_json::to_string(&self.now()) {
            self.draft.with_value(|key| storage_set(key, Some(&text)));
        }
    }

    fn now(self) -> Kept {
        Kept { plan: self.plan.get_untracked(), used: self.used.get_untracked() }
    }

    fn next_round(self) -> Option<u32> {
        self.round.try_update_value(|round| {
            *round = round.wrapping_add(1);
            *round
        })
    }

    /// Asks for a new preview.
    pub(super) fn refresh(self, after: Duration) {
        let Some(mine) = self.next_round() else { return };
        self.busy.set(true);
        set_timeout(
            move || {
                if self.round.try_get_value() == Some(mine) {
                    spawn_local(self.ask(mine));
                }
            },
            after,
        );
    }

    async fn ask(self, mine: u32) {
        let sent = self.plan.with_untracked(Plan::finished);
        let answer = api::import::preview(self.file, sent.clone()).await;
        // Late answers to old plans are dropped, and so are those for a page that was left.
        if self.round.try_get_value() != Some(mine) {
            return;
        }
        self.busy.set(false);
        match answer {
            Ok(mut preview) => {
                // A plan that does not fit shows no values; those of before are still the file's.
                if !preview.problems.is_empty() && preview.rows.is_empty() {
                    preview.values = self.preview.with_untracked(|old| old.values.clone());
                }
                self.fail.set(None);
                self.troubles.set(troubles(&preview.problems, &sent));
                self.preview.set(Arc::new(preview));
                self.accept_suggestions();
            }
            Err(fail) => {
                self.troubles.set(troubles(fail.fields(), &sent));
                self.fail.set(Some(fail));
            }
        }
    }

    /// New unknown values, after a column was mapped otherwise, are decided as the server proposes.
    fn accept_suggestions(self) {
        let undecided: Vec<_> = self.preview.with_untracked(|preview| {
            let plan = self.plan.read_untracked();
            let open = preview.values.iter().filter(|v| !v.known && plan.decision(&v.field, &v.text).is_none());
            open.cloned().collect()
        });
        if undecided.is_empty() {
            return;
        }
        self.plan.update(|plan| {
            for value in undecided {
                plan.decide(&value.field, &value.text, self.allowed(value.suggestion));
            }
        });
        self.refresh(Duration::ZERO);
    }

    fn give_up_what_is_not_allowed(self) {
        if !self.may_add_stages {
            self.plan.update(|plan| {
                for value in &mut plan.options.matches {
                    value.to = self.allowed(value.to.clone());
                }
            });
        }
    }

    fn allowed(self, to: Match) -> Match {
        if matches!(to, Match::Create { .. }) && !self.may_add_stages { Match::Empty } else { to }
    }

    /// Starts the import. What is refused is shown at its place; then the answer is an error as well.
    pub(super) async fn start(self) -> ApiResult<domain::import::job::ImportJob> {
        let sent = self.plan.with_untracked(Plan::finished);
        let answer = api::import::start(self.file, sent.clone()).await;
        match &answer {
            Ok(_) => self.forget_draft(),
            Err(fail) => drop(self.troubles.try_set(troubles(fail.fields(), &sent))),
        }
        answer
    }

    /// Forgets the draft: the file was started, or is gone.
    pub(super) fn forget_draft(self) {
        if let Some(key) = self.draft.try_get_value() {
            storage_set(&key, None);
        }
    }

    /// What is wrong at a place. Tracked.
    pub(super) fn trouble(self, place: &Place) -> Option<String> {
        self.troubles.with(|all| all.iter().find(|t| t.place == *place).map(|t| t.message.clone()))
    }

    /// The label of a field, as the mapping calls it.
    pub(super) fn label(self, key: &str) -> String {
        self.targets.with_value(|all| all.iter().find(|t| t.key == key).map(|t| t.label.clone())).unwrap_or_default()
    }

    /// Whether anything that fulfils the condition is imported. Tracked.
    pub(super) fn feeds(self, wanted: impl Fn(&Target) -> bool) -> bool {
        self.plan.with(|plan| {
            let is_fed = |t: &Target| plan.source(&t.key).is_some_and(|s| !matches!(s, Source::Constant(_)));
            self.targets.with_value(|all| all.iter().any(|t| wanted(t) && is_fed(t)))
        })
    }
}

fn troubles(problems: &[FieldError], sent: &Plan) -> Vec<Trouble> {
    problems.iter().map(|p| Trouble { place: Place::of(&p.path, sent), message: p.message.clone() }).collect()
}
