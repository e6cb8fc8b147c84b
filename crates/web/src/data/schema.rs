//! The record types as the organization of the session has them: the standard fields and its own.

use domain::catalog::{RecordType, Schema, Schemas, own_fields};
use domain::fields::FieldDefinition;
use leptos::prelude::*;
use leptos::reactive::graph::Observer;

thread_local! {
    /// A session is one for the whole app, and fields are asked for where no context reaches: in answers, in listeners.
    static SCHEMAS: ArcRwSignal<Schemas> = ArcRwSignal::new(Schemas::default());
}

/// A record type with the organization's own fields. Where something subscribes it is told when they change; elsewhere
/// that is no mistake, as for the session.
pub fn schema(record: RecordType) -> Schema {
    let known = SCHEMAS.with(Clone::clone);
    let all = if Observer::get().is_some() { known.get() } else { known.get_untracked() };
    all.of(record)
}

/// Takes over the definitions of own fields.
pub(super) fn know(definitions: &[FieldDefinition]) {
    let now = own_fields(definitions);
    let known = SCHEMAS.with(Clone::clone);
    if known.with_untracked(|before| *before != now) {
        known.set(now);
    }
}
