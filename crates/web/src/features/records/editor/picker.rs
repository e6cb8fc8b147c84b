//! Choosing records, members, stages and names from lists that are searched while typing.

use super::Around;
use super::bridge::{as_text, bridge};
use crate::api::{Call, search};
use crate::data::{use_mutations, use_notices, use_session};
use crate::features::records::desk::desk;
use crate::features::records::lookup::Lookup;
use crate::features::records::row::name_beside;
use crate::features::records::value;
use crate::ui::dom::ignore;
use crate::ui::{Choice, ComboOption, Combobox, ControlSize, OptionMark, OptionSource, Select};
use domain::catalog::{Field, Kind, RecordType};
use domain::contacts::split_name;
use domain::page::Page;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Map, Value as Json, json};
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
    let mark = match record {
        RecordType::Company => OptionMark::Company(id.to_owned()),
        RecordType::Contact => OptionMark::Person(id.to_owned()),
        RecordType::Deal => OptionMark::None,
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
fn named(record: RecordType, name: &str) -> Option<Map<String, Json>> {
    let fields = match record {
        RecordType::Company => json!({ "name": name }),
        RecordType::Contact => {
            let (first, last) = split_name(name);
            json!({ "first_name": first, "last_name": last })
        }
        RecordType::Deal => return None,
    };
    fields.as_object().cloned()
}

/// Chooses a record of a type, or makes one with the name that was typed.
#[component]
pub fn RecordPicker(
    /// The type.
    record: RecordType,
    /// The field that is filled.
    field: &'static Field,
    /// Its id, both ways.
    value: RwSignal<Json>,
    /// The record around the field.
    around: Around,
    /// Accessible name where there is no `Field`.
    #[prop(optional, into)]
    label: Option<String>,
    /// Called when something was chosen.
    #[prop(into)]
    on_pick: Callback<()>,
) -> impl IntoView {
    let beside = around.beside;
    let chosen = bridge(
        value,
        move |json: &Json| {
            let Some(id) = json.as_str() else { return Vec::new() };
            let known =
                beside.with_untracked(|names| names.get(&name_beside(field)).and_then(Json::as_str).map(str::to_owned));
            let name = known.or_else(|| offered_name(id)).unwrap_or_default();
            vec![record_option(record, id, &name)]
        },
        |chosen: &Vec<ComboOption>| chosen.first().map_or(Json::Null, |option| Json::from(option.value.as_str())),
    );
    let set_name = move |name: Json| {
        beside.update(|names| drop(names.insert(name_beside(field), name)));
    };
    let (session, mutations, notices) = (use_session(), use_mutations(), use_notices());
    let may_create = untrack(|| session.can(record.permissions().create)) && named(record, "x").is_some();
    let create = move |typed: String| {
        let Some(fields) = named(record, &typed) else { return };
        let made = (desk(record).create)(mutations.clone(), fields);
        let notices = notices.clone();
        spawn_local(async move {
            match made.await {
                Ok(row) => {
                    let option = record_option(record, &row.id.to_string(), &row.title);
                    set_name(Json::from(option.label.as_str()));
                    chosen.try_set(vec![option]);
                    ignore(on_pick.try_run(()));
                }
                Err(fail) => notices.failed(format!("{} was not created", record.label()), &fail),
            }
        });
    };
    let changed = move |now: Vec<ComboOption>| {
        set_name(now.first().map_or(Json::Null, |option| Json::from(option.label.as_str())));
        on_pick.run(());
    };
    let placeholder = format!("Find a {}", record.label().to_lowercase());
    let source = record_source(record);
    if may_create {
        view! {
            <Combobox value=chosen source=source label=label.unwrap_or_default() placeholder=placeholder
                on_create=create on_change=changed />
        }
        .into_any()
    } else {
        view! {
            <Combobox value=chosen source=source label=label.unwrap_or_default() placeholder=placeholder
                on_change=changed />
        }
        .into_any()
    }
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
#[component]
pub fn MemberPicker(
    /// The member's id, both ways.
    value: RwSignal<Json>,
    /// The record around the field.
    around: Around,
    /// Accessible name where there is no `Field`.
    #[prop(optional, into)]
    label: Option<String>,
    /// Called when somebody was chosen.
    #[prop(into)]
    on_pick: Callback<()>,
) -> impl IntoView {
    let lookup = around.lookup;
    let chosen = bridge(
        value,
        move |json: &Json| {
            let id = value::id(json);
            id.map(|id| ComboOption::new(id.to_string(), untrack(|| lookup.member(id)))).into_iter().collect()
        },
        |chosen: &Vec<ComboOption>| chosen.first().map_or(Json::Null, |option| Json::from(option.value.as_str())),
    );
    view! {
        <Combobox value=chosen source=member_source(lookup) label=label.unwrap_or_default() placeholder="Find a member"
            on_change=move |_| on_pick.run(()) />
    }
}

/// Chooses a stage of the record's pipeline.
#[component]
pub fn StagePicker(
    /// The stage's id, both ways.
    value: RwSignal<Json>,
    /// The record around the field.
    around: Around,
    /// Its height.
    #[prop(optional)]
    size: ControlSize,
    /// Accessible name where there is no `Field`.
    #[prop(optional, into)]
    label: Option<String>,
    /// Called when one was chosen.
    #[prop(into)]
    on_pick: Callback<()>,
) -> impl IntoView {
    let directory = around.lookup.directory;
    let choices = Signal::derive(move || match around.pipeline.get().and_then(|id| directory.pipeline(id)) {
        Some(pipeline) => stage_choices(&[pipeline]),
        // No pipeline named: filters offer all stages.
        None => stage_choices(&directory.all_pipelines()),
    });
    view! {
        <Select value=as_text(value) choices=choices size=size label=label.unwrap_or_default() empty="First stage"
            on_change=move |_| on_pick.run(()) />
    }
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

/// Chooses several: tags with those already used as completions, free names, members.
#[component]
pub fn NamesPicker(
    /// The field.
    field: &'static Field,
    /// The list, both ways.
    value: RwSignal<Json>,
    /// The record around the field.
    around: Around,
    /// Accessible name where there is no `Field`.
    #[prop(optional, into)]
    label: Option<String>,
) -> impl IntoView {
    let lookup = around.lookup;
    let members = matches!(field.kind, Kind::Users);
    let chosen = bridge(
        value,
        move |json: &Json| {
            let name = |text: &str| match value::id(&Json::from(text)) {
                Some(id) if members => untrack(|| lookup.member(id)),
                _ => text.to_owned(),
            };
            value::texts(json).into_iter().map(|text| ComboOption::new(text.clone(), name(&text))).collect::<Vec<_>>()
        },
        |chosen: &Vec<ComboOption>| chosen.iter().map(|option| Json::from(option.value.as_str())).collect(),
    );
    let label = label.unwrap_or_default();
    if members {
        return view! {
            <Combobox value=chosen source=member_source(lookup) multi=true label=label placeholder="Find members" />
        }
        .into_any();
    }
    let tags = matches!(field.kind, Kind::Tags);
    let source = OptionSource::new(move |typed: String| {
        let typed = typed.to_lowercase();
        let known = if tags { untrack(|| lookup.known_tags()) } else { Vec::new() };
        let fits = known.into_iter().filter(|name| name.to_lowercase().contains(&typed));
        std::future::ready(Ok(fits.map(|name| ComboOption::new(name.clone(), name)).collect::<Vec<_>>()))
    });
    let add = move |typed: String| {
        let name = domain::tags::clean(&typed);
        chosen.update(|chosen| {
            if !chosen.iter().any(|known| domain::tags::norm(&known.value) == domain::tags::norm(&name)) {
                chosen.push(ComboOption::new(name.clone(), name));
            }
        });
    };
    let placeholder = if tags { "Add a tag" } else { "Add a name" };
    view! { <Combobox value=chosen source=source multi=true label=label placeholder=placeholder on_create=add /> }
        .into_any()
}

/// Chooses several values for a filter: records, members, stages, pipelines, currencies, tags.
#[component]
pub fn MultiPicker(
    /// The field.
    field: &'static Field,
    /// The list, both ways.
    value: RwSignal<Json>,
    /// The record around the field.
    around: Around,
    /// Accessible name where there is no `Field`.
    #[prop(optional, into)]
    label: Option<String>,
) -> impl IntoView {
    let lookup = around.lookup;
    let source = match field.kind {
        Kind::Record(record) => record_source(record),
        Kind::User | Kind::Users => member_source(lookup),
        kind => {
            let all = move || match kind {
                Kind::Stage => stage_choices(&lookup.directory.all_pipelines()),
                Kind::Pipeline => {
                    let all = lookup.directory.all_pipelines();
                    all.into_iter().map(|p| Choice::new(p.id.to_string(), p.name)).collect()
                }
                Kind::Currency => domain::money::CURRENCIES.iter().map(|code| Choice::new(*code, *code)).collect(),
                _ => lookup.known_tags().into_iter().map(|name| Choice::new(name.clone(), name)).collect(),
            };
            OptionSource::new(move |typed: String| {
                let typed = typed.to_lowercase();
                let fits = untrack(all).into_iter().filter(|choice| choice.label.to_lowercase().contains(&typed));
                let options = fits.map(|choice| ComboOption::new(choice.value, choice.label));
                std::future::ready(Ok(options.collect::<Vec<_>>()))
            })
        }
    };
    let chosen = bridge(
        value,
        move |json: &Json| {
            let name = |text: &str| {
                let known = offered_name(text);
                known.unwrap_or_else(|| untrack(|| value::text(field, &Json::from(text), "", None, lookup)))
            };
            let plain = matches!(field.kind, Kind::Tags);
            let label = |text: &String| if plain { text.clone() } else { name(text) };
            value::texts(json).iter().map(|text| ComboOption::new(text.clone(), label(text))).collect::<Vec<_>>()
        },
        |chosen: &Vec<ComboOption>| chosen.iter().map(|option| Json::from(option.value.as_str())).collect(),
    );
    view! { <Combobox value=chosen source=source multi=true label=label.unwrap_or_default() placeholder="Find" /> }
}
