//! Editing a value where it stands: the editors for table cells and properties, and `InlineEdit` around them.

use chrono::NaiveDate;
use leptos::{context::Provider, ev::KeyboardEvent, html, prelude::*};

use super::{
    amount::{DateInput, MoneyInput},
    button::{ControlSize, IconButton},
    choice::{Choice, Select},
    combobox::Combobox,
    dom::{after_press, focus_id, html_element, ignore, later, query_all, unique_id},
    field::FieldContext,
    icon::IconName,
    input::{Input, InputKind, Textarea, focus_when_shown},
    options::{ComboOption, OptionSource},
    typed::Typed,
};

/// How a value is edited. Values travel as text: dates as `YYYY-MM-DD`, money as minor units, choices by their value,
/// nothing as `""`, and what is no date or amount as it was typed.
#[derive(Clone)]
pub enum Editor {
    /// One line.
    Text(InputKind),
    /// Several lines; Ctrl+Enter or leaving saves.
    Textarea,
    /// A calendar date.
    Date,
    /// An amount in this currency.
    Money(String),
    /// One of a fixed list; the text is the entry for "nothing", if that is allowed.
    Select(Vec<Choice>, Option<String>),
    /// One of a searched list, such as people or companies.
    Lookup(OptionSource),
}

/// How editing ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditOutcome {
    /// The new value, or `None` if the user gave up.
    pub value: Option<String>,
    /// It ended by a key, so that the focus should go back to where it came from.
    pub by_key: bool,
}

/// A value that the user changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// What the editor began with; the value may be another one by now.
    pub before: String,
    /// The new text; see [`Editor`].
    pub now: String,
}

/// The editor of one value. Enter and leaving save, Escape gives up; `on_done` is called exactly once.
#[component]
pub fn ValueEditor(
    /// How.
    editor: Editor,
    /// The value so far.
    initial: String,
    /// What is edited, for screen readers.
    #[prop(into)]
    label: String,
    /// Takes the focus when it appears.
    #[prop(default = true)]
    focus: bool,
    /// Called once when it ends.
    #[prop(into)]
    on_done: Callback<EditOutcome>,
) -> impl IntoView {
    let done = StoredValue::new(false);
    let finish = move |value: Option<String>, by_key: bool| {
        // Taking the editor away also makes it lose the focus, which must not end it a second time.
        if done.try_get_value() == Some(false) {
            done.set_value(true);
            let tell = move || ignore(on_done.try_run(EditOutcome { value, by_key }));
            if by_key { later(tell) } else { after_press(tell) }
        }
    };
    // Taken off the page it loses the focus when its value is gone already.
    let left = move |value: &dyn Fn() -> String| {
        if done.try_get_value() == Some(false) {
            finish(Some(value()), false);
        }
    };
    let inner = match editor {
        Editor::Text(kind) => {
            let value = RwSignal::new(initial);
            view! {
                <Input value kind label autofocus=focus
                    on_key=move |ev| on_line_key(&ev, || value.get_untracked(), finish)
                    on_blur=move |()| left(&|| value.get_untracked()) />
            }
            .into_any()
        }
        Editor::Textarea => {
            let value = RwSignal::new(initial);
            let node = NodeRef::<html::Textarea>::new();
            Effect::new(move |_| {
                if let Some(area) = node.get().filter(|_| focus) {
                    request_animation_frame(move || ignore(area.focus()));
                }
            });
            view! {
                <Textarea value label node_ref=node
                    on_key=move |ev: KeyboardEvent| {
                        let saves = ev.ctrl_key() || ev.meta_key();
                        if ev.key() != "Enter" || saves {
                            on_line_key(&ev, || value.get_untracked(), finish);
                        }
                    }
                    on_blur=move |()| left(&|| value.get_untracked()) />
            }
            .into_any()
        }
        Editor::Date => {
            let value = RwSignal::new(Typed::read(&initial, |text| text.parse().ok()));
            let text = move || value.with_untracked(|now| now.to_text(NaiveDate::to_string));
            view! {
                <DateInput value label autofocus=focus
                    on_key=move |ev| on_line_key(&ev, text, finish)
                    on_blur=move |()| left(&text) />
            }
            .into_any()
        }
        Editor::Money(currency) => {
            let value = RwSignal::new(Typed::read(&initial, |text| text.parse().ok()));
            let node = NodeRef::<html::Input>::new();
            if focus {
                focus_when_shown(node);
            }
            let text = move || value.with_untracked(|now| now.to_text(i64::to_string));
            view! {
                <MoneyInput value currency label node_ref=node
                    on_key=move |ev| on_line_key(&ev, text, finish)
                    on_blur=move |()| left(&text) />
            }
            .into_any()
        }
        Editor::Select(choices, empty) => {
            let value = RwSignal::new(initial);
            let id = StoredValue::new(unique_id("editor"));
            later(move || {
                let around = id.try_get_value().and_then(|id| html_element(&id)).filter(|_| focus);
                if let Some(select) = around.and_then(|around| query_all(&around, "select").into_iter().next()) {
                    ignore(select.focus());
                }
            });
            // A value that can no longer be chosen is still what is there.
            let known = |choice: &Choice| value.with_untracked(|now| now.is_empty() || choice.value == *now);
            let gone = (!choices.iter().any(known)).then(|| value.get_untracked()).filter(|now| !now.is_empty());
            let gone = gone.map(|now| Choice::new(now.clone(), now));
            let empty = empty.map(|label| Choice::new("", label));
            let choices = empty.into_iter().chain(choices).chain(gone).collect::<Vec<_>>();
            view! {
                <div id=id.get_value()
                    on:keydown=move |ev| if ev.key() == "Escape" {
                        ev.prevent_default();
                        ev.stop_propagation();
                        finish(None, true);
                    } else {
                        ev.stop_propagation();
                    }
                    on:focusout=move |_| left(&|| value.get_untracked())>
                    <Select value choices label on_change=move |picked| finish(Some(picked), true) />
                </div>
            }
            .into_any()
        }
        Editor::Lookup(source) => {
            let value = RwSignal::new(Vec::new());
            let picked = move |chosen: Vec<ComboOption>| {
                finish(Some(chosen.into_iter().next().map(|option| option.value).unwrap_or_default()), true);
            };
            view! {
                <Combobox value source label autofocus=focus placeholder="Search…"
                    on_change=picked
                    on_key=move |ev: KeyboardEvent| if ev.key() == "Escape" {
                        ev.prevent_default();
                        ev.stop_propagation();
                        finish(None, true);
                    }
                    on_blur=move |()| finish(None, false) />
            }
            .into_any()
        }
    };
    view! { <div class="inline-editor">{inner}</div> }
}

/// Enter saves, Escape gives up; neither reaches the table or dialog around.
fn on_line_key(ev: &KeyboardEvent, value: impl FnOnce() -> String, finish: impl Fn(Option<String>, bool)) {
    match ev.key().as_str() {
        // Enter that ends a word of an input method is not ours.
        "Enter" if !ev.is_composing() => finish(Some(value()), true),
        "Escape" => finish(None, true),
        _ => return ev.stop_propagation(),
    }
    ev.prevent_default();
    ev.stop_propagation();
}

/// Edits a value until it is taken or given up: what is refused stays open with what was typed, and says why.
#[component]
pub fn Attempts(
    /// How it is edited.
    editor: Editor,
    /// The value so far.
    before: String,
    /// What is edited, for screen readers.
    #[prop(into)]
    label: String,
    /// Takes the text before and after, if the user changed it, or says what is wrong with it.
    #[prop(into)]
    on_save: Callback<Edited, Result<(), String>>,
    /// Called once at the end, with whether a key ended it, so that the focus should go back to where it came from.
    #[prop(into)]
    on_close: Callback<bool>,
) -> impl IntoView {
    // What the editor begins with, and whether it takes the focus.
    let attempt = RwSignal::new((before.clone(), true));
    let refused = RwSignal::new(None::<String>);
    let error_id = StoredValue::new(unique_id("inline-error"));
    let (editor, before, label) = (StoredValue::new(editor), StoredValue::new(before), StoredValue::new(label));
    let done = Callback::new(move |outcome: EditOutcome| {
        let before = before.get_value();
        // Compared with what the person saw: somebody else may have changed it since.
        if let Some(now) = outcome.value.filter(|now| *now != before)
            && let Err(why) = on_save.run(Edited { before: before.clone(), now: now.clone() })
        {
            refused.set(Some(why));
            // A browser shows nothing of a half typed date that is put into a new field, and an empty field would clear
            // the date when it is left.
            let half = editor.with_value(|editor| matches!(editor, Editor::Date));
            attempt.set((if half { before } else { now }, outcome.by_key));
        } else {
            on_close.run(outcome.by_key);
        }
    });
    // What the editor is told as if it stood in a field.
    let field = move || FieldContext {
        id: unique_id("inline-editor"),
        label_id: String::new(),
        described_by: Signal::derive(move || refused.with(Option::is_some).then(|| error_id.get_value())),
        invalid: Signal::derive(move || refused.with(Option::is_some)),
        required: false,
    };
    view! {
        {move || {
            let (text, focus) = attempt.get();
            view! {
                <Provider value=field()>
                    <ValueEditor editor=editor.get_value() initial=text focus=focus
                        label=label.get_value() on_done=done />
                </Provider>
            }
        }}
        {move || refused.get().map(|why| view! {
            <p class="inline-error" role="alert" id=error_id.get_value()>{why}</p>
        })}
    }
}

/// A value that is edited where it stands, as on record pages. A click or Enter opens the editor; leaving or Enter
/// saves, Escape gives up. Saving is the caller's: show the new value at once and put it back if the server refuses it.
#[component]
pub fn InlineEdit(
    /// What it is ("Phone").
    #[prop(into)]
    label: String,
    /// The value as text; see [`Editor`].
    #[prop(into)]
    value: Signal<String>,
    /// How it is edited.
    editor: Editor,
    /// How it is shown; the text itself if not given.
    #[prop(optional, into)]
    display: Option<ViewFn>,
    /// The display holds links or buttons: a pencil beside it opens the editor, not a click on it.
    #[prop(optional)]
    linked: bool,
    /// Shown while there is no value ("Add phone").
    #[prop(default = "Empty".into(), into)]
    empty: String,
    /// Being saved.
    #[prop(optional, into)]
    saving: Signal<bool>,
    /// Cannot be changed by this user.
    #[prop(optional, into)]
    read_only: Signal<bool>,
    /// Large type, for the name in a record's header.
    #[prop(optional)]
    title: bool,
    /// Called with the text before and after, if the user changed it. What is wrong with it is shown, and the editor
    /// stays open with what was typed.
    #[prop(into)]
    on_save: Callback<Edited, Result<(), String>>,
) -> impl IntoView {
    let editing = RwSignal::new(false);
    let button_id = StoredValue::new(unique_id("inline"));
    let (label, empty) = (StoredValue::new(label), StoredValue::new(empty));
    let (editor, display) = (StoredValue::new(editor), StoredValue::new(display));
    let shown = move || {
        if value.with(String::is_empty) {
            return view! { <span class="inline-empty">{empty.get_value()}</span> }.into_any();
        }
        display.with_value(|display| match display {
            Some(view) => view.run(),
            None => view! { <span class="inline-value-text">{move || value.get()}</span> }.into_any(),
        })
    };
    let blank = Memo::new(move |_| value.with(String::is_empty));
    let close = move |by_key: bool| {
        editing.set(false);
        if by_key {
            later(move || ignore(button_id.try_with_value(|id| focus_id(id))));
        }
    };
    view! {
        <div class="inline-wrap">
        <div class=if title { "inline-edit inline-title" } else { "inline-edit" } class:inline-saving=move || saving.get()>
            {move || {
                if editing.get() {
                    view! {
                        <div class="min-w-0 flex-1">
                            <Attempts editor=editor.get_value() before=value.get_untracked() label=label.get_value()
                                on_save=on_save on_close=close />
                        </div>
                    }
                    .into_any()
                } else if read_only.get() {
                    view! { <div class="inline-read">{shown}</div> }.into_any()
                } else if linked && !blank.get() {
                    view! {
                        <div class="inline-linked">
                            <div class="min-w-0 flex-1">{shown}</div>
                            <span id=button_id.get_value() tabindex="-1" class="inline-pencil">
                                <IconButton icon=IconName::Pencil label=format!("Edit {}", label.get_value().to_lowercase())
                                    size=ControlSize::Xs on_click=move |_| editing.set(true) />
                            </span>
                        </div>
                    }
                    .into_any()
                } else {
                    view! {
                        <button class="inline-value" type="button" id=button_id.get_value()
                            on:click=move |_| editing.set(true)>
                            {shown}
                            <span class="sr-only-kit">{format!(", edit {}", label.get_value().to_lowercase())}</span>
                        </button>
                    }
                    .into_any()
                }
            }}
        </div>
        </div>
    }
}
