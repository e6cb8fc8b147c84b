//! One field in its row.

use super::super::reorder::{Grip, Reorder};
use super::dialog::Editing;
use super::keeper::Keeper;
use crate::ui::{Badge, CopyButton, IconButton, IconName, Switch, format};
use domain::fields::{FieldDefinition, FieldDefinitionInput};
use leptos::prelude::*;

/// The row.
#[component]
pub(super) fn FieldRow(
    /// The field as it is now.
    field: Memo<FieldDefinition>,
    reorder: Reorder,
    keeper: Keeper,
    editing: RwSignal<Option<Editing>>,
    deleting: RwSignal<Option<FieldDefinition>>,
) -> impl IntoView {
    let (id, key) = field.with_untracked(|field| (field.id, field.key.clone()));
    let name = move || field.with(|field| field.name.clone());
    let named = move |words: fn(&str) -> String| Signal::derive(move || field.with(|field| words(&field.name)));
    let in_lists = Memo::new(move |_| field.with(|field| field.show_in_list));
    let ticked = RwSignal::new(in_lists.get_untracked());
    Effect::watch(move || in_lists.get(), move |now, _, _| ticked.set(*now), false);
    let show = move |on: bool| {
        let input = FieldDefinitionInput { show_in_list: Some(on), ..FieldDefinitionInput::default() };
        // What was refused is shown as it is stored.
        keeper.change(field, input, move || {
            if let Some(stored) = in_lists.try_get_untracked() {
                ticked.set(stored);
            }
        });
    };
    let kind = move || {
        field.with(|field| match field.kind.has_options() {
            true => {
                let count = i64::try_from(field.options.len()).unwrap_or(i64::MAX);
                format!("{} ({})", field.kind.label(), format::count(count, "option", "options"))
            }
            false => field.kind.label().to_owned(),
        })
    };
    view! {
        <li class="field-row" class:dragged=move || reorder.is_held(id) data-id=id.to_string()>
            <Grip reorder id label=named(|name| format!("Move {name}")) />
            <div class="field-name">
                <p>
                    <strong>{name}</strong>
                    {move || field.with(|field| field.required).then(|| view! { <Badge>"Required"</Badge> })}
                </p>
                <p class="field-key">
                    <code>{key.clone()}</code>
                    <CopyButton text=Signal::stored(key.clone()) label=format!("Copy key {key}") />
                </p>
            </div>
            <span class="field-type">{kind}</span>
            {move || {
                let label = format!("{} in lists", name());
                view! { <Switch checked=ticked label=label hide_label=true on_change=show /> }
            }}
            <span class="field-actions">
                <IconButton icon=IconName::Pencil label=named(|name| format!("Edit {name}"))
                    on_click=move |_| editing.set(Some(Editing::Change(field.get_untracked()))) />
                <IconButton icon=IconName::Trash2 label=named(|name| format!("Delete {name}"))
                    on_click=move |_| deleting.set(Some(field.get_untracked())) />
            </span>
        </li>
    }
}
