//! Filter chips, and the box in which a condition is made or changed.

use super::filter_text::value_text;
use crate::api::records::typed;
use crate::data::{queries, schema, use_query, use_session};
use crate::dialogs::{in_place, once_there, opened_by};
use crate::features::records::address::Address;
use crate::features::records::editor::{Around, offered_name};
use crate::features::records::lookup::Lookup;
use crate::features::records::prefs;
use crate::features::records::value;
use crate::keyboard::{Action, Shortcuts};
use crate::ui::{Button, ButtonVariant, ControlSize, Each, FilterChip, Icon, IconName, Popover, SearchInput};
use domain::catalog::{Kind, RecordType, Schema};
use domain::filter::{Condition, Filter, Subject};
use leptos::prelude::*;

/// What the box is editing: a condition of the address by its place, or a new one.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Editing {
    pub at: Option<usize>,
    pub subject: Subject,
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
    let asked = RwSignal::new(None::<Subject>);
    let build = move |subject: Option<Subject>| {
        asked.set(subject);
        open.set(false);
        building.set(true);
    };
    let show = move |what: Option<Editing>| {
        editing.set(what);
        open.set(true);
    };
    // The focus goes into what is in the box when it opens, and with it what is typed until then.
    let shortcuts = Shortcuts::current();
    let give_up = Callback::new(move |()| {
        shortcuts.no_dialog();
        open.set(false);
    });
    let edit = move |what: Option<Editing>| {
        shortcuts.await_dialog(give_up);
        match what {
            Some(_) => once_there(move || show(what), give_up),
            None => show(None),
        }
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
    shortcuts.register(
        Action::new("list.filter", "Filter the list", move || edit(None)).keys("f").icon(IconName::ListFilter),
    );
    let chips = move || {
        let all = conditions.get();
        all.into_iter()
            .enumerate()
            .map(|(at, condition)| match Subject::of(schema(record), &condition.field) {
                Some(Subject::Many(relation)) => view! {
                    <FilterChip field=relation.label operator=condition.op.label()
                        value=many_text(schema(record).related(relation.record), &condition, lookup)
                        on_edit=move |_| build(None) on_remove=move |()| remove(address, at) />
                }
                .into_any(),
                Some(subject) => view! {
                    <Chip at subject condition address lookup
                        on_edit=move || edit(Some(Editing { at: Some(at), subject })) />
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
                    on_click=move |_| edit(Some(Editing { at: None, subject: Subject::Own(field) }))>{field.label}</Button>
            }
        })
        .collect_view()
    };
    view! {
        <div class="rec-filters" role="group" aria-label="Filters">
            {chips}
            {move || other.get().map(|filter| view! {
                <FilterChip field="Filter" operator=all_or_any(&filter) value=format!("{} conditions", count(&filter))
                    on_edit=move |_| build(None)
                    on_remove=move |()| address.change(|state| state.other = None) />
            })}
            <Popover label="Filter" icon=IconName::ListFilter text="Filter" open=open flush=true>
                {move || match editing.get() {
                    Some(what) => in_place(
                        give_up,
                        Box::new(move |dialogs| (dialogs.lists.condition)(record, what, address, lookup, editing, open)),
                    ),
                    None => view! {
                        <SubjectList record on_build=move || build(None) on_pick=move |subject: Subject| {
                            // A filter of another shape, and one of other records, have an editor of their own.
                            if subject.field().is_none() || untrack(|| other.with(Option::is_some)) {
                                return build(Some(subject));
                            }
                            editing.set(Some(Editing { at: None, subject }));
                        } />
                    }.into_any(),
                }}
            </Popover>
            {move || other.with(Option::is_none).then(buttons)}
            {opened_by(building, Box::new(move |dialogs| (dialogs.lists.builder)(record, address, lookup, building, asked)))}
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
    subject: Subject,
    condition: Condition,
    address: Address,
    lookup: Lookup,
    on_edit: impl Fn() + Send + Sync + 'static,
) -> impl IntoView {
    let currency = prefs::currency(&use_session());
    let Some(field) = subject.field() else { return ().into_any() };
    // After a reload the names of referenced records are not known yet.
    let unknown = match field.kind {
        Kind::Record(record) => {
            let ids = condition.value.as_array().into_iter().flatten().filter_map(value::id);
            let missing = ids.take(3).filter(|id| offered_name(&id.to_string()).is_none());
            missing.map(|id| (id, use_query(move || Some(queries::one(record, id))))).collect::<Vec<_>>()
        }
        _ => Vec::new(),
    };
    let named = move |id: &str| {
        let fetched = unknown.iter().find(|(known, _)| known.to_string() == id);
        offered_name(id).or_else(|| fetched.and_then(|(_, one)| one.data()).map(|row| row.title.clone()))
    };
    let on_edit = StoredValue::new(on_edit);
    let chip = move || {
        let text = value_text(field, &condition, &currency, lookup, &named);
        view! {
            <FilterChip field=subject.label() operator=condition.op.words(field.kind) value=text
                on_edit=move |_| on_edit.with_value(|edit| edit())
                on_remove=move |()| remove(address, at) />
        }
    };
    chip.into_any()
}

/// Takes a condition away.
fn remove(address: Address, at: usize) {
    address.change(|state| {
        if at < state.conditions.len() {
            state.conditions.remove(at);
        }
    });
}

/// What can be filtered by.
#[component]
fn SubjectList(
    record: RecordType,
    on_pick: impl Fn(Subject) + Copy + Send + Sync + 'static,
    on_build: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let found = move || {
        let typed = typed.get().to_lowercase();
        let all = Subject::all(schema(record));
        all.filter(|subject| subject.label().to_lowercase().contains(&typed)).collect::<Vec<_>>()
    };
    view! {
        <div class="rec-fields">
            <div class="rec-fields-head">
                <SearchInput value=typed label="Find a field" on_key=move |ev: web_sys::KeyboardEvent| {
                    if ev.key() == "Enter" {
                        ev.prevent_default();
                        if let Some(first) = untrack(found).first() { on_pick(*first) }
                    }
                } />
            </div>
            <div class="rec-fields-list">
                <Each each=found key=|subject| subject.name() let:subject>
                    <button type="button" class="menu-item" on:click=move |_| on_pick(subject)>
                        <span class="menu-item-label">{subject.label()}</span>
                    </button>
                </Each>
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

/// Which of the records that belong to one a condition means, in words.
fn many_text(schema: Schema, condition: &Condition, lookup: Lookup) -> String {
    let Some(filter) = typed::<Filter>(&condition.value) else { return String::new() };
    let parts = match &filter {
        Filter::And { and } => and.as_slice(),
        one => std::slice::from_ref(one),
    };
    let currency = prefs::currency(&use_session());
    let text = |part: &Filter| {
        let Filter::Condition(condition) = part else { return None };
        let subject = Subject::of(schema, &condition.field)?;
        let field = subject.field()?;
        let value = value_text(field, condition, &currency, lookup, offered_name);
        Some(format!("{} {} {value}", subject.label(), condition.op.words(field.kind)).trim().to_owned())
    };
    match parts.iter().map(text).collect::<Option<Vec<_>>>() {
        Some(texts) if texts.len() <= 2 => format!("where {}", texts.join(" and ")),
        _ => format!("with {} conditions", count(&filter)),
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
