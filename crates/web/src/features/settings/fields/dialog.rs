//! Defines a field, or changes its definition.

use super::keeper::Keeper;
use super::options::{Line, OptionsEditor};
use crate::api;
use crate::features::forms::{send, show_errors};
use crate::ui::dom::{ignore, later, unique_id};
use crate::ui::{
    Button, ButtonVariant, Checkbox, Choice, ConfirmDialog, Field, FormError, FormState, IconButton, IconName, Input,
    Modal, Select,
};
use domain::catalog::{RecordType, member};
use domain::error::FieldError;
use domain::fields::{FieldDefinition, FieldDefinitionInput, FieldType, NAME_MAX};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use uuid::Uuid;

/// What the dialog is open for.
#[derive(Clone, PartialEq)]
pub(super) enum Editing {
    /// A new field.
    New(RecordType),
    /// A field that exists.
    Change(FieldDefinition),
}

/// What a type is for.
const fn about(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Text => "One line, such as a customer number.",
        FieldType::Textarea => "Several lines, such as a note.",
        FieldType::Number => "A number, with decimals where it has some. Lists can be sorted by it.",
        FieldType::Date => "A day.",
        FieldType::Select => "One option of a list that you give.",
        FieldType::MultiSelect => "Any number of options of a list that you give.",
        FieldType::Checkbox => "Yes, no, or nothing.",
        FieldType::Url => "A web address, shown as a link.",
    }
}

/// Open while `editing` is set.
#[component]
pub(super) fn FieldDialog(
    /// What it is open for, both ways.
    editing: RwSignal<Option<Editing>>,
) -> impl IntoView {
    let (open, dirty, asking) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let heading = StoredValue::new(unique_id("field-form"));
    Effect::new(move |_| {
        if editing.with(Option::is_some) {
            dirty.set(false);
            open.set(true);
        }
    });
    let may_close = Callback::new(move |()| {
        let dirty = dirty.get_untracked();
        asking.set(dirty);
        !dirty
    });
    view! {
        <Modal open=open class="dialog" labelled_by=heading.get_value() may_close=may_close
            on_closed=move |()| editing.set(None)>
            {editing.get_untracked().map(|what| view! {
                <FieldForm what heading=heading.get_value() dirty may_close
                    on_close=move || later(move || ignore(open.try_set(false))) />
            })}
        </Modal>
        <ConfirmDialog open=asking title="Throw away what you typed?" danger=true confirm="Throw away"
            text="The field has changes that are not saved."
            on_confirm=move |()| {
                asking.set(false);
                open.set(false);
            } />
    }
}

#[component]
fn FieldForm(
    what: Editing,
    heading: String,
    dirty: RwSignal<bool>,
    may_close: Callback<(), bool>,
    on_close: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let keeper = Keeper::current();
    let (entity, before) = match what {
        Editing::New(entity) => (entity, None),
        Editing::Change(field) => (field.entity, Some(field)),
    };
    let is_new = before.is_none();
    let form = FormState::new();
    let old = |read: fn(&FieldDefinition) -> bool| before.as_ref().is_some_and(read);
    let name = form.value("name", before.as_ref().map(|field| field.name.clone()).unwrap_or_default());
    let first = before.as_ref().map_or(FieldType::Text, |field| field.kind);
    let kind = form.value("type", first.as_str().to_owned());
    let required = form.value("required", old(|field| field.required));
    let in_lists = form.value("show_in_list", old(|field| field.show_in_list));
    let options = before.as_ref().map(|field| field.options.clone()).unwrap_or_default();
    let options: Vec<Line> = options.into_iter().map(Line::of).collect();
    let lines = form.value("options", if options.is_empty() { vec![Line::blank()] } else { options });
    let wrong = RwSignal::new(Vec::<(Uuid, String)>::new());
    let chosen = Memo::new(move |_| kind.with(|text| FieldType::parse(text)).unwrap_or(FieldType::Text));
    Effect::new(move |_| dirty.set(form.is_dirty()));

    let saved = StoredValue::new(before.as_ref().map(|field| (field.id, field.version)));
    let submit = move || {
        if form.saving().get_untracked() {
            return;
        }
        let kind = chosen.get_untracked();
        let kept: Vec<Line> = lines.get_untracked().into_iter().filter(|line| !line.is_blank()).collect();
        let mut input = FieldDefinitionInput {
            entity: is_new.then_some(entity),
            name: Some(name.get_untracked().trim().to_owned()),
            kind: is_new.then_some(kind),
            key: None,
            required: Some(required.get_untracked() && kind != FieldType::Checkbox),
            options: kind.has_options().then(|| kept.iter().map(Line::option).collect()),
            show_in_list: Some(in_lists.get_untracked()),
        };
        let errors = input.check(kind);
        if !errors.is_empty() {
            let (of_lines, others): (Vec<_>, Vec<_>) =
                errors.into_iter().map(|error| (line_of(&error, &kept), error)).partition(|(line, _)| line.is_some());
            let of_lines = of_lines.into_iter().filter_map(|(line, error)| Some((line?, error.message)));
            wrong.set(of_lines.collect());
            let others: Vec<FieldError> = others.into_iter().map(|(_, error)| error).collect();
            return show_errors(form, &others, None);
        }
        let saved = saved.get_value();
        let request = async move {
            match saved {
                None => api::fields::create(&input).await,
                Some((id, version)) => api::fields::update(id, version, &input).await,
            }
        };
        send(form, request, move |field| {
            ignore(dirty.try_set(false));
            keeper.done(format!("Field {} {}", field.name, if is_new { "added" } else { "saved" }));
            keeper.put(field);
            on_close();
        });
    };
    let title = match &before {
        None => format!("New {} field", entity.label().to_lowercase()),
        Some(field) => format!("Edit {}", field.name),
    };
    let plural = entity.spec().label_plural.to_lowercase();
    let required_hint = format!("New {plural} must have it. Those that are there may stay without.");
    let types: Vec<Choice> = FieldType::CHOICES.iter().map(|one| Choice::new(one.value, one.label)).collect();
    let types = StoredValue::new(types);
    let hint = MaybeProp::derive(move || Some(about(chosen.get()).to_owned()));
    let has_options = Memo::new(move |_| chosen.get().has_options());
    let can_be_required = Memo::new(move |_| chosen.get() != FieldType::Checkbox);
    let limit = u32::try_from(NAME_MAX).unwrap_or(u32::MAX);
    let kept_hint =
        (!is_new).then(|| "Records keep an option that is removed; nobody can choose it any more.".to_owned());
    view! {
        <form class="rec-form" novalidate=true on:submit=move |ev: SubmitEvent| {
            ev.prevent_default();
            submit();
        }>
            <div class="dialog-head">
                <h2 id=heading>{title}</h2>
                <IconButton icon=IconName::X label="Close" on_click=move |_| if may_close.run(()) { on_close() } />
            </div>
            <div class="dialog-body">
                <Field label="Name" form=form path="name" required=true>
                    <Input value=name autofocus=true max_length=limit />
                </Field>
                {match before {
                    None => view! {
                        <Field label="Type" form=form path="type" hint=hint>
                            <Select value=kind choices=types.get_value() />
                        </Field>
                        <p class="field-hint">"The type cannot be changed later. The key that integrations use is made of the name."</p>
                    }.into_any(),
                    Some(field) => view! {
                        <p class="field-hint">
                            {format!("Type: {}. Key: ", field.kind.label())}<code>{field.key}</code>". Neither can be changed."
                        </p>
                    }.into_any(),
                }}
                <Show when=move || has_options.get()>
                    <Field label="Options" form=form path="options" group=true hint=kept_hint.clone()>
                        <OptionsEditor lines wrong />
                    </Field>
                </Show>
                <Show when=move || can_be_required.get()>
                    <Checkbox checked=required label="Required" hint=required_hint.clone() />
                </Show>
                <Checkbox checked=in_lists label="Show in lists" hint="As a column, unless a person has chosen columns of their own." />
                <FormError form />
            </div>
            <div class="dialog-foot">
                <Button on_click=move |_| if may_close.run(()) { on_close() }>"Cancel"</Button>
                <Button variant=ButtonVariant::Primary submit=true loading=form.saving()>
                    {if is_new { "Add field" } else { "Save" }}
                </Button>
            </div>
        </form>
    }
}

/// The line that an error is about.
fn line_of(error: &FieldError, sent: &[Line]) -> Option<Uuid> {
    let (field, rest) = member::of_path(&error.path);
    let at = rest.split('/').nth(1).filter(|_| field == "options")?.parse::<usize>().ok()?;
    sent.get(at).map(|line| line.id)
}
