//! Controls that choose: Checkbox, Switch, `RadioGroup`, Segmented, Select.

use leptos::prelude::*;

use super::{
    button::ControlSize,
    dom::unique_id,
    each::Each,
    field::ControlAttrs,
    icon::{Icon, IconName},
    input::input_class,
};

/// One entry of a [`Select`], [`RadioGroup`] or [`Segmented`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is stored.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// A sentence under the label (radios only).
    pub hint: Option<String>,
}

impl Choice {
    /// A choice with a label.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: None }
    }

    /// Adds a sentence of explanation.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// A box to tick, with its label.
#[component]
pub fn Checkbox(
    /// Ticked or not, both ways.
    checked: RwSignal<bool>,
    /// The label.
    #[prop(into)]
    label: String,
    /// A sentence under the label.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Some of several are ticked: shows a dash.
    #[prop(optional, into)]
    mixed: Signal<bool>,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Keeps the label for screen readers only.
    #[prop(optional)]
    hide_label: bool,
    /// Called when the user changes it.
    #[prop(optional, into)]
    on_change: Option<Callback<bool>>,
) -> impl IntoView {
    tick(None, checked, mixed, disabled, on_change, Words { label, hint, hidden: hide_label })
}

/// Turns something on or off at once, without a Save button.
#[component]
pub fn Switch(
    /// On or off, both ways.
    checked: RwSignal<bool>,
    /// The label.
    #[prop(into)]
    label: String,
    /// A sentence under the label.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Keeps the label for screen readers only.
    #[prop(optional)]
    hide_label: bool,
    /// Called when the user changes it.
    #[prop(optional, into)]
    on_change: Option<Callback<bool>>,
) -> impl IntoView {
    let words = Words { label, hint, hidden: hide_label };
    tick(Some("switch"), checked, Signal::stored(false), disabled, on_change, words)
}

/// What stands beside a box, a switch or a radio.
struct Words {
    label: String,
    hint: Option<String>,
    /// For screen readers only.
    hidden: bool,
}

impl Words {
    /// The id that the control is described by, and the view.
    fn view(self) -> (Option<String>, AnyView) {
        let id = self.hint.as_ref().map(|_| unique_id("hint"));
        let hint_id = id.clone();
        let view = view! {
            <span class=if self.hidden { "sr-only-kit" } else { "" }>
                {self.label}
                {self.hint.map(|hint| view! { <span class="check-hint" id=hint_id>{hint}</span> })}
            </span>
        };
        (id, view.into_any())
    }
}

/// A checkbox, or what works like one in another `role`.
fn tick(
    role: Option<&'static str>,
    checked: RwSignal<bool>,
    mixed: Signal<bool>,
    disabled: Signal<bool>,
    on_change: Option<Callback<bool>>,
    words: Words,
) -> AnyView {
    let (described_by, words) = words.view();
    view! {
        <label class="check">
            <input
                class=role.unwrap_or("check-box")
                type="checkbox"
                role=role
                aria-describedby=described_by
                disabled=move || disabled.get()
                prop:checked=move || checked.get()
                prop:indeterminate=move || mixed.get()
                on:change=move |ev| {
                    let on = event_target_checked(&ev);
                    checked.set(on);
                    if let Some(call) = on_change { call.run(on) }
                }
            />
            {words}
        </label>
    }
    .into_any()
}

/// Exactly one of a few, all visible. Put it in a `Field group=true`, which names it.
#[component]
pub fn RadioGroup(
    /// The chosen value, both ways.
    value: RwSignal<String>,
    /// The choices.
    choices: Vec<Choice>,
    /// Accessible name where there is no `Field`.
    #[prop(optional, into)]
    label: Option<String>,
    /// Side by side instead of one under the other.
    #[prop(optional)]
    row: bool,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let attrs = ControlAttrs::new("radio", None);
    let name = attrs.id.clone();
    let options = choices
        .into_iter()
        .map(|choice| {
            let (mine, picked) = (choice.value.clone(), choice.value);
            let (described_by, words) = Words { label: choice.label, hint: choice.hint, hidden: false }.view();
            view! {
                <label class="check">
                    <input
                        class="check-box"
                        type="radio"
                        name=name.clone()
                        value=mine.clone()
                        aria-describedby=described_by
                        disabled=move || disabled.get()
                        prop:checked=move || value.with(|v| *v == mine)
                        on:change=move |_| value.set(picked.clone())
                    />
                    {words}
                </label>
            }
        })
        .collect_view();
    view! {
        <div
            class=if row { "radio-group radio-group-row" } else { "radio-group" }
            role="radiogroup"
            aria-label=label
            aria-labelledby=attrs.label_id
            aria-describedby=move || attrs.described_by.get()
            aria-invalid=move || attrs.invalid.get()
        >
            {options}
        </div>
    }
}

/// Exactly one of two to four short choices, as a compact switch: views, periods, themes.
#[component]
pub fn Segmented(
    /// The chosen value.
    #[prop(into)]
    value: Signal<String>,
    /// The choices.
    choices: Vec<Choice>,
    /// What is chosen ("Theme").
    #[prop(into)]
    label: String,
    /// Called with the value the user chose.
    #[prop(into)]
    on_change: Callback<String>,
) -> impl IntoView {
    let name = unique_id("segmented");
    let options = choices
        .into_iter()
        .map(|choice| {
            let (mine, picked) = (choice.value.clone(), choice.value);
            view! {
                <label>
                    <input
                        type="radio"
                        name=name.clone()
                        prop:checked=move || value.with(|v| *v == mine)
                        on:change=move |_| on_change.run(picked.clone())
                    />
                    <span>{choice.label}</span>
                </label>
            }
        })
        .collect_view();
    view! { <div class="segmented" role="radiogroup" aria-label=label>{options}</div> }
}

/// One of a fixed list, by the browser's own list. For long or remote lists take a `Combobox`.
#[component]
pub fn Select(
    /// The chosen value, both ways; `""` is nothing.
    value: RwSignal<String>,
    /// The choices.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The entry for "nothing chosen"; without it the list has no such entry.
    #[prop(optional, into)]
    empty: MaybeProp<String>,
    /// Accessible name where there is no `Field`.
    #[prop(optional, into)]
    label: MaybeProp<String>,
    /// Its height.
    #[prop(optional)]
    size: ControlSize,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Called with the value the user chose.
    #[prop(optional, into)]
    on_change: Option<Callback<String>>,
) -> impl IntoView {
    let attrs = ControlAttrs::new("select", None);
    view! {
        <div class="select-wrap">
            <select
                class=input_class(size)
                id=attrs.id
                aria-label=move || label.get()
                aria-describedby=move || attrs.described_by.get()
                aria-invalid=move || attrs.invalid.get()
                aria-required=attrs.required
                disabled=move || disabled.get()
                on:change=move |ev| {
                    let picked = event_target_value(&ev);
                    value.set(picked.clone());
                    if let Some(call) = on_change { call.run(picked) }
                }
            >
                {empty.get_untracked().map(|text| view! {
                    <option value="" selected=move || value.with(String::is_empty)>{text}</option>
                })}
                <Each each=move || choices.get() key=|choice| choice.value.clone() let:choice>
                    {
                        let mine = choice.value.clone();
                        view! {
                            <option value=choice.value prop:selected=move || value.with(|v| *v == mine)>
                                {choice.label}
                            </option>
                        }
                    }
                </Each>
            </select>
            <Icon name=IconName::ChevronDown />
        </div>
    }
}
