//! Choosing records, members, stages and names from lists that are searched while typing.

use super::bridge::{as_text, bridge};
use super::{Around, choices};
use crate::api::records::Fields;
use crate::api::row::name_beside;
use crate::api::{Call, search};
use crate::data::{schema, use_mutations, use_notices, use_session};
use crate::features::records::look::{Mark, look};
use crate::features::records::lookup::Lookup;
use crate::features::records::value;
use crate::ui::dom::ignore;
use crate::ui::{Choice, ComboOption, Combobox, ControlSize, OptionMark, OptionSource, Select};
use domain::catalog::{Field, Kind, RecordType};
use domain::money::CURRENCIES;
use domain::page::Page;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value as Json;
use std::cell::RefCell;
use std::collections::HashMap;

/// Records offered at once.
const OFFERED: u32 = 8;

thread_local! {
    /// Names of records that were offered, by id: a chosen one is shown by name before the server has answered.
    static OFFERED_NAMES: RefCell<HashMap<String, String>> = RefCell::default();
}

fn remember(option: &ComboOption) {
    OFFERED_NAMES.with_borrow_mut(|names| names.insert(option.value.clone(), option.label.clone()));
}

/// The name of a record that was offered for choosing.
pub fn offered_name(id: &str) -> Option<String> {
    OFFERED_NAMES.with_borrow(|names| names.get(id).cloned())
}

/// An option for a record.
pub fn record_option(record: RecordType, id: &str, name: &str) -> ComboOption {
    let mark = match look(record).mark {
        Mark::Company => OptionMark::Company(id.to_owned()),
        Mark::Person => OptionMark::Person(id.to_owned()),
        Mark::None => OptionMark::None,
    };
    ComboOption::new(id, name).mark(mark)
}

/// Records of a type: the ones changed last, or those that fit what is typed.
pub fn record_source(record: RecordType) -> OptionSource {
    OptionSource::new(move |typed: String| async move {
        let found = if typed.trim().is_empty() { latest(record).await } else { matching(record, &typed).await };
        let found = found.map_err(|fail| fail.message().to_owned())?;
        found.iter().for_each(remember);
        Ok(found)
    })
}

async fn latest(record: RecordType) -> crate::api::ApiResult<Vec<ComboOption>> {
    let spec = record.spec();
    let call = Call::get(format!("/{}", spec.table)).param("limit", OFFERED).param("sort_by", "-updated_at");
    let page: Page<Json> = call.json().await?;
    let option = |json: &Json| {
        let (id, name) = (json.get("id")?.as_str()?, json.get(spec.title)?.as_str()?);
        Some(record_option(record, id, name))
    };
    Ok(page.data.iter().filter_map(option).collect())
}

async fn matching(record: RecordType, typed: &str) -> crate::api::ApiResult<Vec<ComboOption>> {
    let found = search::search(typed, &[record], OFFERED).await?;
    let hits = found.groups.into_iter().flat_map(|group| group.hits);
    Ok(hits
        .map(|hit| {
            let option = record_option(record, &hit.entity_id.to_string(), &hit.title);
            if hit.subtitle.is_empty() { option } else { option.hint(hit.subtitle) }
        })
        .collect())
}

/// The fields of a record of which only the name is known.
fn named(record: RecordType, name: &str) -> Option<Fields> {
    let look = look(record);
    look.made_by_name.then(|| (look.rename)(name))
}

/// What every picker needs. Copy it freely.
#[derive(Clone, Copy)]
pub struct Picking {
    /// What is chosen, both ways, as in an input for the API.
    pub value: RwSignal<Json>,
    /// The record around the field.
    pub around: Around,
    /// Accessible name where there is no `Field`; none inside of one.
    pub label: MaybeProp<String>,
    /// Called when one was chosen.
    pub on_pick: Callback<()>,
}

/// The one that was chosen.
fn only(chosen: &[ComboOption]) -> Json {
    chosen.first().map_or(Json::Null, |option| Json::from(option.value.as_str()))
}

/// All that were chosen.
fn all(chosen: &[ComboOption]) -> Json {
    chosen.iter().map(|option| Json::from(option.value.as_str())).collect()
}

/// Chooses a record for `field`, or makes one with the name that was typed.
pub fn record_picker(record: RecordType, field: &'static Field, picking: Picking) -> AnyView {
    let Picking { value, around, label, on_pick } = picking;
    let beside = around.beside;
    let read = move |json: &Json| {
        let Some(id) = json.as_str() else { return Vec::new() };
        let known =
            beside.with_untracked(|names| names.get(&name_beside(field)).and_then(Json::as_str).map(str::to_owned));
        let name = known.or_else(|| offered_name(id)).unwrap_or_default();
        vec![record_option(record, id, &name)]
    };
    let chosen = bridge(value, read, |chosen: &Vec<_>| only(chosen));
    let set_name = move |name: Json| {
        beside.update(|names| drop(names.insert(name_beside(field), name)));
    };
    let (session, mutations, notices) = (use_session(), use_mutations(), use_notices());
    // Where more than a name is asked for, that is no way to make one.
    let more = untrack(|| schema(record)).own().iter().any(|field| field.is_required());
    let may_create = !more && untrack(|| session.can(record.permissions().create)) && named(record, "x").is_some();
    let create = Callback::new(move |typed: String| {
        let Some(fields) = named(record, &typed) else { return };
        let (mutations, notices) = (mutations.clone(), notices.clone());
        spawn_local(async move {
            match mutations.create(record, &fields).await {
                Ok(row) => {
                    let option = record_option(record, &row.id.to_string(), &row.title);
                    set_name(Json::from(option.label.as_str()));
                    chosen.try_set(vec![option]);
                    ignore(on_pick.try_run(()));
                }
                Err(fail) => notices.failed(format!("{} was not created", record.label()), &fail),
            }
        });
    });
    let changed = move |now: Vec<ComboOption>| {
        set_name(now.first().map_or(Json::Null, |option| Json::from(option.label.as_str())));
        on_pick.run(());
    };
    view! {
        <Combobox value=chosen source=record_source(record) label=label on_create=may_create.then_some(create)
            placeholder=format!("Find a {}", record.label().to_lowercase()) on_change=changed />
    }
    .into_any()
}

/// Members that can be chosen.
pub fn member_source(lookup: Lookup) -> OptionSource {
    let person = |id: String, name: String| ComboOption::new(id.clone(), name).mark(OptionMark::Person(id));
    OptionSource::new(move |typed: String| {
        let typed = typed.to_lowercase();
        let all = untrack(|| lookup.directory.active_members());
        let fits = all.into_iter().filter(|member| member.name.to_lowercase().contains(&typed));
        std::future::ready(Ok(fits.map(|member| person(member.id.to_string(), member.name)).collect()))
    })
}

/// Chooses a member.
pub fn member_picker(picking: Picking) -> AnyView {
    let Picking { value, around, label, on_pick } = picking;
    let lookup = around.lookup;
    let read = move |json: &Json| {
        let id = value::id(json);
        id.map(|id| ComboOption::new(id.to_string(), untrack(|| lookup.member(id)))).into_iter().collect()
    };
    let chosen = bridge(value, read, |chosen: &Vec<_>| only(chosen));
    view! {
        <Combobox value=chosen source=member_source(lookup) label=label placeholder="Find a member"
            on_change=move |_| on_pick.run(()) />
    }
    .into_any()
}

/// Chooses a stage of the record's pipeline.
pub fn stage_picker(picking: Picking, size: ControlSize) -> AnyView {
    let Picking { value, around, label, on_pick } = picking;
    let directory = around.lookup.directory;
    let choices = Signal::derive(move || match around.pipeline.get().and_then(|id| directory.pipeline(id)) {
        Some(pipeline) => stage_choices(&[pipeline]),
        // No pipeline named: filters offer all stages.
        None => stage_choices(&directory.all_pipelines()),
    });
    view! {
        <Select value=as_text(value) choices=choices size=size label=label empty="First stage"
            on_change=move |_| on_pick.run(()) />
    }
    .into_any()
}

fn stage_choices(pipelines: &[domain::pipelines::Pipeline]) -> Vec<Choice> {
    let many = pipelines.len() > 1;
    let of = |pipeline: &domain::pipelines::Pipeline| {
        let name = pipeline.name.clone();
        let label = move |stage: &str| if many { format!("{name} · {stage}") } else { stage.to_owned() };
        pipeline.stages.iter().map(|s| Choice::new(s.id.to_string(), label(&s.name))).collect::<Vec<_>>()
    };
    pipelines.iter().flat_map(of).collect()
}

/// Chooses several for `field`: tags with those already used as completions, free names, members, options.
pub fn names_picker(field: &'static Field, picking: Picking) -> AnyView {
    let Picking { value, around, label, .. } = picking;
    let lookup = around.lookup;
    let members = matches!(field.kind, Kind::Users);
    let read = move |json: &Json| {
        let name = |text: &str| match value::id(&Json::from(text)) {
            Some(id) if members => untrack(|| lookup.member(id)),
            _ => field.label_of(text).to_owned(),
        };
        value::texts(json).into_iter().map(|text| ComboOption::new(text.clone(), name(&text))).collect::<Vec<_>>()
    };
    let chosen = bridge(value, read, |chosen: &Vec<_>| all(chosen));
    if members {
        return view! {
            <Combobox value=chosen source=member_source(lookup) multi=true label=label placeholder="Find members" />
        }
        .into_any();
    }
    if matches!(field.kind, Kind::MultiSelect(_)) {
        return view! {
            <Combobox value=chosen source=searched(move || choices(field)) multi=true label=label placeholder="Choose" />
        }
        .into_any();
    }
    let tags = matches!(field.kind, Kind::Tags);
    let source = searched(move || if tags { as_choices(lookup.known_tags()) } else { Vec::new() });
    let add = Callback::new(move |typed: String| {
        let name = domain::tags::clean(&typed);
        chosen.update(|chosen| {
            if !chosen.iter().any(|known| domain::tags::norm(&known.value) == domain::tags::norm(&name)) {
                chosen.push(ComboOption::new(name.clone(), name));
            }
        });
    });
    let placeholder = if tags { "Add a tag" } else { "Add a name" };
    view! { <Combobox value=chosen source=source multi=true label=label placeholder=placeholder on_create=Some(add) /> }
        .into_any()
}

/// Options of a list that is at hand, filtered by what is typed.
fn searched(choices: impl Fn() -> Vec<Choice> + Send + Sync + 'static) -> OptionSource {
    OptionSource::new(move |typed: String| {
        let typed = typed.to_lowercase();
        let fits = untrack(&choices).into_iter().filter(|choice| choice.label.to_lowercase().contains(&typed));
        let options = fits.map(|choice| ComboOption::new(choice.value, choice.label));
        std::future::ready(Ok(options.collect::<Vec<_>>()))
    })
}

fn as_choices(names: Vec<String>) -> Vec<Choice> {
    names.into_iter().map(|name| Choice::new(name.clone(), name)).collect()
}

/// The pipelines.
pub fn pipeline_choices(lookup: Lookup) -> Vec<Choice> {
    let pipelines = lookup.directory.all_pipelines();
    pipelines.into_iter().map(|pipeline| Choice::new(pipeline.id.to_string(), pipeline.name)).collect()
}

/// The currencies.
pub fn currency_choices() -> Vec<Choice> {
    CURRENCIES.iter().map(|code| Choice::new(*code, *code)).collect()
}

/// Chooses several values of `field` for a filter: records, members, stages, pipelines, currencies, tags.
pub fn multi_picker(field: &'static Field, value: RwSignal<Json>, around: Around) -> AnyView {
    let lookup = around.lookup;
    let source = match field.kind {
        Kind::Record(record) => record_source(record),
        Kind::User | Kind::Users => member_source(lookup),
        kind => searched(move || match kind {
            Kind::Stage => stage_choices(&lookup.directory.all_pipelines()),
            Kind::Pipeline => pipeline_choices(lookup),
            Kind::Currency => currency_choices(),
            Kind::Select(_) | Kind::MultiSelect(_) => choices(field),
            _ => as_choices(lookup.known_tags()),
        }),
    };
    let plain = matches!(field.kind, Kind::Tags);
    let read = move |json: &Json| {
        let name = |text: &str| {
            let known = offered_name(text);
            known.unwrap_or_else(|| untrack(|| value::text(field, &Json::from(text), "", None, lookup)))
        };
        let label = |text: &String| if plain { text.clone() } else { name(text) };
        value::texts(json).iter().map(|text| ComboOption::new(text.clone(), label(text))).collect::<Vec<_>>()
    };
    let chosen = bridge(value, read, |chosen: &Vec<_>| all(chosen));
    view! { <Combobox value=chosen source=source multi=true label=field.label placeholder="Find" /> }.into_any()
}
