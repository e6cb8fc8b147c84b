//! The list of saved mappings, and what can be done with each.

use super::super::MAPPINGS;
use super::use_saved;
use crate::api;
use crate::data::use_directory;
use crate::features::keeping::{Keeper, Named, Naming, NamingDialog, Request, may_share};
use crate::ui::{Card, ConfirmDialog, IconName, Menu, MenuItem, Placement, RelativeTime, format};
use domain::catalog::RecordType;
use domain::import::saved::{NAME_MAX, SavedMapping, SavedMappingInput};
use leptos::prelude::*;
use uuid::Uuid;

/// The list where files are chosen; nothing while there are none.
#[component]
pub fn SavedMappings(record: RecordType) -> impl IntoView {
    let saved = use_saved(record);
    let directory = use_directory();
    let row = move |mapping: SavedMapping| {
        let read = i64::try_from(mapping.reads.len()).unwrap_or(i64::MAX);
        let keeper = mapping.user_id;
        let by = move || {
            let name = Some(directory.member_name(keeper)).filter(|name| !name.is_empty());
            name.map(|name| format!(" · {name}"))
        };
        view! {
            <li class="import-saved">
                <div class="import-column">
                    <strong dir="auto">{mapping.name.clone()}</strong>
                    <span>
                        {mapping.is_shared.then_some("Shared · ")}
                        {format::count(read, "column", "columns")}
                        " · changed "<RelativeTime at=mapping.updated_at />{by}
                    </span>
                </div>
                <MappingMenu mapping />
            </li>
        }
    };
    view! {
        <Show when=move || saved.with(|saved| !saved.is_empty())>
            <Card title="Saved mappings" flush=true>
                <p class="import-hint import-card-hint">
                    "A file with the same columns is read by its mapping at once, in whatever order they stand."
                </p>
                <ul class="import-rows">{move || saved.get().into_iter().map(row).collect_view()}</ul>
            </Card>
        </Show>
    }
}

/// What can be done with a saved mapping; nothing for one that others keep.
#[component]
pub(super) fn MappingMenu(mapping: SavedMapping, #[prop(optional, into)] deleted: Option<Callback<Uuid>>) -> AnyView {
    if !mapping.may_edit {
        return ().into_any();
    }
    let keeper = Keeper::new(MAPPINGS);
    let (naming, deleting) = (RwSignal::new(None::<Naming>), RwSignal::new(false));
    let may_share = may_share();
    let SavedMapping { id, version, name, is_shared: shared, .. } = mapping;
    let change = move |input: SavedMappingInput| -> Request<SavedMapping> {
        Box::pin(async move { api::mappings::update(id, version, &input).await })
    };
    let name = StoredValue::new(name);
    let share = move |()| {
        let input = SavedMappingInput { is_shared: Some(!shared), ..SavedMappingInput::default() };
        keeper.run(format!("Mapping {} was not changed", name.get_value()), change(input), drop);
    };
    let delete = move |()| {
        let name = name.get_value();
        deleting.set(false);
        keeper.run(format!("Mapping {name} was not deleted"), api::mappings::delete(id), move |()| {
            if let Some(deleted) = deleted {
                deleted.try_run(id);
            }
            keeper.changed(format!("Mapping {name} deleted"));
        });
    };
    let consequence = if shared { "Nobody will have this mapping any more. " } else { "" };
    view! {
        <Menu label=format!("Mapping {}: more", name.get_value()) icon=IconName::Ellipsis placement=Placement::BottomEnd>
            <MenuItem icon=IconName::Pencil on_select=move |()| naming.set(Some(Naming::Rename(name.get_value())))>
                "Rename…"
            </MenuItem>
            {move || may_share.get().then(|| view! {
                <MenuItem icon=IconName::Users checked=Signal::stored(shared) on_select=share>"Shared with everybody"</MenuItem>
            })}
            <MenuItem icon=IconName::Trash2 danger=true on_select=move |()| deleting.set(true)>"Delete…"</MenuItem>
        </Menu>
        <NamingDialog thing="mapping" naming max=NAME_MAX
            save=Callback::new(move |Named { name, .. }: Named| {
                change(SavedMappingInput { name: Some(name), ..SavedMappingInput::default() })
            })
            done=Callback::new(move |mapping: SavedMapping| keeper.changed(format!("Mapping {} saved", mapping.name))) />
        <ConfirmDialog open=deleting danger=true title=format!("Delete mapping {}?", name.get_value())
            text=format!("{consequence}Imports that used it stay as they are.") confirm="Delete mapping"
            on_confirm=delete />
    }
    .into_any()
}
