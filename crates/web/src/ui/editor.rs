//! Editing a value where it stands: the editors for table cells and properties, and `InlineEdit` around them.

use leptos::{ev::KeyboardEvent, html, prelude::*};

use super::{
    amount::MoneyInput,
    button::{ControlSize, IconButton},
    choice::{Choice, Select},
    combobox::Combobox,
    dom::{focus_id, ignore, later, unique_id},
    icon::IconName,
    input::{Input, InputKind, Textarea, focus_when_shown},
    options::{ComboOption, OptionSource},
};

/// How a value is edited. Values travel as text: dates as `YYYY-MM-DD`, money as minor units, choices by their value,
/// nothing as `""`.
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
    /// Called once when it ends.
    #[prop(into)]
    on_done: Callback<EditOutcome>,
) -> impl IntoView {
    let done = StoredValue::new(false);
    let finish = move |value: Option<String>, by_key: bool| {
        // Taking the editor away also makes it lose the focus, which must not end it a second time.
        if done.try_get_value() == Some(false) {
            done.set_value(true);
            later(move || ignore(on_done.try_run(EditOutcome { value, by_key })));
        }
    };
    let inner = match editor {
        Editor::Text(kind) => {
            let value = RwSignal::new(initial);
            view! {
                <Input value kind label autofocus=true
                    on_key=move |ev| on_line_key(&ev, || value.get_untracked(), finish)
                    on_blur=move |()| finish(Some(value.get_untracked()), false) />
            }
            .into_any()
        }
        Editor::Textarea => {
            let value = RwSignal::new(initial);
            let node = NodeRef::<html::Textarea>::new();
            Effect::new(move |_| {
                if let Some(area) = node.get() {
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
                    on_blur=move |()| finish(Some(value.get_untracked()), false) />
            }
            .into_any()
        }
        Editor::Date => {
            let value = RwSignal::new(initial);
            let node = NodeRef::<html::Input>::new();
            Effect::new(move |_| {
                if let Some(input) = node.get() {
                    request_animation_frame(move || ignore(input.focus()));
                }
            });
            view! {
                <input class="input" type="date" aria-label=label node_ref=node
                    prop:value=move || value.get()
                    on:input=move |ev| value.set(event_target_value(&ev))
                    on:keydown=move |ev| on_line_key(&ev, || value.get_untracked(), finish)
                    on:blur=move |_| finish(Some(value.get_untracked()), false) />
            }
            .into_any()
        }
        Editor::Money(currency) => {
            let value = RwSignal::new(initial.parse::<i64>().ok());
            let node = NodeRef::<html::Input>::new();
            focus_when_shown(node);
            let text = move || value.get_untracked().map(|minor| minor.to_string()).unwrap_or_default();
            view! {
                <MoneyInput value currency label node_ref=node
                    on_key=move |ev| on_line_key(&ev, text, finish)
                    on_blur=move |()| finish(Some(text()), false) />
            }
            .into_any()
        }
        Editor::Select(choices, empty) => {
            let value = RwSignal::new(initial);
            let id = StoredValue::new(unique_id("editor"));
            later(move || {
                if let Some(Some(select)) =
                    id.try_with_value(|id| document().query_selector(&format!("#{id} select")).ok().flatten())
                {
                    use wasm_bindgen::JsCast;
                    if let Ok(select) = select.dyn_into::<web_sys::HtmlElement>() {
                        ignore(select.focus());
                    }
                }
            });
            let choices = empty.map(|label| Choice::new("", label)).into_iter().chain(choices).collect::<Vec<_>>();
            view! {
                <div id=id.get_value()
                    on:keydown=move |ev| if ev.key() == "Escape" {
                        ev.prevent_default();
                        ev.stop_propagation();
                        finish(None, true);
                    } else {
                        ev.stop_propagation();
                    }
                    on:focusout=move |_| finish(Some(value.get_untracked()), false)>
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
                <Combobox value source label autofocus=true placeholder="Search…"
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

/// A value that is edited where it stands, as on record pages. A click or Enter opens the editor; leaving or Enter
/// saves, Escape gives up. Saving is the caller's: show the new value at once and put it back if it is refused.
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
    /// Why it was refused.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// Cannot be changed by this user.
    #[prop(optional, into)]
    read_only: Signal<bool>,
    /// Large type, for the name in a record's header.
    #[prop(optional)]
    title: bool,
    /// Called with the text before and after, if the user changed it.
    #[prop(into)]
    on_save: Callback<Edited>,
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
    let done = move |before: String, outcome: EditOutcome| {
        editing.set(false);
        if outcome.by_key {
            later(move || ignore(button_id.try_with_value(|id| focus_id(id))));
        }
        // Compared with what the person saw: somebody else may have changed it since.
        if let Some(now) = outcome.value.filter(|now| *now != before) {
            on_save.run(Edited { before, now });
        }
    };
    view! {
        <div class="inline-wrap">
        <div class=if title { "inline-edit inline-title" } else { "inline-edit" } class:inline-saving=move || saving.get()>
            {move || {
                if editing.get() {
                    let before = value.get_untracked();
                    view! {
                        <ValueEditor editor=editor.get_value() initial=before.clone()
                            label=label.get_value() on_done=move |outcome| done(before.clone(), outcome) />
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
        {move || error.get().map(|why| view! { <p class="inline-error" role="alert">{why}</p> })}
        </div>
    }
}
