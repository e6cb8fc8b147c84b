//! Field: label, hint and error around any control of the kit.

use leptos::{context::Provider, prelude::*};

use super::{
    dom::unique_id,
    form::FormState,
    icon::{Icon, IconName, IconSize},
};

/// What a [`Field`] tells the control inside it. Controls read it by [`FieldContext::take`].
#[derive(Clone)]
pub struct FieldContext {
    /// Id of the control; the label points to it.
    pub id: String,
    /// Id of the label, for controls that are groups.
    pub label_id: String,
    /// Ids of hint and error, for `aria-describedby`.
    pub described_by: Signal<Option<String>>,
    /// Whether the value was refused.
    pub invalid: Signal<bool>,
    /// Whether a value is needed.
    pub required: bool,
}

impl FieldContext {
    /// The field around the current component, if any.
    pub fn current() -> Option<Self> {
        use_context::<Self>()
    }
}

/// Attributes that every control of the kit takes from the [`Field`] around it.
pub(super) struct ControlAttrs {
    /// Own id, the field's id, or a fresh one.
    pub id: String,
    /// For `aria-describedby`.
    pub described_by: Signal<Option<String>>,
    /// For `aria-invalid`.
    pub invalid: Signal<Option<&'static str>>,
    /// For `aria-required`.
    pub required: Option<&'static str>,
    /// For `aria-labelledby` of groups.
    pub label_id: Option<String>,
}

impl ControlAttrs {
    /// Reads the field around the control; `prefix` starts a fresh id where there is none.
    pub fn new(prefix: &str, own_id: Option<String>) -> Self {
        match FieldContext::current() {
            Some(field) => Self {
                id: own_id.unwrap_or(field.id),
                described_by: field.described_by,
                invalid: Signal::derive(move || field.invalid.get().then_some("true")),
                required: field.required.then_some("true"),
                label_id: Some(field.label_id),
            },
            None => Self {
                id: own_id.unwrap_or_else(|| unique_id(prefix)),
                described_by: Signal::stored(None),
                invalid: Signal::stored(None),
                required: None,
                label_id: None,
            },
        }
    }
}

/// A labelled control with an optional hint and its error. Give it `form` and `path` and it shows the form's
/// error for that path, including those the server sent; or give it `error` directly.
#[component]
pub fn Field(
    /// The label, a noun ("Company name").
    #[prop(into)]
    label: String,
    /// What to know before typing.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// What is wrong with the value, if anything.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// The form whose error map is read at `path`.
    #[prop(optional, into)]
    form: Option<FormState>,
    /// The path of this field in the form and in the server's `fields[]`.
    #[prop(optional, into)]
    path: Option<&'static str>,
    /// A value is needed. Fields are assumed to be needed; the others say "optional".
    #[prop(optional)]
    required: bool,
    /// Says "optional" after the label.
    #[prop(optional)]
    optional: bool,
    /// The label is a heading for a group (radios, checkboxes) and not for one control.
    #[prop(optional)]
    group: bool,
    /// Keeps the label for screen readers only.
    #[prop(optional)]
    hide_label: bool,
    /// The control.
    children: Children,
) -> impl IntoView {
    let id = unique_id("field");
    let label_id = format!("{id}-label");
    let hint_id = format!("{id}-hint");
    let error_id = format!("{id}-error");

    let error = Memo::new(move |_| error.get().or_else(|| form.zip(path).and_then(|(form, path)| form.error(path))));
    let has_hint = Memo::new(move |_| hint.get().is_some());
    let described_by = {
        let (hint_id, error_id) = (hint_id.clone(), error_id.clone());
        Signal::derive(move || {
            let mut ids = Vec::new();
            if error.with(Option::is_some) {
                ids.push(error_id.clone());
            }
            if has_hint.get() {
                ids.push(hint_id.clone());
            }
            (!ids.is_empty()).then(|| ids.join(" "))
        })
    };
    let context = FieldContext {
        id: id.clone(),
        label_id: label_id.clone(),
        described_by,
        invalid: Signal::derive(move || error.with(Option::is_some)),
        required,
    };

    let text = view! {
        {label}
        {optional.then(|| view! { <span class="field-optional">" (optional)"</span> })}
    };
    let label_class = if hide_label { "field-label sr-only-kit" } else { "field-label" };
    let label = if group {
        view! { <span class=label_class id=label_id>{text}</span> }.into_any()
    } else {
        view! { <label class=label_class id=label_id for=id>{text}</label> }.into_any()
    };
    view! {
        <div class="field" data-field=path>
            {label}
            // A provider of its own, or the controls after this field would find it too.
            <Provider value=context>{children()}</Provider>
            {move || error.get().map(|message| view! {
                <p class="field-error" id=error_id.clone()>
                    <Icon name=IconName::CircleAlert size=IconSize::Sm />
                    <span>{message}</span>
                </p>
            })}
            {move || hint.get().map(|hint| view! { <p class="field-hint" id=hint_id.clone()>{hint}</p> })}
        </div>
    }
}
