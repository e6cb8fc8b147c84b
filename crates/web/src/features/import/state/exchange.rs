//! The saved mapping that a plan begins with, and exchanging it for another one.

use super::{Wizard, troubles};
use crate::api::{self, ApiResult};
use domain::import::Plan;
use domain::import::saved::{AppliedMapping, SavedMapping};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// The saved mapping that the plan began with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Used {
    /// Which one, and what of it does not fit.
    pub mapping: AppliedMapping,
    /// The plan as it is with nothing changed by hand.
    pub plan: Plan,
}

/// What is kept as a draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// What was decided.
    pub plan: Plan,
    /// The saved mapping that it began with.
    pub used: Option<Used>,
}

impl Wizard {
    /// Takes a saved mapping instead of the plan, or without one what the file suggests. What was before comes back, for
    /// an undo; `None` where somebody went on meanwhile.
    pub async fn exchange(self, mapping: Option<Uuid>) -> Option<ApiResult<Kept>> {
        let mine = self.next_round()?;
        self.busy.set(true);
        let answer = api::import::preview_by(self.file, mapping).await;
        if self.round.try_get_value() != Some(mine) {
            return None;
        }
        self.busy.set(false);
        let preview = match answer {
            Ok(preview) => preview,
            Err(fail) => return Some(Err(fail)),
        };
        let before = self.now();
        self.plan.set(preview.plan.clone());
        self.fail.set(None);
        self.troubles.set(troubles(&preview.problems, &preview.plan));
        self.preview.set(Arc::new(preview));
        self.give_up_what_is_not_allowed();
        self.note_what_is_used();
        self.exchanged.update(|n| *n = n.wrapping_add(1));
        self.keep();
        self.accept_suggestions();
        Some(Ok(before))
    }

    /// Brings back what was before an exchange, unless the page was left.
    pub fn bring_back(self, before: &Kept) {
        if self.round.try_get_value().is_none() {
            return;
        }
        self.plan.set(before.plan.clone());
        self.used.set(before.used.clone());
        self.exchanged.update(|n| *n = n.wrapping_add(1));
        self.keep();
        self.refresh(Duration::ZERO);
    }

    /// From now on the plan counts as that of a saved mapping: it was just saved.
    pub fn saved_as(self, saved: &SavedMapping) {
        let mapping = AppliedMapping { id: saved.id, name: saved.name.clone(), ..AppliedMapping::default() };
        let plan = saved.plan.clone();
        if self.used.try_set(plan.map(|plan| Used { mapping, plan })).is_none() {
            self.keep();
        }
    }

    /// A saved mapping was deleted: the plan stays, as if made by hand.
    pub fn forget_used(self, id: Uuid) {
        let is_used = self.used.try_with_untracked(|used| used.as_ref().is_some_and(|used| used.mapping.id == id));
        if is_used == Some(true) {
            self.used.set(None);
            self.keep();
        }
    }

    /// The plan is that of the preview's saved mapping, if it has one.
    pub fn note_what_is_used(self) {
        let mapping = self.preview.with_untracked(|preview| preview.saved_mapping.clone());
        self.used.set(mapping.map(|mapping| Used { mapping, plan: self.plan.get_untracked() }));
    }
}
