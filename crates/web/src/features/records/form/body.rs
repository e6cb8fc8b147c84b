//! The form inside the dialog.

use super::alike::Alike;
use crate::api::records::{Fields, fields};
use crate::api::row::{is_named, name_beside};
use crate::api::{ApiResult, Row};
use crate::data::mutation::part;
use crate::data::{Mutations, schema, use_mutations, use_notices, use_session};
use crate::features::forms::{message, show_errors, show_fail};
use crate::features::records::cell;
use crate::features::records::editor::{Around, FieldEditor};
use crate::features::records::look::look;
use crate::features::records::lookup::Lookup;
use crate::features::records::prefs;
use crate::features::records::value;
use crate::shell::Leaving;
use crate::ui::dom::{after_press, ignore};
use crate::ui::{Button, ButtonVariant, Field as Labelled, FormError, FormState, IconButton, IconName};
use domain::catalog::{Field, Group, Kind, RecordType, Schema, Uses, member};
use domain::draft::{self, Draft, Mode};
use domain::error::FieldError;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value as Json;

/// The fields of the form with what stands in them.
pub(super) type Values = Vec<(&'static Field, RwSignal<Json>)>;

/// The form.
#[component]
pub fn FormBody(
    record: RecordType,
    edited: Option<ReadSignal<Row>>,
    prefill: Signal<Fields>,
    heading: String,
    dirty: RwSignal<bool>,
    discard: RwSignal<u32>,
    may_close: Callback<(), bool>,
    on_close: impl Fn() + Copy + Send + Sync + 'static,
    on_saved: Callback<Row>,
) -> impl IntoView {
    // Begun with these fields it is ended with them, whatever is defined meanwhile.
    let (schema, session) = (untrack(|| schema(record)), use_session());
    let before = edited.map(|row| row.get_untracked());
    let user = untrack(|| session.user_id()).map(|id| id.to_string()).unwrap_or_default();
    let which = before.as_ref().map_or_else(|| "new".to_owned(), |row| row.id.to_string());
    let form = FormState::with_draft(format!("draft:{user}:{}:{which}", schema.table));
    Leaving::current().watch(form);
    // Of a draft that is taken up again others may have changed the record since: they are not overwritten.
    let began = before.as_ref().map(|row| form.origin(row.to_json()));
    let began = began.and_then(|json| Row::from_json(record, json));
    let lookup = Lookup::new(record);
    let given = prefill.get_untracked();
    let values: Values = form_fields(schema, before.is_some())
        .into_iter()
        .map(|field| {
            let start = match &before {
                Some(row) => row.get(field.name).clone(),
                None => given.get(field.name).cloned().unwrap_or_else(|| start_of(field, &session, lookup)),
            };
            (field, form.value(field.name, start))
        })
        .collect();
    let of = {
        let values = values.clone();
        move |name: &str| values.iter().find(|(field, _)| field.name == name).map(|(_, value)| *value)
    };
    let (currency, pipeline, stage) = (of("currency"), of("pipeline_id"), of("stage_id"));
    let fallback = prefs::currency(&session);
    let own_currency = before.as_ref().map(|row| row.currency().to_owned());
    let beside = RwSignal::new(named_beside(schema, before.as_ref(), &given));
    let around = Around {
        lookup,
        currency: Signal::derive(move || {
            let chosen = currency.and_then(|value| value.with(|json| json.as_str().map(str::to_owned)));
            chosen.or_else(|| own_currency.clone()).unwrap_or_else(|| fallback.clone())
        }),
        pipeline: Signal::derive(move || pipeline.and_then(|value| value.with(value::id))),
        beside,
    };
    // A stage belongs to one pipeline.
    if let (Some(pipeline), Some(stage)) = (pipeline, stage) {
        Effect::watch(move || pipeline.get(), move |_, _, _| stage.set(Json::Null), false);
    }
    Effect::new(move |_| dirty.set(form.is_dirty()));
    on_cleanup(move || ignore(dirty.try_set(false)));
    Effect::watch(move || discard.get(), move |_, _, _| form.discard_draft(), false);

    let new = before.is_none();
    let all = StoredValue::new(values.clone());
    let mutations = StoredValue::new(use_mutations());
    let notices = StoredValue::new(use_notices());
    let (start, began) = (StoredValue::new(before.clone()), StoredValue::new(began));
    let submit = move || {
        if form.saving().get_untracked() {
            return;
        }
        let fields = all.with_value(|values| start.with_value(|row| collect(values, row.as_ref())));
        let mode = if new { Mode::Create } else { Mode::Update };
        if let Err(errors) = Draft::parse(schema, mode, &fields) {
            show_errors(form, &errors, None);
            return;
        }
        if fields.is_empty() {
            on_close();
            return;
        }
        form.start_saving();
        let (mutations, began) = (mutations.get_value(), began.get_value());
        spawn_local(async move {
            match save(&mutations, record, began, &fields).await {
                Ok(Saved::Now(row)) => {
                    form.saved();
                    ignore(dirty.try_set(false));
                    let done = if new { "created" } else { "saved" };
                    ignore(notices.try_with_value(|notices| notices.done(format!("{} {done}", row.title))));
                    on_close();
                    ignore(on_saved.try_run(row));
                }
                Ok(Saved::Clash { now, mine, rest }) => {
                    form.saved();
                    ignore(dirty.try_set(false));
                    on_close();
                    cell::ask(&mutations, now, mine, rest);
                }
                Err(fail) => {
                    show_fail(form, &fail);
                    // What is about no field of the form (one deleted meanwhile) would stand nowhere.
                    let is_here = |error: &&FieldError| {
                        let (name, _) = member::of_path(&error.path);
                        all.try_with_value(|values| values.iter().any(|(field, _)| field.name == name)) == Some(true)
                    };
                    if let Some(error) = fail.fields().iter().find(|error| !is_here(error)) {
                        form.set_general_error(message(error));
                    }
                }
            }
        });
    };
    let title = match &before {
        Some(row) => format!("Edit {}", row.title),
        None => format!("New {}", schema.label.to_lowercase()),
    };
    view! {
        <form class="rec-form" novalidate=true
            on:submit=move |ev| { ev.prevent_default(); submit() }
            on:keydown=move |ev| if ev.key() == "Enter" && (ev.ctrl_key() || ev.meta_key()) {
                ev.prevent_default();
                submit();
            }>
            <div class="dialog-head">
                <h2 id=heading>{title}</h2>
                <IconButton icon=IconName::X label="Close" on_click=move |_| if may_close.run(()) { on_close() } />
            </div>
            <div class="dialog-body">
                {sections(&values, form, around)}
                <FormError form />
            </div>
            <div class="dialog-foot">
                {new.then(|| view! { <Alike record values=values.clone() /> })}
                <Button on_click=move |_| if may_close.run(()) { on_close() }>"Cancel"</Button>
                <Button variant=ButtonVariant::Primary submit=true loading=form.saving()>
                    {if new { format!("Create {}", schema.label.to_lowercase()) } else { "Save".to_owned() }}
                </Button>
            </div>
        </form>
    }
}

/// The fields of the form. What has controls of its own on the page is not edited here.
fn form_fields(schema: Schema, editing: bool) -> Vec<&'static Field> {
    let fixed = look(schema.record).fixed;
    schema
        .writable()
        .filter(|field| if editing { !fixed.contains(&field.name) } else { !field.uses.has(Uses::NOT_IN_CREATE_FORM) })
        .collect()
}

/// What a new record has before anything is typed.
fn start_of(field: &Field, session: &crate::data::Session, lookup: Lookup) -> Json {
    match field.kind {
        Kind::Currency => Json::from(prefs::currency(session)),
        Kind::User if field.name == "owner_id" => {
            untrack(|| session.user_id()).map_or(Json::Null, |id| Json::from(id.to_string()))
        }
        Kind::Pipeline => untrack(|| lookup.directory.default_pipeline())
            .map_or(Json::Null, |pipeline| Json::from(pipeline.id.to_string())),
        Kind::Money { .. } | Kind::Text { .. } => Json::Null,
        _ => field.default.map_or(Json::Null, |default| draft::default_json(field, default)),
    }
}

fn named_beside(schema: Schema, before: Option<&Row>, given: &Fields) -> Fields {
    schema
        .fields()
        .filter(|field| is_named(field))
        .filter_map(|field| {
            let name = name_beside(field);
            let known = before.map(|row| row.get(&name).clone()).or_else(|| given.get(&name).cloned())?;
            (!known.is_null()).then_some((name, known))
        })
        .collect()
}

/// What is sent: everything given on creation, what changed on edit.
fn collect(values: &Values, before: Option<&Row>) -> Fields {
    let all = values.iter().map(|(field, value)| (field.name, value.get_untracked()));
    let sent = all.filter(|(name, json)| match before {
        Some(row) => *json != *row.get(name),
        None => !value::is_blank(json),
    });
    fields(sent)
}

/// How saving went.
enum Saved {
    /// This is the record now.
    Now(Row),
    /// Others have changed fields of `mine`, too.
    Clash { now: Row, mine: Fields, rest: Fields },
}

/// Makes the record, or saves it. What others did to other fields meanwhile stands beside it.
async fn save(mutations: &Mutations, record: RecordType, began: Option<Row>, fields: &Fields) -> ApiResult<Saved> {
    let Some(mut row) = began else { return mutations.create(record, fields).await.map(Saved::Now) };
    loop {
        let fail = match mutations.save(&row, fields).await {
            Ok(row) => return Ok(Saved::Now(row)),
            Err(fail) => fail,
        };
        let now = fail.current().filter(|_| fail.is_stale()).cloned();
        let Some(now) = now.and_then(|json| Row::from_json(record, json)) else { return Err(fail) };
        let (mine, rest) = part(fields, &row, &now);
        if !mine.is_empty() {
            return Ok(Saved::Clash { now, mine, rest });
        }
        row = now;
    }
}

const fn wide(field: &Field) -> bool {
    matches!(field.kind, Kind::LongText | Kind::Address | Kind::LineItems | Kind::Tags | Kind::Object | Kind::Names)
}

fn sections(values: &Values, form: FormState, around: Around) -> AnyView {
    let mut groups: Vec<(Group, Values)> = Vec::new();
    for (field, value) in values {
        match groups.iter_mut().find(|(group, _)| *group == field.group) {
            Some((_, fields)) => fields.push((*field, *value)),
            None => groups.push((field.group, vec![(*field, *value)])),
        }
    }
    groups
        .into_iter()
        .map(|(group, fields)| {
            let rows =
                fields.into_iter().map(|(field, value)| view! { <Control field value form around /> }).collect_view();
            match heading(group) {
                // Rarely filled in: folded away.
                Some(label) => view! {
                    <details class="rec-group">
                        <summary>{label}</summary>
                        <div class="rec-form-grid">{rows}</div>
                    </details>
                }
                .into_any(),
                None if group == Group::Custom => {
                    view! { <div class="rec-form-grid rec-form-own">{rows}</div> }.into_any()
                }
                None => view! { <div class="rec-form-grid">{rows}</div> }.into_any(),
            }
        })
        .collect_view()
        .into_any()
}

const fn heading(group: Group) -> Option<&'static str> {
    match group {
        Group::Address => Some("Addresses"),
        Group::Consent => Some("Consent"),
        _ => None,
    }
}

/// One labelled editor, checked when it is left.
#[component]
fn Control(field: &'static Field, value: RwSignal<Json>, form: FormState, around: Around) -> impl IntoView {
    let check = move || {
        let Some(json) = value.try_get_untracked() else { return };
        if let Err(why) = cell::check(field, &json) {
            form.set_error(field.name, why);
        }
    };
    let group = matches!(field.kind, Kind::Address | Kind::LineItems);
    view! {
        <div class=if wide(field) { "rec-form-wide" } else { "" } on:focusout=move |_| after_press(check)>
            {if group {
                view! {
                    <Labelled label=field.label form=form path=field.name group=true>
                        <FieldEditor field value around />
                    </Labelled>
                }.into_any()
            } else if field.is_required() {
                view! {
                    <Labelled label=field.label form=form path=field.name required=true>
                        <FieldEditor field value around />
                    </Labelled>
                }.into_any()
            } else {
                view! {
                    <Labelled label=field.label form=form path=field.name>
                        <FieldEditor field value around />
                    </Labelled>
                }.into_any()
            }}
        </div>
    }
}
