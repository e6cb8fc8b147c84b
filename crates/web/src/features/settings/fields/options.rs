//! The options of a field, in their order.

use super::super::reorder::{Grip, Reorder};
use crate::ui::dom::{html_element, ignore, later, query_all, unique_id};
use crate::ui::{Button, ButtonVariant, ControlSize, Each, Field, IconButton, IconName, Input};
use domain::fields::{FieldOption, MAX_OPTIONS, NAME_MAX};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An option while it is edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    pub id: Uuid,
    /// The value in records; empty for a new option.
    value: String,
    label: String,
}

impl Line {
    /// One that nothing is typed in yet.
    pub fn blank() -> Self {
        Self { id: Uuid::now_v7(), value: String::new(), label: String::new() }
    }

    /// An option that exists.
    pub fn of(option: FieldOption) -> Self {
        Self { id: Uuid::now_v7(), value: option.value, label: option.label }
    }

    /// Whether it is none at all.
    pub fn is_blank(&self) -> bool {
        self.value.is_empty() && self.label.trim().is_empty()
    }

    /// As it is sent.
    pub fn option(&self) -> FieldOption {
        FieldOption { value: self.value.clone(), label: self.label.trim().to_owned() }
    }
}

/// The editor.
#[component]
pub(super) fn OptionsEditor(
    /// The options, both ways.
    lines: RwSignal<Vec<Line>>,
    /// What is wrong with which of them, both ways.
    wrong: RwSignal<Vec<(Uuid, String)>>,
) -> impl IntoView {
    let stored = move || lines.with_untracked(|lines| lines.iter().map(|line| line.id).collect());
    let reorder = Reorder::new(stored, move |reorder, order: Vec<Uuid>| {
        lines.update(|lines| lines.sort_by_key(|line| order.iter().position(|id| *id == line.id)));
        reorder.settle();
    });
    // The line that takes the focus.
    let fresh = RwSignal::new(None::<Uuid>);
    let full = Memo::new(move |_| lines.with(|lines| lines.len() >= MAX_OPTIONS));
    let add = Callback::new(move |after: Option<Uuid>| {
        if full.get_untracked() {
            return;
        }
        let line = Line::blank();
        fresh.set(Some(line.id));
        lines.update(|lines| {
            let at = lines.iter().position(|other| Some(other.id) == after).map_or(lines.len(), |at| at + 1);
            lines.insert(at, line);
        });
    });
    let around = StoredValue::new(unique_id("options"));
    let remove = Callback::new(move |id: Uuid| {
        later(move || {
            ignore(lines.try_update(|lines| lines.retain(|line| line.id != id)));
            // The button that was pressed is gone; the last one adds an option.
            let around = around.try_get_value().and_then(|id| html_element(&id));
            if let Some(last) = around.and_then(|around| query_all(&around, "button").pop()) {
                ignore(last.focus());
            }
        });
    });
    let shown = move || reorder.sorted(lines.get(), |line| line.id);
    view! {
        <div class="option-lines" id=around.get_value()>
            <ol node_ref=reorder.list>
                <Each each=shown key=|line| line.id let:line>
                    <OptionLine line lines wrong reorder fresh add remove />
                </Each>
            </ol>
            <Button variant=ButtonVariant::Ghost size=ControlSize::Sm icon=IconName::Plus disabled=full
                on_click=move |_| add.run(None)>"Add option"</Button>
        </div>
    }
}

#[component]
fn OptionLine(
    line: Line,
    lines: RwSignal<Vec<Line>>,
    wrong: RwSignal<Vec<(Uuid, String)>>,
    reorder: Reorder,
    fresh: RwSignal<Option<Uuid>>,
    add: Callback<Option<Uuid>>,
    remove: Callback<Uuid>,
) -> impl IntoView {
    let id = line.id;
    let label = RwSignal::new(line.label);
    let typed = move |text: String| {
        if wrong.with_untracked(|wrong| wrong.iter().any(|(other, _)| *other == id)) {
            wrong.update(|wrong| wrong.retain(|(other, _)| *other != id));
        }
        lines.update(|lines| {
            if let Some(line) = lines.iter_mut().find(|line| line.id == id) {
                line.label = text;
            }
        });
    };
    let place = Memo::new(move |_| lines.with(|lines| lines.iter().position(|line| line.id == id).unwrap_or(0) + 1));
    let why = move || wrong.with(|wrong| wrong.iter().find(|(other, _)| *other == id).map(|(_, why)| why.clone()));
    let named = move |verb: &'static str| {
        Signal::derive(move || match label.get() {
            text if text.trim().is_empty() => format!("{verb} option {}", place.get()),
            text => format!("{verb} {text}"),
        })
    };
    let limit = u32::try_from(NAME_MAX).unwrap_or(u32::MAX);
    let autofocus = fresh.get_untracked() == Some(id);
    let called = MaybeProp::derive(move || Some(format!("Option {}", place.get())));
    view! {
        <li class="option-line" class:dragged=move || reorder.is_held(id) data-id=id.to_string()>
            <Grip reorder id label=named("Move") />
            <Field label="Option" hide_label=true error=MaybeProp::derive(why)>
                <Input value=label label=called size=ControlSize::Sm max_length=limit autofocus=autofocus on_input=typed
                    on_key=move |ev: KeyboardEvent| if ev.key() == "Enter" && !ev.is_composing() && !ev.ctrl_key() {
                        ev.prevent_default();
                        add.run(Some(id));
                    } />
            </Field>
            <IconButton icon=IconName::X label=named("Remove") on_click=move |_| remove.run(id) />
        </li>
    }
}
