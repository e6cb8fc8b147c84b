//! Text inputs: Input, `SearchInput`, Textarea.

use leptos::{ev, html, prelude::*};

use super::{
    button::{ControlSize, IconButton},
    dom::ignore,
    field::ControlAttrs,
    icon::{Icon, IconName},
};

/// What kind of text an [`Input`] takes; sets the keyboard on phones and what browsers fill in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InputKind {
    /// Any text.
    #[default]
    Text,
    /// An e-mail address.
    Email,
    /// A secret.
    Password,
    /// A telephone number.
    Tel,
    /// A web address.
    Url,
    /// A number, kept as typed.
    Number,
    /// A date and a time of day in local time, `YYYY-MM-DDTHH:MM`.
    DateTime,
}

impl InputKind {
    const fn html_type(self) -> &'static str {
        match self {
            Self::Text | Self::Number => "text",
            Self::Email => "email",
            Self::Password => "password",
            Self::Tel => "tel",
            Self::Url => "url",
            Self::DateTime => "datetime-local",
        }
    }

    const fn input_mode(self) -> Option<&'static str> {
        match self {
            Self::Number => Some("decimal"),
            _ => None,
        }
    }
}

pub(super) const fn input_class(size: ControlSize) -> &'static str {
    match size {
        ControlSize::Xs | ControlSize::Sm => "input input-sm",
        ControlSize::Md | ControlSize::Lg => "input",
    }
}

/// The class of a control that stands in a shell with something beside it.
pub(super) const fn shell_class(size: ControlSize) -> &'static str {
    match size {
        ControlSize::Xs | ControlSize::Sm => "input-shell input-sm",
        ControlSize::Md | ControlSize::Lg => "input-shell",
    }
}

/// A single line of text. Inside a `Field` it takes label, hint and error from there;
/// elsewhere give it a `label`.
#[component]
pub fn Input(
    /// The text, both ways.
    value: RwSignal<String>,
    /// What kind of text.
    #[prop(optional)]
    kind: InputKind,
    /// Its height.
    #[prop(optional)]
    size: ControlSize,
    /// Accessible name where there is no `Field`.
    #[prop(optional, into)]
    label: MaybeProp<String>,
    /// An example of a value; never the label.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// For the browser's own filling in (`"email"`, `"current-password"`).
    #[prop(optional, into)]
    autocomplete: Option<&'static str>,
    /// Longest text in characters.
    #[prop(optional, into)]
    max_length: Option<u32>,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Can be read and copied, not changed.
    #[prop(optional, into)]
    read_only: Signal<bool>,
    /// Takes the focus when it appears.
    #[prop(optional)]
    autofocus: bool,
    /// Called on every change by the user.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
    /// Called when the user leaves it.
    #[prop(optional, into)]
    on_blur: Option<Callback<()>>,
    /// Called for every key.
    #[prop(optional, into)]
    on_key: Option<Callback<ev::KeyboardEvent>>,
    /// The element, for focus.
    #[prop(optional, into)]
    node_ref: NodeRef<html::Input>,
) -> impl IntoView {
    let attrs = ControlAttrs::new("input", None);
    if autofocus {
        focus_when_shown(node_ref);
    }
    view! {
        <input
            class=input_class(size)
            id=attrs.id
            node_ref=node_ref
            type=kind.html_type()
            inputmode=kind.input_mode()
            aria-label=move || label.get()
            aria-describedby=move || attrs.described_by.get()
            aria-invalid=move || attrs.invalid.get()
            aria-required=attrs.required
            placeholder=placeholder
            autocomplete=autocomplete.unwrap_or("off")
            maxlength=max_length
            // A dialog moves the focus by this attribute when it opens.
            autofocus=autofocus
            disabled=move || disabled.get()
            readonly=move || read_only.get()
            prop:value=move || value.get()
            on:input=move |ev| {
                let text = event_target_value(&ev);
                value.set(text.clone());
                if let Some(call) = on_input { call.run(text) }
            }
            on:blur=move |_| if let Some(call) = on_blur { ignore(call.try_run(())) }
            on:keydown=move |ev| if let Some(call) = on_key { call.run(ev) }
        />
    }
}

/// Moves the focus to an input, with its text selected, as soon as it is on the page.
pub(super) fn focus_when_shown(node_ref: NodeRef<html::Input>) {
    Effect::new(move |_| {
        if let Some(input) = node_ref.get() {
            request_animation_frame(move || {
                ignore(input.focus());
                input.select();
            });
        }
    });
}

/// A search field with a magnifier and a button that empties it. Escape empties it too.
#[component]
pub fn SearchInput(
    /// The text, both ways.
    value: RwSignal<String>,
    /// Accessible name ("Search companies").
    #[prop(into)]
    label: String,
    /// Shown while empty; the label if not given.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// Its height.
    #[prop(default = ControlSize::Sm)]
    size: ControlSize,
    /// Called for every key, before the field's own handling.
    #[prop(optional, into)]
    on_key: Option<Callback<ev::KeyboardEvent>>,
    /// The element, for focus.
    #[prop(optional, into)]
    node_ref: NodeRef<html::Input>,
) -> impl IntoView {
    let attrs = ControlAttrs::new("search", None);
    let placeholder = placeholder.unwrap_or_else(|| label.clone());
    view! {
        <div class=shell_class(size)>
            <Icon name=IconName::Search />
            <input
                class="input-bare"
                id=attrs.id
                node_ref=node_ref
                type="search"
                aria-label=label
                placeholder=placeholder
                autocomplete="off"
                spellcheck="false"
                prop:value=move || value.get()
                on:input=move |ev| value.set(event_target_value(&ev))
                on:keydown=move |ev| {
                    if let Some(call) = on_key { call.run(ev.clone()) }
                    if ev.key() == "Escape" && !value.with_untracked(String::is_empty) {
                        ev.prevent_default();
                        ev.stop_propagation();
                        value.set(String::new());
                    }
                }
            />
            {move || (!value.with(String::is_empty)).then(|| view! {
                <IconButton icon=IconName::X label="Clear search" size=ControlSize::Xs
                    on_click=move |_| {
                        value.set(String::new());
                        if let Some(input) = node_ref.get_untracked() { ignore(input.focus()) }
                    } />
            })}
        </div>
    }
}

/// Several lines of text; grows with its content.
#[component]
pub fn Textarea(
    /// The text, both ways.
    value: RwSignal<String>,
    /// Accessible name where there is no `Field`.
    #[prop(optional, into)]
    label: MaybeProp<String>,
    /// An example of a value.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// Lines shown while empty.
    #[prop(default = 3)]
    rows: u32,
    /// Longest text in characters.
    #[prop(optional, into)]
    max_length: Option<u32>,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Called when the user leaves it.
    #[prop(optional, into)]
    on_blur: Option<Callback<()>>,
    /// Called for every key.
    #[prop(optional, into)]
    on_key: Option<Callback<ev::KeyboardEvent>>,
    /// The element, for focus.
    #[prop(optional, into)]
    node_ref: NodeRef<html::Textarea>,
) -> impl IntoView {
    let attrs = ControlAttrs::new("textarea", None);
    view! {
        <textarea
            class="input"
            id=attrs.id
            node_ref=node_ref
            rows=rows
            aria-label=move || label.get()
            aria-describedby=move || attrs.described_by.get()
            aria-invalid=move || attrs.invalid.get()
            aria-required=attrs.required
            placeholder=placeholder
            maxlength=max_length
            disabled=move || disabled.get()
            prop:value=move || value.get()
            on:input=move |ev| value.set(event_target_value(&ev))
            on:blur=move |_| if let Some(call) = on_blur { ignore(call.try_run(())) }
            on:keydown=move |ev| if let Some(call) = on_key { call.run(ev) }
        ></textarea>
    }
}
