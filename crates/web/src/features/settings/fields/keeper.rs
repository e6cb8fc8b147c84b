//! Sends changes of definitions, and has the answers known wherever fields are shown.

use crate::api;
use crate::api::ApiResult;
use crate::data::notice::Notice;
use crate::data::{Mutations, Notices, Session, use_mutations, use_notices, use_session};
use domain::fields::{FieldDefinition, FieldDefinitionInput, FieldOrder};
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

/// What sends changes. Copy it freely.
#[derive(Clone, Copy)]
pub(super) struct Keeper(StoredValue<Tools>);

#[derive(Clone)]
struct Tools {
    session: Session,
    mutations: Mutations,
    notices: Notices,
}

impl Keeper {
    pub fn current() -> Self {
        let (session, mutations, notices) = (use_session(), use_mutations(), use_notices());
        Self(StoredValue::new(Tools { session, mutations, notices }))
    }

    /// Has an answer known.
    pub fn put(self, field: FieldDefinition) {
        if let Some(tools) = self.0.try_get_value() {
            tools.put(field);
        }
    }

    /// Says what was done.
    pub fn done(self, what: String) {
        if let Some(tools) = self.0.try_get_value() {
            tools.notices.done(what);
        }
    }

    /// Changes a definition, after the changes of it that are on their way; `ended` is called with the answer.
    pub fn change(self, field: Memo<FieldDefinition>, input: FieldDefinitionInput, ended: impl FnOnce() + 'static) {
        let Some(tools) = self.0.try_get_value() else { return };
        let seen = field.get_untracked();
        Mutations::in_turn(seen.id, async move {
            // Its turn has come: the version is that of the answer to the change before.
            let now = field.try_get_untracked().unwrap_or(seen);
            let answer = api::fields::update(now.id, now.version, &input).await;
            tools.take(answer, format!("{} was not changed", now.name), Tools::put);
            ended();
        });
    }

    /// Puts the fields of a record type in another order; `settled` is called when that is known, or refused.
    pub fn reorder(self, order: FieldOrder, settled: impl FnOnce() + 'static) {
        let Some(tools) = self.0.try_get_value() else { return };
        spawn_local(async move {
            let answer = api::fields::reorder(&order).await;
            tools.take(answer, "The order was not changed".to_owned(), |tools, _| {
                // Versions have changed as well.
                tools.session.change_fields(|fields| {
                    fields.sort_by_key(|field| order.ids.iter().position(|id| *id == field.id));
                });
                tools.session.check();
                tools.mutations.touched("field", None);
            });
            settled();
        });
    }

    /// Deletes a field, with Undo; `ended` is called with the answer.
    pub fn delete(self, field: FieldDefinition, ended: impl FnOnce() + 'static) {
        let Some(tools) = self.0.try_get_value() else { return };
        spawn_local(async move {
            let answer = api::fields::delete(field.id).await;
            tools.take(answer, format!("{} was not deleted", field.name), |tools, ()| {
                tools.session.change_fields(|fields| fields.retain(|other| other.id != field.id));
                tools.mutations.touched("field", None);
                let (again, name) = (tools.clone(), field.name.clone());
                let undo = move || again.restore(field.id, name.clone());
                tools.notices.show(Notice::done(format!("Field {} deleted", field.name)).action("Undo", undo));
            });
            ended();
        });
    }

    /// Brings a deleted field back.
    pub fn restore(self, field: &FieldDefinition) {
        if let Some(tools) = self.0.try_get_value() {
            tools.restore(field.id, field.name.clone());
        }
    }
}

impl Tools {
    /// Hands on an answer, or says `what` was refused and has everything asked again.
    fn take<T>(&self, answer: ApiResult<T>, what: String, done: impl FnOnce(&Self, T)) {
        match answer {
            Ok(answer) => done(self, answer),
            Err(fail) => {
                self.notices.failed(what, &fail);
                self.session.check();
            }
        }
    }

    fn put(&self, field: FieldDefinition) {
        self.session.change_fields(|fields| match fields.iter_mut().find(|other| other.id == field.id) {
            Some(shown) => *shown = field,
            None => fields.push(field),
        });
        self.mutations.touched("field", None);
    }

    fn restore(&self, id: Uuid, name: String) {
        let tools = self.clone();
        spawn_local(async move {
            let answer = api::fields::restore(id).await;
            tools.take(answer, format!("{name} was not restored"), |tools, field| {
                tools.put(field);
                tools.notices.done(format!("Field {name} restored"));
            });
        });
    }
}
