//! The organization's own fields: defined, ordered, deleted and restored, by record type (FIELD-05).

mod delete;
mod dialog;
mod keeper;
mod options;
mod row;

use super::reorder::Reorder;
use super::{PARENT, loading_rows};
use crate::api;
use crate::data::{Def, Key, Load, use_query, use_session};
use crate::features::failed::failed;
use crate::features::records::look::look;
use crate::shell::{NoAccess, PageHeader};
use crate::ui::{Button, ButtonVariant, Card, ControlSize, Each, IconName, RelativeTime, as_it_is};
use delete::DeleteField;
use dialog::{Editing, FieldDialog};
use domain::catalog::RecordType;
use domain::fields::{FieldDefinition, FieldOrder, MAX_FIELDS};
use domain::page::Page;
use domain::permission::Permission;
use keeper::Keeper;
use leptos::prelude::*;
use row::FieldRow;

/// Those that were deleted.
fn deleted() -> Def<Page<FieldDefinition>> {
    Def::new(Key::new(["fields", "deleted"]), api::fields::deleted)
}

/// The page.
#[component]
pub fn FieldsPage() -> impl IntoView {
    if !use_session().can(Permission::SettingsManage) {
        return view! { <NoAccess text="Custom fields are defined by the administrators of the organization." /> }
            .into_any();
    }
    view! { <Definitions /> }.into_any()
}

#[component]
fn Definitions() -> impl IntoView {
    let gone = use_query(|| Some(deleted()));
    let editing = RwSignal::new(None::<Editing>);
    let deleting = RwSignal::new(None::<FieldDefinition>);
    let loaded = Memo::new(move |_| match gone.state() {
        Load::Loading => None,
        Load::Failed(fail) => Some(Err(fail)),
        Load::Ready(_) => Some(Ok(())),
    });
    let of = move |record: RecordType| {
        let all = gone.data().map(|page| page.data.clone()).unwrap_or_default();
        all.into_iter().filter(|field| field.entity == record).collect::<Vec<_>>()
    };
    view! {
        <PageHeader title="Custom fields" parents=vec![PARENT]
            text="Fields of your own, for what the standard ones do not cover. They appear in forms, lists, filters, imports and exports." />
        {move || match loaded.get() {
            None => view! { <Card flush=true>{loading_rows(6)}</Card> }.into_any(),
            Some(Err(fail)) => {
                view! { <Card>{failed("The fields could not be loaded", &fail, move || gone.refetch())}</Card> }.into_any()
            }
            Some(Ok(())) => RecordType::ALL.iter().map(|record| view! {
                <FieldsCard record=*record gone=Signal::derive(move || of(*record)) editing deleting />
            }).collect_view().into_any(),
        }}
        <FieldDialog editing />
        <DeleteField deleting />
    }
}

/// The fields of one record type.
#[component]
fn FieldsCard(
    record: RecordType,
    gone: Signal<Vec<FieldDefinition>>,
    editing: RwSignal<Option<Editing>>,
    deleting: RwSignal<Option<FieldDefinition>>,
) -> impl IntoView {
    let (session, keeper) = (use_session(), Keeper::current());
    let fields =
        Memo::new(move |_| session.fields().into_iter().filter(|field| field.entity == record).collect::<Vec<_>>());
    let stored = move || fields.with_untracked(|fields| fields.iter().map(|field| field.id).collect());
    let reorder = Reorder::new(stored, move |reorder, ids| {
        keeper.reorder(FieldOrder { entity: record, ids }, move || reorder.settle());
    });
    let shown = move || reorder.sorted(fields.get(), |field| field.id);
    let (none, full) = (
        Memo::new(move |_| fields.with(Vec::is_empty)),
        Memo::new(move |_| fields.with(|fields| fields.len() >= MAX_FIELDS)),
    );
    let one = record.label().to_lowercase();
    let about = format!("No fields of your own yet. Add one for {}, for example.", look(record).own_field);
    let actions = move || {
        view! {
            <Button size=ControlSize::Sm icon=IconName::Plus disabled=full
                on_click=move |_| editing.set(Some(Editing::New(record)))>{format!("New {one} field")}</Button>
        }
    };
    view! {
        <Card title=record.spec().label_plural flush=true actions=actions>
            <div class="field-head" aria-hidden="true" hidden=move || none.get()>
                <span></span><span>"Name and key"</span><span>"Type"</span><span>"In lists"</span><span></span>
            </div>
            <ol class="field-rows" node_ref=reorder.list>
                <Each each=shown key=|field| field.id let:field>
                    <FieldRow field=as_it_is(fields, field, |field| field.id) reorder keeper editing deleting />
                </Each>
            </ol>
            <Show when=move || none.get()><p class="field-none">{about.clone()}</p></Show>
            <Deleted gone keeper />
        </Card>
    }
}

/// Those that were deleted, folded away: each can be brought back with its values.
#[component]
fn Deleted(gone: Signal<Vec<FieldDefinition>>, keeper: Keeper) -> impl IntoView {
    let count = Memo::new(move |_| gone.with(Vec::len));
    let any = Memo::new(move |_| count.get() > 0);
    view! {
        <Show when=move || any.get()>
            <details class="rec-group field-gone">
                <summary>{move || format!("Deleted fields ({})", count.get())}</summary>
                <ul>
                    <Each each=move || gone.get() key=|field| field.id let:field>
                        <li>
                            <span class="field-gone-name">{field.name.clone()}</span>
                            <span class="field-type">
                                {field.kind.label()}
                                {field.deleted_at.map(|at| view! { ", deleted "<RelativeTime at /> })}
                            </span>
                            <Button size=ControlSize::Sm variant=ButtonVariant::Ghost icon=IconName::RotateCcw
                                tip=format!("Bring back {}", field.name)
                                on_click=move |_| keeper.restore(&field)>"Restore"</Button>
                        </li>
                    </Each>
                </ul>
            </details>
        </Show>
    }
}
