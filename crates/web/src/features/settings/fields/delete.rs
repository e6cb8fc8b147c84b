//! Asks before a field is deleted, and tells how many records have a value (FIELD-06).

use super::keeper::Keeper;
use crate::api;
use crate::ui::dom::ignore;
use crate::ui::{ConfirmDialog, format};
use domain::fields::FieldDefinition;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Open while `deleting` is set.
#[component]
pub(super) fn DeleteField(
    /// The field, both ways.
    deleting: RwSignal<Option<FieldDefinition>>,
) -> impl IntoView {
    let keeper = Keeper::current();
    let (open, busy) = (RwSignal::new(false), RwSignal::new(false));
    // How many records have a value, once the server has said so; or that it could not.
    let usage = RwSignal::new(None::<Option<i64>>);
    Effect::new(move |_| {
        let Some(id) = deleting.with(|field| field.as_ref().map(|field| field.id)) else { return };
        usage.set(None);
        open.set(true);
        spawn_local(async move {
            let answer = api::fields::usage(id).await.ok().map(|usage| usage.records);
            let still = |field: &Option<FieldDefinition>| field.as_ref().is_some_and(|field| field.id == id);
            if deleting.try_with_untracked(still) == Some(true) {
                ignore(usage.try_set(Some(answer)));
            }
        });
    });
    // Set back when the dialog closes, so that the same field can be chosen again.
    Effect::watch(
        move || open.get(),
        move |open, _, _| {
            if !*open {
                deleting.set(None);
            }
        },
        false,
    );
    let shown =
        Memo::new(move |before: Option<&Option<FieldDefinition>>| deleting.get().or_else(|| before.cloned().flatten()));
    let title = move || format!("Delete field {}?", shown.get().map(|field| field.name).unwrap_or_default());
    let text = move || {
        let Some(field) = shown.get() else { return String::new() };
        let spec = field.entity.spec();
        let (one, many) = (spec.label.to_lowercase(), spec.label_plural.to_lowercase());
        let goes = "The field leaves forms, lists, filters and exports.";
        match usage.get() {
            None => "Looking how many records have a value…".to_owned(),
            Some(Some(0)) => format!("No {one} has a value. {goes} You can restore it later."),
            Some(Some(n)) => {
                let verb = if n == 1 { "has" } else { "have" };
                let count = format::count(n, &one, &many);
                format!("{count} {verb} a value. {goes} The values are kept: restoring the field brings them back.")
            }
            Some(None) => {
                format!(
                    "How many {many} have a value is not known just now. {goes} The values are kept: restoring the field brings them back."
                )
            }
        }
    };
    let delete = move |()| {
        let Some(field) = deleting.get_untracked() else { return };
        busy.set(true);
        keeper.delete(field, move || {
            ignore(busy.try_set(false));
            ignore(open.try_set(false));
        });
    };
    // What the person is to be warned of must have been said.
    let waits = Signal::derive(move || busy.get() || usage.with(Option::is_none));
    view! {
        <ConfirmDialog open=open danger=true busy=waits title=Signal::derive(title) text=Signal::derive(text)
            confirm="Delete field" on_confirm=delete />
    }
}
