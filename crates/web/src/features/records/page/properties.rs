//! The properties of a record, grouped, each edited where it stands.

use crate::data::{schema, use_mutations, use_session};
use crate::dialogs::in_place;
use crate::features::records::cell;
use crate::features::records::editor::{Around, FieldEditor};
use crate::features::records::look::{Look, Shown};
use crate::features::records::value;
use crate::shell::Leaving;
use crate::ui::dom::{active_element, ignore, later, query_all};
use crate::ui::{Button, ButtonVariant, ControlSize, Each, Edited, FormState, InlineEdit, Property};
use domain::catalog::{Field, Group, Kind, RecordType};
use leptos::html;
use leptos::prelude::*;
use serde_json::Value as Json;
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// The heading of a group, and whether it is open at first.
const GROUPS: &[(Group, &str, bool)] = &[
    (Group::About, "About", true),
    (Group::Reach, "Reach", true),
    (Group::Value, "Value", true),
    (Group::Sales, "Sales", true),
    (Group::Address, "Addresses", false),
    (Group::Consent, "Consent", false),
    (Group::More, "More", false),
    (Group::Custom, "Custom fields", true),
    (Group::System, "Record", false),
];

/// All properties but the name.
#[component]
pub fn RecordProperties(
    /// The record.
    shown: Shown,
    /// The looks of its type.
    look: &'static Look,
) -> impl IntoView {
    let record = shown.row.with_untracked(|row| row.record);
    let spec = record.spec();
    let groups = GROUPS.iter().filter_map(|(group, heading, open)| {
        if *group == Group::Custom {
            return Some(view! { <OwnProperties record heading shown look /> }.into_any());
        }
        let fields: Vec<&'static Field> = spec
            .standard
            .iter()
            .filter(|f| f.group == *group && f.name != spec.title && !matches!(f.kind, Kind::LineItems))
            .collect();
        (!fields.is_empty()).then(|| {
            // A closed group with something in it would hide it.
            let has_values = shown.row.with_untracked(|row| {
                fields
                    .iter()
                    .any(|f| f.is_writable() && !matches!(f.kind, Kind::Boolean) && !value::is_blank(row.get(f.name)))
            });
            let rows = fields.into_iter().map(|field| view! { <Prop field shown look /> }).collect_view();
            view! {
                <details class="rec-group" open=*open || (has_values && *group != Group::System)>
                    <summary>{*heading}</summary>
                    <dl class="properties">{rows}</dl>
                </details>
            }
            .into_any()
        })
    });
    groups.collect_view()
}

/// The organization's own fields (FIELD-07). They can change while the page is open; what is being edited in another
/// one stays.
#[component]
fn OwnProperties(record: RecordType, heading: &'static str, shown: Shown, look: &'static Look) -> impl IntoView {
    let own = move || schema(record).own().to_vec();
    // Another definition is another field.
    let key = |field: &&'static Field| std::ptr::from_ref(*field).addr();
    let any = Memo::new(move |_| !own().is_empty());
    view! {
        <Show when=move || any.get()>
            <details class="rec-group" open=true>
                <summary>{heading}</summary>
                <dl class="properties">
                    <Each each=own key=key let:field>
                        <Prop field shown look />
                    </Each>
                </dl>
            </details>
        </Show>
    }
}

/// One property.
#[component]
fn Prop(field: &'static Field, shown: Shown, look: &'static Look) -> impl IntoView {
    let fixed = !field.is_writable() || look.fixed.contains(&field.name);
    let Shown { row, lookup, may_edit } = shown;
    let display = move || row.with(|row| value::view(field, row, lookup));
    let mutations = use_mutations();
    let currency = Memo::new(move |_| row.with(|row| row.currency().to_owned()));
    let content = if fixed {
        let nothing = move || row.with(|row| value::is_blank(row.get(field.name)));
        view! {
            <div class="inline-read">
                {move || if nothing() { view! { <span class="inline-empty">{value::NOTHING}</span> }.into_any() } else { display() }}
            </div>
        }
        .into_any()
    } else if cell::editor(field, "", lookup).is_none() {
        view! { <BlockEdit field shown /> }.into_any()
    } else {
        let text = Signal::derive(move || row.with(|row| cell::to_text(field, row.get(field.name))));
        (move || {
            let mutations = mutations.clone();
            let empty = if may_edit.get() { "Add" } else { value::NOTHING };
            cell::editor(field, &currency.get(), lookup).map(|editor| {
                view! {
                    <InlineEdit label=field.label value=text editor=editor linked=cell::has_link(field)
                        display=display read_only=Signal::derive(move || !may_edit.get())
                        empty=empty
                        on_save=move |edited: Edited| {
                            cell::save_text(&mutations, &row.get_untracked(), field, &edited)
                        } />
                }
            })
        })
        .into_any()
    };
    view! { <Property label=field.label>{content}</Property> }
}

/// A property that takes more than one control: tags, people, addresses, lists.
#[component]
pub fn BlockEdit(
    /// The field.
    field: &'static Field,
    /// The record.
    shown: Shown,
    /// Whether it is open, both ways, where something else opens it too.
    #[prop(optional, into)]
    editing: Option<RwSignal<bool>>,
) -> impl IntoView {
    let Shown { row, lookup, may_edit } = shown;
    let editing = editing.unwrap_or_else(|| RwSignal::new(false));
    let blank = Memo::new(move |_| row.with(|row| value::is_blank(row.get(field.name))));
    let button = NodeRef::<html::Button>::new();
    let stop = move || {
        editing.set(false);
        later(move || {
            if let Some(Some(button)) = button.try_get_untracked() {
                ignore(button.focus());
            }
        });
    };
    let content = move || {
        if blank.get() {
            let text = if may_edit.get() { "Add" } else { value::NOTHING };
            view! { <span class="inline-empty">{text}</span> }.into_any()
        } else {
            row.with(|row| value::view(field, row, lookup))
        }
    };
    move || {
        if editing.get() {
            in_place(
                Callback::new(move |()| stop()),
                Box::new(move |dialogs| (dialogs.block)(field, shown, Arc::new(stop))),
            )
        } else if may_edit.get() {
            view! {
                <button class="inline-value" type="button" node_ref=button on:click=move |_| editing.set(true)>
                    {content}
                    <span class="sr-only-kit">{format!(", edit {}", field.label.to_lowercase())}</span>
                </button>
            }
            .into_any()
        } else {
            view! { <div class="inline-read">{content}</div> }.into_any()
        }
    }
}

/// What is done when an editor is to go. No `Callback`: what was saved may draw the place anew, and the editor with it,
/// before this is called.
pub type Done = Arc<dyn Fn() + Send + Sync>;

/// The open editor of such a property.
pub fn block(field: &'static Field, shown: Shown, on_done: Done) -> AnyView {
    let Shown { row, lookup, .. } = shown;
    let began = row.with_untracked(|row| row.get(field.name).clone());
    // What is saved when the focus leaves it is never unsaved when the page is left.
    let short = matches!(field.kind, Kind::Tags | Kind::Names | Kind::Users | Kind::MultiSelect(_));
    let form = FormState::new();
    let value = form.value("", began.clone());
    if !short {
        Leaving::current().watch(form);
    }
    let began = StoredValue::new(began);
    let error = RwSignal::new(None::<String>);
    let session = use_session();
    let around = Around {
        lookup,
        currency: Signal::derive(move || {
            let own = row.with(|row| row.text("currency").map(str::to_owned));
            own.unwrap_or_else(|| session.settings().currency)
        }),
        pipeline: Signal::derive(move || row.with(|row| row.id_in("pipeline_id"))),
        beside: RwSignal::default(),
    };
    let mutations = StoredValue::new(use_mutations());
    let done = StoredValue::new(false);
    let on_done = StoredValue::new(on_done);
    let finish = move || {
        done.set_value(true);
        form.saved();
        let on_done = on_done.get_value();
        later(move || on_done());
    };
    let save = move || {
        // Taking the editor away makes it lose the focus, which must not save a second time.
        if done.try_get_value() != Some(false) {
            return;
        }
        let json: Json = value.get_untracked();
        let saved = mutations.with_value(|mutations| {
            let (row, beside) = (row.get_untracked(), around.beside.get_untracked());
            began.with_value(|began| match json == *began {
                true => Ok(()),
                false => cell::save_json(mutations, &row, field, began, &json, beside),
            })
        });
        match saved {
            Ok(()) => finish(),
            Err(why) => error.set(Some(why)),
        }
    };
    let node = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if let Some(node) = node.get() {
            request_animation_frame(move || {
                // Somebody quick is in a field of it already.
                if active_element().is_some_and(|element| node.contains(Some(&element))) {
                    return;
                }
                if let Some(first) = query_all(&node, "input:not(:disabled),select,textarea").first() {
                    ignore(first.focus());
                }
            });
        }
    });
    let leaves = move |ev: &web_sys::FocusEvent| {
        let next = ev.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let stays = node.try_get_untracked().flatten().is_none_or(|node| node.contains(next.as_ref()));
        // The window losing the focus is no leaving.
        !stays && document().has_focus().unwrap_or(true)
    };
    view! {
        <div class="rec-block" node_ref=node
            on:keydown=move |ev| match ev.key().as_str() {
                "Escape" if !ev.default_prevented() => {
                    ev.prevent_default();
                    ev.stop_propagation();
                    finish();
                }
                "Enter" if ev.ctrl_key() || ev.meta_key() => {
                    ev.prevent_default();
                    save();
                }
                _ => ev.stop_propagation(),
            }
            on:focusout=move |ev| if short && leaves(&ev) { save() }>
            <FieldEditor field value around label=field.label />
            {move || error.get().map(|why| view! { <p class="inline-error" role="alert">{why}</p> })}
            <div class="rec-block-foot">
                <Button variant=ButtonVariant::Primary size=ControlSize::Sm on_click=move |_| save()>"Save"</Button>
                <Button variant=ButtonVariant::Ghost size=ControlSize::Sm on_click=move |_| finish()>"Cancel"</Button>
            </div>
        </div>
    }
    .into_any()
}
