//! Asks which fields or tags the chosen records get.

use super::Chosen;
use super::work::Work;
use crate::api::records;
use crate::data::schema;
use crate::features::forms::{message, show_errors};
use crate::features::records::editor::FieldEditor;
use crate::features::records::list::filters::around;
use crate::features::records::look::look;
use crate::features::records::lookup::Lookup;
use crate::ui::{
    Button, ButtonVariant, Choice, Dialog, DialogSize, Field as Labelled, FormError, FormState, Segmented, Select,
};
use domain::bulk::{BulkAction, StartBulk, is_shareable};
use domain::catalog::{Field, Kind, Schema};
use leptos::prelude::*;
use serde_json::Value as Json;

/// What is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Asking {
    /// A field and its new value.
    Fields,
    /// Tags to add or take off.
    Tags,
}

/// The fields that many records can get at once.
fn fields(schema: Schema) -> impl Iterator<Item = &'static Field> {
    let fixed = look(schema.record).fixed;
    schema.writable().filter(move |field| {
        let own = field.name == schema.title || matches!(field.kind, Kind::Tags | Kind::Stage | Kind::Pipeline);
        !own && is_shareable(field.kind) && !fixed.contains(&field.name)
    })
}

/// Open while `asking` is set.
#[component]
pub(in super::super) fn BulkDialog(
    /// What is asked, both ways: `None` while closed.
    asking: RwSignal<Option<Asking>>,
    /// Which records.
    chosen: Chosen,
    /// Names and colours.
    lookup: Lookup,
    /// Does it.
    work: Work,
) -> impl IntoView {
    let schema = move || schema(chosen.record);
    let open = RwSignal::new(false);
    let form = FormState::new();
    let first = fields(schema()).find(|field| field.name == "owner_id").or_else(|| fields(schema()).next());
    let name = RwSignal::new(first.map(|field| field.name.to_owned()).unwrap_or_default());
    let value = RwSignal::new(Json::Null);
    let tags = RwSignal::new(Json::Null);
    let how = RwSignal::new(BulkAction::AddTags.as_str().to_owned());
    let shown = RwSignal::new(Asking::Fields);
    Effect::new(move |_| {
        let Some(what) = asking.get() else { return };
        shown.set(what);
        value.set(Json::Null);
        tags.set(Json::Null);
        form.set_errors([], None);
        open.set(true);
    });
    let submit = move || {
        let input = match shown.get_untracked() {
            Asking::Fields => StartBulk {
                fields: records::fields([(name.get_untracked(), value.get_untracked())]),
                ..chosen.start(BulkAction::Update)
            },
            Asking::Tags => {
                let action = BulkAction::parse(&how.get_untracked()).unwrap_or(BulkAction::AddTags);
                let names = tags.with_untracked(|json| serde_json::from_value(json.clone()).unwrap_or_default());
                StartBulk { tags: names, ..chosen.start(action) }
            }
        };
        let errors = input.check(untrack(schema));
        if let Some(error) = errors.first() {
            show_errors(form, &[], None);
            form.set_error("value", message(error));
            form.focus_first_error();
            return;
        }
        open.set(false);
        work.run(input);
        chosen.clear();
    };
    let title = Signal::derive(move || match shown.get() {
        Asking::Fields => format!("Edit {}", chosen.words()),
        Asking::Tags => format!("Tags of {}", chosen.words()),
    });
    let footer = move || {
        view! {
            <Button on_click=move |_| open.set(false)>"Cancel"</Button>
            <Button variant=ButtonVariant::Primary on_click=move |_| submit()>
                {move || format!("Change {}", chosen.words())}
            </Button>
        }
    };
    let choices = move || fields(schema()).map(|field| Choice::new(field.name, field.label)).collect::<Vec<_>>();
    let choices = Signal::derive(choices);
    let ways = StoredValue::new(vec![
        Choice::new(BulkAction::AddTags.as_str(), "Add"),
        Choice::new(BulkAction::RemoveTags.as_str(), "Take off"),
    ]);
    view! {
        <Dialog open=open title=title size=DialogSize::Sm footer=footer on_closed=move |()| asking.set(None)>
            <form class="flex flex-col gap-4" on:submit=move |ev| { ev.prevent_default(); submit() } novalidate>
                {move || match shown.get() {
                    Asking::Fields => view! {
                        <Labelled label="Field">
                            <Select value=name choices=choices on_change=move |_| value.set(Json::Null) />
                        </Labelled>
                        {move || schema().field(&name.get()).map(|field| view! {
                            <Labelled label="New value" form=form path="value"
                                hint="Left empty, the field is cleared.">
                                <FieldEditor field value around=around(lookup) />
                            </Labelled>
                        })}
                    }
                    .into_any(),
                    Asking::Tags => view! {
                        <Segmented value=how choices=ways.get_value() label="What to do with the tags"
                            on_change=move |picked| how.set(picked) />
                        {untrack(schema).field("tags").map(|field| view! {
                            <Labelled label="Tags" form=form path="value">
                                <FieldEditor field value=tags around=around(lookup) />
                            </Labelled>
                        })}
                    }
                    .into_any(),
                }}
                <FormError form />
                <button type="submit" class="sr-only-kit" tabindex="-1" aria-hidden="true"></button>
            </form>
        </Dialog>
    }
}
