//! Saved mappings: which one the plan began with, choosing another one, saving the plan as one; and their list.

mod list;

pub(super) use list::SavedMappings;

use super::state::{Kept, Wizard};
use super::{MAPPINGS, saved_mappings};
use crate::api;
use crate::data::notice::Notice;
use crate::data::{Notices, use_notices, use_query};
use crate::features::keeping::{Keeper, Named, Naming, NamingDialog, Request};
use crate::ui::{
    Announcer, Banner, Button, ButtonVariant, ControlSize, Icon, IconName, IconSize, Menu, MenuHeading, MenuItem,
    MenuSeparator, Placement, Tone, format,
};
use domain::catalog::RecordType;
use domain::import::saved::{AppliedMapping, FileColumns, NAME_MAX, SavedMapping, SavedMappingInput};
use leptos::prelude::*;
use leptos::task::spawn_local;
use list::MappingMenu;

/// The saved mappings for such records, by name.
fn use_saved(record: RecordType) -> Memo<Vec<SavedMapping>> {
    let all = use_query(move || Some(saved_mappings(record)));
    Memo::new(move |_| all.data().map(|page| page.data.clone()).unwrap_or_default())
}

/// Above the steps: by which saved mapping the file is read, and what of it does not fit.
#[component]
pub(super) fn MappingBar(wizard: Wizard) -> impl IntoView {
    let saved = use_saved(wizard.record);
    let keeper = Keeper::new(MAPPINGS);
    let naming = RwSignal::new(None::<Naming>);
    let used = Memo::new(move |_| wizard.used.with(|used| used.as_ref().map(|used| used.mapping.clone())));
    // As it is called and kept now.
    let present = Memo::new(move |_| {
        let id = used.with(|used| used.as_ref().map(|used| used.id))?;
        saved.with(|saved| saved.iter().find(|mapping| mapping.id == id).cloned())
    });
    let name = move || {
        let present = present.with(|present| present.as_ref().map(|mapping| mapping.name.clone()));
        present.or_else(|| used.with(|used| used.as_ref().map(|used| used.name.clone())))
    };
    let changed = Memo::new(move |_| {
        wizard.used.with(|used| used.as_ref().is_some_and(|used| wizard.plan.with(|plan| !plan.decides_as(&used.plan))))
    });
    let exchange = exchanging(wizard);
    let announcer = Announcer::current();
    Effect::watch(
        move || used.with(|used| used.as_ref().map(|used| used.name.clone())),
        move |now, _, _| {
            if let Some(name) = now {
                announcer.polite(format!("Mapped as in “{name}”."));
            }
        },
        true,
    );
    let text = move || match (name(), changed.get()) {
        (None, _) => view! { "Columns are matched by their names and contents." }.into_any(),
        (Some(name), false) => view! { "Mapped as in "<strong dir="auto">{format!("“{name}”")}</strong>"." }.into_any(),
        (Some(name), true) => {
            view! { "Mapped as in "<strong dir="auto">{format!("“{name}”")}</strong>", with changes." }.into_any()
        }
    };
    let save_changes = move |_| {
        let Some(mapping) = present.get_untracked() else { return };
        let input = SavedMappingInput { name: None, is_shared: None, ..input_of(wizard) };
        let (id, version) = (mapping.id, mapping.version);
        let what = format!("Mapping {} was not changed", mapping.name);
        keeper.run(what, async move { api::mappings::update(id, version, &input).await }, move |mapping| {
            keeper.changed(format!("Mapping {} saved", mapping.name));
            wizard.saved_as(&mapping);
        });
    };
    let may_save_changes =
        move || changed.get() && present.with(|present| present.as_ref().is_some_and(|m| m.may_edit));
    view! {
        <div class="import-mapping">
            <p class="import-mapping-text">
                <Icon name=IconName::FileSpreadsheet size=IconSize::Sm />
                <span>{text}</span>
            </p>
            <div class="import-mapping-tools">
                {move || used.with(Option::is_some).then(|| view! {
                    <Button variant=ButtonVariant::Ghost size=ControlSize::Sm on_click=move |_| exchange.run(None)>
                        "Use the guesses instead"
                    </Button>
                })}
                {move || may_save_changes().then(|| view! {
                    <Button size=ControlSize::Sm on_click=save_changes>"Save changes"</Button>
                })}
                {move || saved.with(|saved| saved.is_empty() && used.with(Option::is_none)).then(|| view! {
                    <Button variant=ButtonVariant::Ghost size=ControlSize::Sm icon=IconName::Plus
                        on_click=move |_| naming.set(Some(Naming::New))>"Save mapping"</Button>
                })}
                {move || saved.with(|saved| !saved.is_empty()).then(|| view! {
                    <Choose wizard saved used exchange naming />
                })}
                {move || present.get().map(|mapping| view! {
                    <MappingMenu mapping deleted=move |id| wizard.forget_used(id) />
                })}
            </div>
        </div>
        {move || used.get().and_then(|mut used| {
            // What was mapped by hand since is no news any more.
            let left_out = wizard.preview.with(|preview| preview.not_imported.clone());
            used.new_columns.retain(|column| left_out.contains(column));
            (!used.is_whole()).then(|| misfits(&used))
        })}
        <NamingDialog thing="mapping" naming max=NAME_MAX
            save=Callback::new(move |Named { name, is_shared }: Named| -> Request<SavedMapping> {
                let input = SavedMappingInput { name: Some(name), is_shared, ..input_of(wizard) };
                Box::pin(async move { api::mappings::create(&input).await })
            })
            done=Callback::new(move |mapping: SavedMapping| {
                keeper.changed(format!("Mapping {} saved", mapping.name));
                wizard.saved_as(&mapping);
            }) />
    }
}

/// The plan as it is to be saved, with the columns of the file.
fn input_of(wizard: Wizard) -> SavedMappingInput {
    let columns = wizard.preview.with_untracked(|p| p.columns.iter().map(|column| column.name.clone()).collect());
    let plan = wizard.plan.with_untracked(domain::import::Plan::finished);
    SavedMappingInput { plan: Some(plan), columns: Some(columns), ..SavedMappingInput::default() }
}

/// Reads the file by another saved mapping, or by none; told with an undo.
fn exchanging(wizard: Wizard) -> Callback<Option<SavedMapping>> {
    let notices = use_notices();
    Callback::new(move |to: Option<SavedMapping>| {
        let notices = notices.clone();
        let (id, said) = match to {
            Some(mapping) => (Some(mapping.id), format!("Mapped as in “{}”", mapping.name)),
            None => (None, "Columns are matched by their names and contents".to_owned()),
        };
        spawn_local(async move {
            match wizard.exchange(id).await {
                None => {}
                Some(Ok(before)) => told(&notices, said, wizard, before),
                Some(Err(fail)) => notices.failed("The mapping was not exchanged", &fail),
            }
        });
    })
}

fn told(notices: &Notices, said: String, wizard: Wizard, before: Kept) {
    notices.show(Notice::done(said).action("Undo", move || wizard.bring_back(&before)));
}

/// The menu of saved mappings.
#[component]
fn Choose(
    wizard: Wizard,
    saved: Memo<Vec<SavedMapping>>,
    used: Memo<Option<AppliedMapping>>,
    exchange: Callback<Option<SavedMapping>>,
    naming: RwSignal<Option<Naming>>,
) -> impl IntoView {
    let headers = StoredValue::new(
        wizard.preview.with_untracked(|p| p.columns.iter().map(|c| c.name.clone()).collect::<Vec<_>>()),
    );
    let item = move |mapping: SavedMapping| {
        let missing = headers.with_value(|headers| FileColumns::new(headers).fit(&mapping).missing.len());
        let lacks = i64::try_from(missing).ok().filter(|n| *n > 0);
        let id = mapping.id;
        let here = Signal::derive(move || used.with(|used| used.as_ref().is_some_and(|used| used.id == id)));
        let name = mapping.name.clone();
        view! {
            <MenuItem icon=if mapping.is_shared { IconName::Users } else { IconName::FileSpreadsheet } checked=here
                on_select=move |()| exchange.run(Some(mapping.clone()))>
                <span dir="auto">{name}</span>
                {lacks.map(|n| view! {
                    <span class="import-mapping-lacks">{format!(" {} missing", format::count(n, "column", "columns"))}</span>
                })}
            </MenuItem>
        }
    };
    view! {
        <Menu label="Saved mappings" text="Saved mappings" caret=true variant=ButtonVariant::Secondary
            placement=Placement::BottomEnd>
            <MenuHeading label="Read the file as in" />
            {move || saved.get().into_iter().map(item).collect_view()}
            <MenuSeparator />
            <MenuItem icon=IconName::Plus on_select=move |()| naming.set(Some(Naming::New))>"Save as new mapping…"</MenuItem>
        </Menu>
    }
}

/// What of a saved mapping does not fit, a line each.
fn misfits(used: &AppliedMapping) -> AnyView {
    let mut lines = Vec::new();
    if let Some(names) = listed(&used.missing_columns) {
        lines.push(match used.missing_columns.len() {
            1 => format!("The file has no column called {names}."),
            _ => format!("The file does not have these columns: {names}."),
        });
    }
    if let Some(names) = listed(&used.missing_fields) {
        lines.push(match used.missing_fields.len() {
            1 => format!("{names} does not exist any more and stays out."),
            _ => format!("These fields do not exist any more and stay out: {names}."),
        });
    }
    if let Some(names) = listed(&used.missing_values) {
        lines.push(format!("What {names} stood for is not there any more. Please look at the values."));
    }
    if used.missing_pipeline {
        lines.push("Its pipeline is gone. The deals go to the default one.".to_owned());
    }
    let tone = if lines.is_empty() { Tone::Info } else { Tone::Warning };
    if let Some(names) = listed(&used.new_columns) {
        lines.push(format!("New in this file and not imported: {names}."));
    }
    view! {
        <Banner tone=tone>{lines.into_iter().map(|line| view! { <p dir="auto">{line}</p> }).collect_view()}</Banner>
    }
    .into_any()
}

/// The first names, and how many there are beside them; `None` for none.
fn listed(names: &[String]) -> Option<String> {
    const SHOWN: usize = 5;
    let first = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(SHOWN) {
        _ if names.is_empty() => None,
        Some(more) if more > 0 => Some(format!("{first} and {more} more")),
        _ => Some(first),
    }
}
