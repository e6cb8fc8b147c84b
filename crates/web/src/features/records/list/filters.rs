//! Filter chips, and the box in which a condition is made or changed.

use super::builder::FilterBuilder;
use super::condition::{Comparison, Draft, Operands};
use super::filter_text::{op_label, value_text};
use crate::data::{schema, use_session};
use crate::features::records::address::Address;
use crate::features::records::desk::desk;
use crate::features::records::editor::{Around, offered_name};
use crate::features::records::lookup::Lookup;
use crate::features::records::prefs;
use crate::features::records::value;
use crate::keyboard::{Action, Shortcuts};
use crate::ui::{Button, ButtonVariant, ControlSize, FilterChip, Icon, IconButton, IconName, Popover, SearchInput};
use domain::catalog::{Field, Kind, RecordType};
use domain::filter::{Condition, Filter, MAX_CONDITIONS};
use leptos::prelude::*;

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
    record: RecordType,
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
    let other = address.aspect(|state| state.other.clone());
    let building = RwSignal::new(false);
    let build = move || {
        open.set(false);
        building.set(true);
    };
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
            .map(|(at, condition)| match schema(record).field(&condition.field) {
                Some(field) => view! {
                    <Chip at field condition address lookup
                        on_edit=move || edit(Some(Editing { at: Some(at), field: field.name })) />
                }
                .into_any(),
                // It can only be taken away.
                None => view! {
                    <FilterChip field="A field that is gone" operator=condition.op.label() value=""
                        on_edit=move |_| remove(address, at) on_remove=move |()| remove(address, at) />
                }
                .into_any(),
            })
            .collect_view()
    };
    let buttons = move || {
        let used = conditions.with(|all| all.iter().map(|c| c.field.clone()).collect::<Vec<_>>());
        let free =
            quick.iter().filter(|name| !used.iter().any(|u| u == *name)).filter_map(|name| schema(record).field(name));
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
            {move || other.get().map(|filter| view! {
                <FilterChip field="Filter" operator=all_or_any(&filter) value=format!("{} conditions", count(&filter))
                    on_edit=move |_| building.set(true)
                    on_remove=move |()| address.change(|state| state.other = None) />
            })}
            <Popover label="Filter" icon=IconName::ListFilter text="Filter" open=open flush=true>
                {move || match editing.get() {
                    Some(what) => match untrack(|| schema(record)).field(what.field) {
                        Some(field) => view! {
                            <ConditionEditor record field at=what.at address lookup
                                on_back=move || editing.set(None) on_done=move || open.set(false) />
                        }.into_any(),
                        None => ().into_any(),
                    },
                    None => view! {
                        <FieldList record on_build=build on_pick=move |field: &'static Field| {
                            // A filter of another shape takes further conditions in its own editor.
                            if untrack(|| other.with(Option::is_some)) {
                                return build();
                            }
                            editing.set(Some(Editing { at: None, field: field.name }));
                        } />
                    }.into_any(),
                }}
            </Popover>
            {move || other.with(Option::is_none).then(buttons)}
            <FilterBuilder record address lookup open=building />
        </div>
    }
}

/// How the parts of a filter go together, in words.
const fn all_or_any(filter: &Filter) -> &'static str {
    match filter {
        Filter::Or { .. } => "any of",
        Filter::And { .. } | Filter::Condition(_) => "all of",
    }
}

/// How many conditions a filter has, however deep.
fn count(filter: &Filter) -> usize {
    match filter {
        Filter::And { and: parts } | Filter::Or { or: parts } => parts.iter().map(count).sum(),
        Filter::Condition(_) => 1,
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
                on_remove=move |()| remove(address, at) />
        }
    }
}

/// Takes a condition away.
fn remove(address: Address, at: usize) {
    address.change(|state| {
        if at < state.conditions.len() {
            state.conditions.remove(at);
        }
    });
}

/// The fields that can be filtered by.
#[component]
fn FieldList(
    record: RecordType,
    on_pick: impl Fn(&'static Field) + Copy + Send + Sync + 'static,
    on_build: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let found = move || {
        let typed = typed.get().to_lowercase();
        let fields = schema(record).fields().filter(|field| field.is_filterable());
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
            <div class="rec-fields-foot">
                <button type="button" class="menu-item" on:click=move |_| on_build()>
                    <Icon name=IconName::ListFilter />
                    <span class="menu-item-label">"Combine with and / or…"</span>
                </button>
            </div>
        </div>
    }
}

/// Operator and value of one condition.
#[component]
fn ConditionEditor(
    record: RecordType,
    field: &'static Field,
    at: Option<usize>,
    address: Address,
    lookup: Lookup,
    on_back: impl Fn() + Copy + Send + Sync + 'static,
    on_done: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let draft = Draft::new(field, at.and_then(|at| address.peek().conditions.get(at).cloned()));
    // What the comparison cannot be made with ("an amount"), until something is changed.
    let refused = RwSignal::new(None::<String>);
    Effect::watch(move || draft.condition(), move |_, _, _| refused.set(None), false);
    let apply = move || {
        if !untrack(|| draft.is_complete()) {
            return;
        }
        let condition = match draft.check(untrack(|| schema(record))) {
            Ok(condition) => condition,
            Err(why) => return refused.set(Some(why)),
        };
        on_done();
        address.change(move |state| {
            if let Some(old) = at.and_then(|at| state.conditions.get_mut(at)) {
                *old = condition;
            } else if state.conditions.len() < MAX_CONDITIONS {
                state.conditions.push(condition);
            }
        });
    };
    view! {
        <form class="rec-condition" on:submit=move |ev| { ev.prevent_default(); apply() }>
            <div class="rec-condition-head">
                <IconButton icon=IconName::ArrowLeft label="Choose another field" size=ControlSize::Xs
                    on_click=move |_| on_back() />
                <span class="rec-condition-field">{field.label}</span>
                <Comparison draft size=ControlSize::Sm />
            </div>
            <Operands draft around=around(lookup) />
            <div role="alert">{move || refused.get().map(|why| view! { <p class="inline-error">{why}</p> })}</div>
            <div class="rec-condition-foot">
                <Button variant=ButtonVariant::Primary size=ControlSize::Sm submit=true
                    disabled=Signal::derive(move || !draft.is_complete())>"Apply"</Button>
            </div>
        </form>
    }
}

/// What editors in filters know: amounts are in the organization's currency, stages of any pipeline.
pub(super) fn around(lookup: Lookup) -> Around {
    let session = use_session();
    Around {
        lookup,
        currency: Signal::derive(move || session.settings().currency),
        pipeline: Signal::stored(None),
        beside: RwSignal::default(),
    }
}
