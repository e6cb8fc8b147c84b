//! Filter chips, and the box in which a condition is made or changed.

use super::filter_text::{is_choice, op_label, ops, spans, value_text};
use crate::data::use_session;
use crate::features::forms::message;
use crate::features::records::address::Address;
use crate::features::records::desk::desk;
use crate::features::records::editor::{Around, FieldEditor, as_day, as_text, multi_picker, offered_name};
use crate::features::records::lookup::Lookup;
use crate::features::records::prefs;
use crate::features::records::value;
use crate::keyboard::{Action, Shortcuts};
use crate::ui::{
    Button, ButtonVariant, Checkbox, Choice, ControlSize, DateInput, FilterChip, IconButton, IconName, Input, Popover,
    SearchInput, Select,
};
use domain::catalog::{Field, Kind, RecordSpec};
use domain::filter::{self, Condition, MAX_CONDITIONS, Op};
use leptos::prelude::*;
use serde_json::{Value as Json, json};

/// What the box is editing: a condition of the address by its place, or a new one.
#[derive(Clone, Copy, PartialEq)]
struct Editing {
    at: Option<usize>,
    field: &'static str,
}

/// The filters of a list, in its address.
#[component]
pub fn Filters(
    /// The record type.
    spec: &'static RecordSpec,
    /// The address.
    address: Address,
    /// Names and colours.
    lookup: Lookup,
    /// Fields with a button of their own while nothing is filtered by them.
    quick: &'static [&'static str],
) -> impl IntoView {
    let open = RwSignal::new(false);
    let editing = RwSignal::new(None::<Editing>);
    let conditions = address.aspect(|state| state.conditions.clone());
    let other = address.aspect(|state| state.other.is_some());
    let edit = move |what: Option<Editing>| {
        editing.set(what);
        open.set(true);
    };
    // Opened by its own button the box begins with the choice of a field.
    Effect::watch(
        move || open.get(),
        move |open, _, _| {
            if !open {
                editing.set(None)
            }
        },
        false,
    );
    Shortcuts::current().register(
        Action::new("list.filter", "Filter the list", move || edit(None)).keys("f").icon(IconName::ListFilter),
    );
    let chips = move || {
        let all = conditions.get();
        all.into_iter()
            .enumerate()
            .filter_map(|(at, condition)| {
                let field = spec.field(&condition.field)?;
                Some(view! { <Chip at field condition address lookup
                on_edit=move || edit(Some(Editing { at: Some(at), field: field.name })) /> })
            })
            .collect_view()
    };
    let buttons = move || {
        let used = conditions.with(|all| all.iter().map(|c| c.field.clone()).collect::<Vec<_>>());
        let free = quick.iter().filter(|name| !used.iter().any(|u| u == *name)).filter_map(|name| spec.field(name));
        free.map(|field| {
            view! {
                <Button variant=ButtonVariant::Ghost size=ControlSize::Sm icon_end=IconName::ChevronDown
                    on_click=move |_| edit(Some(Editing { at: None, field: field.name }))>{field.label}</Button>
            }
        })
        .collect_view()
    };
    view! {
        <div class="rec-filters" role="group" aria-label="Filters">
            {chips}
            {move || other.get().then(|| view! {
                <FilterChip field="Filter" operator="is" value="made elsewhere" on_edit=|_| ()
                    on_remove=move |()| address.change(|state| state.other = None) />
            })}
            <Popover label="Filter" icon=IconName::ListFilter text="Filter" open=open flush=true>
                {move || match editing.get() {
                    Some(what) => match spec.field(what.field) {
                        Some(field) => view! {
                            <ConditionEditor spec field at=what.at address lookup
                                on_back=move || editing.set(None) on_done=move || open.set(false) />
                        }.into_any(),
                        None => ().into_any(),
                    },
                    None => view! {
                        <FieldList spec on_pick=move |field: &'static Field| {
                            editing.set(Some(Editing { at: None, field: field.name }));
                        } />
                    }.into_any(),
                }}
            </Popover>
            {buttons}
        </div>
    }
}

/// One condition.
#[component]
fn Chip(
    at: usize,
    field: &'static Field,
    condition: Condition,
    address: Address,
    lookup: Lookup,
    on_edit: impl Fn() + Send + Sync + 'static,
) -> impl IntoView {
    let currency = prefs::currency(&use_session());
    // After a reload the names of referenced records are not known yet.
    let unknown = match field.kind {
        Kind::Record(record) => {
            let ids = condition.value.as_array().into_iter().flatten().filter_map(value::id);
            let missing = ids.take(3).filter(|id| offered_name(&id.to_string()).is_none());
            missing.map(|id| (id, (desk(record).one)(Signal::stored(Some(id))))).collect::<Vec<_>>()
        }
        _ => Vec::new(),
    };
    let named = move |id: &str| {
        let fetched = unknown.iter().find(|(known, _)| known.to_string() == id);
        offered_name(id).or_else(|| fetched.and_then(|(_, one)| one.data.get()).map(|row| row.title))
    };
    let on_edit = StoredValue::new(on_edit);
    move || {
        let text = value_text(field, &condition, &currency, lookup, &named);
        view! {
            <FilterChip field=field.label operator=op_label(field, condition.op) value=text
                on_edit=move |_| on_edit.with_value(|edit| edit())
                on_remove=move |()| address.change(|state| {
                    if at < state.conditions.len() {
                        state.conditions.remove(at);
                    }
                }) />
        }
    }
}

/// The fields that can be filtered by.
#[component]
fn FieldList(
    spec: &'static RecordSpec,
    on_pick: impl Fn(&'static Field) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let found = move || {
        let typed = typed.get().to_lowercase();
        let fields = spec.fields.iter().filter(|field| field.is_filterable());
        fields.filter(|field| field.label.to_lowercase().contains(&typed)).collect::<Vec<_>>()
    };
    view! {
        <div class="rec-fields">
            <div class="rec-fields-head">
                <SearchInput value=typed label="Find a field" on_key=move |ev: web_sys::KeyboardEvent| {
                    if ev.key() == "Enter" {
                        ev.prevent_default();
                        if let Some(first) = untrack(found).first() { on_pick(first) }
                    }
                } />
            </div>
            <div class="rec-fields-list">
                <For each=found key=|field| field.name let:field>
                    <button type="button" class="menu-item" on:click=move |_| on_pick(field)>
                        <span class="menu-item-label">{field.label}</span>
                    </button>
                </For>
            </div>
        </div>
    }
}

/// Operator and value of one condition.
#[component]
fn ConditionEditor(
    spec: &'static RecordSpec,
    field: &'static Field,
    at: Option<usize>,
    address: Address,
    lookup: Lookup,
    on_back: impl Fn() + Copy + Send + Sync + 'static,
    on_done: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let before = at.and_then(|at| address.peek().conditions.get(at).cloned());
    let known = ops(field);
    let first = known.first().copied().unwrap_or(Op::Eq);
    let before = before.map(|condition| widened(field, condition));
    let op_now = before.as_ref().map(|c| c.op).filter(|op| known.contains(op)).unwrap_or(first);
    let op_text = RwSignal::new(op_now.as_str().to_owned());
    let op = Memo::new(move |_| op_text.with(|text| Op::parse(text)).unwrap_or(first));
    let value = RwSignal::new(before.map(|c| c.value).unwrap_or(Json::Null));
    let (low, high) = (RwSignal::new(Json::Null), RwSignal::new(Json::Null));
    if op_now == Op::Between {
        let ends = value.get_untracked().as_array().cloned().unwrap_or_default();
        low.set(ends.first().cloned().unwrap_or(Json::Null));
        high.set(ends.get(1).cloned().unwrap_or(Json::Null));
    }
    let session = use_session();
    let around = Around {
        lookup,
        currency: Signal::derive(move || session.settings().currency),
        pipeline: Signal::stored(None),
        beside: RwSignal::default(),
    };
    let shape = Memo::new(move |_| shape(field, op.get()));
    let editors = move || match shape.get() {
        Shape::Nothing => ().into_any(),
        Shape::Span => {
            let choices =
                spans().into_iter().map(|(value, label)| Choice::new(value, sentence(label))).collect::<Vec<_>>();
            let text = RwSignal::new(match value.get_untracked() {
                Json::Null | Json::Array(_) => String::new(),
                span => span.to_string(),
            });
            if text.with_untracked(String::is_empty) {
                text.set(json!("this_month").to_string());
                value.set(json!("this_month"));
            }
            view! {
                <Select value=text choices=Signal::stored(choices) label="Period"
                    on_change=move |now: String| value.set(serde_json::from_str(&now).unwrap_or(Json::Null)) />
            }
            .into_any()
        }
        Shape::Two => view! {
            <FieldEditor field value=low around label=format!("{} from", field.label) />
            <FieldEditor field value=high around label=format!("{} to", field.label) />
        }
        .into_any(),
        Shape::Many => many(field, value, around),
        Shape::One => {
            if matches!(value.get_untracked(), Json::Array(_) | Json::Object(_)) {
                value.set(Json::Null);
            }
            match field.kind {
                // A filter compares with whole days.
                Kind::DateTime => view! { <DateInput value=as_day(value) label=field.label /> }.into_any(),
                Kind::Text { .. } | Kind::LongText | Kind::Email | Kind::Phone | Kind::Url | Kind::TimeZone => {
                    view! { <Input value=as_text(value) label=field.label max_length=255_u32 /> }.into_any()
                }
                _ => view! { <FieldEditor field value around label=field.label /> }.into_any(),
            }
        }
    };
    let complete = move || match shape.get() {
        Shape::Nothing => true,
        Shape::Two => !low.get().is_null() && !high.get().is_null(),
        Shape::Many => value.with(|v| v.as_array().is_some_and(|items| !items.is_empty())),
        Shape::Span | Shape::One => !value.get().is_null(),
    };
    // What the comparison cannot be made with ("an amount"), until something is changed.
    let refused = RwSignal::new(None::<String>);
    let typed = move || (op.get(), value.get(), low.get(), high.get());
    Effect::watch(typed, move |_, _, _| refused.set(None), false);
    let apply = move || {
        if !untrack(complete) {
            return;
        }
        let value = match shape.get_untracked() {
            Shape::Nothing => Json::Null,
            Shape::Two => json!([low.get_untracked(), high.get_untracked()]),
            _ => value.get_untracked(),
        };
        let condition = Condition { field: field.name.to_owned(), op: op.get_untracked(), value };
        if let Err(errors) = filter::check(spec, &json!(condition)) {
            refused.set(errors.first().map(message));
            return;
        }
        on_done();
        address.change(move |state| {
            if let Some(old) = at.and_then(|at| state.conditions.get_mut(at)) {
                *old = condition;
            } else if state.conditions.len() < MAX_CONDITIONS {
                state.conditions.push(condition);
            }
        });
    };
    let choices: Vec<Choice> = known.iter().map(|op| Choice::new(op.as_str(), op_label(field, *op))).collect();
    let single = known.len() == 1;
    view! {
        <form class="rec-condition" on:submit=move |ev| { ev.prevent_default(); apply() }>
            <div class="rec-condition-head">
                <IconButton icon=IconName::ArrowLeft label="Choose another field" size=ControlSize::Xs
                    on_click=move |_| on_back() />
                <span class="rec-condition-field">{field.label}</span>
                {(!single).then(|| view! {
                    <Select value=op_text choices=Signal::stored(choices) size=ControlSize::Sm label="Comparison" />
                })}
            </div>
            {editors}
            <div role="alert">{move || refused.get().map(|why| view! { <p class="inline-error">{why}</p> })}</div>
            <div class="rec-condition-foot">
                <Button variant=ButtonVariant::Primary size=ControlSize::Sm submit=true
                    disabled=Signal::derive(move || !complete())>"Apply"</Button>
            </div>
        </form>
    }
}

/// What a comparison compares with.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Nothing,
    One,
    Two,
    Many,
    Span,
}

fn shape(field: &Field, op: Op) -> Shape {
    match op {
        Op::Empty | Op::NotEmpty => Shape::Nothing,
        Op::Between => Shape::Two,
        Op::Within => Shape::Span,
        Op::In | Op::Nin => Shape::Many,
        _ if is_choice(field) => Shape::Many,
        _ => Shape::One,
    }
}

/// "is Open" is edited as "is any of Open".
fn widened(field: &Field, mut condition: Condition) -> Condition {
    if is_choice(field) && matches!(condition.op, Op::Eq | Op::Ne) {
        condition.op = if condition.op == Op::Eq { Op::In } else { Op::Nin };
        condition.value = json!([condition.value]);
    }
    condition
}

/// Several values: ticks for short lists, a searched list otherwise.
fn many(field: &'static Field, value: RwSignal<Json>, around: Around) -> AnyView {
    let Kind::Select(options) = field.kind else {
        return multi_picker(field, value, around);
    };
    let boxes = options().iter().map(|option| {
        let checked = RwSignal::new(value.with_untracked(|v| value::texts(v).iter().any(|t| t == option.value)));
        view! {
            <Checkbox checked=checked label=option.label on_change=move |on| value.update(|v| {
                let mut all = value::texts(v);
                all.retain(|text| text != option.value);
                if on { all.push(option.value.to_owned()) }
                *v = Json::from(all);
            }) />
        }
    });
    view! { <div class="rec-ticks" role="group" aria-label=field.label>{boxes.collect_view()}</div> }.into_any()
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}
